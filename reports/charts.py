"""Charts as SVG text. Colours are classes that the page's style sheet defines, so that one chart serves light, dark and paper.

Time charts are drawn once per `Size` with type that stays readable there; the page shows the one that fits. Missing buckets
stay gaps.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from reports.documents import Change, DeliveryPoint, Interval, NetPoint, PromiseGap, Verdict
from reports.evidence import Every
from reports.reader import gettext, gettext_noop
from reports.svg import figure, line, place, rect, room, shown, text
from reports.typography import axis_label, exact, interval, number, sample, score, short_day

_MARKS: Final[dict[Verdict, str]] = {
    "kept": '<circle r="6"/>',
    "broken": '<path d="M0-7.5 7.5 0 0 7.5-7.5 0Z"/>',
    "at risk": '<path d="M-7-5.5H7L0 7Z"/>',
    "unclear": '<circle r="5" class="hollow"/>',
    "insufficient evidence": '<path d="M-5 0H5" class="hollow"/>',
}
_LABEL_HEIGHT: Final = 15.0
_VOICES: Final[dict[Every, str]] = {
    "day": gettext_noop("voices a day"),
    "week": gettext_noop("voices a week"),
    "month": gettext_noop("voices a month"),
}
_ADVERTISED: Final[dict[Every, str]] = {
    "day": gettext_noop("times advertised a day"),
    "week": gettext_noop("times advertised a week"),
    "month": gettext_noop("times advertised a month"),
}
_DELIVERY: Final[dict[Every, str]] = {
    "day": gettext_noop("%(promise)s: daily delivery against what is promised"),
    "week": gettext_noop("%(promise)s: weekly delivery against what is promised"),
    "month": gettext_noop("%(promise)s: monthly delivery against what is promised"),
}
_NET: Final[dict[Every, str]] = {
    "day": gettext_noop("Net sentiment, daily"),
    "week": gettext_noop("Net sentiment, weekly"),
    "month": gettext_noop("Net sentiment, monthly"),
}


@dataclass(frozen=True, slots=True)
class Size:
    """A drawing area in units of its own view box; `labels` is how many dates fit under the axis."""

    name: str
    width: int
    plot: int
    right: int
    labels: int


WIDE: Final = Size("wide", width=680, plot=220, right=104, labels=7)
NARROW: Final = Size("narrow", width=360, plot=170, right=84, labels=3)
_LEFT: Final = 34
_TOP: Final = 30
_AXIS: Final = 34
_STRIP: Final = 26
_STRIP_ROOM: Final = 58


@dataclass(frozen=True, slots=True)
class _Point:
    """One bucket of a series, whatever is measured."""

    value: float | None
    interval: Interval | None
    tip: str


@dataclass(frozen=True, slots=True)
class _Frame:
    """Turns buckets and values into places: x by index, y by value between `low` and `high`."""

    size: Size
    count: int
    low: float
    high: float

    @property
    def right(self) -> float:
        return self.size.width - self.size.right

    @property
    def bottom(self) -> float:
        return _TOP + self.size.plot

    @property
    def step(self) -> float:
        return (self.right - _LEFT) / max(1, self.count)

    def beside(self, *labels: str) -> "_Frame":
        """With room for these at its right."""
        return replace(self, size=replace(self.size, right=max([self.size.right, *(8 + round(room(label)) for label in labels)])))

    def x(self, index: float) -> float:
        return _LEFT + (index + 0.5) * self.step

    def y(self, value: float) -> float:
        within = min(self.high, max(self.low, value))
        return self.bottom - (within - self.low) / (self.high - self.low) * self.size.plot


def verdict_mark(verdict: Verdict) -> str:
    """The verdict's own shape, to stand before its word."""
    return f'<svg class="mark" viewBox="-9 -9 18 18" width="14" height="14" aria-hidden="true">{_MARKS[verdict]}</svg>'


def overview_row(promise: PromiseGap) -> str:
    """One promise on the 0–100 scale: tick for the expectation, bar for the interval, the verdict's mark for delivery.

    Places are percentages of the width, so the row fits any column; without delivery there is a tick and nothing else.
    """
    tick = f'<line class="expected" x1="{place(promise.expectation)}%" x2="{place(promise.expectation)}%" y1="5" y2="31"/>'
    delivered = score(promise.delivery)
    drawn = ""
    if promise.delivery is not None and promise.interval is not None:
        low, high = promise.interval
        delivered += f" ({interval(promise.interval)})"
        drawn = (
            f'<line class="range" x1="{place(low)}%" x2="{place(high)}%" y1="18" y2="18"/>'
            f'<svg x="{place(promise.delivery)}%" y="18" overflow="visible">{_MARKS[promise.verdict]}</svg>'
        )
    said = gettext("promised %(promised)s, delivered %(delivered)s", promised=exact(promise.expectation), delivered=delivered)
    name = "row v-" + promise.verdict.replace(" ", "-")
    return (
        f'<svg class="{name}" width="100%" height="36" role="img"><title>{shown(promise.promise.text)}</title>'
        f"<desc>{shown(said)}</desc>{tick}{drawn}</svg>"
    )


def overview_axis() -> str:
    """The scale above the rows of the overview."""
    anchors = {0: "start", 100: "end"}
    labels = "".join(f'<text x="{at}%" y="13" text-anchor="{anchors.get(at, "middle")}">{at}</text>' for at in (0, 25, 50, 75, 100))
    return f'<svg class="row axis" width="100%" height="18" aria-hidden="true">{labels}</svg>'


def delivery_chart(promise: PromiseGap, every: Every, size: Size = WIDE) -> str:
    """Delivery over time with its interval against the expectation; under it how many spoke and how often it was advertised.

    Where no bucket has enough voices for delivery, only the counts are drawn.
    """
    points = [_Point(point.delivery, point.interval, _delivery_tip(point, every)) for point in promise.trend]
    starts = [point.start for point in promise.trend]
    last = _last(points)
    promised = gettext("promised %(value)s", value=exact(promise.expectation))
    delivered = gettext("delivered %(value)s", value=score(last))
    frame = _Frame(size, len(points), 0, 100)
    frame = frame if last is None else frame.beside(promised, delivered)
    floor = frame.bottom if last is not None else 0.0
    drawn = [_dates(frame, floor, starts, every)]
    if last is not None:
        drawn += [_grid(frame, (0, 25, 50, 75, 100)), _expectation(frame, promise.expectation), _series(frame, points)]
        drawn += [_change(frame, promise.change, starts)]
        drawn.append(_end_labels(frame, (promise.expectation, promised), (last, delivered)))
    height = floor + _AXIS
    strips = [(_VOICES[every], [point.n for point in promise.trend], "bar")]
    placed = [point.placements for point in promise.trend]
    if any(placed):
        strips.append((_ADVERTISED[every], placed, "bar placed"))
    for name, counts, style in strips:
        drawn.append(_strip(frame, height, name, counts, style))
        height += _STRIP_ROOM
    drawn.append(_tips(frame, points, height))
    title = gettext(_DELIVERY[every], promise=promise.promise.text)
    said = gettext("Promised: %(promised)s.", promised=exact(promise.expectation))
    return figure(size.name, size.width, height, title, _describe(points, said), drawn)


def net_chart(trend: Sequence[NetPoint], every: Every, size: Size = WIDE) -> str:
    """Net sentiment over time with its interval around the zero line, and under it how many spoke."""
    reach = max((abs(bound) for point in trend if point.interval for bound in point.interval), default=0.0)
    limit = next((limit for limit in (25, 50) if reach <= limit), 100)
    frame = _Frame(size, len(trend), -limit, limit)
    points = [_Point(point.net, point.interval, _net_tip(point, every)) for point in trend]
    drawn = [_grid(frame, (-limit, -limit / 2, 0, limit / 2, limit), signed=True)]
    drawn.append(line("zero", _LEFT, frame.y(0), frame.right, frame.y(0)))
    drawn += [_series(frame, points), _dates(frame, frame.bottom, [point.start for point in trend], every)]
    last = _last(points)
    if last is not None:
        drawn.append(text(frame.right + 8, frame.y(last) + 4.5, number(last, sign=True), "label strong"))
    top = frame.bottom + _AXIS
    drawn.append(_strip(frame, top, _VOICES[every], [point.n for point in trend], "bar"))
    height = top + _STRIP_ROOM
    drawn.append(_tips(frame, points, height))
    return figure(size.name, size.width, height, gettext(_NET[every]), _describe(points, ""), drawn)


def _grid(frame: _Frame, values: Sequence[float], *, signed: bool = False) -> str:
    lines = []
    for index, value in enumerate(values):
        y = frame.y(value)
        lines.append(line("grid", _LEFT, y, frame.right, y))
        if index % 2 == 0:
            lines.append(text(_LEFT - 8, y + 4, number(value, sign=signed), "tick", "end"))
    return "".join(lines)


def _expectation(frame: _Frame, expectation: float) -> str:
    return line("expected", _LEFT, frame.y(expectation), frame.right, frame.y(expectation))


def _series(frame: _Frame, points: Sequence[_Point]) -> str:
    drawn = []
    for run in _runs(points):
        places = [(frame.x(index), frame.y(value)) for index, value, _ in run]
        edges = [(frame.x(index), frame.y(low), frame.y(high)) for index, _, (low, high) in run]
        if len(run) == 1:
            x, low, high = edges[0]
            drawn.append(line("whisker", x, low, x, high))
        else:
            upper = [(x, high) for x, _, high in edges]
            lower = [(x, low) for x, low, _ in reversed(edges)]
            drawn.append(f'<polygon class="band" points="{_path(upper + lower)}"/>')
            drawn.append(f'<polyline class="line" points="{_path(places)}"/>')
        drawn += [f'<circle class="dot" cx="{place(x)}" cy="{place(y)}" r="3"/>' for x, y in places]
    return "".join(drawn)


def _runs(points: Sequence[_Point]) -> list[list[tuple[int, float, Interval]]]:
    runs: list[list[tuple[int, float, Interval]]] = [[]]
    for index, point in enumerate(points):
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append((index, point.value, point.interval or (point.value, point.value)))
    return [run for run in runs if run]


def _dates(frame: _Frame, floor: float, starts: Sequence[date], every: Every) -> str:
    stride = max(1, math.ceil(len(starts) / frame.size.labels))
    drawn = []
    for index in range(0, len(starts), stride):
        x = frame.x(index)
        drawn.append(line("notch", x, floor, x, floor + 4))
        drawn.append(text(x, floor + 17, axis_label(starts[index], every), "tick", "middle"))
    return "".join(drawn)


def _change(frame: _Frame, change: Change | None, starts: Sequence[date]) -> str:
    if change is None or change.start not in starts:
        return ""
    x = frame.x(starts.index(change.start) - 0.5)
    label = gettext(
        "%(day)s: %(before)s before, %(after)s since",
        day=short_day(change.start),
        before=number(change.before),
        after=number(change.after),
    )
    anchor, at = (
        ("start", min(x, frame.size.width - room(label))) if x < (_LEFT + frame.right) / 2 else ("end", max(x, room(label)))
    )
    return line("change", x, _TOP - 8, x, frame.bottom) + text(at, _TOP - 14, label, "label change", anchor)


def _end_labels(frame: _Frame, expectation: tuple[float, str], last: tuple[float, str]) -> str:
    """What each line is called at its right end, moved apart where they would touch."""
    x = frame.right + 8
    promised, delivered = frame.y(expectation[0]), frame.y(last[0])
    short = _LABEL_HEIGHT - abs(delivered - promised)
    if short > 0:
        below = delivered >= promised
        promised += -short / 2 if below else short / 2
        delivered += short / 2 if below else -short / 2
    return text(x, promised + 4.5, expectation[1], "label") + text(x, delivered + 4.5, last[1], "label strong")


def _strip(frame: _Frame, top: float, name: str, counts: Sequence[int], style: str) -> str:
    most = max(counts, default=0)
    floor = top + 18 + _STRIP
    said = (
        gettext("%(what)s, at most %(most)s", what=gettext(name), most=number(most))
        if most
        else gettext("%(what)s: none", what=gettext(name))
    )
    drawn = [text(_LEFT, top + 11, said, "tick")]
    width = min(22.0, frame.step * 0.62)
    for index, count in enumerate(counts):
        if count:
            tall = max(1.5, count / most * _STRIP)
            drawn.append(rect(style, frame.x(index) - width / 2, floor - tall, width, tall))
    drawn.append(line("notch", _LEFT, floor, frame.right, floor))
    return "".join(drawn)


def _tips(frame: _Frame, points: Sequence[_Point], height: float) -> str:
    """A see-through column per bucket whose title a pointer shows."""
    return "".join(
        rect("hit", frame.x(index - 0.5), _TOP, frame.step, height - _TOP, tip=point.tip) for index, point in enumerate(points)
    )


def _delivery_tip(point: DeliveryPoint, every: Every) -> str:
    advertised = f", {gettext('advertised %(n)s ×', n=number(point.placements))}" if point.placements else ""
    return f"{axis_label(point.start, every)}: {_value(point.delivery, point.interval)}, {sample(point.n)}{advertised}"


def _net_tip(point: NetPoint, every: Every) -> str:
    return f"{axis_label(point.start, every)}: {_value(point.net, point.interval, sign=True)}, {sample(point.n)}"


def _value(value: float | None, bounds: Interval | None, *, sign: bool = False) -> str:
    if value is None:
        return gettext("too few voices")
    return f"{number(value, sign=sign)} ({interval(bounds, sign=sign)})" if bounds else number(value, sign=sign)


def _describe(points: Sequence[_Point], context: str) -> str:
    return " ".join([context, *(f"{point.tip}." for point in points)]).strip() or gettext("No data.")


def _last(points: Sequence[_Point]) -> float | None:
    """The latest value, None where there is none at all."""
    return next((point.value for point in reversed(points) if point.value is not None), None)


def _path(places: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{place(x)},{place(y)}" for x, y in places)
