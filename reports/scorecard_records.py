"""What a scorecard is made of and what it is: rated rows and self-ratings in, scores side by side out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from reports.evidence import Coverage, ModelFacts, Quote, VoiceRow, Window
from reports.pillars import HIGHEST
from reports.promise_records import Interval


@dataclass(frozen=True, slots=True)
class RatedRow:
    """`n` customer story-voices of one day whose evidence on `name` (a pillar, a stage) is good or bad; `story` as elsewhere."""

    day: date
    name: str
    good: bool
    n: int
    story: int = 0


@dataclass(frozen=True, slots=True)
class SelfRating:
    """How one person in the company rates its pillars: 1 to 5 each; what was left out is not rated."""

    by: str
    on: date
    ratings: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ScorecardEvidence:
    """What a scorecard is made of. `voices` is each customer's mood beside the pillars that it speaks well (kept) or badly of."""

    brand: str
    brand_name: str
    timezone: str
    window: Window
    generated: datetime
    pillars: tuple[RatedRow, ...]
    stages: tuple[RatedRow, ...]
    ratings: tuple[SelfRating, ...]
    quotes: Mapping[str, tuple[Quote, ...]]
    coverage: Coverage
    model: ModelFacts
    voices: tuple[VoiceRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """A pillar or a stage. `customers` and `own` are 1–5; `own_range` spans the raters; `difference` = own − customers.

    `importance` (METRICS 11) is the pillar's share of what the measured pillars explain of overall sentiment.
    `good` and `bad` are voices. `sentence` says it in words.
    """

    name: str
    customers: float | None
    interval: Interval | None
    n: int
    n_eff: float
    good: int
    bad: int
    own: float | None = None
    own_range: Interval | None = None
    raters: int = 0
    importance: float | None = None
    importance_interval: Interval | None = None
    quotes: tuple[Quote, ...] = ()
    sentence: str = ""

    @property
    def difference(self) -> float | None:
        """How much higher the company rates itself than its customers do."""
        return None if self.own is None or self.customers is None else self.own - self.customers


@dataclass(frozen=True, slots=True)
class Total:
    """Sums over the `pillars` that customers speak of enough. `own` is the company's sum over those of them that it rates."""

    customers: float | None
    interval: Interval | None
    own: float | None
    pillars: int

    @property
    def most(self) -> float:
        """The highest sum that there can be."""
        return HIGHEST * self.pillars


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Ten pillars, side by side. `first` names the two to four to work on first.

    `own_total` is over all ten, None unless all are rated.
    """

    brand: str
    brand_name: str
    timezone: str
    window: Window
    generated: datetime
    headlines: tuple[str, ...]
    pillars: tuple[Score, ...]
    stages: tuple[Score, ...]
    total: Total
    own_total: float | None
    raters: tuple[str, ...]
    first: tuple[str, ...]
    coverage: Coverage
    model: ModelFacts
