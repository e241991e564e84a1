"""What scorecards are made of: counted evidence on pillars and stages, quotes behind it, and the company's own ratings."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from sqlite3 import Connection
from zoneinfo import ZoneInfo

from monitor.storage import brands, loading, rollups
from monitor.storage.connection import moment
from monitor.storage.door import Door
from monitor.storage.reading import body
from reports.evidence import Label, Quote, Side, VoiceRow, Window
from reports.scorecard_records import RatedRow, ScorecardEvidence, SelfRating

QUOTES_A_SIDE = 9
"""More than are shown: those of one author or one wording stand for each other."""
_IN_WINDOW = "brand = :brand AND day >= :since AND day < :until AND model = :model"


class Scorecards:
    """The room of pillars."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def load(
        self, brand: str, window: Window, stages: Mapping[str, str], configured: Sequence[SelfRating], generated: datetime
    ) -> ScorecardEvidence:
        """Evidence of a window. `stages` names the stage of the journey of each promise that has one.

        Ratings are those of the configuration and those that were entered.
        """
        with rollups.up_to_date(self._door, brand) as connection:
            name, timezone = brands.known_brand(connection, brand)
            facts, model = loading.model_facts(connection, brand, window)
            at: loading.At = {"brand": brand, "since": window.since.isoformat(), "until": window.until.isoformat(), "model": model}
            return ScorecardEvidence(
                brand=brand,
                brand_name=name,
                timezone=timezone,
                window=window,
                generated=generated,
                pillars=tuple(
                    RatedRow(date.fromisoformat(day), pillar, bool(good), n, story)
                    for day, pillar, good, n, story in connection.execute(
                        f"SELECT day, pillar, good, n, story FROM pillar_rollup WHERE {_IN_WINDOW}",  # noqa: S608 - a constant
                        at,
                    )
                ),
                stages=tuple(
                    RatedRow(row.day, stages[row.promise], row.stance == "kept", row.n, row.story)
                    for row in loading.stances(connection, at)
                    if row.promise in stages
                ),
                ratings=(*configured, *self._ratings(brand)),
                quotes=self._quotes(at),
                voices=_voices(connection, at),
                coverage=loading.coverage(connection, at, window, ZoneInfo(timezone), generated),
                model=facts,
            )

    def rate(self, brand: str, rating: SelfRating) -> None:
        """Keep how somebody rates the pillars; the same person on the same day replaces what they said."""
        made = rating.on.isoformat()
        with self._door.writing() as connection:
            connection.execute("DELETE FROM self_ratings WHERE brand = ? AND rater = ? AND made = ?", (brand, rating.by, made))
            connection.executemany(
                "INSERT INTO self_ratings VALUES (?, ?, ?, ?, ?)",
                [(brand, rating.by, made, pillar, value) for pillar, value in rating.ratings.items()],
            )

    def ratings(self, brand: str) -> tuple[SelfRating, ...]:
        """Every rating that was entered, the oldest first."""
        with self._door.explained():
            return self._ratings(brand)

    def forget_ratings(self, brand: str, by: str) -> int:
        """Take back all that one person entered; returns how many ratings (days) that were."""
        with self._door.writing() as connection:
            (days,) = connection.execute(
                "SELECT count(DISTINCT made) FROM self_ratings WHERE brand = ? AND rater = ?", (brand, by)
            ).fetchone()
            connection.execute("DELETE FROM self_ratings WHERE brand = ? AND rater = ?", (brand, by))
        return int(days)

    def _ratings(self, brand: str) -> tuple[SelfRating, ...]:
        found: dict[tuple[str, str], dict[str, float]] = {}
        query = "SELECT made, rater, pillar, rating FROM self_ratings WHERE brand = ? ORDER BY made, rater"
        for made, rater, pillar, rating in self._door.connection.execute(query, (brand,)):
            found.setdefault((made, rater), {})[pillar] = rating
        return tuple(SelfRating(rater, date.fromisoformat(made), ratings) for (made, rater), ratings in found.items())

    def _quotes(self, at: loading.At) -> dict[str, tuple[Quote, ...]]:
        """The surest of each side of each pillar, one a story."""
        rows = self._door.connection.execute(
            f"""SELECT c.pillar, c.good, c.best, c.confidence, p.start, p.stop, m.title, m.text, m.url, s.name, m.author,
                m.published, t.copies FROM (
                SELECT *, row_number() OVER (PARTITION BY pillar, good ORDER BY confidence DESC, day DESC, best) AS rank
                FROM pillar_rollup WHERE {_IN_WINDOW}) c
            JOIN mentions m ON m.id = c.best JOIN sources s ON s.id = m.source JOIN stories t ON t.id = m.story
            JOIN passages p ON p.id = c.passage WHERE c.rank <= {QUOTES_A_SIDE} ORDER BY c.pillar, c.good DESC, c.rank""",  # noqa: S608 - constants
            at,
        )
        found: dict[str, tuple[Quote, ...]] = {}
        for pillar, good, mention, confidence, start, stop, title, text, *origin, published, copies in rows:
            whole, (url, source, author) = body(title, text), origin
            label: Label = "positive" if good else "negative"
            quote = Quote(
                mention, whole, whole[start:stop], url, source, author, moment(published), confidence, label=label, copies=copies
            )
            found[pillar] = (*found.get(pillar, ()), quote)
        return found


def _voices(connection: Connection, at: loading.At) -> tuple[VoiceRow, ...]:
    """The mood of each voice beside the pillars that it speaks well or badly of."""
    rows = connection.execute(
        f"SELECT label, said, story, sum(n) FROM pillar_voice_rollup WHERE {_IN_WINDOW} GROUP BY label, said, story",  # noqa: S608 - a constant
        at,
    )

    @cache
    def parsed(said: str) -> tuple[tuple[str, Side], ...]:
        return tuple((one[1:], "kept" if one[0] == "+" else "broken") for one in said.split(",") if one)

    return tuple(VoiceRow(label, parsed(said), n, story) for label, said, story, n in rows)
