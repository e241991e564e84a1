"""Charts of what moved, of segments and of promised figures. Colours are classes of the page's style sheet, as in `charts`.

Rows have places in percent of their width, so that they fit any column; the change and the figures are drawn once a `Size`.
"""

import math
from typing import Final

from reports.charts import NARROW, WIDE, Size
from reports.findings import Interval, Measured, Movement, NumericPromise
from reports.reader import gettext
from reports.svg import figure, line, place, rect, room, shown, text
from reports.terms import term
from reports.typography import interval, number, sample, score
from reports.words_moved import quantity, tenth

_ROW: Final = 34.0
_BAR: Final = 12.0
_WIDE_NAMES: Final = 128
_NARROW_NAMES: Final = 92
_VALUES: Final = 52
_FAR: Final = 40.0
_BINS: Final = 40
_FIGURE: Final = Size("figure-size", width=440, plot=76, right=8, labels=4)
_STEPS: Final = (1, 2, 5, 10, 20, 25, 50, 100, 200)


def movement_chart(movement: Movement, size: Size = WIDE) -> str:
    """The three terms of the change and their sum as bars from zero, each with its interval."""
    if movement.delta is None or movement.interval is None:
        return ""
    bars: list[tuple[str, float, Interval]] = [(term(one.name), one.points, one.interval) for one in movement.terms]
    bars.append((gettext("all together"), movement.delta, movement.interval))
    reach = max(abs(bound) for _, _, bounds in bars for bound in bounds)
    limit = next((step for step in _STEPS if reach <= step), 200)
    left = max(_NARROW_NAMES if size is NARROW else _WIDE_NAMES, 12 + max(room(name) for name, _, _ in bars))
    right = size.width - _VALUES

    def x(value: float) -> float:
        return left + (value + limit) / (2 * limit) * (right - left)

    bottom = len(bars) * _ROW
    drawn = [line("grid", x(at), 0, x(at), bottom) for at in (-limit, -limit / 2, limit / 2, limit)]
    drawn.append(line("zero", x(0), 0, x(0), bottom))
    for row, (name, points, (low, high)) in enumerate(bars):
        y = (row + 0.5) * _ROW
        style = "sum" if row == len(bars) - 1 else "rise" if points >= 0 else "fall"
        start, end = sorted((x(0), x(points)))
        drawn.append(text(left - 12, y + 4.5, name, "label strong-ink" if style == "sum" else "label", "end"))
        drawn.append(rect(f"term {style}", start, y - _BAR / 2, max(end - start, 1.5), _BAR))
        drawn.append(line("reach", x(low), y, x(high), y))
        drawn.append(text(right + 8, y + 4.5, tenth(points), "label strong-ink"))
    drawn += [text(x(at), bottom + 16, number(at, sign=True), "tick", "middle") for at in (-limit, 0, limit)]
    said = "; ".join(f"{name} {tenth(points)} ({interval(bounds, sign=True)})" for name, points, bounds in bars)
    return figure(size.name, size.width, bottom + 24, gettext("What net sentiment moved by, in points"), f"{said}.", drawn)


def measured_row(figure: Measured, low: float, high: float, name: str, *, sign: bool = False) -> str:
    """A figure with its interval on a scale of its own; nothing but the scale where evidence is insufficient."""
    drawn, said = "", score(figure.value, sign=sign)
    if figure.value is not None and figure.interval is not None:
        start, end, at = (_percent(value, low, high) for value in (*figure.interval, figure.value))
        said += f" ({interval(figure.interval, sign=sign)})"
        style = "segment differs" if figure.differs else "segment"
        drawn = (
            f'<line class="range {style}" x1="{start}%" x2="{end}%" y1="13" y2="13"/>'
            f'<circle class="{style}" cx="{at}%" cy="13" r="4.5"/>'
        )
    zero = _percent(0, low, high) if low < 0 else ""
    middle = f'<line class="middle" x1="{zero}%" x2="{zero}%" y1="2" y2="24"/>' if zero else ""
    return (
        f'<svg class="row" width="100%" height="26" role="img"><title>{shown(name)}</title>'
        f"<desc>{shown(f'{said}, {sample(figure.n)}')}</desc>{middle}{drawn}</svg>"
    )


def number_chart(found: NumericPromise) -> str:
    """What customers measure on a logarithmic scale, a bar for as many voices, against the advertised figure and the median."""
    if found.median is None or found.interval is None or not found.values:
        return ""
    inside = [(value, n) for value, n in found.values if _drawn(value, found)]
    values = [value for value, _ in inside] + [found.advertised]
    low, high = math.log(min(values) / 1.5), math.log(max(values) * 1.5)
    left, right, top, plot = 8.0, _FIGURE.width - 8.0, 46.0, float(_FIGURE.plot)
    floor = top + plot

    def x(value: float) -> float:
        return left + (math.log(value) - low) / (high - low) * (right - left)

    counts: dict[int, int] = {}
    for value, n in inside:
        column = min(int((math.log(value) - low) / (high - low) * _BINS), _BINS - 1)
        counts[column] = counts.get(column, 0) + n
    most, wide = max(counts.values()), (right - left) / _BINS
    drawn = [
        rect("bar", left + column * wide + 1, floor - max(2.0, n / most * plot), wide - 2, max(2.0, n / most * plot))
        for column, n in sorted(counts.items())
    ]
    drawn.append(line("notch", left, floor, right, floor))
    drawn.append(rect("band", x(found.interval[0]), top - 4, max(x(found.interval[1]) - x(found.interval[0]), 2.0), plot + 4))
    drawn.append(line("line", x(found.median), top - 4, x(found.median), floor))
    drawn.append(line("expected", x(found.advertised), top - 24, x(found.advertised), floor))
    promised, median = x(found.advertised), x(found.median)
    parted = median < promised
    names = [f"{name} {quantity(value, found.unit)}" for name, value in _named(found)]
    drawn.append(_label(promised, top - 28, names[0], "label", (left, right), before=not parted))
    # The promise's line is the taller one: the median's words stay on one side of it, on their own where they can.
    sides = ((left, promised - 5), (promised + 5, right))
    edges = next((side for side in sides[:: 1 if parted else -1] if room(names[1]) <= side[1] - side[0]), (left, right))
    drawn.append(_label(median, top - 10, names[1], "label strong", edges, before=parted))
    end = -math.inf
    for tick in _ticks(min(values), max(values), found.unit, _FIGURE.labels):
        words = quantity(tick, found.unit)
        drawn.append(line("notch", x(tick), floor, x(tick), floor + 4))
        if x(tick) - room(words) / 2 > end:
            drawn.append(text(x(tick), floor + 17, words, "tick", "middle"))
            end = x(tick) + room(words) / 2
    reach = gettext(
        "From %(low)s to %(high)s.",
        low=quantity(min(v for v, _ in found.values), found.unit),
        high=quantity(max(values), found.unit),
    )
    said = f"{found.sentence} {reach}"
    title = gettext("What customers measure, against the promised %(promised)s", promised=found.advertised_text)
    return figure(_FIGURE.name, _FIGURE.width, floor + 24, title, said, drawn)


_CLOCK: Final = (1 / 60, 5 / 60, 0.25, 0.5, 1, 3, 12, 24, 72, 168, 336, 730.5, 2191.5, 8766, 43830)


def _ticks(low: float, high: float, unit: str, most: int) -> list[float]:
    """Round figures within the scale, at most so many."""
    if unit == "hours":
        steps = [1 / 3600, 10 / 3600, *_CLOCK]
    else:
        steps = [base * 10.0**power for power in range(-3, 9) for base in (1, 2, 5)]
    inside = [step for step in steps if low <= step <= high]
    stride = max(1, math.ceil(len(inside) / most))
    return inside[::stride]


def beyond(found: NumericPromise) -> int:
    """Voices whose figure is too far off to be drawn: mostly they speak of something else."""
    return sum(n for value, n in found.values if not _drawn(value, found))


def _drawn(value: float, found: NumericPromise) -> bool:
    median = found.median or found.advertised
    return min(median, found.advertised) / _FAR <= value <= max(median, found.advertised) * _FAR


def _named(found: NumericPromise) -> list[tuple[str, float]]:
    return [(gettext("promised"), found.advertised), (gettext("median"), found.median or 0.0)]


def _label(x: float, y: float, words: str, style: str, edges: tuple[float, float], *, before: bool) -> str:
    """Words before or after an upright line, within the edges; over it where there is room on neither side."""
    fits_before, fits_after = x - 5 - room(words) >= edges[0], x + 5 + room(words) <= edges[1]
    if not (fits_before if before else fits_after):
        before = fits_before or (before and not fits_after)
    if before:
        return text(min(max(x - 5, edges[0] + room(words)), edges[1]), y + 4, words, style, "end")
    return text(max(min(x + 5, edges[1] - room(words)), edges[0]), y + 4, words, style)


def _percent(value: float, low: float, high: float) -> str:
    return place(100 * (min(max(value, low), high) - low) / (high - low))
