"""The pictures of a digest: small SVG without a word in it, in colours that are seen on white and on black.

A mail shows them as PNG, on machines of which nobody knows the fonts; what words they need stand beside them.
"""

from collections.abc import Sequence
from typing import Final

from reports.digest_records import POINTS
from reports.documents import Digest, NetPoint, PromiseGap, Verdict
from reports.reader import gettext, gettext_noop
from reports.terms import term
from reports.typography import exact, interval, number, score, short_day

WIDTH: Final = 560
TREND_HEIGHT: Final = 170
BAR_HEIGHT: Final = 30
LINE: Final = "#4a78d6"
FAINT: Final = "#8a929b"
TONES: Final[dict[Verdict, str]] = {
    "kept": "#1f9e86",
    "broken": "#d9552b",
    "at risk": "#b98212",
    "unclear": "#7a8591",
    "insufficient evidence": "#7a8591",
}
_PLOT: Final = 116
_BARS: Final = 38
_EDGE: Final = 8
_MARKS: Final[dict[Verdict, str]] = {
    "kept": '<circle r="9"/>',
    "broken": '<path d="M0-11 11 0 0 11-11 0Z"/>',
    "at risk": '<path d="M-10-8H10L0 10Z"/>',
    "unclear": '<circle r="9"/>',
    "insufficient evidence": "",
}


def reach(trend: Sequence[NetPoint]) -> int:
    """How far up and down the picture of net sentiment goes: 25, 50, 75 or 100."""
    most = max((abs(bound) for point in trend if point.interval for bound in point.interval), default=0.0)
    return next((limit for limit in (25, 50, 75) if most <= limit), 100)


def trend_picture(digest: Digest) -> str:
    """Net sentiment with its 95 % interval around zero, and under it how many spoke; what the digest tells of is filled."""
    trend = digest.trend
    step = (WIDTH - 2 * _EDGE) / max(len(trend), 1)
    limit = reach(trend)
    drawn = [_line(0, _PLOT / 2, WIDTH, _PLOT / 2, FAINT, 1, 'stroke-dasharray="2 4"')]
    for run in _runs(trend):
        places = [(_x(at, step), _y(point.net or 0.0, limit)) for at, point in run]
        bounds = [(_x(at, step), point.interval or (point.net or 0.0,) * 2) for at, point in run]
        edge = [(x, _y(high, limit)) for x, (_, high) in bounds] + [(x, _y(low, limit)) for x, (low, _) in reversed(bounds)]
        if len(run) > 1:
            drawn.append(f'<polygon points="{_path(edge)}" fill="{LINE}" fill-opacity=".22"/>')
            drawn.append(
                f'<polyline points="{_path(places)}" fill="none" stroke="{LINE}" stroke-width="3" stroke-linejoin="round"/>'
            )
        else:
            drawn.append(_line(edge[0][0], edge[0][1], edge[1][0], edge[1][1], LINE, 5, 'stroke-opacity=".3"'))
        drawn += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{6 if trend[at].start >= digest.period.since else 3}" fill="{LINE}"/>'
            for (at, _), (x, y) in zip(run, places, strict=True)
        ]
    most = max((point.n for point in trend), default=0)
    for at, point in enumerate(trend):
        if point.n:
            tall = max(2.0, point.n / most * _BARS)
            shown = LINE if point.start >= digest.period.since else FAINT
            drawn.append(
                f'<rect x="{_x(at, step) - step * 0.33:.1f}" y="{TREND_HEIGHT - tall:.1f}" width="{step * 0.66:.1f}" '
                f'height="{tall:.1f}" fill="{shown}" fill-opacity=".8"/>'
            )
    return _svg(TREND_HEIGHT, drawn)


def trend_words(digest: Digest) -> str:
    """The picture for whom it is not shown."""
    every = POINTS[digest.edition]
    told = [
        f"{short_day(point.start)} {score(point.net, sign=True)}"
        + (f" ({interval(point.interval, sign=True)})" if point.interval else "")
        for point in digest.trend
        if point.net is not None
    ]
    points = "; ".join(told[-7:]) if told else gettext("too few voices on any of them")
    return (
        gettext("Net sentiment by day: %(points)s", points=points)
        if every == "day"
        else gettext("Net sentiment by week: %(points)s", points=points)
    )


def trend_caption(digest: Digest) -> str:
    """What there is to see, in a sentence."""
    message = {
        "day": gettext_noop(
            "Net sentiment, day by day, with its 95 %% interval; the dashed line is 0, the edges are −%(limit)s and +%(limit)s. "
            "Below: customer voices, at most %(most)s a day."
        ),
        "week": gettext_noop(
            "Net sentiment, week by week, with its 95 %% interval; the dashed line is 0, the edges are −%(limit)s and +%(limit)s. "
            "Below: customer voices, at most %(most)s a week."
        ),
    }[POINTS[digest.edition]]
    most = max((point.n for point in digest.trend), default=0)
    return gettext(message, limit=reach(digest.trend), most=number(most))


def promise_picture(gap: PromiseGap) -> str:
    """A promise from 0 to 100: a stroke where it promises to be, a bar for the interval, the verdict's mark for delivery."""
    middle, tone = BAR_HEIGHT / 2, TONES[gap.verdict]
    drawn = [_line(_EDGE, middle, WIDTH - _EDGE, middle, FAINT, 1, 'stroke-opacity=".6"')]
    if gap.delivery is not None and gap.interval is not None:
        low, high = (_across(bound) for bound in gap.interval)
        drawn.append(_line(low, middle, high, middle, tone, 9, 'stroke-opacity=".4" stroke-linecap="round"'))
    drawn.append(_line(_across(gap.expectation), 2, _across(gap.expectation), BAR_HEIGHT - 2, FAINT, 4, ""))
    if gap.delivery is not None:
        drawn.append(f'<g transform="translate({_across(gap.delivery):.1f} {middle})" fill="{tone}">{_MARKS[gap.verdict]}</g>')
    return _svg(BAR_HEIGHT, drawn)


def promise_words(gap: PromiseGap) -> str:
    """The same for whom it is not shown."""
    promised = exact(gap.expectation)
    if gap.delivery is None:
        return gettext("Promised %(promised)s, %(verdict)s.", promised=promised, verdict=term(gap.verdict))
    delivered = f"{number(gap.delivery)} ({interval(gap.interval)})"
    return gettext("Promised %(promised)s, delivered %(delivered)s.", promised=promised, delivered=delivered)


def _runs(trend: Sequence[NetPoint]) -> list[list[tuple[int, NetPoint]]]:
    """Stretches of buckets in which enough spoke."""
    runs: list[list[tuple[int, NetPoint]]] = [[]]
    for at, point in enumerate(trend):
        if point.net is None:
            runs.append([])
        else:
            runs[-1].append((at, point))
    return [run for run in runs if run]


def _x(at: int, step: float) -> float:
    return _EDGE + (at + 0.5) * step


def _y(value: float, limit: float) -> float:
    within = max(-limit, min(limit, value))
    return _EDGE + (_PLOT - 2 * _EDGE) * (0.5 - within / (2 * limit))


def _across(value: float) -> float:
    return _EDGE + max(0.0, min(100.0, value)) / 100 * (WIDTH - 2 * _EDGE)


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: int, more: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width}" {more}/>'


def _path(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


def _svg(height: int, drawn: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">'
        f"{''.join(drawn)}</svg>"
    )
