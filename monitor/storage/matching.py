"""What queries left out, and what changes when they change: exclusions, mentions of no brand, and matches made anew."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from sqlite3 import Connection
from typing import Any

from monitor.storage.connection import moment, stamp
from monitor.storage.door import Door
from monitor.storage.grouping import regroup
from monitor.storage.keeping import keep
from monitor.storage.match_rows import spans_as_json
from monitor.storage.mention_rows import QUERIED, mention_of
from monitor.storage.recognising import source_id
from monitor.storage.storable import storable
from monitor.storage.values import ExclusionCount, Match, Matched, MatchedMention, Rematch
from reports.evidence import Window
from sources.mention import Mention

_AT_ONCE = 1000


def note(connection: Connection, items: Iterable[tuple[Mention, Sequence[Match]]], now: datetime, *, aside: bool = False) -> None:
    """Note what was excluded, forget exclusions that no longer hold and, with `aside`, put by what speaks of no brand.

    It comes after `keeping.keep`: what is stored is never put by.
    """
    judged = [(one, result) for one, result in items if isinstance(result, Matched)]
    excluded = [
        (*identity, one.brand, one.day.isoformat(), storable(one.reason))
        for identity, _, result in _identified(connection, [pair for pair in judged if pair[1].excluded])
        for one in result.excluded
    ]
    if _any(connection, "exclusions"):
        taken = [pair for pair in judged if pair[1]]
        connection.executemany(
            "DELETE FROM exclusions WHERE source = ? AND external_id = ? AND brand = ?",
            [(*identity, match.brand) for identity, _, result in _identified(connection, taken) for match in result],
        )
    connection.executemany(
        """INSERT INTO exclusions VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
        SET day = excluded.day, reason = excluded.reason""",
        excluded,
    )
    if aside:
        _put_by(connection, [pair for pair in judged if not pair[1] and pair[1].aside > timedelta(0)], now)


def _identified(
    connection: Connection, judged: Sequence[tuple[Mention, Matched]]
) -> Iterator[tuple[tuple[int, str], Mention, Matched]]:
    sources = {name: source_id(connection, name) for name in {mention.source for mention, _ in judged}}
    for mention, result in judged:
        yield (sources[mention.source], storable(mention.external_id)), mention, result


def _any(connection: Connection, table: str) -> bool:
    return connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None  # noqa: S608 - our own names


def _put_by(connection: Connection, judged: list[tuple[Mention, Matched]], now: datetime) -> None:
    """Put by what speaks of no brand, and let go what has been put by for long enough."""
    connection.executemany(
        """INSERT INTO unmatched SELECT ?1, ?2, ?3, ?4
        WHERE NOT EXISTS (SELECT 1 FROM mentions WHERE source = ?1 AND external_id = ?2)
            AND NOT EXISTS (SELECT 1 FROM tombstones WHERE source = ?1 AND external_id = ?2)
        ON CONFLICT DO UPDATE SET until = excluded.until, mention = excluded.mention""",
        [
            (*identity, stamp(now + result.aside), _as_json(mention))
            for identity, mention, result in _identified(connection, judged)
        ],
    )
    connection.execute("DELETE FROM unmatched WHERE until < ?", (stamp(now),))


def exclusions(connection: Connection, brand: str, window: Window | None = None) -> list[ExclusionCount]:
    """How many mentions each reason kept from a brand on each of its days, in their order."""
    since, until = (window.since.isoformat(), window.until.isoformat()) if window else ("", "~")
    rows = connection.execute(
        """SELECT day, reason, count(*) FROM exclusions WHERE brand = ? AND day >= ? AND day < ?
        GROUP BY day, reason ORDER BY day, 3 DESC, reason""",
        (brand, since, until),
    )
    return [ExclusionCount(moment(day).date(), reason, n) for day, reason, n in rows]


def matched(connection: Connection) -> Iterator[list[MatchedMention]]:
    """All stored mentions with their matches, in pages, so that nothing is held open while the caller takes its time."""
    query = f"""SELECT m.id, m.story,
            (SELECT json_group_array(json_array(a.brand, json(a.spans), a.voice)) FROM matches a WHERE a.mention = m.id), {QUERIED}
        FROM mentions m JOIN sources s ON s.id = m.source WHERE m.id > ? ORDER BY m.id LIMIT {_AT_ONCE}"""  # noqa: S608 - constants
    after = 0
    while rows := connection.execute(query, (after,)).fetchall():
        yield [_matched(*row) for row in rows]
        after = rows[-1][0]


def _matched(row: int, story: int, matches: str, *mention: Any) -> MatchedMention:
    found = {brand: (spans if spans is None else tuple(map(tuple, spans)), said) for brand, spans, said in json.loads(matches)}
    return MatchedMention(row, story, mention_of(mention), found)


def unmatched(connection: Connection, now: datetime) -> Iterator[list[Mention]]:
    """The mentions that were put by and are still within reach, in pages."""
    query = f"""SELECT source, external_id, mention FROM unmatched u WHERE until >= ? AND (source, external_id) > (?, ?)
        AND NOT EXISTS (SELECT 1 FROM mentions m WHERE m.source = u.source AND m.external_id = u.external_id)
        ORDER BY source, external_id LIMIT {_AT_ONCE}"""  # noqa: S608 - a constant
    source, external_id = -1, ""
    while rows := connection.execute(query, (stamp(now), source, external_id)).fetchall():
        yield [as_mention(text) for *_, text in rows]
        source, external_id = rows[-1][:2]


def rematch(connection: Connection, changes: Sequence[Rematch]) -> None:
    """Make matches what queries now say: add, remove, or point at other spans. What other brands match is not touched."""
    for change in changes:
        _remove(connection, change)
        _add(connection, change)
    regroup(connection, {change.story for change in changes if change.removed or change.added})


def _remove(connection: Connection, change: Rematch) -> None:
    at = [(change.mention, brand) for brand in change.removed]
    connection.executemany("INSERT OR IGNORE INTO rollup_stale SELECT brand, day FROM matches WHERE mention = ? AND brand = ?", at)
    for table in ("readings", "placements", "claims", "case_mentions", "case_answers", "matches"):
        connection.executemany(f"DELETE FROM {table} WHERE mention = ? AND brand = ?", at)  # noqa: S608 - our own names


def _add(connection: Connection, change: Rematch) -> None:
    connection.executemany(
        """INSERT INTO matches (brand, day, mention, voice, source, spans)
        SELECT ?, ?, id, coalesce(?, voice), source, ? FROM mentions WHERE id = ?""",
        [(one.brand, one.day.isoformat(), one.voice, spans_as_json(one.spans), change.mention) for one in change.added],
    )
    stale = [(one.brand, one.day.isoformat()) for one in change.added]
    connection.executemany("INSERT OR IGNORE INTO rollup_stale VALUES (?, ?)", stale)
    connection.executemany(
        "UPDATE matches SET spans = ? WHERE mention = ? AND brand = ?",
        [(spans_as_json(one.spans), change.mention, one.brand) for one in change.moved],
    )


def judge_anew(connection: Connection, brands: Sequence[str], items: Sequence[tuple[Mention, Matched]], now: datetime) -> None:
    """Note what is excluded of these mentions now, in place of what was."""
    connection.executemany(
        "DELETE FROM exclusions WHERE source = ? AND external_id = ? AND brand IN (SELECT value FROM json_each(?))",
        [(*identity, json.dumps(brands)) for identity, *_ in _identified(connection, items)],
    )
    note(connection, items, now)


def forget_unmatched(connection: Connection) -> None:
    """Let go of what was put by and is stored now."""
    connection.execute(
        """DELETE FROM unmatched WHERE EXISTS (
            SELECT 1 FROM mentions m WHERE m.source = unmatched.source AND m.external_id = unmatched.external_id)"""
    )


def _as_json(mention: Mention) -> str:
    values = {one.name: getattr(mention, one.name) for one in fields(Mention)}
    dates = {name: value.isoformat() for name, value in values.items() if isinstance(value, datetime)}
    return json.dumps({**values, **dates, "attributes": dict(mention.attributes)})


def as_mention(text: str) -> Mention:
    """The mention that was put by as this text."""
    values = json.loads(text)
    dates = {name: datetime.fromisoformat(values[name]) for name in ("published", "updated") if values[name]}
    return Mention(**{**values, **dates})


class Matching:
    """The room of which mention speaks of which brand."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def exclusions(self, brand: str, window: Window | None = None) -> list[ExclusionCount]:
        """How many mentions each NOT and each entry of a deny list kept from a brand, by its days."""
        with self._door.reading() as connection:
            return exclusions(connection, brand, window)

    def matched(self) -> Iterator[list[MatchedMention]]:
        """Stored mentions with their matches, in pages."""
        with self._door.explained() as connection:
            yield from matched(connection)

    def unmatched(self, now: datetime) -> Iterator[list[Mention]]:
        """The mentions that speak of no brand and are still within reach, in pages."""
        with self._door.explained() as connection:
            yield from unmatched(connection, now)

    def rematch(
        self, changes: Sequence[Rematch], brands: Sequence[str], judged: Sequence[tuple[Mention, Matched]], now: datetime
    ) -> None:
        """Change the matches of stored mentions, and note which of those that were judged are excluded from `brands` now."""
        with self._door.writing() as connection:
            rematch(connection, changes)
            judge_anew(connection, brands, judged, now)

    def take_in(self, judged: Sequence[tuple[Mention, Matched]], brands: Sequence[str], now: datetime) -> None:
        """Store those mentions of no brand that speak of one of `brands` now; note which are excluded."""
        with self._door.writing() as connection:
            keep(connection, [pair for pair in judged if pair[1]], stamp(now))
            judge_anew(connection, brands, judged, now)
            forget_unmatched(connection)
