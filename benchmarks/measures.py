"""Measures of classifiers: confusion, macro recall and F1, calibration error."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def confusion(taken: Ints, truth: Ints, classes: int = 3) -> Ints:
    """Return counts, (true class, predicted class)."""
    table = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(table, (truth, taken), 1)
    return table


def macro_recall(table: Ints) -> float:
    """Return the mean of the classes' recalls."""
    return float(np.mean(np.diag(table) / np.maximum(1, table.sum(axis=1))))


def macro_f1(table: Ints, classes: Sequence[int] | None = None) -> float:
    """Return the mean of the F1 of `classes` (all of them by default)."""
    each = 2 * np.diag(table) / np.maximum(1, table.sum(axis=0) + table.sum(axis=1))
    return float(np.mean(each if classes is None else each[list(classes)]))


def calibration_error(chances: Floats, right: NDArray[np.bool_], weights: Floats | None = None, bins: int = 10) -> float:
    """Return the expected calibration error (Naeini et al. 2015) of `chances` that something is `right`; `weights` sum to 1."""
    weights = np.full(len(chances), 1 / len(chances)) if weights is None else weights
    where = np.minimum((chances * bins).astype(int), bins - 1)
    return float(sum(abs((weights * (right - chances))[where == at].sum()) for at in range(bins)))
