"""Charts the size of a word: how a figure went, to stand beside it in a row. Colours are classes of the page's style sheet."""

from collections.abc import Sequence
from typing import Final

from reports.documents import NetPoint, PromiseGap
from reports.svg import line, place, shown
from reports.typography import exact, number, score, short_day, trend_word

_WIDTH: Final = 120.0
_HEIGHT: Final = 34.0
_EDGE: Final = 4.0


def delivery_spark(gap: PromiseGap) -> str:
    """Delivery of a promise over the window, from 0 to 100, with the expectation as a line across; gaps where too few spoke."""
    values = [point.delivery for point in gap.trend]
    return _spark(values, (0, 100), gap.expectation, f"{gap.promise.text}: {trend_word(gap.direction)}", _said(gap, values))


def net_spark(trend: Sequence[NetPoint]) -> str:
    """Net sentiment over the window around zero."""
    values = [point.net for point in trend]
    limit = max([10.0, *(abs(value) for value in values if value is not None)])
    said = "; ".join(f"{short_day(point.start)} {number(point.net, sign=True)}" for point in trend if point.net is not None)
    return _spark(values, (-limit, limit), 0.0, "Net sentiment", said or "too few voices")


def _said(gap: PromiseGap, values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return "too few voices at any time"
    return f"from {score(known[0])} to {score(known[-1])}, promised {exact(gap.expectation)}"


def _spark(values: Sequence[float | None], scale: tuple[float, float], level: float, title: str, said: str) -> str:
    low, high = scale
    step = (_WIDTH - 2 * _EDGE) / max(1, len(values) - 1)

    def y(value: float) -> float:
        return _EDGE + (_HEIGHT - 2 * _EDGE) * (high - min(high, max(low, value))) / (high - low)

    drawn = [line("expected", 0, y(level), _WIDTH, y(level))]
    run: list[str] = []
    last = ""
    for at, value in enumerate([*values, None]):
        if value is not None:
            x = _EDGE + at * step
            run.append(f"{place(x)},{place(y(value))}")
            last = f'<circle class="dot" cx="{place(x)}" cy="{place(y(value))}" r="3"/>'
        elif run:
            # One point alone is drawn as a dot: a line of no length.
            drawn.append(f'<polyline class="line" points="{" ".join(run if len(run) > 1 else run * 2)}"/>')
            run = []
    return (
        f'<svg class="spark" viewBox="0 0 {place(_WIDTH)} {place(_HEIGHT)}" role="img"><title>{shown(title)}</title>'
        f"<desc>{shown(said)}</desc>{''.join(drawn)}{last}</svg>"
    )
