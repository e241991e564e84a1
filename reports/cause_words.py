"""Sentences about causes: templates filled with figures that were computed."""

from collections.abc import Sequence
from datetime import timedelta

from reports.causes_records import Cause, CausesReport, CoverProof, RateChange, Stage, Status
from reports.evidence import Window
from reports.typography import counted, long_day, number, percent, percent_interval, sample
from reports.words import customers

STAGES: dict[Stage, str] = {
    "new": "new",
    "growing": "growing",
    "steady": "steady",
    "shrinking": "shrinking",
    "gone": "gone quiet",
}
STATUSES: dict[Status, str] = {
    "open": "open",
    "covered": "covered, not proven yet",
    "confirmed": "covered, confirmed",
    "reopened": "open again",
}


def named(name: str) -> str:
    """A cause's name in quotation marks."""
    return f"“{name}”"


def rate(value: float | None) -> str:
    """Complaints in a thousand voices: a decimal where there are few."""
    if value is None:
        return "insufficient evidence"
    return f"{value:.1f}" if value < 10 else number(value)


def money(value: float | None, currency: str) -> str:
    """An amount, rounded to what its interval can bear: two digits."""
    if value is None:
        return ""
    digits = max(0, len(str(int(value))) - 2)
    return f"{round(value, -digits):,.0f} {currency}".strip()


def times(ratio: float) -> str:
    """A ratio of rates: `2.4 times`, `0.3 times`."""
    return f"{ratio:.1f} times" if ratio < 10 else f"{ratio:.0f} times"


def size_sentence(voices: int, share: float | None, interval: tuple[float, float] | None, when: str = "") -> str:
    """How many complain of a cause (`when`, where the page is about another time), and what share of all complaints that is."""
    counted_ = f"{customers(voices)} {when}".rstrip()
    if share is None or interval is None:
        return f"{counted_}."
    return f"{counted_}, {percent(share)} of all who complained ({percent_interval(interval)})."


def news_sentence(cause: Cause, window: Window) -> str:
    """A cause as a digest tells it: the days that its figures are of are said, since the page is about others."""
    size = size_sentence(
        cause.voices,
        cause.share,
        cause.share_interval,
        f"in the {(window.until - window.since).days} days to {long_day(window.until - timedelta(days=1))}",
    )
    if cause.status == "reopened" and cause.covered is not None:
        return f"{named(cause.name)}: {size} It was put right on {long_day(cause.covered)} and is open again."
    return f"{named(cause.name)}: {cause_sentence(cause.stage, size, long_day(cause.first_seen), cause.change)}"


def cause_sentence(stage: Stage, size: str, first_seen: str, change: RateChange | None) -> str:
    """A cause in a few words: its size, since when it is heard, and where it is going."""
    first = f"First heard {first_seen}."
    if change is None:
        return f"{size} {first}"
    before = f"{rate(change.before)} in the eight weeks before ({sample(change.n_before)})"
    both = (
        f"{rate(change.after)} in a thousand voices over the last four weeks ({sample(change.n_after)}), "
        f"{before if change.n_before else 'none in the eight weeks before'}"
    )
    told = {
        "growing": f"It is growing: {both}.",
        "shrinking": f"It is shrinking: {both}.",
        "gone": "Nobody has complained of it in the last four weeks.",
        "new": "It is new.",
        "steady": f"No certain trend: {both}.",
    }
    return f"{size} {first} {told[stage]}"


def proof_sentence(proof: CoverProof) -> str:
    """What the complaints since say of a cover (metric 18)."""
    expected = f"{proof.expected:.0f}" if proof.expected >= 10 else f"{proof.expected:.1f}"
    if proof.change is None:
        return "Nothing was heard since that could tell."
    heard = counted(proof.change.n_after, "complaint")
    heard += f" since {long_day(proof.since)}, where the old rate would have brought {expected}"
    ratio = f"{times(proof.change.ratio)} the old rate ({bounds(proof.change)})"
    if proof.proof == "holds":
        return f"It holds: {heard}; {ratio}."
    if proof.proof == "recurs":
        return f"It recurs: {heard}; {ratio}, which does not lie surely under the old rate."
    return f"Too early to tell: {heard}."


def bounds(change: RateChange) -> str:
    """The interval of a ratio: `0.1–0.6`."""
    low, high = change.interval
    return f"{low:.1f}–{high:.1f}" if high < 1000 else f"{low:.1f} or more"


def headlines(report: CausesReport) -> tuple[str, ...]:
    """What to read first: how many complain and of what most, what is new or growing, and what became of covers."""
    if not report.complaining:
        return ("Nobody complained in this time.",)
    lines = [f"{customers(report.complaining)} of {report.heard:,} who spoke complained of something. " + _largest(report.causes)]
    news = [one for one in report.causes if one.stage in {"new", "growing"} and one.status not in {"covered", "confirmed"}]
    if news:
        told = "; ".join(f"{named(one.name)} ({STAGES[one.stage]}, {counted(one.voices, 'voice')})" for one in news[:3])
        lines.append(f"To watch: {told}.")
    for one in report.causes:
        if one.status == "reopened" and one.covered is not None:
            lines.append(f"{named(one.name)} was put right on {long_day(one.covered)} and is open again.")
        elif one.status == "confirmed" and one.covered is not None:
            lines.append(f"{named(one.name)} was put right on {long_day(one.covered)}, and the complaints have stayed away.")
    return tuple(lines[:4])


def _largest(causes: Sequence[Cause]) -> str:
    if not causes or not causes[0].voices:
        return "No cause is shared by enough of them."
    first = causes[0]
    return f"Most of all: {named(first.name)}, {size_sentence(first.voices, first.share, first.share_interval)}"


def cover_line(cause: Cause) -> str:
    """When a cause was put right and how; "" where it was not."""
    if cause.covered is None:
        return ""
    return f"Covered {long_day(cause.covered)}: {cause.done}".rstrip(": ") + "."
