"""Before and after: when a promise began to be made more loudly, more quietly or in other words, and what customers lived then."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import scipy

from reports.buckets import bucket_of, bucket_starts
from reports.delivery import POINT_STRENGTH, StanceTable, difference_of_parts, posterior
from reports.documents import PromiseGap
from reports.evidence import PlacementRow, Window, WordingRow
from reports.promise_records import Occasion, Turn
from reports.promise_words import turn_sentence
from reports.statistics import MIN_EFFECTIVE, MIN_SIDE, BetaPrior, Floats, Ints

SURE = 0.01
"""How often the weeks in any other order may show as clear a campaign."""
LOUDER = 1.5
SHUFFLES = 999
ESTABLISHED = 3
"""Sightings that a new wording needs, so that a slip of the pen is none."""
_WEEK = 7


def turns(
    gap: PromiseGap,
    table: StanceTable,
    placements: Sequence[PlacementRow],
    wordings: Sequence[WordingRow],
    window: Window,
    rng: np.random.Generator,
) -> tuple[Turn, ...]:
    """The clearest campaign of a promise, if any, and its newest wording, if it got one after the window's first week."""
    found: list[Turn] = []
    campaign = campaign_start(placements, window, rng)
    if campaign is not None:
        found.append(_turn(gap, table, placements, window, campaign, "louder", "", rng))
    worded = new_wording(wordings, window)
    if worded is not None:
        found.append(_turn(gap, table, placements, window, worded.first, "new wording", worded.words, rng))
    return tuple(found)


def campaign_start(placements: Sequence[PlacementRow], window: Window, rng: np.random.Generator) -> date | None:
    """The week from which on a promise was made at another rate: the split of the weeks that explains the sightings best (Poisson).

    None under twelve sightings, for a change of less than half, or where the weeks shuffled show as clear a one.
    """
    starts = bucket_starts(window, "week")
    counts = _by_week(placements, starts)
    days = np.diff([*(start.toordinal() for start in starts), window.until.toordinal()]).astype(np.float64)
    if len(starts) < 3 or counts.sum() < MIN_EFFECTIVE:
        return None
    likelihood = _split_likelihood(counts[None, :], days[None, :])[0]
    best = int(np.argmax(likelihood))
    before, after = counts[: best + 1].sum() / days[: best + 1].sum(), counts[best + 1 :].sum() / days[best + 1 :].sum()
    if max(before, after) < LOUDER * min(before, after):
        return None
    shuffled = rng.permuted(np.tile(np.arange(len(starts)), (SHUFFLES, 1)), axis=1)
    chance = _split_likelihood(counts[shuffled], days[shuffled]).max(axis=1)
    p = (int((chance >= likelihood[best] - 1e-9).sum()) + 1) / (SHUFFLES + 1)
    return starts[best + 1] if p < SURE else None


def new_wording(wordings: Sequence[WordingRow], window: Window) -> WordingRow | None:
    """The latest of the distinct wordings that appeared after the first week, beside an earlier one."""
    ordered = sorted(wordings, key=lambda one: (one.first, one.words))
    fresh = [one for one in ordered[1:] if one.n >= ESTABLISHED and one.first >= window.since + timedelta(days=_WEEK)]
    return fresh[-1] if fresh else None


def _turn(
    gap: PromiseGap,
    table: StanceTable,
    placements: Sequence[PlacementRow],
    window: Window,
    start: date,
    occasion: Occasion,
    words: str,
    rng: np.random.Generator,
) -> Turn:
    early = sum(row.n for row in placements if row.day < start) * _WEEK / max(1, (start - window.since).days)
    late = sum(row.n for row in placements if row.day >= start) * _WEEK / max(1, (window.until - start).days)
    earlier = table.where(table.day < start.toordinal())
    later = table.where(table.day >= start.toordinal())
    turn = Turn(
        promise=gap.promise,
        occasion=occasion if occasion == "new wording" or late >= early else "quieter",
        start=start,
        words=words,
        loud_before=early,
        loud_after=late,
        before=None,
        after=None,
        delta=None,
        interval=None,
        n_before=sum(earlier.counts),
        n_after=sum(later.counts),
    )
    if gap.delivery is not None and min(earlier.n_eff, later.n_eff) >= MIN_SIDE:
        own = BetaPrior(gap.delivery / 100, POINT_STRENGTH)
        before, after = posterior(earlier, own), posterior(later, own)
        difference = difference_of_parts((earlier, later), (own, own), rng)
        low, high = difference.interval
        turn = replace(
            turn,
            before=100 * before.mean,
            after=100 * after.mean,
            delta=100 * difference.delta,
            interval=(100 * low, 100 * high),
        )
    return replace(turn, sentence=turn_sentence(turn))


def _by_week(placements: Sequence[PlacementRow], starts: Sequence[date]) -> Ints:
    days = np.array([row.day.toordinal() for row in placements], dtype=np.int64)
    counts = np.bincount(bucket_of(days, starts), weights=[row.n for row in placements], minlength=len(starts))
    return counts.astype(np.int64)


def _split_likelihood(counts: Ints, days: Floats) -> Floats:
    """Log-likelihood of two constant rates, for each row (B×weeks) and each split after a week but the last."""
    left, left_days = counts.cumsum(axis=1)[:, :-1], days.cumsum(axis=1)[:, :-1]
    right, right_days = counts.sum(axis=1, keepdims=True) - left, days.sum(axis=1, keepdims=True) - left_days
    likelihood = scipy.special.xlogy(left, left / left_days) + scipy.special.xlogy(right, right / right_days)
    return np.asarray(likelihood)


def by_promise(rows: Sequence[PlacementRow], window: Window) -> Mapping[str, list[PlacementRow]]:
    """The placements of the window's days, by promise."""
    grouped: dict[str, list[PlacementRow]] = {}
    for row in rows:
        if row.day in window:
            grouped.setdefault(row.promise, []).append(row)
    return grouped
