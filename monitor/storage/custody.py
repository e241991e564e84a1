"""The room of how data are cared for: what was erased on request, which backups were made, and names that become pseudonyms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.storage import forgetting
from monitor.storage.connection import moment, stamp
from monitor.storage.door import Door

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Proof:
    """That somebody's mentions were erased: how many, when, and the salted hash of what was asked for, in place of the name."""

    id: int
    at: datetime
    mentions: int
    salt: str
    asked: str


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the store that was written: when, where, and how large, in bytes."""

    at: datetime
    path: str
    bytes: int


class Custody:
    """Proofs, backups, and what is not to be kept."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def proofs(self) -> list[Proof]:
        """What was erased on request, in order."""
        with self._door.reading() as connection:
            rows = connection.execute("SELECT id, at, mentions, salt, asked FROM erasures ORDER BY id").fetchall()
        return [Proof(number, moment(at), *rest) for number, at, *rest in rows]

    def prove(self, now: datetime, mentions: int, salt: str, asked: str) -> Proof:
        """Note an erasure; returns its proof."""
        with self._door.writing() as connection:
            (number,) = connection.execute(
                "INSERT INTO erasures (at, mentions, salt, asked) VALUES (?, ?, ?, ?) RETURNING id",
                (stamp(now), mentions, salt, asked),
            ).fetchone()
        return Proof(number, moment(stamp(now)), mentions, salt, asked)

    def note_backup(self, made: Backup) -> None:
        """Remember the last backup; the one before is of no interest."""
        with self._door.writing() as connection:
            connection.execute("DELETE FROM backups")
            connection.execute("INSERT INTO backups VALUES (?, ?, ?)", (stamp(made.at), made.path, made.bytes))

    def last_backup(self) -> Backup | None:
        """The last backup that was written; None when there never was one."""
        with self._door.reading() as connection:
            row = connection.execute("SELECT at, path, bytes FROM backups").fetchone()
        return None if row is None else Backup(moment(row[0]), *row[1:])

    def count_author(self, authors: Sequence[str], source: str | None) -> int:
        """How many mentions of these names are stored or put by, their further identities included."""
        with self._door.reading() as connection:
            return sum(map(len, forgetting.written_by(connection, authors, source).values()))

    def erase_author(self, authors: Sequence[str], source: str | None, now: datetime) -> int:
        """Delete all that is stored or put by of these names, some a transaction, for good; returns how many mentions.

        The full-text index is rewritten for it: some minutes where there are ten million mentions.
        """
        with self._door.reading() as connection:
            found = forgetting.written_by(connection, authors, source)
        erased = 0
        for name, identities in found.items():
            for at in range(0, len(identities), _AT_ONCE):
                with self._door.writing() as connection:
                    erased += forgetting.erase(connection, name, identities[at : at + _AT_ONCE], now)
        first = more = bool(erased)
        while more:
            with self._door.writing() as connection:
                more, first = forgetting.merge_index(connection, first=first), False
        return erased

    def forget_ledger(self, before: datetime, stopped: Callable[[], bool] = lambda: False) -> int:
        """Delete entries of the ledger from before then, a source a transaction, until `stopped`; returns how many."""
        with self._door.reading() as connection:
            sources = [row for (row,) in connection.execute("SELECT id FROM sources")]
        entries = 0
        for source in sources:
            if stopped():
                break
            with self._door.writing() as connection:
                entries += forgetting.forget_ledger(connection, source, stamp(before))
        return entries

    def disguise(self, how: Callable[[str], str]) -> int:
        """Replace the authors of all stored mentions, some a transaction; returns how many. What is put by goes in time."""
        changed, after = 0, 0
        last: int | None = 0
        while last is not None:
            with self._door.writing() as connection:
                some, last = forgetting.disguise_stored(connection, how, after)
            changed, after = changed + some, last or after
        return changed
