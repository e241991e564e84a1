"""Which promise a passage speaks of, with a calibrated "none of them", and whether it says kept or broken.

Two steps. A passage and the brand's promises are compared by their sentence embeddings, which is cheap and names the few that
come into question. Then the passage is read beside each of those, as in natural language inference, and says kept, broken or
nothing about it. A logistic function of both gives the probability that it speaks of the promise at all. Everything is fitted on
industries that training never saw (models/training/calibrate.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.figures import measured
from models.reading import RELEVANT, Promise, PromiseMatch, Stance

SIDED = 0.6
"""How sure the stance must be: a passage whose sides are nearly even is no evidence."""
CANDIDATES = 3
MADE = 0.5
"""Nearness from which the brand's own words count as making a promise."""
LEAST_NEAR = 0.01
"""Nearness under which a promise does not come into question."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Relevance:
    """Calibration of nearness: P(promise i) = exp(slope·cos_i) / (exp(slope·threshold) + Σ exp(slope·cos_j))."""

    slope: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """Calibration of a pair: P(speaks of it) = σ(pair·z + near·logit(nearness) + bias), z = log-odds of the pair against "nothing".

    P(kept | speaks of it) = σ(side·(kept − broken) + mood·(positive − negative) + figure·within + lean): the scores of the pair,
    those of the text's own sentiment, and whether what it measures lies within what is promised (`models/figures.py`): witnesses
    who err differently.
    """

    pair: float
    near: float
    bias: float
    side: float
    mood: float
    lean: float
    figure: float = 0.0


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What bears on kept or broken, a row a pair: stance scores (pairs, 3), mood of the text, and 1, −1 or 0 for its figure."""

    scores: Floats
    mood: Floats
    figure: Floats


@dataclass(frozen=True, slots=True)
class EmbeddedPromises:
    """Promises with the embeddings of their words and example phrases; row r of `vectors` belongs to promise `owner[r]`."""

    promises: tuple[Promise, ...]
    vectors: NDArray[np.float32]
    owner: NDArray[np.intp]


def phrases(promise: Promise) -> tuple[str, ...]:
    """Return the texts that stand for a promise: its words and its examples."""
    return (promise.text, *promise.kept, *promise.broken)


def likeness(passages: NDArray[np.float32], known: EmbeddedPromises) -> Floats:
    """Return the cosine of every passage with its nearest phrase of every promise, (passages, promises)."""
    cosines = passages @ known.vectors.T
    best = np.full((len(passages), len(known.promises)), -1.0)
    for row, promise in enumerate(known.owner):
        np.maximum(best[:, promise], cosines[:, row], out=best[:, promise])
    return best


def nearness(cosines: Floats, calibration: Relevance) -> Floats:
    """Return how probably each promise is the one, by embeddings alone, (passages, promises); rows sum to at most 1."""
    scores = calibration.slope * (cosines - calibration.threshold)
    top = np.maximum(scores.max(axis=1, keepdims=True), 0.0)
    powers = np.exp(scores - top)
    result: Floats = powers / (np.exp(-top) + powers.sum(axis=1, keepdims=True))
    return result


def candidates(near: Floats) -> list[tuple[int, int]]:
    """Return (passage, promise) of every pair worth reading: the nearest few of each passage."""
    best = np.argsort(-near, axis=1)[:, :CANDIDATES]
    return [(row, int(column)) for row, columns in enumerate(best) for column in columns if near[row, column] >= LEAST_NEAR]


def spoken_of(scores: Floats, near: Floats, calibration: Judgement) -> Floats:
    """Return the probability that each pair's passage speaks of its promise.

    `scores` are those of the stance head before the softmax, (pairs, kept/broken/nothing); `near` the nearness of each pair.
    """
    odds = np.logaddexp(scores[:, 0], scores[:, 1]) - scores[:, 2]
    clipped = np.clip(near, 1e-6, 1 - 1e-6)
    found: Floats = 1 / (
        1 + np.exp(-(calibration.pair * odds + calibration.near * np.log(clipped / (1 - clipped)) + calibration.bias))
    )
    return found


def kept_share(heard: Witnesses, calibration: Judgement) -> Floats:
    """Return P(kept | speaks of it) of each pair."""
    odds = (
        calibration.side * (heard.scores[:, 0] - heard.scores[:, 1])
        + calibration.mood * heard.mood
        + calibration.figure * heard.figure
        + calibration.lean
    )
    found: Floats = 1 / (1 + np.exp(-odds))
    return found


def match(promise: Promise, text: str, about: float, kept: float) -> PromiseMatch:
    """Return the record of a passage beside `promise`, by the probabilities that it speaks of it and that it says kept."""
    sure = max(kept, 1 - kept)
    stance: Stance | None = None if sure < SIDED else "kept" if kept >= 0.5 else "broken"
    quantity = measured(promise.text, text) if about >= RELEVANT else ""
    return PromiseMatch(promise.id, round(about, 4), stance, round(sure, 4), quantity)


def made(promise: Promise, near: float) -> PromiseMatch:
    """Return the record of a passage in which the brand itself may make `promise`: how near it is, and no stance."""
    return PromiseMatch(promise.id, round(near, 4), None, 0.0)


def strongest(found: Sequence[PromiseMatch]) -> tuple[PromiseMatch, ...]:
    """Return one match a promise, the most relevant first."""
    best: dict[str, PromiseMatch] = {}
    for one in sorted(found, key=lambda one: -one.relevance):
        best.setdefault(one.promise, one)
    return tuple(best.values())
