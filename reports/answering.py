"""Time to answer (metric 17): how long customers who asked for an answer waited. Those who still wait are counted as waiting.

The median is that of Kaplan & Meier (1958), with the interval of Brookmeyer & Crowley (1982) on the log-log scale.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from math import exp, log, sqrt
from operator import itemgetter
from statistics import NormalDist
from zoneinfo import ZoneInfo

from reports.answering_records import Answering, Share
from reports.forms import NO_BREAK
from reports.reader import gettext, ngettext
from reports.statistics import MIN_EFFECTIVE, TAILS, Interval, wilson
from reports.typography import counted, decimal, number, percent, percent_interval


@dataclass(frozen=True, slots=True)
class Asked:
    """A case that asked for an answer: when, until when it was due, when it was answered, or when it ended without."""

    asked: datetime
    due: datetime
    answered: datetime | None = None
    ended: datetime | None = None


def answering(cases: Sequence[Asked], timezone: str, now: datetime) -> Answering:
    """Return metric 17 of these cases."""
    zone = ZoneInfo(timezone)
    waits = [(_hours((one.answered or one.ended or now) - one.asked), one.answered is not None) for one in cases]
    enough = len(waits) >= MIN_EFFECTIVE
    median, interval = kaplan_meier_median(waits) if enough else (None, None)
    same_day = [
        one.answered is not None and _day(one.answered, zone) == _day(one.asked, zone)
        for one in cases
        if one.answered or one.ended or _day(one.asked, zone) < _day(now, zone)
    ]
    in_time = [one.answered is not None and one.answered <= one.due for one in cases if one.answered or one.ended or one.due < now]
    return Answering(
        n=len(cases),
        answered=sum(answered for _, answered in waits),
        waiting=sum(one.answered is None and one.ended is None for one in cases),
        median=median,
        interval=interval,
        same_day=_share(same_day),
        in_time=_share(in_time),
    )


def kaplan_meier_median(waits: Sequence[tuple[float, bool]]) -> tuple[float | None, tuple[float, float | None] | None]:
    """Return the median of waiting times of which some have not ended (False), and its 95 % interval.

    None where the curve of those who still wait stays above a half; an open upper end likewise.
    """
    z = NormalDist().inv_cdf(TAILS[1])
    share, greenwood = 1.0, 0.0
    median: float | None = None
    low: float | None = None
    high: float | None = None
    for at, ended, at_risk in _table(waits):
        share *= 1 - ended / at_risk
        greenwood += ended / (at_risk * (at_risk - ended)) if at_risk > ended else 0.0
        bounds = _log_log(share, greenwood, z)
        if median is None and share <= 0.5:
            median = at
        if low is None and bounds[0] <= 0.5:
            low = at
        if high is None and bounds[1] <= 0.5:
            high = at
    return median, None if median is None or low is None else (min(low, median), high)


def _table(waits: Sequence[tuple[float, bool]]) -> Iterator[tuple[float, int, int]]:
    """Yield (time, how many were answered then, how many waited until then), for the times at which somebody was answered."""
    at_risk = len(waits)
    for at, group in groupby(sorted(waits), key=itemgetter(0)):
        ended = [answered for _, answered in group]
        if any(ended):
            yield at, sum(ended), at_risk
        at_risk -= len(ended)


def _log_log(share: float, greenwood: float, z: float) -> Interval:
    """Return the interval of a survival share on the log-log scale (Kalbfleisch & Prentice)."""
    if share <= 0 or share >= 1:
        return (share, share)
    half = z * sqrt(greenwood) / abs(log(share))
    return (share ** exp(half), share ** exp(-half))


def sentence(found: Answering) -> str:
    """Return what there is to say, in a sentence or two."""
    if not found.n:
        return gettext("Nobody asked for an answer in this time.")
    asked = ngettext("%(n)s customer asked for an answer", "%(n)s customers asked for an answer", found.n)
    waiting = ngettext("%(n)s still waits", "%(n)s still wait", found.waiting)
    if found.same_day.value is None:
        few = gettext(
            "Time to answer: insufficient evidence (%(n)s of the %(least)s that it needs).", n=found.n, least=number(MIN_EFFECTIVE)
        )
        return f"{asked}; {waiting}. {few}"
    return f"{asked}; {waiting}. {_median(found)} {_shares(found)}"


def change_sentence(compared: tuple[Answering, Answering]) -> str:
    """How soon half were answered before and after; "" where either has too few."""
    before, after = (_within(one) for one in compared)
    if not before or not after:
        return ""
    return gettext(
        "In the earlier part of this time half were answered within %(before)s, in the later part within %(after)s.",
        before=before,
        after=after,
    )


def _within(found: Answering) -> str:
    if found.median is None:
        return ""
    low, high = found.interval or (found.median, None)
    facts = {"median": duration(found.median), "low": duration(low), "n": number(found.n)}
    if high is None:
        return gettext("%(median)s (%(low)s or more, n = %(n)s)", **facts)
    return gettext("%(median)s (%(low)s to %(high)s, n = %(n)s)", high=duration(high), **facts)


def _median(found: Answering) -> str:
    if found.median is None:
        return gettext("More than half have no answer yet, so there is no median.")
    low, high = found.interval or (found.median, None)
    facts = {"median": duration(found.median), "low": duration(low), "n": number(found.n)}
    if high is None:
        return gettext("Half of them were answered within %(median)s (%(low)s or more, n = %(n)s).", **facts)
    return gettext("Half of them were answered within %(median)s (%(low)s to %(high)s, n = %(n)s).", high=duration(high), **facts)


def _shares(found: Answering) -> str:
    said = []
    for share, what in ((found.same_day, gettext("on the same day")), (found.in_time, gettext("in time"))):
        if share.value is not None and share.interval is not None:
            said.append(f"{percent(share.value)} {what} ({percent_interval(share.interval)}, n = {number(share.n)})")
    return gettext("Answered: %(shares)s.", shares=", ".join(said)) if said else ""


def duration(hours: float) -> str:
    """Return a time as one says it: `40 minutes`, `3.5 hours`, `6 days`."""
    if hours < 1:
        said = counted(round(60 * hours), "minute", "minutes")
    elif hours < 48:
        figure = decimal(hours, 0 if round(hours, 1) == round(hours) else 1)
        said = ngettext("%(figure)s hour", "%(figure)s hours", 1 if figure == "1" else 2, figure=figure)
    else:
        said = counted(round(hours / 24), "day", "days")
    return said.replace(" ", NO_BREAK)


def _share(found: Sequence[bool]) -> Share:
    k, n = sum(found), len(found)
    return Share(k, n, k / n, wilson(k, n)) if n >= MIN_EFFECTIVE else Share(k, n, None, None)


def _hours(span: timedelta) -> float:
    return max(0.0, span.total_seconds() / 3600)


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
