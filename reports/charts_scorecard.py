"""The scorecard's one picture: a row a pillar on the scale from 1 to 5, the company's mark beside the customers'."""

from typing import Final

from reports.pillars import HIGHEST, LOWEST
from reports.scorecard_records import Score
from reports.svg import shown
from reports.terms import term

_OWN: Final = '<path class="own" d="M-6-6H6V6H-6Z"/>'
_CUSTOMERS: Final = '<circle class="customers" r="6.5"/>'


def score_row(score: Score) -> str:
    """One pillar: bar for the customers' interval, disc for their score, hollow square for the company's own, a line between.

    Places are percentages of the width, so the row fits any column.
    """
    drawn = []
    if score.own is not None and score.interval is not None:
        low, high = score.interval
        drawn.append(_line("between", score.own, min(max(score.own, low), high)))
    if score.customers is not None and score.interval is not None:
        drawn.append(_line("range", *score.interval))
    if score.own is not None:
        drawn.append(_mark(_OWN, score.own))
    if score.customers is not None:
        drawn.append(_mark(_CUSTOMERS, score.customers))
    return (
        '<svg class="row score" width="100%" height="36" role="img">'
        f"<title>{shown(term(score.name))}</title><desc>{shown(score.sentence)}</desc>{''.join(drawn)}</svg>"
    )


def score_axis() -> str:
    """The scale above the rows."""
    anchors = {1: "start", 5: "end"}
    labels = "".join(f'<text x="{_place(at)}" y="13" text-anchor="{anchors.get(at, "middle")}">{at}</text>' for at in range(1, 6))
    return f'<svg class="row axis" width="100%" height="18" aria-hidden="true">{labels}</svg>'


def legend_mark(whose: str) -> str:
    """A mark to stand in running text: `own` or `customers`."""
    drawn = _OWN if whose == "own" else _CUSTOMERS
    return f'<svg class="mark score" viewBox="-9 -9 18 18" width="14" height="14" aria-hidden="true">{drawn}</svg>'


def _line(style: str, start: float, end: float) -> str:
    return f'<line class="{style}" x1="{_place(start)}" x2="{_place(end)}" y1="18" y2="18"/>'


def _mark(drawn: str, at: float) -> str:
    return f'<svg x="{_place(at)}" y="18" overflow="visible">{drawn}</svg>'


def _place(rating: float) -> str:
    share = 100 * (rating - LOWEST) / (HIGHEST - LOWEST)
    return f"{share:.1f}".removesuffix(".0") + "%"
