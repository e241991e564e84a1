"""The gap report as CSV: a row a promise, safe to open in a spreadsheet."""

import csv
import io
from typing import Final

from reports.documents import GapReport, Interval, PromiseGap
from reports.findings import Findings
from reports.promise_records import PromiseWeights
from reports.typography import clean

_HEADER: Final = (
    "brand", "since", "until", "id", "text", "pillar", "expectation", "delivery", "delivery_low", "delivery_high", "raw",
    "gap", "gap_low", "gap_high", "n", "n_eff", "kept", "broken", "verdict", "direction",
    "change_start", "change_before", "change_after", "change_p",
    "placements", "emphasis_gap", "emphasis_low", "emphasis_high", "importance", "importance_low", "importance_high", "priority",
    "outright", "advice",
    "window_before", "window_after", "window_delta", "window_delta_low", "window_delta_high", "window_p",
    "promised_figure", "median_figure", "median_low", "median_high", "figure_unit", "figure_n",
)  # fmt: skip
_FORMULA_STARTS: Final = ("=", "+", "-", "@")


def gap_csv(report: GapReport) -> str:
    """One row a promise; an empty cell is a number for which the evidence does not suffice."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEADER)
    writer.writerows(_row(report, gap) for gap in report.promises)
    return out.getvalue()


def _row(report: GapReport, gap: PromiseGap) -> list[str]:
    texts = (report.brand, report.window.since.isoformat(), report.window.until.isoformat())
    promise = (gap.promise.id, gap.promise.text, gap.promise.pillar)
    numbers = (
        gap.expectation, gap.delivery, *_ends(gap.interval), gap.raw, gap.gap, *_ends(gap.gap_interval),
        gap.n, gap.n_eff, gap.kept, gap.broken,
    )  # fmt: skip
    change = gap.change
    changed = ("", "", "", "") if change is None else (
        change.start.isoformat(), _number(change.before), _number(change.after), f"{change.p:.3g}",
    )  # fmt: skip
    words = (gap.verdict, gap.direction)
    return [
        *map(cell, texts + promise),
        *map(_number, numbers),
        *words,
        *changed,
        *_weighed(report.weights, gap.promise.id),
        *_explained(report.findings, gap.promise.id),
    ]


def _weighed(weights: PromiseWeights | None, promise: str) -> list[str]:
    """What the promise weighs; shares in percent."""
    if weights is None:
        return [""] * 10
    loud = next(one for one in weights.emphasis.gaps if one.promise.id == promise)
    important = next(one for one in weights.importance.standings if one.promise.id == promise)
    said = next(one for one in weights.outright if one.promise.id == promise)
    return [
        *map(_number, (loud.placements, loud.gap, *_ends(loud.interval))),
        *map(_percent, (important.importance, *_ends(important.interval))),
        important.quadrant or "",
        _percent(said.share),
        next((claim.advice for claim in weights.at_risk if claim.promise.id == promise), ""),
    ]


def _percent(share: float | None) -> str:
    return _number(None if share is None else 100 * share)


def cell(value: str) -> str:
    """One line; a spreadsheet reads a leading sign as a formula, an apostrophe keeps it text (OWASP, CSV injection)."""
    line = clean(value)
    return f"'{line}" if line.startswith(_FORMULA_STARTS) else line


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value + 0.0:.1f}"


def _ends(bounds: Interval | None) -> tuple[float | None, float | None]:
    return (None, None) if bounds is None else bounds


def _explained(findings: Findings, promise: str) -> list[str]:
    """Delivery in the two windows that are compared, and the first figure that the promise names."""
    changes = findings.movement.promises if findings.movement else ()
    change = next((one for one in changes if one.promise == promise), None)
    moved = [""] * 6
    if change is not None:
        p = "" if change.p is None else f"{change.p:.3g}"
        moved = [*map(_number, (change.before, change.after, change.delta, *_ends(change.interval))), p]
    named = next((one for one in findings.numbers if one.promise == promise), None)
    if named is None:
        return [*moved, *[""] * 6]
    figures = (named.advertised, named.median, *_ends(named.interval))
    return [*moved, *("" if one is None else f"{one:.6g}" for one in figures), named.unit, str(named.n)]
