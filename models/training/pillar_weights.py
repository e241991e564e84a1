"""Fit how a passage's own words and the promises that it speaks of say together which pillar it is about."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from models import pillars, promises
from models.encoder import Encoder
from models.heads import Heads, softmax
from models.reading import PILLARS, RELEVANT
from models.text import normalise
from models.training.calibrate import Known

Floats = NDArray[np.float64]


def fit_pillars(
    encoder: Encoder, heads: Heads, sets: Sequence[Known], relevance: promises.Relevance, judgement: promises.Judgement
) -> pillars.PillarWeights:
    """Return the weights with the least log loss of the pillar, on industries kept for tuning."""
    scores, about, near, truth = [], [], [], []
    for one in sets:
        texts = [normalise(str(row["text"])) for row in one.rows]
        chances = promises.nearness(one.cosines, relevance)
        scores.append(heads.scores("pillar", encoder.encode(texts).states))
        about.append(pillars.of_pillars(one.promises, _spoken(encoder, heads, one, texts, chances, judgement)))
        near.append(pillars.of_pillars(one.promises, chances))
        truth += [PILLARS.index(str(row["pillar"])) if row["pillar"] else pillars.NONE for row in one.rows]
    own, spoken, reached, right = np.concatenate(scores), np.concatenate(about), np.concatenate(near), np.array(truth)

    def loss(values: Floats) -> float:
        found = softmax(pillars.joined(own, spoken, reached, pillars.PillarWeights(*values.tolist())))
        return float(-np.log(found[np.arange(len(right)), right] + 1e-12).mean())

    best = minimize(loss, x0=np.array([1.0, 1.0, 0.1, 0.0]), method="Nelder-Mead", options={"maxiter": 800}).x
    return pillars.PillarWeights(*(round(float(value), 4) for value in best))


def _spoken(
    encoder: Encoder, heads: Heads, one: Known, texts: Sequence[str], near: Floats, judgement: promises.Judgement
) -> Floats:
    """Return the chance that each text speaks of each promise, as far as the reader would say so."""
    asked = promises.candidates(near)
    pairs = [(normalise(one.promises[column].text), texts[row]) for row, column in asked]
    scores = heads.scores("stance", encoder.encode(pairs).states)
    found = np.zeros_like(near)
    chances = promises.spoken_of(scores, np.array([near[at] for at in asked]), judgement)
    for at, chance in zip(asked, chances, strict=True):
        found[at] = chance if chance >= RELEVANT else 0.0
    return found
