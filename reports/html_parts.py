"""What stands behind a number of one week, one source, one segment: the parts of a promise's docket, and of all that is said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final

from reports.dockets import OVER_TIME, Elsewhere, Whole
from reports.documents import GapReport, Interval
from reports.evidence import Quote, Window
from reports.findings import Measured, Segmentation
from reports.typography import short_day, span

NARROWING: Final = ("since", "until", "source", "language", "segment")
"""The filters that say which part is asked for."""
_OWN_FILTER: Final = ("source", "language")


@dataclass(frozen=True, slots=True)
class Part:
    """`n` voices of a week or a segment, and what their number is; `quotes` are some of them, `whole` says where all are.

    `anchor` is its place in the page, `filters` those by which it is asked for.
    """

    anchor: str
    name: str
    value: float | None
    interval: Interval | None
    n: int
    quotes: tuple[Quote, ...]
    filters: Mapping[str, str]
    whole: Whole


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a dimension in which anybody spoke, those of time (`OVER_TIME`) from the first on."""

    anchor: str
    dimension: str
    parts: tuple[Part, ...]


def parts_of(report: GapReport, promise: str = "") -> tuple[Parts, ...]:
    """The parts of what is said of a promise, or of all that is said; none where the report carries no quotes."""
    if report.dockets is None:
        return ()
    places = {gap.promise.id: place for place, gap in enumerate(report.promises, start=1)}
    base = f"evidence-{places[promise]}" if promise else "evidence-mood"
    found = [Parts(f"{base}-0", OVER_TIME, tuple(_over_time(report, promise, f"{base}-0")))]
    for place, one in enumerate(report.findings.segmentations, start=1):
        found.append(Parts(f"{base}-{place}", one.dimension, tuple(_segments(report, promise, one, f"{base}-{place}"))))
    return tuple(one for one in found if one.parts)


def filter_of(dimension: str, value: str) -> dict[str, str]:
    """By which filter the mentions of a segment are asked for."""
    return {dimension: value} if dimension in _OWN_FILTER else {"segment": f"{dimension}:{value}"}


def filters_of_group(report: GapReport, between: str, name: str) -> dict[str, str]:
    """The same for a group of those that consistency compares, of whom a week (day, month) is named by its first day."""
    if between != report.every:
        return filter_of(between, name)
    ends = [*(one.start for one in report.sentiment.trend), report.window.until]
    found = [{"since": str(start), "until": str(end)} for start, end in pairwise(ends) if short_day(start) == name]
    return found[0] if len(found) == 1 else {}


def _over_time(report: GapReport, promise: str, base: str) -> Iterator[Part]:
    points = _points(report, promise)
    ends = [*(start for start, _ in points), report.window.until]
    for place, ((start, figure), (_, end)) in enumerate(zip(points, pairwise(ends), strict=True), start=1):
        if figure.n:
            when = Window(start, end)
            there = replace(_everywhere(report), window=when)
            whole = there.promise(promise) if promise else there.mentions(voice="customer")
            filters = {"since": str(start), "until": str(end)}
            yield _part(report, (promise, OVER_TIME, str(start)), f"{base}-{place}", span(when), figure, filters, whole)


def _points(report: GapReport, promise: str) -> list[tuple[date, Measured]]:
    if not promise:
        return [(one.start, Measured(one.net, one.interval, one.n)) for one in report.sentiment.trend]
    gap = next(gap for gap in report.promises if gap.promise.id == promise)
    return [(one.start, Measured(one.delivery, one.interval, one.n)) for one in gap.trend]


def _segments(report: GapReport, promise: str, of: Segmentation, base: str) -> Iterator[Part]:
    for place, one in enumerate(of.segments, start=1):
        figure = next((part.delivery for part in one.promises if part.promise == promise), None) if promise else one.net
        if figure is not None and figure.n:
            filters = filter_of(of.dimension, one.value)
            about = {"promise": promise} if promise else {}
            whole = _everywhere(report).mentions(voice="customer", **about, **filters)
            yield _part(report, (promise, of.dimension, one.value), f"{base}-{place}", one.value, figure, filters, whole)


def _part(
    report: GapReport,
    key: tuple[str, str, str],
    anchor: str,
    name: str,
    figure: Measured,
    filters: Mapping[str, str],
    whole: Whole,
) -> Part:
    quotes = report.dockets.parts.get(key, ()) if report.dockets else ()
    return Part(anchor, name, figure.value, figure.interval, figure.n, quotes, filters, whole)


def _everywhere(report: GapReport) -> Elsewhere:
    return Elsewhere(report.dockets.dashboard if report.dockets else "", report.brand, report.window)
