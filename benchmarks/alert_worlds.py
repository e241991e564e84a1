"""Made-up series with planted events: what a detector is tried on. Everything comes from a seed."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

HOUR, DAY = 3600, 86_400
START = 1_767_571_200  # a Monday
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Event:
    kind: str
    first: int
    last: int


@dataclass
class World:
    """A series of counts (volume) or of negatives of totals (sentiment), and the rows in which each event is on."""

    name: str
    at: NDArray[np.int64]
    observed: Floats
    exposure: Floats | None = None
    events: list[Event] = field(default_factory=list)

    def labels(self) -> NDArray[np.bool_]:
        found = np.zeros(len(self.at), dtype=np.bool_)
        for one in self.events:
            found[one.first : one.last] = True
        return found


def _season(at: NDArray[np.int64], strength: float, rng: np.random.Generator) -> Floats:
    hour, day = at / HOUR % 24, at // DAY % 7
    phase = rng.uniform(0, 24)
    shape = np.exp(strength * (np.cos((hour - phase) / 24 * 2 * np.pi) + 0.4 * np.cos((hour - phase) / 12 * 2 * np.pi)))
    weekday = np.exp(strength * rng.normal(0, 0.25, 7))[day]
    season = shape * weekday
    return season / season.mean()


def _noise(rows: int, dispersion: float, memory: float, rng: np.random.Generator) -> Floats:
    """A positive factor with mean about 1 whose logarithm remembers."""
    sigma = np.sqrt(np.log1p(dispersion))
    steps = rng.normal(0, sigma * np.sqrt(1 - memory**2), rows)
    walk = np.empty(rows)
    state = rng.normal(0, sigma)
    for at in range(rows):
        state = memory * state + steps[at]
        walk[at] = state
    return np.exp(walk - sigma**2 / 2)


def volume_world(
    rng: np.random.Generator,
    *,
    per_day: float,
    spacing: int,
    days: int,
    season: float = 0.6,
    dispersion: float = 0.1,
    memory: float = 0.3,
    bursts: float = 0.0,
    events: tuple[str, ...] = (),
    name: str = "",
) -> World:
    at = START + np.arange(0, days * DAY, spacing, dtype=np.int64)
    rows = len(at)
    mean = (
        per_day * spacing / DAY * _season(at, season if spacing < DAY else season / 2, rng) * _noise(rows, dispersion, memory, rng)
    )
    for _ in range(rng.poisson(bursts * days)):
        begin, height = rng.integers(rows), rng.pareto(2.5) + 0.3
        length = max(1, int(rng.exponential(1.5 * HOUR) / spacing))
        part = slice(begin, min(rows, begin + 4 * length))
        mean[part] *= 1 + height * np.exp(-np.arange(part.stop - begin) / length)
    planted = []
    for kind, begin in zip(events, _places(rng, rows, len(events)), strict=True):
        planted.append(_plant(kind, begin, mean, spacing, rng))
    return World(name, at, rng.poisson(mean).astype(np.float64), events=planted)


def _places(rng: np.random.Generator, rows: int, count: int) -> list[int]:
    """One begin in each of `count` equal parts of the last three quarters."""
    edges = np.linspace(rows // 4, rows * 0.97, count + 1)
    return [int(rng.uniform(low, low + 0.4 * (high - low))) for low, high in pairwise(edges)]


def _plant(kind: str, begin: int, mean: Floats, spacing: int, rng: np.random.Generator) -> Event:
    day = max(1, DAY // spacing)
    rows = len(mean)
    if kind == "spike":
        length = max(1, int(rng.uniform(1, 4) * HOUR / spacing)) if spacing < DAY else 1
        mean[begin : begin + length] *= rng.uniform(3, 8)
    elif kind == "surge":
        length = max(1, int(rng.uniform(0.5, 2) * day))
        mean[begin : begin + length] *= rng.uniform(2, 3.5)
    elif kind == "fall":
        length = max(2, int(rng.uniform(1, 2) * day))
        mean[begin : begin + length] *= rng.uniform(0.0, 0.3)
    elif kind == "shift":
        mean[begin:] *= rng.uniform(2, 3)
        length = 2 * day
    elif kind == "drift":
        length = min(12 * day, rows - begin)
        mean[begin:] *= np.concatenate((top := np.linspace(1, rng.uniform(2, 3), length), np.full(rows - begin - length, top[-1])))
    elif kind == "outlier":
        mean[begin] *= rng.uniform(10, 30)
        length = 1
    else:
        raise ValueError(kind)
    return Event(kind, begin, min(rows, begin + length))


def sentiment_world(
    rng: np.random.Generator,
    *,
    per_day: float,
    spacing: int,
    days: int,
    share: float = 0.3,
    spread: float = 0.02,
    season: float = 0.5,
    events: tuple[str, ...] = (),
    points: float = 0.0,
    name: str = "",
) -> World:
    """Negatives of totals; the share differs from row to row (beta with intra-class correlation `spread`).

    `points` sets the size of drops: the negative share rises by so much.
    """
    at = START + np.arange(0, days * DAY, spacing, dtype=np.int64)
    rows, day = len(at), max(1, DAY // spacing)
    total = rng.poisson(
        per_day * spacing / DAY * _season(at, season if spacing < DAY else season / 2, rng) * _noise(rows, 0.1, 0.3, rng)
    )
    mean = np.full(rows, share) + 0.02 * np.sin(at / DAY * 2 * np.pi)
    planted = []
    for kind, begin in zip(events, _places(rng, rows, len(events)), strict=True):
        rise = points or rng.uniform(0.15, 0.3)
        length = {
            "drop": int(rng.uniform(1, 3) * day),
            "dip": max(1, int(rng.uniform(4, 10) * HOUR / spacing)),
            "shift": 2 * day,
            "drift": 10 * day,
        }[kind]
        length = max(length, 1)
        until = min(rows, begin + length)
        if kind == "shift":
            mean[begin:] += rise
        elif kind == "drift":
            mean[begin:] += np.concatenate((np.linspace(0, rise, until - begin), np.full(rows - until, rise)))
        else:
            mean[begin:until] += rise
        planted.append(Event(kind, begin, until))
    mean = np.clip(mean, 0.01, 0.95)
    own = rng.beta(mean * (1 / spread - 1), (1 - mean) * (1 / spread - 1)) if spread > 0 else mean
    return World(name, at, rng.binomial(total, own).astype(np.float64), total.astype(np.float64), planted)
