"""Keeping mentions: new, edited, corrected, copy or unchanged, with what each is matched to."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import count, islice
from operator import attrgetter
from sqlite3 import Connection
from typing import Any
from zoneinfo import ZoneInfo

from monitor.storage.changes import Change, How, Stored, as_mention, columns, is_same_item, judge
from monitor.storage.connection import moment, stamp
from monitor.storage.grouping import assign, next_id, reassign, regroup
from monitor.storage.tombstones import buried
from monitor.storage.values import Kept, Match
from monitor.stories import address_key, is_nobody
from sources.mention import Mention
from sources.query_text import Span

Item = tuple[Mention, Sequence[Match]]
_WRITTEN = ("external_id", "title", "text", "author", "url", "parent", "raw_published", "language")
_written = attrgetter(*_WRITTEN)
_UNSTORABLE = {0: " ", **dict.fromkeys(range(0xD800, 0xE000), "?")}
_STORED = ", ".join(f"m.{name}" for name in Stored._fields)


def keep(connection: Connection, items: Iterable[Item], collected: str, how: How = "source") -> Kept:
    """Keep `items` inside the caller's transaction. `collected` is a stamp; `how` says who speaks (see `changes`).

    Where an identity comes several times, its newest version stands: the last one, unless all say when they were updated.
    """
    versions: dict[tuple[str, str], list[Item]] = {}
    for item in _storable(items):
        versions.setdefault((item[0].source, item[0].external_id), []).append(item)
    newest: list[Item] = []
    former: list[Mention] = []
    for some in versions.values():
        dates = [one.updated for one, _ in some if one.updated]
        at = len(some) - 1 if len(dates) < len(some) else max(range(len(some)), key=lambda place: (dates[place], place))
        newest.append(some[at])
        former += [one for place, (one, _) in enumerate(some) if place != at]
    withdrawn = buried(connection, versions)
    living = [item for item in newest if _identity(item) not in withdrawn] if withdrawn else newest
    kept = _keep_distinct(connection, living, collected, how)
    _keep_former(connection, [one for one in former if (one.source, one.external_id) not in withdrawn], collected)
    return kept + Kept(unchanged=len(former) + len(newest) - len(living))


def storable(text: str) -> str:
    """Return `text` as SQLite can hold it, equally long: half a surrogate pair becomes "?", a NUL byte a space."""
    return text if _is_storable(text) else text.translate(_UNSTORABLE)


def _is_storable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _storable(items: Iterable[Item]) -> list[Item]:
    """What cannot be stored as it came is mended, and "Anonymous" is many people, not one author."""
    items = [(replace(one, author=""), matches) if is_nobody(one.author) else (one, matches) for one, matches in items]
    parts = [part or "" for one, _ in items for part in _written(one)]
    parts += [part for one, _ in items if one.attributes for pair in one.attributes.items() for part in pair]
    return items if _is_storable("".join(parts)) else [(_mended(one), matches) for one, matches in items]


def _mended(mention: Mention) -> Mention:
    said: dict[str, Any] = {name: storable(value) for name in _WRITTEN if (value := getattr(mention, name))}
    return replace(mention, **said, attributes={storable(name): storable(value) for name, value in mention.attributes.items()})


def _keep_distinct(connection: Connection, items: list[Item], collected: str, how: How) -> Kept:
    sources = {name: source_id(connection, name) for name in {mention.source for mention, _ in items}}
    known = _known(connection, items, sources)
    if how == "source":
        known |= _moved(connection, [item for item in items if _identity(item) not in known], sources)
    fresh: list[Item] = []
    same: list[tuple[Stored, Item]] = []
    changed: list[tuple[Stored, Item, Change]] = []
    kinds = dict.fromkeys(("same", "differs", "corrected", "edited", "outdated"), 0)
    unmatched = 0
    for item in items:
        stored = known.get(_identity(item))
        if stored is None:
            fresh += [item] if item[1] else []
            unmatched += not item[1]
            continue
        change = judge(stored, item[0], how, lambda row=stored.id: _earlier(connection, row))  # type: ignore[misc]
        kinds[change.kind] += 1
        if change.mention is not None or change.earlier is not None:
            changed.append((stored, item, change))
        if change.kind in {"same", "differs"}:
            same.append((stored, item))
    if how == "replace":
        reassigned = _in_other_brands(connection, same)
        kinds["same"] -= len(reassigned)
        kinds["corrected"] += len(reassigned)
        changed += reassigned
    touched = _add_matches(connection, same, sources)
    for stored, item, change in changed:
        _rewrite(connection, stored, item, change, sources, collected)
    touched |= reassign(connection, {stored.id: stored.story for stored, _, change in changed if change.mention is not None})
    fresh, twice = _told_apart(fresh) if how == "source" else (fresh, [])
    copies, shared = _insert(connection, fresh, sources, collected, addressed=how == "source")
    regroup(connection, touched | shared)
    kept = Kept(
        new=len(fresh) - copies,
        copies=copies,
        edited=kinds["edited"] + kinds["corrected"],
        unchanged=kinds["same"] + kinds["differs"] + kinds["outdated"],
        unmatched=unmatched,
        differing=kinds["differs"],
    )
    return kept + _keep_distinct(connection, twice, collected, how) if twice else kept


def _identity(item: Item) -> tuple[str, str]:
    return item[0].source, item[0].external_id


def source_id(connection: Connection, name: str) -> int:
    """The row of the source `name`, made as an import where nothing is known of it."""
    row = connection.execute("SELECT id FROM sources WHERE name = ?", (name,)).fetchone()
    if row is None:
        row = connection.execute(
            "INSERT INTO sources (name, kind, address, brands) VALUES (?, 'import', '', '[]') RETURNING id", (name,)
        ).fetchone()
    return int(row[0])


def _known(connection: Connection, items: list[Item], sources: dict[str, int]) -> dict[tuple[str, str], Stored]:
    known = {}
    renamed = connection.execute("SELECT 1 FROM identities LIMIT 1").fetchone() is not None
    for name, source in sources.items():
        ids = iter([mention.external_id for mention, _ in items if mention.source == name])
        while some := list(islice(ids, 1000)):
            marks = ",".join("?" * len(some))
            queries = [f"SELECT external_id, {_STORED} FROM mentions m WHERE source = ? AND external_id IN ({marks})"]  # noqa: S608 - our own names
            if renamed:
                queries.append(
                    f"SELECT i.external_id, {_STORED} FROM identities i JOIN mentions m ON m.id = i.mention"  # noqa: S608 - our own names
                    f" WHERE i.source = ? AND i.external_id IN ({marks})"
                )
            for query in queries:
                for external_id, *rest in connection.execute(query, (source, *some)):
                    known[name, external_id] = Stored(*rest)
    return known


def _moved(connection: Connection, items: list[Item], sources: dict[str, int]) -> dict[tuple[str, str], Stored]:
    """Items under a new id that are known under another: the same author's same words at the same address. The id is noted."""
    query = f"""SELECT {_STORED} FROM addresses a JOIN mentions m ON m.id = a.mention
        WHERE a.key = ? AND m.source = ? AND m.title = ? AND m.text = ? AND m.author = ? ORDER BY m.id"""  # noqa: S608 - our own names
    moved = {}
    for mention, _ in items:
        if not mention.url:
            continue
        at = (address_key(mention.url), sources[mention.source], mention.title, mention.text, mention.author)
        for row in connection.execute(query, at).fetchall():
            stored = Stored(*row)
            if is_same_item(as_mention(stored, mention.source, ""), mention):
                moved[mention.source, mention.external_id] = stored
                connection.execute(
                    "INSERT INTO identities VALUES (?, ?, ?)", (sources[mention.source], mention.external_id, stored.id)
                )
                break
    return moved


def _told_apart(items: list[Item]) -> tuple[list[Item], list[Item]]:
    """Part new items from those that are the same again, under another id."""
    first: dict[tuple[str, int, str, str, str], Mention] = {}
    fresh, twice = [], []
    for item in items:
        one = item[0]
        if one.url:
            known = first.setdefault((one.source, address_key(one.url), one.title, one.text, one.author), one)
            if known is not one and is_same_item(known, one):
                twice.append(item)
                continue
        fresh.append(item)
    return fresh, twice


def _in_other_brands(connection: Connection, same: list[tuple[Stored, Item]]) -> list[tuple[Stored, Item, Change]]:
    """What is stored as it came, but for other brands than those that it speaks of."""
    rows = connection.execute(
        "SELECT mention, json_group_array(brand) FROM matches WHERE mention IN (SELECT value FROM json_each(?)) GROUP BY mention",
        (json.dumps([stored.id for stored, _ in same]),),
    )
    brands = {row: set(json.loads(named)) for row, named in rows}
    return [
        (stored, item, Change("corrected", as_mention(stored, *_identity(item))))
        for stored, item in same
        if brands.get(stored.id, set()) != {one.brand for one in item[1]}
    ]


def _earlier(connection: Connection, mention: int) -> set[tuple[str, str]]:
    return set(connection.execute("SELECT title, text FROM revisions WHERE mention = ?", (mention,)))


def _keep_former(connection: Connection, former: list[Mention], now: str) -> None:
    """Keep versions that came together with a newer one as earlier texts."""
    for one in former:
        row = connection.execute(
            "SELECT m.id, title, text FROM mentions m JOIN sources s ON s.id = m.source WHERE s.name = ? AND external_id = ?",
            (one.source, one.external_id),
        ).fetchone()
        if row is not None and row[1:] != (one.title, one.text):
            _keep_text(connection, row[0], (one.title, one.text), now)


def _keep_text(connection: Connection, mention: int, earlier: tuple[str, str], now: str) -> None:
    if earlier not in _earlier(connection, mention):
        connection.execute("INSERT INTO revisions VALUES (?, ?, ?, ?)", (mention, *earlier, now))


def _rewrite(connection: Connection, stored: Stored, item: Item, change: Change, sources: dict[str, int], now: str) -> None:
    """Write what has changed, keep the earlier text, and forget what was matched and read of what is no more."""
    if change.earlier is not None:
        _keep_text(connection, stored.id, change.earlier, now)
    if change.mention is None:
        return
    mention, row = change.mention, (stored.id,)
    names = Stored._fields[2:]
    connection.execute(
        f"UPDATE mentions SET {', '.join(f'{name} = ?' for name in names)} WHERE id = ?",  # noqa: S608 - our own names
        (*columns(mention), stored.id),
    )
    if mention.url and mention.url != stored.url:
        connection.execute("INSERT OR IGNORE INTO addresses VALUES (?, ?)", (address_key(mention.url), stored.id))
    if change.kind == "edited":
        connection.execute(
            "DELETE FROM revisions WHERE mention = ? AND title = ? AND text = ?", (*row, mention.title, mention.text)
        )
        _forget_readings(connection, stored.id)
        # What people said, they said of the earlier text; what was drawn at random stays drawn.
        for table in ("audits", "audit_stances", "corrected"):
            connection.execute(f"DELETE FROM {table} WHERE mention = ?", row)  # noqa: S608 - our own names
    if change.kind in {"edited", "corrected"}:
        _match_anew(connection, stored.id, item, mention, sources, edited=change.kind == "edited")
    elif stamp(mention.published) != stored.published:
        _move_days(connection, stored.id, mention.published)


def _forget_readings(connection: Connection, mention: int, brand: str | None = None) -> None:
    for table in ("readings", "complaints", "placements"):
        connection.execute(f"DELETE FROM {table} WHERE mention = ? AND brand = coalesce(?, brand)", (mention, brand))  # noqa: S608 - our own names


def _match_anew(connection: Connection, row: int, item: Item, mention: Mention, sources: dict[str, int], *, edited: bool) -> None:
    """Replace the matches of a mention. What was read of the same text in the same voice stays read."""
    before = connection.execute("SELECT brand, unread, voice FROM matches WHERE mention = ?", (row,)).fetchall()
    connection.execute("INSERT OR IGNORE INTO rollup_stale SELECT brand, day FROM matches WHERE mention = ?", (row,))
    connection.execute("DELETE FROM matches WHERE mention = ?", (row,))
    matches = _local(connection, item, mention.published)
    _insert_matches(connection, [(row, mention, matches)], sources)
    if edited:
        return
    for brand, unread, voice in before:
        kept = next((one for one in matches if one.brand == brand and (one.voice or mention.voice) == voice), None)
        if kept is None:
            _forget_readings(connection, row, brand)
        else:
            connection.execute("UPDATE matches SET unread = ? WHERE mention = ? AND brand = ?", (unread, row, brand))
            connection.execute("UPDATE placements SET day = ? WHERE mention = ? AND brand = ?", (kept.day.isoformat(), row, brand))


def _move_days(connection: Connection, row: int, published: datetime) -> None:
    """Give the matches of a mention the days on which it is published, after all."""
    brands = connection.execute(
        "SELECT a.brand, b.timezone FROM matches a JOIN brands b ON b.id = a.brand WHERE a.mention = ?", (row,)
    ).fetchall()
    stale = "INSERT OR IGNORE INTO rollup_stale SELECT brand, day FROM matches WHERE mention = ?"
    connection.execute(stale, (row,))
    for brand, zone in brands:
        day = published.astimezone(ZoneInfo(zone)).date().isoformat()
        for table in ("matches", "placements"):
            connection.execute(f"UPDATE {table} SET day = ? WHERE mention = ? AND brand = ?", (day, row, brand))  # noqa: S608 - our own names
    connection.execute(stale, (row,))


def _local(connection: Connection, item: Item, published: datetime) -> Sequence[Match]:
    """The matches of an item on the days of `published`, where what is stored has another date than what came."""
    mention, matches = item
    if not matches or stamp(mention.published) == stamp(published):
        return matches
    zones = dict(connection.execute("SELECT id, timezone FROM brands"))
    return [one._replace(day=published.astimezone(ZoneInfo(zones[one.brand])).date()) for one in matches]


def _add_matches(connection: Connection, same: list[tuple[Stored, Item]], sources: dict[str, int]) -> set[int]:
    """Brands that an unchanged mention was not matched to before (a new brand, a wider query). Returns the stories to regroup."""
    rows = [
        (
            stored.id,
            item[0],
            item[1] if stored.published == stamp(item[0].published) else _local(connection, item, moment(stored.published)),
        )
        for stored, item in same
        if item[1]
    ]
    if not rows or not _insert_matches(connection, rows, sources):
        return set()
    return {stored.story for stored, _ in same}


def _insert(
    connection: Connection, items: list[Item], sources: dict[str, int], collected: str, *, addressed: bool
) -> tuple[int, set[int]]:
    """Insert mentions that are not known. Returns how many are copies, and the stories to regroup."""
    if not items:
        return 0, set()
    mentions = [mention for mention, _ in items]
    found = assign(connection, mentions, [stamp(mention.published) for mention in mentions])
    first = next_id(connection, "mentions")
    names = ("id", "source", "external_id", "collected", "story", *Stored._fields[2:])
    connection.executemany(
        f"INSERT INTO mentions ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",  # noqa: S608 - our own names
        (
            (number, sources[mention.source], mention.external_id, collected, story, *columns(mention))
            for number, mention, story in zip(count(first), mentions, found.stories)
        ),
    )
    if addressed:
        connection.executemany(
            "INSERT INTO addresses VALUES (?, ?)",
            [(address_key(mention.url), number) for number, mention in enumerate(mentions, first) if mention.url],
        )
    _insert_matches(connection, [(first + place, *item) for place, item in enumerate(items)], sources)
    return found.copies, found.shared


def _insert_matches(connection: Connection, rows: list[tuple[int, Mention, Sequence[Match]]], sources: dict[str, int]) -> bool:
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
