"""The room of causes: what is known of each, what a person did about it, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from sqlite3 import Connection

from monitor.storage.brands import known_brand
from monitor.storage.cause_events import history, note
from monitor.storage.cause_evidence import CauseEvidences
from monitor.storage.cause_queries import NAMED, found, known
from monitor.storage.complaints import Complaints
from monitor.storage.connection import StoreError
from monitor.storage.door import Door
from reports.causes_records import CauseEvent, KnownCause, Status

LONGEST_NAME = 120
_TAKE_OUT = """WITH RECURSIVE parts (id) AS (
        SELECT :cause UNION SELECT k.id FROM parts p JOIN causes k ON k.part_of = p.id AND k.merged_into = :whole)
    UPDATE causes SET merged_into = :cause WHERE id IN parts AND id <> :cause"""


@dataclass(frozen=True, slots=True)
class CauseName:
    """A name in a customer's words, and the mention that has them; `complaints` is how many it was chosen among."""

    cause: int
    mention: int
    name: str
    complaints: int


class Causes:
    """Causes of complaints. `complaints` has the passages that they are made of."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self.complaints = Complaints(door)
        self.evidence = CauseEvidences(door)

    def known(self, brand: str) -> list[KnownCause]:
        """The causes of a brand that have complaints, or once had and were put right; those merged into others left out."""
        with self._door.reading() as connection:
            return known(connection, brand)

    def find(self, cause: int) -> KnownCause:
        """One cause.

        Raises:
            StoreError: there is none with that number, or it was merged into another.
        """
        with self._door.reading() as connection:
            return found(connection, cause)

    def brand(self, cause: int) -> str:
        """The brand that a cause belongs to."""
        with self._door.reading() as connection:
            found(connection, cause)
            (brand,) = connection.execute("SELECT brand FROM causes WHERE id = ?", (cause,)).fetchone()
        return str(brand)

    def merged(self, cause: int) -> list[tuple[int, str]]:
        """The causes that were merged into one, with their names."""
        with self._door.reading() as connection:
            return connection.execute(f"SELECT k.id, {NAMED} FROM causes k WHERE merged_into = ? ORDER BY 1", (cause,)).fetchall()  # noqa: S608 - a constant

    def merged_into(self, cause: int) -> int | None:
        """The cause that one is part of; None where it is one of its own, or there is none."""
        with self._door.reading() as connection:
            row = connection.execute("SELECT merged_into FROM causes WHERE id = ?", (cause,)).fetchone()
        return None if row is None else row[0]

    def history(self, cause: int) -> list[CauseEvent]:
        """What became of a cause, the oldest first."""
        with self._door.reading() as connection:
            return history(connection, cause)

    def untouched(self, brand: str) -> set[int]:
        """The causes that nobody has renamed, covered or merged: only these are merged without asking."""
        with self._door.reading() as connection:
            rows = connection.execute(
                """SELECT id FROM causes k WHERE brand = ? AND merged_into IS NULL
                AND NOT EXISTS (SELECT 1 FROM cause_events e WHERE e.cause = k.id AND e.who <> '')""",
                (brand,),
            )
            return {row for (row,) in rows}

    def checked_sizes(self, causes: Sequence[int]) -> dict[int, int]:
        """How many complaints causes had when each was last looked at whether it is one or two."""
        with self._door.reading() as connection:
            rows = (connection.execute("SELECT id, checked FROM causes WHERE id = ?", (cause,)).fetchone() for cause in causes)
            return dict(row for row in rows if row is not None)

    def named(self, brand: str) -> dict[int, CauseName]:
        """The names in customers' words by cause; none for a cause whose name-giver was split off or put aside with another."""
        with self._door.reading() as connection:
            rows = connection.execute(
                """SELECT w.cause, w.mention, w.name, w.complaints FROM cause_words w JOIN causes k ON k.id = w.cause
                WHERE k.brand = ? AND EXISTS (SELECT 1 FROM complaints c JOIN causes o ON o.id = c.cause
                    WHERE c.mention = w.mention AND coalesce(o.merged_into, o.id) = w.cause)""",
                (brand,),
            )
            return {row[0]: CauseName(*row) for row in rows}

    def sizes(self, brand: str) -> dict[int, int]:
        """How many complaints each cause of a brand has, with those merged into it."""
        with self._door.reading() as connection:
            return dict(
                connection.execute(
                    """SELECT coalesce(k.merged_into, k.id), count(*) FROM causes k JOIN complaints c ON c.cause = k.id
                    WHERE k.brand = ? GROUP BY 1""",
                    (brand,),
                )
            )

    def timezone(self, brand: str) -> str:
        """The time zone of a brand."""
        with self._door.reading() as connection:
            return known_brand(connection, brand)[1]

    def name(self, names: Sequence[CauseName]) -> None:
        """Give causes names in customers' words."""
        with self._door.writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO cause_words (cause, mention, name, complaints) VALUES (?, ?, ?, ?)",
                [(one.cause, one.mention, one.name, one.complaints) for one in names],
            )

    def cover(self, cause: int, day: date, what: str, now: datetime, who: str = "") -> None:
        """Note that a cause was put right on `day`, and how.

        Raises:
            StoreError: there is no such cause, or the day is still to come (tomorrow is taken: it may be that already elsewhere).
        """
        if day > (now + timedelta(days=1)).date():
            raise StoreError(f"{day} is still to come", remedy="cover the cause when it is done, with the day on which that was")
        with self._door.writing() as connection:
            found(connection, cause)
            connection.execute(
                "UPDATE causes SET status = 'covered', covered = ?, done = ? WHERE id = ?", (day.isoformat(), what, cause)
            )
            note(connection, cause, now, "covered", f"{day.isoformat()}: {what}", who or "somebody")

    def reopen(self, cause: int, now: datetime, who: str = "") -> None:
        """Note that a cause is open again after all."""
        with self._door.writing() as connection:
            found(connection, cause)
            connection.execute("UPDATE causes SET status = 'reopened' WHERE id = ?", (cause,))
            note(connection, cause, now, "reopened", "", who or "somebody")

    def judge(self, cause: int, status: Status, why: str, now: datetime) -> None:
        """Note what the complaints since say of a covered cause: confirmed or reopened."""
        with self._door.writing() as connection:
            connection.execute("UPDATE causes SET status = ? WHERE id = ?", (status, cause))
            note(connection, cause, now, status, why, "")

    def rename(self, cause: int, name: str, now: datetime, who: str = "") -> None:
        """Give a cause a name of one's own; "" leaves it to the customers' words again.

        Raises:
            StoreError: there is no such cause, or the name is too long for a headline.
        """
        if len(name) > LONGEST_NAME:
            raise StoreError(f"the name has {len(name):,} signs", remedy=f"say it in {LONGEST_NAME}: it stands in headlines")
        with self._door.writing() as connection:
            found(connection, cause)
            connection.execute("UPDATE causes SET title = ? WHERE id = ?", (name, cause))
            note(connection, cause, now, "renamed", name, who or "somebody")

    def merge(self, kept: int, other: int, now: datetime, who: str = "", *, by_hand: bool = True) -> None:
        """Let two causes of a brand be one, under the number of the first.

        Raises:
            StoreError: one of them is not there, or they are of different brands.
        """
        with self._door.writing() as connection:
            merge(connection, kept, other, now, (who or "somebody") if by_hand else "")

    def unmerge(self, other: int, now: datetime, who: str = "") -> int:
        """Take a merge back; returns the cause that it was merged into. What was heard since stays there.

        Causes that had been merged into this one before go with it.

        Raises:
            StoreError: it is not merged into another.
        """
        with self._door.writing() as connection:
            row = connection.execute("SELECT merged_into FROM causes WHERE id = ?", (other,)).fetchone()
            if row is None or row[0] is None:
                raise StoreError(f"cause {other} is not merged into another", remedy="run: promisewatch causes --format md")
            connection.execute(_TAKE_OUT, {"cause": other, "whole": row[0]})
            connection.execute("UPDATE causes SET merged_into = NULL, part_of = NULL WHERE id = ?", (other,))
            note(connection, row[0], now, "undone", f"cause {other} is one of its own again", who or "somebody")
            note(connection, other, now, "undone", f"no longer part of cause {row[0]}", who or "somebody")
        return int(row[0])


def merge(connection: Connection, kept: int, other: int, now: datetime, who: str = "") -> None:
    """As `Causes.merge`, within the caller's transaction."""
    for cause in (kept, other):
        found(connection, cause)
    brands = {row for (row,) in connection.execute("SELECT brand FROM causes WHERE id IN (?, ?)", (kept, other))}
    if kept == other or len(brands) > 1:
        raise StoreError(
            f"causes {kept} and {other} cannot be one", remedy="name two different causes of the same brand, the one to keep first"
        )
    connection.execute("UPDATE causes SET merged_into = ? WHERE id = ? OR merged_into = ?", (kept, other, other))
    connection.execute("UPDATE causes SET part_of = ? WHERE id = ?", (kept, other))
    # Names are customers' words: here they would outlive what they were taken from.
    note(connection, kept, now, "merged", f"with cause {other}", who)
    note(connection, other, now, "merged", f"into cause {kept}", who)
