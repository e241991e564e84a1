"""Causes: what customers complain of by its root, where each goes, what was done about it, and whether that holds."""

from collections.abc import Callable
from datetime import date
from typing import Final

from markupsafe import Markup
from starlette.responses import Response

from monitor.cause_covers import judge_covers
from monitor.config import BrandConfig
from monitor.storage.connection import StoreError
from monitor.store import Store
from monitor.web.visit import Page, Visit
from monitor.web.windows import Asked, Rows, asked
from reports import cause_words, charts, charts_causes
from reports.causes import build_causes
from reports.causes_records import Cause, CausesReport
from reports.evidence import Every
from reports.render_causes import METHOD, render_causes
from reports.typography import capitalised, local_day, long_day

KINDS: Final = {"html": "text/html", "md": "text/markdown", "json": "application/json", "csv": "text/csv"}
ROWS: Final = 40
"""Causes in the table before somebody asks for the smaller ones, too."""
_DONE: Final = ("covered", "confirmed")
_FIRST: Final = {"new": 0, "growing": 2}
_OPEN_AGAIN: Final = 1
_LAST: Final = 3


def show(visit: Visit) -> Response:
    """Every cause of a window of one's choice: what is new, open again or growing first, what was covered last."""
    brand = visit.brand
    if brand is None:
        return visit.page("first_steps.html", step="brand")
    if visit.store.newest_day(brand.id) is None:
        return visit.page("first_steps.html", step="mentions")
    try:
        at = asked(visit, brand)
    except ValueError as error:
        return visit.wrong("That window cannot be", str(error))
    report = causes_report(visit, brand, at)
    causes = sorted(report.causes, key=_order)
    return visit.page(
        "cause_list.html",
        report=report,
        causes=causes if visit.asked("all") else causes[:ROWS],
        hidden=0 if visit.asked("all") else max(0, len(causes) - ROWS),
        at=at,
        rows=Rows(visit, at.window),
        spark=_sparks(report),
        say=cause_words,
        kinds=tuple(KINDS),
        method=METHOD,
        unseen=_unseen(visit),
    )


def export(visit: Visit) -> Response:
    """The whole report as a document."""
    kind, brand = visit.path("kind"), visit.brand
    if kind not in KINDS or brand is None:
        return visit.nothing("such format", f"There are {', '.join(KINDS)}.")
    try:
        report = causes_report(visit, brand, asked(visit, brand))
    except ValueError as error:
        return visit.wrong("That window cannot be", str(error))
    headers = {} if kind == "html" else {"Content-Disposition": f'attachment; filename="{brand.id}-causes.{kind}"'}
    return Response(render_causes(report, kind), media_type=KINDS[kind], headers=headers)


def show_one(visit: Visit) -> Response:
    """One cause: its weeks, its words, what it hurts, and what was done."""
    number = int(visit.path("number"))
    try:
        known, id_ = visit.store.causes.find(number), visit.store.causes.brand(number)
    except StoreError as error:
        return _lost(visit, error)
    brand = visit.brand
    if brand is None or brand.id != id_:
        if visit.app.config.find_brand(id_) is None:
            return visit.nothing("cause", f"It belongs to {id_}, which is not configured any more.")
        return visit.go(f"/causes/{number}", brand=id_)
    try:
        at = asked(visit, brand)
    except ValueError as error:
        return visit.wrong("That window cannot be", str(error))
    report = causes_report(visit, brand, at)
    return visit.page(
        "cause.html",
        known=known,
        cause=next((one for one in report.causes if one.id == number), None),
        events=visit.store.causes.history(number)[::-1],
        report=report,
        at=at,
        path=f"/causes/{number}",
        rows=Rows(visit, at.window),
        charts=_charts,
        say=cause_words,
        method=METHOD,
        is_covered=known.status in _DONE,
        today=local_day(visit.now, brand.timezone),
    )


def act(visit: Visit) -> Response:
    """Cover a cause, open it again, or give it another name."""
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
    }
    if visit.given("do") not in acts:
        return visit.wrong("Nothing was chosen", "Cover, reopen or rename the cause.")
    try:
        said = acts[visit.given("do")]()
    except ValueError as error:
        return visit.wrong("The cause was left as it is", str(error))
    visit.store.people.note(visit.person, said, f"cause {number}", visit.now)
    visit.shelf.forget("causes report", "causes")
    return visit.go(f"/causes/{number}", capitalised(f"{said}."))


def causes_report(visit: Visit, brand: BrandConfig, at: Asked) -> CausesReport:
    """The causes report of a window, as it was computed a moment ago."""
    app, now = visit.app, visit.now

    def make() -> CausesReport:
        causes = app.config.causes
        with Store(app.store_path) as store:
            return build_causes(
                store.causes.evidence.load(
                    brand.id,
                    at.window,
                    at.every,
                    now,
                    cost=causes.cost_per_dissatisfied_customer,
                    currency=causes.currency,
                    settle_days=causes.settle.days,
                )
            )

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
)
