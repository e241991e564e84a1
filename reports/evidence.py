"""The rows that reports take: what was promised, what was read, what was heard, for one brand and one window.

`monitor` loads them from the store, already counted; nothing here knows where they come from. The unit is the story-voice: an
author within a story counts once. Rows carry counts so that a million readings arrive as some thousand rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from models.known_errors import KnownErrors

Every = Literal["day", "week", "month"]
Strength = Literal["guarantee", "absolute", "comparative", "hedged"]
Stance = Literal["kept", "broken"]
Label = Literal["negative", "neutral", "positive"]
Side = Literal["kept", "broken", "outright", "none"]
"""What a voice says of a promise that it speaks of: "outright" is broken, and said in the words "you promised"."""


@dataclass(frozen=True, slots=True)
class Window:
    """Days of the brand's own calendar, `since` included, `until` excluded."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.until <= self.since:
            raise ValueError(f"the window ends ({self.until}) before it begins ({self.since})")

    def __contains__(self, day: date) -> bool:
        return self.since <= day < self.until


@dataclass(frozen=True, slots=True)
class AdvertisedPromise:
    """A promise as the brand makes it. `expectation` (0–100) overrides the figure that `strength` stands for.

    `weight` is how much it matters to the brand, by its own word, on any scale of its own.
    """

    id: str
    text: str
    pillar: str = ""
    strength: Strength = "absolute"
    expectation: float | None = None
    since: date | None = None
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class SentimentRow:
    """`n` customer story-voices of one day with the same label and near-identical probabilities (their mean is given).

    `story` is 0 when each of them is a story of its own, else the id of the story that they share.
    """

    day: date
    label: Label
    probabilities: tuple[float, float, float]
    n: int
    story: int = 0


@dataclass(frozen=True, slots=True)
class AuditRow:
    """A customer story-voice of a random sample: what a person said of it (`label`) beside what was read.

    `read` and `probabilities` are those that its sentiment row has, or would have if it were not `PutRight`; `story` as there.
    """

    day: date
    label: Label
    read: Label
    probabilities: tuple[float, float, float]
    story: int = 0


@dataclass(frozen=True, slots=True)
class PutRight:
    """A customer story-voice that somebody corrected by itself: `label` is certain and counted, the rest as in `AuditRow`."""

    day: date
    label: Label
    read: Label
    probabilities: tuple[float, float, float]
    story: int = 0


@dataclass(frozen=True, slots=True)
class StanceRow:
    """`n` customer story-voices of one day whose evidence says that `promise` was kept or broken; `story` as above."""

    day: date
    promise: str
    stance: Stance
    n: int
    story: int = 0


@dataclass(frozen=True, slots=True)
class StanceAuditRow:
    """A customer story-voice of a random sample that counts as saying `read` of `promise`, and what a person says that it says."""

    promise: str
    said: Literal["kept", "broken", "none"]
    read: Stance
    story: int = 0


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """`n` customer story-voices of the window with the same label and the same sides on the same promises; `story` as above."""

    label: Label
    said: tuple[tuple[str, Side], ...]
    n: int
    story: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage with its origin. `quantity` is what it measures of what the promise measures: "nine days" beside "48 hours"."""

    mention: int
    text: str
    passage: str
    url: str
    source: str
    author: str
    published: datetime
    confidence: float
    promise: str = ""
    stance: Stance | None = None
    label: Label | None = None
    copies: int = 1
    quantity: str = ""


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """`n` sightings of a promise in the brand's own voice on one day."""

    day: date
    promise: str
    n: int


@dataclass(frozen=True, slots=True)
class WordingRow:
    """`n` sightings of a promise in the same words, on the days `first` to `last`; `source` and `url` are those of the last."""

    promise: str
    words: str
    first: date
    last: date
    n: int
    source: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Hole:
    """A stretch in which a source could not be heard, or only in part."""

    source: str
    since: datetime
    until: datetime
    heard: Literal["partial", "blind"]
    reason: str


@dataclass(frozen=True, slots=True)
class Rung:
    """A source with several ways to hear was heard on `days` days this way."""

    source: str
    rung: str
    days: int


@dataclass(frozen=True, slots=True)
class Successor:
    """A newer model version that has read `read` of a window's mentions; until it has read them all, an earlier one counts."""

    version: str
    read: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was heard and what became of it. `unscored` counts mentions per reason; `voices` mentions per kind of voice."""

    mentions: int
    stories: int
    copies: int
    voices: Mapping[str, int] = field(default_factory=dict)
    sources: Mapping[str, int] = field(default_factory=dict)
    unread: int = 0
    unscored: Mapping[str, int] = field(default_factory=dict)
    holes: tuple[Hole, ...] = ()
    rungs: tuple[Rung, ...] = ()
    successor: Successor | None = None


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """Who read: version, the class priors it was calibrated for, and how it did on this brand's audited mentions.

    `priors` are None where the model is not calibrated: then its figures cannot be re-estimated, and stand raw. `errors` are None
    where nobody measured how it errs on brands that it has not met.
    """

    version: str
    priors: tuple[float, float, float] | None = None
    audited: int = 0
    right: int = 0
    errors: KnownErrors | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that the gap report and the digest are made of.

    `audits` are the labelled ones of the random samples, `draws` the windows that each sample was drawn from. `put_right` is only
    told where there are audits.
    """

    brand: str
    brand_name: str
    timezone: str
    window: Window
    every: Every
    generated: datetime
    promises: tuple[AdvertisedPromise, ...]
    sentiment: tuple[SentimentRow, ...]
    stances: tuple[StanceRow, ...]
    quotes: tuple[Quote, ...]
    placements: tuple[PlacementRow, ...]
    coverage: Coverage
    model: ModelFacts
    audits: tuple[AuditRow, ...] = ()
    draws: tuple[Window, ...] = ()
    put_right: tuple[PutRight, ...] = ()
    voices: tuple[VoiceRow, ...] = ()
    wordings: tuple[WordingRow, ...] = ()
    stance_audits: tuple[StanceAuditRow, ...] = ()
