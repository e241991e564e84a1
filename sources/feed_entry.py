"""What a feed holds, whatever format it was written in."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Date:
    """A date as the feed wrote it. `guess` is what the format's own parser made of it, if anything."""

    raw: str
    guess: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One item: plain texts, an absolute address or "", and the dates that it has."""

    id: str
    title: str
    text: str
    link: str
    author: str
    published: Date | None = None
    updated: Date | None = None

    @property
    def dates(self) -> tuple[Date, ...]:
        """What may tell when it was published, the better first."""
        return tuple(date for date in (self.published, self.updated) if date is not None)


@dataclass(frozen=True, slots=True)
class Feed:
    """The items in the feed's own order. `ttl` is how long the feed may be kept, in minutes; 0 where it does not say.

    `cut` when the document ends in the midst of an item, which is left out.
    """

    entries: tuple[Entry, ...]
    ttl: int = 0
    cut: bool = False


class NoFeedError(ValueError):
    """These bytes are no feed of this format, or one that cannot be read."""
