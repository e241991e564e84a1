"""The store: one SQLite file with all that was heard, read and promised. The only door to SQL; the rooms behind it are `storage/`.

One writer at a time; readers never wait. Every method leaves either all of its work or none, and repeating one changes nothing.
Each may raise StoreError (what happened, and a remedy).
"""

import gc
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from models.reading import Label, Reading
from monitor.storage import (
    auditing,
    brands,
    correcting,
    forgetting,
    keeping,
    listening,
    loading,
    matching,
    reading,
    retracting,
    rollups,
)
from monitor.storage.auditing import AuditItem, AuditSummary, Draw
from monitor.storage.connection import BUSY_SECONDS, StoreError, explained, make_private, stamp, writing
from monitor.storage.correcting import Correction, Labelled
from monitor.storage.door import Door
from monitor.storage.rooms import Rooms
from monitor.storage.values import (
    Audit,
    Brand,
    Concentration,
    ExclusionCount,
    Kept,
    Listening,
    Match,
    Matched,
    MatchedMention,
    Rematch,
    Retracted,
    SourceCondition,
    SourceState,
    StoredMention,
    ToRead,
)
from monitor.storage.versions import Versions
from reports.evidence import AdvertisedPromise, Every, Evidence, Window
from sources.mention import Mention
from sources.source import Batch, Cursor, Fate, SourceError

__all__ = (
    "Audit",
    "AuditItem",
    "AuditSummary",
    "Brand",
    "Correction",
    "Draw",
    "Kept",
    "Labelled",
    "Listening",
    "Match",
    "SourceCondition",
    "SourceState",
    "Store",
    "StoreError",
    "StoredMention",
    "ToRead",
)

M = TypeVar("M", bound=Sequence[Match])

IMPORTED_AT_ONCE = 20_000
"""Rows a transaction: few enough to lose little, many enough that the pages of the indexes are written seldom."""


class Store(Rooms):
    """The open store. Use it as a context manager, in the thread that opened it.

    `disguise` is what is kept in place of an author's name.
    """

    def __init__(
        self, path: Path | str, *, busy_seconds: float = BUSY_SECONDS, disguise: Callable[[str], str] | None = None
    ) -> None:
        self._disguise = disguise
        self.door = Door(path, busy_seconds)
        self.versions = Versions(self.door)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the store is of no use afterwards."""
        self.door.connection.close()

    # Brands

    def sync_brands(self, configured: Iterable[Brand]) -> None:
        """Make brands and promises what the configuration says; history stays."""
        wanted = list(configured)
        with self.door.reading() as connection:
            unlike = brands.unlike_brands(connection, wanted)
        if unlike:
            with self.door.writing() as connection:
                brands.sync_brands(connection, wanted)

    def promises(self, brand: str) -> tuple[AdvertisedPromise, ...]:
        """The promises that a brand makes now."""
        with self.door.reading() as connection:
            return brands.promises(connection, brand)

    def newest_day(self, brand: str, until: date = date.max) -> date | None:
        """The last day, up to and with `until`, on which somebody spoke of the brand: imported dates may lie in the future."""
        with self.door.reading() as connection:
            return brands.newest_day(connection, brand, until)

    # Sources

    def sync_sources(self, configured: Iterable[Listening]) -> None:
        """Make sources what the configuration says; their cursors stay."""
        wanted = list(configured)
        with self.door.reading() as connection:
            unlike = listening.unlike_sources(connection, wanted)
        if unlike:
            with self.door.writing() as connection:
                listening.sync_sources(connection, wanted)

    def cursor(self, source: str) -> Cursor:
        """What a source wanted to remember; `{}` at first."""
        with self.door.reading() as connection:
            return listening.cursor(connection, source)

    def failed(
        self, source: str, error: SourceError, now: datetime, *, patience: int = listening.PATIENCE, chance: float = 0.0
    ) -> SourceCondition:
        """Note a failed collection (see `listening.failed`); returns the state that the source is in now."""
        with self.door.writing() as connection:
            return listening.failed(connection, source, error, now, patience, chance)

    def unchanged(self, heard: Iterable[tuple[str, Batch, datetime, timedelta]]) -> None:
        """Note collections (source, batch, when, how often it is asked) that brought no mention, all in one transaction."""
        with self.door.writing() as connection:
            for source, batch, now, every in heard:
                listening.heard(connection, source, batch, now, every)

    def pause(self, source: str, now: datetime, *, paused: bool = True) -> bool:
        """Pause a source, or take it up again; False when it is not known."""
        with self.door.writing() as connection:
            return listening.pause(connection, source, paused, now)

    def sources_state(self) -> list[SourceState]:
        """Every source and how it fares."""
        with self.door.reading() as connection:
            return listening.states(connection)

    def imported_from(self, source: str, file: str) -> str:
        """Note that `file` is imported as `source`; returns the other file that was, the last time, or "" where none was."""
        with self.door.writing() as connection:
            return listening.imported_from(connection, source, file)

    # Mentions

    def keep(
        self,
        source: str,
        batch: Batch,
        match: Callable[[Mention], Sequence[Match]],
        now: datetime,
        every: timedelta | None = None,
    ) -> Kept:
        """Keep what a collection brought, with the source's cursor, its coverage and its run, in one transaction.

        `every` is how often the source is asked. `match` says which brands a mention speaks of; new ones that speak of none are
        counted and not stored, only put by for as long as `match` says.
        """
        pairs = self._disguised([(mention, match(mention)) for mention in batch.mentions])
        with self.door.writing() as connection:
            kept = keeping.keep(connection, pairs, stamp(now)) + Kept(skipped=len(batch.skipped))
            matching.note(connection, pairs, now, aside=True)
            listening.heard(connection, source, batch, now, every)
            listening.ran(connection, source, now, kept, batch.heard, batch.reason)
        return kept

    def keep_each(self, rows: Sequence[tuple[Mention, Sequence[Match]]], now: datetime) -> list[Kept]:
        """Keep a few mentions in one transaction; returns what became of each."""
        rows = self._disguised(rows)
        with self.door.writing() as connection:
            kept = [keeping.keep(connection, [row], stamp(now)) for row in rows]
            matching.note(connection, rows, now, aside=True)
        return kept

    def import_rows(
        self,
        rows: Iterable[tuple[Mention, Sequence[Match]]],
        now: datetime,
        progress: Callable[[int], None] | None = None,
        at_once: int = IMPORTED_AT_ONCE,
        *,
        update: bool = False,
    ) -> Kept:
        """Keep any number of mentions, `at_once` a transaction; `progress` hears how many are done.

        An import that was interrupted is taken up by running it again: what is there is counted as unchanged. With `update`, rows
        that are known are made what they say now: date, author, voice, brand and all.
        """
        kept, done, remaining = Kept(), 0, iter(rows)
        with _uncollected():
            while some := self._disguised(list(islice(remaining, at_once))):
                with self.door.writing() as connection:
                    kept += keeping.keep(connection, some, stamp(now), "replace" if update else "leave")
                    matching.note(connection, some, now)
                done += len(some)
                if progress is not None:
                    progress(done)
        return kept

    def _disguised(self, rows: Sequence[tuple[Mention, M]]) -> Sequence[tuple[Mention, M]]:
        """Replace authors' names. It comes after matching, which knows brands' own accounts by them."""
        how = self._disguise
        return [(replace(one, author=how(one.author)), match) for one, match in rows] if how else rows

    def mentions(self, brand: str | None = None, window: Window | None = None) -> Iterator[StoredMention]:
        """Stored mentions for export, in the order they came in, in constant memory."""
        with self.door.explained():
            yield from loading.mentions(self.door.connection, brand, window)

    # Taking back

    def queue_rechecks(self, source: str, within: timedelta, now: datetime) -> None:
        """Put what has come of a source since the last call into the queue of what is looked at again, due `within`."""
        with self.door.writing() as connection:
            retracting.queue(connection, source, within, now)

    def due_rechecks(self, source: str, now: datetime, limit: int) -> list[str]:
        """At most `limit` identities of a source's items that are to be looked at again now."""
        with self.door.reading() as connection:
            return retracting.due(connection, source, now, limit)

    def count_rechecks(self, source: str, now: datetime) -> int:
        """How many of a source's items are to be looked at again now."""
        with self.door.reading() as connection:
            return retracting.waiting(connection, source, now)

    def settle_rechecks(
        self, source: str, asked: Sequence[str], fates: Mapping[str, Fate], within: timedelta, now: datetime
    ) -> Retracted:
        """Remove what was removed at the place, forget its authors, and look at the rest again `within`, in one transaction."""
        with self.door.writing() as connection:
            return retracting.settle(connection, source, asked, fates, within, now)

    def count_chosen(self, chosen: forgetting.Chosen) -> int:
        """How many mentions are chosen to be deleted."""
        with self.door.reading() as connection:
            return forgetting.count(connection, chosen)

    def delete(
        self,
        chosen: forgetting.Chosen,
        progress: Callable[[int], None] | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> int:
        """Delete the chosen mentions, some a transaction; `progress` hears how many are gone. Returns how many were deleted.

        Once `stopped`, the rest is left for the next time.
        """
        deleted, some = 0, -1
        while some and not stopped():
            with self.door.writing() as connection:
                some = forgetting.delete(connection, chosen)
                if not some and chosen.source and not (chosen.brand or chosen.before):
                    forgetting.forget_source(connection, chosen.source)
            deleted += some
            if progress is not None:
                progress(deleted)
        return deleted

    # Matching

    def exclusions(self, brand: str, window: Window | None = None) -> list[ExclusionCount]:
        """How many mentions each NOT and each entry of a deny list kept from a brand, by its days."""
        with self.door.reading() as connection:
            return matching.exclusions(connection, brand, window)

    def matched(self) -> Iterator[list[MatchedMention]]:
        """Stored mentions with their matches, in pages."""
        with self.door.explained():
            yield from matching.matched(self.door.connection)

    def unmatched(self, now: datetime) -> Iterator[list[Mention]]:
        """The mentions that speak of no brand and are still within reach, in pages."""
        with self.door.explained():
            yield from matching.unmatched(self.door.connection, now)

    def rematch(
        self, changes: Sequence[Rematch], brands: Sequence[str], judged: Sequence[tuple[Mention, Matched]], now: datetime
    ) -> None:
        """Change the matches of stored mentions, and note which of those that were judged are excluded from `brands` now."""
        with self.door.writing() as connection:
            matching.rematch(connection, changes)
            matching.judge_anew(connection, brands, judged, now)

    def take_in(self, judged: Sequence[tuple[Mention, Matched]], brands: Sequence[str], now: datetime) -> None:
        """Store those mentions of no brand that speak of one of `brands` now; note which are excluded."""
        with self.door.writing() as connection:
            keeping.keep(connection, [pair for pair in judged if pair[1]], stamp(now))
            matching.judge_anew(connection, brands, judged, now)
            matching.forget_unmatched(connection)

    # Readings

    def unread(self, model: str, limit: int) -> list[ToRead]:
        """At most `limit` matches that `model` has not read, newest first. Asking makes it the version that reads now."""
        with self.door.explained():
            if reading.current_model(self.door.connection) != model:
                with writing(self.door.connection):
                    reading.make_current(self.door.connection, model)
            return reading.unread(self.door.connection, limit)

    def count_unread(self) -> int:
        """How many matches the model that reads now has not read."""
        with self.door.reading() as connection:
            return reading.count_unread(connection)

    def note_model(self, version: str, priors: tuple[float, float, float] | None) -> None:
        """Remember the class shares (negative, neutral, positive) that a model's probabilities were calibrated for, if any."""
        with self.door.writing() as connection:
            reading.note_model(connection, version, priors)

    def save_readings(self, rows: Iterable[tuple[ToRead, Reading]]) -> int:
        """Save readings in one transaction; returns how many, leaving out mentions that were edited meanwhile."""
        with self.door.writing() as connection:
            return reading.save_readings(connection, rows)

    # What people say

    def draw_audit(self, brand: str, window: Window, size: int, seed: int | None, now: datetime) -> Draw:
        """Draw a random sample of a window's units, to be labelled by a person."""
        with self.door.writing() as connection:
            return auditing.draw(connection, brand, window, size, seed, stamp(now))

    def audit_items(self, brand: str, draw: int | None = None) -> list[AuditItem]:
        """What was drawn, with what people have said of it."""
        with self.door.reading() as connection:
            return auditing.items(connection, brand, draw)

    def drawn_for(self, mentions: Sequence[int]) -> dict[int, set[str]]:
        """For each stored one of `mentions`, the brands that it was drawn for."""
        with self.door.reading() as connection:
            return auditing.drawn_for(connection, mentions)

    def save_audits(self, audits: Sequence[Audit], now: datetime) -> None:
        """Save what people said of mentions; a later word replaces the earlier one."""
        with self.door.writing() as connection:
            auditing.save(connection, audits, stamp(now))

    def forget_audit(self, brand: str, mention: int) -> None:
        """Take back what was said of a mention."""
        with self.door.writing() as connection:
            auditing.forget(connection, brand, mention)

    def audit_counts(self, brand: str, model: str) -> tuple[int, int]:
        """How many randomly drawn, audited mentions `model` has labelled, and how many of them right."""
        with self.door.reading() as connection:
            return auditing.counts(connection, brand, model)

    def audit_summary(self, brand: str) -> AuditSummary:
        """What people said of the random samples beside what the model that reads now says."""
        with self.door.reading() as connection:
            return auditing.summary(connection, brand)

    def labels(self, brand: str, window: Window | None = None, mentions: Sequence[int] | None = None) -> Iterator[Labelled]:
        """Mentions of a brand with the label that counts now, the newest first."""
        with self.door.explained():
            yield from correcting.labels(self.door.connection, brand, window, mentions)

    def correct(self, brand: str, mentions: Sequence[int], label: Label, now: datetime, query: str = "") -> int:
        """Put mentions right; returns the correction's number. A single one that was drawn at random is audited by it."""
        with self.door.writing() as connection:
            number = correcting.correct(connection, brand, mentions, label, query, stamp(now))
            if not query:
                drawn = auditing.drawn_for(connection, mentions)
                auditing.save(connection, [Audit(one, brand, label) for one in mentions if brand in drawn[one]], stamp(now))
        return number

    def add_rule(self, brand: str, query: str, label: Label, matching: Sequence[int], now: datetime) -> int:
        """Put right what `query` matches, now and in future; `matching` are those that it matches now. Returns its number."""
        with self.door.writing() as connection:
            return correcting.add_rule(connection, brand, query, label, matching, stamp(now))

    def corrections(self, brand: str | None = None) -> list[Correction]:
        """What was put right and stands."""
        with self.door.explained():
            rollups.refresh(self.door.connection, brand)
        with self.door.reading() as connection:
            return correcting.made(connection, brand)

    def undo_correction(self, number: int) -> Correction | None:
        """Take a correction back; None when there is no such number."""
        with self.door.writing() as connection:
            return correcting.undo(connection, number)

    # Reports

    def refresh_rollups(self, *, everything: bool = False) -> int:
        """Count again the days that changed, or every day; returns how many brand-days that were."""
        if everything:
            with self.door.writing() as connection:
                rollups.mark_everything(connection)
        with self.door.explained():
            return rollups.refresh(self.door.connection)

    def load_evidence(
        self, brand: str, window: Window, every: Every = "week", *, model: str | None = None, generated: datetime
    ) -> Evidence:
        """What reports take, of one model version: the one that reads now unless `model` names another."""
        with self.door.explained():
            written = rollups.try_refresh(self.door.connection, brand)
        with self.door.reading() as connection, rollups.counted(connection, brand, beside=not written):
            return loading.load_evidence(connection, brand, window, every, model, generated)

    def concentration(
        self, brand: str, window: Window, label: Label = "negative", *, model: str | None = None, top: int = 10
    ) -> Concentration:
        """On how many authors the customers' units with `label` rest."""
        with self.door.explained():
            written = rollups.try_refresh(self.door.connection, brand)
        with self.door.reading() as connection, rollups.counted(connection, brand, beside=not written):
            return loading.concentration(connection, brand, window, label, model, top)

    # Care

    def integrity_check(self) -> list[str]:
        """What is wrong with the file, in SQLite's words; empty when it is sound."""
        with self.door.explained():
            found = [row[0] for row in self.door.connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            orphans = self.door.connection.execute("PRAGMA foreign_key_check").fetchall()
        return found + [f"a row of {table} refers to a missing row of {parent}" for table, _, parent, _ in orphans]

    def backup(self, path: Path) -> None:
        """Write a consistent copy to `path`, also while others write; an earlier copy there is replaced at the very end."""
        part = path.with_name(f"{path.name}.part")
        make_private(part)
        try:
            with explained(path):
                copy = sqlite3.connect(part)
                try:
                    self.door.connection.backup(copy)
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
