"""Keeping mentions: new, edited, copy or unchanged; which match is the unit of its story-voice, and which stories are shared."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import count, islice
from operator import attrgetter, itemgetter
from sqlite3 import Connection
from typing import NamedTuple

from monitor.storage.connection import stamp
from monitor.storage.values import Kept, Match
from monitor.stories import is_nobody, story_key, told
from sources.mention import Mention

Item = tuple[Mention, Sequence[Match]]
_WRITTEN = ("external_id", "title", "text", "author", "url", "parent", "raw_published")
_written = attrgetter(*_WRITTEN)


class _Known(NamedTuple):
    id: int
    title: str
    text: str
    story: int


def keep(connection: Connection, items: Iterable[Item], collected: str) -> Kept:
    """Keep `items` inside the caller's transaction, as if they came one after the other. `collected` is a stamp."""
    kept = Kept()
    for run in _distinct_runs(items):
        kept += _keep_distinct(connection, run, collected)
    return kept


def _distinct_runs(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Split `items` where an identity comes again, so that each run meets a mention once."""
    run: dict[tuple[str, str], Item] = {}
    for item in items:
        identity = (item[0].source, item[0].external_id)
        if identity in run:
            yield list(run.values())
            run = {}
        run[identity] = item
    if run:
        yield list(run.values())


def _keep_distinct(connection: Connection, items: list[Item], collected: str) -> Kept:
    items = _storable(items)
    sources = {name: source_id(connection, name) for name in {mention.source for mention, _ in items}}
    known = _known(connection, items, sources)
    fresh: list[Item] = []
    edited: list[tuple[_Known, Item]] = []
    same: list[tuple[_Known, Item]] = []
    unmatched = outdated = 0
    for item in items:
        mention, matches = item
        stored = known.get((mention.source, mention.external_id))
        if stored is None:
            if matches:
                fresh.append(item)
            else:
                unmatched += 1
        elif (stored.title, stored.text) == (mention.title, mention.text):
            same.append((stored, item))
        elif _was_replaced(connection, stored.id, mention):
            outdated += 1
        else:
            edited.append((stored, item))
    touched = _add_matches(connection, same, sources)
    for stored, item in edited:
        touched |= _edit(connection, stored, item, sources, collected)
    copies, shared = _insert(connection, fresh, sources, collected)
    regroup(connection, touched | shared)
    return Kept(len(fresh) - copies, copies, len(edited), len(same) + outdated, unmatched)


def _storable(items: list[Item]) -> list[Item]:
    """What cannot be stored as it came: half a surrogate pair becomes '?', and "Anonymous" is many people, not one author."""
    items = [(replace(one, author=""), matches) if is_nobody(one.author) else (one, matches) for one, matches in items]
    try:
        "".join([part for mention, _ in items for part in _written(mention)]).encode()
    except UnicodeEncodeError:
        return [(_mended(mention), matches) for mention, matches in items]
    return items


def _mended(mention: Mention) -> Mention:
    return replace(mention, **{name: getattr(mention, name).encode(errors="replace").decode() for name in _WRITTEN})


def source_id(connection: Connection, name: str) -> int:
    """The row of the source `name`, made as an import where nothing is known of it."""
    row = connection.execute("SELECT id FROM sources WHERE name = ?", (name,)).fetchone()
    if row is None:
        row = connection.execute(
            "INSERT INTO sources (name, kind, address, brands) VALUES (?, 'import', '', '[]') RETURNING id", (name,)
        ).fetchone()
    return int(row[0])


def _known(connection: Connection, items: list[Item], sources: dict[str, int]) -> dict[tuple[str, str], _Known]:
    known = {}
    for name, source in sources.items():
        ids = iter([mention.external_id for mention, _ in items if mention.source == name])
        while some := list(islice(ids, 1000)):
            marks = ",".join("?" * len(some))
            query = f"SELECT external_id, id, title, text, story FROM mentions WHERE source = ? AND external_id IN ({marks})"  # noqa: S608 - question marks
            for external_id, *rest in connection.execute(query, (source, *some)):
                known[name, external_id] = _Known(*rest)
    return known


def _was_replaced(connection: Connection, mention: int, came: Mention) -> bool:
    """Whether this is an earlier text of the mention, brought again by a cache or a repeated import."""
    earlier = connection.execute("SELECT title, text FROM revisions WHERE mention = ?", (mention,))
    return (came.title, came.text) in earlier.fetchall()


def _edit(connection: Connection, stored: _Known, item: Item, sources: dict[str, int], now: str) -> set[int]:
    """Replace the text, keep the earlier one, and forget what was matched and read of it. Returns the stories to regroup."""
    mention, matches = item
    connection.execute("INSERT INTO revisions VALUES (?, ?, ?, ?)", (stored.id, stored.title, stored.text, now))
    connection.execute("INSERT OR IGNORE INTO rollup_stale SELECT brand, day FROM matches WHERE mention = ?", (stored.id,))
    connection.execute("DELETE FROM readings WHERE mention = ?", (stored.id,))
    connection.execute("DELETE FROM placements WHERE mention = ?", (stored.id,))
    connection.execute("DELETE FROM matches WHERE mention = ?", (stored.id,))
    published = stamp(mention.published)
    (story,), _, _ = _assign(connection, [mention], [published])
    connection.execute("UPDATE mentions SET story = ? WHERE id = ?", (story, stored.id))
    connection.execute(
        "UPDATE mentions SET voice = ?, author = ?, published = ?, raw_published = ?, language = ?, rating = ?, url = ?,"
        " title = ?, text = ?, parent = ?, attributes = ? WHERE id = ?",
        (*_columns(mention, published), stored.id),
    )
    _insert_matches(connection, [(stored.id, mention, matches)], sources)
    return {stored.story, story}


def _add_matches(connection: Connection, same: list[tuple[_Known, Item]], sources: dict[str, int]) -> set[int]:
    """Brands that an unchanged mention was not matched to before (a new brand, a wider query). Returns the stories to regroup."""
    rows = [(stored.id, mention, matches) for stored, (mention, matches) in same if matches]
    if not rows or not _insert_matches(connection, rows, sources):
        return set()
    return {stored.story for stored, _ in same}


def _insert(connection: Connection, items: list[Item], sources: dict[str, int], collected: str) -> tuple[int, set[int]]:
    """Insert mentions that are not known. Returns how many are copies, and the stories to regroup."""
    if not items:
        return 0, set()
    published = [stamp(mention.published) for mention, _ in items]
    stories, copies, shared = _assign(connection, [mention for mention, _ in items], published)
    first = _next_id(connection, "mentions")
    connection.executemany(
        "INSERT INTO mentions (id, source, external_id, story, collected, voice, author, published, raw_published, language,"
        " rating, url, title, text, parent, attributes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (number, sources[mention.source], mention.external_id, story, collected, *_columns(mention, at))
            for number, (mention, _), story, at in zip(count(first), items, stories, published)
        ),
    )
    _insert_matches(connection, [(first + place, *item) for place, item in enumerate(items)], sources)
    return copies, shared


def _columns(mention: Mention, published: str) -> tuple[object, ...]:
    return (
        mention.voice,
        mention.author,
        published,
        mention.raw_published,
        mention.language,
        mention.rating,
        mention.url,
        mention.title,
        mention.text,
        mention.parent,
        json.dumps(dict(mention.attributes)) if mention.attributes else "{}",
    )


def _insert_matches(connection: Connection, rows: list[tuple[int, Mention, Sequence[Match]]], sources: dict[str, int]) -> bool:
    """Insert the matches that are not there. Returns whether there were any; their days are stale then."""
    days = _Days()
    values = [
        (
            match.brand,
            days[match.day],
            mention_id,
            mention.voice,
            sources[mention.source],
            _spans(match.spans),
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


def _spans(spans: Sequence[tuple[int, int]]) -> str:
    """As JSON; by hand, because an import does this for every row."""
    return f"[{','.join([f'[{start},{end}]' for start, end in spans])}]"


def _assign(connection: Connection, mentions: Sequence[Mention], published: Sequence[str]) -> tuple[list[int], int, set[int]]:
    """The one place that decides which story a mention belongs to.

    `published` are the mentions' stamps. Returns the story of each of `mentions`, how many of them are copies of one that was
    there before them, and those stories.
    """
    keys = [story_key(told(mention), mention.author, f"{mention.source}\0{mention.external_id}") for mention in mentions]
    query = "SELECT key, id FROM stories WHERE key IN (SELECT value FROM json_each(?))"
    stories = dict(connection.execute(query, (json.dumps(keys),)))
    following = _next_id(connection, "stories")
    opened: list[tuple[int, int, str]] = []
    shared: set[int] = set()
    for key, at in zip(keys, published, strict=True):
        if key in stories:
            shared.add(stories[key])
        else:
            stories[key] = following + len(opened)
            opened.append((stories[key], key, at))
    # Keys are hashes; in their order each page of their index is visited once.
    connection.executemany("INSERT INTO stories VALUES (?, ?, ?, 1)", sorted(opened, key=itemgetter(1)))
    return [stories[key] for key in keys], len(keys) - len(opened), shared


def _next_id(connection: Connection, table: str) -> int:
    return int(connection.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0])  # noqa: S608 - our own names


def regroup(connection: Connection, stories: set[int]) -> None:
    """Settle `stories` anew: their copies, the unit of each author and brand, and whether several voices share them.

    The unit is the first published mention of an author, whatever came in first, so that the result knows no order.
    Days whose units changed become stale, earlier ones too.
    """
    if not stories:
        return
    connection.execute("CREATE TEMP TABLE touched (story INTEGER PRIMARY KEY)")
    connection.executemany("INSERT INTO touched VALUES (?)", ((story,) for story in stories))
    connection.execute(
        """UPDATE stories SET copies = found.n, first_published = coalesce(found.first, '')
        FROM (SELECT t.story, count(m.id) AS n, min(m.published) AS first
              FROM touched t LEFT JOIN mentions m ON m.story = t.story GROUP BY t.story) AS found
        WHERE stories.id = found.story"""
    )
    connection.execute("DELETE FROM stories WHERE copies = 0 AND id IN (SELECT story FROM touched)")
    connection.execute(
        """CREATE TEMP TABLE changed AS SELECT brand, day, mention, unit, cluster FROM (
            SELECT *, CASE WHEN sum(unit) OVER (PARTITION BY brand, story) > 1 THEN story ELSE 0 END AS cluster FROM (
                SELECT a.brand, a.day, a.mention, m.story, a.unit AS old_unit, a.cluster AS old_cluster, row_number() OVER (
                    PARTITION BY a.brand, m.story, CASE m.author WHEN '' THEN m.id ELSE m.author END
                    ORDER BY m.published, m.external_id, s.name) = 1 AS unit
                FROM touched t JOIN mentions m ON m.story = t.story JOIN sources s ON s.id = m.source
                JOIN matches a ON a.mention = m.id))
        WHERE unit <> old_unit OR cluster <> old_cluster"""
    )
    connection.execute("INSERT OR IGNORE INTO rollup_stale SELECT DISTINCT brand, day FROM changed")
    connection.execute(
        """UPDATE matches SET unit = changed.unit, cluster = changed.cluster FROM changed
        WHERE matches.brand = changed.brand AND matches.day = changed.day AND matches.mention = changed.mention"""
    )
    connection.execute("DROP TABLE changed")
    connection.execute("DROP TABLE touched")
