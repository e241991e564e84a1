"""The first page: what matters now, promise by promise, and what waits for a hand."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from markupsafe import Markup
from starlette.responses import Response

from monitor.case_watch import first_waiting
from monitor.cause_reports import causes_in_the_news
from monitor.commands.reports import choose_window
from monitor.config import BrandConfig
from monitor.storage.alerts import StoredAlert
from monitor.store import Store
from monitor.web.tables import KINDS
from monitor.web.visit import Page, Visit
from monitor.web.windows import Rows
from reports.causes_records import CauseNews
from reports.charts_small import delivery_spark, net_spark
from reports.documents import GapReport, NetPoint, PromiseGap
from reports.gap import build_gap
from reports.typography import clean, local_day
from reports.waiting import Waiting

SHOWN: Final = 4
"""Alerts and customers that are named; the rest is counted."""


@dataclass(frozen=True)
class Desk:
    """Who waits for an answer: the most urgent, how many in all, how many of them too long."""

    first: tuple[Waiting, ...]
    in_all: int
    late: int


def show(visit: Visit) -> Response:
    """Today in one page; without a brand or a mention, what to do first."""
    brand = visit.brand
    if brand is None:
        return visit.page("first_steps.html", step="brand")
    if visit.store.brands.newest_day(brand.id) is None:
        return visit.page("first_steps.html", step="mentions")
    report = gap_report(visit, brand)
    alerts, in_all = _alerts(visit, brand)
    return visit.page(
        "overview.html",
        report=report,
        rows=Rows(visit, report.window),
        names=[(clean(one.promise.text).rstrip("."), visit.link(f"/promises/{one.promise.id}")) for one in report.promises],
        latest=_latest(report),
        alerts=alerts,
        alerts_in_all=in_all,
        desk=_desk(visit, brand),
        causes=_causes(visit, brand),
        trend=trend,
        kinds=tuple(KINDS),
        net_trend=Markup(net_spark(report.sentiment.trend)),  # noqa: S704 - charts escape what they carry
        today=local_day(visit.now, brand.timezone),
    )


def gap_report(visit: Visit, brand: BrandConfig) -> GapReport:
    """The gap report of the last twelve weeks, as it was computed a moment ago."""
    app, now = visit.app, visit.now

    def make() -> GapReport:
        with Store(app.store_path) as store:
            window = choose_window(store, brand, None, None, now)
            return build_gap(store.evidence.load(brand.id, window, "week", generated=now))

    return visit.shelf.get(("gap", brand.id), make, now)


def trend(gap: PromiseGap) -> Markup:
    """How delivery of a promise went, as small as a word."""
    return Markup(delivery_spark(gap))  # noqa: S704 - charts escape what they carry


def _latest(report: GapReport) -> NetPoint | None:
    """The newest week in which enough spoke."""
    return next((point for point in reversed(report.sentiment.trend) if point.net is not None), None)


def _alerts(visit: Visit, brand: BrandConfig) -> tuple[list[StoredAlert], int]:
    """The newest open alerts, and how many there are."""
    open_ = sorted((one.id for one in visit.store.alerts.live(brand.id) if one.state in ("open", "acknowledged")), reverse=True)
    return [found for number in open_[:SHOWN] if (found := visit.store.alerts.find(number))], len(open_)


def _desk(visit: Visit, brand: BrandConfig) -> Desk:
    app, now = visit.app, visit.now

    def make() -> Desk:
        with Store(app.store_path) as store:
            queue = store.cases.standing(("new",), brand.id)
            return Desk(first_waiting(store, queue, now, SHOWN), len(queue), sum(one.due <= now for one in queue))

    return visit.shelf.get(("desk", brand.id), make, now)


def _causes(visit: Visit, brand: BrandConfig) -> tuple[CauseNews, ...]:
    """The causes that are new, growing or open again."""
    app, now = visit.app, visit.now

    def make() -> tuple[CauseNews, ...]:
        with Store(app.store_path) as store:
            newest = store.brands.newest_day(brand.id, local_day(now, brand.timezone))
            return () if newest is None else causes_in_the_news(store, brand.id, newest + timedelta(days=1), now)

    return visit.shelf.get(("causes", brand.id), make, now)


PAGES = (Page("/", show),)
