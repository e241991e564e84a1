"""The mix of classes behind a calibrated classifier's probabilities, re-estimated for other texts than it was trained on.

A calibrated classifier is calibrated for the mix that it was trained on; Saerens, Latinne & Decaestecker (2002) find the mix under
which its probabilities explain the new texts best. Classes are in the order negative, neutral, positive.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SMALLEST = 1e-9


def estimate_priors(
    probabilities: Floats,
    counts: Floats,
    training: Floats,
    *,
    start: Floats | None = None,
    tolerance: float = 1e-6,
    iterations: int = 500,
) -> Floats:
    """Class priors by EM from calibrated probabilities (N×3), each counted `counts` (N) times; `training` are the model's own.

    `counts` may hold many samples (B×N): then the priors are B×3. A sample without counts keeps the training priors.
    """
    samples = np.atleast_2d(counts)
    trained = normalised(training[None, :])[0]
    ratios = normalised(probabilities) / trained
    totals = samples.sum(axis=1, keepdims=True)
    heard = totals[:, 0] > 0
    priors = np.tile(trained if start is None else normalised(start[None, :])[0], (samples.shape[0], 1))
    priors[~heard] = trained
    moving = np.flatnonzero(heard)
    for _ in range(iterations):
        if not moving.size:
            break
        old = priors[moving]
        explained = samples[moving] / (old @ ratios.T)
        new = np.maximum(old * (explained @ ratios) / totals[moving], SMALLEST)
        new /= new.sum(axis=1, keepdims=True)
        priors[moving] = new
        moving = moving[np.abs(new - old).max(axis=1) > tolerance]
    return priors if counts.ndim == 2 else priors[0]


def normalised(probabilities: Floats) -> Floats:
    """Probabilities (N×3) that sum to 1 and are nowhere 0."""
    positive = np.maximum(np.nan_to_num(probabilities), SMALLEST)
    return np.asarray(positive / positive.sum(axis=1, keepdims=True))
