"""Fit what turns scores into probabilities: a temperature for sentiment, slope and threshold for promise relevance.

Both are fitted on texts that no training step has seen, and sentiment is weighted so that the three classes count alike: the
probabilities are meant for balanced classes, and the reports re-estimate each brand's own mix.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar

from models import promises
from models.encoder import Encoder
from models.reading import Promise
from models.sentiment import columns, probabilities
from models.text import normalise
from models.training.data import (
    LABELS,
    TUNE_INDUSTRIES,
    Example,
    corpus_examples,
    corpus_promises,
    corpus_rows,
    public_sets,
    split_of,
)


def tuning_examples(data: Path) -> list[Example]:
    """Return the tuning split of tweets and brand sets, and the corpus industries kept for tuning."""
    sets = public_sets(data)
    names = ("tweets_sentiment", "brands_gadgets", "brands_computers")
    return [one for name in names for one in sets[name] if split_of(one.text) == "tune"] + corpus_examples("tune")


def balanced_weights(examples: Sequence[Example]) -> NDArray[np.float64]:
    """Return weights under which the classes count alike; they sum to 1."""
    counts = Counter(one.label for one in examples)
    return np.array([1 / (len(counts) * counts[one.label]) for one in examples])


def fit_temperature(encoder: Encoder, examples: Sequence[Example]) -> float:
    """Return the temperature with the least balanced log loss (Guo et al. 2017)."""
    scores = encoder.encode([one.text for one in examples]).scores[:, columns(encoder.labels)]
    truth = np.array([LABELS.index(one.label) for one in examples])
    weights = balanced_weights(examples)

    def loss(temperature: float) -> float:
        chances = probabilities(scores, temperature)
        return float(-(weights * np.log(chances[np.arange(len(truth)), truth] + 1e-12)).sum())

    return round(float(minimize_scalar(loss, bounds=(0.3, 5.0), method="bounded").x), 4)


def corpus_likeness(encoder: Encoder, industry: str) -> tuple[list[dict[str, object]], list[str], NDArray[np.float64]]:
    """Return one industry's rows, its promise ids and the cosine of every text with every promise."""
    rows = list(corpus_rows([industry]))
    brand = tuple(Promise(one["id"], one["text"]) for one in corpus_promises(industry))
    texts = encoder.encode([normalise(str(row["text"])) for row in rows]).embeddings
    vectors = encoder.encode([normalise(one.text) for one in brand]).embeddings
    known = promises.EmbeddedPromises(brand, vectors, np.arange(len(brand)))
    return rows, [one.id for one in brand], promises.likeness(texts, known)


def fit_relevance(encoder: Encoder) -> dict[str, float]:
    """Return slope and threshold with the least log loss of "which promise, or none" on the tuning industries."""
    sets = [corpus_likeness(encoder, industry) for industry in TUNE_INDUSTRIES]

    def loss(values: NDArray[np.float64]) -> float:
        calibration = promises.Relevance(float(values[0]), float(values[1]))
        total, count = 0.0, 0
        for rows, ids, cosines in sets:
            chances = promises.relevance(cosines, calibration)
            for row, chance in zip(rows, chances, strict=True):
                spoken = [ids.index(name) for name in dict(row["promises"])]  # type: ignore[call-overload]
                right = chance[spoken].sum() if spoken else 1 - chance.sum()
                total -= float(np.log(max(right, 1e-12)))
                count += 1
        return total / count

    best = minimize(loss, x0=np.array([15.0, 0.3]), method="Nelder-Mead")
    return {"slope": round(float(best.x[0]), 3), "threshold": round(float(best.x[1]), 4)}
