"""How a model errs about promises, by what people said of what it read; and the share kept behind what it says it read.

Of the voices that the model calls kept or broken some say the other, and some nothing of the promise. How often each kind is read
as kept gives the share that a true share would be read as (Rogan & Gladen 1978). That is turned round as a posterior, so that it
stays between 0 and 1 and carries the doubt about the errors (Joseph, Gyorkos & Coupal 1995).

Without a sample there is only how it errs about hard texts on other brands; plain customers are read far better. That moves no
figure: it says how far off the figure may be.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import scipy  # loads scipy.special when it is first used

from models.known_errors import CELLS, KnownErrors
from reports.auditing import MIN_AUDITED
from reports.evidence import StanceAuditRow
from reports.statistics import DRAWS, UNIFORM, BetaPrior, Difference, Floats, difference_of_draws, effective_size

POOLED = 6.0
"""Audits that how the model reads a brand's other promises weighs, at most, beside those of a promise itself."""
MOST = 1000.0
"""Effective voices above which the doubt about the errors is all the doubt there is."""
LIKE_EACH_OTHER = (2.0, 60.0)
"""Voices that what is common to all promises weighs, at least and at most, in how one of them is read."""
_DRAWS = 64
_CELLS = 200
_GRID = (np.arange(_CELLS) + 0.5) / _CELLS
_JEFFREYS = 0.5
_SAID = ("kept", "broken", "none")
_KEPT, _BROKEN, _NONE = ([(said, read) for read in ("kept", "broken")] for said in _SAID)
_RATES = (*(([side[0]], [side[1]]) for side in (_KEPT, _BROKEN, _NONE)), (_NONE, [*_KEPT, *_BROKEN]))
"""Of what each rate is the share: how often kept, broken, neither are read as kept, and how much is neither."""
_Cells = Counter[tuple[str, str]]
_Counts = Mapping[tuple[str, str], int]


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
        logged = self._logged(kept, broken, prior)
        weight = np.exp(logged - logged.max()).sum(axis=0)
        weight /= weight.sum()
        mean = float(weight @ _GRID)
        return BetaPrior(mean, mean * (1 - mean) / max(float(weight @ (_GRID - mean) ** 2), 1e-9) - 1)

    def difference(
        self,
        parts: tuple[tuple[float, float], tuple[float, float]],
        priors: tuple[BetaPrior, BetaPrior],
        rng: np.random.Generator,
    ) -> Difference:
        """Difference of the shares kept in two parts, each by its effective voices: the model errs alike in both."""
        sides = [self._logged(*part, prior) for part, prior in zip(parts, priors, strict=True)]
        likely = [np.exp(side - side.max(axis=1, keepdims=True)) for side in sides]
        weight = sum(side.max(axis=1) + np.log(one.sum(axis=1)) for side, one in zip(sides, likely, strict=True))
        errors = rng.choice(_DRAWS, size=DRAWS, p=np.exp(weight - weight.max()) / np.exp(weight - weight.max()).sum())
        drawn = []
        for one in likely:
            below = np.cumsum(one, axis=1) / one.sum(axis=1, keepdims=True)
            place = (rng.random(DRAWS)[:, None] > below[errors]).sum(axis=1)
            drawn.append((place.clip(max=_CELLS - 1) + rng.random(DRAWS)) / _CELLS)
        means = [self.posterior(*part, prior).mean for part, prior in zip(parts, priors, strict=True)]
        shift = means[1] - means[0] - float((drawn[1] - drawn[0]).mean())
        return difference_of_draws(drawn[0], drawn[1] + shift, means[1] - means[0])

    def _logged(self, kept: float, broken: float, prior: BetaPrior) -> Floats:
        """Log of what is likely (draws × grid)."""
        left = np.maximum(np.array([kept, broken]) - np.array(self.read), 0.0)
        k, b = left * min(1.0, MOST / max(left.sum(), 1.0))
        if_kept, if_broken, if_neither, neither = (column[:, None] for column in self.rates.T)
        as_kept = (1 - neither) * (_GRID * if_kept + (1 - _GRID) * if_broken) + neither * if_neither
        # Half a voice a side at least (Jeffreys): a prior that believes in nothing but 0 or 1 would outweigh what was read.
        alpha = max(prior.mean * prior.strength, _JEFFREYS) + self.said[0]
        beta = max((1 - prior.mean) * prior.strength, _JEFFREYS) + self.said[1]
        likelihood = scipy.special.xlogy(k, as_kept) + scipy.special.xlogy(b, 1 - as_kept)
        return np.asarray(likelihood + (alpha - 1) * np.log(_GRID) + (beta - 1) * np.log1p(-_GRID))


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


def _rates(mine: _Counts, others: _Counts, rng: np.random.Generator) -> Floats:
    columns = []
    for sides in _RATES:
        own, lent = (np.array([sum(rows.get(cell, 0) for cell in side) for side in sides], np.float64) for rows in (mine, others))
        weight = own + lent * min(1.0, POOLED / max(lent.sum(), 1.0)) + _JEFFREYS
        columns.append(rng.beta(weight[0], weight[1], size=_DRAWS))
    return np.stack(columns, axis=1)


@lru_cache(maxsize=4)
def elsewhere(known: KnownErrors) -> Misreading | None:
    """How the model would err about a promise of a brand that it has not met; None where that was not measured.

    A promise's rates are drawn from a beta distribution. Industries are drawn anew every time (whole, since promises of one may be
    alike), and from them its mean and strength by their beta-binomial likelihood.
    """
    if not known.promises:
        return None
    rng = np.random.default_rng(0)
    names = sorted({one.industry for one in known.promises})
    industry = np.array([names.index(one.industry) for one in known.promises])
    counts = np.array([one.counts for one in known.promises])
    means, strengths = (axis.ravel() for axis in np.meshgrid(np.linspace(0.01, 0.99, 50), np.geomspace(*LIKE_EACH_OTHER, 15)))
    alpha, beta = means * strengths, (1 - means) * strengths
    drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=_DRAWS)
    columns = []
    for sides in _RATES:
        k, b = (counts[:, [CELLS.index(cell) for cell in side]].sum(axis=1)[:, None] for side in sides)
        likelihood = scipy.special.betaln(alpha + k, beta + b) - scipy.special.betaln(alpha, beta)
        of_industry = np.zeros((len(names), means.size))
        np.add.at(of_industry, industry, likelihood)
        logged = drawn @ of_industry
        below = np.cumsum(np.exp(logged - logged.max(axis=1, keepdims=True)), axis=1)
        place = (rng.random(_DRAWS)[:, None] * below[:, -1:] > below).sum(axis=1)
        columns.append(rng.beta(alpha[place], beta[place]))
    return Misreading(np.clip(np.stack(columns, axis=1), 1e-4, 1 - 1e-4))
