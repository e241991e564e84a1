"""The emphasis gap (METRICS 9): what the brand talks about, against what its customers talk about."""

from collections.abc import Sequence

import numpy as np

from reports.evidence import AdvertisedPromise
from reports.promise_records import Emphasis, EmphasisGap
from reports.promise_words import emphasis_sentence
from reports.statistics import MIN_EFFECTIVE, TAILS, Floats
from reports.voices import VoiceTable

REPLICATES = 1000
_HALF = 0.5
"""Sightings and voices of each promise that join every replicate, so that what was seen nowhere leaves a doubt (Jeffreys)."""


def divergence(one: Floats, other: Floats) -> Floats:
    """Jensen–Shannon divergence of shares along the last axis, in bits: 0 alike, 1 without anything in common (Lin 1991)."""
    middle = (one + other) / 2
    return np.asarray((_entropy(middle) - (_entropy(one) + _entropy(other)) / 2).clip(0.0, 1.0))


def emphasis(
    brand: str, promises: Sequence[AdvertisedPromise], placements: Sequence[int], voices: VoiceTable, rng: np.random.Generator
) -> Emphasis:
    """Shares of the promises among their `placements` and among the voices that speak of any, each voice once a promise.

    Under twelve placements, twelve effective voices or two promises there are no shares.
    """
    placed = np.array(placements, dtype=np.float64)
    spoken = voices.counts @ voices.spoken
    n_eff = voices.n_eff(voices.spoken.sum(axis=1))
    found = [EmphasisGap(promise, int(placed[at]), int(spoken[at]), None, None, None, None) for at, promise in enumerate(promises)]
    nothing = Emphasis(tuple(found), int(placed.sum()), int(spoken.sum()), n_eff, None, None)
    if len(promises) < 2 or placed.sum() < MIN_EFFECTIVE or n_eff < MIN_EFFECTIVE:
        return nothing
    advertised, said = placed / placed.sum(), spoken / spoken.sum()
    placed_draws = _shares(rng.poisson(placed, size=(REPLICATES, placed.size)).astype(np.float64), rng)
    said_draws = _shares(voices.resampled(rng, REPLICATES) @ voices.spoken, rng)
    low, high = 100 * np.quantile(placed_draws - said_draws, TAILS, axis=0)
    total = float(divergence(advertised, said))
    drawn = divergence(placed_draws, said_draws)
    # Noise makes two mixes look apart: the estimate has it once, what is drawn around it twice.
    bounds = [float(bound) for bound in (np.quantile(drawn, TAILS) - 2 * (drawn.mean() - total)).clip(0.0, 1.0)]
    gaps = tuple(
        EmphasisGap(
            promise=one.promise,
            placements=one.placements,
            voices=one.voices,
            advertised=float(advertised[at]),
            spoken=float(said[at]),
            gap=float(100 * (advertised[at] - said[at])),
            interval=(
                min(float(low[at]), 100 * float(advertised[at] - said[at])),
                max(float(high[at]), 100 * float(advertised[at] - said[at])),
            ),
        )
        for at, one in enumerate(found)
    )
    return Emphasis(
        gaps=tuple(sorted(gaps, key=lambda one: (-abs(one.gap or 0.0), one.promise.id))),
        placements=nothing.placements,
        voices=nothing.voices,
        n_eff=n_eff,
        divergence=total,
        interval=(min(bounds[0], total), max(bounds[1], total)),
        sentence=emphasis_sentence(brand, gaps),
    )


def _shares(counts: Floats, rng: np.random.Generator) -> Floats:
    doubted = counts + rng.poisson(_HALF, size=counts.shape)
    totals = doubted.sum(axis=1, keepdims=True)
    return np.asarray(np.where(totals > 0, doubted / np.maximum(totals, 1.0), 1 / counts.shape[1]))


def _entropy(shares: Floats) -> Floats:
    return np.asarray(-(shares * np.log2(np.where(shares > 0, shares, 1.0))).sum(axis=-1))
