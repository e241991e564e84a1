"""The causes report in each of its formats: html, md, json or csv."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from datetime import UTC
from math import isinf
from typing import Any, Final

from reports import cause_words
from reports.causes_records import Cause, CauseNews, CausesReport, RateChange
from reports.json_values import bounds, p_value, shares, tenth, thousandth
from reports.markdown import escape, table
from reports.render_csv import cell
from reports.typography import long_day, moment, percent, percent_interval, span

CARDS: Final = 12
"""Causes that are told at length; the rest stand in the table."""
ROWS: Final = 20
"""Causes in the table of the page; the smaller ones are folded away."""
METHOD: Final = (
    "A complaint is a passage of a customer that the model reads as surely negative and that says what is amiss, or that says "
    "that a promise was broken; clauses of mere anger are left out. Complaints are compared by sentence embeddings, from the "
    "brand's common mean: one joins the cause to whose centre it is near, others wait until enough people complain alike "
    "(average linkage). A complaint stays in its cause. The name is a customer's own words, the stretch that best says what all "
    "share and others do not (c-TF-IDF). Counted are story-voices, a customer's text once however often it was copied; who "
    "complains of two causes counts in both. Shares are of all complaining voices (Wilson, 95 %), rates in a thousand voices "
    "heard, so that holes and busy weeks change neither (Garwood's interval for counts, widened where weeks scatter more than "
    "chance would have it). Growing and shrinking compare the last four weeks with the eight before by an exact test of two "
    "Poisson rates, adjusted over all causes (Benjamini–Hochberg). A covered cause holds while the upper bound of its rate "
    "since, over that of the twelve weeks before, stays under 1, and is open again when it does not; the first days after a "
    "cover tell of before and count for neither side."
)
_COLUMNS: Final = (
    "brand", "since", "until", "id", "name", "status", "stage", "voices", "authors", "stories", "share", "share_low", "share_high",
    "rate", "rate_low", "rate_high", "cost", "cost_low", "cost_high", "currency", "first_seen", "covered", "done", "ratio",
    "ratio_low", "ratio_high", "p", "promises", "pillars", "quote",
)  # fmt: skip


def render_causes(report: CausesReport, format: str) -> str:  # noqa: A002 - the word of the command line
    """The causes report as one document: html, md, json or csv."""
    looks: Mapping[str, Callable[[CausesReport], str]] = {"html": _html, "md": _markdown, "json": _json, "csv": _csv}
    return looks[format](report).encode("utf-8", "replace").decode("utf-8")


def _html(report: CausesReport) -> str:
    from markupsafe import Markup  # noqa: PLC0415 - templates are slow to load, and three formats need none

    from reports import charts, charts_causes  # noqa: PLC0415
    from reports.render_html import environment  # noqa: PLC0415

    most = charts_causes.most(report.causes)
    # The charts escape whatever text they carry, which is what makes marking them as safe right.
    drawn = {
        "spark": lambda cause: Markup(charts_causes.spark(cause, most)),  # noqa: S704
        "cause_charts": lambda cause: Markup("").join(
            Markup(charts_causes.cause_chart(cause, report.every, size))  # noqa: S704
            for size in (charts.WIDE, charts.NARROW)
        ),
        "say": cause_words,
    }
    cards = report.causes[:CARDS] + tuple(one for one in report.causes[CARDS:] if one.covered is not None)
    shown = {one.id for one in cards}
    values = {
        "card_of": lambda cause: f"#cause-{cause.id}" if cause.id in shown else "",
        "place_of": lambda cause: f"#cause-{cause.id}" if cause.id in shown else f"#row-{cause.id}",
    }
    page = environment().get_template("causes.html", globals=drawn)
    return page.render(document=report, report=report, most=ROWS, cards=cards, method=METHOD, **values)


def _markdown(report: CausesReport) -> str:
    first, *rest = report.headlines
    facts = f"{span(report.window)} · generated {moment(report.generated, report.timezone)}"
    parts = [f"# {escape(report.brand_name)}: what customers complain of", facts, f"**{escape(first)}**", *map(escape, rest)]
    parts += ["## Causes", _overview(report)]
    if report.improvements:
        lines = [
            f"- **{escape((one.pillar or 'no pillar').capitalize())}**: {escape(cause_words.named(one.cause.name))} "
            f"(cause {one.cause.id}), {one.recent} in the last four weeks"
            for one in report.improvements
        ]
        parts += ["## One thing to improve in each pillar", "\n".join(lines)]
    for one in report.causes[:CARDS]:
        lines = [f"### {one.id}. {escape(one.name)}", escape(one.sentence)]
        if one.covered is not None and one.proof is not None:
            lines.append(escape(f"{cause_words.cover_line(one)} {cause_words.proof_sentence(one.proof)}"))
        quotes = "\n".join(f"- “{escape(quote.passage)}” ({escape(quote.source)})" for quote in one.quotes)
        parts += [*lines, *([quotes] if quotes else [])]
    return "\n\n".join([*parts, "## How this was computed", METHOD]) + "\n"


def _overview(report: CausesReport) -> str:
    if not report.causes:
        return "No cause is shared by enough customers yet."
    head = ["no.", "cause", "status", "trend", "customers", "share (95 %)", "first heard", *(["cost"] if report.cost else [])]
    return table(
        head,
        [
            [
                str(one.id),
                escape(one.name),
                cause_words.STATUSES[one.status],
                cause_words.STAGES[one.stage],
                f"{one.voices:,}",
                ""
                if one.share is None or one.share_interval is None
                else f"{percent(one.share)} ({percent_interval(one.share_interval)})",
                long_day(one.first_seen),
                *([escape(cause_words.money(one.cost, report.currency))] if report.cost else []),
            ]
            for one in report.causes
        ],
    )


def _json(report: CausesReport) -> str:
    document = {
        "brand": report.brand,
        "brand_name": report.brand_name,
        "timezone": report.timezone,
        "generated": report.generated.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z",
        "window": {"since": report.window.since.isoformat(), "until": report.window.until.isoformat()},
        "every": report.every,
        "headlines": list(report.headlines),
        "heard": report.heard,
        "complaining": report.complaining,
        "unexplained": report.unexplained,
        "cost_per_dissatisfied_customer": report.cost,
        "currency": report.currency or None,
        "causes": [_cause(one) for one in report.causes],
        "improvements": [
            {"pillar": one.pillar or None, "cause": one.cause.id, "name": one.cause.name, "recent": one.recent}
            for one in report.improvements
        ],
        "model": report.model.version,
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _cause(one: Cause) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "status": one.status,
        "stage": one.stage,
        "voices": one.voices,
        "authors": one.authors,
        "stories": one.stories,
        "share": thousandth(one.share),
        "share_interval": shares(one.share_interval),
        "rate": tenth(one.rate),
        "rate_interval": bounds(one.rate_interval),
        "cost": tenth(one.cost),
        "cost_interval": bounds(one.cost_interval),
        "first_seen": one.first_seen.isoformat(),
        "covered": None if one.covered is None else one.covered.isoformat(),
        "done": one.done or None,
        "change": _change(one.change),
        "proof": None
        if one.proof is None
        else {
            "verdict": one.proof.proof,
            "since": one.proof.since.isoformat(),
            "expected": tenth(one.proof.expected),
            "change": _change(one.proof.change),
            "sentence": cause_words.proof_sentence(one.proof),
        },
        "trend": [
            {"start": point.start.isoformat(), "voices": point.voices, "heard": point.heard, "rate": tenth(point.rate)}
            for point in one.trend
        ],
        "promises": {promise.id: n for promise, n in one.promises},
        "pillars": dict(one.pillars),
        "sentence": one.sentence,
        "quotes": [
            {"mention": quote.mention, "quote": quote.passage, "url": quote.url, "source": quote.source, "copies": quote.copies}
            for quote in one.quotes
        ],
        "events": [
            {
                "at": event.at.isoformat().replace("+00:00", "Z"),
                "what": event.what,
                "detail": event.detail,
                "who": event.who or None,
            }
            for event in one.events
        ],
    }


def _change(change: RateChange | None) -> dict[str, Any] | None:
    if change is None:
        return None
    return {
        "before": tenth(change.before),
        "after": tenth(change.after),
        "ratio": _ratio(change.ratio),
        "interval": [_ratio(bound) for bound in change.interval],
        "p": p_value(change.p),
        "n_before": change.n_before,
        "n_after": change.n_after,
    }


def _ratio(value: float) -> float | None:
    """Null for what has no bound."""
    return None if isinf(value) else thousandth(value)


def news_json(news: CauseNews) -> dict[str, Any]:
    """A cause as the digest tells it."""
    return {
        "id": news.id,
        "name": news.name,
        "stage": news.stage,
        "status": news.status,
        "voices": news.voices,
        "share": thousandth(news.share),
        "share_interval": shares(news.share_interval),
        "quote": None if news.quote is None else news.quote.passage,
        "sentence": news.sentence,
    }


def _csv(report: CausesReport) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for one in report.causes:
        change = _change(one.change) or {"ratio": None, "interval": (None, None), "p": None}
        values = (
            *(
                report.brand,
                report.window.since.isoformat(),
                report.window.until.isoformat(),
                one.id,
                one.name,
                one.status,
                one.stage,
            ),
            *(one.voices, one.authors, one.stories, thousandth(one.share), *(shares(one.share_interval) or (None, None))),
            *(tenth(one.rate), *(bounds(one.rate_interval) or (None, None))),
            *(tenth(one.cost), *(bounds(one.cost_interval) or (None, None)), report.currency if report.cost else ""),
            *(one.first_seen.isoformat(), one.covered.isoformat() if one.covered else None, one.done),
            *(change["ratio"], *change["interval"], change["p"]),
            *(" ".join(promise.id for promise, _ in one.promises), ", ".join(pillar for pillar, _ in one.pillars)),
            one.quotes[0].passage if one.quotes else "",
        )
        writer.writerow([cell(value) if isinstance(value, str) else "" if value is None else value for value in values])
    return out.getvalue()
