"""Rows of what mentions are matched to."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from sqlite3 import Connection
from zoneinfo import ZoneInfo

from monitor.storage.changes import Stored
from monitor.storage.connection import moment, stamp
from monitor.storage.storable import Item
from monitor.storage.values import Match
from sources.mention import Mention
from sources.query_text import Span


def add_matches(connection: Connection, same: list[tuple[Stored, Item]], sources: dict[str, int]) -> set[int]:
    """Brands that an unchanged mention was not matched to before (a new brand, a wider query). Returns the stories to regroup."""
    rows = [
        (
            stored.id,
            item[0],
            item[1] if stored.published == stamp(item[0].published) else local(connection, item, moment(stored.published)),
        )
        for stored, item in same
        if item[1]
    ]
    if not rows or not insert_matches(connection, rows, sources):
        return set()
    return {stored.story for stored, _ in same}


def insert_matches(connection: Connection, rows: list[tuple[int, Mention, Sequence[Match]]], sources: dict[str, int]) -> bool:
    """Insert the matches that are not there. Returns whether there were any; their days are stale then."""
    days = _Days()
    values = [
        (
            match.brand,
            days[match.day],
            mention_id,
            match.voice or mention.voice,
            sources[mention.source],
            spans_as_json(match.spans),
        )
        for mention_id, mention, matches in rows
        for match in matches
    ]
    before = connection.total_changes
    connection.executemany(
        "INSERT INTO matches (brand, day, mention, voice, source, spans) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (mention, brand) DO NOTHING",
        values,
    )
    added = connection.total_changes > before
    if added:
        connection.executemany("INSERT OR IGNORE INTO rollup_stale VALUES (?, ?)", {row[:2] for row in values})
    return added


class _Days(dict[date, str]):
    """Each day is written once."""

    def __missing__(self, day: date) -> str:
        self[day] = day.isoformat()
        return self[day]


def spans_as_json(spans: Sequence[Span] | None) -> str:
    """As JSON; by hand, because an import does this for every row."""
    if spans is None:
        return "null"
    return f"[{','.join([f'[{span[0]},{span[1]}]' if len(span) == 2 else json.dumps(span) for span in spans])}]"


def local(connection: Connection, item: Item, published: datetime) -> Sequence[Match]:
    """The matches of an item on the days of `published`, where what is stored has another date than what came."""
    mention, matches = item
    if not matches or stamp(mention.published) == stamp(published):
        return matches
    zones = dict(connection.execute("SELECT id, timezone FROM brands"))
    return [one._replace(day=published.astimezone(ZoneInfo(zones[one.brand])).date()) for one in matches]
