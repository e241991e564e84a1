"""Complaints by their causes: how many complain of each, where each is going, what was done and whether it held (metric 18)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from reports import cause_words
from reports.buckets import bucket_of, bucket_starts
from reports.cause_rates import ENOUGH, Daily, count_interval, dispersion, prove, rate_change
from reports.causes_records import (
    Cause,
    CauseEvidence,
    CauseNews,
    CausePoint,
    CauseReach,
    CausesReport,
    Improvement,
    KnownCause,
    RateChange,
    Stage,
)
from reports.quotes import distinct_quotes
from reports.statistics import benjamini_hochberg, wilson
from reports.typography import long_day

QUOTES = 3
NEWS = 3
NEW = timedelta(weeks=2)
LATELY = timedelta(weeks=4)
"""What is compared with the eight weeks before it: growing, shrinking, gone quiet."""
EARLIER = timedelta(weeks=8)
CERTAIN = 0.05
_SHORT = 3


def build_causes(evidence: CauseEvidence) -> CausesReport:
    """The report of a window; the largest cause first. Causes that nobody spoke of are left out, unless they were covered."""
    daily = _daily(evidence)
    changes = _changes(evidence, daily)
    causes = [_cause(evidence, one, daily[one.id], changes.get(one.id)) for one in evidence.causes]
    shown = sorted((one for one in causes if one.voices or one.covered), key=lambda one: (-one.voices, one.id))
    inside = [n for day, n in evidence.heard.items() if day in evidence.window]
    report = CausesReport(
        brand=evidence.brand,
        brand_name=evidence.brand_name,
        timezone=evidence.timezone,
        window=evidence.window,
        every=evidence.every,
        generated=evidence.generated,
        headlines=(),
        causes=tuple(shown),
        improvements=_improvements(shown, daily, evidence.window.until),
        heard=sum(inside),
        complaining=evidence.complaining,
        unexplained=evidence.complaining - evidence.explained,
        cost=evidence.cost,
        currency=evidence.currency,
        settle_days=evidence.settle_days,
        model=evidence.model,
    )
    return replace(report, headlines=cause_words.headlines(report))


def news(evidence: CauseEvidence) -> tuple[CauseNews, ...]:
    """At most three causes that are new, open again or growing; new ones first, the larger before the smaller."""
    report = build_causes(evidence)
    order = {"new": 0, "reopened": 1, "growing": 2}
    told = [
        (order["reopened"] if one.status == "reopened" else order[one.stage], -one.voices, one.id, one)
        for one in report.causes
        if one.voices and (one.status == "reopened" or (one.stage in order and one.status == "open"))
    ]
    return tuple(
        CauseNews(
            id=one.id,
            name=one.name,
            stage=one.stage,
            status=one.status,
            voices=one.voices,
            share=one.share,
            share_interval=one.share_interval,
            quote=one.quotes[0] if one.quotes else None,
            sentence=cause_words.news_sentence(one, evidence.window),
            words_of=one.words_of,
        )
        for *_, one in sorted(told, key=lambda one: one[:3])[:NEWS]
    )


def _daily(evidence: CauseEvidence) -> dict[int, Daily]:
    counts: dict[int, dict[date, int]] = {one.id: {} for one in evidence.causes}
    for row in evidence.rows:
        counts.setdefault(row.cause, {})[row.day] = row.n
    return {cause: Daily(found, evidence.heard) for cause, found in counts.items()}


def _changes(evidence: CauseEvidence, daily: Mapping[int, Daily]) -> dict[int, RateChange]:
    """The last four weeks of each cause against the eight before, p-values adjusted over all causes."""
    until = evidence.window.until
    turn, start = until - LATELY, until - LATELY - EARLIER
    found = {}
    for one in evidence.causes:
        series = daily[one.id]
        change = rate_change(series.between(start, turn), series.between(turn, until), dispersion(series.weeks(start, turn)))
        if change is not None:
            found[one.id] = change
    adjusted = benjamini_hochberg([change.p for change in found.values()]) if found else ()
    return {cause: replace(change, p=p) for (cause, change), p in zip(found.items(), adjusted, strict=True)}


def _cause(evidence: CauseEvidence, one: KnownCause, daily: Daily, change: RateChange | None) -> Cause:
    window, until = evidence.window, evidence.window.until
    voices, heard = daily.between(window.since, until)
    within = count_interval(voices, dispersion(daily.weeks(window.since, until)))
    stage = _stage(one, daily, change, until)
    share = voices / evidence.complaining if evidence.complaining else None
    share_interval = wilson(min(voices, evidence.complaining), evidence.complaining) if evidence.complaining else None
    reach = evidence.reach.get(one.id, CauseReach())
    advertised = {promise.id: promise for promise in evidence.promises}
    size = cause_words.size_sentence(voices, share, share_interval)
    return Cause(
        id=one.id,
        name=one.name,
        status=one.status,
        stage=stage,
        voices=voices,
        authors=reach.authors,
        stories=reach.stories,
        share=share,
        share_interval=share_interval,
        rate=1000 * voices / heard if heard else None,
        rate_interval=(1000 * within[0] / heard, 1000 * within[1] / heard) if heard else None,
        cost=None if evidence.cost is None else voices * evidence.cost,
        cost_interval=None if evidence.cost is None else (within[0] * evidence.cost, within[1] * evidence.cost),
        first_seen=one.first_seen,
        covered=one.covered,
        done=one.done,
        change=change,
        proof=None if one.covered is None else prove(daily, one.first_seen, one.covered, evidence.settle_days, until),
        trend=_trend(evidence, daily),
        promises=tuple((advertised[id_], n) for id_, n in (reach.promises or {}).items() if id_ in advertised),
        pillars=tuple((reach.pillars or {}).items()),
        quotes=distinct_quotes(evidence.quotes.get(one.id, ()), QUOTES),
        events=one.events,
        sentence=cause_words.cause_sentence(stage, size, long_day(one.first_seen), change),
        words_of=one.words_of,
    )


def _stage(one: KnownCause, daily: Daily, change: RateChange | None, until: date) -> Stage:
    """New: first heard in the last two weeks, of a brand heard for six. Growing and shrinking: surely so. Gone: quiet for long."""
    began = min(daily.heard, default=until)
    if one.first_seen >= until - NEW and began <= until - 3 * NEW:
        return "new"
    late, before = daily.between(until - LATELY, until), daily.between(until - LATELY - EARLIER, until - LATELY)
    expected = before[0] / before[1] * late[1] if before[1] else 0.0
    if not late[0] and (expected >= ENOUGH or not daily.between(until - EARLIER, until)[0]):
        return "gone"
    if change is None or change.p >= CERTAIN:
        return "steady"
    return "growing" if change.ratio > 1 else "shrinking"


def _trend(evidence: CauseEvidence, daily: Daily) -> tuple[CausePoint, ...]:
    starts = bucket_starts(evidence.window, evidence.every)
    voices, heard = np.zeros(len(starts), np.int64), np.zeros(len(starts), np.int64)
    for counts, totals in ((daily.complaints, voices), (daily.heard, heard)):
        inside = [(day.toordinal(), n) for day, n in counts.items() if day in evidence.window]
        if inside:
            days, numbers = np.array(inside, np.int64).T
            np.add.at(totals, bucket_of(days, starts), numbers)
    return tuple(CausePoint(start, int(n), int(of)) for start, n, of in zip(starts, voices, heard, strict=True))


def _improvements(causes: list[Cause], daily: Mapping[int, Daily], until: date) -> tuple[Improvement, ...]:
    """For each pillar the open cause that most complained of in the last four weeks, three voices at least."""
    found: dict[str, Improvement] = {}
    for one in causes:
        recent = daily[one.id].between(until - LATELY, until)[0]
        pillar = one.pillars[0][0] if one.pillars else ""
        if one.status in {"open", "reopened"} and recent >= _SHORT and recent > (found[pillar].recent if pillar in found else 0):
            found[pillar] = Improvement(pillar, one, recent)
    return tuple(sorted(found.values(), key=lambda one: (not one.pillar, -one.recent, one.pillar)))
