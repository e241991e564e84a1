"""What the store takes and hands out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from models.reading import Label
from reports.evidence import AdvertisedPromise
from sources.mention import Mention, Voice
from sources.query_text import Span
from sources.source import Cursor

SourceCondition = Literal["active", "limited", "failing", "denied", "gone", "paused"]


class Match(NamedTuple):
    """A mention speaks of `brand`: the spans that say so, as offsets into its body, and the day of the brand's own calendar.

    `spans` is None where no query was asked: a column of a table, or the brand's own source, says so. `voice` is None where it is
    the mention's own.
    """

    brand: str
    day: date
    spans: Sequence[Span] | None = ()
    voice: Voice | None = None


class Excluded(NamedTuple):
    """A mention would speak of `brand`, but for `reason`: a NOT of its query, or an entry of a deny list."""

    brand: str
    day: date
    reason: str


class Matched(list[Match]):
    """The matches of a mention, and what was excluded. One that speaks of no brand stays within reach for the time `aside`."""

    def __init__(self, matches: Iterable[Match] = (), excluded: Sequence[Excluded] = (), aside: timedelta = timedelta(0)) -> None:
        super().__init__(matches)
        self.excluded = excluded
        self.aside = aside


class ExclusionCount(NamedTuple):
    """How many mentions a reason kept from a brand on one of its days."""

    day: date
    reason: str
    mentions: int


@dataclass(frozen=True, slots=True)
class MatchedMention:
    """A stored mention as queries see it, and the spans and the voice of its matches by brand; spans are None where assigned."""

    id: int
    story: int
    mention: Mention
    matches: Mapping[str, tuple[Sequence[Span] | None, Voice]]


@dataclass(frozen=True, slots=True)
class Rematch:
    """What becomes of a stored mention's matches: brands that it no longer speaks of, new matches, and matches with other spans."""

    mention: int
    story: int
    removed: Sequence[str] = ()
    added: Sequence[Match] = ()
    moved: Sequence[Match] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the mentions of a batch. Each is counted once; `copies` are new mentions of a story already known.

    `unmatched` ones speak of no brand and are not stored. `differing` ones are among the unchanged: an import says the same
    text of them, and other facts than those that are stored.
    """

    new: int = 0
    copies: int = 0
    edited: int = 0
    unchanged: int = 0
    unmatched: int = 0
    skipped: int = 0
    differing: int = 0

    def __add__(self, other: "Kept") -> "Kept":
        return Kept(
            self.new + other.new,
            self.copies + other.copies,
            self.edited + other.edited,
            self.unchanged + other.unchanged,
            self.unmatched + other.unmatched,
            self.skipped + other.skipped,
            self.differing + other.differing,
        )


@dataclass(frozen=True, slots=True)
class Retracted:
    """What looking again led to: how many were `asked` for, mentions `removed`, and mentions that lost their author."""

    asked: int = 0
    removed: int = 0
    anonymous: int = 0

    def __add__(self, other: "Retracted") -> "Retracted":
        return Retracted(self.asked + other.asked, self.removed + other.removed, self.anonymous + other.anonymous)


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
    """A source as the store knows it. `moved_to` is the address after a permanent redirect; `last` its latest run's counts.

    `news` is when it last brought something that it had not brought the time before.
    """

    id: str
    kind: str
    address: str
    moved_to: str
    brands: tuple[str, ...]
    state: SourceCondition
    cursor: Cursor
    collected: datetime | None
    not_before: datetime | None
    news: datetime | None
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
class Concentration:
    """How many units have a label, and the authors who have most of them, as (author, units), the most first."""

    units: int
    authors: Sequence[tuple[str, int]] = ()

    def share(self, top: int) -> float | None:
        """The share of the `top` authors, 0–1; None where there is no unit. People without a name are one voice each."""
        return sum(units for _, units in self.authors[:top]) / self.units if self.units else None


@dataclass(frozen=True, slots=True)
class Audit:
    """What a person says of a mention, and of the promises found in it. Only what was drawn says how good the model is."""

    mention: int
    brand: str
    label: Label
    stances: Mapping[str, Literal["kept", "broken", "none"]] = field(default_factory=dict)
