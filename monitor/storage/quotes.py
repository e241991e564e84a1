"""What people say, in their own words: the newest quotes of every promise and mood, and of each part; what was copied most."""

from collections.abc import Mapping, Sequence
from datetime import date
from sqlite3 import Connection

from monitor.storage import loading, part_quotes, rollups
from monitor.storage.connection import moment
from monitor.storage.door import Door
from monitor.storage.reading import body
from reports.dockets import CopiedStory, PartOf
from reports.evidence import Quote, Window


class Quotes:
    """The room of quotes that a report carries with it."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def newest(self, brand: str, window: Window, most: int, model: str | None = None) -> tuple[Quote, ...]:
        """At most so many of each promise and side, and of each mood, from the newest days of a window that have any."""
        with rollups.up_to_date(self._door, brand) as connection:
            return loading.newest_quotes(connection, _at(connection, brand, window, model), most)

    def of_parts(
        self, brand: str, window: Window, starts: Sequence[date], dimensions: Sequence[str], most: int
    ) -> Mapping[PartOf, tuple[Quote, ...]]:
        """At most so many of each side and mood for each part: the stretches from `starts` on, and each value of a dimension.

        Of a day only the surest voices are at hand, so that a part of few voices may have none.
        """
        with rollups.up_to_date(self._door, brand) as connection:
            at = _at(connection, brand, window, None)
            return part_quotes.load(connection, at, [start.isoformat() for start in starts], dimensions, most)

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


def _at(connection: Connection, brand: str, window: Window, model: str | None) -> loading.At:
    _, row = loading.model_facts(connection, brand, window, model)
    return {"brand": brand, "since": window.since.isoformat(), "until": window.until.isoformat(), "model": row}
