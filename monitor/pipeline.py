"""The stages around collecting (`monitor/collecting.py`): first the store learns the configuration, at the end texts are read.

store.readings.unread ──► reader.read ──► store.readings.save   (drained in batches; a crash loses nothing)
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from models.reading import Promise, Reader, Unread
from monitor.config import BrandConfig, Config
from monitor.store import Brand, Listening, Store
from reports.evidence import AdvertisedPromise

READ_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What reading did: how many mentions, and how many were not scored, by reason."""

    read: int
    unscored: Mapping[str, int]


def prepare(store: Store, config: Config) -> None:
    """Make the store's brands, promises and sources what the configuration says."""
    store.brands.sync(brand_row(one) for one in config.brand)
    store.segments.sync({one.id: one.segments for one in config.brand})
    store.sources.sync(Listening(one.source_id, one.kind, one.address, one.brands) for one in config.source)


def brand_row(brand: BrandConfig) -> Brand:
    """Return a configured brand as the store takes it."""
    promises = (
        AdvertisedPromise(one.id, one.text, one.pillar, one.strength, one.expectation, one.since, one.weight)
        for one in brand.promise
    )
    names = [brand.name, list(brand.aliases)] if brand.aliases else brand.name
    read_for = json.dumps([names, [[one.id, one.text, one.pillar, one.kept, one.broken] for one in brand.promise]])
    return Brand(brand.id, brand.name, brand.timezone, tuple(promises), hashlib.sha256(read_for.encode()).hexdigest()[:16])


def read(
    store: Store,
    config: Config,
    reader: Reader,
    progress: Callable[[int], None] | None = None,
    *,
    stopped: Callable[[], bool] = lambda: False,
    enough: Callable[[], bool] = lambda: False,
    at_most: int | None = None,
) -> ReadResult:
    """Read every match that this model version has not read, newest first; `progress` hears how many more are done.

    It ends early, between two batches, once `stopped`, `enough`, or when about `at_most` are done.
    """
    promises = {brand.id: reading_promises(brand) for brand in config.brand}
    aliases = {brand.id: brand.aliases for brand in config.brand}
    total, unscored = 0, Counter[str]()
    while (
        not (stopped() or enough())
        and (at_most is None or total < at_most)
        and (tasks := store.readings.unread(reader.version, READ_AT_ONCE))
    ):
        asked = [
            Unread(one.text, one.target, promises.get(one.brand, ()), one.voice == "brand", aliases.get(one.brand, ()))
            for one in tasks
        ]
        readings = reader.read(asked)
        store.readings.save(zip(tasks, readings, strict=True))
        unscored.update(one.reason for one in readings if one.sentiment is None)
        total += len(tasks)
        if progress is not None:
            progress(len(tasks))
    store.evidence.refresh(stopped=stopped)
    return ReadResult(total, dict(unscored))


def reading_promises(brand: BrandConfig) -> tuple[Promise, ...]:
    """Return a brand's promises as the models take them."""
    return tuple(Promise(one.id, one.text, one.pillar, one.kept, one.broken) for one in brand.promise)
