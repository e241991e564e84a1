"""The room of cases: customers who wait for an answer, what was said and done in each, and what is still to be looked at."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from sqlite3 import Connection
from typing import Literal, NamedTuple

from monitor.cases import Status
from monitor.storage import case_following as following
from monitor.storage.case_following import PROGRAM, DueOf, Followed, record, settle
from monitor.storage.case_rows import Case, CaseFile, Event, Opening, Spoken, Standing, Turn, cases, events, spoken, standing, turns
from monitor.storage.connection import moment, stamp
from monitor.storage.door import Door
from monitor.storage.matching import as_mention
from sources.mention import Mention

__all__ = ("Case", "CaseFile", "Cases", "Event", "Followed", "Opening", "Spoken", "Standing", "Turn", "Unseen")

Act = Literal["answered", "closed", "reopened", "noted", "taken", "handed off"]

AT_ONCE = 5_000
"""Readings that are looked through in one step, so that others who write wait for a moment only."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """What was read or put right since the last look, and up to where that is."""

    heard: tuple[Spoken, ...]
    reading: int
    correction: int


class Reply(NamedTuple):
    """Something that answers a mention of a live case and names no brand: its author may be the brand, or the `customer`."""

    brand: str
    kind: str
    customer: str
    mention: Mention


class Wait(NamedTuple):
    """How long the customer of a case waited: since `asked`, until `answered`, or until `ended` without an answer; None: still."""

    asked: datetime
    answered: datetime | None
    ended: datetime | None
    due: datetime


class Cases:
    """The room of cases. Whatever moves one is written down in its history, with who did it."""

    def __init__(self, door: Door) -> None:
        self._door = door

    # What is heard

    def is_put_right(self) -> bool:
        """Whether somebody has put mentions right since the last look."""
        with self._door.reading() as connection:
            return bool(
                connection.execute("SELECT coalesce((SELECT max(id) FROM corrections), 0) > correction FROM case_state").fetchone()[
                    0
                ]
            )

    def unseen(self, since: date) -> Unseen | None:
        """What was said from the day `since` on, read or put right since the last look, a stretch at a time; None at the end."""
        with self._door.reading() as connection:
            after, corrected = connection.execute("SELECT reading, correction FROM case_state").fetchone()
            newest = connection.execute("SELECT coalesce(max(id), 0) FROM readings").fetchone()[0]
            correction = connection.execute("SELECT coalesce(max(id), 0) FROM corrections").fetchone()[0]
            if newest <= after and correction <= corrected:
                return None
            upto = min(newest, after + AT_ONCE)
            at = {"since": since.isoformat(), "after": after, "upto": upto, "corrected": corrected}
            heard = {one.reading: one for one in spoken(connection, "r.id > :after AND r.id <= :upto", at)}
            if correction > corrected:
                put_right = "a.mention IN (SELECT mention FROM corrected WHERE correction > :corrected)"
                heard |= {one.reading: one for one in spoken(connection, put_right, at)}
            return Unseen(tuple(heard.values()), upto, correction)

    def follow(self, unseen: Unseen, openings: Mapping[int, Opening], due_of: DueOf, now: datetime) -> Followed:
        """Let what was heard open, join and answer cases, and remember that it was looked at, in one transaction."""
        with self._door.writing() as connection:
            done = following.follow(connection, unseen.heard, openings, due_of, now)
            connection.execute("UPDATE case_state SET reading = ?, correction = ?", (unseen.reading, unseen.correction))
        return done

    def heard(self, brand: str, since: date) -> Iterator[Spoken]:
        """What was said of a brand from a day on, in no certain order; nothing is changed by asking."""
        with self._door.explained() as connection:
            yield from spoken(connection, "a.brand = :brand AND a.voice = 'customer'", {"since": since.isoformat(), "brand": brand})

    def said(self, brand: str, mention: int) -> Spoken | None:
        """One mention of a brand, as it was read; None where it was not, or is the press's."""
        with self._door.reading() as connection:
            at = {"since": "", "brand": brand, "mention": mention}
            return next(spoken(connection, "a.brand = :brand AND a.mention = :mention", at), None)

    def replies(self) -> list[Reply]:
        """What was put by because it names no brand, and answers something that was said in a live case."""
        with self._door.reading() as connection:
            rows = connection.execute(
                """SELECT f.brand, s.kind, c.author, u.mention FROM cases l JOIN case_mentions f ON f.case_id = l.id
                JOIN mentions m ON m.id = f.mention JOIN sources s ON s.id = m.source
                JOIN mentions c ON c.id = (SELECT mention FROM case_mentions WHERE case_id = l.id AND role = 'customer' LIMIT 1)
                JOIN unmatched u ON u.source = m.source AND json_extract(u.mention, '$.attributes.parent') = m.external_id
                    AND json_extract(u.mention, '$.attributes.parent') IS NOT NULL
                WHERE l.status IN ('new', 'answered')"""
            )
            return [Reply(brand, kind, customer, as_mention(text)) for brand, kind, customer, text in rows]

    # What people do

    def open(self, one: Spoken, opening: Opening, who: str, due_of: DueOf, now: datetime) -> int:
        """Open a case on a mention, because somebody says so; returns its number."""
        with self._door.writing() as connection:
            return following.open_case(connection, one, opening, who, due_of, now)

    def act(self, case: int, what: Act, who: str, detail: str, due_of: DueOf, now: datetime, at: datetime | None = None) -> bool:
        """Note what somebody did with a case (`at` some time, or now), and what that makes of it; False where it was so already."""
        with self._door.writing() as connection:
            status, owner = connection.execute("SELECT status, owner FROM cases WHERE id = ?", (case,)).fetchone()
            if (what, status) in {("closed", "closed"), ("reopened", "new")} or (what, owner) == ("taken", detail):
                return False
            if what == "taken":
                connection.execute("UPDATE cases SET owner = ? WHERE id = ?", (detail, case))
            record(connection, case, who, what, detail, at or now)
            settle(connection, case, due_of, now, told=False)
        return True

    def close_quiet(self, before: datetime, due_of: DueOf, now: datetime) -> int:
        """Close the answered cases in which nothing was heard since `before`; returns how many."""
        with self._door.writing() as connection:
            rows = connection.execute(
                """SELECT id FROM cases WHERE status = 'answered' AND answered < ?1
                AND coalesce((SELECT max(at) FROM case_mentions WHERE case_id = cases.id), '') < ?1 AND changed < ?1""",
                (stamp(before),),
            ).fetchall()
            for (case,) in rows:
                record(connection, case, PROGRAM, "closed", "answered, and nothing was heard since", now)
                settle(connection, case, due_of, now, told=False)
        return len(rows)

    # What there is

    def select(self, statuses: Sequence[Status], brand: str | None = None, owner: str | None = None) -> list[Case]:
        """The cases in these statuses, of a brand and an owner where they are named, with the words of their customers."""
        with self._door.reading() as connection:
            return cases(
                connection,
                """c.status IN (SELECT value FROM json_each(?)) AND c.brand = coalesce(?, c.brand)
                AND c.owner = coalesce(?, c.owner) ORDER BY c.id""",
                (json.dumps(statuses), brand, owner),
            )

    def standing(self, statuses: Sequence[Status], brand: str) -> list[Standing]:
        """Where the cases of a brand in these statuses stand, without their words."""
        with self._door.reading() as connection:
            return standing(connection, json.dumps(statuses), brand)

    def named(self, numbers: Sequence[int]) -> list[Case]:
        """The cases of these numbers that there still are, in that order, with the words of their customers."""
        with self._door.reading() as connection:
            found = {one.id: one for one in cases(connection, "c.id IN (SELECT value FROM json_each(?))", (json.dumps(numbers),))}
        return [found[number] for number in numbers if number in found]

    def page(self, statuses: Sequence[Status], brand: str | None, owner: str | None, before: int, limit: int) -> list[Case]:
        """At most `limit` cases with a number under `before`, the newest first; narrowed as in `select`."""
        with self._door.reading() as connection:
            return cases(
                connection,
                """c.status IN (SELECT value FROM json_each(?)) AND c.brand = coalesce(?, c.brand)
                AND c.owner = coalesce(?, c.owner) AND c.id < ? ORDER BY c.id DESC LIMIT ?""",
                (json.dumps(statuses), brand, owner, before, limit),
            )

    def find(self, case: int) -> CaseFile | None:
        """A case with its history; None when there is no such number."""
        with self._door.reading() as connection:
            found = cases(connection, "c.id = ?", (case,))
            return CaseFile(found[0], turns(connection, case), events(connection, case)) if found else None

    def asked(self, brand: str, since: datetime, until: datetime, limit: int) -> list[Case]:
        """At most `limit` cases that asked for an answer in this time, the newest first."""
        with self._door.reading() as connection:
            return cases(
                connection,
                "c.brand = ? AND c.asks = 1 AND c.asked >= ? AND c.asked < ? ORDER BY c.asked DESC, c.id DESC LIMIT ?",
                (brand, stamp(since), stamp(until), limit),
            )

    def waits(self, brand: str, since: datetime, until: datetime) -> list[Wait]:
        """How long customers waited who asked for an answer in this time."""
        with self._door.reading() as connection:
            rows = connection.execute(
                """SELECT asked, answered, ended, due FROM cases WHERE brand = ? AND asks = 1 AND asked >= ? AND asked < ?
                ORDER BY asked""",
                (brand, stamp(since), stamp(until)),
            )
            return [
                Wait(moment(asked), answered and moment(answered), ended and moment(ended), moment(due))
                for asked, answered, ended, due in rows
            ]

    def to_warn(self, now: datetime) -> tuple[list[Case], list[Case]]:
        """The cases whose time is nearly over, and those whose time is, of which nobody has been warned."""
        with self._door.reading() as connection:
            late = cases(
                connection, "c.status = 'new' AND c.warned < 2 AND c.warn <= ?1 AND c.due <= ?1 ORDER BY c.due", (stamp(now),)
            )
            soon = cases(
                connection, "c.status = 'new' AND c.warned < 1 AND c.warn <= ?1 AND c.due > ?1 ORDER BY c.due", (stamp(now),)
            )
        return soon, late

    def to_hand_off(self, severity: int) -> list[Case]:
        """The new cases of this severity at least that nobody has handed off."""
        with self._door.reading() as connection:
            return cases(
                connection,
                """c.status = 'new' AND c.severity >= ? AND NOT EXISTS (SELECT 1 FROM case_events e
                WHERE e.case_id = c.id AND e.what = 'handed off') ORDER BY c.id""",
                (severity,),
            )


def warned(connection: Connection, some: Sequence[Case], level: Literal[1, 2]) -> None:
    """Remember, in the caller's transaction, that somebody was warned: 1 that time is short, 2 that it is over."""
    connection.executemany("UPDATE cases SET warned = ? WHERE id = ?", [(level, one.id) for one in some])
