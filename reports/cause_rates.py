"""How often complaints of a cause come, against how much is heard at all: holes and busy weeks then change neither rate.

Counts of a rate are Poisson; where weeks scatter more than that, counts weigh accordingly less (quasi-likelihood, Wedderburn 1974).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import inf

import scipy  # loads scipy.special when it is first used

from reports.causes_records import CoverProof, RateChange
from reports.documents import Interval
from reports.statistics import TAILS

WEEK = timedelta(days=7)
BASELINE = timedelta(weeks=12)
"""How far back the old rate of a covered cause is measured."""
RECENT = timedelta(weeks=4)
"""What is judged for a recurrence after a cover has held."""
ENOUGH = 4.0
"""Complaints that the old rate must have brought since, before anything is said: none at all is then unlikely (2 %)."""
RECURRING = 3


@dataclass(frozen=True, slots=True)
class Daily:
    """Complaints of a cause, and customers heard, by day."""

    complaints: Mapping[date, int]
    heard: Mapping[date, int]

    def between(self, since: date, until: date) -> tuple[int, int]:
        """Complaints and customers heard from `since` until before `until`."""
        complaints = sum(n for day, n in self.complaints.items() if since <= day < until)
        return complaints, sum(n for day, n in self.heard.items() if since <= day < until)

    def weeks(self, since: date, until: date) -> list[tuple[int, int]]:
        """The same of each whole week, counted back from `until`."""
        count = (until - since) // WEEK
        return [self.between(until - WEEK * (back + 1), until - WEEK * back) for back in range(count)]


def count_interval(count: int, dispersion: float = 1.0) -> Interval:
    """95 % interval of the mean of a Poisson count (Garwood 1936), widened where counts scatter more than that."""
    weight = count / dispersion
    low = 0.0 if count == 0 else float(scipy.special.gammaincinv(weight, TAILS[0])) * dispersion
    return (min(low, count), max(float(scipy.special.gammaincinv(weight + 1, TAILS[1])) * dispersion, count))


def dispersion(weeks: Sequence[tuple[int, int]]) -> float:
    """How much more weekly counts scatter than Poisson counts do: Pearson's χ² of neighbouring weeks, its mean, at least 1.

    Neighbours are compared, as von Neumann (1941) does, so that a step or a slow drift of the rate is not taken for scatter.
    """
    told = [(n, heard) for n, heard in weeks if heard]
    squares = []
    for (first, heard_first), (second, heard_second) in pairwise(told):
        share = heard_first / (heard_first + heard_second)
        total = first + second
        if total:
            squares.append((first - total * share) ** 2 / (total * share * (1 - share)))
    return max(1.0, sum(squares) / len(squares)) if len(squares) >= 3 else 1.0


def rate_change(before: tuple[int, int], after: tuple[int, int], scatter: float = 1.0) -> RateChange | None:
    """The rate after over the rate before, by the exact conditional test (Przyborowski & Wilenski 1940).

    Given how many complaints there are in all, those of one side are binomial: Clopper–Pearson bounds of that share are bounds of
    the ratio. None where nobody was heard on a side, or there is no complaint at all.
    """
    (n_before, heard_before), (n_after, heard_after) = before, after
    if not heard_before or not heard_after or not n_before + n_after:
        return None
    first, second = n_before / scatter, n_after / scatter
    share = heard_after / (heard_before + heard_after)
    low = 0.0 if not n_after else float(scipy.special.betaincinv(second, first + 1, TAILS[0]))
    high = 1.0 if not n_before else float(scipy.special.betaincinv(second + 1, first, TAILS[1]))
    at_most = float(scipy.special.betainc(first, second + 1, 1 - share)) if first else 1.0
    at_least = float(scipy.special.betainc(second, first + 1, share)) if second else 1.0
    old, new = n_before / heard_before, n_after / heard_after
    return RateChange(
        before=1000 * old,
        after=1000 * new,
        ratio=new / old if n_before else inf,
        interval=(_odds(low, share), _odds(high, share)),
        p=min(1.0, 2 * min(at_most, at_least)),
        n_before=n_before,
        n_after=n_after,
    )


def _odds(bound: float, share: float) -> float:
    return inf if bound >= 1 else bound / (1 - bound) * (1 - share) / share


def prove(daily: Daily, first_seen: date, covered: date, settle_days: int, until: date) -> CoverProof:
    """Metric 18: whether a cover holds by what was heard before `until`.

    It holds while the upper bound of the rate since, over the old rate, stays under 1, once the old rate would have brought
    `ENOUGH` complaints. It recurs where there are `RECURRING` complaints, and the bound does not: from half the old rate on at
    once, below that when as much time has passed as the old rate is measured by. One that holds over all that time recurs where
    the last weeks alone are above the time since the cover, and no longer surely under the old rate.
    """
    # The complaint by which a cause is first seen is there by choice: the day after it begins to count.
    start = max(covered - BASELINE, min(first_seen + timedelta(days=1), covered))
    since = covered + timedelta(days=settle_days)
    before, after = daily.between(start, covered), daily.between(since, until)
    if not before[1] and first_seen < covered:
        before = daily.between(first_seen, covered)
    expected = before[0] / before[1] * after[1] if before[1] else 0.0
    change = rate_change(before, after, dispersion(daily.weeks(start, covered)))
    if change is None or expected < ENOUGH:
        return CoverProof("too early", since, expected, change)
    if change.interval[1] >= 1:
        much = after[0] >= RECURRING and (change.ratio >= 0.5 or until - since >= BASELINE)
        return CoverProof("recurs" if much else "too early", since, expected, change)
    recent = daily.between(max(since, until - RECENT), until)
    earlier = daily.between(since, max(since, until - RECENT))
    again, rise = rate_change(before, recent), rate_change(earlier, recent)
    if again and rise and recent[0] >= RECURRING and again.interval[1] >= 1 and rise.interval[0] > 1:
        return CoverProof("recurs", since, expected, again)
    return CoverProof("holds", since, expected, change)
