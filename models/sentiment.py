"""Three-way sentiment with calibrated probabilities."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError
from models.reading import LABELS, Sentiment

NEUTRAL = LABELS.index("neutral")
_ALIASES = {
    "negative": ("negative", "neg", "label_0"),
    "neutral": ("neutral", "neu", "label_1"),
    "positive": ("positive", "pos", "label_2"),
}


def columns(labels: Sequence[str]) -> list[int]:
    """Return where a model's own labels stand for negative, neutral and positive.

    Raises:
        ModelError: the model has other classes than these three.
    """
    lowered = [label.lower() for label in labels]
    found = [next((lowered.index(name) for name in _ALIASES[label] if name in lowered), -1) for label in LABELS]
    if -1 in found or len(lowered) != len(LABELS):
        raise ModelError(
            f"the model's labels are {', '.join(labels)}; it must have negative, neutral and positive: give another [model] name"
        )
    return found


def probabilities(scores: NDArray[np.float32], temperature: float) -> NDArray[np.float64]:
    """Return calibrated probabilities, (texts, 3), from scores: softmax at a temperature (Guo et al. 2017)."""
    scaled = scores.astype(np.float64) / temperature
    scaled -= scaled.max(axis=1, keepdims=True)
    powers = np.exp(scaled)
    result: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return result


def sentiment(row: NDArray[np.float64]) -> Sentiment:
    """Return one row of probabilities as a record, rounded to what they are worth."""
    negative, neutral = round(float(row[0]), 4), round(float(row[1]), 4)
    return Sentiment(negative, neutral, round(1 - negative - neutral, 4))
