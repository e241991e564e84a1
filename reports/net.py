"""Net sentiment (METRICS 1, 2), corrected for the model's errors as well as can be, with its own count beside it.

In this order: by audited mentions (PPI++), by class shares re-estimated from calibrated probabilities (EM), not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import scipy

from reports.auditing import Correction, correction
from reports.buckets import bucket_of
from reports.documents import Interval, NetPoint, NetSentiment
from reports.evidence import Evidence, ModelFacts, Window
from reports.ppi import NET
from reports.priors import bootstrap_priors
from reports.sentiment_table import SentimentTable
from reports.statistics import MIN_EFFECTIVE, TAILS, Floats, effective_size, wilson

_BUCKET_REPLICATES = 200
_MANY_BUCKETS = 60


@dataclass(frozen=True, slots=True)
class NetEstimate:
    """Net sentiment with bootstrap draws of it; no draws where evidence is insufficient.

    The draws leave out what audits add, which is the same for all parts of a window: their difference is that of the parts.
    """

    sentiment: NetSentiment
    draws: Floats


def window_correction(evidence: Evidence, table: SentimentTable, window: Window) -> Correction | None:
    """What the audits of the window say of its units, those in `table`."""
    audits = [row for row in evidence.audits if row.day in window]
    put_right = [row for row in evidence.put_right if row.day in window]
    return correction(table, audits, evidence.draws, evidence.model, put_right) if audits and evidence.draws else None


def estimate_net(
    table: SentimentTable,
    model: ModelFacts,
    rng: np.random.Generator,
    replicates: int = 500,
    audited: Correction | None = None,
) -> NetEstimate:
    """Net sentiment of all rows, without a trend.

    The negative share's Wilson interval stands on as many voices as the estimate's variance is worth, at most n_eff, so that it
    carries the doubt of the correction too. Without audits `doubt` also holds how far the model was off on other brands, as a
    normal random effect.
    """
    n, n_eff = int(table.n.sum()), effective_size(table.n, table.story)
    if n_eff < MIN_EFFECTIVE:
        return NetEstimate(NetSentiment(None, None, None, n, n_eff, None, None, ()), np.empty(0))
    counted = np.bincount(table.label, weights=table.n, minlength=3)
    training = None if model.priors is None else np.array(model.priors, dtype=np.float64)
    probabilities = np.eye(3)[table.label] if training is None else table.probabilities
    shares, draws = bootstrap_priors(probabilities, table.n, table.story, training, rng=rng, replicates=replicates)
    net_draws = 100 * (draws @ NET)
    plain = NetSentiment(
        net=None,
        raw=100 * float(counted @ NET) / n,
        interval=None,
        n=n,
        n_eff=n_eff,
        shares=None,
        negative_interval=None,
        trend=(),
        method="raw" if training is None else "em",
    )
    if audited is not None:
        return NetEstimate(_audited(plain, shares, draws, audited), net_draws)
    low, high = (float(value) for value in np.quantile(net_draws, TAILS))
    # Of the draws, not of the point: at an edge the point has no spread, and seems to be worth nothing.
    mean, variance = float(draws[:, 0].mean()), float(draws[:, 0].var())
    told = _told(plain, shares, (low, high), mean, variance)
    return NetEstimate(replace(told, doubt=_doubt(told, model, float(net_draws.std()))), net_draws)


def _doubt(told: NetSentiment, model: ModelFacts, chance: float) -> Interval | None:
    """Where net sentiment lies in 95 of a hundred brands, about which the model errs as it did about those kept for tuning."""
    if told.method != "em" or model.errors is None or told.net is None or told.interval is None:
        return None
    half = float(scipy.special.ndtri(TAILS[1])) * float(np.hypot(chance, model.errors.net))
    low, high = told.interval
    return max(min(told.net - half, low), -100.0), min(max(told.net + half, high), 100.0)


def _audited(plain: NetSentiment, shares: Floats, draws: Floats, audited: Correction) -> NetSentiment:
    """PPI++ where the whole was sampled; a part, or more than was sampled, is moved by as much as what was sampled is."""
    found = audited.found
    moved = found.shares if audited.whole else shares + found.shift
    covariance = found.covariance if audited.whole else np.cov(draws.T) + found.shift_covariance
    moved = np.maximum(moved, 0.0)
    moved /= moved.sum()
    half = 100 * float(scipy.special.stdtrit(audited.n_eff - 1, TAILS[1])) * float(np.sqrt(NET @ covariance @ NET))
    net = 100 * float(moved @ NET)
    spread = float(np.sqrt(covariance[0, 0]))
    told = _told(plain, moved, (max(net - half, -100.0), min(net + half, 100.0)), max(float(moved[0]), spread), spread**2)
    return replace(told, method="ppi", audited=audited.audited)


def _told(plain: NetSentiment, shares: Floats, interval: tuple[float, float], mean: float, variance: float) -> NetSentiment:
    """The figures of these shares; `mean` and `variance` of the negative share say how many voices it is worth."""
    worth = min(plain.n_eff, mean * (1 - mean) / variance) if variance > 0 else plain.n_eff
    negative, neutral, positive = (float(share) for share in shares)
    net = 100 * (positive - negative)
    return replace(
        plain,
        net=net,
        interval=(min(interval[0], net), max(interval[1], net)),
        shares=(negative, neutral, positive),
        negative_interval=wilson(negative * worth, worth),
    )


def net_sentiment(
    table: SentimentTable,
    model: ModelFacts,
    starts: Sequence[date],
    rng: np.random.Generator,
    audited: Correction | None = None,
) -> NetSentiment:
    """Net sentiment of all rows and of each bucket; the priors are re-estimated in each bucket anew."""
    whole = estimate_net(table, model, rng, audited=audited).sentiment
    bucket = bucket_of(table.day, starts)
    order = np.argsort(bucket, kind="stable")
    edges = np.searchsorted(bucket[order], np.arange(len(starts) + 1))
    replicates = _BUCKET_REPLICATES if len(starts) <= _MANY_BUCKETS else _BUCKET_REPLICATES // 2
    points = []
    for index, start in enumerate(starts):
        part = table.where(order[edges[index] : edges[index + 1]])
        figures = estimate_net(part, model, rng, replicates, audited and audited.of_part()).sentiment
        points.append(NetPoint(start, figures.net, figures.interval, figures.n))
    return replace(whole, trend=tuple(points))
