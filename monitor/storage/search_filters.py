"""What narrows a search beside its words, and the rows that pass: a stretch of them at a time, so that no search is without end."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from sqlite3 import Connection
from typing import Any, NamedTuple

from monitor.storage import voices
from monitor.storage.labelled import CORRECTED
from monitor.storage.reading import RELEVANT
from monitor.storage.segment_rollups import THREAD_LENGTH

MODEL = "(SELECT id FROM models WHERE used > 0 ORDER BY used DESC, id DESC LIMIT 1)"
"""The model that reads now."""
_NEWEST = 2**62
_FIRST, _LARGEST = 200, 20_000
_JOINS = {
    "m": "CROSS JOIN mentions m ON m.id = a.mention",
    "r": f"LEFT JOIN readings r ON r.mention = a.mention AND r.brand = :brand AND r.model = {MODEL}",
}
_DEAR = {"r.": 4, "m.": 4, "EXISTS": 4, "passages": 8, "json_each": 16, "m.parent": 16}
"""What a look at a row costs, by what it takes; one of the table of matches alone costs 1. Long texts lie before `parent`."""
_DOWN = "ORDER BY a.day DESC, a.mention DESC"
_STRETCH = "a.brand = :brand AND a.day >= :since AND (a.day, a.mention) < (:day, :number)"
_CAUSE = """SELECT DISTINCT x.brand, c.day, c.mention FROM causes x CROSS JOIN complaints c ON c.cause = x.id
    WHERE x.brand = :brand AND (x.id = :cause OR x.merged_into = :cause)"""
_STORY = "{story} = (SELECT story FROM mentions WHERE id = CAST(:story AS INTEGER))"
_CONDITIONS = {
    "brand": "a.brand IS NOT NULL",
    "since": "a.day >= :since",
    "until": "a.day < :until",
    "source": "{row}source = (SELECT id FROM sources WHERE name = :source)",
    "voice": "{row}voice = :voice",
    "language": "coalesce(r.language, m.language) = :language",
    "label": "coalesce({label}, 'none') = :label",
    "pillar": "EXISTS (SELECT 1 FROM passages p WHERE p.reading = r.id AND p.pillar = :pillar)",
    "cause": f"m.id IN (SELECT mention FROM ({_CAUSE}))",  # noqa: S608 - a constant
    "author": "m.author = :author",
    "story": _STORY,
    "thread": f"substr(m.parent, 1, {THREAD_LENGTH}) = :thread",
    "segment": "EXISTS (SELECT 1 FROM json_each(m.attributes) j WHERE j.key = :column AND trim(j.value) = :value)",
}
_STANCES = {
    "": "",
    "kept": " AND e.stance = 'kept'",
    "broken": " AND e.stance = 'broken'",
    "outright": """ AND e.stance = 'broken' AND EXISTS (
        SELECT 1 FROM passages p WHERE p.id = e.passage AND says_outright(m.title, m.text, p.start, p.stop))""",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What else must hold. Days are those of the brand's calendar; all need a `brand` but those that a mention itself tells.

    `story` is a mention: it and its copies. `segment` is a column of an imported table and what stands there: "region:North".
    The stance "outright" is broken, and says that it was promised.
    """

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
    author: str = ""
    story: str = ""
    thread: str = ""
    segment: str = ""

    @property
    def values(self) -> dict[str, Any]:
        """What the conditions ask with."""
        column, _, value = self.segment.partition(":")
        named = {name: getattr(self, name) for name in self.__slots__}
        since, until = (day.isoformat() if day else end for day, end in ((self.since, ""), (self.until, "~")))
        return named | {"since": since, "until": until, "column": column, "value": value.strip()}


class Stretch(NamedTuple):
    """Mentions that pass, with their places; `looked` rows were looked at. `place` is where it ends, "" behind the last row."""

    found: tuple[tuple[int, str], ...]
    looked: int
    place: str


def stretches(
    connection: Connection, words: str | None, filters: Filters, after: str, *, by_day: bool, prices: int
) -> Iterator[Stretch]:
    """Stretches of the mentions that pass, the newest first, until the rows that were looked at have cost `prices`.

    `words` is what the full-text index is asked for. By the day of a `brand`, or by what came in last.

    Raises:
        ValueError: `after` is no place.
    """
    if filters.stance == "outright":
        voices.teach(connection)
    # A cause is sorted anew for every stretch.
    place, size, left = after, _LARGEST if filters.cause else _FIRST, prices // _price(filters, words)
    while left > 0:
        size = min(size, left)
        stretch = (_by_day if by_day else _by_number)(connection, words, filters, place, size)
        yield stretch
        place, left, size = stretch.place, left - stretch.looked, min(size * 4, _LARGEST)
        if not place:
            return


def _by_day(connection: Connection, words: str | None, filters: Filters, place: str, size: int) -> Stretch:  # noqa: ARG001 - as its sister
    day, _, number = place.partition(":")
    at = filters.values | {"size": size}
    # One bound alone: of two, SQLite may take the wider one and walk past what an earlier stretch has seen.
    at["day"], at["number"] = min((at["until"], 0), (day, int(number)) if place else ("~", 0))
    fits = _fits(replace(filters, since=None, until=None, cause=""), "a.")
    if filters.cause:
        told = f"SELECT a.mention, a.day, {fits} FROM ({_CAUSE}) k CROSS JOIN matches a USING (brand, day, mention)"  # noqa: S608 - our own words
        rows = connection.execute(f"{told} {_joined(fits)} WHERE {_STRETCH} {_DOWN} LIMIT :size", at).fetchall()
        found = tuple((mention, f"{day}:{mention}") for mention, day, passes in rows if passes)
        return Stretch(found, len(rows), f"{rows[-1][1]}:{rows[-1][0]}" if len(rows) == size else "")
    indexed = "matches a INDEXED BY matches_brand_voice" if filters.voice == "brand" else "matches a"
    stretch = _STRETCH + (" AND a.voice = 'brand'" if filters.voice == "brand" else "")
    rows = connection.execute(
        f"""SELECT mention, day FROM (
            SELECT a.mention, a.day, {fits} AS fits FROM {indexed} {_joined(fits)} WHERE {stretch} {_DOWN} LIMIT :size)
        WHERE fits""",  # noqa: S608 - our own words
        at,
    ).fetchall()
    looked = f"SELECT a.day, a.mention FROM {indexed} WHERE {stretch} {_DOWN}"  # noqa: S608 - our own words
    last = connection.execute(f"{looked} LIMIT 1 OFFSET :size - 1", at).fetchone()
    count = size if last else connection.execute(f"SELECT count(*) FROM ({looked} LIMIT :size)", at).fetchone()[0]  # noqa: S608
    return Stretch(tuple((mention, f"{day}:{mention}") for mention, day in rows), count, f"{last[0]}:{last[1]}" if last else "")


def _by_number(connection: Connection, words: str | None, filters: Filters, place: str, size: int) -> Stretch:
    at = filters.values | {"words": words, "number": int(place) if place else _NEWEST}
    fits = _fits(filters, "a." if filters.brand else "m.")
    matched = "LEFT JOIN matches a ON a.mention = k.rowid AND a.brand = :brand"
    # Without a brand there may be no match that readings and mentions could be found by.
    joined = f"{matched} {_joined(fits)}".replace("= a.mention", "= k.rowid") if fits != "1" else ""
    rows: list[tuple[int, int]] = []
    for start in _starts(filters, words):
        told = f"SELECT k.rowid, {fits} FROM {start.format(joined=joined)} AND k.rowid < :number ORDER BY k.rowid DESC LIMIT :left"  # noqa: S608 - our own words
        rows += connection.execute(told, at | {"left": size - len(rows)})
    found = tuple((mention, str(mention)) for mention, passes in rows if passes)
    return Stretch(found, len(rows), str(rows[-1][0]) if len(rows) == size else "")


def _starts(filters: Filters, words: str | None) -> Iterator[str]:
    """Where to begin: what is left when the narrowest index has answered."""
    if words is not None:
        # What came in after the index was last filled is looked at as it is, and then what the index knows.
        yield "mentions k {joined} WHERE k.id > (SELECT upto FROM search_state)"
        yield "mention_words k {joined} WHERE mention_words MATCH :words"
    elif filters.story:
        yield f"mentions k {{joined}} WHERE {_STORY.format(story='k.story')}"
    elif filters.author:
        yield "mentions k {joined} WHERE k.author = :author AND k.author <> ''"
    else:
        yield "mentions k {joined} WHERE 1"


def _price(filters: Filters, words: str | None) -> int:
    fits = _fits(filters, "a.")
    return 1 + 4 * (words is not None) + sum(price for what, price in _DEAR.items() if what in fits)


def _joined(fits: str) -> str:
    return " ".join(join for name, join in _JOINS.items() if f"{name}." in fits)


def _fits(filters: Filters, row: str) -> str:
    """The filters as a condition; sources and voices are those of `row`, the match or the mention."""
    return " AND ".join(_conditions(filters, row)) or "1"


def _conditions(filters: Filters, row: str) -> Iterator[str]:
    for name, condition in _CONDITIONS.items():
        if getattr(filters, name):
            yield condition.format(row=row, label=f"coalesce({CORRECTED}, r.label)", story="m.story")
    if filters.promise or filters.stance:
        found = f"e.mention = a.mention AND e.brand = :brand AND e.model = {MODEL} AND e.relevance >= {RELEVANT}"
        promise = " AND e.promise = :promise" if filters.promise else ""
        yield f"EXISTS (SELECT 1 FROM evidence e WHERE {found}{promise}{_STANCES[filters.stance]})"  # noqa: S608 - constants
