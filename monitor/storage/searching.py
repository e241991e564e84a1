"""Searching stored mentions: by the brand query language over a full-text index, and by how they were matched and read.

The index is filled behind what comes in, some thousand mentions at a time, so that nothing waits for it; what is not in it yet
is looked at one by one. Triggers keep it true to edits and deletions.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from sqlite3 import Connection
from typing import Any, NamedTuple, cast

from monitor.storage.connection import StoreError, moment
from monitor.storage.door import Door
from monitor.storage.labelled import CORRECTED
from monitor.storage.mention_rows import QUERIED, mention_of
from monitor.storage.reading import body
from monitor.storage.search_filters import MODEL, Filters, stretches
from monitor.storage.search_words import index_query
from reports.evidence import Label
from sources.mention import Voice
from sources.query import Query, Span, document
from sources.query_text import Document

INDEXED_AT_ONCE = 5_000
_FURTHER = 200
_SHORTEST = 100
MOST_NUMBER = 2**62


class Effort(NamedTuple):
    """How far one search goes; its answer says where to go on. `rows` is what looking for rows may cost, in looks at the cheapest;
    `signs` how much text is held against the query."""

    rows: int
    signs: int


THOROUGH = Effort(10_000_000, 20_000_000)
"""Some seconds."""
QUICK = Effort(400_000, 200_000)
"""A tenth of a second: as long as somebody waits for a page."""


@dataclass(frozen=True, slots=True)
class Found:
    """A mention that was found. `spans` are where the query matched (offsets into `body`), `matched` why it is the brand's.

    `label` is what counts, `said` whether a person said so.
    """

    id: int
    source: str
    external_id: str
    url: str
    title: str
    text: str
    author: str
    published: datetime
    voice: Voice
    language: str | None
    copies: int
    spans: tuple[Span, ...] = ()
    matched: tuple[Span, ...] = ()
    day: date | None = None
    label: Label | None = None
    said: bool = False
    probabilities: tuple[float, float, float] | None = None
    reason: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> str:
        """The text that is matched and read: title and text as one."""
        return body(self.title, self.text)


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """How one passage of a mention was read. `promises` are (id, stance or None, relevance, confidence, quantity)."""

    start: int
    end: int
    label: Label
    probabilities: tuple[float, float, float]
    pillar: str | None
    experience: str | None
    promises: tuple[tuple[str, str | None, float, float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Newest first. `after` is where the next page begins; "" at the end. `examined` is how many rows were looked through."""

    found: tuple[Found, ...]
    after: str
    examined: int


class Searching:
    """The room of searches."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def search(
        self,
        query: Query | None,
        filters: Filters,
        limit: int,
        after: str = "",
        index: int = INDEXED_AT_ONCE,
        effort: Effort = THOROUGH,
    ) -> SearchPage:
        """At most `limit` mentions, the newest first, from `after` on (what an earlier page said).

        With a query, an author or a story, "newest" is what came in last; with a brand alone it is what was published last. With a
        query, up to `index` of what is not in the index yet are put there first.

        Raises:
            ValueError: `after` is no place that a page named.
        """
        if query is not None:
            self._catch_up(index)
        words = index_query(query.root) if query else None
        by_day = query is None and bool(filters.brand) and not filters.author and not filters.story
        with self._door.reading() as connection:
            found: list[tuple[int, tuple[Span, ...]]] = []
            looked, signs = 0, 0
            for stretch in stretches(connection, words, filters, after, by_day=by_day, prices=effort.rows):
                for at, (number, place, text) in enumerate(_texts(connection, stretch.found, limit, whole=query is not None)):
                    spans = () if query is None else query.match(Document(text, partial(_field, connection, number)))
                    signs += max(_SHORTEST, len(text))
                    if spans is not None:
                        found.append((number, spans))
                    if len(found) == limit or (query is not None and signs > effort.signs):
                        return SearchPage(_wholes(connection, found, filters.brand), place, looked + at + 1)
                looked, after = looked + stretch.looked, stretch.place
            return SearchPage(_wholes(connection, found, filters.brand), after, looked)

    def mention(self, number: int, brand: str = "") -> Found | None:
        """One mention, as a brand sees it."""
        if number > MOST_NUMBER:
            return None
        with self._door.reading() as connection:
            return _whole(connection, number, brand)

    def passages(self, number: int, brand: str) -> tuple[ReadPassage, ...]:
        """How the model that reads now read a mention for a brand, passage by passage."""
        with self._door.reading() as connection:
            rows = connection.execute(
                f"""SELECT p.id, p.start, p.stop, p.label, p.negative, p.neutral, p.positive, p.pillar, p.experience
                FROM mentions m {_READ} JOIN passages p ON p.reading = r.id WHERE m.id = :id ORDER BY p.start""",  # noqa: S608 - constants
                {"id": number, "brand": brand},
            ).fetchall()
            promises = {
                row[0]: tuple(
                    connection.execute(
                        """SELECT promise, stance, relevance, confidence, quantity FROM evidence WHERE passage = ?
                        ORDER BY relevance DESC, promise""",
                        (row[0],),
                    ).fetchall()
                )
                for row in rows
            }
        return tuple(
            ReadPassage(start, stop, label, (negative, neutral, positive), pillar, experience, promises[id_])
            for id_, start, stop, label, negative, neutral, positive, pillar, experience in rows
        )

    def index_due(self, limit: int = INDEXED_AT_ONCE) -> int:
        """Put at most `limit` more mentions into the index; returns how many those were."""
        with self._door.writing() as connection:
            (upto,) = connection.execute("SELECT upto FROM search_state").fetchone()
            (last,) = connection.execute(
                "SELECT max(id) FROM (SELECT id FROM mentions WHERE id > ? ORDER BY id LIMIT ?)", (upto, limit)
            ).fetchone()
            if last is None:
                return 0
            done = connection.execute(
                "INSERT INTO mention_words (rowid, title, text) SELECT id, title, text FROM mentions WHERE id > ? AND id <= ?",
                (upto, last),
            ).rowcount
            connection.execute("UPDATE search_state SET upto = ?", (last,))
        return done

    def unindexed(self) -> int:
        """How many mentions are not in the index yet."""
        with self._door.reading() as connection:
            (count,) = connection.execute("SELECT count(*) FROM mentions WHERE id > (SELECT upto FROM search_state)").fetchone()
        return int(count)

    def _catch_up(self, limit: int) -> None:
        """Index some more, unless somebody else writes now or nobody may."""
        connection = self._door.connection
        (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            self.index_due(limit)
        except (StoreError, sqlite3.OperationalError):
            return
        finally:
            connection.execute(f"PRAGMA busy_timeout = {patience}")


_COLUMNS = f"""m.id, s.name, m.external_id, m.url, m.title, m.text, m.author, m.published, coalesce(a.voice, m.voice), m.language,
    t.copies, a.day, a.spans, r.label, r.negative, r.neutral, r.positive, coalesce(r.reason, ''), {CORRECTED}, m.attributes"""
_READ = f"""LEFT JOIN readings r ON r.mention = m.id AND r.brand = :brand
    AND r.model = {MODEL}"""
_MATCHED = "LEFT JOIN matches a ON a.mention = m.id AND a.brand = :brand"
_WHOLE = f"""SELECT {_COLUMNS} FROM mentions m JOIN sources s ON s.id = m.source JOIN stories t ON t.id = m.story {_MATCHED} {_READ}
    WHERE m.id = :id"""  # noqa: S608 - constants of ours
_TEXTS = "SELECT id, title, text FROM mentions WHERE id IN (SELECT value FROM json_each(?))"
_QUERIED = f"SELECT {QUERIED} FROM mentions m JOIN sources s ON s.id = m.source WHERE m.id = ?"  # noqa: S608 - a constant
_WHOLES = _WHOLE.replace("m.id = :id", "m.id IN (SELECT value FROM json_each(:ids))")


def _whole(connection: Connection, number: int, brand: str) -> Found | None:
    row = connection.execute(_WHOLE, {"id": number, "brand": brand}).fetchone()
    return None if row is None else _found(row)


def _wholes(connection: Connection, found: Sequence[tuple[int, tuple[Span, ...]]], brand: str) -> tuple[Found, ...]:
    asked = {"ids": json.dumps([number for number, _ in found]), "brand": brand}
    rows = {row[0]: row for row in connection.execute(_WHOLES, asked)}
    return tuple(replace(_found(rows[number]), spans=spans) for number, spans in found)


def _texts(connection: Connection, found: Sequence[tuple[int, str]], first: int, *, whole: bool) -> Iterator[tuple[int, str, str]]:
    """What was found, with its place and, where a query looks at the `whole`, its text, some at a time: most want the `first`."""
    at, size = 0, first
    while some := found[at : at + size]:
        ids = json.dumps([number for number, _ in some]) if whole else "[]"
        texts = {number: body(title, text) for number, title, text in connection.execute(_TEXTS, (ids,))}
        yield from ((number, place, texts.get(number, "")) for number, place in some)
        at, size = at + size, _FURTHER


def _field(connection: Connection, number: int, name: str) -> str:
    """A field of a mention, for the few queries that ask for one."""
    return document(mention_of(connection.execute(_QUERIED, (number,)).fetchone())).raw(name)


def _found(row: Sequence[Any]) -> Found:
    id_, source, external_id, url, title, text, author, published, voice, language, copies, day, spans, label, *rest = row
    negative, neutral, positive, reason, said, attributes = rest
    return Found(
        id=id_,
        source=source,
        external_id=external_id,
        url=url,
        title=title,
        text=text,
        author=author,
        published=moment(published),
        voice=voice,
        language=language,
        copies=copies,
        matched=tuple(tuple(span) for span in json.loads(spans or "null") or ()),
        day=None if day is None else date.fromisoformat(day),
        label=cast("Label | None", said or label),
        said=said is not None,
        probabilities=None if label is None else (negative, neutral, positive),
        reason=reason,
        attributes=json.loads(attributes),
    )
