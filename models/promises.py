"""Which promise a passage speaks of, with a calibrated "none of them", and whether it says kept or broken.

A passage and a promise are compared by their sentence embeddings; a softmax over the brand's promises and a constant for "none"
turns likeness into probability. Slope and constant are fitted on the project's own corpus (models/training/calibrate.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.quantities import answering
from models.reading import Promise, PromiseMatch, Sentiment, Stance

RELEVANT = 0.5
SIDED = 0.6
"""Share that the stronger side must have of the two: a passage whose sides are nearly even is no evidence."""


@dataclass(frozen=True, slots=True)
class Relevance:
    """Calibration of likeness: P(promise i) = exp(slope·cos_i) / (exp(slope·threshold) + Σ exp(slope·cos_j))."""

    slope: float
    threshold: float


@dataclass(frozen=True, slots=True)
class EmbeddedPromises:
    """Promises with the embeddings of their words and example phrases; row r of `vectors` belongs to promise `owner[r]`."""

    promises: tuple[Promise, ...]
    vectors: NDArray[np.float32]
    owner: NDArray[np.intp]


def phrases(promise: Promise) -> tuple[str, ...]:
    """Return the texts that stand for a promise: its words and its examples."""
    return (promise.text, *promise.kept, *promise.broken)


def likeness(passages: NDArray[np.float32], known: EmbeddedPromises) -> NDArray[np.float64]:
    """Return the cosine of every passage with its nearest phrase of every promise, (passages, promises)."""
    cosines = passages @ known.vectors.T
    best = np.full((len(passages), len(known.promises)), -1.0)
    for row, promise in enumerate(known.owner):
        np.maximum(best[:, promise], cosines[:, row], out=best[:, promise])
    return best


def relevance(cosines: NDArray[np.float64], calibration: Relevance) -> NDArray[np.float64]:
    """Return the probability that a passage speaks of each promise, (passages, promises); rows sum to at most 1."""
    scores = calibration.slope * (cosines - calibration.threshold)
    top = np.maximum(scores.max(axis=1, keepdims=True), 0.0)
    powers = np.exp(scores - top)
    result: NDArray[np.float64] = powers / (np.exp(-top) + powers.sum(axis=1, keepdims=True))
    return result


def matches(row: NDArray[np.float64], promises: Sequence[Promise], text: str, sentiment: Sentiment) -> tuple[PromiseMatch, ...]:
    """Return the promises that the passage `text` speaks of, by its relevance to each; the stance follows its sentiment."""
    taken, confidence = stance(sentiment)
    return tuple(
        PromiseMatch(promise.id, round(float(value), 4), taken, confidence, answering(promise.text, text))
        for promise, value in zip(promises, row, strict=True)
        if value >= RELEVANT
    )


def stance(sentiment: Sentiment) -> tuple[Stance | None, float]:
    """Return kept for a positive passage, broken for a negative one, None for one that takes no side; and how sure that is."""
    sides = sentiment.positive + sentiment.negative
    if sentiment.label == "neutral" or max(sentiment.positive, sentiment.negative) < SIDED * sides:
        return None, round(1 - abs(sentiment.positive - sentiment.negative), 4)
    if sentiment.label == "positive":
        return "kept", sentiment.positive
    return "broken", sentiment.negative
