"""What promises weigh: how loudly each is made, how much it matters, and which are dangerous to go on making. METRICS 7–9, 11, 12.

As in `reports/documents.py`, None stands for insufficient evidence. Shares are fractions (0–1), gaps and deliveries 0–100.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from reports.evidence import AdvertisedPromise, WordingRow

Interval = tuple[float, float]
Quadrant = Literal["fix first", "keep up", "low priority", "possible overkill"]
Weighting = Literal["unweighted", "stated", "placements", "voices"]
Advice = Literal["withdraw", "soften"]
Occasion = Literal["louder", "quieter", "new wording"]


@dataclass(frozen=True, slots=True)
class EmphasisGap:
    """A promise's share of all placements beside its share of what customers say of promises; `gap` in points of 100."""

    promise: AdvertisedPromise
    placements: int
    voices: int
    advertised: float | None
    spoken: float | None
    gap: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Emphasis:
    """The emphasis gap of every promise, and how unlike the two mixes are: Jensen–Shannon divergence in bits, 0 to 1."""

    gaps: tuple[EmphasisGap, ...]
    placements: int
    voices: int
    n_eff: float
    divergence: float | None
    interval: Interval | None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class OverallGap:
    """The gaps of `promises` measured promises as one figure under one weighting; `n` are the voices behind them."""

    weighting: Weighting
    gap: float | None
    interval: Interval | None
    promises: int
    n: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What a promise contributes to overall sentiment (`importance`, a share of what all promises explain), and what that asks for.

    `clear` is False where the interval of importance or delivery contains the mean that divides the quadrants.
    """

    promise: AdvertisedPromise
    n: int
    importance: float | None
    interval: Interval | None
    delivery: float | None = None
    delivery_interval: Interval | None = None
    quadrant: Quadrant | None = None
    clear: bool = False


@dataclass(frozen=True, slots=True)
class Importance:
    """The standings of all promises; `explained` is the share of overall sentiment's variance that promises explain (R²).

    `mean_importance` and `mean_delivery` divide the quadrants; None where fewer than two promises have both.
    """

    standings: tuple[Standing, ...]
    explained: float | None
    n: int
    n_eff: float
    mean_importance: float | None = None
    mean_delivery: float | None = None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Outright:
    """How many of the `n` voices on a promise call it broken and say that it was promised: `share` with Wilson's interval."""

    promise: AdvertisedPromise
    said: int
    n: int
    share: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Turn:
    """A day from which a promise was made more loudly, more quietly or in other words, with delivery before and from it on.

    `loud_before` and `loud_after` are placements a week. None where a side has too few voices.
    """

    promise: AdvertisedPromise
    occasion: Occasion
    start: date
    words: str
    loud_before: float
    loud_after: float
    before: float | None
    after: float | None
    delta: float | None
    interval: Interval | None
    n_before: int
    n_after: int
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class ClaimAtRisk:
    """A promise to soften or to withdraw: customers do not live through it. `wordings` is where it stood."""

    promise: AdvertisedPromise
    advice: Advice
    verdict: str
    expectation: float
    delivery: float
    interval: Interval
    n: int
    broken: int
    outright: int
    softer: str
    wordings: tuple[WordingRow, ...]
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class PromiseWeights:
    """All of it for one brand and window."""

    emphasis: Emphasis
    overall: tuple[OverallGap, ...]
    importance: Importance
    outright: tuple[Outright, ...]
    turns: tuple[Turn, ...]
    at_risk: tuple[ClaimAtRisk, ...]
