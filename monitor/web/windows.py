"""The days that a page tells of: chosen in its address, else the last twelve weeks; and the mentions behind its numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import wraps
from typing import Final, get_args

from starlette.responses import Response

from monitor.commands.reports import MOST_DAYS, WEEKS, today_of
from monitor.config import BrandConfig
from monitor.explained import gap_report
from monitor.storage.segments import BUILT_IN
from monitor.store import Store
from monitor.web.tables import KINDS
from monitor.web.visit import Visit
from reports.documents import GapReport
from reports.evidence import Every, Window
from sources.dates import FIRST_YEAR, LAST_YEAR

Shown = Callable[[Visit, BrandConfig, "Asked"], Response]
EVERY: Final[tuple[Every, ...]] = get_args(Every)
_LENGTH: Final[dict[Every, int]] = {"day": 1, "week": 7, "month": 30}


@dataclass(frozen=True)
class Asked:
    """What an address asks for. `chosen` are its own parameters, to be kept in the links of the page."""

    window: Window
    every: Every
    chosen: dict[str, str]


@dataclass(frozen=True)
class Rows:
    """Addresses of the mentions behind a number: the customers' of a window, unless a filter says otherwise."""

    visit: Visit
    window: Window

    def __call__(self, **filters: str | date | None) -> str:
        """The address with these filters of the page of mentions; None leaves one out. The `busiest` have a page of their own."""
        days = {"since": self.window.since, "until": self.window.until}
        if filters.pop("busiest", None):
            return self._to("/busiest", days | filters)
        return self._to("/mentions", {"voice": "customer", **days, **filters})

    def segment(self, dimension: str, value: str, **filters: str | None) -> str:
        """The address of the mentions that have a value in a dimension of the reports."""
        name, shown = (dimension, value) if dimension in BUILT_IN else ("segment", f"{dimension}:{value}")
        return self(**filters, **{name: shown})

    def _to(self, path: str, filters: Mapping[str, str | date | None]) -> str:
        return self.visit.link(path, **{name: str(value) for name, value in filters.items() if value})


def over_window(show: Shown) -> Callable[[Visit], Response]:
    """A page over the brand and the window of its address; without a brand or a mention it says what to do first."""

    @wraps(show)
    def page(visit: Visit) -> Response:
        brand = visit.brand
        if brand is None:
            return visit.page("first_steps.html", step="brand")
        if visit.store.brands.newest_day(brand.id) is None:
            return visit.page("first_steps.html", step="mentions")
        return within(show, visit, brand)

    return page


def document_over_window(export: Shown) -> Callable[[Visit], Response]:
    """A document, of a `kind` that its path names, over the brand and the window of its address."""

    @wraps(export)
    def page(visit: Visit) -> Response:
        brand = visit.brand
        if brand is None or visit.path("kind") not in KINDS:
            return visit.nothing("such document", f"There are {', '.join(KINDS)}.")
        return within(export, visit, brand)

    return page


def within(show: Shown, visit: Visit, brand: BrandConfig) -> Response:
    """What `show` answers over the window of the address; one that cannot be is told."""
    try:
        at = asked(visit, brand)
    except ValueError as error:
        return visit.wrong("That window cannot be", str(error))
    return show(visit, brand, at)


def asked(visit: Visit, brand: BrandConfig) -> Asked:
    """The window of the address; by default the twelve weeks that end today, or with the newest mention where all are older.

    Raises:
        ValueError: it cannot be.
    """
    every = visit.asked("every") or "week"
    if every not in EVERY:
        raise ValueError(f"there is no {every!r}; choose {', '.join(EVERY)}")
    since, until = _day(visit, "since"), _day(visit, "until")
    last = until or (_newest(visit, brand) + timedelta(days=1))
    first = since or last - timedelta(weeks=WEEKS)
    if last <= first:
        raise ValueError(f"{first} must lie before {last}, the day after the last one")
    if (last - first).days > MOST_DAYS * _LENGTH[every]:
        raise ValueError(f"more than {MOST_DAYS} points are no chart; choose fewer days, or longer steps")
    chosen = {name: visit.asked(name) for name in ("since", "until", "every") if visit.asked(name)}
    return Asked(Window(first, last), every, chosen)


def explained_report(visit: Visit, brand: BrandConfig, at: Asked) -> GapReport:
    """The gap report of a window with all that explains it, as it was computed a moment ago."""
    app, now = visit.app, visit.now

    def make() -> GapReport:
        with Store(app.store_path) as store:
            return gap_report(store, app.config, brand, at.window, at.every, now)

    return visit.shelf.get(("explained", brand.id, at.window, at.every), make, now)


def _day(visit: Visit, name: str) -> date | None:
    given = visit.asked(name)
    if not given:
        return None
    day = date.fromisoformat(given)
    if not FIRST_YEAR < day.year < LAST_YEAR:
        raise ValueError(f"{day} is no day that can be reported")
    return day


def _newest(visit: Visit, brand: BrandConfig) -> date:
    today = today_of(brand, visit.now)
    newest = visit.store.brands.newest_day(brand.id, today)
    return today if newest is None or newest >= today - timedelta(weeks=WEEKS) else newest
