"""How often a month a score this high comes by chance, as the brand's own history has it.

The highest scores of past days are counted, robustly, and their tail is carried on (block maxima; Gumbel 1958, Statistics of
extremes; for streams Siffer et al. 2017, Anomaly detection in streams with extreme value theory). What a normal history would give
stands in while it is short.
"""

from bisect import bisect_left, insort
from collections.abc import Sequence
from statistics import NormalDist
from typing import Final

import numpy as np

from monitor.detection.series import Floats, Ints

MONTH: Final = 30 * 86_400.0
DAY: Final = 86_400.0
LEAST_ROWS: Final = 6
HISTORY: Final = 70
"""Days that are looked back on."""
PRIOR_DAYS: Final = 8.0
_CAUTION: Final = 1.35
"""How much further out the scores of a brand that nobody knows yet may lie."""
_MIDDLE, _HIGH = 0.5, 0.85
_GUMBEL: Final = tuple(float(-np.log(-np.log(q))) for q in (_MIDDLE, _HIGH))
_LEAST_SCALE: Final = 0.28
_NORMAL: Final = NormalDist()


def block_starts(at: Ints) -> list[int]:
    """First rows of the stretches of a day, or of `LEAST_ROWS` rows where these take longer."""
    starts, begun = [0], int(at[0]) if len(at) else 0
    for row, moment in enumerate(at.tolist()):
        if moment - begun >= DAY and row - starts[-1] >= LEAST_ROWS:
            starts.append(row)
            begun = moment
    return starts


def monthly_rate(score: Floats, lasting: Floats, at: Ints, starts: Sequence[int], rows: Floats, seconds: int) -> Floats:
    """For every row, how often a month a window of this length scores as high as `lasting` by chance, by `score` in blocks before.

    `rows` is how many rows the window of each row has.
    """
    highest = np.maximum.reduceat(score, starts)
    ends = [*starts[1:], len(score)]
    rate = np.empty_like(score)
    past: list[float] = []  # in the order of height
    for block, (start, end) in enumerate(zip(starts, ends, strict=True)):
        length = (at[start] - at[0]) / block if block else DAY
        length = max(float(length), DAY)
        size = start / block if block else max(end - start, 1)
        tests = max(size / max(float(rows[max(start - 1, 0)]), 1.0), 0.7)
        overlap = min(1.0, length / max(seconds, 1))
        location, scale = _tail(past, tests, overlap)
        exponent = np.minimum((lasting[start:end] - location) / scale, 690.0)
        rate[start:end] = MONTH / length * overlap * -np.expm1(-np.exp(-exponent))
        insort(past, float(highest[block]))
        if len(past) > HISTORY:
            del past[bisect_left(past, float(highest[block - HISTORY]))]
    return rate


def _tail(past: Sequence[float], tests: float, overlap: float) -> tuple[float, float]:
    """Location and scale of a Gumbel distribution: of past maxima and, as far as there are few, of `tests` normal scores."""
    # Windows of a week that end on seven days running are hardly more than one.
    worth = len(past) * overlap
    known = worth / (PRIOR_DAYS + worth)
    middle, high = (
        (1 - known) * _CAUTION * _NORMAL.inv_cdf(q ** (1 / tests)) + (known * _quantile(past, q) if past else 0.0)
        for q in (_MIDDLE, _HIGH)
    )
    scale = max((high - middle) / (_GUMBEL[1] - _GUMBEL[0]), _LEAST_SCALE)
    return middle - scale * _GUMBEL[0], scale


def _quantile(ordered: Sequence[float], q: float) -> float:
    place = q * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
