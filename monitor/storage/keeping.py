"""Keeping mentions: new, edited, corrected, copy or unchanged, with what each is matched to."""

import json
from collections.abc import Iterable
from itertools import count
from sqlite3 import Connection

from monitor.storage.changes import Change, How, Stored, as_mention, columns, judge
from monitor.storage.connection import stamp
from monitor.storage.grouping import assign, next_id, reassign, regroup
from monitor.storage.match_rows import add_matches, insert_matches
from monitor.storage.recognising import identity, known_among, moved, source_id, told_apart
from monitor.storage.rewriting import earlier_texts, keep_text, rewrite
from monitor.storage.storable import Item, storable_items
from monitor.storage.tombstones import buried
from monitor.storage.values import Kept
from monitor.stories import address_key
from sources.mention import Mention


def keep(connection: Connection, items: Iterable[Item], collected: str, how: How = "source") -> Kept:
    """Keep `items` inside the caller's transaction. `collected` is a stamp; `how` says who speaks (see `changes`).

    Where an identity comes several times, its newest version stands: the last one, unless all say when they were updated.
    """
    versions: dict[tuple[str, str], list[Item]] = {}
    for item in storable_items(items):
        versions.setdefault((item[0].source, item[0].external_id), []).append(item)
    newest: list[Item] = []
    former: list[Mention] = []
    for some in versions.values():
        dates = [one.updated for one, _ in some if one.updated]
        at = len(some) - 1 if len(dates) < len(some) else max(range(len(some)), key=lambda place: (dates[place], place))
        newest.append(some[at])
        former += [one for place, (one, _) in enumerate(some) if place != at]
    withdrawn = buried(connection, versions)
    living = [item for item in newest if identity(item) not in withdrawn] if withdrawn else newest
    kept = _keep_distinct(connection, living, collected, how)
    _keep_former(connection, [one for one in former if (one.source, one.external_id) not in withdrawn], collected)
    return kept + Kept(unchanged=len(former) + len(newest) - len(living))


def _keep_distinct(connection: Connection, items: list[Item], collected: str, how: How) -> Kept:
    sources = {name: source_id(connection, name) for name in {mention.source for mention, _ in items}}
    known = known_among(connection, items, sources)
    if how == "source":
        known |= moved(connection, [item for item in items if identity(item) not in known], sources)
    fresh: list[Item] = []
    same: list[tuple[Stored, Item]] = []
    changed: list[tuple[Stored, Item, Change]] = []
    kinds = dict.fromkeys(("same", "differs", "corrected", "edited", "outdated"), 0)
    unmatched = 0
    for item in items:
        stored = known.get(identity(item))
        if stored is None:
            fresh += [item] if item[1] else []
            unmatched += not item[1]
            continue
        change = judge(stored, item[0], how, lambda row=stored.id: earlier_texts(connection, row))  # type: ignore[misc]
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
    touched = add_matches(connection, same, sources)
    for stored, item, change in changed:
        rewrite(connection, stored, item, change, sources, collected)
    touched |= reassign(connection, {stored.id: stored.story for stored, _, change in changed if change.mention is not None})
    fresh, twice = told_apart(fresh) if how == "source" else (fresh, [])
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


def _in_other_brands(connection: Connection, same: list[tuple[Stored, Item]]) -> list[tuple[Stored, Item, Change]]:
    """What is stored as it came, but for other brands than those that it speaks of."""
    rows = connection.execute(
        "SELECT mention, json_group_array(brand) FROM matches WHERE mention IN (SELECT value FROM json_each(?)) GROUP BY mention",
        (json.dumps([stored.id for stored, _ in same]),),
    )
    brands = {row: set(json.loads(named)) for row, named in rows}
    return [
        (stored, item, Change("corrected", as_mention(stored, *identity(item))))
        for stored, item in same
        if brands.get(stored.id, set()) != {one.brand for one in item[1]}
    ]


def _keep_former(connection: Connection, former: list[Mention], now: str) -> None:
    """Keep versions that came together with a newer one as earlier texts."""
    for one in former:
        row = connection.execute(
            "SELECT m.id, title, text FROM mentions m JOIN sources s ON s.id = m.source WHERE s.name = ? AND external_id = ?",
            (one.source, one.external_id),
        ).fetchone()
        if row is not None and row[1:] != (one.title, one.text):
            keep_text(connection, row[0], (one.title, one.text), now)


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
    insert_matches(connection, [(first + place, *item) for place, item in enumerate(items)], sources)
    return found.copies, found.shared
