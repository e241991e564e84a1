"""Prediction-powered inference: class shares from what a model says of all and a person says of a few (METRICS, "the model errs").

PPI++ of Angelopoulos, Duchi & Zrnic (2023, arXiv:2311.01453) for a mean, written over one population of which the labelled are a
random part: θ = Ȳ + λ·(f̄ of all − f̄ of the labelled). λ is tuned to the least variance of net sentiment; with λ = 0 only the
labels count. Variances come from sums over stories, so that voices who share a text weigh as one. Classes are in the order
negative, neutral, positive.
"""

from dataclasses import dataclass

import numpy as np

from reports.statistics import Floats, Ints, effective_size

NET = np.array([-1.0, 0.0, 1.0])
"""Net sentiment as a sum over class shares."""


@dataclass(frozen=True, slots=True)
class Population:
    """All units as rows: the model's class probabilities (N×3), each standing for `n` units of `story` (0: one of its own each)."""

    predicted: Floats
    n: Ints
    story: Ints


@dataclass(frozen=True, slots=True)
class Labelled:
    """The units that a person labelled (0–2): the model's probabilities of the same units, their stories, their weights.

    Weights make up for unequal rates of sampling; their scale does not matter.
    """

    label: Ints
    predicted: Floats
    story: Ints
    weight: Floats


@dataclass(frozen=True, slots=True)
class Powered:
    """Class shares (3) with their covariance, and `shift`, by how much the labels move the model's own shares, with its own."""

    shares: Floats
    covariance: Floats
    shift: Floats
    shift_covariance: Floats
    power: float


def powered_shares(labelled: Labelled, everyone: Population) -> Powered:
    """Class shares of `everyone` by PPI++. There are at least two `labelled` units, and they are among `everyone`.

    Half a voice of each class joins the variance (as in Jeffreys' prior), so that a model that erred nowhere leaves a doubt.
    """
    size, total = labelled.label.size, float(everyone.n.sum())
    weight = (labelled.weight / labelled.weight.sum())[:, None]
    said = np.eye(3)[labelled.label]
    mean_said, mean_read = (weight * said).sum(axis=0), (weight * labelled.predicted).sum(axis=0)
    mean_all = everyone.n @ everyone.predicted / total

    # What each unit adds to θ is `by_label` + λ·(`by_rank` − `by_read`).
    by_label, by_read = weight * (said - mean_said), weight * (labelled.predicted - mean_read)
    by_rank = (labelled.predicted - mean_all) / total
    rows = everyone.n[:, None] * (everyone.predicted - mean_all) / total

    own, alone = labelled.story == 0, everyone.story == 0
    _, index = np.unique(np.concatenate([everyone.story[~alone], labelled.story[~own]]), return_inverse=True)
    of_rows, of_labelled = index[: int((~alone).sum())], index[int((~alone).sum()) :]
    stories = int(index.max(initial=-1)) + 1
    ranks = np.concatenate([by_rank[own], _summed(rows[~alone], of_rows, stories)])
    labels = np.concatenate([by_label[own], _summed(by_label[~own], of_labelled, stories)])
    reads = np.concatenate([by_read[own], _summed(by_read[~own], of_labelled, stories)])
    # Units of their own that nobody labelled vary as the rows do, less the labelled ones, which are counted above.
    spread = (everyone.predicted[alone] - mean_all) / total
    rest = spread.T @ (spread * everyone.n[alone, None]) - by_rank[own].T @ by_rank[own]

    moved = ranks - reads
    steepness = float(NET @ (moved.T @ moved + rest) @ NET)
    power = float(np.clip(-(NET @ labels.T @ moved @ NET) / steepness, 0.0, 1.0)) if steepness > 0 else 0.0
    shares = mean_said + power * (mean_all - mean_read)
    doubt = 0.5 * sum(np.outer(one - shares, one - shares) for one in np.eye(3)) / (size + 1.5) ** 2
    worth = max(effective_size(np.ones(size, dtype=np.int64), labelled.story), 2.0)
    small = worth / (worth - 1)

    def covariance(influence: Floats, unlabelled: float) -> Floats:
        return np.asarray(small * (influence.T @ influence + unlabelled * rest) + doubt)

    return Powered(
        shares=shares,
        covariance=covariance(labels + power * moved, power**2),
        shift=shares - mean_all,
        shift_covariance=covariance(labels + power * moved - ranks, (power - 1) ** 2),
        power=power,
    )


def _summed(rows: Floats, group: Ints, groups: int) -> Floats:
    sums = np.zeros((groups, 3))
    np.add.at(sums, group, rows)
    return sums
