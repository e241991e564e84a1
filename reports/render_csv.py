"""The gap report as CSV: a row a promise, safe to open in a spreadsheet."""

import csv
import io
from typing import Final

from reports.documents import GapReport, Interval, PromiseGap
from reports.typography import clean

_HEADER: Final = (
    "brand", "since", "until", "id", "text", "pillar", "expectation", "delivery", "delivery_low", "delivery_high", "raw",
    "gap", "gap_low", "gap_high", "n", "n_eff", "kept", "broken", "verdict", "direction",
    "change_start", "change_before", "change_after", "change_p",
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
    return [*map(_text, texts + promise), *map(_number, numbers), *words, *changed]


def _text(value: str) -> str:
    """One line; a spreadsheet reads a leading sign as a formula, an apostrophe keeps it text (OWASP, CSV injection)."""
    line = clean(value)
    return f"'{line}" if line.startswith(_FORMULA_STARTS) else line


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value + 0.0:.1f}"


def _ends(bounds: Interval | None) -> tuple[float | None, float | None]:
    return (None, None) if bounds is None else bounds
