"""What a window's evidence is made of, from rollups: topics, segments, authors, quantities; and a promise's whole docket."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from sqlite3 import Connection
from typing import Any, Final, Literal, cast

from monitor.storage import loading, rollups
from monitor.storage.connection import moment
from monitor.storage.door import Door
from monitor.storage.reading import RELEVANT, body
from reports.breakdown import Breakdown, LeaderRow, MoodRow, QuantityRow, SideRow, TopicRow
from reports.evidence import Quote, Stance, Window

BUILT_IN = ("source", "language")
"""Segments that every brand has, besides the columns that its configuration names."""
TOPIC = "topic"
LEADERS = 10
KINDS: Final = ("author", "thread")

_IN_WINDOW = "brand = :brand AND day >= :since AND day < :until AND model = :model"
# Day by day, so that only the pages of one dimension are read.
_ONE_DIMENSION = "brand = :brand AND day IN (SELECT value FROM json_each(:days)) AND model = :model AND dimension = :dimension"
_SUMS = "sum(negative), sum(neutral), sum(positive), sum(n)"
_SOURCE = "(SELECT name FROM sources WHERE id = source)"


class Segments:
    """The room of everything that explains a number."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def sync(self, configured: Mapping[str, Sequence[str]]) -> None:
        """Count each brand by these imported columns from now on; the days of a brand whose columns changed are recounted."""
        wanted = {brand: set(columns) - {*BUILT_IN, TOPIC} for brand, columns in configured.items()}
        stored: dict[str, set[str]] = {brand: set() for brand in wanted}
        with self._door.reading() as connection:
            for brand, name in connection.execute("SELECT brand, name FROM segment_columns"):
                stored.setdefault(brand, set()).add(name)
        changed = {brand: columns for brand, columns in wanted.items() if columns != stored[brand]}
        if not changed:
            return
        with self._door.writing() as connection:
            for brand, columns in changed.items():
                connection.execute("DELETE FROM segment_columns WHERE brand = ?", (brand,))
                connection.executemany("INSERT INTO segment_columns VALUES (?, ?)", [(brand, name) for name in sorted(columns)])
                stale = "INSERT OR IGNORE INTO rollup_stale SELECT DISTINCT brand, day FROM matches WHERE brand = ?"
                connection.execute(stale, (brand,))

    def load(
        self, brand: str, window: Window, before: Window, after: Window, dimensions: Sequence[str], model: str | None = None
    ) -> Breakdown:
        """The breakdown of `window` by `dimensions`, and the topics of `before` and `after`, of one model version."""
        asked = tuple(dict.fromkeys(dimensions))
        with rollups.up_to_date(self._door, brand) as connection:
            _, row = loading.model_facts(connection, brand, window, model)
            at = _at(brand, window, row)
            found = Breakdown(
                before,
                after,
                topics_before=_topics(connection, _at(brand, before, row)),
                topics_after=_topics(connection, _at(brand, after, row)),
                dimensions=asked,
                leaders=_leaders(connection, at),
                quantities=_quantities(connection, at),
            )
            for dimension in asked:
                there = {**at, "dimension": dimension}
                found = replace(
                    found,
                    moods=found.moods + _moods(connection, there),
                    sides=found.sides + _sides(connection, there),
                )
            return found

    def docket(
        self, brand: str, promise: str, window: Window, model: str | None = None, *, most: int | None = None
    ) -> tuple[Quote, ...]:
        """Everything that customers said of a promise in the window, the newest first: one quote a voice, as it is counted.

        With `most`, only so many of each side.
        """
        with rollups.up_to_date(self._door, brand) as connection:
            _, row = loading.model_facts(connection, brand, window, model)
            at = {**_at(brand, window, row), "promise": promise}
            if most is None:
                return _docket(connection, at)
            found = _docket(connection, {**at, "days": _newest_days(connection, {**at, "most": most})})
        newest = {one.mention for side in ("kept", "broken") for one in [one for one in found if one.stance == side][:most]}
        return tuple(one for one in found if one.mention in newest)

    def leaders(self, brand: str, window: Window) -> tuple[LeaderRow, ...]:
        """How often the authors and the threads complain that do so most: of anything, and of each promise."""
        with rollups.up_to_date(self._door, brand) as connection:
            _, row = loading.model_facts(connection, brand, window, None)
            return _leaders(connection, _at(brand, window, row))

    def busiest(self, brand: str, promise: str, window: Window) -> Mapping[str, Sequence[tuple[str, int]]]:
        """The authors and the threads that complain most, with how often: of a promise, or of anything where it is ""."""
        with rollups.up_to_date(self._door, brand) as connection:
            _, row = loading.model_facts(connection, brand, window, None)
            counts = _named(connection, {**_at(brand, window, row), "promise": promise}, "AND promise = :promise")
        return {kind: counts[promise, kind].most_common(LEADERS) for kind in KINDS}


def _at(brand: str, window: Window, model: int) -> dict[str, Any]:
    days = [str(window.since + timedelta(days=day)) for day in range((window.until - window.since).days)]
    return {"brand": brand, "since": str(window.since), "until": str(window.until), "days": json.dumps(days), "model": model}


def _topics(connection: Connection, at: dict[str, Any]) -> tuple[TopicRow, ...]:
    rows = connection.execute(
        f"""SELECT {_SOURCE}, value, label, story, {_SUMS} FROM segment_rollup
        WHERE {_ONE_DIMENSION} GROUP BY source, value, cell, label, story""",  # noqa: S608 - constants
        {**at, "dimension": TOPIC},
    )
    return tuple(TopicRow(source, value, label, _means(sums, n), n, story) for source, value, label, story, *sums, n in rows)


def _moods(connection: Connection, at: dict[str, Any]) -> tuple[MoodRow, ...]:
    if at["dimension"] == "source":
        table, value, where = "sentiment_rollup", _SOURCE, f"{_IN_WINDOW} AND voice = 'customer'"
    else:
        table, value, where = "segment_rollup", "value", _ONE_DIMENSION
    rows = connection.execute(
        f"""SELECT {value} AS named, label, story, {_SUMS} FROM {table}
        WHERE {where} GROUP BY named, cell, label, story""",  # noqa: S608 - constants
        at,
    )
    dimension = at["dimension"]
    return tuple(MoodRow(dimension, named, label, _means(sums, n), n, story) for named, label, story, *sums, n in rows)


def _sides(connection: Connection, at: dict[str, Any]) -> tuple[SideRow, ...]:
    if at["dimension"] == "source":
        table, value, where = "evidence_rollup", _SOURCE, f"{_IN_WINDOW} AND voice = 'customer'"
    else:
        table, value, where = "segment_side_rollup", "value", _ONE_DIMENSION
    rows = connection.execute(
        f"""SELECT {value} AS named, promise, stance, sum(n), story FROM {table}
        WHERE {where} AND {loading.ADVERTISED} GROUP BY named, promise, stance, story""",  # noqa: S608 - constants
        at,
    )
    return tuple(SideRow(at["dimension"], *row) for row in rows)


def _leaders(connection: Connection, at: dict[str, Any]) -> tuple[LeaderRow, ...]:
    counts = _named(connection, at)
    return tuple(
        LeaderRow(promise, kind, n) for promise, kind in sorted(counts) for _, n in counts[promise, kind].most_common(LEADERS)
    )


def _named(
    connection: Connection, at: dict[str, Any], which: str = ""
) -> defaultdict[tuple[str, Literal["author", "thread"]], Counter[str]]:
    """How often each author and thread complains, by promise."""
    rows = connection.execute(f"SELECT promise, kind, names FROM leader_rollup WHERE {_IN_WINDOW} {which}", at)  # noqa: S608 - constants
    counts: defaultdict[tuple[str, Literal["author", "thread"]], Counter[str]] = defaultdict(Counter)
    for promise, kind, names in rows:
        counts[promise, kind].update(json.loads(names))
    return counts


def _quantities(connection: Connection, at: dict[str, Any]) -> tuple[QuantityRow, ...]:
    rows = connection.execute(
        f"""SELECT promise, quantity, nullif(stance, ''), sum(n), story FROM quantity_rollup
        WHERE {_IN_WINDOW} GROUP BY promise, quantity, stance, story""",  # noqa: S608 - constants
        at,
    )
    return tuple(QuantityRow(*row) for row in rows)


def _newest_days(connection: Connection, at: dict[str, Any]) -> str:
    """The days that have the newest of each side, so that no other's mentions are looked at."""
    rows = connection.execute(
        f"""SELECT DISTINCT day FROM (
            SELECT day, sum(sum(n)) OVER (PARTITION BY stance ORDER BY day DESC) - sum(n) AS newer FROM evidence_rollup
            WHERE {_IN_WINDOW} AND promise = :promise AND voice = 'customer' GROUP BY stance, day)
        WHERE newer < :most""",  # noqa: S608 - a constant
        at,
    )
    return json.dumps([day for (day,) in rows])


def _docket(connection: Connection, at: dict[str, Any]) -> tuple[Quote, ...]:
    rows = connection.execute(
        f"""SELECT m.id, m.title, m.text, p.start, p.stop, p.label, v.confidence, v.stance, v.quantity, m.url, s.name, m.author,
            m.published, t.copies
        FROM (
            SELECT a.mention, e.passage, e.stance, e.quantity, e.relevance * e.confidence AS confidence, row_number() OVER (
                PARTITION BY e.mention ORDER BY e.relevance * e.confidence DESC, e.passage) AS choice
            FROM matches a JOIN evidence e ON e.mention = a.mention AND e.brand = a.brand JOIN passages p ON p.id = e.passage
            WHERE a.brand = :brand AND a.day IN (SELECT value FROM json_each(:days)) AND a.unit = 1 AND a.voice = 'customer'
                AND e.model = :model AND e.promise = :promise AND e.stance IS NOT NULL AND e.relevance >= {RELEVANT}
                AND (p.experience IS NULL OR p.experience = 'first-hand')) v
        JOIN mentions m ON m.id = v.mention JOIN passages p ON p.id = v.passage JOIN sources s ON s.id = m.source
        JOIN stories t ON t.id = m.story
        WHERE v.choice = 1 ORDER BY m.published DESC, m.id DESC""",  # noqa: S608 - constants
        at,
    )
    quotes = []
    for mention, title, text, start, stop, label, confidence, stance, quantity, url, source, author, published, copies in rows:
        whole = body(title, text)
        quotes.append(
            Quote(
                mention=mention,
                text=whole,
                passage=whole[start:stop],
                url=url,
                source=source,
                author=author,
                published=moment(published),
                confidence=confidence,
                promise=at["promise"],
                stance=cast("Stance", stance),
                label=label,
                copies=copies,
                quantity=quantity,
            )
        )
    return tuple(quotes)


def _means(sums: Sequence[int], n: int) -> tuple[float, float, float]:
    negative, neutral, positive = (one / n / 1e6 for one in sums)
    return (negative, neutral, positive)
