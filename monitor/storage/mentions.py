"""Mentions: kept, told one by one, deleted."""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from monitor.storage import forgetting, keeping, listening, loading, matching
from monitor.storage.connection import stamp
from monitor.storage.door import Door
from monitor.storage.values import Kept, Match, StoredMention
from reports.evidence import Window
from sources.mention import Mention
from sources.source import Batch

M = TypeVar("M", bound=Sequence[Match])

IMPORTED_AT_ONCE = 20_000
"""Rows a transaction: few enough to lose little, many enough that the pages of the indexes are written seldom."""


class Mentions:
    """The room of mentions. `disguise` is what is kept in place of an author's name."""

    def __init__(self, door: Door, disguise: Callable[[str], str] | None = None) -> None:
        self._door = door
        self._disguise = disguise

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
        with self._door.writing() as connection:
            kept = keeping.keep(connection, pairs, stamp(now)) + Kept(skipped=len(batch.skipped))
            matching.note(connection, pairs, now, aside=True)
            listening.heard(connection, source, batch, now, every)
            listening.ran(connection, source, now, kept, batch.heard, batch.reason)
        return kept

    def keep_each(self, rows: Sequence[tuple[Mention, Sequence[Match]]], now: datetime) -> list[Kept]:
        """Keep a few mentions in one transaction; returns what became of each."""
        rows = self._disguised(rows)
        with self._door.writing() as connection:
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
                with self._door.writing() as connection:
                    kept += keeping.keep(connection, some, stamp(now), "replace" if update else "leave")
                    matching.note(connection, some, now)
                done += len(some)
                if progress is not None:
                    progress(done)
        return kept

    def each(self, brand: str | None = None, window: Window | None = None) -> Iterator[StoredMention]:
        """Stored mentions for export, in the order they came in, in constant memory."""
        with self._door.explained() as connection:
            yield from loading.mentions(connection, brand, window)

    def count(self, chosen: forgetting.Chosen) -> int:
        """How many mentions are chosen to be deleted."""
        with self._door.reading() as connection:
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
            with self._door.writing() as connection:
                some = forgetting.delete(connection, chosen)
                if not some and chosen.source and not (chosen.brand or chosen.before):
                    forgetting.forget_source(connection, chosen.source)
            deleted += some
            if progress is not None:
                progress(deleted)
        return deleted

    def _disguised(self, rows: Sequence[tuple[Mention, M]]) -> Sequence[tuple[Mention, M]]:
        """Replace authors' names. It comes after matching, which knows brands' own accounts by them."""
        how = self._disguise
        return [(replace(one, author=how(one.author)), match) for one, match in rows] if how else rows


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
