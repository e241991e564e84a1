"""The room of what the daemon does regularly: when each job last had its turn, and how that went."""

from dataclasses import dataclass
from datetime import datetime

from monitor.storage.connection import moment, stamp
from monitor.storage.door import Door

_COLUMNS = "name, turn, not_before, began, seconds, runs, failed, failures, said"


@dataclass(frozen=True, slots=True)
class JobRecord:
    """How a job fares. `turn` is the last one that it was done for, `failures` counts those since, `not_before` is the next try.

    `runs` and `failed` count from the beginning; `seconds` is how long the last run took, and `said` its line or its error.
    """

    name: str
    turn: datetime | None = None
    not_before: datetime | None = None
    began: datetime | None = None
    seconds: float = 0.0
    runs: int = 0
    failed: int = 0
    failures: int = 0
    said: str = ""


class Jobs:
    """When each job last ran."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def all(self) -> dict[str, JobRecord]:
        """Every job that ever had a turn, by its name; also those that the configuration no longer has."""
        with self._door.reading() as connection:
            rows = connection.execute(f"SELECT {_COLUMNS} FROM jobs ORDER BY name").fetchall()  # noqa: S608 - our own names
        return {
            name: JobRecord(name, _moment(turn), _moment(not_before), _moment(began), *counts)
            for name, turn, not_before, began, *counts in rows
        }

    def note(self, record: JobRecord) -> None:
        """Remember how a job fares."""
        values = (
            *(record.name, _stamp(record.turn), _stamp(record.not_before), _stamp(record.began), record.seconds),
            *(record.runs, record.failed, record.failures, record.said),
        )
        with self._door.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)


def _moment(stamped: str | None) -> datetime | None:
    return None if stamped is None else moment(stamped)


def _stamp(at: datetime | None) -> str | None:
    return None if at is None else stamp(at)
