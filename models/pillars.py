"""Which pillar of experience a passage is about: what it says by itself, and which of the brand's promises it speaks of.

A promise is configured with its pillar: who says that the parcel took nine days speaks of what "We deliver in two days." belongs
to, however the words sound. So the scores of the pillar head are joined with how probably the passage speaks of a promise of each
pillar and how near it comes to one, log-linearly, with weights fitted on industries that training never saw.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.heads import softmax
from models.reading import PILLARS, Promise

Floats = NDArray[np.float64]
NONE = len(PILLARS)
CLASSES = NONE + 1
"""The ten pillars, and none of them last."""
_FAR = 0.03
"""What is added to a nearness before its logarithm: far is far, however far."""


@dataclass(frozen=True, slots=True)
class PillarWeights:
    """log P(pillar) ∝ log P(pillar | head)·own + about·P(speaks of its promises) + near·log(nearness to them); `none` is a bias."""

    own: float
    about: float
    near: float
    none: float


HEAD_ALONE = PillarWeights(1.0, 0.0, 0.0, 0.0)
"""What the passage says by itself, whatever it speaks of."""


def of_pillars(promises: Sequence[Promise], chances: Floats) -> Floats:
    """Return, from the chance of every promise (passages, promises), that of any promise of each class (passages, classes)."""
    left = np.ones((len(chances), CLASSES))
    for column, promise in enumerate(promises):
        if promise.pillar in PILLARS:
            left[:, PILLARS.index(promise.pillar)] *= 1 - chances[:, column]
    found: Floats = 1 - left
    return found


def joined(scores: Floats, about: Floats, near: Floats, weights: PillarWeights) -> Floats:
    """Return scores of every class, (passages, classes).

    `scores` are the head's before the softmax; `about` and `near` those of `of_pillars`: how probably the passage speaks of a
    promise of the pillar, and how near it comes by embeddings alone.
    """
    reached = near.copy()
    reached[:, NONE] = np.clip(1 - near.sum(axis=1), 0, 1)
    found: Floats = weights.own * np.log(softmax(scores) + 1e-6) + weights.about * about + weights.near * np.log(reached + _FAR)
    found[:, NONE] += weights.none
    return found


def named(scores: Floats) -> list[str | None]:
    """Return the pillar with the best score of each passage, or None."""
    return [PILLARS[index] if index < NONE else None for index in scores.argmax(axis=1)]
