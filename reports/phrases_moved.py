"""Phrases of the findings that several formats print, not yet escaped for any of them."""

from reports.findings import Consistency, Findings, Interval, Segmentation
from reports.typography import counted, number, percent_interval

SIGNIFICANT = 0.05


def segments_line(segmentation: Segmentation) -> str:
    """Who differs from everybody else, and what is not shown."""
    differing = [one.value for one in segmentation.segments if one.net.differs or one.delivery.differs]
    if not any(one.net.p is not None or one.delivery.p is not None for one in segmentation.segments):
        parts = ["There is nothing to compare yet: one segment alone, or too few voices in the others."]
    elif differing:
        verb = "differs" if len(differing) == 1 else "differ"
        parts = [f"{_listed(differing)} {verb} from everybody else by more than chance (marked *)."]
    else:
        parts = ["None differs from everybody else by more than chance."]
    if segmentation.left_out:
        parts.append(f"{counted(segmentation.left_out, 'smaller one')} {'is' if segmentation.left_out == 1 else 'are'} not shown.")
    if segmentation.nameless:
        parts.append(f"{counted(segmentation.nameless, 'voice')} without a {segmentation.dimension}.")
    return " ".join(parts)


def share_interval(bounds: Interval | None) -> str:
    """Fractions as `40–46 %`."""
    return "" if bounds is None else percent_interval(bounds)


def groups(found: Consistency) -> str:
    """`12 weeks`, `3 values of region`."""
    if found.between in {"day", "week", "month", "source", "language"}:
        return counted(found.groups, found.between)
    return f"{counted(found.groups, 'value')} of {found.between}"


def reliance_lines(findings: Findings) -> list[str]:
    """Which numbers rest on one author or thread, and which promises are kept unevenly; that none is, where none is."""
    lines = [one.sentence for one in findings.concentration if one.sentence]
    if findings.concentration and not lines:
        lines.append("No number rests on a single author or thread.")
    uneven = [one for one in findings.consistency if one.p is not None and one.p < SIGNIFICANT]
    lines += [
        f"“{one.text}” is delivered unevenly between {groups(one)}: from {number(one.low[1])} ({one.low[0]}) to "
        f"{number(one.high[1])} ({one.high[0]}), ±{number(one.spread)} beyond chance."
        for one in uneven
        if one.spread is not None and one.low is not None and one.high is not None
    ]
    if findings.consistency and not uneven:
        lines.append("No promise is delivered more unevenly than chance explains.")
    return lines


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
