"""What promises weigh, as Markdown."""

from collections.abc import Iterator

from reports.documents import GapReport, Interval, PromiseGap
from reports.markdown import escape, table
from reports.phrases import weighting, with_interval
from reports.promise_records import ClaimAtRisk, Emphasis, PromiseWeights
from reports.typography import INSUFFICIENT, counted, interval, long_day, number, percent, percent_interval, web_address


def weight_sections(report: GapReport) -> list[str]:
    """The sections on what to do first, on emphasis and on claims at risk; none where nothing was weighed."""
    weights = report.weights
    if weights is None or not weights.importance.standings:
        return []
    parts = ["## What to do first\n\n" + _priority(weights)]
    if len(weights.emphasis.gaps) > 1:
        parts.append("## How loudly each promise is made\n\n" + _emphasis(weights.emphasis))
    if weights.at_risk:
        parts.append("## Claims at risk\n\n" + "\n\n".join(_at_risk(claim) for claim in weights.at_risk))
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
            share = f"{percent(one.share)} ({percent_interval(one.interval)}, {counted(one.said, 'voice')} of {one.n:,})"
            yield f"Said outright that it was promised, and broken: {share}."


def _priority(weights: PromiseWeights) -> str:
    found = weights.importance
    rows = [
        [
            escape(one.promise.text),
            f"**{one.quadrant}**" + ("" if one.clear else ", not clear-cut") if one.quadrant else INSUFFICIENT,
            ""
            if one.importance is None or one.interval is None
            else f"{percent(one.importance)} ({percent_interval(one.interval)})",
            "" if one.delivery is None else with_interval(one.delivery, one.delivery_interval),
            f"{one.n:,}",
        ]
        for one in found.standings
    ]
    overall = [
        f"{weighting(one)} {with_interval(one.gap, one.interval, sign=True)}" for one in weights.overall if one.gap is not None
    ]
    parts = [escape(found.sentence), table(["promise", "what to do", "importance", "delivered", "n"], rows)]
    if overall:
        parts.append(f"Overall gap: {'; '.join(overall)}.")
    return "\n\n".join(parts)


def _emphasis(emphasis: Emphasis) -> str:
    if emphasis.divergence is None or emphasis.interval is None:
        said = counted(emphasis.voices, "time", "times")
        return f"{INSUFFICIENT.capitalize()}: {counted(emphasis.placements, 'placement')}, customers speak of promises {said}."
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
            table(["promise", "advertised", "spoken of", "emphasis gap"], rows),
            f"The two mixes differ by {emphasis.divergence:.2f} bits ({low:.2f}–{high:.2f}; 0 is alike, 1 has nothing in common).",
        ]
    )


def _share(share: float | None, n: int) -> str:
    return INSUFFICIENT if share is None else f"{percent(share)} ({n:,})"


def _points(gap: float | None, bounds: Interval | None) -> str:
    return "" if gap is None else f"{number(gap, sign=True)} ({interval(bounds, sign=True)})"


def _at_risk(claim: ClaimAtRisk) -> str:
    places = []
    for one in claim.wordings:
        address = web_address(one.url).replace("(", "%28").replace(")", "%29")
        source = f"[{escape(one.source)}]({address})" if address else escape(one.source)
        times = counted(one.n, "time", "times")
        places.append(f"- “{escape(one.words)}”: {times} from {long_day(one.first)}, last on {long_day(one.last)} in {source}")
    where = "\n".join(places) or "- Not seen in the brand's own voice in this time."
    return f"{escape(claim.sentence)}\n\n{where}"
