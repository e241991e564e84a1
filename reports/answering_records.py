"""Time to answer (metric 17), as it is told."""

from dataclasses import dataclass

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Share:
    """`k` of `n`, as a fraction with its 95 % interval; None under the sample size that a number needs."""

    k: int
    n: int
    value: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Answering:
    """How customers are answered. `median` is in hours: None where too few asked, or more than half have no answer yet.

    The interval's upper end is None where it lies beyond what was seen.
    """

    n: int
    answered: int
    waiting: int
    median: float | None
    interval: tuple[float, float | None] | None
    same_day: Share
    in_time: Share
