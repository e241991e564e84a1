"""Sources: what they remember, how they fare, and the hours in which they could not be heard."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from sqlite3 import Connection
from typing import Any

from monitor.storage.connection import moment, stamp
from monitor.storage.keeping import source_id
from monitor.storage.values import Kept, Listening, SourceCondition, SourceState
from reports.evidence import Hole
from sources.source import Batch, Cursor, DeniedError, GoneError, RateLimitedError, SourceError

_HOUR = timedelta(hours=1)
_FIRST_PAUSE, _FIRST_PAUSE_DENIED, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def sync_sources(connection: Connection, configured: Iterable[Listening]) -> None:
    """Make sources what the configuration says; a new address forgets where the former one had moved to."""
    connection.executemany(
        """INSERT INTO sources (name, kind, address, brands) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET
        kind = excluded.kind, brands = excluded.brands, address = excluded.address,
        moved_to = CASE WHEN address = excluded.address THEN moved_to ELSE '' END""",
        [(source.id, source.kind, source.address, json.dumps(source.brands)) for source in configured],
    )


def cursor(connection: Connection, source: str) -> Cursor:
    """What the source wanted to remember; `{}` when nothing yet."""
    row = connection.execute("SELECT cursor FROM sources WHERE name = ?", (source,)).fetchone()
    return {} if row is None else _cursor(row[0])


def _cursor(text: str) -> Cursor:
    remembered: dict[str, Any] = json.loads(text)
    return remembered


def pause(connection: Connection, source: str, paused: bool) -> bool:
    """Pause a source or take it up again. Returns whether the source is known."""
    state = "paused" if paused else "active"
    return (
        connection.execute(
            "UPDATE sources SET state = ?, failures = 0, error = '', remedy = '', not_before = NULL WHERE name = ?", (state, source)
        ).rowcount
        > 0
    )


def heard(connection: Connection, source: str, batch: Batch, now: datetime) -> None:
    """A collection succeeded: remember its cursor, what it could hear, and how long it asks to be left alone."""
    row = source_id(connection, source)
    connection.execute(
        """UPDATE sources SET cursor = ?, collected = ?, not_before = ?, failures = 0, error = '', remedy = '',
        moved_to = CASE WHEN ? = '' THEN moved_to ELSE ? END, state = CASE state WHEN 'paused' THEN state ELSE 'active' END
        WHERE id = ?""",
        (
            *(json.dumps(dict(batch.cursor)), stamp(now), None if batch.wait is None else stamp(now + batch.wait)),
            *(batch.moved_to, batch.moved_to, row),
        ),
    )
    _cover(connection, row, now, batch.heard, batch.reason)


def failed(connection: Connection, source: str, error: SourceError, now: datetime) -> SourceCondition:
    """A collection failed: count it, note the hour as blind, and return the state that the source is in now."""
    row = source_id(connection, source)
    (failures,) = connection.execute("SELECT failures FROM sources WHERE id = ?", (row,)).fetchone()
    until = error.until if isinstance(error, RateLimitedError) and error.until else now + pause_after(error, failures)
    state = condition(error)
    connection.execute(
        """UPDATE sources SET failures = failures + 1, error = ?, remedy = ?, not_before = ?,
        state = CASE state WHEN 'paused' THEN state ELSE ? END WHERE id = ?""",
        (str(error), error.remedy, stamp(until), state, row),
    )
    _cover(connection, row, now, "blind", str(error))
    ran(connection, source, now, Kept(), "blind", str(error))
    return state


def pause_after(error: SourceError, failures: int) -> timedelta:
    """How long to leave a source alone that has failed `failures` times before: twice as long each time, at most a day."""
    first = _FIRST_PAUSE_DENIED if isinstance(error, DeniedError) else _FIRST_PAUSE
    return min(_LONGEST_PAUSE, first * int(2 ** min(failures, 20)))


def condition(error: SourceError) -> SourceCondition:
    """The state that a failure leaves a source in."""
    if isinstance(error, GoneError):
        return "gone"
    if isinstance(error, DeniedError):
        return "denied"
    return "limited" if isinstance(error, RateLimitedError) else "active"


def _cover(connection: Connection, source: int, now: datetime, ear: str, reason: str) -> None:
    """What was missed stays missed: later success in the same hour mends a blind hour, never a partial one."""
    connection.execute(
        """INSERT INTO coverage VALUES (?, ?, ?, ?) ON CONFLICT (source, hour) DO UPDATE
        SET heard = excluded.heard, reason = excluded.reason WHERE heard <> 'partial'""",
        (source, _hour(now), ear, reason),
    )


def ran(connection: Connection, source: str, now: datetime, kept: Kept, ear: str = "ok", reason: str = "") -> None:
    """Add to the counts of the run that began at `now`."""
    connection.execute(
        """INSERT INTO runs (source, at, new, copies, edited, unchanged, unmatched, skipped, heard, reason)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, at) DO UPDATE SET new = new + excluded.new,
        copies = copies + excluded.copies, edited = edited + excluded.edited, unchanged = unchanged + excluded.unchanged,
        unmatched = unmatched + excluded.unmatched, skipped = skipped + excluded.skipped""",
        (
            *(source_id(connection, source), stamp(now), kept.new, kept.copies, kept.edited, kept.unchanged),
            *(kept.unmatched, kept.skipped, ear, reason),
        ),
    )


def states(connection: Connection) -> list[SourceState]:
    """Every source, by name."""
    rows = connection.execute(
        """SELECT s.name, s.kind, s.address, s.moved_to, s.brands, s.state, s.cursor, s.collected, s.not_before, s.failures,
            s.error, s.remedy, r.new, r.copies, r.edited, r.unchanged, r.unmatched, r.skipped
        FROM sources s LEFT JOIN runs r ON r.source = s.id AND r.at = (SELECT max(at) FROM runs WHERE source = s.id)
        ORDER BY s.name"""
    )
    return [
        SourceState(
            id=name,
            kind=kind,
            address=address,
            moved_to=moved_to,
            brands=tuple(json.loads(brands)),
            state=state,
            cursor=_cursor(seen),
            collected=collected and moment(collected),
            not_before=not_before and moment(not_before),
            failures=failures,
            error=error,
            remedy=remedy,
            last=Kept(*(count or 0 for count in counts)),
        )
        for name, kind, address, moved_to, brands, state, seen, collected, not_before, failures, error, remedy, *counts in rows
    ]


def holes(connection: Connection, brand: str, since: datetime, until: datetime) -> tuple[Hole, ...]:
    """Stretches between `since` and `until` in which a source of `brand` was not, or only partly, heard.

    A stretch lasts while every collection that was tried ended alike; hours in which none was due do not break it.
    """
    rows = connection.execute(
        """SELECT s.name, c.hour, c.heard, c.reason FROM sources s JOIN coverage c ON c.source = s.id
        WHERE (s.brands = '[]' OR EXISTS (SELECT 1 FROM json_each(s.brands) WHERE value = ?))
            AND c.hour >= ? AND c.hour < ? ORDER BY s.name, c.hour""",
        (brand, _hour(since), stamp(until)),
    )
    found: list[Hole] = []
    previous: tuple[str, str] | None = None
    for source, hour, ear, reason in rows:
        start = moment(hour)
        if ear != "ok":
            if found and previous == (source, ear):
                last = found.pop()
                found.append(Hole(source, last.since, start + _HOUR, ear, reason or last.reason))
            else:
                found.append(Hole(source, start, start + _HOUR, ear, reason))
        previous = (source, ear)
    return tuple(found)


def _hour(now: datetime) -> str:
    return f"{stamp(now)[:13]}:00:00Z"
