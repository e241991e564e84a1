"""What the room of cases takes and hands out, and how it reads what was said of a brand."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Connection
from typing import Any, Literal, NamedTuple

from models.reading import Label
from monitor.cases import Status
from monitor.storage.connection import moment
from monitor.storage.labelled import CORRECTED
from monitor.storage.reading import RELEVANT, body
from sources.mention import Voice

Role = Literal["customer", "answer"]

_SHARED = ("reddit", "hacker_news", "mastodon")
"""Kinds of sources that bring the same accounts and identities, whatever the source is called."""

# The first of a story that came in tell whose words it is; a thousand more would tell the same.
_OF_STORY = "SELECT id, author, published FROM mentions WHERE story = m.story ORDER BY id LIMIT 200"
_COPIES = f"(SELECT count(DISTINCT author) FROM ({_OF_STORY}))"  # noqa: S608 - a constant

_SPOKEN = f"""SELECT r.id, a.mention, a.brand, a.voice, s.name, s.kind, m.external_id, m.url, m.author, m.title, m.text,
        m.attributes, m.published, {CORRECTED}, r.label, r.negative,
        coalesce((SELECT max(e.relevance * e.confidence) FROM evidence e JOIN passages p ON p.id = e.passage
            WHERE e.mention = a.mention AND e.brand = a.brand AND e.model = r.model AND e.stance = 'broken'
            AND e.relevance >= {RELEVANT} AND (p.experience IS NULL OR p.experience = 'first-hand')), 0),
        m.rating,
        {_COPIES}, EXISTS (SELECT 1 FROM ({_OF_STORY}) o
            JOIN matches b ON b.mention = o.id AND b.brand = a.brand
            WHERE o.author <> m.author AND (o.published, o.id) < (m.published, m.id)),
        (SELECT c.case_id FROM case_mentions c WHERE c.mention = a.mention AND c.brand = a.brand)
    FROM readings r JOIN matches a ON a.mention = r.mention AND a.brand = r.brand JOIN mentions m ON m.id = a.mention
    JOIN sources s ON s.id = m.source
    WHERE r.model = (SELECT id FROM models WHERE used > 0 ORDER BY used DESC LIMIT 1) AND a.voice <> 'press' AND a.day >= :since"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Spoken:
    """A mention of a brand in a customer's or its own voice, with the label that counts.

    `negative` (0–1) is how sure that is, `broken` how sure it is that a promise was broken. `copies` is how many people's words
    they are; `is_copy` says that somebody else had them before.
    """

    reading: int
    mention: int
    brand: str
    voice: Voice
    source: str
    kind: str
    external_id: str
    url: str
    author: str
    text: str
    attributes: Mapping[str, str]
    published: datetime
    label: Label | None
    negative: float
    broken: float
    rating: float | None
    copies: int
    is_copy: bool
    case: int | None

    @property
    def place(self) -> str:
        """Where accounts and identities are one."""
        return place_of(self.kind, self.source)


class Opening(NamedTuple):
    """How a customer's mention was judged: whether it opens a case, and what that case would be."""

    opens: bool
    severity: int
    asks: bool
    reach: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A customer to win back. `waiting` is since when somebody waits now, `due` until when the answer is to come.

    `mention`, `author`, `text`, `url` and `source` are those of the customer's first mention.
    """

    id: int
    brand: str
    status: Status
    owner: str
    severity: int
    reach: int
    copies: int
    asks: bool
    reasons: tuple[str, ...]
    opened: datetime
    asked: datetime
    waiting: datetime
    due: datetime
    answered: datetime | None
    ended: datetime | None
    mention: int
    author: str = ""
    text: str = ""
    url: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands in the queue, without what was said in it; names as in `Case`. `warn` is when time runs out."""

    id: int
    status: Status
    owner: str
    severity: int
    reach: int
    copies: int
    waiting: datetime
    due: datetime
    warn: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that was said in a case, by its customer or in answer."""

    at: datetime
    role: Role
    mention: int
    author: str
    text: str
    url: str
    source: str
    label: Label | None


@dataclass(frozen=True, slots=True)
class Event:
    """Who did what with a case, and when."""

    at: datetime
    who: str
    what: str
    detail: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with all that was said and done in it."""

    case: Case
    turns: tuple[Turn, ...]
    events: tuple[Event, ...]


def place_of(kind: str, source: str) -> str:
    """Return the name of the place at which a source's accounts and identities are known."""
    return kind if kind in _SHARED else f"source {source}"


def spoken(connection: Connection, where: str, at: Mapping[str, Any]) -> Iterator[Spoken]:
    """Yield what was said by customers and brands from the day `at["since"]` on; `where` speaks of readings r and matches a."""
    for row in connection.execute(f"{_SPOKEN} AND {where}", at):
        (reading, mention, brand, voice, source, kind, external_id, url, author, title, text, attributes, published, said, label,
         negative, broken, rating, copies, is_copy, case) = row  # fmt: skip
        yield Spoken(
            reading=reading,
            mention=mention,
            brand=brand,
            voice=voice,
            source=source,
            kind=kind,
            external_id=external_id,
            url=url,
            author=author,
            text=body(title, text),
            attributes=json.loads(attributes),
            published=moment(published),
            label=said or label,
            negative=float(said == "negative") if said else negative or 0.0,
            broken=broken,
            rating=rating,
            copies=copies,
            is_copy=bool(is_copy),
            case=case,
        )


_OF_CASES = """FROM cases c JOIN mentions m ON m.id = (SELECT f.mention FROM case_mentions f WHERE f.case_id = c.id
        AND f.role = 'customer' ORDER BY f.at, f.mention LIMIT 1)"""
_CASE = f"""SELECT c.id, c.brand, c.status, c.owner, c.severity, c.reach,
        {_COPIES}, c.asks, c.reasons, c.opened, c.asked, c.waiting,
        c.due, c.answered, c.ended, m.id, m.author, m.title, m.text, m.url, m.source
    {_OF_CASES} WHERE """


def cases(connection: Connection, where: str, at: tuple[Any, ...] = ()) -> list[Case]:
    """The cases c for which `where` holds, in the order that it asks for."""
    sources = dict(connection.execute("SELECT id, name FROM sources"))
    return [_case(row, sources) for row in connection.execute(_CASE + where, at)]


def standing(connection: Connection, statuses: str, brand: str) -> list[Standing]:
    """The cases of a brand in these statuses (a list, as JSON)."""
    rows = connection.execute(
        f"""SELECT c.id, c.status, c.owner, c.severity, c.reach, {_COPIES}, c.waiting, c.due, c.warn {_OF_CASES}
        WHERE c.status IN (SELECT value FROM json_each(?)) AND c.brand = ?""",  # noqa: S608 - constants
        (statuses, brand),
    )
    return [
        Standing(number, status, owner, severity, reach, copies, moment(waiting), moment(due), moment(warn))
        for number, status, owner, severity, reach, copies, waiting, due, warn in rows
    ]


def _case(row: tuple[Any, ...], sources: Mapping[int, str]) -> Case:
    (number, brand, status, owner, severity, reach, copies, asks, reasons, opened, asked, waiting, due, answered, ended,
     mention, author, title, text, url, source) = row  # fmt: skip
    return Case(
        id=number,
        brand=brand,
        status=status,
        owner=owner,
        severity=severity,
        reach=reach,
        copies=copies,
        asks=bool(asks),
        reasons=tuple(json.loads(reasons)),
        opened=moment(opened),
        asked=moment(asked),
        waiting=moment(waiting),
        due=moment(due),
        answered=moment(answered) if answered else None,
        ended=moment(ended) if ended else None,
        mention=mention,
        author=author,
        text=body(title, text),
        url=url,
        source=sources[source],
    )


def turns(connection: Connection, case: int) -> tuple[Turn, ...]:
    """What was said in a case, in its order."""
    rows = connection.execute(
        """SELECT f.at, f.role, m.id, m.author, m.title, m.text, m.url, s.name, f.label FROM case_mentions f
        JOIN mentions m ON m.id = f.mention JOIN sources s ON s.id = m.source WHERE f.case_id = ? ORDER BY f.at, f.mention""",
        (case,),
    )
    return tuple(
        Turn(moment(at), role, mention, author, body(title, text), url, source, label)
        for at, role, mention, author, title, text, url, source, label in rows
    )


def events(connection: Connection, case: int) -> tuple[Event, ...]:
    """What was done with a case, in its order."""
    rows = connection.execute("SELECT at, who, what, detail FROM case_events WHERE case_id = ? ORDER BY id", (case,))
    return tuple(Event(moment(at), who, what, detail) for at, who, what, detail in rows)
