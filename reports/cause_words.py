"""Sentences about causes: templates filled with figures that were computed."""

from collections.abc import Sequence
from datetime import timedelta

from reports.causes_records import Cause, CausesReport, CoverProof, RateChange, Stage, Status
from reports.evidence import Window
from reports.reader import forms, gettext, gettext_noop, ngettext
from reports.terms import INSUFFICIENT, term
from reports.typography import between, counted, decimal, long_day, marks, number, percent, percent_interval, sample

STAGES: dict[Stage, str] = {
    "new": "new",
    "growing": "growing",
    "steady": "steady",
    "shrinking": "shrinking",
    "gone": gettext_noop("gone quiet"),
}
STATUSES: dict[Status, str] = {
    "open": gettext_noop("open"),
    "covered": gettext_noop("covered, not proven yet"),
    "confirmed": gettext_noop("covered, confirmed"),
    "reopened": gettext_noop("open again"),
}


def named(name: str) -> str:
    """A cause's name in quotation marks."""
    return marks(name)


def rate(value: float | None) -> str:
    """Complaints in a thousand voices: a decimal where there are few."""
    if value is None:
        return term(INSUFFICIENT)
    return decimal(value, 1 if value < 10 else 0)


def money(value: float | None, currency: str) -> str:
    """An amount, rounded to what its interval can bear: two digits."""
    if value is None:
        return ""
    digits = max(0, len(str(int(value))) - 2)
    return forms().money(round(value, -digits), currency)


def times(ratio: float) -> str:
    """A ratio of rates: `2.4 times`, `0.3 times`."""
    return gettext("%(ratio)s times", ratio=decimal(ratio, 1 if ratio < 10 else 0))


def size_sentence(voices: int, share: float | None, interval: tuple[float, float] | None, when: str = "") -> str:
    """How many complain of a cause (`when`, where the page is about another time), and what share of all complaints that is."""
    told = ngettext("One customer", "%(n)s customers", voices) if voices else gettext("No customer")
    who = gettext("%(customers)s %(when)s", customers=told, when=when) if when else told
    if share is None or interval is None:
        return f"{who}."
    return gettext(
        "%(customers)s, %(share)s of all who complained (%(interval)s).",
        customers=who,
        share=percent(share),
        interval=percent_interval(interval),
    )


def news_sentence(cause: Cause, window: Window) -> str:
    """A cause as a digest tells it: the days that its figures are of are said, since the page is about others."""
    size = size_sentence(
        cause.voices,
        cause.share,
        cause.share_interval,
        gettext(
            "in the %(n)s days to %(day)s",
            n=number((window.until - window.since).days),
            day=long_day(window.until - timedelta(days=1)),
        ),
    )
    if cause.status == "reopened" and cause.covered is not None:
        again = gettext("It was put right on %(day)s and is open again.", day=long_day(cause.covered))
        return f"{named(cause.name)}: {size} {again}"
    return f"{named(cause.name)}: {cause_sentence(cause.stage, size, long_day(cause.first_seen), cause.change)}"


def cause_sentence(stage: Stage, size: str, first_seen: str, change: RateChange | None) -> str:
    """A cause in a few words: its size, since when it is heard, and where it is going."""
    first = gettext("First heard %(day)s.", day=first_seen)
    if change is None:
        return f"{size} {first}"
    facts = {
        "after": rate(change.after),
        "n_after": sample(change.n_after),
        "before": rate(change.before),
        "n_before": sample(change.n_before),
    }
    both = (
        gettext(
            "%(after)s in a thousand voices over the last four weeks (%(n_after)s), "
            "%(before)s in the eight weeks before (%(n_before)s)",
            **facts,
        )
        if change.n_before
        else gettext(
            "%(after)s in a thousand voices over the last four weeks (%(n_after)s), none in the eight weeks before", **facts
        )
    )
    told: dict[Stage, str] = {
        "growing": gettext("It is growing: %(rates)s.", rates=both),
        "shrinking": gettext("It is shrinking: %(rates)s.", rates=both),
        "gone": gettext("Nobody has complained of it in the last four weeks."),
        "new": gettext("It is new."),
        "steady": gettext("No certain trend: %(rates)s.", rates=both),
    }
    return f"{size} {first} {told[stage]}"


def proof_sentence(proof: CoverProof) -> str:
    """What the complaints since say of a cover (metric 18)."""
    if proof.change is None:
        return gettext("Nothing was heard since that could tell.")
    facts = {
        "heard": ngettext(
            "%(n)s complaint since %(day)s, where the old rate would have brought %(expected)s",
            "%(n)s complaints since %(day)s, where the old rate would have brought %(expected)s",
            proof.change.n_after,
            day=long_day(proof.since),
            expected=decimal(proof.expected, 0 if proof.expected >= 10 else 1),
        ),
        "times": times(proof.change.ratio),
        "interval": bounds(proof.change),
    }
    if proof.proof == "holds":
        return gettext("It holds: %(heard)s; %(times)s the old rate (%(interval)s).", **facts)
    if proof.proof == "recurs":
        return gettext(
            "It recurs: %(heard)s; %(times)s the old rate (%(interval)s), which does not lie surely under the old rate.", **facts
        )
    return gettext("Too early to tell: %(heard)s.", **facts)


def bounds(change: RateChange) -> str:
    """The interval of a ratio: `0.1–0.6`."""
    low, high = change.interval
    return between(decimal(low), decimal(high)) if high < 1000 else gettext("%(low)s or more", low=decimal(low))


def headlines(report: CausesReport) -> tuple[str, ...]:
    """What to read first: how many complain and of what most, what is new or growing, and what became of covers."""
    if not report.complaining:
        return (gettext("Nobody complained in this time."),)
    complained = ngettext(
        "One customer of %(heard)s who spoke complained of something.",
        "%(n)s customers of %(heard)s who spoke complained of something.",
        report.complaining,
        heard=number(report.heard),
    )
    lines = [f"{complained} {_largest(report.causes)}"]
    news = [one for one in report.causes if one.stage in {"new", "growing"} and one.status not in {"covered", "confirmed"}]
    if news:
        told = "; ".join(
            f"{named(one.name)} ({term(STAGES[one.stage])}, {counted(one.voices, 'voice', 'voices')})" for one in news[:3]
        )
        lines.append(gettext("To watch: %(causes)s.", causes=told))
    for one in report.causes:
        if one.status == "reopened" and one.covered is not None:
            lines.append(
                gettext("%(cause)s was put right on %(day)s and is open again.", cause=named(one.name), day=long_day(one.covered))
            )
        elif one.status == "confirmed" and one.covered is not None:
            lines.append(
                gettext(
                    "%(cause)s was put right on %(day)s, and the complaints have stayed away.",
                    cause=named(one.name),
                    day=long_day(one.covered),
                )
            )
    return tuple(lines[:4])


def _largest(causes: Sequence[Cause]) -> str:
    if not causes or not causes[0].voices:
        return gettext("No cause is shared by enough of them.")
    first = causes[0]
    size = size_sentence(first.voices, first.share, first.share_interval)
    return gettext("Most of all: %(cause)s, %(size)s", cause=named(first.name), size=size)


def cover_line(cause: Cause) -> str:
    """When a cause was put right and how; "" where it was not."""
    if cause.covered is None:
        return ""
    day = long_day(cause.covered)
    return gettext("Covered %(day)s: %(done)s.", day=day, done=cause.done) if cause.done else gettext("Covered %(day)s.", day=day)
