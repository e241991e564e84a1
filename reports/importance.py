"""Importance (METRICS 11): what each promise, or pillar, adds to overall sentiment, by a regression of moods on what was lived.

The mood of a voice (−1, 0, 1) is regressed on the promises that it calls kept (1) or broken (−1), 0 where it does not speak of
one. What all promises explain together is divided by the Shapley value (LMG: Lindeman, Merenda & Gold 1980; Grömping 2007): a
promise gets its mean contribution over the orders in which promises can be added.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from reports.documents import PromiseGap
from reports.promise_records import Importance, Standing
from reports.statistics import TAILS, Floats
from reports.voices import VoiceTable

REPLICATES = 300
EXACT = 5
"""Promises up to which every order is tried; of more, `ORDERS` orders are drawn, each with its reverse."""
ORDERS = 60
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Shares:
    """What each part contributes to the mood: `values` sum to 1, with their bootstrap interval; `explained` is R² of all."""

    values: Floats
    low: Floats
    high: Floats
    explained: float


def importance(gaps: Sequence[PromiseGap], voices: VoiceTable, columns: Sequence[int], rng: np.random.Generator) -> Importance:
    """The share of each measured promise in what they explain, with its bootstrap interval; promise i has `columns[i]` in `voices`.

    Promises without enough evidence for a delivery take no part, and a mood that never varies explains nothing.
    """
    measured = [at for at, gap in enumerate(gaps) if gap.delivery is not None]
    n, n_eff = int(voices.n.sum()), voices.n_eff(np.ones(voices.mood.size))
    nothing = Importance(tuple(Standing(gap.promise, gap.n, None, None) for gap in gaps), None, n, n_eff)
    found = shares(voices, [columns[at] for at in measured], rng)
    if found is None:
        return nothing
    standings = {
        at: Standing(
            gaps[at].promise,
            gaps[at].n,
            float(found.values[place]),
            (float(found.low[place]), float(found.high[place])),
        )
        for place, at in enumerate(measured)
    }
    return Importance(tuple(standings.get(at, one) for at, one in enumerate(nothing.standings)), found.explained, n, n_eff)


def shares(voices: VoiceTable, columns: Sequence[int], rng: np.random.Generator) -> Shares | None:
    """What the parts in these columns contribute to the mood; None where there is none, or where they explain nothing."""
    if not columns:
        return None
    side, orders = voices.side[:, list(columns)], _orders(len(columns), rng)
    values, explained = contributions(_moments(voices.counts[None, :], side, voices.mood), orders)
    if not float(explained[0]) > _NOTHING:
        return None
    moments = _moments(voices.resampled(rng, REPLICATES), side, voices.mood)
    low, high = _bounds(values[0], contributions(moments, orders)[0], moments[:, :-1, -1])
    return Shares(values[0], low, high, float(explained[0]))


def _bounds(values: Floats, draws: Floats, along: Floats) -> tuple[Floats, Floats]:
    """95 % bounds of shares, from bootstrap draws of them (B×P) and of the covariance with the mood that gives each its direction.

    A share is a square: noise alone never takes it below 0, and quantiles of draws would never hold a share of next to nothing. Its
    root has a direction and is nearly normal; the lower bound begins at the share without its own noise.
    """
    noise = np.where(along < 0, -1, 1) * np.sqrt(draws)
    spread = noise.std(axis=0)
    reach = NormalDist().inv_cdf(TAILS[1]) * spread
    low = np.maximum(np.sqrt(np.maximum(values - spread**2, 0)) - reach, 0) ** 2
    return np.minimum(low, values), np.minimum((np.sqrt(values) + reach) ** 2, 1.0)


def contributions(moments: Floats, orders: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Each part's share of what is explained (B×P, rows sum to 1) and R² (B), from B centred moment matrices of parts and mood.

    The mood is the last row and column: in the Cholesky factor of an order its row holds what each part adds to those before it.
    A part that never varies adds nothing. Where nothing is explained the parts share alike.
    """
    parts = moments.shape[1] - 1
    largest = moments.diagonal(axis1=1, axis2=2).max(axis=1)
    steadied = moments + (_NOTHING * (1 + largest))[:, None, None] * np.eye(parts + 1)
    gained = np.zeros((moments.shape[0], parts))
    for order in orders:
        at = np.append(order, parts)
        gained[:, order] += np.linalg.cholesky(steadied[:, at[:, None], at])[:, -1, :-1] ** 2
    gained /= len(orders)
    total, spread = gained.sum(axis=1), moments[:, -1, -1]
    shares = np.where(total > _NOTHING, gained.T / np.maximum(total, _NOTHING), 1 / parts).T
    return np.asarray(shares), np.asarray(np.where(spread > _NOTHING, total / np.maximum(spread, _NOTHING), 0.0))


def _moments(counts: Floats, side: Floats, mood: Floats) -> Floats:
    """Centred sums of squares and products (B×(P+1)×(P+1)) of the kinds of voices, counted `counts` (B×C) times."""
    columns = np.column_stack([side, mood])
    width = columns.shape[1]
    products = (columns[:, :, None] * columns[:, None, :]).reshape(len(columns), width * width)
    sums, total = counts @ columns, np.maximum(counts.sum(axis=1), 1.0)
    return np.asarray((counts @ products).reshape(-1, width, width) - sums[:, :, None] * sums[:, None, :] / total[:, None, None])


def _orders(parts: int, rng: np.random.Generator) -> NDArray[np.int64]:
    if parts <= EXACT:
        return np.array(list(permutations(range(parts))), dtype=np.int64)
    drawn = np.array([rng.permutation(parts) for _ in range(ORDERS)], dtype=np.int64)
    return np.concatenate([drawn, drawn[:, ::-1]])
