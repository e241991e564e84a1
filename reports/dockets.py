"""What the numbers of a report that stands alone open into: the quotes behind each family of them.

A file cannot ask a store, so it carries the newest quotes of every family and says where all of them are.
"""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from reports.evidence import Label, Quote, Stance, Window, WordingRow

QUOTES: Final = 8
"""Quotes of each side of a promise and of each mood, and customers who asked, that a report carries."""
STORIES: Final = 3
OF_A_PART, PARTS_OF_TIME = 2, 26
"""Quotes of each side (or mood) that a part carries, and of how many weeks (days, months), the latest: pages stay small."""
OVER_TIME: Final = ""
"""The dimension of the parts of time; their values are their first days, as they are written in addresses."""


@dataclass(frozen=True, slots=True)
class AskedCase:
    """A customer who asked for an answer: in which words, and when they got one or the case ended without."""

    case: int
    quote: str
    url: str
    source: str
    asked: datetime
    answered: datetime | None = None
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class CopiedStory:
    """A text that stands in `n` places; `voices` are how many count, `words` how its first one begins."""

    words: str
    url: str
    source: str
    voice: str
    published: datetime
    n: int
    voices: int


PartOf = tuple[str, str, str]
"""A promise's id ("" for all that is said), a dimension, and its value: what a number of a week or of a segment is about."""


@dataclass(frozen=True, slots=True)
class Dockets:
    """The quotes of a report's window, those of the newest days first: `brands` by brand id, its competitors' included.

    `parts` are those of the brand's weeks (days, months), sources and segments. `dashboard` is the address under which people
    reach it, "" where nobody said.
    """

    brands: Mapping[str, tuple[Quote, ...]] = field(default_factory=dict)
    parts: Mapping[PartOf, tuple[Quote, ...]] = field(default_factory=dict)
    wordings: tuple[WordingRow, ...] = ()
    cases: tuple[AskedCase, ...] = ()
    stories: tuple[CopiedStory, ...] = ()
    dashboard: str = ""

    def side(self, brand: str, promise: str, stance: Stance) -> tuple[Quote, ...]:
        """What a brand's customers say of a promise, kept or broken."""
        return tuple(one for one in self.brands.get(brand, ()) if one.promise == promise and one.stance == stance)

    def mood(self, brand: str, label: Label) -> tuple[Quote, ...]:
        """What a brand's customers say, whatever it is about, that reads so."""
        return tuple(one for one in self.brands.get(brand, ()) if not one.promise and one.label == label)

    def placed(self, promise: str) -> tuple[WordingRow, ...]:
        """In which words the brand itself makes a promise, the latest first."""
        found = [one for one in self.wordings if one.promise == promise]
        return tuple(sorted(found, key=lambda one: (one.last, one.n, one.words), reverse=True))


@dataclass(frozen=True, slots=True)
class Whole:
    """Where all rows behind a docket are: a page of the dashboard, "" where it has no address, and a command that shows them."""

    address: str
    command: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Says where the rows of a window are that a file has no room for."""

    dashboard: str
    brand: str
    window: Window

    def mentions(self, **filters: str) -> Whole:
        """The mentions with these filters, of this brand unless they name another."""
        asked = {"brand": self.brand, **filters, **self._days()}
        options = " ".join(f"--{name} {shlex.quote(value)}" for name, value in asked.items())
        return Whole(self._page("/mentions", asked), f"promisewatch mentions search {options}")

    def promise(self, promise: str) -> Whole:
        """Everything that customers said of a promise."""
        days = self._days()
        command = f"promisewatch gap --brand {shlex.quote(self.brand)} --docket {shlex.quote(promise)}"
        command += f" --since {days['since']} --until {days['until']}"
        return Whole(self._page(f"/promises/{promise}", {"brand": self.brand, **days}), command)

    def cause(self, cause: int) -> Whole:
        """Everybody who complained of a cause."""
        days = self._days()
        return Whole(
            self._page(f"/causes/{cause}", {"brand": self.brand, **days}), self.mentions(voice="customer", cause=str(cause)).command
        )

    def scorecard(self) -> Whole:
        """The scorecard with its quotes."""
        days = self._days()
        command = f"promisewatch scorecard --brand {shlex.quote(self.brand)} --since {days['since']} --until {days['until']}"
        return Whole(self._page("/pillars", {"brand": self.brand, **days}), command)

    def claims(self) -> Whole:
        """The claims that somebody may enter as promises."""
        return Whole(
            self._page("/promises/claims", {"brand": self.brand}),
            f"promisewatch promises discover --brand {shlex.quote(self.brand)}",
        )

    def causes(self) -> Whole:
        """All causes of complaints."""
        days = self._days()
        command = f"promisewatch causes --brand {shlex.quote(self.brand)} --since {days['since']} --until {days['until']}"
        return Whole(self._page("/causes", {"brand": self.brand, **days}), command)

    def cases(self) -> Whole:
        """Everybody who asked for an answer."""
        asked = {"brand": self.brand}
        return Whole(self._page("/cases", asked), f"promisewatch cases list --status all --brand {shlex.quote(self.brand)}")

    def _days(self) -> dict[str, str]:
        return {"since": self.window.since.isoformat(), "until": self.window.until.isoformat()}

    def _page(self, path: str, asked: Mapping[str, str]) -> str:
        return f"{self.dashboard.rstrip('/')}{path}?{urlencode(asked)}" if self.dashboard else ""
