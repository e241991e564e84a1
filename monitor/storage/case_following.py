"""How cases go on with what is heard: a mention opens one, joins its customer's, or answers one; and where a case stands then.

Everything here runs inside the caller's transaction, and may be run again over the same mentions without effect.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from sqlite3 import Connection
from typing import Self

from monitor.cases import Step, answered_by, answers, course
from monitor.storage.case_rows import Opening, Spoken, place_of
from monitor.storage.connection import moment, stamp

DueOf = Callable[[str, datetime], tuple[datetime, datetime]]
"""A brand and when it was asked, to when it is to answer and when to warn."""

PROGRAM = "promisewatch"
_NEWS = {"new": "waits again", "answered": "is answered", "recovered": "is recovered", "closed": "is closed"}


@dataclass
class Followed:
    """What became of what was heard: numbers of cases, each once."""

    opened: set[int] = field(default_factory=set)
    joined: set[int] = field(default_factory=set)
    answered: set[int] = field(default_factory=set)
    recovered: set[int] = field(default_factory=set)

    def __iadd__(self, other: Self) -> Self:
        self.opened |= other.opened
        self.joined |= other.joined
        self.answered |= other.answered
        self.recovered |= other.recovered
        return self


def record(connection: Connection, case: int, who: str, what: str, detail: str, now: datetime) -> None:
    """Write down who did what with a case: the one way into its history."""
    connection.execute(
        "INSERT INTO case_events (case_id, at, who, what, detail) VALUES (?, ?, ?, ?, ?)", (case, stamp(now), who, what, detail)
    )
    connection.execute("UPDATE cases SET changed = ? WHERE id = ?", (stamp(now), case))


def follow(
    connection: Connection, heard: Sequence[Spoken], openings: Mapping[int, Opening], due_of: DueOf, now: datetime
) -> Followed:
    """Let what was heard open, join and answer cases, in the order of time; `openings` are by the number of the reading."""
    done = Followed()
    live = _Live(connection) if heard else None
    for one in heard:
        if one.voice == "brand":
            connection.executemany(
                "INSERT OR IGNORE INTO case_answers VALUES (?, ?, ?, ?)",
                [(one.place, key, one.brand, one.mention) for key in answers(one.attributes, one.url, one.text)],
            )
    for one in sorted(heard, key=lambda spoken: (spoken.published, spoken.mention)):
        if live is not None and one.voice == "brand":
            for case in live.answered_by(one):
                _answer(connection, case, one.mention, one.brand, one.published, due_of, now, done)
        elif live is not None and one.case is None:
            _hear(connection, one, openings[one.reading], live, due_of, now, done)
        elif one.case is not None:
            _reconsider(connection, one, openings[one.reading], due_of, now)
    return done


class _Live:
    """Which live cases there are, by their customers, and by the mentions that they hold."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._customers: dict[tuple[str, str, str], int] = {}
        self._named: defaultdict[tuple[str, str, str], set[int]] = defaultdict(set)
        self._sources: defaultdict[str, list[int]] = defaultdict(list)
        for number, name, kind in connection.execute("SELECT id, name, kind FROM sources"):
            self._sources[place_of(kind, name)].append(number)
        rows = connection.execute(
            """SELECT c.id, c.brand, s.kind, s.name, m.author FROM cases c JOIN case_mentions f ON f.case_id = c.id
            JOIN mentions m ON m.id = f.mention JOIN sources s ON s.id = m.source
            WHERE c.status IN ('new', 'answered') AND f.role = 'customer' AND m.author <> '' ORDER BY c.id"""
        )
        for case, brand, kind, name, author in rows:
            self.add(case, brand, place_of(kind, name), author)

    def add(self, case: int, brand: str, place: str, author: str) -> None:
        if author:
            self._customers[brand, place, author] = case
            for key in answered_by("", author)[1:]:
                self._named[brand, place, key].add(case)

    def of(self, one: Spoken) -> int | None:
        """The live case of a mention's author."""
        return self._customers.get((one.brand, one.place, one.author)) if one.author else None

    def answered_by(self, one: Spoken) -> set[int]:
        """The cases that a brand's mention answers."""
        found: set[int] = set()
        for key in answers(one.attributes, one.url, one.text):
            found |= self._named.get((one.brand, one.place, key), set())
            rows = self._connection.execute(
                """SELECT f.case_id FROM mentions m JOIN case_mentions f ON f.mention = m.id AND f.brand = ? AND f.role = 'customer'
                WHERE m.source IN (SELECT value FROM json_each(?)) AND m.external_id = ?""",
                (one.brand, json.dumps(self._sources[one.place]), key),
            )
            found |= {case for (case,) in rows}
        return found


def _hear(connection: Connection, one: Spoken, opening: Opening, live: _Live, due_of: DueOf, now: datetime, done: Followed) -> None:
    case = live.of(one)
    if case is None:
        if not opening.opens or one.is_copy:
            return
        case = open_case(connection, one, opening, PROGRAM, due_of, now)
        live.add(case, one.brand, one.place, one.author)
        done.opened.add(case)
    elif not _join(connection, case, one, opening, due_of, now, done):
        return
    for mention, at in _known_answers(connection, one):
        _answer(connection, case, mention, one.brand, at, due_of, now, done)


def open_case(connection: Connection, one: Spoken, opening: Opening, who: str, due_of: DueOf, now: datetime) -> int:
    """Open a case on a mention; returns its number."""
    due, warn = due_of(one.brand, one.published)
    reasons = json.dumps(opening.reasons, ensure_ascii=False)
    times = map(stamp, (now, one.published, one.published, due, warn, now))
    row = connection.execute(
        """INSERT INTO cases (brand, severity, reach, asks, reasons, opened, asked, waiting, due, warn, changed)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id""",
        (one.brand, opening.severity, opening.reach, opening.asks, reasons, *times),
    ).fetchone()
    case = int(row[0])
    _add(connection, case, one)
    record(connection, case, who, "opened", "", now)
    return case


def _join(connection: Connection, case: int, one: Spoken, opening: Opening, due_of: DueOf, now: datetime, done: Followed) -> bool:
    """Let a further mention of its customer join a case, unless it lies before the case and is none itself."""
    (asked,) = connection.execute("SELECT asked FROM cases WHERE id = ?", (case,)).fetchone()
    if stamp(one.published) < asked and not opening.opens:
        return False
    _add(connection, case, one)
    connection.execute(
        "UPDATE cases SET severity = max(severity, ?), reach = max(reach, ?), asks = max(asks, ?) WHERE id = ?",
        (opening.severity, opening.reach, opening.asks, case),
    )
    record(connection, case, PROGRAM, "joined", "", now)
    done.joined.add(case)
    if settle(connection, case, due_of, now) == "recovered":
        done.recovered.add(case)
    return True


def _add(connection: Connection, case: int, one: Spoken) -> None:
    connection.execute(
        "INSERT OR IGNORE INTO case_mentions VALUES (?, ?, ?, 'customer', ?, ?)",
        (one.mention, one.brand, case, stamp(one.published), one.label),
    )


def _known_answers(connection: Connection, one: Spoken) -> list[tuple[int, datetime]]:
    keys = json.dumps(answered_by(one.external_id, one.author))
    rows = connection.execute(
        """SELECT DISTINCT a.mention, m.published FROM case_answers a JOIN mentions m ON m.id = a.mention
        WHERE a.place = ? AND a.key IN (SELECT value FROM json_each(?)) AND a.brand = ? AND m.published >= ?
        ORDER BY m.published""",
        (one.place, keys, one.brand, stamp(one.published)),
    )
    return [(mention, moment(published)) for mention, published in rows.fetchall()]


def _answer(
    connection: Connection, case: int, mention: int, brand: str, at: datetime, due_of: DueOf, now: datetime, done: Followed
) -> None:
    (asked,) = connection.execute("SELECT asked FROM cases WHERE id = ?", (case,)).fetchone()
    if stamp(at) < asked:
        return
    added = connection.execute(
        "INSERT OR IGNORE INTO case_mentions VALUES (?, ?, ?, 'answer', ?, NULL)", (mention, brand, case, stamp(at))
    )
    if added.rowcount:
        settle(connection, case, due_of, now)
        done.answered.add(case)


def _reconsider(connection: Connection, one: Spoken, opening: Opening, due_of: DueOf, now: datetime) -> None:
    """Withdraw a case that nobody has touched, where somebody has put its only mention right and it is none any more."""
    if opening.opens or one.voice != "customer":
        return
    untouched = connection.execute(
        """SELECT 1 FROM cases c WHERE c.id = ?1 AND c.status = 'new' AND c.owner = ''
        AND (SELECT count(*) FROM case_mentions f WHERE f.case_id = ?1) = 1
        AND NOT EXISTS (SELECT 1 FROM case_events e WHERE e.case_id = ?1 AND e.who <> ?2)
        AND EXISTS (SELECT 1 FROM corrected x WHERE x.mention = ?3 AND x.brand = ?4)""",
        (one.case, PROGRAM, one.mention, one.brand),
    ).fetchone()
    if untouched and one.case is not None:
        record(connection, one.case, PROGRAM, "closed", "put right: it is no case", now)
        settle(connection, one.case, due_of, now)


def settle(connection: Connection, case: int, due_of: DueOf, now: datetime, *, told: bool = True) -> str:
    """Work out anew where a case stands, from all that was said and done in it; returns its status.

    Its history is `told` of a new status, unless somebody's own act stands there and says so.
    """
    brand, former, waiting = connection.execute("SELECT brand, status, waiting FROM cases WHERE id = ?", (case,)).fetchone()
    found = course(_steps(connection, case))
    if found is None:
        return str(former)
    connection.execute(
        "UPDATE cases SET status = ?, asked = ?, waiting = ?, answered = ?, ended = ? WHERE id = ?",
        (
            found.status,
            stamp(found.asked),
            stamp(found.waiting),
            found.answered and stamp(found.answered),
            found.ended and stamp(found.ended),
            case,
        ),
    )
    if stamp(found.waiting) != waiting:
        due, warn = due_of(brand, found.waiting)
        connection.execute("UPDATE cases SET due = ?, warn = ?, warned = 0 WHERE id = ?", (stamp(due), stamp(warn), case))
    if told and found.status != former:
        record(connection, case, PROGRAM, _NEWS[found.status], "", now)
    return found.status


def _steps(connection: Connection, case: int) -> Iterable[Step]:
    said = connection.execute("SELECT at, role, label FROM case_mentions WHERE case_id = ?", (case,)).fetchall()
    yield from (Step(moment(at), "customer" if role == "customer" else "answered", label) for at, role, label in said)
    done = connection.execute(
        "SELECT at, what FROM case_events WHERE case_id = ? AND what IN ('answered', 'closed', 'reopened')", (case,)
    ).fetchall()
    yield from (Step(moment(at), what) for at, what in done)
