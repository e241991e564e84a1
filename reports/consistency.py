"""How evenly a promise is delivered (METRICS 16): what weeks, sources or segments differ by, over what sample size alone gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from reports.delivery import POINT_STRENGTH, StanceTable, posterior, promise_rng
from reports.evidence import AdvertisedPromise
from reports.findings import Consistency
from reports.statistics import MIN_EFFECTIVE, TAILS, BetaPrior, Floats, Interval, benjamini_hochberg

MIN_GROUP = 5.0
"""Effective voices under which a group does not count."""
_STEPS = 20
_TIE = 1e-9
_WORLDS = 300
_WORLDS_OF_CHANCE = 2000


@dataclass(frozen=True, slots=True)
class Spread:
    """`spread` is the standard deviation (0–0.5) of the groups' true shares; `p` says how often chance alone scatters as much."""

    spread: float
    interval: Interval
    p: float


def spread_of_shares(kept: Floats, n: Floats, rng: np.random.Generator) -> Spread:
    """How far the true shares of groups lie apart, given `kept` of `n` (effective) voices in each.

    The shares are taken to be beta distributed around the common one. For a ladder of standard deviations, worlds are drawn and
    their chi-square is held against the observed one: the estimate is where half of the worlds scatter as much, the bounds are
    where 2.5 % and 97.5 % do (a parametric bootstrap, inverted). Less scatter than chance usually gives narrows no bound.
    """
    mean = float((kept.sum() + 0.5) / (n.sum() + 1))
    ladder = np.linspace(0, 1, _STEPS) ** 1.5 * 0.98 * np.sqrt(mean * (1 - mean))
    seen = float(_scatter(kept[None, :], n)[0])
    chance = _worlds(mean, 0.0, n, _WORLDS_OF_CHANCE, rng)
    usual = max(seen, float(np.median(chance)))
    curve = [(_exceeded(chance, seen), _exceeded(chance, usual))]
    for spread in ladder[1:]:
        worlds = _worlds(mean, float(spread), n, _WORLDS, rng)
        curve.append((_exceeded(worlds, seen), _exceeded(worlds, usual)))
    as_seen, as_usual = np.maximum.accumulate(np.array(curve)).T
    low, middle = (float(np.interp(at, as_seen, ladder)) for at in (TAILS[0], 0.5))
    p = (float((chance >= seen - _TIE).sum()) + 1) / (chance.size + 1)
    return Spread(middle, (low, float(np.interp(TAILS[1], as_usual, ladder))), p)


def _worlds(mean: float, spread: float, n: Floats, worlds: int, rng: np.random.Generator) -> Floats:
    """The scatter of worlds whose true shares lie `spread` apart."""
    share: float | Floats = mean
    if spread > 0:
        strength = mean * (1 - mean) / spread**2 - 1
        share = rng.beta(max(mean * strength, 1e-3), max((1 - mean) * strength, 1e-3), size=(worlds, n.size))
    whole = np.maximum(np.rint(n), 1).astype(np.int64)
    return _scatter(rng.binomial(whole, share, size=(worlds, n.size)) * (n / whole), n)


def _exceeded(worlds: Floats, seen: float) -> float:
    """The share of worlds that scatter more; of those that scatter as much, half (mid-p: there are few values where n is small)."""
    more, as_much = (worlds > seen + _TIE).sum(), (np.abs(worlds - seen) <= _TIE).sum()
    return (float(more) + float(as_much) / 2 + 0.5) / (worlds.size + 1)


def _scatter(kept: Floats, n: Floats) -> Floats:
    """Chi-square of the groups' shares around the common one, for each row."""
    mean = np.clip((kept.sum(axis=1, keepdims=True) + 0.5) / (n.sum() + 1), 1e-6, 1 - 1e-6)
    return np.asarray(((kept - n * mean) ** 2 / (n * mean * (1 - mean))).sum(axis=1))


def consistencies(
    promises: Sequence[AdvertisedPromise], groups: Mapping[str, Mapping[str, Mapping[str, StanceTable]]], seed: int
) -> tuple[Consistency, ...]:
    """Each promise between weeks, sources and segments: `groups[between][promise][value]` are its stances. p is adjusted.

    None without twelve effective voices in two groups of five or more. A dimension of one value is left out.
    """
    several = {between: by for between, by in groups.items() if any(len(tables) > 1 for tables in by.values())}
    found = []
    for promise in promises:
        rng = promise_rng(seed, promise)
        for between, tables in several.items():
            heard = {value: table for value, table in tables.get(promise.id, {}).items() if table.n_eff >= MIN_GROUP}
            found.append(_measure(promise, between, heard, rng))
    adjusted = iter(benjamini_hochberg([one.p for one in found if one.p is not None]))
    return tuple(one if one.p is None else replace(one, p=next(adjusted)) for one in found)


def _measure(promise: AdvertisedPromise, between: str, heard: Mapping[str, StanceTable], rng: np.random.Generator) -> Consistency:
    counts = [table.counts for table in heard.values()]
    n_eff = np.array([table.n_eff for table in heard.values()])
    result = Consistency(
        promise=promise.id,
        text=promise.text,
        between=between,
        groups=len(heard),
        n=sum(k + b for k, b in counts),
        spread=None,
        interval=None,
        p=None,
        low=None,
        high=None,
    )
    if len(heard) < 2 or n_eff.sum() < MIN_EFFECTIVE:
        return result
    share = np.array([k / (k + b) for k, b in counts])
    found = spread_of_shares(share * n_eff, n_eff, rng)
    prior = BetaPrior(float((share * n_eff).sum() / n_eff.sum()), POINT_STRENGTH)
    delivered = sorted((100 * posterior(table, prior).mean, value) for value, table in heard.items())
    low, high = found.interval
    return replace(
        result,
        spread=100 * found.spread,
        interval=(100 * low, 100 * high),
        p=found.p,
        low=(delivered[0][1], delivered[0][0]),
        high=(delivered[-1][1], delivered[-1][0]),
    )


def by_value(values: Sequence[str], table: StanceTable) -> dict[str, StanceTable]:
    """The rows of a table by the value of each."""
    named = np.array(values, dtype=object)
    return {value: table.where(_mask(named == value)) for value in dict.fromkeys(values)}


def _mask(chosen: object) -> NDArray[np.bool_]:
    return np.asarray(chosen, dtype=np.bool_)
