"""The rhythm of a brand: by hour, by weekday, and by the hour of the week, each only as far as there is evidence for it."""

from typing import Final

from monitor.detection.series import Kind

_HALF_LIFE: Final = 42 * 86_400.0
_FASTEST: Final = 0.5
"""No visit takes more than half of what a slot has learnt."""


class _Table:
    """Factors of slots of time, learnt as ratios of counts (gamma-Poisson shrinkage towards 1, of the weight `strength`)."""

    __slots__ = ("_counts", "_expected", "_fading", "_size", "_slot", "_strength", "_total", "_total_expected", "factor")

    def __init__(self, size: int, strength: float) -> None:
        self._size, self._strength, self._fading = size, strength, 0.693 / _HALF_LIFE
        self._counts, self._expected = [0.0] * size, [0.0] * size
        self._total = self._total_expected = 0.0
        self._slot, self.factor = 0, 1.0

    def turn_to(self, slot: int) -> float:
        """Set `factor` to that of a slot; returns its variance relative to its square."""
        counts, strength = self._counts[slot], self._strength
        self._slot = slot
        # What is more in all slots alike is the level's.
        usual = (self._total + strength) / (self._total_expected + strength)
        self.factor = (counts / usual + strength) / (self._expected[slot] + strength)
        # Where one slot has all that there is, the level knows it already.
        return max(0.0, 1 - counts / (self._total + 1e-9)) / (strength + counts)

    def learn(self, weighted: float, expected: float, since: float) -> None:
        slot, fading, without = self._slot, self._fading * since, expected / self.factor
        kept = max(_FASTEST, 1 - fading * self._size)
        self._counts[slot] = self._counts[slot] * kept + weighted
        self._expected[slot] = self._expected[slot] * kept + without
        kept = max(_FASTEST, 1 - fading)
        self._total = self._total * kept + weighted
        self._total_expected = self._total_expected * kept + without


_STRENGTHS: Final = {"volume": (3.0, 8.0, 25.0), "sentiment": (60.0, 80.0, 400.0)}


class Seasons:
    """Three tables of factors, learnt row by row.

    Of volume, an hour may differ by half from the others without much evidence; an hour of the week must show that it is more than
    its hour and its weekday. Tone has little rhythm, and must show it.
    """

    __slots__ = ("_day", "_hour", "_week")

    def __init__(self, kind: Kind) -> None:
        hour, day, week = _STRENGTHS[kind]
        self._hour, self._day, self._week = _Table(24, hour), _Table(7, day), _Table(168, week)

    def at(self, clock: int) -> tuple[float, float, float]:
        """The factor at a time, and the variances of its hourly and daily part relative to their squares.

        `learn` then teaches this time.
        """
        hour, weekday = clock // 3600 % 24, (clock // 86_400 + 3) % 7
        hourly = self._hour.turn_to(hour) + self._week.turn_to(weekday * 24 + hour)
        daily = self._day.turn_to(weekday)
        return self._hour.factor * self._day.factor * self._week.factor, hourly, daily

    def learn(self, weighted: float, expected: float, since: float) -> None:
        """Learn from a row: its count and its expectation, both in the weight that it has; `since` seconds after the former."""
        self._hour.learn(weighted, expected, since)
        self._day.learn(weighted, expected, since)
        self._week.learn(weighted, expected, since)
