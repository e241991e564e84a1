"""Sources: what they remember and how they fare."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from sqlite3 import Connection
from typing import Any

from monitor.storage import ledger, rungs
from monitor.storage.connection import moment, stamp
from monitor.storage.door import Door
from monitor.storage.recognising import source_id
from monitor.storage.storable import storable
from monitor.storage.values import Kept, Listening, SourceCondition, SourceState
from monitor.wakeups import interval, pause_after
from sources.source import Batch, Cursor, DeniedError, GoneError, LocalError, RateLimitedError, SourceError

PATIENCE = 5


def unlike_sources(connection: Connection, configured: Iterable[Listening]) -> bool:
    """Whether sources differ from what the configuration says."""
    rows = connection.execute("SELECT name, kind, address, brands, due IS NOT NULL FROM sources").fetchall()
    known = {name: row for name, *row in rows}
    wanted = {one.id: [one.kind, one.address, json.dumps(one.brands)] for one in configured}
    return any(known.get(name, [])[:3] != row for name, row in wanted.items()) or any(
        listened and name not in wanted for name, (*_, listened) in known.items()
    )


def sync_sources(connection: Connection, configured: Iterable[Listening]) -> None:
    """Make sources what the configuration says; a new address forgets where the former one had moved to.

    Nobody expects to hear what is configured no more.
    """
    rows = [(source.id, source.kind, source.address, json.dumps(source.brands)) for source in configured]
    connection.executemany(
        """INSERT INTO sources (name, kind, address, brands) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET
        kind = excluded.kind, brands = excluded.brands, address = excluded.address,
        moved_to = CASE WHEN address = excluded.address THEN moved_to ELSE '' END""",
        rows,
    )
    names = json.dumps([row[0] for row in rows])
    connection.execute("UPDATE sources SET due = NULL WHERE name NOT IN (SELECT value FROM json_each(?))", (names,))


def imported_from(connection: Connection, source: str, file: str) -> str:
    """Note that `file` is imported as `source`; returns the other file that was, the last time, or "" where none was."""
    row = source_id(connection, source)
    kind, before = connection.execute("SELECT kind, address FROM sources WHERE id = ?", (row,)).fetchone()
    if kind != "import":
        return ""
    connection.execute("UPDATE sources SET address = ? WHERE id = ?", (file, row))
    return str(before) if before != file else ""


def cursor(connection: Connection, source: str) -> Cursor:
    """What the source wanted to remember; `{}` when nothing yet."""
    row = connection.execute("SELECT cursor FROM sources WHERE name = ?", (source,)).fetchone()
    return {} if row is None else _cursor(row[0])


def _cursor(text: str) -> Cursor:
    remembered: dict[str, Any] = json.loads(text)
    return remembered


def pause(connection: Connection, source: str, paused: bool, now: datetime) -> bool:
    """Pause a source or take it up again. Returns whether the source is known."""
    found = connection.execute("SELECT id FROM sources WHERE name = ?", (source,)).fetchone()
    if found is None:
        return False
    ledger.bridge(connection, found[0], now)
    connection.execute(
        "UPDATE sources SET state = ?, failures = 0, error = '', remedy = '', not_before = NULL, due = ? WHERE id = ?",
        ("paused" if paused else "active", stamp(now), found[0]),
    )
    return True


def heard(connection: Connection, source: str, batch: Batch, now: datetime, every: timedelta | None = None) -> None:
    """A collection succeeded: remember its cursor, what it could hear, and when to ask again; of one put off only the last.

    That is as often as `every` says, less often when the source has been bringing the same for long, and not before it likes.
    """
    row = source_id(connection, source)
    if batch.put_off and batch.wait:
        turn = stamp(now + batch.wait)
        connection.execute("UPDATE sources SET not_before = ?, due = ? WHERE id = ?", (turn, turn, row))
        return
    seen = _fingerprint(batch)
    known, quiet_since = connection.execute("SELECT seen, news FROM sources WHERE id = ?", (row,)).fetchone()
    news = now if quiet_since is None or (seen and seen != known) else moment(quiet_since)
    pauses = [pause for pause in (every and interval(every, now - news), batch.wait) if pause]
    ledger.cover(connection, row, now, batch.heard, storable(batch.reason))
    if batch.rung:
        rungs.note(connection, row, storable(batch.rung), now)
    connection.execute(
        """UPDATE sources SET cursor = ?, collected = ?, not_before = ?, failures = 0, error = '', remedy = '', news = ?, seen = ?,
        due = ?, moved_to = CASE WHEN ? = '' THEN moved_to ELSE ? END, state = CASE state WHEN 'paused' THEN state ELSE 'active' END
        WHERE id = ?""",
        (
            *(json.dumps(dict(batch.cursor)), stamp(now), None if batch.wait is None else stamp(now + batch.wait)),
            *(stamp(news), seen or known, stamp(now + max(pauses)) if every else None, batch.moved_to, batch.moved_to, row),
        ),
    )


def _fingerprint(batch: Batch) -> str:
    """What the mentions of a batch are told by, in their order; "" when there are none."""
    if not batch.mentions:
        return ""
    digest = hashlib.blake2b(digest_size=8)
    for one in batch.mentions:
        digest.update(f"{one.external_id}\0{one.title}\0{one.text}\0".encode("utf-8", "replace"))
    return digest.hexdigest()


def failed(
    connection: Connection, source: str, error: SourceError, now: datetime, patience: int = PATIENCE, chance: float = 0.0
) -> SourceCondition:
    """A collection failed: count it, note the hour as blind, and return the state that the source is in now.

    It is `failing` from the failure on that `patience` counts to. `chance` is the jitter of `wakeups.pause_after`.
    """
    row = source_id(connection, source)
    (failures,) = connection.execute("SELECT failures FROM sources WHERE id = ?", (row,)).fetchone()
    pause = pause_after(0 if isinstance(error, LocalError) else failures, denied=isinstance(error, DeniedError), chance=chance)
    until = error.until if isinstance(error, RateLimitedError) and error.until else now + pause
    state = condition(error, failing=failures + 1 >= patience)
    said = storable(str(error))
    ledger.cover(connection, row, now, "blind", said)
    connection.execute(
        """UPDATE sources SET failures = failures + 1, error = ?, remedy = ?, not_before = ?, due = ?,
        state = CASE state WHEN 'paused' THEN state ELSE ? END WHERE id = ?""",
        (said, storable(error.remedy), stamp(until), stamp(until), state, row),
    )
    ran(connection, source, now, Kept(), "blind", said)
    return state


def condition(error: SourceError, *, failing: bool = False) -> SourceCondition:
    """The state that a failure leaves a source in."""
    if isinstance(error, GoneError):
        return "gone"
    if isinstance(error, DeniedError):
        return "denied"
    if isinstance(error, RateLimitedError):
        return "limited"
    return "failing" if failing else "active"


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
        """SELECT s.name, s.kind, s.address, s.moved_to, s.brands, s.state, s.cursor, s.collected, s.not_before, s.news, s.failures,
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
            news=news and moment(news),
            failures=failures,
            error=error,
            remedy=remedy,
            last=Kept(*(count or 0 for count in last)),
        )
        for name, kind, address, moved_to, brands, state, seen, collected, not_before, news, failures, error, remedy, *last in rows
    ]


class Sources:
    """The room of the places that are listened to."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def sync(self, configured: Iterable[Listening]) -> None:
        """Make sources what the configuration says; their cursors stay."""
        wanted = list(configured)
        with self._door.reading() as connection:
            unlike = unlike_sources(connection, wanted)
        if unlike:
            with self._door.writing() as connection:
                sync_sources(connection, wanted)

    def cursor(self, source: str) -> Cursor:
        """What a source wanted to remember; `{}` at first."""
        with self._door.reading() as connection:
            return cursor(connection, source)

    def failed(
        self, source: str, error: SourceError, now: datetime, *, patience: int = PATIENCE, chance: float = 0.0
    ) -> SourceCondition:
        """Note a failed collection (see `failed`); returns the state that the source is in now."""
        with self._door.writing() as connection:
            return failed(connection, source, error, now, patience, chance)

    def unchanged(self, collected: Iterable[tuple[str, Batch, datetime, timedelta]]) -> None:
        """Note collections (source, batch, when, how often it is asked) that brought no mention, all in one transaction."""
        with self._door.writing() as connection:
            for source, batch, now, every in collected:
                heard(connection, source, batch, now, every)

    def pause(self, source: str, now: datetime, *, paused: bool = True) -> bool:
        """Pause a source, or take it up again; False when it is not known."""
        with self._door.writing() as connection:
            return pause(connection, source, paused, now)

    def states(self) -> list[SourceState]:
        """Every source and how it fares."""
        with self._door.reading() as connection:
            return states(connection)

    def imported_from(self, source: str, file: str) -> str:
        """Note that `file` is imported as `source`; returns the other file that was, the last time, or "" where none was."""
        with self._door.writing() as connection:
            return imported_from(connection, source, file)
