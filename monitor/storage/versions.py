"""Which model version a report takes: never two in one series, and none before it has read what an earlier one had read.

A new version reads history again, newest first. Until it has read of a window what an earlier one had, reports of that window
stay with the earlier one. What each has read is counted by day (`reading_rollup`).
"""

from collections import defaultdict
from dataclasses import dataclass
from sqlite3 import Connection

from monitor.storage.door import Door
from monitor.storage.rollups import try_refresh
from reports.evidence import Successor, Window

Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Rereading:
    """A new version reads again what others have read: `left` mentions wait for it, those among them that are new included."""

    version: str
    left: int


class Versions:
    """The model versions that have read, as reports and checks ask for them."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def reported(self, brand: str, window: Window) -> str:
        """The version that reports of a window take: what compares several windows takes that of the longest for all. "": none."""
        with self._door.explained() as connection:
            try_refresh(connection, brand)
        with self._door.reading() as connection:
            found = reported(connection, brand, window)
            return version_of(connection, found) if found else ""

    def rereading(self) -> Rereading | None:
        """What the version that reads now has still to read again; None where nothing that others read waits for it."""
        with self._door.reading() as connection:
            known = connection.execute("SELECT id, version FROM models WHERE used > 0 ORDER BY used DESC").fetchall()
            if len(known) < 2:
                return None
            # The oldest first: history is read from its other end.
            waits = connection.execute(
                """SELECT 1 FROM matches a WHERE a.unread = 1
                AND EXISTS (SELECT 1 FROM readings r WHERE r.mention = a.mention AND r.brand = a.brand)
                AND NOT EXISTS (SELECT 1 FROM readings r WHERE r.mention = a.mention AND r.brand = a.brand AND r.model = ?)
                ORDER BY a.day, a.mention LIMIT 1""",
                (known[0][0],),
            ).fetchone()
            if waits is None:
                return None
            (left,) = connection.execute("SELECT count(*) FROM matches WHERE unread = 1").fetchone()
            return Rereading(known[0][1], left)


def reported(connection: Connection, brand: str, window: Window) -> int | None:
    """The newest version that has read, on every day of `window`, no less than any earlier one; None where none has read.

    Where several earlier ones have each read a part, the one that has read most.
    """
    read: dict[int, Counts] = defaultdict(dict)
    for model, day, n in connection.execute(
        """SELECT r.model, r.day, sum(r.n) FROM reading_rollup r JOIN models v ON v.id = r.model
        WHERE r.brand = ? AND r.day >= ? AND r.day < ? GROUP BY r.model, r.day ORDER BY v.used DESC, v.id DESC""",
        (brand, window.since.isoformat(), window.until.isoformat()),
    ):
        read[model][day] = n
    if not read:
        return None
    newest, *earlier = read
    if all(read[newest].get(day, 0) >= n for one in earlier for day, n in read[one].items()):
        return newest
    return max(earlier, key=lambda one: sum(read[one].values()))


def version_of(connection: Connection, model: int) -> str:
    """The name of a version."""
    return str(connection.execute("SELECT version FROM models WHERE id = ?", (model,)).fetchone()[0])


def successor(connection: Connection, brand: str, window: Window, model: int) -> Successor | None:
    """The version that reads now and how much of `window` it has read, where reports still take another; else None."""
    row = connection.execute("SELECT id, version FROM models WHERE used > 0 ORDER BY used DESC LIMIT 1").fetchone()
    if row is None or row[0] == model or model == 0:
        return None
    (read,) = connection.execute(
        "SELECT coalesce(sum(n), 0) FROM reading_rollup WHERE brand = ? AND day >= ? AND day < ? AND model = ?",
        (brand, window.since.isoformat(), window.until.isoformat(), row[0]),
    ).fetchone()
    return Successor(row[1], read)
