"""What the store takes and hands out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

from models.reading import Label
from reports.evidence import AdvertisedPromise
from sources.mention import Voice
from sources.source import Cursor

SourceCondition = Literal["active", "limited", "denied", "gone", "paused"]


class Match(NamedTuple):
    """A mention speaks of `brand`: the spans that say so, as offsets into its body, and the day of the brand's own calendar."""

    brand: str
    day: date
    spans: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the mentions of a batch. Each is counted once; `copies` are new mentions of a story already known.

    `unmatched` ones speak of no brand and are not stored.
    """

    new: int = 0
    copies: int = 0
    edited: int = 0
    unchanged: int = 0
    unmatched: int = 0
    skipped: int = 0

    def __add__(self, other: "Kept") -> "Kept":
        return Kept(
            self.new + other.new,
            self.copies + other.copies,
            self.edited + other.edited,
            self.unchanged + other.unchanged,
            self.unmatched + other.unmatched,
            self.skipped + other.skipped,
        )


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand as it is configured. `read_for` stands for what its mentions are read for: when it changes, they are read again."""

    id: str
    name: str
    timezone: str
    promises: tuple[AdvertisedPromise, ...] = ()
    read_for: str = ""


@dataclass(frozen=True, slots=True)
class Listening:
    """A source as it is configured: `id` is that of its mentions, `address` is for people to read."""

    id: str
    kind: str
    address: str
    brands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source as the store knows it. `moved_to` is the address after a permanent redirect; `last` its latest run's counts."""

    id: str
    kind: str
    address: str
    moved_to: str
    brands: tuple[str, ...]
    state: SourceCondition
    cursor: Cursor
    collected: datetime | None
    not_before: datetime | None
    failures: int
    error: str
    remedy: str
    last: Kept


@dataclass(frozen=True, slots=True)
class ToRead:
    """A match that the current model has not read: its `text` (the mention's body) and its `target` (the brand's name)."""

    mention: int
    brand: str
    text: str
    target: str
    voice: Voice


@dataclass(frozen=True, slots=True)
class StoredMention:
    """A mention as it is exported."""

    id: int
    source: str
    external_id: str
    url: str
    title: str
    text: str
    author: str
    published: datetime
    collected: datetime
    voice: Voice
    language: str | None
    brands: tuple[str, ...]
    story: int
    rating: float | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Audit:
    """What a person says of a mention. Only those of a `random` sample say how good the model is."""

    mention: int
    brand: str
    label: Label
    random: bool = True
