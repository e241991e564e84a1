"""Phrases that several formats print: the same facts in the same words, not yet escaped for any of them."""

from datetime import datetime

from reports.digest_records import WORDS
from reports.documents import Digest, Interval, NetSentiment, PromiseGap
from reports.evidence import Coverage, ModelFacts, Window
from reports.promise_records import OverallGap, Weighting
from reports.statistics import wilson
from reports.typography import (
    INSUFFICIENT,
    counted,
    interval,
    long_day,
    moment,
    number,
    percent,
    percent_interval,
    sample,
    score,
    short_day,
    span,
    weekday,
)
from reports.waiting import Waiting


def weighting(overall: OverallGap) -> str:
    """What an overall gap is weighted by: "by placements"."""
    names: dict[Weighting, str] = {
        "unweighted": "every promise alike",
        "stated": "as you weigh them",
        "placements": "by how loudly they are made",
        "voices": "by how many speak of them",
    }
    return names[overall.weighting]


def net(sentiment: NetSentiment) -> str:
    """Net sentiment with its interval and size: `+7 (+5 to +9, n = 6,120)`."""
    if sentiment.net is None:
        return f"{INSUFFICIENT} ({sample(sentiment.n)})"
    return f"{number(sentiment.net, sign=True)} ({interval(sentiment.interval, sign=True)}, {sample(sentiment.n)})"


def correction(sentiment: NetSentiment) -> str:
    """How net sentiment was corrected, and what it is without: one sentence, or none where there is no figure."""
    if sentiment.net is None or sentiment.raw is None:
        return ""
    if sentiment.method == "raw":
        return "As the model counts it, not corrected: this model is not calibrated, and too few of its readings are audited."
    how = (
        f"by {counted(sentiment.audited, 'audited mention')} (PPI++)"
        if sentiment.method == "ppi"
        else "by re-estimated class shares (EM)"
    )
    return f"Corrected {how}; as the model counts it {number(sentiment.raw, sign=True)}."


def delivery_correction(gap: PromiseGap) -> str:
    """How delivery was corrected, in a few words; none where there is no figure."""
    if gap.delivery is None:
        return ""
    if gap.method == "raw":
        return "not corrected: too few of its readings are audited"
    return f"corrected by audits, {gap.audited:,} of this promise" if gap.audited else "corrected by audits of other promises"


def with_interval(value: float | None, bounds: Interval | None, *, sign: bool = False) -> str:
    """`74 (69–79)`, or the words for a missing number."""
    if value is None or bounds is None:
        return score(value, sign=sign)
    return f"{number(value, sign=sign)} ({interval(bounds, sign=sign)})"


def edition_title(digest: Digest) -> str:
    """What a digest is of: `Tuesday, 17 November 2026`, `the week 9 – 15 November 2026`, `October 2026`."""
    if digest.edition == "monthly":
        return f"{digest.day:%B %Y}"
    if digest.edition == "daily":
        return weekday(digest.day)
    first = digest.period.since
    told = f"{first.day} – {long_day(digest.day)}" if first.month == digest.day.month else span(digest.period)
    return f"the week {told}"


def edition_head(digest: Digest) -> str:
    """The same above a column."""
    return {"daily": short_day(digest.day), "weekly": "This week", "monthly": f"{digest.day:%B}"}[digest.edition]


def unit(digest: Digest) -> str:
    """What it tells of: `day`, `week`, `month`."""
    return WORDS[digest.edition].unit


def with_before(digest: Digest) -> str:
    """The time of the verdicts: `four weeks and this day`."""
    return WORDS[digest.edition].with_before


def days(digest: Digest) -> int:
    """How many days the counts of what was heard are of."""
    heard_in = digest.heard or Window(digest.baseline.since, digest.period.until)
    return (heard_in.until - heard_in.since).days


def preview(digest: Digest) -> str:
    """What a list of mails shows beside the subject: the second thing that matters, or the line of a quiet day."""
    return quiet_line(digest) if digest.quiet else " ".join(digest.things[1:])


def quiet_title(digest: Digest) -> str:
    """The first line of a quiet digest."""
    return f"{digest.brand_name}, {edition_title(digest)}: a quiet {unit(digest)}."


def day_figures(digest: Digest) -> list[tuple[str, str, str]]:
    """The numbers of the day, week or month against the usual ones: name, then, usual."""
    now, usual = digest.sentiment, digest.usual
    figures = [
        ("Customer voices", f"{digest.mentions:,}", f"{number(digest.usual_mentions)} a {WORDS[digest.edition].unit}"),
        ("Net sentiment", net(now), net(usual)),
        *_uncorrected(now, usual),
        ("Negative share", negative_share(now), negative_share(usual)),
    ]
    if digest.net_change is not None:
        figures.append(("Change, 95 % interval", interval(digest.net_change, sign=True), ""))
    return figures


def _uncorrected(now: NetSentiment, usual: NetSentiment) -> list[tuple[str, str, str]]:
    told = next((one for one in (now, usual) if one.net is not None), None)
    if told is None:
        return []
    names = {
        "ppi": f"Before correction by {counted(told.audited, 'audited mention')}",
        "em": "Before correction (EM)",
        "raw": "Not corrected: the model is not calibrated",
    }
    if told.method == "raw":
        return [(names["raw"], "", "")]
    return [(names[told.method], score(now.raw, sign=True), score(usual.raw, sign=True))]


def negative_share(sentiment: NetSentiment) -> str:
    """The share with its interval: `30 % (29–31 %)`."""
    if sentiment.shares is None or sentiment.negative_interval is None:
        return INSUFFICIENT
    return f"{percent(sentiment.shares[0])} ({percent_interval(sentiment.negative_interval)})"


def quiet_line(digest: Digest) -> str:
    """The second line of a quiet digest; it says so when the quiet may be deafness."""
    silent = list(dict.fromkeys(hole.source for hole in digest.coverage.holes))
    deaf = f" Not everything was heard: {', '.join(silent)}." if silent else ""
    usual = number(digest.usual_mentions)
    return (
        f"{counted(digest.mentions, 'customer voice')} (usually {usual}), net sentiment {net(digest.sentiment)}: nothing differs "
        f"from {WORDS[digest.edition].before.removeprefix('in ')} by more than chance, and nobody complained about a promise.{deaf}"
    )


def heard(coverage: Coverage) -> str:
    """`7,412 mentions, 6,120 stories, 1,292 copies`."""
    stories, copies = counted(coverage.stories, "story", "stories"), counted(coverage.copies, "copy", "copies")
    return f"{counted(coverage.mentions, 'mention')}, {stories}, {copies}"


def waited(one: Waiting, now: datetime) -> str:
    """How long a customer has waited, and whether that is too long: `waits for 3 hours`, `waits for 2 days, too long`."""
    hours = max(0.0, (now - one.since).total_seconds() / 3600)
    length = counted(round(hours / 24), "day") if hours >= 36 else counted(max(1, round(hours)), "hour")
    return f"waits for {length}" + (", too long" if one.overdue else "")


def read_again(coverage: Coverage) -> str:
    """That a newer model version reads the window again, and how far it is; "" where none does."""
    newer = coverage.successor
    if newer is None:
        return ""
    share = percent(min(1.0, newer.read / coverage.mentions)) if coverage.mentions else "none"
    return (
        f"A newer version of the model ({newer.version}) reads these mentions again and has done {share}; until it has them all, "
        "every figure here is the earlier version's (promisewatch read)."
    )


def audit_line(model: ModelFacts) -> str:
    """How the model did on this brand's own mentions, or that nobody has checked."""
    if not model.audited:
        return "No mention of this brand has been audited yet."
    return f"Read right: {model.right} of {model.audited} audited, {percent_interval(wilson(model.right, model.audited))}."


def holes(coverage: Coverage, timezone: str) -> list[tuple[str, str]]:
    """Each hole as source and what happened."""
    extent = {"blind": "not heard", "partial": "heard in part"}
    return [
        (
            hole.source,
            f"{extent[hole.heard]} from {moment(hole.since, timezone)} to {moment(hole.until, timezone)}: {hole.reason}",
        )
        for hole in coverage.holes
    ]
