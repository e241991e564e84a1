"""What is watched: counts in the order of time, and what may be said of each row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Kind = Literal["volume", "sentiment"]
Direction = Literal["up", "down", "both"]


@dataclass(frozen=True, slots=True)
class Series:
    """Counts by time. `at` are Unix seconds that never fall, `clock` the same as the brand's own clock shows them.

    `observed` counts mentions (volume) or negative ones (sentiment), `exposure` is 1 or how many there were in all. A row that
    was not heard is left out: a hole is no zero.
    """

    kind: Kind
    at: Ints
    clock: Ints
    observed: Floats
    exposure: Floats

    def __len__(self) -> int:
        return len(self.at)


def volume(at: Sequence[int], counts: Sequence[float], clock: Sequence[int] | None = None) -> Series:
    """A series of counts, one a row."""
    observed = np.asarray(counts, dtype=np.float64)
    return _series("volume", at, observed, np.ones_like(observed), clock)


def sentiment(at: Sequence[int], negative: Sequence[float], total: Sequence[float], clock: Sequence[int] | None = None) -> Series:
    """A series of how many mentions were negative, of how many."""
    return _series("sentiment", at, np.asarray(negative, dtype=np.float64), np.asarray(total, dtype=np.float64), clock)


def _series(kind: Kind, at: Sequence[int], observed: Floats, exposure: Floats, clock: Sequence[int] | None) -> Series:
    times = np.asarray(at, dtype=np.int64)
    if len(times) > 1 and bool((np.diff(times) < 0).any()):
        raise ValueError("the rows of a series stand in the order of time")
    return Series(kind, times, times if clock is None else np.asarray(clock, dtype=np.int64), observed, exposure)
