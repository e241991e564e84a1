"""The arithmetic of shares: intervals, shrinkage, differences, trends and change points.

Shares and intervals are fractions (0–1) here; the documents show them times 100. Randomness comes in as a generator.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt
from statistics import NormalDist

import numpy as np
import scipy  # loads scipy.special when it is first used: a report without evidence starts without it
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Interval = tuple[float, float]

LEVEL = 0.95
TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
DRAWS = 4000
MIN_EFFECTIVE = 12.0
"""Effective voices under which a number reads "insufficient evidence"."""
MIN_SIDE = 6.0
"""Effective voices that both sides of a change point need: half of what a number of its own needs."""


@dataclass(frozen=True, slots=True)
class BetaPrior:
    """A beta distribution by its mean and by the number of voices (`strength`) that it weighs as much as."""

    mean: float
    strength: float


UNIFORM = BetaPrior(0.5, 2.0)


@dataclass(frozen=True, slots=True)
class Difference:
    """`delta` = after − before with its 95 % interval and two-sided p-value."""

    delta: float
    interval: Interval
    p: float


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """`index` is the first bucket after the change; `p` says how often chance alone splits a series as clearly."""

    index: int
    p: float


def wilson(k: float, n: float) -> Interval:
    """95 % score interval (0–1) of a share of `k` in `n` (Wilson 1927); nothing observed leaves (0, 1)."""
    if n <= 0:
        return (0.0, 1.0)
    z = NormalDist().inv_cdf(TAILS[1])
    share = k / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * float(np.sqrt(max(share * (1 - share), 0.0) / n + z * z / (4 * n * n)))
    return (max(0.0, min(centre - half, share)), min(1.0, max(centre + half, share)))


def effective_size(n: Ints, story: Ints) -> float:
    """Kish's (Σw)²/Σw² over stories, w = voices of a story; in story 0 each voice is a story of its own. 0.0 for no rows."""
    total = float(n.sum())
    if total == 0:
        return 0.0
    _, shared = np.unique(story[story != 0], return_inverse=True)
    weights = np.bincount(shared, weights=n[story != 0])
    return total**2 / (float(n[story == 0].sum()) + float((weights**2).sum()))


def fit_beta_prior(kept: Floats, broken: Floats, bounds: Interval = (1.0, 20.0)) -> BetaPrior:
    """Empirical Bayes over promises: a beta prior by its marginal (beta-binomial) likelihood.

    Its strength is the mean of all (of their logarithms), each weighing its likelihood: the likeliest one alone would pretend that
    a handful of promises tell how alike all are. Its mean is the likeliest at that strength. Under three promises with evidence say
    nothing of how promises differ: then the uniform prior stands. `bounds` keep the strength between one voice and what cannot
    drown a promise's own evidence.
    """
    heard = (kept + broken) > 0
    if heard.sum() < 3:
        return UNIFORM
    k, b = kept[heard][:, None, None], broken[heard][:, None, None]
    means = np.linspace(0.01, 0.99, 99)[:, None]
    strengths = np.geomspace(*bounds, 40)[None, :]
    alpha, beta = means * strengths, (1 - means) * strengths
    likelihood = (scipy.special.betaln(alpha + k, beta + b) - scipy.special.betaln(alpha, beta)).sum(axis=0)
    weight = np.exp(likelihood - likelihood.max())
    weight /= weight.sum()
    settled = float((weight * np.arange(strengths.size)).sum())
    strength = bounds[0] * (bounds[1] / bounds[0]) ** (settled / (strengths.size - 1))
    return BetaPrior(float(means[likelihood[:, round(settled)].argmax(), 0]), strength)


def shrunk_share(kept: float, broken: float, prior: BetaPrior) -> float:
    """Posterior mean (k + m·μ)/(k + b + m)."""
    return (kept + prior.strength * prior.mean) / (kept + broken + prior.strength)


def beta_interval(mean: float, strength: float) -> Interval:
    """95 % interval of the beta distribution of this mean that weighs `strength` voices.

    With strength n_eff + m it is the posterior of METRICS 4 where all voices are independent, and wider around the same mean
    where they are clustered. Each side weighs half a voice at least (Jeffreys), so that voices who all agree leave a doubt.
    """
    alpha, beta = _shape(mean, strength)
    low, high = (float(scipy.special.betaincinv(alpha, beta, tail)) for tail in TAILS)
    return (min(low, mean), max(high, mean))


def difference_of_shares(before: BetaPrior, after: BetaPrior, rng: np.random.Generator) -> Difference:
    """Difference of two independent shares, each given by its posterior."""
    return difference_of_draws(
        beta_draws(before.mean, before.strength, rng, DRAWS),
        beta_draws(after.mean, after.strength, rng, DRAWS),
        after.mean - before.mean,
    )


def beta_draws(mean: float, strength: float, rng: np.random.Generator, size: int) -> Floats:
    """Draws of the share whose `beta_interval` is that of this mean and strength."""
    return rng.beta(*_shape(mean, strength), size=size)


def difference_of_draws(before: Floats, after: Floats, delta: float) -> Difference:
    """Difference of two estimates from as many independent draws (posterior or bootstrap) of each; `delta` is the point."""
    draws = after - before
    low, high = (float(value) for value in np.quantile(draws, TAILS))
    against = min(int((draws <= 0).sum()), int((draws >= 0).sum()))
    return Difference(delta, (low, high), min(1.0, 2 * (against + 1) / (draws.size + 1)))


def benjamini_hochberg(p: Sequence[float]) -> tuple[float, ...]:
    """P-values adjusted for the false discovery rate (Benjamini & Hochberg 1995), in the order given."""
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values)[::-1]
    scaled = values[order] * values.size / np.arange(values.size, 0, -1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled), 1.0)
    return tuple(float(value) for value in adjusted)


def trend(day: Ints, kept: NDArray[np.bool_], n: Ints, story: Ints) -> tuple[float, float]:
    """(z, two-sided p) of the share kept over days: the Cochran–Armitage score test, its variance from the stories.

    A story has one vote here, shared by its voices, so that a much-copied text cannot make a trend alone.
    """
    alone = story == 0
    _, shared = np.unique(story[~alone], return_inverse=True)
    votes = n.astype(np.float64)
    votes[~alone] /= np.bincount(shared, weights=n[~alone])[shared]
    total = float(votes.sum())
    if total == 0:
        return (0.0, 1.0)
    score = (day - float((day * votes).sum()) / total) * (kept - float(votes[kept].sum()) / total)
    per_story = np.bincount(shared, weights=(votes * score)[~alone])
    variance = float((votes * score**2)[alone].sum()) + float((per_story**2).sum())
    if variance < 1e-9:
        return (0.0, 1.0)
    z = float((votes * score).sum()) / float(np.sqrt(variance))
    return (z, erfc(abs(z) / sqrt(2)))


def change_point(kept: Ints, broken: Ints, rng: np.random.Generator, design_effect: float = 1.0) -> ChangePoint | None:
    """The split of the buckets that explains best what was kept and broken, by binomial likelihood.

    The p-value is that of a permutation test (voices dealt to the buckets at random, so the search over splits is paid for);
    `design_effect` = n/n_eff weakens the likelihood of clustered voices. None without `MIN_SIDE` effective voices on both
    sides, or where a straight line over the buckets explains as much (AIC): a slow drift has no day on which it happened.
    """
    n = kept + broken
    left = np.cumsum(n)[:-1]
    enough = (np.minimum(left, n.sum() - left) >= MIN_SIDE * design_effect) & (n[1:] > 0)
    splits = np.flatnonzero(enough)
    if not splits.size or not kept.sum() or not broken.sum():
        return None
    steps = _step_likelihood(kept[None, :], n, splits)[0]
    best = int(np.argmax(steps))
    if (steps[best] - _line_likelihood(kept, n)) / design_effect <= 1.0:
        return None
    flat = _likelihood(float(kept.sum()), float(n.sum()))
    replicates = 1999 if n.size <= 60 else 499
    dealt = rng.multivariate_hypergeometric(n, int(kept.sum()), size=replicates, method="marginals")
    chance = _step_likelihood(dealt, n, splits).max(axis=1) - flat
    exceeded = int((chance >= (steps[best] - flat) / design_effect - 1e-9).sum())
    return ChangePoint(int(splits[best]) + 1, (exceeded + 1) / (replicates + 1))


def unusual_count(count: int, history: Ints) -> float:
    """Two-sided p-value of a day's count against earlier days: negative binomial, Poisson where dispersion is none."""
    if history.size < 2 or history.mean() == 0:
        return 1.0
    mean, variance = float(history.mean()), float(history.var(ddof=1))
    if variance <= mean:
        lower, upper = float(scipy.special.pdtr(count, mean)), float(scipy.special.pdtrc(count - 1, mean)) if count else 1.0
    else:
        size, success = mean**2 / (variance - mean), mean / variance
        lower = float(scipy.special.betainc(size, count + 1, success))
        upper = 1 - float(scipy.special.betainc(size, count, success)) if count else 1.0
    return min(1.0, 2 * min(lower, upper))


def _shape(mean: float, strength: float) -> tuple[float, float]:
    return (max(mean * strength, 0.5), max((1 - mean) * strength, 0.5))


def _likelihood(k: float, n: float) -> float:
    return float(scipy.special.xlogy(k, k) + scipy.special.xlogy(n - k, n - k) - scipy.special.xlogy(n, n))


def _step_likelihood(kept: Ints, n: Ints, splits: Ints) -> Floats:
    """Log-likelihood of two constant shares, for each row of `kept` (replicates × buckets) and each split."""
    left_n = np.cumsum(n)[splits].astype(np.float64)
    left = np.cumsum(kept, axis=1)[:, splits].astype(np.float64)
    right_n = n.sum() - left_n
    right = kept.sum(axis=1, keepdims=True) - left
    likelihood = -scipy.special.xlogy(left_n, left_n) - scipy.special.xlogy(right_n, right_n)
    for part in (left, left_n - left, right, right_n - right):
        likelihood = likelihood + scipy.special.xlogy(part, part)
    return np.asarray(likelihood)


def _line_likelihood(kept: Ints, n: Ints) -> float:
    """Log-likelihood of a share that moves along the straight line of least squares, kept inside (0, 1)."""
    time = np.arange(n.size) - float((np.arange(n.size) * n).sum()) / float(n.sum())
    mean = float(kept.sum()) / float(n.sum())
    slope = float((time * kept).sum()) / max(float((time**2 * n).sum()), 1e-9)
    edge = 1 / (2 * float(n.sum()))
    share = np.clip(mean + slope * time, edge, 1 - edge)
    return float((scipy.special.xlogy(kept, share) + scipy.special.xlogy(n - kept, 1 - share)).sum())
