"""What a digest tells beyond sentiment and promises, how its editions speak, and how long they look."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from reports.evidence import Every, Quote, Window
from reports.waiting import Waiting

Edition = Literal["daily", "weekly", "monthly"]


@dataclass(frozen=True, slots=True)
class CauseLine:
    """A cause of complaints that is new, growing or back, in a sentence; `voices` is its size over the last four weeks.

    A `fresh` one was not so when the edition before was written: that is among what matters, and ends the quiet. `words_of` is the
    mention whose words its name is.
    """

    id: int
    name: str
    stage: str
    voices: int
    sentence: str
    quote: Quote | None = None
    fresh: bool = True
    words_of: int | None = None


@dataclass(frozen=True, slots=True)
class DigestExtras:
    """What others know of the brand. `waiting` are the most urgent of `waiting_in_all`, `late` is how many are overdue."""

    causes: tuple[CauseLine, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    waiting_in_all: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class EditionWords:
    """How an edition speaks of its time and of the time before it."""

    unit: str
    on_it: str
    before: str
    a_usual_one: str
    with_before: str


WORDS: Final[dict[Edition, EditionWords]] = {
    "daily": EditionWords("day", "on this day", "in the four weeks before", "on a usual day", "four weeks and this day"),
    "weekly": EditionWords("week", "in this week", "in the four weeks before", "in a usual week", "four weeks and this one"),
    "monthly": EditionWords(
        "month", "in this month", "in the twelve weeks before", "in a usual month", "twelve weeks and this month"
    ),
}
_BASELINE: Final[dict[Edition, timedelta]] = {
    "daily": timedelta(weeks=4),
    "weekly": timedelta(weeks=4),
    "monthly": timedelta(weeks=12),
}
POINTS: Final[dict[Edition, Every]] = {"daily": "day", "weekly": "day", "monthly": "week"}
"""How finely an edition draws its time."""


def period(edition: Edition, last: date) -> Window:
    """The days that an edition tells of when `last` is the last of them: that day, seven days, its month so far."""
    since = {"daily": last, "weekly": last - timedelta(days=6), "monthly": last.replace(day=1)}[edition]
    return Window(since, last + timedelta(days=1))


def baseline(edition: Edition, told: Window) -> Window:
    """The days that those are held against."""
    return Window(told.since - _BASELINE[edition], told.since)


def evidence_window(edition: Edition, last: date) -> Window:
    """The days of which a digest needs the evidence: also those by which the verdicts before it are known."""
    told = period(edition, last)
    return Window(baseline(edition, told).since - (told.until - told.since), told.until)
