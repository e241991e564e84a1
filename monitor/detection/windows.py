"""How unlikely the last minutes, hours and days are, each as a standard normal score.

A change that lasts is found soonest in a window as long as itself, so all lengths are looked at (window-limited scan; Lai 1995,
Sequential changepoint detection in quality control and dynamical systems). Each is held against what was known when it began.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from monitor.detection.baseline import Baseline
from monitor.detection.series import Floats, Ints, Series

_HOUR: Final = 3600
_DAY: Final = 86_400
SPANS: Final = (0, 900, _HOUR, 2 * _HOUR, 6 * _HOUR, _DAY, 2 * _DAY, 3 * _DAY, 7 * _DAY)
"""Lengths of the windows in seconds; 0 is the row alone."""
MORE_ROWS: Final = 1.5
"""A longer window is looked at where it has so many times the rows of the next shorter one."""
MANY_ROWS: Final = 24
KNOWN_BEFORE: Final = 2
"""A window is held against a past that is so many times as long, or longer."""
LEAST_EXPOSURE: Final = 12.0
"""Mentions under which a window says nothing of sentiment."""
_LEAST_P: Final = 1e-300
_LOST: Final = 1e-6
"""What is left of 1 is not exact below."""
_ODDS: Final = 1.6
_RESET: Final = 1e7


@dataclass(frozen=True, slots=True)
class Window:
    """One length of windows, for every row the one that ends with it.

    `first` is the row that it begins with, `score` a standard normal score (0 where the window says nothing; positive is more than
    expected), `active` where it says more than the shorter ones.
    """

    name: str
    seconds: int
    first: Ints
    observed: Floats
    expected: Floats
    exposure: Floats
    score: Floats
    active: "np.typing.NDArray[np.bool_]"


def look(series: Series, baseline: Baseline) -> list[Window]:
    """The windows of all lengths, and the CUSUM of sentiment."""
    sums = _Sums(series, baseline)
    windows: list[Window] = []
    rows = np.zeros(len(series))
    for seconds in SPANS:
        window = sums.window(seconds)
        counted = np.arange(len(series)) + 1.0 - window.first
        active = counted >= MORE_ROWS * rows
        if seconds == SPANS[-1]:
            # Where rows are many, three days see a drift as soon, and forget what is over sooner.
            active &= rows < MANY_ROWS
        rows = np.where(active, counted, rows)
        if active.any():
            known = series.at[window.first] - series.at[0] >= KNOWN_BEFORE * seconds
            active &= known & sums.enough(window)
            windows.append(Window("window", seconds, *sums.scores(window, active), active=active))
    if series.kind == "sentiment":
        windows.append(_cusum(series, baseline, sums))
    return windows


@dataclass(frozen=True, slots=True)
class _Span:
    first: Ints
    last: Ints


class _Sums:
    """Sums over windows by differences of running sums."""

    def __init__(self, series: Series, baseline: Baseline) -> None:
        self.series, self.baseline = series, baseline
        unit = series.exposure * baseline.season
        self._share = series.kind == "sentiment"
        spread = baseline.dispersion * (unit * np.maximum(series.exposure - 1, 0) if self._share else unit**2)
        hourly, daily = unit**2 * baseline.hourly_doubt * baseline.an_hour, unit * np.sqrt(baseline.daily_doubt)
        columns = (series.observed, unit, spread, hourly, series.exposure, daily)
        self._running = [np.concatenate(([0.0], np.cumsum(column))) for column in columns]

    def window(self, seconds: int) -> _Span:
        at = self.series.at
        last = np.arange(len(at), dtype=np.int64)
        first = np.searchsorted(at, at - seconds, side="right").astype(np.int64) if seconds else last
        return _Span(np.maximum(np.minimum(first, last), np.minimum(self.baseline.since, last)), last)

    def enough(self, window: _Span) -> "np.typing.NDArray[np.bool_]":
        return self._sum(4, window) >= LEAST_EXPOSURE if self._share else np.full(len(window.first), True)

    def _sum(self, column: int, window: _Span) -> Floats:
        running = self._running[column]
        difference: Floats = running[window.last + 1] - running[window.first]
        return difference

    def scores(self, window: _Span, asked: "np.typing.NDArray[np.bool_]") -> tuple[Ints, Floats, Floats, Floats, Floats]:
        """First row, observed, expected, exposure and score of windows (0 where it is not asked for)."""
        baseline, first = self.baseline, window.first
        observed, exposure = self._sum(0, window), self._sum(4, window)
        level, doubt = baseline.level[first], baseline.level_doubt[first]
        unit = self._sum(1, window)
        expected = np.maximum(level * unit, 1e-9)
        if self._share:
            expected = np.minimum(expected, 0.97 * exposure)
        # Hours are wrong each in its own way, and so are days.
        days = np.maximum(1.0, (self.series.at[window.last] - self.series.at[first]) / _DAY)
        unsure = expected**2 * doubt + level**2 * (self._sum(3, window) + self._sum(5, window) ** 2 / days)
        spread = self._sum(2, window)
        if self._share:
            kept = 1 - expected / np.maximum(exposure, 1e-9)
            variance = expected * kept + level * spread * kept + unsure
        else:
            variance = expected + level**2 * spread + unsure
        score, at = np.zeros_like(expected), np.flatnonzero(asked & (exposure > 0))
        if self._share:
            score[at] = _share_score(observed[at], expected[at], exposure[at], variance[at])
        else:
            score[at] = _count_score(observed[at], expected[at], variance[at])
        return first, observed, expected, exposure, score


def _count_score(observed: Floats, expected: Floats, variance: Floats) -> Floats:
    """Tail of a negative binomial with this mean and variance (Poisson where they are equal), the middle of the step."""
    from scipy.special import betainc, betaincc  # noqa: PLC0415 - a fifth of a second, and most commands detect nothing

    size = np.clip(expected**2 / np.maximum(variance - expected, 1e-9), 1e-6, 1e9)
    share, least = expected / (size + expected), np.maximum(observed, 1e-9)
    up = (betainc(least, size, share) + betainc(observed + 1, size, share)) / 2
    down = 1 - up
    low = np.flatnonzero(down < _LOST)
    down[low] = (betaincc(least[low], size[low], share[low]) + betaincc(observed[low] + 1, size[low], share[low])) / 2
    return _normal(up, down)


def _share_score(observed: Floats, expected: Floats, exposure: Floats, variance: Floats) -> Floats:
    """Tail of a beta-binomial: how likely the window's share is in the light of the share before (Gelman et al. 2013, ch. 2)."""
    from scipy.special import betainc, betaincc  # noqa: PLC0415 - as above

    mean = np.clip(expected / exposure, 1e-4, 0.97)
    worth = np.clip(mean * (1 - mean) * exposure**2 / np.maximum(variance, 1e-12) - 1, 0.5, 1e9)
    below, above = (np.clip((observed + half) / exposure, 0.0, 1.0) for half in (-0.5, 0.5))
    a, b = mean * worth, (1 - mean) * worth
    up = (betaincc(a, b, below) + betaincc(a, b, above)) / 2
    down = 1 - up
    low = np.flatnonzero(down < _LOST)
    down[low] = (betainc(a[low], b[low], below[low]) + betainc(a[low], b[low], above[low])) / 2
    return _normal(up, down)


def _normal(up: Floats, down: Floats) -> Floats:
    from scipy.special import ndtri  # noqa: PLC0415 - as above

    smaller = np.clip(np.minimum(up, down), _LEAST_P, 0.5)
    score: Floats = np.where(up < down, -ndtri(smaller), ndtri(smaller))
    return score


def _cusum(series: Series, baseline: Baseline, sums: _Sums) -> Window:
    """One-sided CUSUM of the log-likelihood ratio of a share whose odds are `_ODDS` times as high (Page 1954).

    Its tail is exponential (Wald); as a normal score it stands beside the windows.
    """
    mean = np.clip(baseline.level * baseline.season, 0.01, 0.95)
    raised = _ODDS * mean / (1 - mean + _ODDS * mean)
    gain = series.observed * np.log(raised / mean) + (series.exposure - series.observed) * np.log((1 - raised) / (1 - mean))
    gain /= 1 + np.maximum(series.exposure - 1, 0) * baseline.dispersion
    gain[np.flatnonzero(np.diff(baseline.since, prepend=0))] -= _RESET
    walk = np.cumsum(gain)
    lowest = np.minimum.accumulate(np.minimum(walk, 0.0))
    height = walk - lowest
    rows = np.arange(len(series), dtype=np.int64)
    first = np.maximum.accumulate(np.where(height <= 0, rows, 0)) if len(series) else rows
    _, observed, expected, exposure, _ = sums.scores(_Span(first, rows), np.zeros(len(series), dtype=np.bool_))
    up = np.exp(-np.minimum(height, 600.0)) / 2
    score = np.where(height > 0, _normal(up, 1 - up), 0.0)
    return Window("cusum", 0, first, observed, expected, exposure, score, exposure >= LEAST_EXPOSURE)
