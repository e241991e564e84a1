"""Further answers from one forward pass: small linear heads on the encoder's pooled state.

`pillar` and `experience` of a text; `stance` of a text read beside a promise (kept, broken, nothing about it); `target`, the
sentiment of a text read beside the name of what it is about. Their weights lie in heads.safetensors beside those of the encoder.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file

from models.errors import ModelError

Floats = NDArray[np.float64]
FILE = "heads.safetensors"


@dataclass(frozen=True, slots=True)
class Heads:
    """Weights by name: (classes, width) and (classes,)."""

    weights: dict[str, NDArray[np.float32]]

    def scores(self, head: str, states: NDArray[np.float32]) -> Floats:
        """Return scores before the softmax, (texts, classes), for pooled states."""
        found: Floats = (states @ self.weights[f"{head}.weight"].T + self.weights[f"{head}.bias"]).astype(np.float64)
        return found

    def chances(self, head: str, states: NDArray[np.float32], temperature: float) -> Floats:
        """Return probabilities, (texts, classes): softmax at a temperature."""
        return softmax(self.scores(head, states) / temperature)


def softmax(scores: Floats) -> Floats:
    """Return the softmax over the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    found: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return found


def load_heads(folder: Path) -> Heads | None:
    """Return the heads beside the weights in `folder`; None where there are none.

    Raises:
        ModelError: the file is there but damaged.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        return Heads({name: value.astype(np.float32) for name, value in load_file(path).items()})
    except (SafetensorError, OSError, ValueError) as error:
        raise ModelError(f"{path} is damaged ({error}); reinstall promisewatch or remove the file") from error
