"""What explains the numbers, as Markdown."""

from reports.documents import GapReport
from reports.findings import Competitor, Consistency, Findings, Measured, Movement, Segmentation, VoiceConcentration
from reports.markdown import escape, escaped, table
from reports.phrases import with_interval
from reports.phrases_moved import groups, reliance_lines, segments_line
from reports.reader import gettext
from reports.rival_words import rival_lines
from reports.terms import INSUFFICIENT, term
from reports.typography import interval, marks, number, p_value, percent, percent_interval
from reports.words_moved import tenth


def moved_section(movement: Movement | None) -> list[str]:
    """What moved; nothing where no two windows were compared."""
    if movement is None:
        return []
    parts = [f"## {gettext('What moved')}", escape(movement.sentence)]
    if movement.delta is not None:
        whole = [[f"**{gettext('all together')}**", tenth(movement.delta), interval(movement.interval, sign=True)]]
        rows = [[term(one.name), tenth(one.points), interval(one.interval, sign=True)] for one in movement.terms]
        parts.append(table([gettext("net sentiment"), gettext("points"), gettext("95 %%")], rows + whole))
    if movement.promises:
        rows = [
            [
                escape(one.text),
                "–" if one.before is None else number(one.before),
                "–" if one.after is None else number(one.after),
                with_interval(one.delta, one.interval, sign=True),
                "" if one.p is None else escaped(p_value(one.p)),
                f"{number(one.n_before)}, {number(one.n_after)}",
            ]
            for one in movement.promises
        ]
        head = [gettext("promise"), gettext("before"), gettext("after"), gettext("change"), gettext("chance"), "n"]
        parts.append(table(head, rows))
    if movement.drivers:
        rows = [
            [
                term(one.kind),
                escape(term(one.name)),
                tenth(one.points),
                interval(one.interval, sign=True),
                f"{number(one.n_before)}, {number(one.n_after)}",
            ]
            for one in movement.drivers
        ]
        head = [gettext("what"), gettext("name"), gettext("adds"), gettext("95 %%"), gettext("n before, after")]
        parts.append(table(head, rows))
    return ["\n\n".join(parts)]


def findings_sections(report: GapReport) -> list[str]:
    """For whom, by how much, beside whom, on whom it rests."""
    findings = report.findings
    parts = []
    if findings.numbers:
        lines = [f"- {marks(escape(one.text))} {escape(one.sentence)}" for one in findings.numbers]
        parts.append(f"## {gettext('Figures that are promised')}\n\n" + "\n".join(lines))
    parts += [_segments(one, report) for one in findings.segmentations if one.segments]
    if findings.competitors:
        parts.append(f"## {gettext('Beside competitors')}\n\n" + _competitors(findings.competitors, report))
        parts += [escape(line) for line in rival_lines(report)]
    if findings.concentration or findings.consistency:
        parts.append(f"## {gettext('On whom it rests, and how even it is')}\n\n" + _reliance(findings))
    return parts


def _segments(found: Segmentation, report: GapReport) -> str:
    names = {gap.promise.id: gap.promise.text for gap in report.promises}
    rows = [[escape(one.value), _measured(one.net, sign=True), _measured(one.delivery), number(one.n)] for one in found.segments]
    by_promise = [
        [
            escape(one.value),
            escape(names.get(promise.promise, promise.promise)),
            _measured(promise.delivery),
            number(promise.delivery.n),
        ]
        for one in found.segments
        for promise in one.promises
        if promise.delivery.value is not None
    ]
    name = escape(term(found.dimension))
    head = [name, gettext("net sentiment"), gettext("promises kept"), "n"]
    parts = [f"## {gettext('By %(column)s', column=name)}", escape(segments_line(found)), table(head, rows)]
    if by_promise:
        parts.append(table([name, gettext("promise"), gettext("delivered"), "n"], by_promise))
    return "\n\n".join(parts)


def _measured(one: Measured, *, sign: bool = False) -> str:
    return with_interval(one.value, one.interval, sign=sign) + (" \\*" if one.differs else "")


def _competitors(found: tuple[Competitor, ...], report: GapReport) -> str:
    rows = [
        [
            f"**{escape(one.name)}**" if one.own else escape(one.name),
            term(INSUFFICIENT)
            if one.share is None or one.share_interval is None
            else f"{percent(one.share)} ({percent_interval(one.share_interval)})",
            with_interval(one.net, one.net_interval, sign=True),
            number(one.n),
        ]
        for one in found
    ]
    parts = [table([gettext("brand"), gettext("share of voice"), gettext("net sentiment"), "n"], rows)]
    for one in found:
        if one.promises:
            promises = [
                [
                    escape(promise.text),
                    with_interval(promise.delivery, promise.interval),
                    with_interval(promise.delta, promise.delta_interval, sign=True),
                    "" if promise.p is None else escaped(p_value(promise.p)),
                    number(promise.n),
                ]
                for promise in one.promises
            ]
            ours = gettext("%(brand)s minus %(rival)s", brand=escape(report.brand_name), rival=escape(one.name))
            head = [gettext("promise at %(rival)s", rival=escape(one.name)), gettext("delivered"), ours, gettext("chance"), "n"]
            parts.append(table(head, promises))
    return "\n\n".join(parts)


def _reliance(findings: Findings) -> str:
    parts = [escape(line) for line in reliance_lines(findings)]
    if findings.concentration:
        rows = [_tops(one) for one in findings.concentration]
        head = [
            gettext("complaints from"),
            gettext("top author"),
            gettext("top 3"),
            gettext("top 10"),
            gettext("top thread"),
            "n",
        ]
        parts.append(table(head, rows))
    if findings.consistency:
        parts.append(
            table(
                [
                    gettext("promise"),
                    gettext("between"),
                    gettext("spread beyond chance"),
                    gettext("chance"),
                    gettext("lowest"),
                    gettext("highest"),
                    "n",
                ],
                [_spread(one) for one in findings.consistency],
            )
        )
    return "\n\n".join(parts)


def _tops(one: VoiceConcentration) -> list[str]:
    name = escape(one.text) or gettext("all negative voices")
    if one.authors is None:
        return [name, term(INSUFFICIENT), "", "", "", number(one.n)]
    thread = "–" if one.threads is None else percent(one.threads[0])
    return [name, *map(percent, one.authors), thread, number(one.n)]


def _spread(one: Consistency) -> list[str]:
    name, between = escape(one.text), escape(groups(one))
    if one.spread is None or one.p is None or one.low is None or one.high is None:
        return [name, between, term(INSUFFICIENT), "", "", "", number(one.n)]
    low, high = (f"{escape(value)}: {number(delivery)}" for value, delivery in (one.low, one.high))
    return [name, between, f"±{with_interval(one.spread, one.interval)}", escaped(p_value(one.p)), low, high, number(one.n)]
