"""Promises: how each is kept, what moved it, what customers say of it, and how it is better made."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Final, cast

from markupsafe import Markup
from starlette.responses import Response

from monitor.config import BrandConfig
from monitor.explained import docket_of
from monitor.store import Store
from monitor.web.pages.causes import causes_report
from monitor.web.pages.overview import trend
from monitor.web.tables import KINDS, saved
from monitor.web.visit import Page, Visit
from monitor.web.windows import Asked, Rows, document_over_window, explained_report, over_window, within
from reports.cause_words import STATUSES
from reports.causes_records import Cause
from reports.charts_moved import measured_row
from reports.documents import DeliveryPoint, GapReport, PromiseGap
from reports.evidence import Quote
from reports.findings import Measured
from reports.promise_story import promise_advice, promise_moved
from reports.render import render_gap
from reports.render_docket import DocketFormat, render_docket

CLEAREST: Final = 3
NEWEST: Final = 10
CAUSES: Final = 6


@over_window
def show(visit: Visit, brand: BrandConfig, at: Asked) -> Response:
    """Every promise in a window of one's choice, what to do first, and what explains it."""
    report = explained_report(visit, brand, at)
    return visit.page("promises.html", report=report, at=at, rows=Rows(visit, at.window), trend=trend, kinds=tuple(KINDS))


@document_over_window
def export(visit: Visit, brand: BrandConfig, at: Asked) -> Response:
    """The whole report as a document."""
    kind = visit.path("kind")
    text = render_gap(explained_report(visit, brand, at), kind)  # type: ignore[arg-type]  # it was looked up
    return saved(text, f"{brand.id}-promises", kind)


def show_one(visit: Visit) -> Response:
    """One promise: delivery against expectation and placements over time, what moved it, and its docket."""
    brand, id_ = visit.brand, visit.path("promise")
    if brand is None or id_ not in [one.id for one in brand.promise]:
        return visit.nothing("promise", "The brand does not make it, or no longer.")
    return within(_promise, visit, brand)


def _promise(visit: Visit, brand: BrandConfig, at: Asked) -> Response:
    id_ = visit.path("promise")
    report = explained_report(visit, brand, at)
    gap = next((one for one in report.promises if one.promise.id == id_), None)
    if gap is None:
        return visit.nothing("promise", "The store has not heard of it yet; collect, import or read first.")
    rows = Rows(visit, at.window)
    risks = report.weights.at_risk if report.weights else ()
    return visit.page(
        "promise.html",
        id=id_,
        path=f"/promises/{id_}",
        report=report,
        gap=gap,
        at=at,
        rows=rows,
        kinds=tuple(KINDS),
        steps=tuple(_steps(gap.trend, at.window.until)),
        moved=promise_moved(report, gap),
        causes=_causes(visit, brand, id_, at),
        statuses=STATUSES,
        advice=promise_advice(report, gap),
        wordings=[one for claim in risks if claim.promise.id == id_ for one in claim.wordings],
        sides=_sides(gap, _newest(visit, brand, id_, at)),
        numbers=[one for one in report.findings.numbers if one.promise == id_],
        segments=_segments(report, id_, rows),
    )


@document_over_window
def export_docket(visit: Visit, brand: BrandConfig, at: Asked) -> Response:
    """Everything that customers said of a promise, as a document."""
    id_ = visit.path("promise")
    if id_ not in [one.id for one in brand.promise]:
        return visit.nothing("promise", "The brand does not make it, or no longer.")
    docket = docket_of(visit.store, brand, id_, at.window, at.every, visit.now)
    return saved(render_docket(docket, cast("DocketFormat", visit.path("kind"))), f"{brand.id}-{id_}", visit.path("kind"))


def _steps(trend: Sequence[DeliveryPoint], end: date) -> Iterable[tuple[DeliveryPoint, date]]:
    """Each point with the day after its last."""
    starts = [*(point.start for point in trend), end]
    return zip(trend, (after for _, after in pairwise(starts)), strict=True)


def _causes(visit: Visit, brand: BrandConfig, promise: str, at: Asked) -> list[tuple[Cause, int]]:
    """What most of those complain of who say that the promise was broken, with how many they are."""
    found = [
        (cause, voices)
        for cause in causes_report(visit, brand, at).causes
        for one, voices in cause.promises
        if one.id == promise and voices
    ]
    return sorted(found, key=lambda pair: (-pair[1], pair[0].id))[:CAUSES]


def _newest(visit: Visit, brand: BrandConfig, promise: str, at: Asked) -> tuple[Quote, ...]:
    app = visit.app

    def make() -> tuple[Quote, ...]:
        with Store(app.store_path) as store:
            return store.segments.docket(brand.id, promise, at.window, most=NEWEST + CLEAREST)

    return visit.shelf.get(("docket", brand.id, promise, at.window), make, visit.now)


def _sides(gap: PromiseGap, newest: Sequence[Quote]) -> list[tuple[str, int, list[Quote], list[Quote]]]:
    """Kept and broken: how many voices, the clearest quotes, and the newest of the others."""
    found = []
    for stance, voices in (("broken", gap.broken), ("kept", gap.kept)):
        clearest = [quote for quote in gap.quotes if quote.stance == stance][:CLEAREST]
        shown = {quote.mention for quote in clearest}
        others = [quote for quote in newest if quote.stance == stance and quote.mention not in shown]
        found.append((stance, voices, clearest or others[:CLEAREST], others[:NEWEST] if clearest else others[CLEAREST:]))
    return found


def _segments(report: GapReport, promise: str, rows: Rows) -> list[tuple[str, list[tuple[str, Measured, Markup, str]]]]:
    """For each dimension the segments with their delivery of the promise, drawn, and the mentions behind it."""
    found = []
    for one in report.findings.segmentations:
        drawn = [
            (
                segment.value,
                part.delivery,
                Markup(measured_row(part.delivery, 0, 100, segment.value)),  # noqa: S704 - charts escape what they carry
                rows.segment(one.dimension, segment.value, promise=promise),
            )
            for segment in one.segments
            for part in segment.promises
            if part.promise == promise
        ]
        if len(drawn) > 1:
            found.append((one.dimension, drawn))
    return found


PAGES = (
    Page("/promises", show),
    Page("/promises.{kind}", export),
    Page("/promises/{promise}", show_one),
    Page("/promises/{promise}/docket.{kind}", export_docket),
)
