"""The causes report in each of its formats: html, md, json or csv."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Final

from reports import cause_words
from reports.causes_records import CausesReport
from reports.json_causes import cause_json, change_json
from reports.json_values import bounds, shares, tenth, thousandth
from reports.markdown import escape, table
from reports.reader import gettext, gettext_noop
from reports.render_csv import cell
from reports.terms import term
from reports.typography import capitalised, long_day, marks, moment, number, percent, percent_interval, span

CARDS: Final = 12
"""Causes that are told at length; the rest stand in the table."""
ROWS: Final = 20
"""Causes in the table of the page; the smaller ones are folded away."""
METHOD: Final = gettext_noop(
    "A complaint is a passage of a customer that the model reads as surely negative and that says what is amiss, or that says "
    "that a promise was broken; clauses of mere anger are left out. Complaints are compared by sentence embeddings, from the "
    "brand's common mean: one joins the cause to whose centre it is near, others wait until enough people complain alike "
    "(average linkage). A complaint stays in its cause. The name is a customer's own words, the stretch that best says what all "
    "share and others do not (c-TF-IDF). Counted are story-voices, a customer's text once however often it was copied; who "
    "complains of two causes counts in both. Shares are of all complaining voices (Wilson, 95 %%), rates in a thousand voices "
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
    from reports.render_html import page  # noqa: PLC0415

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
    return page("causes.html", document=report, report=report, most=ROWS, cards=cards, method=gettext(METHOD), **drawn, **values)


def _markdown(report: CausesReport) -> str:
    first, *rest = report.headlines
    made = gettext("generated %(moment)s", moment=moment(report.generated, report.timezone))
    head = "# " + gettext("%(brand)s: what customers complain of", brand=escape(report.brand_name))
    parts = [head, f"{span(report.window)} · {made}", f"**{escape(first)}**", *map(escape, rest)]
    parts += [f"## {gettext('Causes')}", causes_table(report)]
    if report.improvements:
        lines = [
            gettext(
                "- **%(pillar)s**: %(cause)s (cause %(id)s), %(n)s in the last four weeks",
                pillar=escape(capitalised(term(one.pillar) if one.pillar else gettext("no pillar"))),
                cause=escape(cause_words.named(one.cause.name)),
                id=one.cause.id,
                n=number(one.recent),
            )
            for one in report.improvements
        ]
        parts += [f"## {gettext('One thing to improve in each pillar')}", "\n".join(lines)]
    for one in report.causes[:CARDS]:
        lines = [f"### {one.id}. {escape(one.name)}", escape(one.sentence)]
        if one.covered is not None and one.proof is not None:
            lines.append(escape(f"{cause_words.cover_line(one)} {cause_words.proof_sentence(one.proof)}"))
        quotes = "\n".join(f"- {marks(escape(quote.passage))} ({escape(quote.source)})" for quote in one.quotes)
        parts += [*lines, *([quotes] if quotes else [])]
    return "\n\n".join([*parts, f"## {gettext('How this was computed')}", gettext(METHOD)]) + "\n"


def causes_table(report: CausesReport) -> str:
    """Every cause in a line."""
    if not report.causes:
        return gettext("No cause is shared by enough customers yet.")
    head = [
        gettext("no."),
        gettext("cause"),
        gettext("status"),
        gettext("trend"),
        gettext("customers"),
        gettext("share (95 %%)"),
        gettext("first heard"),
        *([gettext("cost")] if report.cost else []),
    ]
    return table(
        head,
        [
            [
                str(one.id),
                escape(one.name),
                term(cause_words.STATUSES[one.status]),
                term(cause_words.STAGES[one.stage]),
                number(one.voices),
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
        "causes": [cause_json(one) for one in report.causes],
        "improvements": [
            {"pillar": one.pillar or None, "cause": one.cause.id, "name": one.cause.name, "recent": one.recent}
            for one in report.improvements
        ],
        "model": report.model.version,
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _csv(report: CausesReport) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for one in report.causes:
        change = change_json(one.change) or {"ratio": None, "interval": (None, None), "p": None}
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
