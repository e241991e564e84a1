"""Delivery of promises (METRICS 3–6, 13): what customers say was kept, against what was advertised."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import get_args
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from models.known_errors import KnownErrors
from reports.buckets import bucket_of, bucket_starts
from reports.documents import Change, DeliveryPoint, Direction, Interval, PromiseGap, Verdict
from reports.evidence import (
    AdvertisedPromise,
    Every,
    Evidence,
    PlacementRow,
    Quote,
    Stance,
    StanceAuditRow,
    StanceRow,
    Strength,
    Window,
)
from reports.misreading import Misreading, believed, elsewhere, misreadings
from reports.quotes import distinct_quotes
from reports.statistics import (
    MIN_EFFECTIVE,
    BetaPrior,
    ChangePoint,
    Difference,
    Ints,
    benjamini_hochberg,
    beta_interval,
    change_point,
    difference_of_shares,
    effective_size,
    fit_beta_prior,
    shrunk_share,
    trend,
)
from reports.words import promise_sentence

EXPECTATIONS: dict[Strength, float] = {"guarantee": 95.0, "absolute": 90.0, "comparative": 75.0, "hedged": 60.0}
MIN_POINT = 5
"""Voices under which a bucket of the trend has no delivery."""
POINT_STRENGTH = 2.0
"""Voices that the promise's own rate weighs within a bucket, so that a handful of them does not jump to 0 or 100."""
SIGNIFICANT = 0.05
QUOTES_A_SIDE = 4

_ORDER: tuple[Verdict, ...] = ("broken", "at risk", "unclear", "kept", "insufficient evidence")


@dataclass(frozen=True, slots=True)
class StanceTable:
    """Stances on one promise as columns: `day` as proleptic ordinal, `kept` whether it was, `n` voices of `story`.

    `misread` is how the model errs about the promise, where that is known.
    """

    day: Ints
    kept: NDArray[np.bool_]
    n: Ints
    story: Ints
    misread: Misreading | None = None

    def where(self, chosen: NDArray[np.bool_]) -> "StanceTable":
        """The rows chosen by mask."""
        misread = self.misread if self.misread is None or chosen.all() else self.misread.of_part
        return StanceTable(self.day[chosen], self.kept[chosen], self.n[chosen], self.story[chosen], misread)

    def within(self, window: Window) -> "StanceTable":
        """The rows of the window's days."""
        return self.where((self.day >= window.since.toordinal()) & (self.day < window.until.toordinal()))

    @property
    def counts(self) -> tuple[int, int]:
        """Voices that say kept, and broken."""
        return int(self.n[self.kept].sum()), int(self.n[~self.kept].sum())

    @property
    def n_eff(self) -> float:
        """Effective voices."""
        return effective_size(self.n, self.story)

    @property
    def effective(self) -> tuple[float, float]:
        """Effective voices that say kept, and broken, as they were read."""
        kept, broken = self.counts
        worth = self.n_eff / max(kept + broken, 1)
        return kept * worth, broken * worth


def stance_tables(
    rows: Sequence[StanceRow], promises: Sequence[AdvertisedPromise], audits: Sequence[StanceAuditRow] = ()
) -> dict[str, StanceTable]:
    """Columns of the rows of each promise, by its id; promises that nobody spoke of have empty ones.

    Enough `audits` tell how the model errs: then every figure of the tables is corrected by that.
    """
    misread = misreadings(audits, [promise.id for promise in promises])
    grouped: dict[str, list[StanceRow]] = {promise.id: [] for promise in promises}
    for row in rows:
        if row.n > 0 and row.promise in grouped:
            grouped[row.promise].append(row)
    return {
        promise: StanceTable(
            np.array([row.day.toordinal() for row in mine], dtype=np.int64),
            np.array([row.stance == "kept" for row in mine], dtype=np.bool_),
            np.array([row.n for row in mine], dtype=np.int64),
            np.array([row.story for row in mine], dtype=np.int64),
            misread.get(promise),
        )
        for promise, mine in grouped.items()
    }


def expectation(promise: AdvertisedPromise) -> float:
    """Expectation (0–100): the brand's own figure, else what the promise's strength stands for."""
    return EXPECTATIONS[promise.strength] if promise.expectation is None else promise.expectation


def promise_gaps(evidence: Evidence, window: Window, every: Every, seed: int) -> tuple[PromiseGap, ...]:
    """Each promise over the window, the ones to act on first: broken, at risk, unclear, kept, insufficient; by gap within."""
    stored = stance_tables(evidence.stances, evidence.promises, evidence.stance_audits)
    tables = {id_: table.within(window) for id_, table in stored.items()}
    prior = fitted_prior(tables.values())
    starts = bucket_starts(window, every)
    gaps = [_measure(promise, tables[promise.id], prior, evidence.model.errors) for promise in evidence.promises]
    changes = _changes(gaps, tables, starts, seed)
    finished = []
    for gap in gaps:
        placements = [row for row in evidence.placements if row.promise == gap.promise.id and row.day in window]
        whole = replace(
            gap,
            change=changes.get(gap.promise.id),
            trend=_trend(tables[gap.promise.id], gap, starts, placements),
            quotes=_quotes(evidence.quotes, gap.promise.id),
        )
        finished.append(replace(whole, sentence=promise_sentence(whole, every)))
    return tuple(sorted(finished, key=lambda gap: (_ORDER.index(gap.verdict), gap.gap or 0.0, -gap.n, gap.promise.id)))


def fitted_prior(tables: Iterable[StanceTable]) -> BetaPrior:
    """The beta prior over the promises, each counted with its effective voices."""
    sides = [
        table.effective if table.misread is None else believed(*table.effective, table.misread) for table in tables if table.n.size
    ]
    kept, broken = np.array(sides, dtype=np.float64).reshape(-1, 2).T
    return fit_beta_prior(kept, broken)


def promise_rng(seed: int, promise: AdvertisedPromise) -> np.random.Generator:
    """Randomness of one promise, the same whichever other promises there are."""
    return np.random.default_rng([seed, crc32(promise.id.encode())])


def posterior(table: StanceTable, prior: BetaPrior) -> BetaPrior:
    """Share kept after the evidence of `table`, corrected where that can be: mean by all voices, strength by the effective ones."""
    if table.misread is not None:
        return table.misread.posterior(*table.effective, prior)
    return BetaPrior(shrunk_share(*table.counts, prior), table.n_eff + prior.strength)


def difference_of_parts(
    parts: tuple[StanceTable, StanceTable], priors: tuple[BetaPrior, BetaPrior], rng: np.random.Generator
) -> Difference:
    """Difference of the shares kept in two parts of what was read; where both are misread alike, that doubt is theirs together."""
    (before, after), (one, other) = parts, (part.misread for part in parts)
    if one is not None and other is not None and np.array_equal(one.rates, other.rates):
        return one.of_part.difference((before.effective, after.effective), priors, rng)
    return difference_of_shares(posterior(before, priors[0]), posterior(after, priors[1]), rng)


def _measure(promise: AdvertisedPromise, table: StanceTable, prior: BetaPrior, known: KnownErrors | None) -> PromiseGap:
    kept, broken = table.counts
    expected, n_eff = expectation(promise), table.n_eff
    gap = PromiseGap(
        promise=promise,
        expectation=expected,
        delivery=None,
        raw=None,
        gap=None,
        interval=None,
        n=kept + broken,
        n_eff=n_eff,
        kept=kept,
        broken=broken,
        verdict="insufficient evidence",
        direction="flat",
        change=None,
        trend=(),
        quotes=(),
        sentence="",
        audited=sum(table.misread.read) if table.misread else 0,
    )
    if n_eff < MIN_EFFECTIVE:
        return gap
    share = posterior(table, prior)
    delivery, interval = 100 * share.mean, _percent(beta_interval(share.mean, share.strength))
    z, p = trend(table.day, table.kept, table.n, table.story)
    direction: Direction = "flat" if p >= SIGNIFICANT else "up" if z > 0 else "down"
    return replace(
        gap,
        delivery=delivery,
        raw=100 * kept / (kept + broken),
        gap=delivery - expected,
        interval=interval,
        verdict=_verdict(interval, expected, direction),
        direction=direction,
        strength=share.strength,
        method="raw" if table.misread is None else "audited",
        doubt=_doubt(table, prior, known),
    )


def _doubt(table: StanceTable, prior: BetaPrior, known: KnownErrors | None) -> Interval | None:
    misread = elsewhere(known) if known is not None and table.misread is None else None
    if misread is None:
        return None
    share = misread.posterior(*table.effective, prior)
    return _percent(beta_interval(share.mean, share.strength))


def _verdict(interval: Interval, expected: float, direction: Direction) -> Verdict:
    if interval[0] >= expected:
        return "kept"
    if interval[1] < expected:
        return "broken"
    return "at risk" if direction == "down" else "unclear"


def _by_bucket(table: StanceTable, starts: Sequence[date]) -> tuple[Ints, Ints]:
    bucket = bucket_of(table.day, starts)
    kept, broken = (
        np.bincount(bucket[side], weights=table.n[side], minlength=len(starts)).astype(np.int64)
        for side in (table.kept, ~table.kept)
    )
    return kept, broken


def _changes(gaps: Sequence[PromiseGap], tables: Mapping[str, StanceTable], starts: Sequence[date], seed: int) -> dict[str, Change]:
    """The changes that stand after adjustment over all promises (Benjamini–Hochberg), by promise."""
    found: list[tuple[PromiseGap, ChangePoint, np.random.Generator]] = []
    for gap in gaps:
        if gap.delivery is None:
            continue
        rng = promise_rng(seed, gap.promise)
        kept, broken = _by_bucket(tables[gap.promise.id], starts)
        point = change_point(kept, broken, rng, gap.n / gap.n_eff)
        if point is not None:
            found.append((gap, point, rng))
    adjusted = benjamini_hochberg([point.p for _, point, _ in found])
    return {
        gap.promise.id: _change(tables[gap.promise.id], gap, starts[point.index], p, rng)
        for (gap, point, rng), p in zip(found, adjusted, strict=True)
        if p < SIGNIFICANT
    }


def _change(table: StanceTable, gap: PromiseGap, start: date, p: float, rng: np.random.Generator) -> Change:
    """Both sides are shrunk as the points of the trend are, so that the words and the chart say the same."""
    own = BetaPrior((gap.delivery or 0.0) / 100, POINT_STRENGTH)
    later = table.day >= start.toordinal()
    parts = table.where(~later), table.where(later)
    before, after = (posterior(part, own) for part in parts)
    difference = difference_of_parts(parts, (own, own), rng)
    return Change(start, 100 * before.mean, 100 * after.mean, 100 * difference.delta, _percent(difference.interval), p)


def _trend(
    table: StanceTable, gap: PromiseGap, starts: Sequence[date], placements: Sequence[PlacementRow]
) -> tuple[DeliveryPoint, ...]:
    """Delivery of each bucket, shrunk to the promise's own by `POINT_STRENGTH` voices; None under `MIN_POINT` independent ones."""
    bucket = bucket_of(table.day, starts)
    days = np.array([row.day.toordinal() for row in placements], dtype=np.int64)
    sightings = np.bincount(bucket_of(days, starts), weights=[row.n for row in placements], minlength=len(starts))
    points = []
    for index, start in enumerate(starts):
        part = table.where(bucket == index)
        n = sum(part.counts)
        point = DeliveryPoint(start, None, None, n, int(sightings[index]))
        if gap.delivery is not None and part.n_eff >= MIN_POINT:
            share = posterior(part, BetaPrior(gap.delivery / 100, POINT_STRENGTH))
            interval = _percent(beta_interval(share.mean, share.strength))
            point = replace(point, delivery=100 * share.mean, interval=interval)
        points.append(point)
    return tuple(points)


def _quotes(quotes: Sequence[Quote], promise: str) -> tuple[Quote, ...]:
    mine = [quote for quote in quotes if quote.promise == promise]
    return tuple(
        quote
        for stance in get_args(Stance)
        for quote in distinct_quotes([quote for quote in mine if quote.stance == stance], QUOTES_A_SIDE)
    )


def _percent(interval: Interval) -> Interval:
    return (100 * interval[0], 100 * interval[1])
