"""The digest: one day, week or month of a brand against the time before it, on one page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from reports.auditing import Correction
from reports.breakdown import LeaderRow
from reports.buckets import bucket_starts
from reports.concentration import concentrations
from reports.delivery import (
    MIN_POINT,
    POINT_STRENGTH,
    SIGNIFICANT,
    StanceTable,
    difference_of_parts,
    fitted_prior,
    posterior,
    promise_gaps,
    promise_rng,
    stance_tables,
)
from reports.digest_records import POINTS, WORDS, DigestExtras, Edition, EditionWords, baseline, period
from reports.digest_words import (
    complaint_sentence,
    empty_sentence,
    hole_sentence,
    mover_sentence,
    net_change_sentence,
    quiet_sentences,
    unread_sentence,
    verdict_change_sentence,
    volume_sentence,
    waiting_sentence,
)
from reports.documents import Digest, Interval, Mover, NetPoint, PromiseGap, Verdict, VerdictChange
from reports.evidence import AdvertisedPromise, Evidence, Hole, Quote, Window
from reports.gap import SEED
from reports.net import NetEstimate, estimate_net, net_sentiment, window_correction
from reports.quotes import distinct_quotes
from reports.sentiment_table import SentimentTable, sentiment_table
from reports.statistics import (
    MIN_EFFECTIVE,
    BetaPrior,
    benjamini_hochberg,
    difference_of_draws,
    unusual_count,
)

NOTABLE = 0.1
"""Adjusted p under which a mover is shown even when it is not among the `TOP_MOVERS`."""
TOP_MOVERS = 3
QUOTES_A_KIND = 5
THINGS = 3
NOTHING_ELSE = DigestExtras()
_TELLING: Final[tuple[Verdict, ...]] = ("broken", "at risk", "kept")
"""Verdicts that are news when a promise comes to them; that one became unclear is told further down."""


@dataclass(frozen=True, slots=True)
class _Volume:
    count: int
    usual: float
    p: float


def build_digest(
    evidence: Evidence, day: date, seed: int = SEED, edition: Edition = "daily", extras: DigestExtras = NOTHING_ELSE
) -> Digest:
    """The digest of `day`, or of the week or month that ends with it, from evidence that covers it and the time before.

    What lies outside is ignored; `digest_records.evidence_window` is all that can be used. A day on which a source was deaf, or
    texts are unread, is never quiet: silence may then be ours. Raises ValueError where the evidence ends before `day`.
    """
    if day not in evidence.window:
        raise ValueError(f"the evidence covers {evidence.window.since} to {evidence.window.until}, not {day}")
    told, words = period(edition, day), WORDS[edition]
    before = baseline(edition, told)
    span = Window(before.since, told.until)
    table = sentiment_table(evidence.sentiment)
    audited = window_correction(evidence, table.within(span), span)
    part = audited and audited.of_part()
    now = estimate_net(table.within(told), evidence.model, np.random.default_rng([seed, 0]), audited=part)
    usual = estimate_net(table.within(before), evidence.model, np.random.default_rng([seed, 1]), audited=part)
    net_change = _net_change(now, usual)
    volume = _volume(table, before, told)
    movers = _movers(evidence, told, before, seed, words)
    quotes = [quote for quote in evidence.quotes if _local_day(quote.published, evidence.timezone) in told]
    holes = _holes(evidence, told)
    verdicts = _verdicts(evidence, span, seed)
    changed = _changed(evidence, verdicts, before, told, seed)

    unread = evidence.coverage.unread
    things = [unread_sentence(unread)] if unread else []
    if not (evidence.coverage.mentions or evidence.sentiment or evidence.stances):
        things.append(empty_sentence(evidence.brand_name, words))
    moved = [mover for mover in movers if mover.p is not None and mover.p < SIGNIFICANT]
    things += [mover.sentence for mover in moved]
    # Where a promise moved, its movement says more than that its verdict did, too.
    named = {mover.promise.id for mover in moved}
    things += [one.sentence for one in changed if one.now in _TELLING and one.promise.id not in named]
    if net_change is not None and not net_change[0] <= 0 <= net_change[1]:
        things.append(net_change_sentence(now.sentiment, usual.sentiment, net_change, words))
    if volume.p < SIGNIFICANT and not unread:
        things.append(volume_sentence(evidence.brand_name, volume.count, volume.usual, words))
    things += [hole_sentence(hole, words) for hole in holes if hole.heard == "blind"]
    things += [waiting_sentence(extras.waiting_in_all, extras.late)] if extras.waiting_in_all else []
    things += [cause.sentence for cause in extras.causes if cause.fresh]
    things += [complaint_sentence(promise, broken) for promise, broken in _complained(evidence, told)]
    return Digest(
        brand=evidence.brand,
        brand_name=evidence.brand_name,
        timezone=evidence.timezone,
        day=day,
        baseline=before,
        generated=evidence.generated,
        quiet=not things,
        things=tuple(things[:THINGS]) or quiet_sentences(evidence.brand_name, volume.count, volume.usual, words),
        mentions=volume.count,
        usual_mentions=volume.usual,
        sentiment=now.sentiment,
        usual=usual.sentiment,
        net_change=net_change,
        movers=movers,
        verdicts=verdicts,
        praise=distinct_quotes([quote for quote in quotes if _is_praise(quote)], QUOTES_A_KIND),
        complaints=distinct_quotes([quote for quote in quotes if _is_complaint(quote)], QUOTES_A_KIND),
        coverage=replace(evidence.coverage, holes=holes),
        model=evidence.model,
        edition=edition,
        changed=changed,
        trend=_trend(table.within(span), evidence, span, edition, seed, part),
        extras=extras,
        heard=evidence.window,
        reliance=_reliance(evidence, table, told, extras.leaders),
    )


def _net_change(now: NetEstimate, usual: NetEstimate) -> Interval | None:
    if now.sentiment.net is None or usual.sentiment.net is None:
        return None
    return difference_of_draws(usual.draws, now.draws, now.sentiment.net - usual.sentiment.net).interval


def _volume(table: SentimentTable, baseline: Window, told: Window) -> _Volume:
    """Customers' voices of the period, and of a usual one as long; days before the first voice of all do not count."""
    length = (told.until - told.since).days
    first = max(baseline.since.toordinal(), int(table.day.min(initial=baseline.until.toordinal())))
    periods = (baseline.until.toordinal() - first) // length
    since = baseline.until.toordinal() - periods * length
    earlier = table.where(np.flatnonzero((table.day >= since) & (table.day < baseline.until.toordinal())))
    history = np.bincount((earlier.day - since) // length, weights=earlier.n, minlength=periods).astype(np.int64)
    count = int(table.within(told).n.sum())
    return _Volume(count, float(history.mean()) if periods else 0.0, unusual_count(count, history))


def _movers(evidence: Evidence, today: Window, baseline: Window, seed: int, words: EditionWords) -> tuple[Mover, ...]:
    """Promises that moved: all with an adjusted p under `NOTABLE`, and the largest movements up to `TOP_MOVERS`."""
    tables = stance_tables(evidence.stances, evidence.promises, evidence.stance_audits)
    earlier = {promise: table.within(baseline) for promise, table in tables.items()}
    prior = fitted_prior(earlier.values())
    found = []
    for promise in evidence.promises:
        mover = _mover(promise, tables[promise.id].within(today), earlier[promise.id], prior, promise_rng(seed, promise))
        if mover is not None:
            found.append(mover)
    adjusted = benjamini_hochberg([mover.p or 0.0 for mover in found])
    worded = [_worded(replace(mover, p=p), words) for mover, p in zip(found, adjusted, strict=True)]
    worded.sort(key=lambda mover: (mover.p or 0.0, -abs(mover.delta or 0.0), mover.promise.id))
    return tuple(mover for rank, mover in enumerate(worded) if rank < TOP_MOVERS or (mover.p or 0.0) < NOTABLE)


def _mover(
    promise: AdvertisedPromise, now: StanceTable, before: StanceTable, prior: BetaPrior, rng: np.random.Generator
) -> Mover | None:
    """The day is shrunk to the promise's own usual rate, as a point of its trend is. None where either side is too small."""
    n, n_before = sum(now.counts), sum(before.counts)
    if now.n_eff < MIN_POINT or before.n_eff < MIN_EFFECTIVE:
        return None
    usual = posterior(before, prior)
    own = BetaPrior(usual.mean, POINT_STRENGTH)
    day = posterior(now, own)
    difference = difference_of_parts((before, now), (prior, own), rng)
    low, high = difference.interval
    return Mover(
        promise=promise,
        now=100 * day.mean,
        before=100 * usual.mean,
        delta=100 * difference.delta,
        interval=(100 * low, 100 * high),
        p=difference.p,
        n=n,
        n_before=n_before,
        sentence="",
    )


def _worded(mover: Mover, words: EditionWords) -> Mover:
    if mover.now is None or mover.before is None or mover.interval is None or mover.p is None:
        return mover
    certain = mover.p < SIGNIFICANT
    sentence = mover_sentence(
        mover.promise, mover.now, mover.before, mover.interval, mover.n, mover.n_before, certain=certain, words=words
    )
    return replace(mover, sentence=sentence)


def _complained(evidence: Evidence, today: Window) -> list[tuple[AdvertisedPromise, int]]:
    """Promises that customers said were broken on the day, the most often named first."""
    tables = stance_tables(evidence.stances, evidence.promises)
    counts = [(promise, tables[promise.id].within(today).counts[1]) for promise in evidence.promises]
    return sorted(((promise, broken) for promise, broken in counts if broken), key=lambda pair: (-pair[1], pair[0].id))


def _verdicts(evidence: Evidence, span: Window, seed: int) -> tuple[PromiseGap, ...]:
    quotes = [quote for quote in evidence.quotes if _local_day(quote.published, evidence.timezone) in span]
    return promise_gaps(replace(evidence, quotes=tuple(quotes)), span, "day", seed)


def _changed(
    evidence: Evidence, verdicts: Sequence[PromiseGap], baseline: Window, told: Window, seed: int
) -> tuple[VerdictChange, ...]:
    """Promises whose verdict was another one when the edition before was written; none where the evidence begins too late."""
    span = told.until - told.since
    then = Window(baseline.since - span, told.since)
    if evidence.window.since > then.since:
        return ()
    before = {gap.promise.id: gap.verdict for gap in _verdicts(evidence, then, seed)}
    return tuple(
        VerdictChange(gap.promise, was, gap.verdict, verdict_change_sentence(gap.promise, was, gap.verdict))
        for gap in verdicts
        if (was := before[gap.promise.id]) != gap.verdict and "insufficient evidence" not in (was, gap.verdict)
    )


def _trend(
    table: SentimentTable, evidence: Evidence, span: Window, edition: Edition, seed: int, audited: Correction | None
) -> tuple[NetPoint, ...]:
    """Net sentiment through the time that the page looks at."""
    starts = bucket_starts(span, POINTS[edition])
    return net_sentiment(table, evidence.model, starts, np.random.default_rng([seed, 2]), audited).trend


def _reliance(evidence: Evidence, table: SentimentTable, told: Window, leaders: Sequence[LeaderRow]) -> tuple[str, ...]:
    """Which figures of the period come from few people, in sentences."""
    now = table.within(told)
    broken = {promise.id: count for promise, count in _complained(evidence, told)}
    names = {promise.id: promise.text for promise in evidence.promises}
    found = concentrations(leaders, {"": int(now.n[now.label == 0].sum()), **broken}, {"": "", **names})
    return tuple(one.sentence for one in found if one.sentence)


def _holes(evidence: Evidence, today: Window) -> tuple[Hole, ...]:
    """The holes that touch the day as the brand's own calendar has it."""
    zone = ZoneInfo(evidence.timezone)
    begin, end = (datetime.combine(moment, time(), zone) for moment in (today.since, today.until))
    return tuple(hole for hole in evidence.coverage.holes if _aware(hole.since) < end and _aware(hole.until) > begin)


def _is_praise(quote: Quote) -> bool:
    return quote.stance == "kept" or (quote.stance is None and quote.label == "positive")


def _is_complaint(quote: Quote) -> bool:
    return quote.stance == "broken" or (quote.stance is None and quote.label == "negative")


def _local_day(moment: datetime, timezone: str) -> date:
    return _aware(moment).astimezone(ZoneInfo(timezone)).date()


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
