"""Reports as Markdown (CommonMark with GitHub tables). Every value from outside is escaped; nothing of it can begin a line."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from reports.answering import change_sentence as answering_change
from reports.answering import sentence as answering_sentence
from reports.definitions import CORRECTION, DEFINITIONS, UNIT, worded
from reports.documents import Digest, GapReport, NetSentiment, PromiseGap
from reports.evidence import Coverage, ModelFacts, Quote
from reports.markdown import escape, escaped, table
from reports.markdown_digest import digest_sections
from reports.markdown_findings import findings_sections, moved_section
from reports.markdown_promises import weight_lines, weight_sections
from reports.markdown_telling import behind_lines, stories_table, telling_sections
from reports.phrases import (
    audit_line,
    correction,
    day_figures,
    delivery_correction,
    edition_head,
    edition_title,
    heard,
    holes,
    in_numbers,
    negative_share,
    net,
    quiet_line,
    quiet_title,
    read_again,
    with_before,
    with_interval,
)
from reports.phrases_moved import carried
from reports.reader import gettext, ngettext
from reports.terms import INSUFFICIENT, reason, term
from reports.typography import (
    capitalised,
    certainty,
    counted,
    decimal,
    exact,
    excerpt,
    local_day,
    long_day,
    marks,
    moment,
    number,
    p_value,
    sample,
    score,
    short_day,
    span,
    trend_word,
    web_address,
)


def gap_markdown(report: GapReport) -> str:
    """The gap report as Markdown."""
    by_every = {
        "day": gettext("%(window)s, by day", window=span(report.window)),
        "week": gettext("%(window)s, by week", window=span(report.window)),
        "month": gettext("%(window)s, by month", window=span(report.window)),
    }
    facts = (
        by_every[report.every],
        counted(report.sentiment.n, "customer voice", "customer voices"),
        generated(report.generated, report.timezone),
    )
    parts = [
        "# " + gettext("%(brand)s: what it promises, what customers live through", brand=escape(report.brand_name)),
        " · ".join(facts),
    ]
    if report.headlines:
        first, *rest = report.headlines
        parts.append("\n\n".join([f"**{escape(first)}**", *map(escape, rest)]))
    parts.append(f"## {gettext('Promise by promise')}")
    parts.append(_overview(report.promises) if report.promises else gettext("No promise is configured for this brand yet."))
    parts += [_promise(gap, report) for gap in report.promises]
    parts += weight_sections(report)
    parts += telling_sections(report)
    parts += moved_section(report.findings.movement)
    parts.append(f"## {gettext('Net sentiment')}\n\n" + _sentiment(report.sentiment, report))
    parts += findings_sections(report)
    if report.answering is not None and report.answering.n:
        parts.append(f"## {gettext('How soon customers are answered')}\n\n" + escape(_answering(report)))
    parts.append(f"## {gettext('What we could and could not hear')}\n\n" + _coverage(report.coverage, report.timezone))
    parts += [told] if (told := stories_table(report)) else []
    parts.append(f"## {gettext('How this was computed')}\n\n" + _method(report.model))
    return "\n\n".join(parts) + "\n"


def _answering(report: GapReport) -> str:
    said = [answering_sentence(report.answering)] if report.answering else []
    changed = answering_change(report.answered) if report.answered else ""
    return " ".join([*said, *([changed] if changed else [])])


def generated(when: datetime, timezone: str) -> str:
    """When a document was made, by the brand's own clock."""
    return gettext("generated %(moment)s (%(timezone)s)", moment=moment(when, timezone), timezone=escape(timezone))


def digest_markdown(digest: Digest) -> str:
    """The digest as Markdown; a quiet one is two lines."""
    if digest.quiet:
        return f"**{escape(quiet_title(digest))}**\n\n{escape(quiet_line(digest))}\n"
    parts = [f"# {escape(digest.brand_name)}, {edition_title(digest)}"]
    parts += [f"{place}. {escape(thing)}" for place, thing in enumerate(digest.things, 1)]
    rows = [[name, now, usual] for name, now, usual in day_figures(digest)]
    parts.append(f"## {in_numbers(digest)}\n\n" + table(["", edition_head(digest), gettext("usual")], rows))
    parts += map(escape, digest.reliance)
    parts += digest_sections(digest)
    if digest.movers:
        movers = [
            [
                escape(mover.promise.text),
                score(mover.now),
                score(mover.before),
                with_interval(mover.delta, mover.interval, sign=True),
                number(mover.n),
                escaped(p_value(mover.p)) if mover.p is not None else "",
            ]
            for mover in digest.movers
        ]
        head = [gettext("promise"), gettext("delivered"), gettext("before"), gettext("change"), "n", gettext("chance")]
        parts.append(f"## {gettext('What moved')}\n\n" + table(head, movers))
    if digest.verdicts:
        parts.append(f"## {with_before(digest)}\n\n" + _overview(digest.verdicts))
    for name, quotes in ((gettext("Complaints"), digest.complaints), (gettext("Praise worth sharing"), digest.praise)):
        if quotes:
            parts.append(f"## {name}\n\n" + quotes_markdown(quotes, digest.timezone))
    if digest.coverage.holes:
        parts.append(f"## {gettext('Not heard')}\n\n" + _holes(digest.coverage, digest.timezone))
    return "\n\n".join(parts) + "\n"


def _overview(promises: Sequence[PromiseGap]) -> str:
    rows = [
        [
            escape(gap.promise.text),
            exact(gap.expectation),
            with_interval(gap.delivery, gap.interval),
            "" if gap.gap is None else with_interval(gap.gap, gap.gap_interval, sign=True),
            f"**{term(gap.verdict)}**",
            number(gap.n),
        ]
        for gap in promises
    ]
    names = (gettext("promise"), gettext("promised"), gettext("delivered (95 %%)"), gettext("gap"), gettext("verdict"), "n")
    return table(names, rows)


def _promise(gap: PromiseGap, report: GapReport) -> str:
    facts = ngettext(
        "%(n)s voice kept, %(broken)s broken, n_eff %(n_eff)s",
        "%(n)s voices kept, %(broken)s broken, n_eff %(n_eff)s",
        gap.kept,
        broken=number(gap.broken),
        n_eff=decimal(gap.n_eff),
    )
    if gap.raw is not None:
        raw = gettext("raw %(raw)s", raw=number(gap.raw))
        facts += f"; {raw}, {delivery_correction(gap)}; {trend_word(gap.direction)}"
    parts = [f"### {marks(escape(gap.promise.text))}", f"{escape(gap.sentence)}", f"{facts}."]
    if gap.change is not None:
        change = gap.change
        parts.append(
            gettext(
                "Changed from %(day)s: %(before)s before, %(after)s since (%(change)s; %(chance)s, adjusted over all promises).",
                day=long_day(change.start),
                before=number(change.before),
                after=number(change.after),
                change=with_interval(change.delta, change.interval, sign=True),
                chance=escaped(p_value(change.p)),
            )
        )
    if few := carried(report.findings, gap.promise.id):
        parts.append(escape(few))
    parts += weight_lines(gap, report.weights)
    if gap.trend:
        rows = [
            [
                short_day(point.start),
                gettext("too few voices") if point.delivery is None else with_interval(point.delivery, point.interval),
                number(point.n),
                number(point.placements),
            ]
            for point in gap.trend
        ]
        parts.append(table([term(report.every), gettext("delivered"), "n", gettext("advertised")], rows))
    for stance, heading in (("kept", gettext("Kept, in customers' words:")), ("broken", gettext("Broken, in customers' words:"))):
        quotes = [quote for quote in gap.quotes if quote.stance == stance]
        if quotes:
            parts.append(f"{heading}\n\n" + quotes_markdown(quotes, report.timezone))
    parts += behind_lines(gap, report)
    return "\n\n".join(parts)


def _sentiment(sentiment: NetSentiment, report: GapReport) -> str:
    if sentiment.net is None:
        return f"{capitalised(term(INSUFFICIENT))} ({sample(sentiment.n)})."
    said = f"**{net(sentiment)}**. {correction(sentiment)} "
    said += gettext("Negative share %(share)s.", share=negative_share(sentiment))
    if few := carried(report.findings):
        said += f" {escape(few)}"
    rows = [
        [
            short_day(point.start),
            gettext("too few voices") if point.net is None else with_interval(point.net, point.interval, sign=True),
            number(point.n),
        ]
        for point in sentiment.trend
    ]
    return said + ("\n\n" + table([term(report.every), gettext("net sentiment"), "n"], rows) if rows else "")


def _coverage(coverage: Coverage, timezone: str) -> str:
    parts = [f"{escape(heard(coverage))}."]
    if coverage.sources:
        sources = [[escape(name), number(n)] for name, n in coverage.sources.items()]
        parts.append(table([gettext("source"), gettext("mentions")], sources))
    if coverage.voices:
        voices = ", ".join(f"{escape(term(name))} {number(n)}" for name, n in coverage.voices.items())
        parts.append(gettext("Voices: %(voices)s.", voices=voices))
    unscored = [f"{number(n)} {escape(reason(why))}" for why, n in coverage.unscored.items()]
    if coverage.unread:
        unscored.append(gettext("%(n)s not read yet", n=number(coverage.unread)))
    parts.append(
        gettext("Without a reading: %(reasons)s.", reasons="; ".join(unscored)) if unscored else gettext("Every mention was read.")
    )
    if again := read_again(coverage):
        parts.append(escape(again))
    parts.append(_holes(coverage, timezone) if coverage.holes else gettext("No source was silent by fault."))
    return "\n\n".join(parts)


def _holes(coverage: Coverage, timezone: str) -> str:
    return "\n".join(f"- **{escape(source)}** {escape(what)}" for source, what in holes(coverage, timezone))


def _method(model: ModelFacts) -> str:
    definitions = [
        f"- **{item.name}**: {escaped(item.meaning)}" + (f" {escaped(item.from_what)}" if item.interval else "")
        for item in map(worded, DEFINITIONS)
    ]
    read_by = f"{gettext('Model %(version)s.', version=escape(model.version))} {audit_line(model)}"
    return "\n\n".join([escaped(gettext(UNIT)), "\n".join(definitions), escaped(gettext(CORRECTION)), read_by])


def quotes_markdown(quotes: Iterable[Quote], timezone: str) -> str:
    """A list of quotes, each with its origin."""
    return "\n".join(f"- {marks(_marked(quote))} {_origin(quote, timezone)}" for quote in quotes)


def _marked(quote: Quote) -> str:
    part = excerpt(quote)
    if not part.passage or not (part.before or part.after):
        return escaped(str(part))
    return f"{escaped(part.before)}**{escaped(part.passage)}**{escaped(part.after)}"


def _origin(quote: Quote, timezone: str) -> str:
    address = web_address(quote.url)
    day = long_day(local_day(quote.published, timezone))
    source = f"[{escape(quote.source)}]({address.replace('(', '%28').replace(')', '%29')})" if address else escape(quote.source)
    copies = f", {counted(quote.copies, 'copy', 'copies')}" if quote.copies > 1 else ""
    measured = f"; {gettext('measured: %(quantity)s', quantity=escape(quote.quantity))}" if quote.quantity else ""
    return f"({source}, {day}{copies}; {certainty(quote.confidence)}{measured})"
