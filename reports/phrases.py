"""Phrases that several formats print: the same facts in the same words, not yet escaped for any of them."""

from collections.abc import Sequence
from datetime import datetime

from reports.digest_records import WORDS
from reports.documents import Digest, Interval, NetSentiment, PromiseGap
from reports.evidence import Coverage, ModelFacts, Rung, Window
from reports.promise_records import OverallGap, Weighting
from reports.reader import forms, gettext, gettext_noop, ngettext
from reports.statistics import wilson
from reports.terms import INSUFFICIENT, term
from reports.typography import (
    counted,
    interval,
    listed,
    long_day,
    moment,
    month_and_year,
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
        "unweighted": gettext_noop("every promise alike"),
        "stated": gettext_noop("as you weigh them"),
        "placements": gettext_noop("by how loudly they are made"),
        "voices": gettext_noop("by how many speak of them"),
    }
    return gettext(names[overall.weighting])


def net(sentiment: NetSentiment) -> str:
    """Net sentiment with its interval and size: `+7 (+5 to +9, n = 6,120)`."""
    if sentiment.net is None:
        return f"{term(INSUFFICIENT)} ({sample(sentiment.n)})"
    return f"{number(sentiment.net, sign=True)} ({interval(sentiment.interval, sign=True)}, {sample(sentiment.n)})"


def correction(sentiment: NetSentiment) -> str:
    """How net sentiment was corrected, and what it is without: one sentence, or none where there is no figure."""
    if sentiment.net is None or sentiment.raw is None:
        return ""
    if sentiment.method == "raw":
        return gettext(
            "As the model counts it, not corrected: this model is not calibrated, and too few of its readings are audited."
        )
    raw = number(sentiment.raw, sign=True)
    if sentiment.method == "ppi":
        return ngettext(
            "Corrected by %(n)s audited mention (PPI++); as the model counts it %(raw)s.",
            "Corrected by %(n)s audited mentions (PPI++); as the model counts it %(raw)s.",
            sentiment.audited,
            raw=raw,
        )
    corrected = gettext("Corrected by re-estimated class shares (EM); as the model counts it %(raw)s.", raw=raw)
    if sentiment.doubt is None:
        return corrected
    unaudited = gettext(
        "If the model errs here as it did about other brands: %(doubt)s; audited mentions narrow that.",
        doubt=interval(sentiment.doubt, sign=True),
    )
    return f"{corrected} {unaudited}"


def delivery_correction(gap: PromiseGap) -> str:
    """How delivery was corrected, in a few words; none where there is no figure."""
    if gap.delivery is None:
        return ""
    if gap.method == "raw" and gap.doubt is not None:
        return gettext(
            "not corrected: too few of its readings are audited; if the model errs here as it does about other brands, %(doubt)s",
            doubt=interval(gap.doubt),
        )
    if gap.method == "raw":
        return gettext("not corrected: too few of its readings are audited")
    if not gap.audited:
        return gettext("corrected by audits of other promises")
    return gettext("corrected by audits, %(n)s of this promise", n=number(gap.audited))


def with_interval(value: float | None, bounds: Interval | None, *, sign: bool = False) -> str:
    """`74 (69–79)`, or the words for a missing number."""
    if value is None or bounds is None:
        return score(value, sign=sign)
    return f"{number(value, sign=sign)} ({interval(bounds, sign=sign)})"


def edition_title(digest: Digest) -> str:
    """What a digest is of: `Tuesday, 17 November 2026`, `the week 9 – 15 November 2026`, `October 2026`."""
    if digest.edition == "monthly":
        return month_and_year(digest.day)
    if digest.edition == "daily":
        return weekday(digest.day)
    first = digest.period.since
    told = span(digest.period)
    if first.month == digest.day.month:
        told = gettext("%(first)s – %(last)s", first=first.day, last=long_day(digest.day))
    return gettext("the week %(days)s", days=told)


def edition_head(digest: Digest) -> str:
    """The same above a column."""
    if digest.edition == "weekly":
        return gettext("This week")
    return short_day(digest.day) if digest.edition == "daily" else forms().month(digest.day)


def in_numbers(digest: Digest) -> str:
    """The heading of its numbers: `The day in numbers`."""
    return gettext(WORDS[digest.edition].in_numbers)


def with_before(digest: Digest) -> str:
    """The heading of the verdicts, with their time: `Promises, four weeks and this day`."""
    return gettext(WORDS[digest.edition].with_before)


def days(digest: Digest) -> int:
    """How many days the counts of what was heard are of."""
    heard_in = digest.heard or Window(digest.baseline.since, digest.period.until)
    return (heard_in.until - heard_in.since).days


def preview(digest: Digest) -> str:
    """What a list of mails shows beside the subject: the second thing that matters, or the line of a quiet day."""
    return quiet_line(digest) if digest.quiet else " ".join(digest.things[1:])


def quiet_title(digest: Digest) -> str:
    """The first line of a quiet digest."""
    return gettext(WORDS[digest.edition].quiet_title, brand=digest.brand_name, day=edition_title(digest))


def day_figures(digest: Digest) -> list[tuple[str, str, str]]:
    """The numbers of the day, week or month against the usual ones: name, then, usual."""
    now, usual = digest.sentiment, digest.usual
    figures = [
        (
            gettext("Customer voices"),
            number(digest.mentions),
            gettext(WORDS[digest.edition].per_unit, n=number(digest.usual_mentions)),
        ),
        (gettext("Net sentiment"), net(now), net(usual)),
        *_uncorrected(now, usual),
        (gettext("Negative share"), negative_share(now), negative_share(usual)),
    ]
    if digest.net_change is not None:
        figures.append((gettext("Change, 95 %% interval"), interval(digest.net_change, sign=True), ""))
    return figures


def _uncorrected(now: NetSentiment, usual: NetSentiment) -> list[tuple[str, str, str]]:
    told = next((one for one in (now, usual) if one.net is not None), None)
    if told is None:
        return []
    if told.method == "raw":
        return [(gettext("Not corrected: the model is not calibrated"), "", "")]
    name = gettext("Before correction (EM)")
    if told.method == "ppi":
        name = ngettext("Before correction by %(n)s audited mention", "Before correction by %(n)s audited mentions", told.audited)
    return [(name, score(now.raw, sign=True), score(usual.raw, sign=True))]


def negative_share(sentiment: NetSentiment) -> str:
    """The share with its interval: `30 % (29–31 %)`."""
    if sentiment.shares is None or sentiment.negative_interval is None:
        return term(INSUFFICIENT)
    return f"{percent(sentiment.shares[0])} ({percent_interval(sentiment.negative_interval)})"


def quiet_line(digest: Digest) -> str:
    """The second line of a quiet digest; it says so when the quiet may be deafness."""
    silent = list(dict.fromkeys(hole.source for hole in digest.coverage.holes))
    told = ngettext(
        "%(n)s customer voice (usually %(usual)s), net sentiment %(net)s: nothing differs %(before)s by more than chance, "
        "and nobody complained about a promise.",
        "%(n)s customer voices (usually %(usual)s), net sentiment %(net)s: nothing differs %(before)s by more than chance, "
        "and nobody complained about a promise.",
        digest.mentions,
        usual=number(digest.usual_mentions),
        net=net(digest.sentiment),
        before=gettext(WORDS[digest.edition].from_before),
    )
    return f"{told} {gettext('Not everything was heard: %(sources)s.', sources=', '.join(silent))}" if silent else told


def heard(coverage: Coverage) -> str:
    """`7,412 mentions, 6,120 stories, 1,292 copies; reddit read through the API`: and which way, where a place has several."""
    stories, copies = counted(coverage.stories, "story", "stories"), counted(coverage.copies, "copy", "copies")
    told = f"{counted(coverage.mentions, 'mention', 'mentions')}, {stories}, {copies}"
    ways: dict[str, list[Rung]] = {}
    for one in coverage.rungs:
        ways.setdefault(one.source, []).append(one)
    return "; ".join([told, *(_way(source, rungs) for source, rungs in ways.items())])


def _way(source: str, rungs: Sequence[Rung]) -> str:
    if len(rungs) == 1:
        return gettext("%(source)s read through %(way)s", source=source, way=term(rungs[0].rung))
    days = [ngettext("%(way)s on %(n)s day", "%(way)s on %(n)s days", one.days, way=term(one.rung)) for one in rungs]
    return gettext("%(source)s read through %(way)s", source=source, way=listed(days))


def waited(one: Waiting, now: datetime) -> str:
    """How long a customer has waited, and whether that is too long: `waits for 3 hours`, `waits for 2 days, too long`."""
    hours = max(0.0, (now - one.since).total_seconds() / 3600)
    if hours >= 36:
        days = round(hours / 24)
        if one.overdue:
            return ngettext("waits for %(n)s day, too long", "waits for %(n)s days, too long", days)
        return ngettext("waits for %(n)s day", "waits for %(n)s days", days)
    hours = max(1, round(hours))
    if one.overdue:
        return ngettext("waits for %(n)s hour, too long", "waits for %(n)s hours, too long", hours)
    return ngettext("waits for %(n)s hour", "waits for %(n)s hours", hours)


def read_again(coverage: Coverage) -> str:
    """That a newer model version reads the window again, and how far it is; "" where none does."""
    newer = coverage.successor
    if newer is None:
        return ""
    return gettext(
        "A newer version of the model (%(version)s) reads these mentions again and has done %(share)s; until it has them all, "
        "every figure here is the earlier version's (promisewatch read).",
        version=newer.version,
        share=percent(min(1.0, newer.read / coverage.mentions)) if coverage.mentions else gettext("none"),
    )


def audit_line(model: ModelFacts) -> str:
    """How the model did on this brand's own mentions, or that nobody has checked."""
    if not model.audited:
        return gettext("No mention of this brand has been audited yet.")
    return gettext(
        "Read right: %(right)s of %(audited)s audited, %(interval)s.",
        right=number(model.right),
        audited=number(model.audited),
        interval=percent_interval(wilson(model.right, model.audited)),
    )


def holes(coverage: Coverage, timezone: str) -> list[tuple[str, str]]:
    """Each hole as source and what happened."""
    extent = {
        "blind": gettext_noop("not heard from %(since)s to %(until)s: %(reason)s"),
        "partial": gettext_noop("heard in part from %(since)s to %(until)s: %(reason)s"),
    }
    return [
        (
            hole.source,
            gettext(
                extent[hole.heard],
                since=moment(hole.since, timezone),
                until=moment(hole.until, timezone),
                reason=hole.reason,
            ),
        )
        for hole in coverage.holes
    ]
