"""Net sentiment corrected for the classifier's errors: class priors re-estimated for this brand and window (`models/priors.py`),

with a bootstrap over stories. Classes are in the order negative, neutral, positive.
"""

from typing import Any

import numpy as np

from models.priors import SMALLEST, estimate_priors, normalised
from reports.resampling import resampled
from reports.statistics import Floats, Ints

GRID = 20


def adjusted(probabilities: Floats, training: Floats, priors: Floats) -> Floats:
    """The probabilities (N×3) as they are where the classes are mixed by `priors` instead of by `training`."""
    return normalised(probabilities * (priors / normalised(training[None, :])[0]))


def bootstrap_priors(
    probabilities: Floats, n: Ints, story: Ints, training: Floats | None, *, rng: np.random.Generator, replicates: int = 500
) -> tuple[Floats, Floats]:
    """(priors 3, replicates of them B×3): a Poisson bootstrap over stories, each replicate re-estimated by EM.

    Without `training` (a model that is not calibrated) nothing is re-estimated: the shares are the mean of `probabilities`.

    Rows are first gathered in cells of a 1/20 grid of their probabilities, whose mean stands for them. A story is drawn as a
    whole; stories of the same make-up are drawn together. Half a voice of each class joins every replicate (as in Jeffreys'
    prior), so that a dozen voices who all agree still leave an interval.
    """
    means, cell = cells_of(probabilities, n)
    counts = np.bincount(cell, weights=n, minlength=len(means)).astype(np.float64)
    point = _settled(means, counts, training)
    samples = resampled(cell, n, story, len(means), rng=rng, replicates=replicates)
    doubt = rng.poisson(0.5, size=(replicates, 3)).astype(np.float64)
    with_doubt = np.concatenate([means, np.eye(3)])
    draws = _settled(with_doubt, np.hstack([samples, doubt]), training, start=point, tolerance=1e-4, iterations=100)
    return point, draws


def _settled(means: Floats, counts: Floats, training: Floats | None, **how: Any) -> Floats:
    if training is not None:
        return estimate_priors(means, counts, training, **how)
    totals = counts.sum(axis=-1, keepdims=True)
    return np.asarray(np.where(totals > 0, counts @ means, 1 / 3) / np.maximum(totals, 1.0))


def cells_of(probabilities: Floats, n: Ints, fineness: int = GRID) -> tuple[Floats, Ints]:
    """Mean probabilities of each occupied cell (C×3) of a grid, and the cell of each row."""
    clean = normalised(probabilities)
    grid = np.rint(clean[:, [0, 2]] * fineness).astype(np.int64)
    _, cell = np.unique(grid[:, 0] * (fineness + 1) + grid[:, 1], return_inverse=True)
    voices = np.maximum(np.bincount(cell, weights=n), SMALLEST)
    means = np.stack([np.bincount(cell, weights=n * clean[:, label]) / voices for label in range(3)], axis=1)
    return means, cell
