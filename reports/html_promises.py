"""What the templates of promises' weights draw with. The charts escape whatever they carry, so marking them as safe is right."""

import math
from collections.abc import Callable, Mapping
from typing import Final

from markupsafe import Markup

from reports.charts import NARROW, WIDE
from reports.charts_emphasis import emphasis_axis, emphasis_mark, emphasis_row
from reports.charts_priority import priority_chart, quadrant_mark
from reports.promise_records import Emphasis, EmphasisGap, Importance, Quadrant


def _priority_charts(found: Importance) -> Markup:
    return Markup("").join(Markup(priority_chart(found, size)) for size in (WIDE, NARROW))  # noqa: S704


def _quadrant_mark(quadrant: Quadrant) -> Markup:
    return Markup(quadrant_mark(quadrant))  # noqa: S704


def _emphasis_row(one: EmphasisGap, reach: float) -> Markup:
    return Markup(emphasis_row(one, reach))  # noqa: S704


def _emphasis_axis(reach: float) -> Markup:
    return Markup(emphasis_axis(reach))  # noqa: S704


def _emphasis_mark(whose: str) -> Markup:
    return Markup(emphasis_mark(whose))  # noqa: S704


def _emphasis_reach(found: Emphasis) -> float:
    """The share (0–1) at which the scale ends: the next fifth above the largest."""
    return math.ceil(5 * max(max(one.advertised or 0.0, one.spoken or 0.0) for one in found.gaps)) / 5


GLOBALS: Final[Mapping[str, Callable[..., object]]] = {
    "priority_charts": _priority_charts,
    "quadrant_mark": _quadrant_mark,
    "emphasis_row": _emphasis_row,
    "emphasis_axis": _emphasis_axis,
    "emphasis_mark": _emphasis_mark,
    "emphasis_reach": _emphasis_reach,
}
