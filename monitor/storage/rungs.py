"""On which rung of its ladder each source was heard, day by day."""

from datetime import datetime
from sqlite3 import Connection

from monitor.storage.connection import stamp
from reports.evidence import Rung


def note(connection: Connection, source: int, rung: str, now: datetime) -> None:
    """Note that a source was heard from `rung` today; days are those of UTC."""
    connection.execute("INSERT OR IGNORE INTO rungs VALUES (?, ?, ?)", (source, stamp(now)[:10], rung))


def stood_on(connection: Connection, brand: str, since: datetime, until: datetime) -> tuple[Rung, ...]:
    """The rungs that sources of `brand` were heard from between `since` and `until`, each with its days, the latest last."""
    rows = connection.execute(
        """SELECT s.name, r.rung, count(*) FROM rungs r JOIN sources s ON s.id = r.source
        WHERE r.day >= ? AND r.day <= ? AND (s.brands = '[]' OR EXISTS (SELECT 1 FROM json_each(s.brands) WHERE value = ?))
        GROUP BY s.name, r.rung ORDER BY s.name, max(r.day), r.rung""",
        (stamp(since)[:10], stamp(until)[:10], brand),
    )
    return tuple(Rung(*row) for row in rows)
