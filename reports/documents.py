"""What reports compute, before anyone draws it: the values that HTML, Markdown, text and JSON are rendered from.

None stands for "insufficient evidence" wherever a number may be None; it is never replaced by 0.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from reports.answering_records import Answering
from reports.causes_records import CausesReport
from reports.claim_records import Claim
from reports.digest_records import DigestExtras, Edition
from reports.dockets import Dockets
from reports.evidence import AdvertisedPromise, Coverage, Every, ModelFacts, Quote, Window
from reports.findings import Findings
from reports.promise_records import PromiseWeights
from reports.scorecard_records import Scorecard

Interval = tuple[float, float]
Verdict = Literal["kept", "broken", "at risk", "unclear", "insufficient evidence"]
Direction = Literal["up", "down", "flat"]
Method = Literal["ppi", "em", "raw"]


@dataclass(frozen=True, slots=True)
class DeliveryPoint:
    """Delivery of a promise (0–100) in the bucket that begins at `start`; `placements` is how often it was advertised then."""

    start: date
    delivery: float | None
    interval: Interval | None
    n: int
    placements: int = 0


@dataclass(frozen=True, slots=True)
class NetPoint:
    """Net sentiment (−100…100) in the bucket that begins at `start`."""

    start: date
    net: float | None
    interval: Interval | None
    n: int


@dataclass(frozen=True, slots=True)
class Change:
    """The bucket in which delivery changed most clearly: before it and from it on, with `p` adjusted over all promises."""

    start: date
    before: float
    after: float
    delta: float
    interval: Interval
    p: float


@dataclass(frozen=True, slots=True)
class PromiseGap:
    """One promise: advertised, lived, and how far the two are apart (METRICS 3–6). `interval` is that of `delivery`.

    `strength` is how many independent voices delivery is worth, its prior included. With the method "audited" it is corrected by
    how the model errs; `audited` of the voices on this promise were labelled. Without audits, `doubt` is where 95 of a hundred
    deliveries lie if the model errs about this promise as it does about those of other brands.
    """

    promise: AdvertisedPromise
    expectation: float
    delivery: float | None
    raw: float | None
    gap: float | None
    interval: Interval | None
    n: int
    n_eff: float
    kept: int
    broken: int
    verdict: Verdict
    direction: Direction
    change: Change | None
    trend: tuple[DeliveryPoint, ...]
    quotes: tuple[Quote, ...]
    sentence: str
    strength: float = 0.0
    method: Literal["raw", "audited"] = "raw"
    audited: int = 0
    doubt: Interval | None = None

    @property
    def gap_interval(self) -> Interval | None:
        """The interval of the gap: that of delivery, moved by the expectation."""
        if self.interval is None:
            return None
        return (self.interval[0] - self.expectation, self.interval[1] - self.expectation)


@dataclass(frozen=True, slots=True)
class NetSentiment:
    """Net sentiment, corrected (`net`) and as the classifier counts it (`raw`), with the negative share (METRICS 1, 2).

    `method` says how it was corrected: by `audited` mentions (PPI++), by re-estimated class shares (EM), or not at all. `interval`
    holds what chance does to it; without audits, `doubt` is where 95 of a hundred brands lie that the model never met.
    """

    net: float | None
    raw: float | None
    interval: Interval | None
    n: int
    n_eff: float
    shares: tuple[float, float, float] | None
    negative_interval: Interval | None
    trend: tuple[NetPoint, ...]
    method: Method = "em"
    audited: int = 0
    doubt: Interval | None = None


@dataclass(frozen=True, slots=True)
class GapReport:
    """The brand-promise gap report. `headlines` are the two or three sentences to read first; `weights` is what promises weigh.

    `answering` is how soon customers are answered, `answered` the same before and after, for the windows that are compared;
    `causes` what they complain of, `scorecard` the ten pillars, `claims` what the brand says that is no promise here, and
    `dockets` the quotes that the numbers open into. None where nobody asked for it to be told.
    """

    brand: str
    brand_name: str
    timezone: str
    window: Window
    every: Every
    generated: datetime
    headlines: tuple[str, ...]
    promises: tuple[PromiseGap, ...]
    sentiment: NetSentiment
    coverage: Coverage
    model: ModelFacts
    weights: PromiseWeights | None = None
    findings: Findings = field(default_factory=Findings)
    answering: Answering | None = None
    answered: tuple[Answering, Answering] | None = None
    causes: CausesReport | None = None
    scorecard: Scorecard | None = None
    claims: tuple[Claim, ...] = ()
    dockets: Dockets | None = None


@dataclass(frozen=True, slots=True)
class Mover:
    """A promise whose delivery yesterday (or this period) differs from the baseline; METRICS 13."""

    promise: AdvertisedPromise
    now: float | None
    before: float | None
    delta: float | None
    interval: Interval | None
    p: float | None
    n: int
    n_before: int
    sentence: str


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A promise whose verdict is not the one that the edition before told."""

    promise: AdvertisedPromise
    before: Verdict
    now: Verdict
    sentence: str


@dataclass(frozen=True, slots=True)
class Digest:
    """One page for one day of the brand, or one week or month that ends with `day`: that `period` against the `baseline` before it.

    `quiet` is True when nothing differs from the baseline by more than chance and nobody complained about a promise: then the
    document is two lines. `things` are the (at most three) sentences that matter. `heard` are the days that `coverage` counts,
    `reliance` says which figures of the period come from few people.
    """

    brand: str
    brand_name: str
    timezone: str
    day: date
    baseline: Window
    generated: datetime
    quiet: bool
    things: tuple[str, ...]
    mentions: int
    usual_mentions: float
    sentiment: NetSentiment
    usual: NetSentiment
    net_change: Interval | None
    movers: tuple[Mover, ...]
    verdicts: tuple[PromiseGap, ...]
    praise: tuple[Quote, ...]
    complaints: tuple[Quote, ...]
    coverage: Coverage
    model: ModelFacts
    edition: Edition = "daily"
    changed: tuple[VerdictChange, ...] = ()
    trend: tuple[NetPoint, ...] = ()
    extras: DigestExtras = field(default_factory=DigestExtras)
    heard: Window | None = None
    reliance: tuple[str, ...] = ()

    @property
    def period(self) -> Window:
        """The days that are told of."""
        return Window(self.baseline.until, self.day + timedelta(days=1))
