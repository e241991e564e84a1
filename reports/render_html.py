"""Reports as one self-contained page: style and charts inline, no script, nothing loaded from elsewhere, all text escaped."""

import re
from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import (
    answering,
    cause_words,
    charts,
    charts_causes,
    digest_pictures,
    html_dockets,
    html_findings,
    html_promises,
    html_scorecard,
    phrases,
    reader,
    rival_words,
    scorecard_words,
    terms,
    typography,
)
from reports.definitions import CORRECTION, DEFINITIONS, UNIT, worded
from reports.documents import Digest, GapReport, NetSentiment, PromiseGap, Verdict
from reports.evidence import Every
from reports.reader import gettext

_VERDICTS: Final[tuple[Verdict, ...]] = ("broken", "at risk", "unclear", "kept", "insufficient evidence")
# Tags are matched as a whole, so that addresses stay as they are.
_LOOSE: Final = re.compile(r"<[^>]*>|(?<=\d)–(?=\d)|\bn = (?=\d)")
_HELD: Final = {"–": "–\N{WORD JOINER}", "n = ": "n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}"}
_SIZES: Final = (charts.WIDE, charts.NARROW)


def gap_html(report: GapReport) -> str:
    """The gap report as a page for screen, phone and paper."""
    most = charts_causes.most(report.causes.causes if report.causes else ())
    return page(
        "gap.html",
        document=report,
        report=report,
        rows=html_dockets.Leads(report),
        evidence_of=lambda cause: f"#evidence-cause-{cause.id}" if report.dockets else "",
        spark=lambda cause: Markup(charts_causes.spark(cause, most)),  # noqa: S704 - see below
        say=cause_words,
        counts=_counts(report.promises),
        unit=gettext(UNIT),
        definitions=[worded(one) for one in DEFINITIONS],
        correction=gettext(CORRECTION),
    )


def digest_html(digest: Digest) -> str:
    """The digest as a narrow page that a mail client shows as well."""
    return environment().get_template("digest.html").render(digest=digest, mail=False, picture=_picture)


def page(template: str, **values: object) -> str:
    """A page of its own, on which no line ends within a range or a sample size."""
    return _LOOSE.sub(lambda found: _HELD.get(found[0], found[0]), environment().get_template(template).render(values))


@cache
def environment() -> Environment:
    """The templates with the filters and charts that they use."""
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    # Asked at every page anew, since readers differ; a template fills in what it names itself.
    environment.install_gettext_callables(reader.untouched, reader.untouched_plural, newstyle=True)  # type: ignore[attr-defined]
    environment.filters |= {
        "number": typography.number,
        "decimal": typography.decimal,
        "term": terms.term,
        "reason": terms.reason,
        "listed": typography.listed,
        "marks": typography.marks,
        "exact": typography.exact,
        "score": typography.score,
        "sample": typography.sample,
        "percent": typography.percent,
        "interval": typography.interval,
        "percent_interval": typography.percent_interval,
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
        "shortened": typography.shortened,
        "capitalised": typography.capitalised,
        "local_day": typography.local_day,
        "span": typography.span,
        "each": typography.each,
        "trend_word": typography.trend_word,
        "points": scorecard_words.points,
        "sum_of": scorecard_words.sum_of,
    }
    environment.globals |= {
        "phrases": phrases,
        "language": reader.language,
        "counted": typography.counted,
        "between": typography.between,
        "answering_sentence": answering.sentence,
        "rival_lines": rival_words.rival_lines,
        "answering_change": answering.change_sentence,
        # Where numbers lead; only a page that has rows behind them says so.
        "rows": None,
        "mark": _mark,
        "pictures": digest_pictures,
        "overview_row": _overview_row,
        "overview_axis": _overview_axis,
        "delivery_charts": _delivery_charts,
        "net_charts": _net_charts,
        **html_dockets.GLOBALS,
        **html_promises.GLOBALS,
        **html_findings.GLOBALS,
        **html_scorecard.GLOBALS,
    }
    return environment


def _counts(promises: tuple[PromiseGap, ...]) -> list[tuple[Verdict, int]]:
    """How many promises have each verdict, those that occur."""
    counts = [(verdict, sum(gap.verdict == verdict for gap in promises)) for verdict in _VERDICTS]
    return [(verdict, count) for verdict, count in counts if count]


# The charts escape whatever text they carry, which is what makes marking them as safe right.


def _mark(verdict: Verdict) -> Markup:
    return Markup(charts.verdict_mark(verdict))  # noqa: S704


def _picture(svg: str, words: str) -> Markup:
    return Markup(svg.replace("<svg ", Markup('<svg class="picture" role="img" aria-label="{}" ').format(words), 1))  # noqa: S704


def _overview_row(gap: PromiseGap) -> Markup:
    return Markup(charts.overview_row(gap))  # noqa: S704


def _overview_axis() -> Markup:
    return Markup(charts.overview_axis())  # noqa: S704


def _delivery_charts(gap: PromiseGap, every: Every) -> Markup:
    return Markup("").join(Markup(charts.delivery_chart(gap, every, size)) for size in _SIZES)  # noqa: S704


def _net_charts(sentiment: NetSentiment, every: Every) -> Markup:
    return Markup("").join(Markup(charts.net_chart(sentiment.trend, every, size)) for size in _SIZES)  # noqa: S704
