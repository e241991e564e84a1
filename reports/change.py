"""Delivery of each promise in two windows (METRICS 13), and which windows those are unless somebody names them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from reports.buckets import bucket_starts
from reports.delivery import StanceTable, difference_of_parts, fitted_prior, posterior, promise_rng
from reports.evidence import AdvertisedPromise, Every, Window
from reports.findings import PromiseChange
from reports.statistics import MIN_EFFECTIVE, benjamini_hochberg


def halves(window: Window, every: Every) -> tuple[Window, Window]:
    """The earlier and the later half of a window, parted between two of its buckets; both are the whole where it is one day."""
    starts = bucket_starts(window, every)
    middle = starts[len(starts) // 2] if len(starts) > 1 else window.since + timedelta(days=(window.until - window.since).days // 2)
    if middle == window.since:
        return window, window
    return Window(window.since, middle), Window(middle, window.until)


def previous(window: Window) -> Window:
    """The window of the same length that ends where this one begins."""
    return Window(window.since - (window.until - window.since), window.since)


@dataclass(frozen=True, slots=True)
class _Sides:
    before: StanceTable
    after: StanceTable


def promise_changes(
    promises: Sequence[AdvertisedPromise], before: Mapping[str, StanceTable], after: Mapping[str, StanceTable], seed: int
) -> tuple[PromiseChange, ...]:
    """Delivery before and after, both shrunk to one prior; the clearest change first, those without enough evidence last."""
    sides = {promise.id: _Sides(before[promise.id], after[promise.id]) for promise in promises}
    prior = fitted_prior(table for side in sides.values() for table in (side.before, side.after))
    found = []
    for promise in promises:
        side = sides[promise.id]
        known = [table.n_eff >= MIN_EFFECTIVE for table in (side.before, side.after)]
        shares = [
            posterior(table, prior) if enough else None for table, enough in zip((side.before, side.after), known, strict=True)
        ]
        change = PromiseChange(
            promise=promise.id,
            text=promise.text,
            before=None if shares[0] is None else 100 * shares[0].mean,
            after=None if shares[1] is None else 100 * shares[1].mean,
            delta=None,
            interval=None,
            p=None,
            n_before=sum(side.before.counts),
            n_after=sum(side.after.counts),
        )
        if shares[0] is not None and shares[1] is not None:
            difference = difference_of_parts((side.before, side.after), (prior, prior), promise_rng(seed, promise))
            low, high = difference.interval
            change = replace(change, delta=100 * difference.delta, interval=(100 * low, 100 * high), p=difference.p)
        found.append(change)
    adjusted = iter(benjamini_hochberg([change.p for change in found if change.p is not None]))
    told = [change if change.p is None else replace(change, p=next(adjusted)) for change in found]
    return tuple(sorted(told, key=lambda change: (change.p is None, change.p or 0.0, -abs(change.delta or 0.0), change.promise)))
