"""Net sentiment (METRICS 1, 2): corrected by re-estimated class priors, with the classifier's own count beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from reports.buckets import bucket_of
from reports.documents import NetPoint, NetSentiment
from reports.evidence import Label, ModelFacts, SentimentRow, Window
from reports.priors import bootstrap_priors
from reports.statistics import MIN_EFFECTIVE, TAILS, Floats, Ints, effective_size, wilson

_LABELS = {label: index for index, label in enumerate(get_args(Label))}
_BUCKET_REPLICATES = 200
_MANY_BUCKETS = 60


@dataclass(frozen=True, slots=True)
class SentimentTable:
    """Sentiment rows as columns: `day` as proleptic ordinal, `label` 0–2 (negative, neutral, positive), `probabilities` N×3."""

    day: Ints
    label: Ints
    probabilities: Floats
    n: Ints
    story: Ints

    def where(self, chosen: NDArray[np.bool_] | Ints) -> "SentimentTable":
        """The rows chosen by mask or by index."""
        return SentimentTable(self.day[chosen], self.label[chosen], self.probabilities[chosen], self.n[chosen], self.story[chosen])

    def within(self, window: Window) -> "SentimentTable":
        """The rows of the window's days."""
        return self.where((self.day >= window.since.toordinal()) & (self.day < window.until.toordinal()))


@dataclass(frozen=True, slots=True)
class NetEstimate:
    """Net sentiment with the bootstrap draws of `net` that its interval comes from; no draws where evidence is insufficient."""

    sentiment: NetSentiment
    draws: Floats


def sentiment_table(rows: Sequence[SentimentRow]) -> SentimentTable:
    """Columns of the rows that count anything."""
    kept = [row for row in rows if row.n > 0]
    return SentimentTable(
        np.array([row.day.toordinal() for row in kept], dtype=np.int64),
        np.array([_LABELS[row.label] for row in kept], dtype=np.int64),
        np.array([row.probabilities for row in kept], dtype=np.float64).reshape(-1, 3),
        np.array([row.n for row in kept], dtype=np.int64),
        np.array([row.story for row in kept], dtype=np.int64),
    )


def estimate_net(table: SentimentTable, model: ModelFacts, rng: np.random.Generator, replicates: int = 500) -> NetEstimate:
    """Net sentiment of all rows, without a trend.

    The negative share's Wilson interval stands on as many voices as the bootstrap's variance is worth, at most n_eff, so that
    it carries the doubt of the correction too.
    """
    n, n_eff = int(table.n.sum()), effective_size(table.n, table.story)
    if n_eff < MIN_EFFECTIVE:
        return NetEstimate(NetSentiment(None, None, None, n, n_eff, None, None, ()), np.empty(0))
    training = np.array(model.priors, dtype=np.float64)
    shares, draws = bootstrap_priors(table.probabilities, table.n, table.story, training, rng=rng, replicates=replicates)
    net_draws = 100 * (draws[:, 2] - draws[:, 0])
    counted = np.bincount(table.label, weights=table.n, minlength=3)
    low, high = (float(value) for value in np.quantile(net_draws, TAILS))
    net = 100 * float(shares[2] - shares[0])
    negative, neutral, positive = (float(share) for share in shares)
    # Of the draws, not of the point: at an edge the point has no spread, and seems to be worth nothing.
    mean, variance = float(draws[:, 0].mean()), float(draws[:, 0].var())
    worth = min(n_eff, mean * (1 - mean) / variance) if variance > 0 else n_eff
    sentiment = NetSentiment(
        net=net,
        raw=100 * float(counted[2] - counted[0]) / n,
        interval=(min(low, net), max(high, net)),
        n=n,
        n_eff=n_eff,
        shares=(negative, neutral, positive),
        negative_interval=wilson(negative * worth, worth),
        trend=(),
    )
    return NetEstimate(sentiment, net_draws)


def net_sentiment(table: SentimentTable, model: ModelFacts, starts: Sequence[date], rng: np.random.Generator) -> NetSentiment:
    """Net sentiment of all rows and of each bucket; the priors are re-estimated in each bucket anew."""
    whole = estimate_net(table, model, rng).sentiment
    bucket = bucket_of(table.day, starts)
    order = np.argsort(bucket, kind="stable")
    edges = np.searchsorted(bucket[order], np.arange(len(starts) + 1))
    replicates = _BUCKET_REPLICATES if len(starts) <= _MANY_BUCKETS else _BUCKET_REPLICATES // 2
    points = []
    for index, start in enumerate(starts):
        part = table.where(order[edges[index] : edges[index + 1]])
        figures = estimate_net(part, model, rng, replicates).sentiment
        points.append(NetPoint(start, figures.net, figures.interval, figures.n))
    return replace(whole, trend=tuple(points))
