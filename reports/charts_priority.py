"""Importance × delivery as a picture: four quadrants, a mark of its own shape for each, intervals as a cross behind it."""

import math
from collections.abc import Iterable, Sequence
from typing import Final

from reports.charts import NARROW, WIDE, Size
from reports.promise_records import Importance, Quadrant, Standing
from reports.reader import gettext
from reports.svg import shown
from reports.terms import term
from reports.typography import clean, interval, number, percent, percent_interval, sample

_MARKS: Final[dict[Quadrant, str]] = {
    "fix first": '<path d="M0-8 8 0 0 8-8 0Z"/>',
    "keep up": '<circle r="6.5"/>',
    "low priority": '<circle r="5.5" class="hollow"/>',
    "possible overkill": '<path d="M-7 5.5H7L0-7Z"/>',
}
_LEFT: Final = 34.0
_TOP: Final = 12.0
_ROOM: Final = 46.0
_PLOT: Final = 300.0
_LABEL: Final = 16.0
_LETTER: Final = 7.2
_STEP: Final = 0.1


def quadrant_mark(quadrant: Quadrant) -> str:
    """The quadrant's own shape, to stand before its word."""
    return f'<svg class="mark" viewBox="-9 -9 18 18" width="14" height="14" aria-hidden="true">{_MARKS[quadrant]}</svg>'


def priority_chart(found: Importance, size: Size = WIDE) -> str:
    """Every promise that has both by its id; "" where there are no quadrants."""
    if found.mean_importance is None or found.mean_delivery is None:
        return ""
    placed = [one for one in found.standings if one.quadrant is not None]
    reach = max(one.interval[1] for one in placed if one.interval is not None)
    frame = _Frame(size, math.ceil(min(1.0, reach) / _STEP) * _STEP)
    drawn = [_axes(frame), _means(frame, found.mean_importance, found.mean_delivery)]
    drawn += [_cross(frame, one) for one in placed]
    drawn += [_mark(frame, one) for one in placed]
    drawn += _labels(frame, placed)
    described = " ".join(_tip(one) + "." for one in placed)
    return (
        f'<svg class="chart {size.name} priority" viewBox="0 0 {size.width} {_n(_TOP + _PLOT + _ROOM)}" role="img">'
        f"<title>{shown(gettext('Importance and delivery of each promise'))}</title>"
        f"<desc>{shown(described)}</desc>{''.join(drawn)}</svg>"
    )


class _Frame:
    """Places: importance from 0 to `reach` to the right, delivery from 0 to 100 upwards."""

    def __init__(self, size: Size, reach: float) -> None:
        self.reach = reach
        self.right = size.width - (16.0 if size is NARROW else 28.0)
        self.bottom = _TOP + _PLOT

    def x(self, importance: float) -> float:
        return _LEFT + min(importance, self.reach) / self.reach * (self.right - _LEFT)

    def y(self, delivery: float) -> float:
        return self.bottom - delivery / 100 * _PLOT


def _axes(frame: _Frame) -> str:
    drawn = []
    for delivery in (0, 25, 50, 75, 100):
        drawn.append(_line("grid", _LEFT, frame.y(delivery), frame.right, frame.y(delivery)))
        drawn.append(_text(_LEFT - 8, frame.y(delivery) + 4, str(delivery), "tick", "end"))
    step = _STEP if frame.reach <= 4.5 * _STEP else 2 * _STEP
    marks = [step * count for count in range(round(frame.reach / step) + 1)]
    drawn += [_text(frame.x(mark), frame.bottom + 18, percent(mark), "tick", "middle") for mark in marks]
    drawn.append(_text(_LEFT, frame.bottom + 38, gettext("delivered, of 100 (upwards); importance (to the right)"), "tick"))
    return "".join(drawn)


def _means(frame: _Frame, importance: float, delivery: float) -> str:
    x, y = frame.x(importance), frame.y(delivery)
    corners: tuple[tuple[Quadrant, float, float, str], ...] = (
        ("possible overkill", _LEFT + 8, _TOP + 16, "start"),
        ("keep up", frame.right - 8, _TOP + 16, "end"),
        ("low priority", _LEFT + 8, frame.bottom - 10, "start"),
        ("fix first", frame.right - 8, frame.bottom - 10, "end"),
    )
    names = "".join(_text(at, height, term(name), "corner", anchor) for name, at, height, anchor in corners)
    return _line("mean", x, _TOP, x, frame.bottom) + _line("mean", _LEFT, y, frame.right, y) + names


def _cross(frame: _Frame, one: Standing) -> str:
    if one.interval is None or one.delivery_interval is None or one.importance is None or one.delivery is None:
        return ""
    x, y = frame.x(one.importance), frame.y(one.delivery)
    across = _line("range", frame.x(one.interval[0]), y, frame.x(one.interval[1]), y)
    upright = _line("range", x, frame.y(one.delivery_interval[0]), x, frame.y(one.delivery_interval[1]))
    return f'<g class="{_style(one)}">{across}{upright}</g>'


def _mark(frame: _Frame, one: Standing) -> str:
    if one.quadrant is None or one.importance is None or one.delivery is None:
        return ""
    place = f"translate({_n(frame.x(one.importance))} {_n(frame.y(one.delivery))})"
    return f'<g class="{_style(one)}" transform="{place}"><title>{shown(_tip(one))}</title>{_MARKS[one.quadrant]}</g>'


def _labels(frame: _Frame, placed: Sequence[Standing]) -> Iterable[str]:
    """The ids beside their marks, moved down where one would cover another."""
    taken: list[tuple[float, float, float]] = []
    for one in sorted(placed, key=lambda one: -(one.delivery or 0.0)):
        name = clean(one.promise.id)
        width, x, y = len(name) * _LETTER, frame.x(one.importance or 0.0), frame.y(one.delivery or 0.0) - 10
        left = x + 12 + width > frame.right
        start = x - 12 - width if left else x + 12
        while any(abs(y - at) < _LABEL and start < end and begin < start + width for begin, end, at in taken):
            y += _LABEL / 2
        taken.append((start, start + width, y))
        yield _text(x - 12 if left else x + 12, y + 4.5, name, "label strong", "end" if left else "start")


def _style(one: Standing) -> str:
    return "q-" + (one.quadrant or "").replace(" ", "-")


def _tip(one: Standing) -> str:
    return gettext(
        "%(promise)s %(quadrant)s: importance %(importance)s (%(around)s), delivered %(delivered)s (%(interval)s), %(sample)s",
        promise=clean(one.promise.text),
        quadrant=term(one.quadrant or ""),
        importance=percent(one.importance or 0.0),
        around=percent_interval(one.interval or (0.0, 0.0)),
        delivered=number(one.delivery or 0.0),
        interval=interval(one.delivery_interval),
        sample=sample(one.n),
    )


def _text(x: float, y: float, words: str, style: str, anchor: str = "start") -> str:
    return f'<text class="{style}" x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}">{shown(words)}</text>'


def _line(style: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{style}" x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"/>'


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
