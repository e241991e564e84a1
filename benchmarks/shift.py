"""Net sentiment where the mix of classes is another than that of the training: as counted, and corrected as the reports do.

Errors are those against the labels of the texts that were drawn; intervals are held against the mix that they were drawn from, since
that is what a bootstrap over stories speaks of: what customers think, of whom these happened to write.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from benchmarks.measures import Floats, Ints
from reports.ppi import NET, Labelled, Population, powered_shares
from reports.priors import bootstrap_priors

MIXES = (-80, -40, 0, 40, 80)
DRAWS, TEXTS, AUDITED = 100, 1000, 100


@dataclass(frozen=True)
class Shift:
    """Mean absolute errors of net sentiment, in points, over the draws of one mix; shares of intervals that hold the truth."""

    net: int
    raw: float
    em: float
    em_holds: float
    ppi: float
    ppi_holds: float


def shifts(truth: Ints, chances: Floats, generator: np.random.Generator) -> list[Shift]:
    """Draw texts in mixes from −80 to +80 points net, a fifth neutral, and estimate each draw's net sentiment."""
    found = []
    for net in MIXES:
        errors = []
        for chosen in draws(truth, net, generator):
            meant, said = truth[chosen], chances[chosen]
            true = _net(np.bincount(meant, minlength=3) / TEXTS)
            raw = _net(np.bincount(said.argmax(axis=1), minlength=3) / TEXTS)
            em, low, high = re_estimated(said, generator)
            ppi, half = audited(said, meant, generator)
            errors.append((abs(raw - true), abs(em - true), low <= net <= high, abs(ppi - true), abs(ppi - net) <= half))
        found.append(Shift(net, *(float(value) for value in np.mean(errors, axis=0))))
    return found


def draws(truth: Ints, net: int, generator: np.random.Generator) -> Iterator[Ints]:
    """Yield indices into `truth`, a text at most once a draw as long as there are enough of its class."""
    pools = [np.flatnonzero(truth == label) for label in range(3)]
    positive = (0.8 + net / 100) / 2
    for _ in range(DRAWS):
        counts = generator.multinomial(TEXTS, [0.8 - positive, 0.2, positive])
        yield np.concatenate([generator.choice(pool, n, replace=n > len(pool)) for pool, n in zip(pools, counts, strict=True)])


def re_estimated(said: Floats, generator: np.random.Generator) -> tuple[float, float, float]:
    """Return net sentiment with the class shares re-estimated (EM), and its interval; no label used."""
    alone = np.zeros(len(said), np.int64)
    point, replicates = bootstrap_priors(said, alone + 1, alone, np.full(3, 1 / 3), rng=generator, replicates=200)
    low, high = np.quantile(100 * replicates @ NET, (0.025, 0.975))
    return _net(point), float(low), float(high)


def audited(said: Floats, meant: Ints, generator: np.random.Generator) -> tuple[float, float]:
    """Return net sentiment by PPI++ from the labels of a random hundred, and half its interval."""
    chosen = generator.choice(len(said), AUDITED, replace=False)
    alone = np.zeros(len(said), np.int64)
    found = powered_shares(
        Labelled(meant[chosen], said[chosen], alone[chosen], np.ones(AUDITED)), Population(said, alone + 1, alone)
    )
    return _net(found.shares), 100 * float(stdtrit(AUDITED - 1, 0.975)) * float(np.sqrt(NET @ found.covariance @ NET))


def _net(shares: Floats) -> float:
    return 100 * float(shares[2] - shares[0])
