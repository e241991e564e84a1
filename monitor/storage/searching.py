"""Searching stored mentions: by the brand query language over a full-text index, and by how they were matched and read.

The index is filled behind what comes in, some thousand mentions at a time, so that nothing waits for it; what is not in it yet
is looked at one by one. Triggers keep it true to edits and deletions.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from sqlite3 import Connection
from typing import Any, cast

from monitor.storage.connection import StoreError, moment
from monitor.storage.door import Door
from monitor.storage.labelled import CORRECTED
from monitor.storage.reading import RELEVANT
from monitor.storage.search_words import index_query
from reports.evidence import Label
from sources.mention import Mention, Voice
from sources.query import Query, Span, document

INDEXED_AT_ONCE = 5_000
EXAMINED = 20_000
"""Mentions that one search holds against the query."""
LOOKED_AT = 80_000
"""Rows that one search looks through for what its filters let pass; the answer says where to go on."""
_NEWEST = 2**62


@dataclass(frozen=True, slots=True)
class Filters:
    """What else must hold. Days are those of the brand's calendar; all but `source`, `voice` and `language` need a `brand`."""

    brand: str = ""
    source: str = ""
    voice: str = ""
    language: str = ""
    label: str = ""
    promise: str = ""
    stance: str = ""
    pillar: str = ""
    since: date | None = None
    until: date | None = None
    cause: str = ""


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
        return self.mention.body

    @property
    def mention(self) -> Mention:
        """The mention as a query sees it."""
        return Mention(
            self.source,
            self.external_id,
            self.text,
            self.published,
            title=self.title,
            url=self.url,
            author=self.author,
            voice=self.voice,
            language=self.language,
            attributes=self.attributes,
        )


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
        self, query: Query | None, filters: Filters, limit: int, after: str = "", index: int = INDEXED_AT_ONCE
    ) -> SearchPage:
        """At most `limit` mentions, the newest first, from `after` on (what an earlier page said).

        With a query, "newest" is what came in last, and up to `index` of what is not in the index yet are put there first; without
        one, and with a brand, it is what was published last.

        Raises:
            ValueError: `after` is no place that a page named.
        """
        if query is not None:
            self._catch_up(index)
        with self._door.reading() as connection:
            found: list[Found] = []
            matched = looked = 0
            for number, place, fits in _candidates(connection, query, filters, after):
                looked += 1
                one = _whole(connection, number, filters.brand) if fits else None
                if one is not None:
                    matched += 1
                    spans = () if query is None else query.match(document(one.mention))
                    if spans is not None:
                        found.append(replace(one, spans=spans))
                if len(found) == limit or matched == EXAMINED or looked == LOOKED_AT:
                    return SearchPage(tuple(found), place, looked)
            return SearchPage(tuple(found), "", looked)

    def mention(self, number: int, brand: str = "") -> Found | None:
        """One mention, as a brand sees it."""
        if number >= _NEWEST:
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
_READ = """LEFT JOIN readings r ON r.mention = m.id AND r.brand = :brand
    AND r.model = (SELECT id FROM models WHERE used > 0 ORDER BY used DESC, id DESC LIMIT 1)"""
_MATCHED = "LEFT JOIN matches a ON a.mention = m.id AND a.brand = :brand"
_WHOLE = f"""SELECT {_COLUMNS} FROM mentions m JOIN sources s ON s.id = m.source JOIN stories t ON t.id = m.story {_MATCHED} {_READ}
    WHERE m.id = :id"""  # noqa: S608 - constants of ours
_OF_BRAND = "a.brand = :brand AND a.day >= :since AND a.day < :until AND (a.day, a.mention) < (:day, :after)"
_CAUSE = """SELECT DISTINCT c.mention AS id FROM complaints c
    WHERE c.cause IN (SELECT id FROM causes WHERE brand = :brand AND (id = :cause OR merged_into = :cause))"""


def _whole(connection: Connection, number: int, brand: str) -> Found | None:
    row = connection.execute(_WHOLE, {"id": number, "brand": brand}).fetchone()
    return None if row is None else _found(row)


def _candidates(connection: Connection, query: Query | None, filters: Filters, after: str) -> Iterator[tuple[int, str, bool]]:
    """Mentions in the order in which they are shown, with their places and whether the filters let them through.

    Filters that no index answers are asked here, and not in the condition: a rare one would else walk a whole brand at once.
    """
    at: dict[str, Any] = {
        **{
            name: getattr(filters, name)
            for name in ("brand", "source", "voice", "language", "label", "promise", "stance", "pillar", "cause")
        },
        "since": filters.since.isoformat() if filters.since else "",
        "until": filters.until.isoformat() if filters.until else "~",
    }
    listed = query is None and bool(filters.brand)
    fits = " AND ".join(_conditions(replace(filters, cause="") if listed else filters)) or "1"
    if listed:
        day, _, number = after.partition(":")
        at |= {"day": day or "~", "after": int(number) if after else _NEWEST}
        start = (
            f"({_CAUSE}) k CROSS JOIN matches a ON a.mention = k.id CROSS JOIN mentions m ON m.id = a.mention"
            if filters.cause
            else "matches a CROSS JOIN mentions m ON m.id = a.mention"
        )
        order = "ORDER BY a.day DESC, a.mention DESC"
        told = f"SELECT m.id, a.day || ':' || m.id, {fits} FROM"
        yield from connection.execute(f"{told} {start} {_READ} WHERE {_OF_BRAND} {order}", at)
        return
    words = index_query(query.root) if query else None
    at |= {"after": int(after) if after else _NEWEST, "words": words}
    tables, conditions, order = f"mentions m {_MATCHED} {_READ}", "m.id < :after", "ORDER BY m.id DESC"
    if words is not None:
        # What came in after the index was last filled is looked at as it is, and then what the index knows.
        conditions += " AND m.id > (SELECT upto FROM search_state)"
    told = f"SELECT m.id, CAST(m.id AS TEXT), {fits} FROM"
    yield from connection.execute(f"{told} {tables} WHERE {conditions} {order}", at)
    if words is not None:
        indexed = "mention_words MATCH :words AND w.rowid < :after ORDER BY w.rowid DESC"
        yield from connection.execute(
            f"{told} mention_words w CROSS JOIN mentions m ON m.id = w.rowid {_MATCHED} {_READ} WHERE {indexed}", at
        )


def _conditions(filters: Filters) -> Iterator[str]:
    if filters.brand:
        yield "a.brand IS NOT NULL"
        yield "a.day >= :since AND a.day < :until"
    if filters.source:
        yield "m.source = (SELECT id FROM sources WHERE name = :source)"
    if filters.voice:
        yield "coalesce(a.voice, m.voice) = :voice"
    if filters.language:
        yield "coalesce(r.language, m.language) = :language"
    if filters.label == "none":
        yield f"coalesce({CORRECTED}, r.label) IS NULL"
    elif filters.label:
        yield f"coalesce({CORRECTED}, r.label) = :label"
    if filters.promise or filters.stance:
        yield (
            "EXISTS (SELECT 1 FROM evidence e WHERE e.mention = m.id AND e.brand = a.brand AND e.model = r.model "  # noqa: S608 - a constant
            f"AND e.relevance >= {RELEVANT} AND (:promise = '' OR e.promise = :promise) AND (:stance = '' OR e.stance = :stance))"
        )
    if filters.pillar:
        yield "EXISTS (SELECT 1 FROM passages p WHERE p.reading = r.id AND p.pillar = :pillar)"
    if filters.cause:
        yield f"m.id IN ({_CAUSE})"


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
