"""The digest: one day of a brand against the four weeks before it, on one page."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from reports.delivery import (
    MIN_POINT,
    POINT_STRENGTH,
    SIGNIFICANT,
    StanceTable,
    fitted_prior,
    posterior,
    promise_gaps,
    promise_rng,
    stance_tables,
)
from reports.documents import Digest, Interval, Mover, PromiseGap
from reports.evidence import AdvertisedPromise, Evidence, Hole, Quote, Window
from reports.gap import SEED
from reports.net import NetEstimate, estimate_net, window_correction
from reports.quotes import distinct_quotes
from reports.sentiment_table import SentimentTable, sentiment_table
from reports.statistics import (
    MIN_EFFECTIVE,
    BetaPrior,
    benjamini_hochberg,
    difference_of_draws,
    difference_of_shares,
    unusual_count,
)
from reports.words import (
    complaint_sentence,
    hole_sentence,
    mover_sentence,
    net_change_sentence,
    quiet_sentences,
    unread_sentence,
    volume_sentence,
)

BASELINE = timedelta(days=28)
NOTABLE = 0.1
"""Adjusted p under which a mover is shown even when it is not among the `TOP_MOVERS`."""
TOP_MOVERS = 3
QUOTES_A_KIND = 5
THINGS = 3


@dataclass(frozen=True, slots=True)
class _Volume:
    count: int
    usual: float
    p: float


def build_digest(evidence: Evidence, day: date, seed: int = SEED) -> Digest:
    """The digest of `day`, from evidence that covers it and the 28 days before; other days are ignored.

    A day on which a source was deaf, or texts are unread, is never quiet: silence may then be ours. Raises ValueError where the
    evidence ends before `day`.
    """
    if day not in evidence.window:
        raise ValueError(f"the evidence covers {evidence.window.since} to {evidence.window.until}, not {day}")
    today, baseline = Window(day, day + timedelta(days=1)), Window(day - BASELINE, day)
    span = Window(baseline.since, today.until)
    table = sentiment_table(evidence.sentiment)
    audited = window_correction(evidence, table.within(span), span)
    part = audited and audited.of_part()
    now = estimate_net(table.within(today), evidence.model, np.random.default_rng([seed, 0]), audited=part)
    usual = estimate_net(table.within(baseline), evidence.model, np.random.default_rng([seed, 1]), audited=part)
    net_change = _net_change(now, usual)
    volume = _volume(table, baseline, day)
    movers = _movers(evidence, today, baseline, seed)
    quotes = [quote for quote in evidence.quotes if _local_day(quote.published, evidence.timezone) == day]
    holes = _holes(evidence, today)
    complained = _complained(evidence, today)

    unread = evidence.coverage.unread
    things = [unread_sentence(unread)] if unread else []
    things += [mover.sentence for mover in movers if mover.p is not None and mover.p < SIGNIFICANT]
    if net_change is not None and not net_change[0] <= 0 <= net_change[1]:
        things.append(net_change_sentence(now.sentiment, usual.sentiment, net_change))
    if volume.p < SIGNIFICANT and not unread:
        things.append(volume_sentence(evidence.brand_name, volume.count, volume.usual))
    things += [hole_sentence(hole) for hole in holes if hole.heard == "blind"]
    things += [complaint_sentence(promise, broken) for promise, broken in complained]
    return Digest(
        brand=evidence.brand,
        brand_name=evidence.brand_name,
        timezone=evidence.timezone,
        day=day,
        baseline=baseline,
        generated=evidence.generated,
        quiet=not things,
        things=tuple(things[:THINGS]) or quiet_sentences(evidence.brand_name, volume.count, volume.usual),
        mentions=volume.count,
        usual_mentions=volume.usual,
        sentiment=now.sentiment,
        usual=usual.sentiment,
        net_change=net_change,
        movers=movers,
        verdicts=_verdicts(evidence, span, seed),
        praise=distinct_quotes([quote for quote in quotes if _is_praise(quote)], QUOTES_A_KIND),
        complaints=distinct_quotes([quote for quote in quotes if _is_complaint(quote)], QUOTES_A_KIND),
        coverage=replace(evidence.coverage, holes=holes),
        model=evidence.model,
    )


def _net_change(now: NetEstimate, usual: NetEstimate) -> Interval | None:
    if now.sentiment.net is None or usual.sentiment.net is None:
        return None
    return difference_of_draws(usual.draws, now.draws, now.sentiment.net - usual.sentiment.net).interval


def _volume(table: SentimentTable, baseline: Window, day: date) -> _Volume:
    """Customers' voices on the day, and a usual day of the baseline; days before the first voice of all do not count."""
    since = max(baseline.since.toordinal(), int(table.day.min(initial=baseline.until.toordinal())))
    length = baseline.until.toordinal() - since
    before = table.within(baseline)
    history = np.bincount(before.day - since, weights=before.n, minlength=length).astype(np.int64)
    count = int(table.n[table.day == day.toordinal()].sum())
    return _Volume(count, float(history.mean()) if length else 0.0, unusual_count(count, history))


def _movers(evidence: Evidence, today: Window, baseline: Window, seed: int) -> tuple[Mover, ...]:
    """Promises that moved: all with an adjusted p under `NOTABLE`, and the largest movements up to `TOP_MOVERS`."""
    tables = stance_tables(evidence.stances, evidence.promises)
    earlier = {promise: table.within(baseline) for promise, table in tables.items()}
    prior = fitted_prior(earlier.values())
    found = []
    for promise in evidence.promises:
        mover = _mover(promise, tables[promise.id].within(today), earlier[promise.id], prior, promise_rng(seed, promise))
        if mover is not None:
            found.append(mover)
    adjusted = benjamini_hochberg([mover.p or 0.0 for mover in found])
    worded = [_worded(replace(mover, p=p)) for mover, p in zip(found, adjusted, strict=True)]
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
    day = posterior(now, BetaPrior(usual.mean, POINT_STRENGTH))
    difference = difference_of_shares(usual, day, rng)
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


def _worded(mover: Mover) -> Mover:
    if mover.now is None or mover.before is None or mover.interval is None or mover.p is None:
        return mover
    certain = mover.p < SIGNIFICANT
    sentence = mover_sentence(mover.promise, mover.now, mover.before, mover.interval, mover.n, mover.n_before, certain=certain)
    return replace(mover, sentence=sentence)


def _complained(evidence: Evidence, today: Window) -> list[tuple[AdvertisedPromise, int]]:
    """Promises that customers said were broken on the day, the most often named first."""
    tables = stance_tables(evidence.stances, evidence.promises)
    counts = [(promise, tables[promise.id].within(today).counts[1]) for promise in evidence.promises]
    return sorted(((promise, broken) for promise, broken in counts if broken), key=lambda pair: (-pair[1], pair[0].id))


def _verdicts(evidence: Evidence, span: Window, seed: int) -> tuple[PromiseGap, ...]:
    quotes = [quote for quote in evidence.quotes if _local_day(quote.published, evidence.timezone) in span]
    return promise_gaps(replace(evidence, quotes=tuple(quotes)), span, "day", seed)


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
