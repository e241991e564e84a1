"""What a brand says in its own voice beside its promises, and what of it is a claim."""

from dataclasses import dataclass
from datetime import date

from reports.evidence import Strength


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the brand's own voice that belongs to no promise, and where it stood."""

    mention: int
    words: str
    day: date
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim in its most frequent words, how strong they are, and when, how often and where last it was made.

    `key` is the first wording that was seen, as words alone: it stays when others join.
    """

    key: str
    words: str
    strength: Strength
    first: date
    last: date
    sightings: int
    mention: int
    source: str
    url: str
