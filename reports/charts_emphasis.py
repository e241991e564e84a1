"""How loudly each promise is made beside how often customers speak of it: one row a promise, two marks and what lies between."""

from typing import Final

from reports.promise_records import EmphasisGap
from reports.reader import gettext
from reports.svg import shown
from reports.terms import INSUFFICIENT, term
from reports.typography import interval, number, percent

_BRAND: Final = '<path class="brand" d="M-6-6H6V6H-6Z"/>'
_CUSTOMERS: Final = '<circle class="customers" r="6.5"/>'


def emphasis_row(one: EmphasisGap, reach: float) -> str:
    """One promise on the scale from 0 to `reach`: square for the brand's share, disc for the customers', a line between.

    Places are percentages of the width, so the row fits any column.
    """
    drawn, said = "", term(INSUFFICIENT)
    if one.advertised is not None and one.spoken is not None and one.gap is not None:
        said = gettext(
            "%(advertised)s of what is advertised, %(spoken)s of what customers speak of, emphasis gap %(gap)s (%(interval)s)",
            advertised=percent(one.advertised),
            spoken=percent(one.spoken),
            gap=number(one.gap, sign=True),
            interval=interval(one.interval, sign=True),
        )
        brand, customers = (100 * share / reach for share in (one.advertised, one.spoken))
        drawn = (
            f'<line class="between" x1="{brand:.1f}%" x2="{customers:.1f}%" y1="18" y2="18"/>'
            f'<svg x="{brand:.1f}%" y="18" overflow="visible">{_BRAND}</svg>'
            f'<svg x="{customers:.1f}%" y="18" overflow="visible">{_CUSTOMERS}</svg>'
        )
    return (
        '<svg class="row emphasis" width="100%" height="36" role="img">'
        f"<title>{shown(one.promise.text)}</title><desc>{shown(said)}</desc>{drawn}</svg>"
    )


def emphasis_axis(reach: float) -> str:
    """The scale above the rows, in quarters of `reach`."""
    anchors = {0: "start", 4: "end"}
    labels = "".join(
        f'<text x="{25 * at}%" y="13" text-anchor="{anchors.get(at, "middle")}">{percent(reach * at / 4)}</text>' for at in range(5)
    )
    return f'<svg class="row axis" width="100%" height="18" aria-hidden="true">{labels}</svg>'


def emphasis_mark(whose: str) -> str:
    """A mark to stand in running text: `brand` or `customers`."""
    drawn = _BRAND if whose == "brand" else _CUSTOMERS
    return f'<svg class="mark emphasis" viewBox="-9 -9 18 18" width="14" height="14" aria-hidden="true">{drawn}</svg>'
