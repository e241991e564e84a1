"""The store: one SQLite file with all that was heard, read and promised. The only door to SQL; the rooms behind it are `storage/`.

One writer at a time; readers never wait. Every method leaves either all of its work or none, and repeating one changes nothing.
Each may raise StoreError (what happened, and a remedy).
"""

import gc
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from models.reading import Reading
from monitor.storage import brands, keeping, listening, loading, reading, rollups
from monitor.storage.connection import BUSY_SECONDS, StoreError, connect, explained, stamp, writing
from monitor.storage.connection import reading as snapshot
from monitor.storage.values import Audit, Brand, Kept, Listening, Match, SourceCondition, SourceState, StoredMention, ToRead
from reports.evidence import AdvertisedPromise, Every, Evidence, Window
from sources.mention import Mention
from sources.source import Batch, Cursor, SourceError

__all__ = (
    "Audit",
    "Brand",
    "Kept",
    "Listening",
    "Match",
    "SourceCondition",
    "SourceState",
    "Store",
    "StoreError",
    "StoredMention",
    "ToRead",
)

IMPORTED_AT_ONCE = 20_000
"""Rows a transaction: few enough to lose little, many enough that the pages of the indexes are written seldom."""


class Store:
    """The open store. Use it as a context manager, in the thread that opened it."""

    def __init__(self, path: Path | str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self._path = path
        self._connection = connect(path, busy_seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the store is of no use afterwards."""
        self._connection.close()

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with explained(self._path), writing(self._connection):
            yield self._connection

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        with explained(self._path), snapshot(self._connection):
            yield self._connection

    # Brands

    def sync_brands(self, configured: Iterable[Brand]) -> None:
        """Make brands and promises what the configuration says; history stays."""
        with self._write() as connection:
            brands.sync_brands(connection, configured)

    def promises(self, brand: str) -> tuple[AdvertisedPromise, ...]:
        """The promises that a brand makes now."""
        with self._read() as connection:
            return brands.promises(connection, brand)

    def newest_day(self, brand: str, until: date = date.max) -> date | None:
        """The last day, up to and with `until`, on which somebody spoke of the brand: imported dates may lie in the future."""
        with self._read() as connection:
            return brands.newest_day(connection, brand, until)

    # Sources

    def sync_sources(self, configured: Iterable[Listening]) -> None:
        """Make sources what the configuration says; their cursors stay."""
        with self._write() as connection:
            listening.sync_sources(connection, configured)

    def cursor(self, source: str) -> Cursor:
        """What a source wanted to remember; `{}` at first."""
        with self._read() as connection:
            return listening.cursor(connection, source)

    def failed(self, source: str, error: SourceError, now: datetime) -> SourceCondition:
        """Note a failed collection; returns the state that the source is in now."""
        with self._write() as connection:
            return listening.failed(connection, source, error, now)

    def pause(self, source: str, *, paused: bool = True) -> bool:
        """Pause a source, or take it up again; False when it is not known."""
        with self._write() as connection:
            return listening.pause(connection, source, paused)

    def sources_state(self) -> list[SourceState]:
        """Every source and how it fares."""
        with self._read() as connection:
            return listening.states(connection)

    # Mentions

    def keep(self, source: str, batch: Batch, match: Callable[[Mention], Sequence[Match]], now: datetime) -> Kept:
        """Keep what a collection brought, with the source's cursor, its coverage and its run, in one transaction.

        `match` says which brands a mention speaks of; new ones that speak of none are counted and not stored.
        """
        pairs = [(mention, match(mention)) for mention in batch.mentions]
        with self._write() as connection:
            kept = keeping.keep(connection, pairs, stamp(now)) + Kept(skipped=len(batch.skipped))
            listening.heard(connection, source, batch, now)
            listening.ran(connection, source, now, kept, batch.heard, batch.reason)
        return kept

    def import_rows(
        self,
        rows: Iterable[tuple[Mention, Sequence[Match]]],
        now: datetime,
        progress: Callable[[int], None] | None = None,
        at_once: int = IMPORTED_AT_ONCE,
    ) -> Kept:
        """Keep any number of mentions, `at_once` a transaction; `progress` hears how many are done.

        An import that was interrupted is taken up by running it again: what is there is counted as unchanged.
        """
        kept, done, remaining = Kept(), 0, iter(rows)
        with _uncollected():
            while some := list(islice(remaining, at_once)):
                with self._write() as connection:
                    kept += keeping.keep(connection, some, stamp(now))
                done += len(some)
                if progress is not None:
                    progress(done)
        return kept

    def mentions(self, brand: str | None = None, window: Window | None = None) -> Iterator[StoredMention]:
        """Stored mentions for export, in the order they came in, in constant memory."""
        with explained(self._path):
            yield from loading.mentions(self._connection, brand, window)

    # Readings

    def unread(self, model: str, limit: int) -> list[ToRead]:
        """At most `limit` matches that `model` has not read, newest first. Asking makes it the version that reads now."""
        with explained(self._path):
            if reading.current_model(self._connection) != model:
                with writing(self._connection):
                    reading.make_current(self._connection, model)
            return reading.unread(self._connection, limit)

    def count_unread(self) -> int:
        """How many matches the model that reads now has not read."""
        with self._read() as connection:
            return reading.count_unread(connection)

    def note_model(self, version: str, priors: tuple[float, float, float]) -> None:
        """Remember the class shares (negative, neutral, positive) that a model's probabilities were calibrated for."""
        with self._write() as connection:
            reading.note_model(connection, version, priors)

    def save_readings(self, rows: Iterable[tuple[ToRead, Reading]]) -> int:
        """Save readings in one transaction; returns how many, leaving out mentions that were edited meanwhile."""
        with self._write() as connection:
            return reading.save_readings(connection, rows)

    def save_audits(self, audits: Sequence[Audit], now: datetime) -> None:
        """Save what people said of mentions; a later word replaces the earlier one."""
        with self._write() as connection:
            reading.save_audits(connection, audits, stamp(now))

    def audit_counts(self, brand: str, model: str) -> tuple[int, int]:
        """How many randomly drawn, audited mentions `model` has labelled, and how many of them right."""
        with self._read() as connection:
            return reading.audit_counts(connection, brand, model)

    # Reports

    def refresh_rollups(self, *, everything: bool = False) -> int:
        """Count again the days that changed, or every day; returns how many brand-days that were."""
        if everything:
            with self._write() as connection:
                rollups.mark_everything(connection)
        with explained(self._path):
            return rollups.refresh(self._connection)

    def load_evidence(
        self, brand: str, window: Window, every: Every = "week", *, model: str | None = None, generated: datetime
    ) -> Evidence:
        """What reports take, of one model version: the one that reads now unless `model` names another."""
        with explained(self._path):
            rollups.refresh(self._connection, brand)
        with self._read() as connection:
            return loading.load_evidence(connection, brand, window, every, model, generated)

    # Care

    def integrity_check(self) -> list[str]:
        """What is wrong with the file, in SQLite's words; empty when it is sound."""
        with explained(self._path):
            found = [row[0] for row in self._connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            orphans = self._connection.execute("PRAGMA foreign_key_check").fetchall()
        return found + [f"a row of {table} refers to a missing row of {parent}" for table, _, parent, _ in orphans]

    def backup(self, path: Path) -> None:
        """Write a consistent copy to `path`, also while others write; an earlier copy there is replaced at the very end."""
        part = path.with_name(f"{path.name}.part")
        try:
            with explained(path):
                copy = sqlite3.connect(part)
                try:
                    self._connection.backup(copy)
                finally:
                    copy.close()
            part.replace(path)
        except OSError as error:
            raise StoreError(f"{path}: {error}", remedy="choose a place where this user may write") from error
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Rows hold no cycles: the collector's walks over them cost a tenth of an import and free nothing."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
