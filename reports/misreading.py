"""How a model errs about promises, by what people said of a random sample; and the share kept behind what it says it read.

Of the voices that the model calls kept or broken some say the other, and some nothing of the promise. How often each kind is read
as kept gives the share that a true share would be read as (Rogan & Gladen 1978). That is turned round as a posterior, so that it
stays between 0 and 1 and carries the doubt about the errors (Joseph, Gyorkos & Coupal 1995).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy  # loads scipy.special when it is first used

from reports.auditing import MIN_AUDITED
from reports.evidence import StanceAuditRow
from reports.statistics import UNIFORM, BetaPrior, Floats, effective_size

POOLED = 6.0
"""Audits that how the model reads a brand's other promises weighs, at most, beside those of a promise itself."""
MOST = 1000.0
"""Effective voices above which the doubt about the errors is all the doubt there is."""
_DRAWS = 64
_GRID = (np.arange(200) + 0.5) / 200
_JEFFREYS = 0.5
_SAID = ("kept", "broken", "none")
_Cells = Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Misreading:
    """Draws (D×4) of how often what is kept, broken or neither is read as kept, and of how much is neither.

    `said` is how many of the audited voices on the promise say kept and broken, `read` how many of them the model took as such.
    """

    rates: Floats
    said: tuple[int, int] = (0, 0)
    read: tuple[int, int] = (0, 0)

    @property
    def of_part(self) -> "Misreading":
        """The same for some of the voices: the model is taken to err alike in all of them."""
        return replace(self, said=(0, 0), read=(0, 0))

    def posterior(self, kept: float, broken: float, prior: BetaPrior) -> BetaPrior:
        """The share kept of those who say either, `kept` and `broken` effective voices being read: by its mean and its strength."""
        left = np.maximum(np.array([kept, broken]) - np.array(self.read), 0.0)
        k, b = left * min(1.0, MOST / max(left.sum(), 1.0))
        if_kept, if_broken, if_neither, neither = (column[:, None] for column in self.rates.T)
        as_kept = (1 - neither) * (_GRID * if_kept + (1 - _GRID) * if_broken) + neither * if_neither
        alpha, beta = prior.mean * prior.strength + self.said[0], (1 - prior.mean) * prior.strength + self.said[1]
        likelihood = scipy.special.xlogy(k, as_kept) + scipy.special.xlogy(b, 1 - as_kept)
        logged = likelihood + (alpha - 1) * np.log(_GRID) + (beta - 1) * np.log1p(-_GRID)
        weight = np.exp(logged - logged.max()).sum(axis=0)
        weight /= weight.sum()
        mean = float(weight @ _GRID)
        return BetaPrior(mean, mean * (1 - mean) / max(float(weight @ (_GRID - mean) ** 2), 1e-9) - 1)


def believed(kept: float, broken: float, misread: Misreading) -> tuple[float, float]:
    """As how many effective voices, read without error, `kept` and `broken` are worth."""
    share = misread.posterior(kept, broken, UNIFORM)
    return (max(share.mean * share.strength - 1, 0.0), max((1 - share.mean) * share.strength - 1, 0.0))


def misreadings(audits: Sequence[StanceAuditRow], promises: Sequence[str]) -> Mapping[str, Misreading]:
    """How the model errs about each promise, and about all of them (""); empty where too few were audited to say.

    A promise's own audits count with those of the others beside them, which weigh `POOLED` at most: models err in other ways about
    other promises, and few audits fall on each.
    """
    rows = [row for row in audits if row.promise in promises]
    worth = effective_size(np.ones(len(rows), dtype=np.int64), np.array([row.story for row in rows], dtype=np.int64))
    if worth < MIN_AUDITED:
        return {}
    counts = {name: _Cells((row.said, row.read) for row in rows if row.promise == name) for name in promises}
    everything = _Cells((row.said, row.read) for row in rows)
    rng = np.random.default_rng(len(rows))
    found = {"": Misreading(_rates(everything, _Cells(), rng))}
    for name, mine in counts.items():
        said = (mine["kept", "kept"] + mine["kept", "broken"], mine["broken", "kept"] + mine["broken", "broken"])
        read = (sum(mine[one, "kept"] for one in _SAID), sum(mine[one, "broken"] for one in _SAID))
        found[name] = Misreading(_rates(mine, everything - mine, rng), said, read)
    return found


def _rates(mine: Mapping[tuple[str, str], int], others: Mapping[tuple[str, str], int], rng: np.random.Generator) -> Floats:
    sides = [[(said, read) for read in ("kept", "broken")] for said in _SAID]
    pairs = [*(([side[0]], [side[1]]) for side in sides), (sides[2], [*sides[0], *sides[1]])]
    columns = []
    for first, second in pairs:
        own = np.array([sum(mine.get(cell, 0) for cell in cells) for cells in (first, second)], dtype=np.float64)
        lent = np.array([sum(others.get(cell, 0) for cell in cells) for cells in (first, second)], dtype=np.float64)
        weight = own + lent * min(1.0, POOLED / max(lent.sum(), 1.0)) + _JEFFREYS
        columns.append(rng.beta(weight[0], weight[1], size=_DRAWS))
    return np.stack(columns, axis=1)
