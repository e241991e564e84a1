"""What the templates of the findings use: their charts, marked as safe because they escape whatever text they carry."""

from typing import Final

from markupsafe import Markup

from reports import charts, charts_moved, phrases_moved
from reports.findings import Measured, Movement, NumericPromise, Segment
from reports.reader import gettext
from reports.words_moved import tenth

_SIZES: Final = (charts.WIDE, charts.NARROW)
_STAR: Final = Markup('<span class="star" title="{}">*</span>')


def _movement_charts(movement: Movement) -> Markup:
    return Markup("").join(Markup(charts_moved.movement_chart(movement, size)) for size in _SIZES)  # noqa: S704 - see above


def _number_chart(found: NumericPromise) -> Markup:
    return Markup(charts_moved.number_chart(found))  # noqa: S704 - see above


def _net_row(segment: Segment) -> Markup:
    name = gettext("%(segment)s: net sentiment", segment=segment.value)
    return Markup(charts_moved.measured_row(segment.net, -100, 100, name, sign=True))  # noqa: S704 - see above


def _kept_row(segment: Segment) -> Markup:
    name = gettext("%(segment)s: promises kept", segment=segment.value)
    return Markup(charts_moved.measured_row(segment.delivery, 0, 100, name))  # noqa: S704 - see above


def _differs(figure: Measured) -> Markup:
    return _STAR.format(gettext("differs from everybody else by more than chance")) if figure.differs else Markup()


GLOBALS: Final = {
    "phrases_moved": phrases_moved,
    "movement_charts": _movement_charts,
    "number_chart": _number_chart,
    "net_row": _net_row,
    "kept_row": _kept_row,
    "differs": _differs,
    "tenth": tenth,
    "beyond": charts_moved.beyond,
}
