"""Pieces of SVG as text. What they say is escaped; coordinates have one decimal at most: small files, no scientific notation."""

from collections.abc import Iterable
from typing import Final

from markupsafe import Markup, escape

from reports.typography import clean


def figure(style: str, width: float, height: float, title: str, description: str, drawn: Iterable[str]) -> str:
    """A chart that a reader of the screen is told in words."""
    return (
        f'<svg class="chart {style}" viewBox="0 0 {place(width)} {place(height)}" role="img">'
        f"<title>{shown(title)}</title><desc>{shown(description)}</desc>{''.join(drawn)}</svg>"
    )


def shown(words: str) -> Markup:
    """What somebody wrote, as a chart may say it."""
    return escape(clean(words))


LETTER: Final = 8.0
"""At most how wide a letter of a label is on average, also in a print's larger type."""


def room(words: str) -> float:
    """How wide a label may become."""
    return LETTER * len(words)


def text(x: float, y: float, words: str, style: str, anchor: str = "start") -> str:
    """A line of words."""
    return f'<text class="{style}" x="{place(x)}" y="{place(y)}" text-anchor="{anchor}">{shown(words)}</text>'


def line(style: str, x1: float, y1: float, x2: float, y2: float) -> str:
    """A straight line."""
    return f'<line class="{style}" x1="{place(x1)}" y1="{place(y1)}" x2="{place(x2)}" y2="{place(y2)}"/>'


def rect(style: str, x: float, y: float, width: float, height: float, *, tip: str = "") -> str:
    """A rectangle; a pointer shows its `tip`."""
    title = f"<title>{shown(tip)}</title>" if tip else ""
    size = f'width="{place(width)}" height="{place(height)}"'
    return f'<rect class="{style}" x="{place(x)}" y="{place(y)}" {size}>{title}</rect>'


def place(value: float) -> str:
    """A coordinate."""
    return f"{value:.1f}".removesuffix(".0")
