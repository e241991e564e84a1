"""What people say, in their own words: the newest quotes of every promise and of every mood, and what was copied most."""

from monitor.storage import loading, rollups
from monitor.storage.connection import moment
from monitor.storage.door import Door
from monitor.storage.reading import body
from reports.dockets import CopiedStory
from reports.evidence import Quote, Window


class Quotes:
    """The room of quotes that a report carries with it."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def newest(self, brand: str, window: Window, most: int, model: str | None = None) -> tuple[Quote, ...]:
        """At most so many of each promise and side, and of each mood, from the newest days of a window that have any."""
        with rollups.up_to_date(self._door, brand) as connection:
            _, row = loading.model_facts(connection, brand, window, model)
            at: loading.At = {
                "brand": brand,
                "since": window.since.isoformat(),
                "until": window.until.isoformat(),
                "model": row,
            }
            return loading.newest_quotes(connection, at, most)

    def copied(self, brand: str, window: Window, most: int) -> tuple[CopiedStory, ...]:
        """What was told most often in a window, three times at least; the brand's own adverts are no story."""
        at = {"brand": brand, "since": window.since.isoformat(), "until": window.until.isoformat(), "most": most}
        with rollups.up_to_date(self._door, brand) as connection:
            rows = connection.execute(
                """SELECT m.title, m.text, m.url, s.name, r.voice, m.published, r.n, r.units, min(m.id) FROM (
                    SELECT story, min(voice) AS voice, sum(n) AS n, sum(units) AS units FROM mention_rollup
                    WHERE brand = :brand AND day >= :since AND day < :until AND voice <> 'brand' AND story > 0
                    GROUP BY story HAVING sum(n) >= 3 ORDER BY 3 DESC, 1 LIMIT :most) r
                JOIN mentions m ON m.story = r.story JOIN sources s ON s.id = m.source
                GROUP BY r.story ORDER BY r.n DESC, r.story""",
                at,
            )
            return tuple(
                CopiedStory(body(title, text), url, source, voice, moment(published), n, units)
                for title, text, url, source, voice, published, n, units, _ in rows
            )
