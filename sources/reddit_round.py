"""What one collection gathers, place by place: a place that fails leaves the others as they are."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sources.reddit_marks import Look, Mark
from sources.reddit_network import CredentialsError
from sources.reddit_things import Thing
from sources.source import RateLimitedError, Skipped, SourceError, TemporaryError

Attended = Literal["heard", "refused", "later"]
"""How a place was heard; `later` when waiting may be all that is needed."""

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)


@dataclass
class Round:
    """`missed` says in words what could not be heard, `heard` counts the places that could."""

    marks: dict[str, Mark]
    things: dict[str, Thing] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    errors: list[SourceError] = field(default_factory=list)
    heard: int = 0

    @property
    def halted(self) -> bool:
        """Whether Reddit as a whole wants to be left alone."""
        return any(isinstance(one, RateLimitedError) for one in self.errors)

    def attend(self, place: str, hear: Callable[[], Look]) -> Attended:
        """Hear one place, unless Reddit has asked us to wait.

        Raises:
            CredentialsError: what refuses us here refuses us everywhere.
        """
        if self.halted:
            self.missed.append(f"{place}: not asked, Reddit wants us to wait")
            return "later"
        try:
            heard = hear()
        except CredentialsError:
            raise
        except SourceError as error:
            self.errors.append(error)
            self.missed.append(f"{place}: {error}")
            return "later" if isinstance(error, TemporaryError) else "refused"
        self.heard += 1
        self.things |= {thing.id: thing for thing in heard.things}
        if heard.mark is not None:
            self.marks[place] = heard.mark
        if not heard.complete:
            self.missed.append(f"{place}: more came since the last look than Reddit lists; collect more often")
        return "heard"

    def pause(self, turned_away: int, now: datetime) -> timedelta:
        """How long to leave Reddit alone that has turned us away so many times: as long as it says, else longer each time."""
        said = [one.until - now for one in self.errors if isinstance(one, RateLimitedError) and one.until]
        return max(said) if said else min(_LONGEST_PAUSE, _FIRST_PAUSE * int(2 ** min(turned_away, 20)))
