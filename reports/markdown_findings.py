"""What explains the numbers, as Markdown."""

from reports.documents import GapReport
from reports.findings import Competitor, Consistency, Findings, Measured, Movement, Segmentation, VoiceConcentration
from reports.markdown import escape, escaped, table
from reports.phrases import with_interval
from reports.phrases_moved import groups, reliance_lines, segments_line
from reports.typography import INSUFFICIENT, interval, number, p_value, percent, percent_interval
from reports.words_moved import tenth


def moved_section(movement: Movement | None) -> list[str]:
    """What moved; nothing where no two windows were compared."""
    if movement is None:
        return []
    parts = ["## What moved", escape(movement.sentence)]
    if movement.delta is not None:
        whole = [["**all together**", tenth(movement.delta), interval(movement.interval, sign=True)]]
        rows = [[one.name, tenth(one.points), interval(one.interval, sign=True)] for one in movement.terms]
        parts.append(table(["net sentiment", "points", "95 %"], rows + whole))
    if movement.promises:
        rows = [
            [
                escape(one.text),
                "–" if one.before is None else number(one.before),
                "–" if one.after is None else number(one.after),
                with_interval(one.delta, one.interval, sign=True),
                "" if one.p is None else escaped(p_value(one.p)),
                f"{one.n_before:,}, {one.n_after:,}",
            ]
            for one in movement.promises
        ]
        parts.append(table(["promise", "before", "after", "change", "chance", "n"], rows))
    if movement.drivers:
        rows = [
            [one.kind, escape(one.name), tenth(one.points), interval(one.interval, sign=True), f"{one.n_before:,}, {one.n_after:,}"]
            for one in movement.drivers
        ]
        parts.append(table(["what", "name", "adds", "95 %", "n before, after"], rows))
    return ["\n\n".join(parts)]


def findings_sections(report: GapReport) -> list[str]:
    """For whom, by how much, beside whom, on whom it rests."""
    findings = report.findings
    parts = []
    if findings.numbers:
        lines = [f"- “{escape(one.text)}” {escape(one.sentence)}" for one in findings.numbers]
        parts.append("## Figures that are promised\n\n" + "\n".join(lines))
    parts += [_segments(one, report) for one in findings.segmentations if one.segments]
    if findings.competitors:
        parts.append("## Beside competitors\n\n" + _competitors(findings.competitors, report))
    if findings.concentration or findings.consistency:
        parts.append("## On whom it rests, and how even it is\n\n" + _reliance(findings))
    return parts


def _segments(found: Segmentation, report: GapReport) -> str:
    names = {gap.promise.id: gap.promise.text for gap in report.promises}
    rows = [[escape(one.value), _measured(one.net, sign=True), _measured(one.delivery), f"{one.n:,}"] for one in found.segments]
    by_promise = [
        [
            escape(one.value),
            escape(names.get(promise.promise, promise.promise)),
            _measured(promise.delivery),
            f"{promise.delivery.n:,}",
        ]
        for one in found.segments
        for promise in one.promises
        if promise.delivery.value is not None
    ]
    name = escape(found.dimension)
    parts = [f"## By {name}", escape(segments_line(found)), table([name, "net sentiment", "promises kept", "n"], rows)]
    if by_promise:
        parts.append(table([name, "promise", "delivered", "n"], by_promise))
    return "\n\n".join(parts)


def _measured(one: Measured, *, sign: bool = False) -> str:
    return with_interval(one.value, one.interval, sign=sign) + (" \\*" if one.differs else "")


def _competitors(found: tuple[Competitor, ...], report: GapReport) -> str:
    rows = [
        [
            f"**{escape(one.name)}**" if one.own else escape(one.name),
            INSUFFICIENT
            if one.share is None or one.share_interval is None
            else f"{percent(one.share)} ({percent_interval(one.share_interval)})",
            with_interval(one.net, one.net_interval, sign=True),
            f"{one.n:,}",
        ]
        for one in found
    ]
    parts = [table(["brand", "share of voice", "net sentiment", "n"], rows)]
    for one in found:
        if one.promises:
            promises = [
                [
                    escape(promise.text),
                    with_interval(promise.delivery, promise.interval),
                    with_interval(promise.delta, promise.delta_interval, sign=True),
                    "" if promise.p is None else escaped(p_value(promise.p)),
                    f"{promise.n:,}",
                ]
                for promise in one.promises
            ]
            ours = f"{escape(report.brand_name)} minus {escape(one.name)}"
            parts.append(table([f"promise at {escape(one.name)}", "delivered", ours, "chance", "n"], promises))
    return "\n\n".join(parts)


def _reliance(findings: Findings) -> str:
    parts = [escape(line) for line in reliance_lines(findings)]
    if findings.concentration:
        rows = [_tops(one) for one in findings.concentration]
        parts.append(table(["complaints from", "top author", "top 3", "top 10", "top thread", "n"], rows))
    if findings.consistency:
        parts.append(
            table(
                ["promise", "between", "spread beyond chance", "chance", "lowest", "highest", "n"],
                [_spread(one) for one in findings.consistency],
            )
        )
    return "\n\n".join(parts)


def _tops(one: VoiceConcentration) -> list[str]:
    name = escape(one.text) or "all negative voices"
    if one.authors is None:
        return [name, INSUFFICIENT, "", "", "", f"{one.n:,}"]
    thread = "–" if one.threads is None else percent(one.threads[0])
    return [name, *map(percent, one.authors), thread, f"{one.n:,}"]


def _spread(one: Consistency) -> list[str]:
    name, between = escape(one.text), escape(groups(one))
    if one.spread is None or one.p is None or one.low is None or one.high is None:
        return [name, between, INSUFFICIENT, "", "", "", f"{one.n:,}"]
    low, high = (f"{escape(value)}: {number(delivery)}" for value, delivery in (one.low, one.high))
    return [name, between, f"±{with_interval(one.spread, one.interval)}", escaped(p_value(one.p)), low, high, f"{one.n:,}"]
