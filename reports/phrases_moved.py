"""Phrases of the findings that several formats print, not yet escaped for any of them."""

from reports.findings import Consistency, Findings, Interval, Segmentation
from reports.reader import gettext, ngettext
from reports.terms import term
from reports.typography import counted, listed, number, percent_interval

SIGNIFICANT = 0.05


def segments_line(segmentation: Segmentation) -> str:
    """Who differs from everybody else, and what is not shown."""
    differing = [one.value for one in segmentation.segments if one.net.differs or one.delivery.differs]
    if not any(one.net.p is not None or one.delivery.p is not None for one in segmentation.segments):
        parts = [gettext("There is nothing to compare yet: one segment alone, or too few voices in the others.")]
    elif differing:
        parts = [
            ngettext(
                "%(names)s differs from everybody else by more than chance (marked *).",
                "%(names)s differ from everybody else by more than chance (marked *).",
                len(differing),
                names=listed(differing),
            )
        ]
    else:
        parts = [gettext("None differs from everybody else by more than chance.")]
    if segmentation.left_out:
        parts.append(ngettext("%(n)s smaller one is not shown.", "%(n)s smaller ones are not shown.", segmentation.left_out))
    if segmentation.nameless:
        parts.append(
            ngettext(
                "%(n)s voice without a %(column)s.",
                "%(n)s voices without a %(column)s.",
                segmentation.nameless,
                column=term(segmentation.dimension),
            )
        )
    return " ".join(parts)


def share_interval(bounds: Interval | None) -> str:
    """Fractions as `40–46 %`."""
    return "" if bounds is None else percent_interval(bounds)


def groups(found: Consistency) -> str:
    """`12 weeks`, `3 values of region`."""
    known = {
        "day": lambda: counted(found.groups, "day", "days"),
        "week": lambda: counted(found.groups, "week", "weeks"),
        "month": lambda: counted(found.groups, "month", "months"),
        "source": lambda: counted(found.groups, "source", "sources"),
        "language": lambda: counted(found.groups, "language", "languages"),
    }
    if found.between in known:
        return known[found.between]()
    return ngettext("%(n)s value of %(column)s", "%(n)s values of %(column)s", found.groups, column=found.between)


def carried(findings: Findings, promise: str = "") -> str:
    """That those who call a promise broken, or all negative voices, are few people; "" where they are many."""
    return next((one.sentence for one in findings.concentration if one.promise == promise), "")


def reliance_lines(findings: Findings) -> list[str]:
    """Which numbers rest on one author or thread, and which promises are kept unevenly; that none is, where none is."""
    lines = [one.sentence for one in findings.concentration if one.sentence]
    if findings.concentration and not lines:
        lines.append(gettext("No number rests on a single author or thread."))
    uneven = [one for one in findings.consistency if one.p is not None and one.p < SIGNIFICANT]
    lines += [
        gettext(
            "“%(promise)s” is delivered unevenly between %(groups)s: "
            "from %(low)s (%(lowest)s) to %(high)s (%(highest)s), ±%(spread)s beyond chance.",
            promise=one.text,
            groups=groups(one),
            low=number(one.low[1]),
            lowest=one.low[0],
            high=number(one.high[1]),
            highest=one.high[0],
            spread=number(one.spread),
        )
        for one in uneven
        if one.spread is not None and one.low is not None and one.high is not None
    ]
    if findings.consistency and not uneven:
        lines.append(gettext("No promise is delivered more unevenly than chance explains."))
    return lines
