"""What a digest tells beyond sentiment and promises, how its editions speak, and how long they look."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from reports.breakdown import LeaderRow
from reports.evidence import Every, Quote, Window
from reports.reader import gettext_noop
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
    """What others know of the brand. `waiting` are the most urgent of `waiting_in_all`, `late` is how many are overdue.

    `leaders` are the authors and threads that complained most in the edition's time.
    """

    causes: tuple[CauseLine, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    waiting_in_all: int = 0
    late: int = 0
    leaders: tuple[LeaderRow, ...] = ()


@dataclass(frozen=True, slots=True)
class EditionWords:
    """How an edition speaks of its time and of the time before it; messages that are translated where they are used."""

    on_it: str
    before: str
    from_before: str
    a_usual_one: str
    with_before: str
    in_numbers: str
    per_unit: str
    quiet_title: str
    quiet: str
    incomplete: str
    nothing_stored: str


WORDS: Final[dict[Edition, EditionWords]] = {
    "daily": EditionWords(
        on_it=gettext_noop("on this day"),
        before=gettext_noop("in the four weeks before"),
        from_before=gettext_noop("from the four weeks before"),
        a_usual_one=gettext_noop("on a usual day"),
        with_before=gettext_noop("Promises, four weeks and this day"),
        in_numbers=gettext_noop("The day in numbers"),
        per_unit=gettext_noop("%(n)s a day"),
        quiet_title=gettext_noop("%(brand)s, %(day)s: a quiet day."),
        quiet=gettext_noop("A quiet day: nothing differed %(before)s by more than chance, and nobody complained about a promise."),
        incomplete=gettext_noop("%(source)s %(heard)s for %(time)s (%(reason)s), so this day may be incomplete."),
        nothing_stored=gettext_noop(
            "Nothing is stored of %(brand)s for four weeks and this day, so whether it was quiet cannot be told."
        ),
    ),
    "weekly": EditionWords(
        on_it=gettext_noop("in this week"),
        before=gettext_noop("in the four weeks before"),
        from_before=gettext_noop("from the four weeks before"),
        a_usual_one=gettext_noop("in a usual week"),
        with_before=gettext_noop("Promises, four weeks and this one"),
        in_numbers=gettext_noop("The week in numbers"),
        per_unit=gettext_noop("%(n)s a week"),
        quiet_title=gettext_noop("%(brand)s, %(day)s: a quiet week."),
        quiet=gettext_noop("A quiet week: nothing differed %(before)s by more than chance, and nobody complained about a promise."),
        incomplete=gettext_noop("%(source)s %(heard)s for %(time)s (%(reason)s), so this week may be incomplete."),
        nothing_stored=gettext_noop(
            "Nothing is stored of %(brand)s for four weeks and this one, so whether it was quiet cannot be told."
        ),
    ),
    "monthly": EditionWords(
        on_it=gettext_noop("in this month"),
        before=gettext_noop("in the twelve weeks before"),
        from_before=gettext_noop("from the twelve weeks before"),
        a_usual_one=gettext_noop("in a usual month"),
        with_before=gettext_noop("Promises, twelve weeks and this month"),
        in_numbers=gettext_noop("The month in numbers"),
        per_unit=gettext_noop("%(n)s a month"),
        quiet_title=gettext_noop("%(brand)s, %(day)s: a quiet month."),
        quiet=gettext_noop(
            "A quiet month: nothing differed %(before)s by more than chance, and nobody complained about a promise."
        ),
        incomplete=gettext_noop("%(source)s %(heard)s for %(time)s (%(reason)s), so this month may be incomplete."),
        nothing_stored=gettext_noop(
            "Nothing is stored of %(brand)s for twelve weeks and this month, so whether it was quiet cannot be told."
        ),
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
