"""From scores to probabilities that mean what they say."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.heads import Floats, softmax


@dataclass(frozen=True, slots=True)
class Scaling:
    """Vector scaling with one slope for all classes (Guo et al. 2017): `biases` are added to the scores over the `temperature`."""

    temperature: float = 1.0
    biases: tuple[float, ...] = (0.0, 0.0, 0.0)

    def chances(self, scores: NDArray[np.floating]) -> Floats:
        """Return probabilities, (texts, classes), from scores of that shape."""
        return softmax(scores.astype(np.float64) / self.temperature + np.array(self.biases))


PLAIN = Scaling()


def scaling(values: dict[str, float | Sequence[float]]) -> Scaling:
    """Read what a calibration file says.

    Raises:
        ValueError, KeyError, TypeError: it says something else.
    """
    temperature, biases = values["temperature"], values["biases"]
    if not isinstance(temperature, float) or isinstance(biases, float):
        raise TypeError(f"a scaling is a temperature and biases, not {values}")
    return Scaling(temperature, tuple(float(one) for one in biases))
