"""Charts of causes: complaints in a thousand voices heard, bucket by bucket, with the day on which a cause was covered."""

import math
from datetime import date
from typing import Final

from reports import svg
from reports.cause_rates import count_interval
from reports.cause_words import rate
from reports.causes_records import Cause, CausePoint
from reports.charts import Size
from reports.evidence import Every
from reports.reader import gettext, gettext_noop
from reports.typography import axis_label, decimal, sample, short_day

_LEFT: Final = 34
_TOP: Final = 40
_PLOT: Final = 120
_AXIS: Final = 26
_SPARK: Final = (120, 26)
_COMPLAINTS: Final[dict[Every, str]] = {
    "day": gettext_noop("%(cause)s: daily complaints"),
    "week": gettext_noop("%(cause)s: weekly complaints"),
    "month": gettext_noop("%(cause)s: monthly complaints"),
}


def spark(cause: Cause, most: float) -> str:
    """A row of small bars for a table; `most` is the rate of the tallest bar of all rows."""
    width, height = _SPARK
    step = width / max(1, len(cause.trend))
    bars = []
    for place, point in enumerate(cause.trend):
        if point.rate:
            tall = max(1.5, point.rate / most * height)
            bars.append(svg.rect("bar", place * step + step * 0.15, height - tall, step * 0.7, tall))
    covered = _at_cover(cause)
    if covered is not None:
        bars.append(svg.line("cover", covered * step, 0, covered * step, height))
    # The table says the same in figures.
    return (
        f'<svg class="spark" viewBox="0 0 {width} {height}" preserveAspectRatio="none" aria-hidden="true">'
        f"{svg.line('floor', 0, height, width, height)}{''.join(bars)}</svg>"
    )


def cause_chart(cause: Cause, every: Every, size: Size) -> str:
    """Complaints in a thousand voices by bucket, each with its 95 % interval."""
    right = size.width - 12
    step = (right - _LEFT) / max(1, len(cause.trend))
    highs = [_high(point) for point in cause.trend]
    top = _round_up(max(highs, default=0.0))
    floor = _TOP + _PLOT

    def y(value: float) -> float:
        return floor - min(value, top) / top * _PLOT

    drawn = [svg.text(0, 11, gettext("in a thousand voices"), "tick")]
    for value in (0.0, top / 2, top):
        drawn += [
            svg.line("grid", _LEFT, y(value), right, y(value)),
            svg.text(_LEFT - 8, y(value) + 4, _tick(value), "tick", "end"),
        ]
    width = min(26.0, step * 0.6)
    for place, point in enumerate(cause.trend):
        middle = _LEFT + (place + 0.5) * step
        if point.rate:
            drawn.append(svg.rect("bar complaints", middle - width / 2, y(point.rate), width, floor - y(point.rate)))
        if point.heard:
            low, high = (1000 * bound / point.heard for bound in count_interval(point.voices))
            drawn.append(svg.line("error", middle, y(low), middle, y(high)))
    covered = _at_cover(cause)
    if covered is not None and cause.covered is not None:
        x = _LEFT + covered * step
        drawn.append(svg.line("change", x, _TOP - 6, x, floor))
        drawn.append(
            svg.text(
                x,
                _TOP - 10,
                gettext("covered %(day)s", day=short_day(cause.covered)),
                "label change",
                "start" if x < right / 2 else "end",
            )
        )
    stride = max(1, math.ceil(len(cause.trend) / size.labels))
    for place in range(0, len(cause.trend), stride):
        drawn.append(
            svg.text(_LEFT + (place + 0.5) * step, floor + 17, axis_label(cause.trend[place].start, every), "tick", "middle")
        )
    for place, point in enumerate(cause.trend):
        drawn.append(svg.rect("hit", _LEFT + place * step, _TOP, step, _PLOT, tip=_tip(point, every)))
    said = " ".join(f"{_tip(point, every)}." for point in cause.trend)
    return svg.figure(size.name, size.width, floor + _AXIS, gettext(_COMPLAINTS[every], cause=cause.name), said, drawn)


def most(causes: tuple[Cause, ...]) -> float:
    """The highest rate of any bucket of any cause; 1.0 where there is none."""
    return max((point.rate or 0.0 for cause in causes for point in cause.trend), default=0.0) or 1.0


def _tip(point: CausePoint, every: Every) -> str:
    return gettext(
        "%(when)s: %(rate)s in a thousand, %(sample)s",
        when=axis_label(point.start, every),
        rate=rate(point.rate),
        sample=sample(point.voices),
    )


def _tick(value: float) -> str:
    digits = 0 if value == round(value) else 1 if 10 * value == round(10 * value) else 2
    return decimal(value, digits)


def _high(point: CausePoint) -> float:
    return 1000 * count_interval(point.voices)[1] / point.heard if point.heard else 0.0


def _round_up(value: float) -> float:
    if value <= 0:
        return 1.0
    scale = 10.0 ** math.floor(math.log10(value))
    return next(step * scale for step in (1, 2, 3, 4, 5, 6, 8, 10) if step * scale >= value)


def _at_cover(cause: Cause) -> float | None:
    """Where the day of the cover lies, in buckets from the left; None where it lies outside."""
    starts: list[date] = [point.start for point in cause.trend]
    if cause.covered is None or not starts or cause.covered < starts[0]:
        return None
    place = sum(start <= cause.covered for start in starts) - 1
    length = (starts[1] - starts[0]).days if len(starts) > 1 else 1
    inside = (cause.covered - starts[place]).days / length
    return place + inside if inside <= 1 else None
