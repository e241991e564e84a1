"""What promises weigh, as Markdown."""

from collections.abc import Iterator

from reports.documents import GapReport, Interval, PromiseGap
from reports.markdown import escape, table
from reports.phrases import weighting, with_interval
from reports.promise_records import ClaimAtRisk, Emphasis, PromiseWeights
from reports.reader import gettext, ngettext
from reports.terms import INSUFFICIENT, term
from reports.typography import (
    between,
    capitalised,
    counted,
    decimal,
    interval,
    long_day,
    number,
    percent,
    percent_interval,
    web_address,
)


def weight_sections(report: GapReport) -> list[str]:
    """The sections on what to do first, on emphasis and on claims at risk; none where nothing was weighed."""
    weights = report.weights
    if weights is None or not weights.importance.standings:
        return []
    parts = [f"## {gettext('What to do first')}\n\n" + _priority(weights)]
    if len(weights.emphasis.gaps) > 1:
        parts.append(f"## {gettext('How loudly each promise is made')}\n\n" + _emphasis(weights.emphasis))
    if weights.at_risk:
        parts.append(f"## {gettext('Claims at risk')}\n\n" + "\n\n".join(_at_risk(claim) for claim in weights.at_risk))
    return parts


def weight_lines(gap: PromiseGap, weights: PromiseWeights | None) -> Iterator[str]:
    """What is told of one promise: its turns, and how many say outright that it was promised."""
    if weights is None:
        return
    for turn in weights.turns:
        if turn.promise.id == gap.promise.id:
            yield escape(turn.sentence)
    for one in weights.outright:
        if one.promise.id == gap.promise.id and one.share is not None and one.interval is not None:
            yield gettext(
                "Said outright that it was promised, and broken: %(share)s (%(interval)s, %(voices)s of %(n)s).",
                share=percent(one.share),
                interval=percent_interval(one.interval),
                voices=counted(one.said, "voice", "voices"),
                n=number(one.n),
            )


def _priority(weights: PromiseWeights) -> str:
    found = weights.importance
    rows = [
        [
            escape(one.promise.text),
            f"**{term(one.quadrant)}**" + ("" if one.clear else f", {gettext('not clear-cut')}")
            if one.quadrant
            else term(INSUFFICIENT),
            ""
            if one.importance is None or one.interval is None
            else f"{percent(one.importance)} ({percent_interval(one.interval)})",
            "" if one.delivery is None else with_interval(one.delivery, one.delivery_interval),
            number(one.n),
        ]
        for one in found.standings
    ]
    overall = [
        f"{weighting(one)} {with_interval(one.gap, one.interval, sign=True)}" for one in weights.overall if one.gap is not None
    ]
    head = [gettext("promise"), gettext("what to do"), gettext("importance"), gettext("delivered"), "n"]
    parts = [escape(found.sentence), table(head, rows)]
    if overall:
        parts.append(gettext("Overall gap: %(gaps)s.", gaps="; ".join(overall)))
    return "\n\n".join(parts)


def _emphasis(emphasis: Emphasis) -> str:
    if emphasis.divergence is None or emphasis.interval is None:
        placements = counted(emphasis.placements, "placement", "placements")
        said = ngettext("customers speak of promises %(n)s time", "customers speak of promises %(n)s times", emphasis.voices)
        return f"{capitalised(term(INSUFFICIENT))}: {placements}, {said}."
    rows = [
        [
            escape(one.promise.text),
            _share(one.advertised, one.placements),
            _share(one.spoken, one.voices),
            _points(one.gap, one.interval),
        ]
        for one in emphasis.gaps
    ]
    low, high = emphasis.interval
    return "\n\n".join(
        [
            escape(emphasis.sentence),
            table([gettext("promise"), gettext("advertised"), gettext("spoken of"), gettext("emphasis gap")], rows),
            gettext(
                "The two mixes differ by %(bits)s bits (%(interval)s; 0 is alike, 1 has nothing in common).",
                bits=decimal(emphasis.divergence, 2),
                interval=between(decimal(low, 2), decimal(high, 2)),
            ),
        ]
    )


def _share(share: float | None, n: int) -> str:
    return term(INSUFFICIENT) if share is None else f"{percent(share)} ({number(n)})"


def _points(gap: float | None, bounds: Interval | None) -> str:
    return "" if gap is None else f"{number(gap, sign=True)} ({interval(bounds, sign=True)})"


def _at_risk(claim: ClaimAtRisk) -> str:
    places = []
    for one in claim.wordings:
        address = web_address(one.url).replace("(", "%28").replace(")", "%29")
        source = f"[{escape(one.source)}]({address})" if address else escape(one.source)
        seen = ngettext(
            "“%(words)s”: %(n)s time from %(first)s, last on %(last)s in %(source)s",
            "“%(words)s”: %(n)s times from %(first)s, last on %(last)s in %(source)s",
            one.n,
            words=escape(one.words),
            first=long_day(one.first),
            last=long_day(one.last),
            source=source,
        )
        places.append(f"- {seen}")
    where = "\n".join(places) or "- " + gettext("Not seen in the brand's own voice in this time.")
    return f"{escape(claim.sentence)}\n\n{where}"
