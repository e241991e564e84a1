"""The history of causes: what became of each, when, and by whom."""

from datetime import datetime
from sqlite3 import Connection

from monitor.storage.connection import moment, stamp
from reports.causes_records import CauseEvent


def note(connection: Connection, cause: int, now: datetime, what: str, detail: str = "", who: str = "") -> None:
    """Write what became of a cause into its history; `who` is "" where the program did it."""
    connection.execute(
        "INSERT INTO cause_events (cause, at, what, detail, who) VALUES (?, ?, ?, ?, ?)", (cause, stamp(now), what, detail, who)
    )


def histories(connection: Connection, brand: str) -> dict[int, list[CauseEvent]]:
    """What became of a brand's causes, the oldest first."""
    rows = connection.execute(
        """SELECT e.cause, e.at, e.what, e.detail, e.who FROM cause_events e JOIN causes k ON k.id = e.cause
        WHERE k.brand = ? ORDER BY e.id""",
        (brand,),
    )
    found: dict[int, list[CauseEvent]] = {}
    for cause, at, what, detail, who in rows:
        found.setdefault(cause, []).append(CauseEvent(moment(at), what, detail, who))
    return found


def history(connection: Connection, cause: int) -> list[CauseEvent]:
    """What became of one cause, the oldest first."""
    rows = connection.execute("SELECT at, what, detail, who FROM cause_events WHERE cause = ? ORDER BY id", (cause,))
    return [CauseEvent(moment(at), what, detail, who) for at, what, detail, who in rows]
