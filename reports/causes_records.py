"""What the causes report is made of and what it computes. Complaints are counted in story-voices, as everywhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from reports.evidence import AdvertisedPromise, Every, ModelFacts, Quote, Window
from reports.promise_records import Interval

Status = Literal["open", "covered", "confirmed", "reopened"]
Stage = Literal["new", "growing", "steady", "shrinking", "gone"]
Proof = Literal["too early", "holds", "recurs"]


@dataclass(frozen=True, slots=True)
class CauseEvent:
    """Something that became of a cause: formed, covered, confirmed, reopened, renamed, merged, split or undone."""

    at: datetime
    what: str
    detail: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class KnownCause:
    """A cause as it is stored. `first_seen` is the day of its first complaint; `covered` the day on which it was put right.

    `words_of` is the mention whose words its name is, None where a person named it.
    """

    id: int
    name: str
    status: Status
    first_seen: date
    covered: date | None = None
    done: str = ""
    events: tuple[CauseEvent, ...] = ()
    words_of: int | None = None


@dataclass(frozen=True, slots=True)
class CauseRow:
    """`n` customer story-voices that complained of a cause on one day."""

    day: date
    cause: int
    n: int


@dataclass(frozen=True, slots=True)
class CauseReach:
    """Of the window: distinct `authors` and `stories` of a cause, its voices by promise and by pillar; "" is none."""

    authors: int = 0
    stories: int = 0
    promises: Mapping[str, int] | None = None
    pillars: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class CauseEvidence:
    """Everything that the causes report is made of.

    `rows` and `heard` (customer story-voices a day, whatever they say) reach back beyond the window as far as proofs need them;
    `complaining` counts the voices of the window that complain of anything, `explained` those of them that name a cause.
    """

    brand: str
    brand_name: str
    timezone: str
    window: Window
    every: Every
    generated: datetime
    causes: tuple[KnownCause, ...]
    rows: tuple[CauseRow, ...]
    heard: Mapping[date, int]
    reach: Mapping[int, CauseReach]
    quotes: Mapping[int, tuple[Quote, ...]]
    complaining: int
    explained: int
    promises: tuple[AdvertisedPromise, ...]
    model: ModelFacts
    cost: float | None = None
    currency: str = ""
    settle_days: int = 7


@dataclass(frozen=True, slots=True)
class CausePoint:
    """A cause in the bucket that begins at `start`: its `voices`, and how many customers were `heard` of at all."""

    start: date
    voices: int
    heard: int

    @property
    def rate(self) -> float | None:
        """Complaints in a thousand voices heard; None where nobody was heard."""
        return 1000 * self.voices / self.heard if self.heard else None


@dataclass(frozen=True, slots=True)
class RateChange:
    """Two rates, in a thousand voices heard, and the second over the first; `p` is two-sided. Infinite where the first is 0."""

    before: float
    after: float
    ratio: float
    interval: Interval
    p: float
    n_before: int
    n_after: int


@dataclass(frozen=True, slots=True)
class CoverProof:
    """Metric 18: what became of a covered cause. `expected` is how many complaints the old rate would have brought since."""

    proof: Proof
    since: date
    expected: float
    change: RateChange | None


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause in the window. `share` is of all complaining voices, `rate` in a thousand heard, `cost` that of all voices."""

    id: int
    name: str
    status: Status
    stage: Stage
    voices: int
    authors: int
    stories: int
    share: float | None
    share_interval: Interval | None
    rate: float | None
    rate_interval: Interval | None
    cost: float | None
    cost_interval: Interval | None
    first_seen: date
    covered: date | None
    done: str
    change: RateChange | None
    proof: CoverProof | None
    trend: tuple[CausePoint, ...]
    promises: tuple[tuple[AdvertisedPromise, int], ...]
    pillars: tuple[tuple[str, int], ...]
    quotes: tuple[Quote, ...]
    events: tuple[CauseEvent, ...]
    sentence: str
    words_of: int | None = None


@dataclass(frozen=True, slots=True)
class Improvement:
    """The one thing to improve in a pillar: its open cause with the most voices of late."""

    pillar: str
    cause: Cause
    recent: int


@dataclass(frozen=True, slots=True)
class CausesReport:
    """Complaints by their causes. `heard` and `complaining` count customer story-voices; `unexplained` those of no cause yet."""

    brand: str
    brand_name: str
    timezone: str
    window: Window
    every: Every
    generated: datetime
    headlines: tuple[str, ...]
    causes: tuple[Cause, ...]
    improvements: tuple[Improvement, ...]
    heard: int
    complaining: int
    unexplained: int
    cost: float | None
    currency: str
    settle_days: int
    model: ModelFacts


@dataclass(frozen=True, slots=True)
class CauseNews:
    """A new, growing or reopened cause, for the digest: its size over the last four weeks, and one quote.

    `words_of` is the mention whose words its name is, None where a person named it.
    """

    id: int
    name: str
    stage: Stage
    status: Status
    voices: int
    share: float | None
    share_interval: Interval | None
    quote: Quote | None
    sentence: str
    words_of: int | None = None
