"""Reports as Markdown (CommonMark with GitHub tables). Every value from outside is escaped; nothing of it can begin a line."""

from collections.abc import Iterable, Sequence

from reports.answering import sentence as answering_sentence
from reports.definitions import CORRECTION, DEFINITIONS, UNIT
from reports.documents import Digest, GapReport, NetSentiment, PromiseGap
from reports.evidence import Coverage, ModelFacts, Quote
from reports.markdown import escape, escaped, table
from reports.markdown_digest import digest_sections
from reports.markdown_findings import findings_sections, moved_section
from reports.markdown_promises import weight_lines, weight_sections
from reports.phrases import (
    audit_line,
    correction,
    day_figures,
    delivery_correction,
    edition_head,
    edition_title,
    heard,
    holes,
    negative_share,
    net,
    quiet_line,
    quiet_title,
    read_again,
    unit,
    with_before,
    with_interval,
)
from reports.typography import (
    INSUFFICIENT,
    certainty,
    counted,
    exact,
    excerpt,
    local_day,
    long_day,
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
    facts = (
        f"{span(report.window)}, by {report.every}",
        counted(report.sentiment.n, "customer voice"),
        f"generated {moment(report.generated, report.timezone)} ({escape(report.timezone)})",
    )
    parts = [
        f"# {escape(report.brand_name)}: what it promises, what customers live through",
        " · ".join(facts),
    ]
    if report.headlines:
        first, *rest = report.headlines
        parts.append("\n\n".join([f"**{escape(first)}**", *map(escape, rest)]))
    parts.append("## Promise by promise")
    parts.append(_overview(report.promises) if report.promises else "No promise is configured for this brand.")
    parts += [_promise(gap, report) for gap in report.promises]
    parts += weight_sections(report)
    parts += moved_section(report.findings.movement)
    parts.append("## Net sentiment\n\n" + _sentiment(report.sentiment, report))
    parts += findings_sections(report)
    if report.answering is not None and report.answering.n:
        parts.append("## How soon customers are answered\n\n" + escape(answering_sentence(report.answering)))
    parts.append("## What we could and could not hear\n\n" + _coverage(report.coverage, report.timezone))
    parts.append("## How this was computed\n\n" + _method(report.model))
    return "\n\n".join(parts) + "\n"


def digest_markdown(digest: Digest) -> str:
    """The digest as Markdown; a quiet one is two lines."""
    if digest.quiet:
        return f"**{escape(quiet_title(digest))}**\n\n{escape(quiet_line(digest))}\n"
    parts = [f"# {escape(digest.brand_name)}, {edition_title(digest)}"]
    parts += [f"{place}. {escape(thing)}" for place, thing in enumerate(digest.things, 1)]
    rows = [[name, now, usual] for name, now, usual in day_figures(digest)]
    parts.append(f"## The {unit(digest)} in numbers\n\n" + table(["", edition_head(digest), "usual"], rows))
    parts += digest_sections(digest)
    if digest.movers:
        movers = [
            [
                escape(mover.promise.text),
                score(mover.now),
                score(mover.before),
                with_interval(mover.delta, mover.interval, sign=True),
                f"{mover.n:,}",
                escaped(p_value(mover.p)) if mover.p is not None else "",
            ]
            for mover in digest.movers
        ]
        parts.append("## What moved\n\n" + table(["promise", "delivered", "before", "change", "n", "chance"], movers))
    if digest.verdicts:
        parts.append(f"## Promises, {with_before(digest)}\n\n" + _overview(digest.verdicts))
    for name, quotes in (("Complaints", digest.complaints), ("Praise worth sharing", digest.praise)):
        if quotes:
            parts.append(f"## {name}\n\n" + quotes_markdown(quotes, digest.timezone))
    if digest.coverage.holes:
        parts.append("## Not heard\n\n" + _holes(digest.coverage, digest.timezone))
    return "\n\n".join(parts) + "\n"


def _overview(promises: Sequence[PromiseGap]) -> str:
    rows = [
        [
            escape(gap.promise.text),
            exact(gap.expectation),
            with_interval(gap.delivery, gap.interval),
            "" if gap.gap is None else with_interval(gap.gap, gap.gap_interval, sign=True),
            f"**{gap.verdict}**",
            f"{gap.n:,}",
        ]
        for gap in promises
    ]
    return table(["promise", "promised", "delivered (95 %)", "gap", "verdict", "n"], rows)


def _promise(gap: PromiseGap, report: GapReport) -> str:
    facts = f"{counted(gap.kept, 'voice')} kept, {gap.broken:,} broken, n_eff {gap.n_eff:,.1f}"
    if gap.raw is not None:
        facts += f"; raw {number(gap.raw)}, {delivery_correction(gap)}; {trend_word(gap.direction)}"
    parts = [f"### “{escape(gap.promise.text)}”", f"{escape(gap.sentence)}", f"{facts}."]
    if gap.change is not None:
        change = gap.change
        size = (
            f"{with_interval(change.delta, change.interval, sign=True)}; {escaped(p_value(change.p))}, adjusted over all promises"
        )
        parts.append(
            f"Changed from {long_day(change.start)}: {number(change.before)} before, {number(change.after)} since ({size})."
        )
    parts += weight_lines(gap, report.weights)
    if gap.trend:
        rows = [
            [
                short_day(point.start),
                "too few voices" if point.delivery is None else with_interval(point.delivery, point.interval),
                f"{point.n:,}",
                f"{point.placements:,}",
            ]
            for point in gap.trend
        ]
        parts.append(table([report.every, "delivered", "n", "advertised"], rows))
    for stance in ("kept", "broken"):
        quotes = [quote for quote in gap.quotes if quote.stance == stance]
        if quotes:
            parts.append(f"{stance.capitalize()}, in customers' words:\n\n" + quotes_markdown(quotes, report.timezone))
    return "\n\n".join(parts)


def _sentiment(sentiment: NetSentiment, report: GapReport) -> str:
    if sentiment.net is None:
        return f"{INSUFFICIENT.capitalize()} ({sample(sentiment.n)})."
    said = f"**{net(sentiment)}**. {correction(sentiment)} "
    said += f"Negative share {negative_share(sentiment)}."
    rows = [
        [
            short_day(point.start),
            "too few voices" if point.net is None else with_interval(point.net, point.interval, sign=True),
            f"{point.n:,}",
        ]
        for point in sentiment.trend
    ]
    return said + ("\n\n" + table([report.every, "net sentiment", "n"], rows) if rows else "")


def _coverage(coverage: Coverage, timezone: str) -> str:
    parts = [f"{heard(coverage)}."]
    if coverage.sources:
        parts.append(table(["source", "mentions"], [[escape(name), f"{n:,}"] for name, n in coverage.sources.items()]))
    if coverage.voices:
        parts.append("Voices: " + ", ".join(f"{escape(name)} {n:,}" for name, n in coverage.voices.items()) + ".")
    unscored = [f"{n:,} {escape(reason)}" for reason, n in coverage.unscored.items()]
    if coverage.unread:
        unscored.append(f"{coverage.unread:,} not read yet")
    parts.append("Without a reading: " + "; ".join(unscored) + "." if unscored else "Every mention was read.")
    if again := read_again(coverage):
        parts.append(escape(again))
    parts.append(_holes(coverage, timezone) if coverage.holes else "No source was silent by fault.")
    return "\n\n".join(parts)


def _holes(coverage: Coverage, timezone: str) -> str:
    return "\n".join(f"- **{escape(source)}** {escape(what)}" for source, what in holes(coverage, timezone))


def _method(model: ModelFacts) -> str:
    definitions = [
        f"- **{item.name}**: {escaped(item.meaning)}" + (f" Interval: {item.interval}." if item.interval else "")
        for item in DEFINITIONS
    ]
    read_by = f"Model {escape(model.version)}. {audit_line(model)}"
    return "\n\n".join([escaped(UNIT), "\n".join(definitions), escaped(CORRECTION), read_by])


def quotes_markdown(quotes: Iterable[Quote], timezone: str) -> str:
    """A list of quotes, each with its origin."""
    return "\n".join(f"- “{_marked(quote)}” {_origin(quote, timezone)}" for quote in quotes)


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
    measured = f"; measured: {escape(quote.quantity)}" if quote.quantity else ""
    return f"({source}, {day}{copies}; {certainty(quote.confidence)}{measured})"
