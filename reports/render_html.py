"""Reports as one self-contained page: style and charts inline, no script, nothing loaded from elsewhere, all text escaped."""

from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import charts, phrases, typography
from reports.definitions import CORRECTION, DEFINITIONS, UNIT
from reports.documents import Digest, GapReport, NetSentiment, PromiseGap, Verdict
from reports.evidence import Every

_VERDICTS: Final[tuple[Verdict, ...]] = ("broken", "at risk", "unclear", "kept", "insufficient evidence")
_SIZES: Final = (charts.WIDE, charts.NARROW)


def gap_html(report: GapReport) -> str:
    """The gap report as a page for screen, phone and paper."""
    return (
        _environment()
        .get_template("gap.html")
        .render(
            report=report,
            counts=_counts(report.promises),
            unit=UNIT,
            definitions=DEFINITIONS,
            correction=CORRECTION,
        )
    )


def digest_html(digest: Digest) -> str:
    """The digest as a narrow page that a mail client shows as well."""
    return _environment().get_template("digest.html").render(digest=digest)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "number": typography.number,
        "exact": typography.exact,
        "score": typography.score,
        "sample": typography.sample,
        "percent": typography.percent,
        "interval": typography.interval,
        "counted": typography.counted,
        "clean": typography.clean,
        "excerpt": typography.excerpt,
        "address": typography.web_address,
        "certainty": typography.certainty,
        "p_value": typography.p_value,
        "short_day": typography.short_day,
        "long_day": typography.long_day,
        "weekday": typography.weekday,
        "moment": typography.moment,
        "local_day": typography.local_day,
        "span": typography.span,
        "each": typography.each,
        "trend_word": typography.trend_word,
    }
    environment.globals |= {
        "phrases": phrases,
        "mark": _mark,
        "overview_row": _overview_row,
        "overview_axis": _overview_axis,
        "delivery_charts": _delivery_charts,
        "net_charts": _net_charts,
    }
    return environment


def _counts(promises: tuple[PromiseGap, ...]) -> list[tuple[Verdict, int]]:
    """How many promises have each verdict, those that occur."""
    counts = [(verdict, sum(gap.verdict == verdict for gap in promises)) for verdict in _VERDICTS]
    return [(verdict, count) for verdict, count in counts if count]


# The charts escape whatever text they carry, which is what makes marking them as safe right.


def _mark(verdict: Verdict) -> Markup:
    return Markup(charts.verdict_mark(verdict))  # noqa: S704


def _overview_row(gap: PromiseGap) -> Markup:
    return Markup(charts.overview_row(gap))  # noqa: S704


def _overview_axis() -> Markup:
    return Markup(charts.overview_axis())  # noqa: S704


def _delivery_charts(gap: PromiseGap, every: Every) -> Markup:
    return Markup("").join(Markup(charts.delivery_chart(gap, every, size)) for size in _SIZES)  # noqa: S704


def _net_charts(sentiment: NetSentiment, every: Every) -> Markup:
    return Markup("").join(Markup(charts.net_chart(sentiment.trend, every, size)) for size in _SIZES)  # noqa: S704
