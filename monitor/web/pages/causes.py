"""Causes: what customers complain of by its root, where each goes, what was done about it, and whether that holds."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Final

from markupsafe import Markup
from starlette.responses import Response

from monitor import cause_reports
from monitor.cause_covers import judge_covers
from monitor.config import BrandConfig
from monitor.storage.connection import StoreError
from monitor.store import Store
from monitor.web.tables import KINDS, saved, table
from monitor.web.visit import Page, Visit
from monitor.web.windows import Asked, Rows, document_over_window, over_window, within
from reports import cause_words, charts, charts_causes
from reports.causes_records import Cause, CausesReport, KnownCause
from reports.evidence import Every
from reports.reader import gettext
from reports.render_causes import METHOD, render_causes
from reports.typography import capitalised, local_day, long_day

ROWS: Final = 40
"""Causes in the table before somebody asks for the smaller ones, too."""
HISTORY: Final = ("at", "who", "what", "detail")
_DONE: Final = ("covered", "confirmed")
_FIRST: Final = {"new": 0, "growing": 2}
_OPEN_AGAIN: Final = 1
_LAST: Final = 3


@over_window
def show(visit: Visit, brand: BrandConfig, at: Asked) -> Response:
    """Every cause of a window of one's choice: what is new, open again or growing first, what was covered last."""
    report = causes_report(visit, brand, at)
    causes = sorted(report.causes, key=_order)
    rows = Rows(visit, at.window)
    return visit.page(
        "cause_list.html",
        report=report,
        causes=causes if visit.asked("all") else causes[:ROWS],
        hidden=0 if visit.asked("all") else max(0, len(causes) - ROWS),
        at=at,
        rows=rows,
        page_of=lambda cause: visit.link(f"/causes/{cause.id}", **at.chosen),
        voices_of=lambda cause: rows(cause=cause.id),
        spark=_sparks(report),
        say=cause_words,
        kinds=tuple(KINDS),
        method=gettext(METHOD),
        unseen=_unseen(visit),
    )


@document_over_window
def export(visit: Visit, brand: BrandConfig, at: Asked) -> Response:
    """The whole report as a document."""
    kind = visit.path("kind")
    return saved(render_causes(causes_report(visit, brand, at), kind), f"{brand.id}-causes", kind)


def show_one(visit: Visit) -> Response:
    """One cause: its weeks, its words, what it hurts, and what was done."""
    number = int(visit.path("number"))
    if (into := visit.store.causes.merged_into(number)) is not None:
        return visit.go(f"/causes/{into}", f"Cause {number} is part of this one.")
    try:
        known, id_ = visit.store.causes.find(number), visit.store.causes.brand(number)
    except StoreError as error:
        return _lost(visit, error)
    brand = visit.brand
    if brand is None or brand.id != id_:
        if visit.app.config.find_brand(id_) is None:
            return visit.nothing("cause", f"It belongs to {id_}, which is not configured any more.")
        return visit.go(f"/causes/{number}", brand=id_)
    return within(lambda visit, brand, at: _cause(visit, brand, at, known), visit, brand)


def _cause(visit: Visit, brand: BrandConfig, at: Asked, known: KnownCause) -> Response:
    number, report = known.id, causes_report(visit, brand, at)
    rows = Rows(visit, at.window)
    return visit.page(
        "cause.html",
        known=known,
        cause=next((one for one in report.causes if one.id == number), None),
        others=sorted((one for one in report.causes if one.id != number), key=lambda one: (-one.voices, one.id)),
        merged=visit.store.causes.merged(number),
        events=visit.store.causes.history(number)[::-1],
        report=report,
        at=at,
        path=f"/causes/{number}",
        rows=rows,
        voices_of=lambda cause: rows(cause=cause.id),
        charts=_charts,
        say=cause_words,
        method=gettext(METHOD),
        is_covered=known.status in _DONE,
        today=local_day(visit.now, brand.timezone),
    )


def export_history(visit: Visit) -> Response:
    """What became of a cause, as a table."""
    number = int(visit.path("number"))
    try:
        visit.store.causes.find(number)
    except StoreError as error:
        return _lost(visit, error)
    return table(visit, visit.path("kind"), f"cause-{number}", HISTORY, map(asdict, visit.store.causes.history(number)))


def act(visit: Visit) -> Response:
    """Cover a cause, open it again, give it another name, or let two be one."""
    number = int(visit.path("number"))
    try:
        visit.store.causes.find(number)
        zone = visit.store.causes.timezone(visit.store.causes.brand(number))
    except StoreError as error:
        return _lost(visit, error)
    acts: dict[str, Callable[[], str]] = {
        "cover": lambda: _cover(visit, number, local_day(visit.now, zone)),
        "reopen": lambda: _reopen(visit, number),
        "rename": lambda: _rename(visit, number),
        "merge": lambda: _merge(visit, number),
        "part": lambda: _part(visit, number),
    }
    if visit.given("do") not in acts:
        return visit.wrong("Nothing was chosen", "Cover, reopen, rename or merge the cause.")
    try:
        said = acts[visit.given("do")]()
    except ValueError as error:
        return visit.wrong("The cause was left as it is", str(error))
    except StoreError as error:
        return visit.wrong(capitalised(str(error)), error.remedy)
    visit.store.people.note(visit.person, said, f"cause {number}", visit.now)
    visit.shelf.forget("causes report", "causes")
    return visit.go(f"/causes/{number}", capitalised(f"{said}."))


def causes_report(visit: Visit, brand: BrandConfig, at: Asked) -> CausesReport:
    """The causes report of a window, as it was computed a moment ago."""
    app, now = visit.app, visit.now

    def make() -> CausesReport:
        with Store(app.store_path) as store:
            return cause_reports.causes_report(store, app.config.causes, brand.id, at.window, at.every, now)

    return visit.shelf.get(("causes report", brand.id, at.window, at.every), make, now)


def _unseen(visit: Visit) -> int:
    """Readings that nobody has looked through for complaints."""
    app = visit.app

    def make() -> int:
        with Store(app.store_path) as store:
            return store.causes.complaints.unseen()

    return visit.shelf.get("unseen", make, visit.now)


def _cover(visit: Visit, number: int, today: date) -> str:
    what = " ".join(visit.given("what").split())
    day = date.fromisoformat(visit.given("on")) if visit.given("on") else today
    if not what:
        raise ValueError("Say what was done about it.")
    if day > today:
        raise ValueError(f"{long_day(day)} lies in the future.")
    visit.store.causes.cover(number, day, what, visit.now, visit.person)
    # What was put right some time ago may have proven itself, or not, already.
    judge_covers(visit.store, visit.store.causes.brand(number), visit.app.config.causes.settle, visit.now)
    return f"covered since {long_day(day)}: {what}"


def _reopen(visit: Visit, number: int) -> str:
    visit.store.causes.reopen(number, visit.now, visit.person)
    return "opened again"


def _rename(visit: Visit, number: int) -> str:
    name = " ".join(visit.given("name").split())
    visit.store.causes.rename(number, name, visit.now, visit.person)
    return f"renamed to {name}" if name else "named in customers' words again"


def _merge(visit: Visit, number: int) -> str:
    other = _other(visit)
    visit.store.causes.merge(number, other, visit.now, visit.person)
    return f"one with cause {other} now"


def _part(visit: Visit, number: int) -> str:
    other = _other(visit)
    if other not in [one for one, _ in visit.store.causes.merged(number)]:
        raise ValueError(f"Cause {other} is no part of it.")
    visit.store.causes.unmerge(other, visit.now, visit.person)
    return f"cause {other} is one of its own again"


def _other(visit: Visit) -> int:
    given = visit.given("other")
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise ValueError("Choose the other cause.")
    return int(given)


def _lost(visit: Visit, error: StoreError) -> Response:
    return visit.page("message.html", 404, title=capitalised(str(error)), remedy=error.remedy)


def _order(cause: Cause) -> tuple[bool, int, int, int]:
    first = _OPEN_AGAIN if cause.status == "reopened" else _FIRST.get(cause.stage, _LAST)
    return cause.status in _DONE, first, -cause.voices, cause.id


# The charts escape whatever text they carry, which is what makes marking them as safe right.


def _sparks(report: CausesReport) -> Callable[[Cause], Markup]:
    most = charts_causes.most(report.causes)
    return lambda cause: Markup(charts_causes.spark(cause, most))  # noqa: S704


def _charts(cause: Cause, every: Every) -> Markup:
    return Markup("").join(Markup(charts_causes.cause_chart(cause, every, size)) for size in (charts.WIDE, charts.NARROW))  # noqa: S704


PAGES = (
    Page("/causes", show),
    Page("/causes.{kind}", export),
    Page("/causes/{number:int}", show_one, act),
    Page("/causes/{number:int}/history.{kind}", export_history),
)
