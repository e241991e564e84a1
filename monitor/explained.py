"""A gap report with everything that explains it: the windows that are compared, the segments, the competitors."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from monitor.cause_reports import causes_report
from monitor.config import BrandConfig, Config
from monitor.errors import ConfigError
from monitor.scorecards import scorecard_of
from monitor.storage.segments import BUILT_IN
from monitor.store import Store
from reports.answering import Asked, answering
from reports.answering_records import Answering
from reports.buckets import bucket_starts
from reports.change import halves
from reports.docket import Docket, build_docket
from reports.dockets import OF_A_PART, PARTS_OF_TIME, QUOTES, STORIES, AskedCase, Dockets
from reports.documents import GapReport
from reports.evidence import Every, Window
from reports.gap import build_gap


def gap_report(
    store: Store,
    config: Config,
    brand: BrandConfig,
    window: Window,
    every: Every,
    now: datetime,
    *,
    segments: Sequence[str] = (),
    against: Window | None = None,
) -> GapReport:
    """The report of `window`, by `segments` or those that the brand is configured with.

    What moved is told from `against` to the window; without it, from the earlier half of the window to the later one.
    """
    evidence = store.evidence.load(brand.id, window, every, generated=now)
    before, after = (against, window) if against else halves(window, every)
    breakdown = store.segments.load(brand.id, window, before, after, segments or usual_segments(brand))
    earlier = store.evidence.load(brand.id, against, every, generated=now) if against else None
    rivals = [store.evidence.load(one, window, every, generated=now) for one in brand.competitors]
    told, *sides = answered(store, brand, (window, before, after), now)
    return replace(
        build_gap(evidence, breakdown=breakdown, earlier=earlier, rivals=rivals),
        answering=told,
        answered=(sides[0], sides[1]) if before != after else None,
        causes=causes_report(store, config.causes, brand.id, window, every, now) if store.causes.known(brand.id) else None,
        scorecard=scorecard_of(store, brand, window, now),
        claims=tuple(one.claim for one in store.placements.proposals(brand.id) if one.claim.last in window),
        dockets=Dockets(
            brands={one: store.quotes.newest(one, window, QUOTES) for one in (brand.id, *brand.competitors)},
            parts=store.quotes.of_parts(
                brand.id, window, bucket_starts(window, every)[-PARTS_OF_TIME:], breakdown.dimensions, OF_A_PART
            ),
            wordings=evidence.wordings,
            cases=_asked(store, brand, window),
            stories=store.quotes.copied(brand.id, window, STORIES),
            dashboard=config.web.public_url,
        ),
    )


def answered(store: Store, brand: BrandConfig, windows: Sequence[Window], now: datetime) -> list[Answering]:
    """How soon customers are answered who asked for an answer in each of some windows (metric 17)."""
    times = [_moments(brand, window) for window in windows]
    waits = store.cases.waits(brand.id, min(since for since, _ in times), max(until for _, until in times))
    asked = [Asked(one.asked, one.due, one.answered, one.ended) for one in waits]
    return [answering([one for one in asked if since <= one.asked < until], brand.timezone, now) for since, until in times]


def _asked(store: Store, brand: BrandConfig, window: Window) -> tuple[AskedCase, ...]:
    return tuple(
        AskedCase(one.id, one.text, one.url, one.source, one.asked, one.answered, one.ended)
        for one in store.cases.asked(brand.id, *_moments(brand, window), QUOTES)
    )


def _moments(brand: BrandConfig, window: Window) -> tuple[datetime, datetime]:
    """When a window begins and ends, by the brand's own clock."""
    zone = ZoneInfo(brand.timezone)
    since, until = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (window.since, window.until))
    return since, until


def docket_of(store: Store, brand: BrandConfig, promise: str, window: Window, every: Every, now: datetime) -> Docket:
    """The evidence docket of a promise.

    Raises:
        ConfigError: the brand makes no such promise.
    """
    if promise not in [one.id for one in brand.promise]:
        known = ", ".join(one.id for one in brand.promise)
        raise ConfigError(f"{brand.name} makes no promise {promise!r}; known: {known or 'none'}")
    evidence = store.evidence.load(brand.id, window, every, generated=now)
    gaps = build_gap(evidence).promises
    gap = next(gap for gap in gaps if gap.promise.id == promise)
    return build_docket(evidence, gap, store.segments.docket(brand.id, promise, window))


def usual_segments(brand: BrandConfig) -> tuple[str, ...]:
    """The segments that a report tells unless others are asked for."""
    return ("source", *brand.segments)


def known_segments(brand: BrandConfig) -> tuple[str, ...]:
    """The segments that can be asked for."""
    return tuple(dict.fromkeys((*BUILT_IN, *brand.segments)))
