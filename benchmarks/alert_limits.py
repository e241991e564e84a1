"""What no rule can do better: a CUSUM that knows the usual rate of every row and the size of the change (optimal: Moustakides 1986).

Its bar is set on calm histories of the same kind, to one opening a month.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.alert_worlds import DAY, PRAISE, World

Floats = NDArray[np.float64]
Gain = Callable[[World], Floats]


def openings(at: NDArray[np.int64], marks: NDArray[np.bool_]) -> list[int]:
    """Rows in which an alert begins; what comes back within a day is the same one, as it is for those who are told."""
    rows = np.flatnonzero(marks)
    return rows[np.diff(at[rows], prepend=at[0] - 2 * DAY) > DAY].tolist() if len(rows) else []


def times_as_many(factor: float, dispersion: float) -> Gain:
    """Evidence of each row that there are so many times as many mentions (log-likelihood ratio of negative binomials)."""
    size = 1 / max(dispersion, 1e-9)

    def gain(world: World) -> Floats:
        more = world.usual * factor
        found: Floats = world.observed * np.log(factor * (world.usual + size) / (more + size))
        return found - size * np.log1p((more - world.usual) / (world.usual + size))

    return gain


def points_more(points: float) -> Gain:
    """Evidence of each row that the negative share is so much higher (log-likelihood ratio of binomials)."""

    def gain(world: World) -> Floats:
        total = np.zeros_like(world.usual) if world.exposure is None else world.exposure
        more = world.usual + points
        found: Floats = world.observed * np.log(more / world.usual)
        return found + (total - world.observed) * np.log((1 - more) / (1 - world.usual))

    return gain


def praise_less(points: float) -> Gain:
    """Evidence of each row that so many points turned from positive to negative (log-likelihood ratio of multinomials)."""
    worse = points_more(points)

    def gain(world: World) -> Floats:
        if world.exposure is None or world.positive is None:
            raise ValueError("praise is counted in worlds of sentiment")
        rest = 1 - world.usual
        before, after = PRAISE, (PRAISE * rest - points) / (rest - points)
        neutral = world.exposure - world.observed - world.positive
        found: Floats = world.positive * np.log(after / before) + neutral * np.log((1 - after) / (1 - before))
        return worse(world) + found

    return gain


def knowing(gain: Gain, calm: Sequence[World]) -> Callable[[World], NDArray[np.bool_]]:
    """The rule that knows, with its bar for one opening a month on calm histories."""
    walks = [_walk(gain(world)) for world in calm]
    months = sum((world.at[-1] - world.at[0]) / (30 * DAY) for world in calm)
    low, high = 0.0, 200.0
    for _ in range(40):
        bar = (low + high) / 2
        often = sum(len(openings(world.at, walk > bar)) for world, walk in zip(calm, walks, strict=True)) / months
        low, high = (bar, high) if often > 1 else (low, bar)
    return lambda world: _walk(gain(world)) > high


def _walk(gains: Floats) -> Floats:
    sums = np.cumsum(gains)
    walk: Floats = sums - np.minimum.accumulate(np.minimum(sums, 0.0))
    return walk
