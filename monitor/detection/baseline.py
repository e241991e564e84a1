"""What was to be expected of each row, from the rows before it alone: a slowly moving level times the rhythm of the week.

What is far out is believed the less the farther it is (robust exponential smoothing, Gelper, Fried & Croux 2010, with a
redescending influence), so that a crisis is not learnt as normal while it lasts; what stays for days is the new normal, and is
taken over at once.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from monitor.detection.seasons import Seasons
from monitor.detection.series import Floats, Ints, Kind, Series

_DAY: Final = 86_400.0
HALF_LIFE: Final = 10 * _DAY
_LEAST_ROWS: Final = 14
CLIP: Final = 3.0
NEW_NORMAL_SECONDS, NEW_NORMAL_ROWS = 3 * _DAY, 12
"""A level that stays for as long is the new normal."""
_SHIFT: Final = 0.12
_FIRST, _SURE = 0.3, 15.0
_DISPERSION: Final = {"volume": 0.12, "sentiment": 0.01}
_DISPERSION_ROWS: Final = 12.0


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was known before each row: `level`, `season` (expectation = level · season · exposure), the dispersion of single rows,
    the relative variances of the level and of the season's hourly and daily part, how many rows an hour has, and `since`, the row
    at which the level was last taken over.
    """

    level: Floats
    season: Floats
    dispersion: Floats
    level_doubt: Floats
    hourly_doubt: Floats
    daily_doubt: Floats
    an_hour: Floats
    since: Ints


def follow(series: Series) -> Baseline:
    """Follow a series from its first row to its last."""
    follower = _Follower(series.kind)
    rows = zip(series.at.tolist(), series.clock.tolist(), series.observed.tolist(), series.exposure.tolist(), strict=True)
    known = np.fromiter((follower.take(*row) for row in rows), np.dtype((np.float64, 8)), len(series))
    level, season, dispersion, level_doubt, hourly_doubt, daily_doubt, an_hour, since = known.T
    return Baseline(level, season, dispersion, level_doubt, hourly_doubt, daily_doubt, an_hour, since.astype(np.int64))


class _Ratio:
    """A level as a ratio of weighted counts to weighted exposure; `counts` is also what it is worth, in counts."""

    __slots__ = ("counts", "exposure")

    def __init__(self, counts: float, exposure: float) -> None:
        self.counts, self.exposure = counts, exposure

    @property
    def value(self) -> float:
        return max(self.counts, 1e-3) / max(self.exposure, 1e-9)

    def fade(self, seconds: float, half_life: float) -> None:
        kept = 0.5 ** (min(seconds, 3 * half_life) / half_life)
        self.counts *= kept
        self.exposure *= kept

    def add(self, counts: float, exposure: float) -> None:
        self.counts += counts
        self.exposure += exposure


class _Follower:
    """The state of a baseline between two rows."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._row, self._since = -1, 0
        self._last = self._gap = 0.0
        self._seasons = Seasons(kind)
        self._level = self._fast = _Ratio(0.6, 2.0)
        self._former = 0.0
        self._off_since, self._off_rows, self._off_sign = 0.0, 0, 0
        self._dispersion = [_DISPERSION[kind] * _DISPERSION_ROWS, _DISPERSION_ROWS]

    def take(self, at: int, clock: int, observed: float, exposure: float) -> tuple[float, ...]:
        """Return what was known before this row, then learn from it. A second row of the same moment teaches nothing."""
        self._row += 1
        first, elapsed = self._row == 0, at - self._last
        if first and self._kind == "volume":
            self._level, self._fast = (_Ratio(_FIRST, _FIRST / (observed + 0.5)) for _ in range(2))
        elif first:
            self._fast = _Ratio(0.6, 2.0)
        season, hourly_doubt, daily_doubt = self._seasons.at(clock)
        dispersion = self._dispersion[0] / self._dispersion[1]
        level_doubt = 1 / max(self._level.counts, 0.05)
        an_hour = max(1.0, 3600 / max(self._gap, 1.0)) if self._gap else 1.0
        known = (self._level.value, season, dispersion, level_doubt, hourly_doubt, daily_doubt, an_hour, self._since)
        if not first and elapsed <= 0:
            return known
        if not first:
            self._gap = self._gap * (1.1 if elapsed > self._gap else 1 / 1.1) if self._gap else elapsed
        self._last = at
        if exposure > 0:
            self._learn(at, 0.0 if first else elapsed, observed, exposure, season, dispersion)
        return known

    def _learn(self, at: float, elapsed: float, observed: float, exposure: float, season: float, dispersion: float) -> None:
        unit = exposure * season
        expected = max(self._level.value * unit, 1e-6)
        if self._kind == "sentiment":
            expected = min(expected, 0.97 * exposure)
        variance = self._variance(expected, exposure, dispersion)
        # Two more, because counts of rare things are skewed: cut at the same distance on both sides, their level would sink.
        reach = CLIP * math.sqrt(variance + expected**2 / max(self._level.counts, 0.5)) + 2
        apart = observed - expected
        believed = observed if abs(apart) <= reach else expected + reach * reach / apart
        # Busy hours weigh no less than quiet ones, or the level would move with the clock. Rows of one hour tell about the same
        # story: together they weigh no more than an hour.
        typical = min(max(self._level.value * exposure, 1e-6), 0.97 * exposure if self._kind == "sentiment" else math.inf)
        weight = typical / self._variance(typical, exposure, dispersion) * min(1.0, max(self._gap, 1.0) / 3600)
        half_life = max(HALF_LIFE, _LEAST_ROWS * self._gap)
        self._level.fade(elapsed, half_life)
        self._level.add(weight * believed, weight * unit)
        # While the level is hardly known, what is blamed on the hour would be the level's fault.
        sure = weight * self._level.counts / (self._level.counts + _SURE)
        self._seasons.learn(sure * believed, sure * self._level.value * unit, max(elapsed, 1.0))
        self._disperse(believed, expected, exposure, elapsed)
        self._fast.fade(elapsed, max(_DAY / 2, 4 * self._gap))
        wide = min(max(observed, expected - 3 * reach), expected + 3 * reach)
        self._fast.add(weight * wide, weight * unit)
        self._take_over(at)

    def _variance(self, expected: float, exposure: float, dispersion: float) -> float:
        if self._kind == "volume":
            return expected + dispersion * expected**2
        return max(expected * (1 - expected / exposure) * (1 + (exposure - 1) * dispersion), 1e-9)

    def _disperse(self, believed: float, expected: float, exposure: float, elapsed: float) -> None:
        """Estimate how much more than chance rows differ, by moments (negative binomial; beta-binomial)."""
        squared = (believed - expected) ** 2
        if self._kind == "volume":
            weight = (expected / (1 + expected)) ** 2
            found = (squared - expected) / expected**2
        else:
            weight = ((exposure - 1) / (exposure + 4)) ** 2
            binomial = max(expected * (1 - expected / exposure), 1e-9)
            found = (squared / binomial - 1) / (exposure - 1) if exposure > 1 else 0.0
        kept = 0.5 ** (min(elapsed, 30 * _DAY) / max(30 * _DAY, 40 * self._gap))
        sums = self._dispersion
        sums[0] = max(sums[0] * kept + weight * found, 1e-4 * sums[1])
        sums[1] = sums[1] * kept + weight

    def _take_over(self, at: float) -> None:
        """Take the level of the last hours over, once it has stayed away from the slow one; sooner where it is the former one."""
        level, fast = self._level.value, self._fast.value
        apart = math.log(fast / level)
        sign = 0
        if abs(apart) > max(_SHIFT, 2 * math.sqrt(1 / max(self._fast.counts, 0.3) + 1 / max(self._level.counts, 0.3))):
            sign = 1 if apart > 0 else -1
        if sign != self._off_sign or not sign:
            self._off_since, self._off_rows, self._off_sign = at, 0, sign
            return
        self._off_rows += 1
        returned = self._former > 0 and abs(math.log(fast / self._former)) < 0.5 * abs(math.log(level / self._former))
        seconds, rows = (NEW_NORMAL_SECONDS / 6, NEW_NORMAL_ROWS / 2) if returned else (NEW_NORMAL_SECONDS, NEW_NORMAL_ROWS)
        if at - self._off_since < seconds or self._off_rows < rows:
            return
        self._former = level
        counts = min(self._level.counts, self._fast.counts)
        self._level = _Ratio(counts, counts / fast)
        self._since = self._row + 1
        self._off_rows, self._off_sign = 0, 0
