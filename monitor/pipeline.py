"""The stages in order: which sources are due, collect, match and keep; then read what nobody has read.

due sources ──► source.collect ──► matcher ──► store.keep        (one transaction with the source's cursor)
store.unread ──► reader.read ──► store.save_readings             (drained in batches; a crash loses nothing)
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from models.reading import Promise, Reader, Unread
from monitor.clock import Clock
from monitor.config import BrandConfig, Config, SourceConfig
from monitor.matching import Matcher
from monitor.storage.values import Kept, SourceState
from monitor.store import Brand, Listening, Store
from reports.evidence import AdvertisedPromise
from sources.source import Batch, Cursor, Source, SourceError, TemporaryError

if TYPE_CHECKING:
    from sources.http import Gateway

READ_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Collected:
    """What came of one source: counts, or the error that kept us from hearing it."""

    source: str
    kept: Kept = field(default_factory=Kept)
    heard: str = "ok"
    reason: str = ""
    remedy: str = ""
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What reading did: how many mentions, and how many were not scored, by reason."""

    read: int
    unscored: Mapping[str, int]


def prepare(store: Store, config: Config) -> None:
    """Make the store's brands, promises and sources what the configuration says."""
    store.sync_brands(brand_row(one) for one in config.brand)
    store.sync_sources(Listening(one.source_id, one.kind, one.url, one.brands) for one in config.source)


def brand_row(brand: BrandConfig) -> Brand:
    """Return a configured brand as the store takes it."""
    promises = (AdvertisedPromise(one.id, one.text, one.pillar, one.strength, one.expectation, one.since) for one in brand.promise)
    read_for = json.dumps([brand.name, [[one.id, one.text, one.pillar, one.kept, one.broken] for one in brand.promise]])
    return Brand(brand.id, brand.name, brand.timezone, tuple(promises), hashlib.sha256(read_for.encode()).hexdigest()[:16])


def is_due(state: SourceState | None, every: timedelta, now: datetime, *, everything: bool = False) -> bool:
    """Tell whether a source's turn has come: it is not paused or gone, need not wait, and was last heard `every` ago.

    With `everything`, only those stay out that are paused, gone, or have asked us to wait.
    """
    if state is None:
        return True
    waits = state.not_before is not None and now < state.not_before
    if state.state in {"paused", "gone"} or (waits and (state.state == "limited" or not everything)):
        return False
    return everything or state.collected is None or now - state.collected >= every


def open_source(config: SourceConfig, state: SourceState | None, gateway: "Gateway") -> Source:
    """Return the source that a configuration entry describes, at the address that it has moved to."""
    from sources.feed import FeedSource  # noqa: PLC0415 - parsers are slow to load, and most commands collect nothing

    return FeedSource(config.source_id, (state and state.moved_to) or config.url, gateway, config.voice)


def collect(store: Store, config: Config, gateway: "Gateway", clock: Clock, *, everything: bool = False) -> Iterator[Collected]:
    """Collect from every source whose turn has come (see `is_due`); a failing source stops no other."""
    matcher = Matcher(config.brand)
    states = {state.id: state for state in store.sources_state()}
    for entry in config.source:
        state = states.get(entry.source_id)
        if is_due(state, entry.every, clock(), everything=everything):
            yield _collect_one(store, entry, state, gateway, clock, matcher)


def _collect_one(
    store: Store, entry: SourceConfig, state: SourceState | None, gateway: "Gateway", clock: Clock, matcher: Matcher
) -> Collected:
    source = open_source(entry, state, gateway)
    now = clock()
    try:
        batch = _heard(source, store.cursor(source.id), now)
    except SourceError as error:
        store.failed(source.id, error, now)
        return Collected(source.id, heard="blind", reason=str(error), remedy=error.remedy)
    voiced = replace(batch, mentions=tuple(matcher.in_voice(mention, entry.kind) for mention in batch.mentions))
    kept = store.keep(source.id, voiced, matcher.for_source(entry.brands), now)
    return Collected(source.id, kept, batch.heard, batch.reason, skipped=tuple(one.reason for one in batch.skipped))


def _heard(source: Source, cursor: Cursor, now: datetime) -> Batch:
    """Collect, and let no defect of one source stop the others: what it raises against its contract is a failure like any."""
    try:
        return source.collect(cursor, now)
    except SourceError:
        raise
    except Exception as error:
        message = f"a defect in this source: {type(error).__name__}: {error}"
        raise TemporaryError(message, remedy="please report it, with the feed's text") from error


def read(store: Store, config: Config, reader: Reader, progress: Callable[[int], None] | None = None) -> ReadResult:
    """Read every match that this model version has not read, newest first; `progress` hears how many more are done."""
    promises = {brand.id: reading_promises(brand) for brand in config.brand}
    total, unscored = 0, Counter[str]()
    while tasks := store.unread(reader.version, READ_AT_ONCE):
        readings = reader.read([Unread(task.text, task.target, promises.get(task.brand, ())) for task in tasks])
        store.save_readings(zip(tasks, readings, strict=True))
        unscored.update(one.reason for one in readings if one.sentiment is None)
        total += len(tasks)
        if progress is not None:
            progress(len(tasks))
    store.refresh_rollups()
    return ReadResult(total, dict(unscored))


def reading_promises(brand: BrandConfig) -> tuple[Promise, ...]:
    """Return a brand's promises as the models take them."""
    return tuple(Promise(one.id, one.text, one.pillar, one.kept, one.broken) for one in brand.promise)
