"""The record that reading makes: what the models say of a text, passage by passage."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from models.known_errors import KnownErrors

Label = Literal["negative", "neutral", "positive"]
LABELS: tuple[Label, ...] = ("negative", "neutral", "positive")
Stance = Literal["kept", "broken"]

PILLARS = (
    "advertising",
    "content",
    "digital experience",
    "in-person experience",
    "communication",
    "people",
    "product and service",
    "customer service",
    "friction",
    "reputation",
)

RELEVANT = 0.35
"""From this probability on, a passage counts as speaking of a promise: a little above where the F1 of claims is best."""

EXPERIENCES = ("first-hand", "news", "promotion", "question", "other")


@dataclass(frozen=True, slots=True)
class Promise:
    """An advertised claim, as far as reading needs to know it. `kept` and `broken` are optional example phrases."""

    id: str
    text: str
    pillar: str = ""
    kept: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentiment:
    """Calibrated probabilities, in the order of `LABELS`; they sum to 1."""

    negative: float
    neutral: float
    positive: float

    @property
    def label(self) -> Label:
        """The most probable label; the earlier of `LABELS` on a tie."""
        values = (self.negative, self.neutral, self.positive)
        return LABELS[values.index(max(values))]


@dataclass(frozen=True, slots=True)
class PromiseMatch:
    """A passage speaks of a promise. `relevance` is the probability that it does; `stance` is None when it takes no side.

    `confidence` is the probability of that stance, given that the passage speaks of the promise. `quantity` is what the passage
    measures of what the promise measures: "nine days" beside "48 hours"; empty where one of them measures nothing.
    """

    promise: str
    relevance: float
    stance: Stance | None
    confidence: float
    quantity: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """An opinion-sized piece of a text. `start` and `end` are character offsets into the original text."""

    start: int
    end: int
    sentiment: Sentiment
    pillar: str | None = None
    experience: str | None = None
    promises: tuple[PromiseMatch, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one model version says of one text. Either `sentiment` is given or `reason` says why the text was not scored."""

    language: str | None
    sentiment: Sentiment | None
    reason: str
    passages: tuple[Passage, ...]
    model: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A text to read, towards `target` (a brand's name, or one of its `aliases`) and against its promises.

    Of the brand's `own` words it is asked which promises they make, not whether those are kept.
    """

    text: str
    target: str = ""
    promises: tuple[Promise, ...] = ()
    own: bool = False
    aliases: tuple[str, ...] = ()


class Reader(Protocol):
    """Anything that reads texts: the bundled model, one of the hub, a fake in a test."""

    @property
    def version(self) -> str:
        """Identity of weights and rules; readings of different versions never mix in one series."""

    @property
    def priors(self) -> tuple[float, float, float] | None:
        """The class shares that its probabilities are calibrated for; None where they are not calibrated."""

    @property
    def errors(self) -> KnownErrors | None:
        """How it is known to err on brands that it has not met; None where nobody measured it."""

    def read(self, texts: Sequence[Unread]) -> list[Reading]:
        """Read `texts`; the result has their order and length. Never raises for what a text contains."""
