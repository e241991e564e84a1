"""How often a month as much comes by chance, as the brand's own history has it.

The highest values of past days are counted, robustly, and their tail is carried on (block maxima; Gumbel 1958, Statistics of
extremes; for streams Siffer et al. 2017, Anomaly detection in streams with extreme value theory). What a normal history would give
stands in while it is short. This is done twice: for the scores of every length of windows, since bursts swell some more than
others, and once more for the rarest of them all, since they see the same mentions, and since the tail of bursts is longer than
that of ordinary days.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from monitor.detection.series import Floats, Ints, Kind

MONTH: Final = 30 * 86_400.0
DAY: Final = 86_400.0
LEAST_ROWS: Final = 6
HISTORY: Final = 70
"""Days that are looked back on."""
NEWS: Final = 0.05
"""What comes by chance as seldom a month was news: its day is no example of ordinary ones,"""
_MOST_NEWS: Final = 0.15
"""unless more than this part of the days are so."""
_MIDDLE, _HIGH = 0.5, 0.85
_GUMBEL: Final = tuple(float(-np.log(-np.log(q))) for q in (_MIDDLE, _HIGH))
_LEAST_SCALE, _LEAST_RARITY_SCALE = 0.28, 0.6
_FARTHEST: Final = 690.0
_NORMAL: Final = NormalDist()


@dataclass(frozen=True, slots=True)
class Prior:
    """What a normal history says, and how many days of the brand's own it weighs: of one length of windows, and of all together.

    `caution` is how much further out the scores of a brand that nobody knows yet may lie. Windows of several lengths see the same
    mentions: together they raise as many false alarms as the `dependent` part of them would alone. Days that stand out come in
    clusters, each of which is told once: the part `begins` of them begin one (extremal index; Leadbetter 1983). Windows of a day
    and longer may raise but a `slow`th part as many, since what is sudden is to be found at once; and so may rows of minutes a
    `minutes`th part, whose bursts have a longer tail than a few weeks show.
    """

    of_one_days: float
    of_all_days: float
    caution: float
    dependent: float
    begins: float
    slow: float
    minutes: float


PRIORS: Final[dict[Kind, Prior]] = {
    "volume": Prior(8.0, 8.0, 1.35, 0.6, begins=0.6, slow=3.0, minutes=4.0),
    # Shares are bounded, and their scores are nearly normal: what a few weeks say of their tail is mostly noise.
    "sentiment": Prior(float("inf"), 40.0, 1.0, 0.4, begins=1.0, slow=1.0, minutes=1.0),
}
_Usual = Callable[[int, int, float], tuple[float, float]]
"""Middle and high quantile of a normal history, by the first row and the number of a block, and the length of blocks."""


def block_starts(at: Ints) -> list[int]:
    """First rows of the stretches of a day, or of `LEAST_ROWS` rows where these take longer."""
    starts, begun = [0], int(at[0]) if len(at) else 0
    for row, moment in enumerate(at.tolist()):
        if moment - begun >= DAY and row - starts[-1] >= LEAST_ROWS:
            starts.append(row)
            begun = moment
    return starts


def window_rate(
    score: Floats, lasting: Floats, at: Ints, starts: Sequence[int], rows: Floats, seconds: int, prior: Prior
) -> Floats:
    """For every row, how often a month a window of this length scores as high as `lasting` by chance, by `score` in blocks before.

    `rows` is how many rows the window of each row has.
    """

    def usual(start: int, block: int, _length: float) -> tuple[float, float]:
        size = start / block if block else max((starts[1] if len(starts) > 1 else len(score)) - start, 1)
        tests = max(size / max(float(rows[max(start - 1, 0)]), 1.0), 0.7)
        middle, high = (prior.caution * _NORMAL.inv_cdf(q ** (1 / tests)) for q in (_MIDDLE, _HIGH))
        return middle, high

    rate = _by_chance(score, lasting, at, starts, usual, _Tail(prior.of_one_days, _LEAST_SCALE, seconds))
    return rate if seconds < DAY else rate * prior.slow


def rate_of_all(rate: Floats, looked: Floats, at: Ints, starts: Sequence[int], prior: Prior) -> Floats:
    """How often a month the rarest of all windows is as rare as in each row; `rate` is what it says of itself, and `looked` at how
    many lengths were looked."""
    rarity, several = -np.log(rate), np.maximum(1.0, prior.dependent * looked)

    def usual(start: int, _block: int, length: float) -> tuple[float, float]:
        begin = float(np.log(several[max(start - 1, 0)] * length / MONTH))
        return begin + _GUMBEL[0], begin + _GUMBEL[1]

    return _by_chance(rarity, rarity, at, starts, usual, _Tail(prior.of_all_days, _LEAST_RARITY_SCALE, 0, NEWS, prior.begins))


@dataclass(frozen=True, slots=True)
class _Tail:
    """How a tail is fitted: the days that the prior weighs, the least scale, the length of the windows in seconds, what is news,
    and which part of the days that stand out begin a cluster."""

    prior_days: float
    least_scale: float
    seconds: int
    news: float = 0.0
    begins: float = 1.0


def _by_chance(heights: Floats, asked: Floats, at: Ints, starts: Sequence[int], usual: _Usual, tail: _Tail) -> Floats:
    """How often a month each of `asked` is reached by chance: the tail of the highest of `heights` in the blocks before."""
    highest = np.maximum.reduceat(heights, starts).tolist()
    ends = [*starts[1:], len(heights)]
    rate = np.empty_like(heights)
    kept: list[float] = []
    spared: list[int] = []
    for block, (start, end) in enumerate(zip(starts, ends, strict=True)):
        length = max(float((at[start] - at[0]) / block) if block else DAY, DAY)
        # Windows of a week that end on seven days running are hardly more than one.
        overlap = min(1.0, length / max(tail.seconds, 1))
        known = len(kept) * overlap / (tail.prior_days + len(kept) * overlap)
        ordered = sorted(kept)
        middle, high = (
            (1 - known) * one + (known * _quantile(ordered, q) if kept else 0.0)
            for one, q in zip(usual(start, block, length), (_MIDDLE, _HIGH), strict=True)
        )
        scale = max((high - middle) / (_GUMBEL[1] - _GUMBEL[0]), tail.least_scale)
        exponent = np.clip((asked[start:end] - middle) / scale + _GUMBEL[0], -_FARTHEST, _FARTHEST)
        told = tail.begins if length < 1.5 * DAY else 1.0
        rate[start:end] = told * MONTH / length * overlap * -np.expm1(-np.exp(-exponent))
        spared = [one for one in spared if one > block - HISTORY]
        if float(rate[start:end].min()) <= tail.news and len(spared) < _MOST_NEWS * min(block, HISTORY):
            spared.append(block)
        else:
            kept = [*kept[1 - HISTORY :], highest[block]]
    return rate


def _quantile(ordered: Sequence[float], q: float) -> float:
    place = q * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
