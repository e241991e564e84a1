"""Importance (METRICS 11): what each promise contributes to overall sentiment, by a regression of a voice's mood on what it lived.

The mood of a voice (−1, 0, 1) is regressed on the promises that it calls kept (1) or broken (−1), 0 where it does not speak of
one. What all promises explain together is divided by the Shapley value (LMG: Lindeman, Merenda & Gold 1980; Grömping 2007): a
promise gets its mean contribution over the orders in which promises can be added.
"""

from collections.abc import Sequence
from itertools import permutations

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


def importance(gaps: Sequence[PromiseGap], voices: VoiceTable, columns: Sequence[int], rng: np.random.Generator) -> Importance:
    """The share of each measured promise in what they explain, with its bootstrap interval; promise i has `columns[i]` in `voices`.

    Promises without enough evidence for a delivery take no part, and a mood that never varies explains nothing.
    """
    measured = [at for at, gap in enumerate(gaps) if gap.delivery is not None]
    side = voices.side[:, [columns[at] for at in measured]]
    n, n_eff = int(voices.n.sum()), voices.n_eff(np.ones(voices.mood.size))
    nothing = Importance(tuple(Standing(gap.promise, gap.n, None, None) for gap in gaps), None, n, n_eff)
    if not measured:
        return nothing
    orders = _orders(len(measured), rng)
    shares, explained = contributions(_moments(voices.counts[None, :], side, voices.mood), orders)
    total = float(explained[0])
    if not total > _NOTHING:
        return nothing
    draws, _ = contributions(_moments(voices.resampled(rng, REPLICATES), side, voices.mood), orders)
    low, high = np.quantile(draws, TAILS, axis=0)
    found = {
        at: Standing(
            gaps[at].promise,
            gaps[at].n,
            float(shares[0, place]),
            (min(float(low[place]), float(shares[0, place])), max(float(high[place]), float(shares[0, place]))),
        )
        for place, at in enumerate(measured)
    }
    return Importance(tuple(found.get(at, one) for at, one in enumerate(nothing.standings)), total, n, n_eff)


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
