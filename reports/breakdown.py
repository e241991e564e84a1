"""The rows that say what a window's evidence is made of: where it was said, of what, in which segment, by how many authors.

They stand beside `Evidence`, counted in the same way: only customers' story-voices, and `story` is 0 where each is its own.
"""

from dataclasses import dataclass
from typing import Literal

from reports.evidence import Label, Stance, Window


@dataclass(frozen=True, slots=True)
class TopicRow:
    """`n` voices of one source and topic with the same label and near probabilities; `topic` is a promise's id, "" for none."""

    source: str
    topic: str
    label: Label
    probabilities: tuple[float, float, float]
    n: int
    story: int = 0


@dataclass(frozen=True, slots=True)
class MoodRow:
    """`n` voices that have `value` in `dimension` (source, language or an imported column), with near probabilities."""

    dimension: str
    value: str
    label: Label
    probabilities: tuple[float, float, float]
    n: int
    story: int = 0


@dataclass(frozen=True, slots=True)
class SideRow:
    """`n` voices that have `value` in `dimension` and say that `promise` was kept or broken."""

    dimension: str
    value: str
    promise: str
    stance: Stance
    n: int
    story: int = 0


@dataclass(frozen=True, slots=True)
class LeaderRow:
    """`n` negative voices of one author or in one thread; with `promise`, voices that say that it was broken."""

    promise: str
    kind: Literal["author", "thread"]
    n: int


@dataclass(frozen=True, slots=True)
class QuantityRow:
    """`n` voices that measure what `promise` measures as `quantity`, in the words that were written."""

    promise: str
    quantity: str
    stance: Stance | None
    n: int
    story: int = 0


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What is known of a window beyond its days. `before` and `after` are the windows whose topics are compared.

    `leaders` are the ten first of each promise and kind; `dimensions` those that were asked for, in that order.
    """

    before: Window
    after: Window
    topics_before: tuple[TopicRow, ...] = ()
    topics_after: tuple[TopicRow, ...] = ()
    dimensions: tuple[str, ...] = ()
    moods: tuple[MoodRow, ...] = ()
    sides: tuple[SideRow, ...] = ()
    leaders: tuple[LeaderRow, ...] = ()
    quantities: tuple[QuantityRow, ...] = ()
