"""What the templates of the scorecard draw with. The charts escape whatever they carry, so marking them as safe is right."""

from collections.abc import Callable, Mapping
from typing import Final

from markupsafe import Markup

from reports import charts_scorecard
from reports.scorecard_records import Score


def _score_row(score: Score) -> Markup:
    return Markup(charts_scorecard.score_row(score))  # noqa: S704 - see above


def _score_axis() -> Markup:
    return Markup(charts_scorecard.score_axis())  # noqa: S704 - see above


def _legend_mark(whose: str) -> Markup:
    return Markup(charts_scorecard.legend_mark(whose))  # noqa: S704 - see above


GLOBALS: Final[Mapping[str, Callable[..., object]]] = {
    "score_row": _score_row,
    "score_axis": _score_axis,
    "legend_mark": _legend_mark,
}
