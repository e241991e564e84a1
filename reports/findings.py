"""What explains the numbers of the gap report: what moved them, on whom they rest, how they differ, beside whom they stand.

As everywhere, None stands for "insufficient evidence". Points are those of net sentiment (−100…100) or of delivery (0–100).
"""

from dataclasses import dataclass
from typing import Literal

from reports.evidence import Window

Interval = tuple[float, float]
Cause = Literal["source mix", "topic mix", "tone"]


@dataclass(frozen=True, slots=True)
class Term:
    """A part of a change, in points; the parts of a change sum to it."""

    name: Cause
    points: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Driver:
    """What one source or topic adds to a change, in points; over all sources, or all topics, they sum to it.

    `promise` is the id of a topic that is a promise, else "".
    """

    kind: Literal["source", "topic"]
    name: str
    promise: str
    points: float
    interval: Interval
    n_before: int
    n_after: int


@dataclass(frozen=True, slots=True)
class PromiseChange:
    """Delivery of a promise in two windows (METRICS 13); `p` is adjusted over all promises (Benjamini–Hochberg)."""

    promise: str
    text: str
    before: float | None
    after: float | None
    delta: float | None
    interval: Interval | None
    p: float | None
    n_before: int
    n_after: int


@dataclass(frozen=True, slots=True)
class Movement:
    """Net sentiment of two windows and why they differ (METRICS 14): `terms` sum to `delta` exactly."""

    before: Window
    after: Window
    net_before: float | None
    net_after: float | None
    delta: float | None
    interval: Interval | None
    n_before: int
    n_after: int
    terms: tuple[Term, ...]
    drivers: tuple[Driver, ...]
    promises: tuple[PromiseChange, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class VoiceConcentration:
    """The share (0–1) of negative voices, or of those who call a promise broken, that the top 1, 3 and 10 make up (METRICS 15).

    `promise` is "" for the negative ones. `threads` counts those who answer the same post.
    """

    promise: str
    text: str
    n: int
    authors: tuple[float, float, float] | None
    threads: tuple[float, float, float] | None
    sentence: str
    most: int = 0
    """How many of them the busiest author wrote, also where they are too few for shares."""


@dataclass(frozen=True, slots=True)
class Consistency:
    """How far delivery of a promise differs between weeks, sources or segments beyond chance (METRICS 16).

    `spread` is the standard deviation, in points, of what the groups deliver; sampling is taken out. `low` and `high` are the
    lowest and the highest group with its delivery.
    """

    promise: str
    text: str
    between: str
    groups: int
    n: int
    spread: float | None
    interval: Interval | None
    p: float | None
    low: tuple[str, float] | None
    high: tuple[str, float] | None


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure of a segment against everybody else; `p` is adjusted over all figures of all segments (Benjamini–Hochberg)."""

    value: float | None
    interval: Interval | None
    n: int
    p: float | None = None
    differs: bool = False


@dataclass(frozen=True, slots=True)
class SegmentPromise:
    """Delivery of one promise in one segment."""

    promise: str
    delivery: Measured


@dataclass(frozen=True, slots=True)
class Segment:
    """Customers who have `value` in a dimension: net sentiment, and delivery over all promises and of each."""

    value: str
    n: int
    net: Measured
    delivery: Measured
    promises: tuple[SegmentPromise, ...]


@dataclass(frozen=True, slots=True)
class Segmentation:
    """The segments of a dimension, the largest first. `left_out` are the values too many to show, `nameless` voices have none."""

    dimension: str
    segments: tuple[Segment, ...]
    left_out: int
    nameless: int


@dataclass(frozen=True, slots=True)
class NumericPromise:
    """What a promise names as a figure, beside what customers measure, in `unit`: hours, metres, %, or a currency.

    `within` is the share of voices (0–1) whose figure is at most the advertised one. `values` are the figures with their voices.
    """

    promise: str
    text: str
    advertised_text: str
    advertised: float
    unit: str
    n: int
    n_eff: float
    median: float | None
    interval: Interval | None
    within: float | None
    within_interval: Interval | None
    values: tuple[tuple[float, int], ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class RivalPromise:
    """The same promise as a competitor's customers live through it; `delta` is the brand's own delivery minus theirs."""

    promise: str
    text: str
    delivery: float | None
    interval: Interval | None
    n: int
    delta: float | None
    delta_interval: Interval | None
    p: float | None


@dataclass(frozen=True, slots=True)
class Competitor:
    """A brand beside the reported one, which comes first with `own`. `share` (0–1) is its part of all customers' voices."""

    id: str
    name: str
    own: bool
    n: int
    share: float | None
    share_interval: Interval | None
    net: float | None
    net_interval: Interval | None
    promises: tuple[RivalPromise, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that explains the report's numbers; empty where it was not asked for."""

    movement: Movement | None = None
    concentration: tuple[VoiceConcentration, ...] = ()
    consistency: tuple[Consistency, ...] = ()
    segmentations: tuple[Segmentation, ...] = ()
    numbers: tuple[NumericPromise, ...] = ()
    competitors: tuple[Competitor, ...] = ()
