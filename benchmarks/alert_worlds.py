"""Made-up series with planted events: what a detector is tried on. Everything comes from a seed."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

HOUR, DAY = 3600, 86_400
START = 1_767_571_200  # a Monday
PRAISE = 0.5
"""Share of positive mentions among those that are not negative."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Event:
    kind: str
    first: int
    last: int


@dataclass
class World:
    """A series of counts (volume) or of negatives of totals (sentiment), and the rows in which each event is on.

    `positive` mentions are those from which the negative ones of an event were taken. `usual` is the truth that a detector has to find out: the mean or the share of every row without noise, bursts and events.
    """

    at: NDArray[np.int64]
    observed: Floats
    usual: Floats
    exposure: Floats | None = None
    events: list[Event] = field(default_factory=list)
    positive: Floats | None = None


def _season(at: NDArray[np.int64], strength: float, rng: np.random.Generator) -> Floats:
    hour, day = at / HOUR % 24, at // DAY % 7
    phase = rng.uniform(0, 24)
    shape = np.exp(strength * (np.cos((hour - phase) / 24 * 2 * np.pi) + 0.4 * np.cos((hour - phase) / 12 * 2 * np.pi)))
    weekday = np.exp(strength * rng.normal(0, 0.25, 7))[day]
    season = shape * weekday
    found: Floats = season / season.mean()
    return found


def _noise(rows: int, dispersion: float, memory: float, rng: np.random.Generator) -> Floats:
    """A positive factor with mean about 1 whose logarithm remembers."""
    sigma = np.sqrt(np.log1p(dispersion))
    steps = rng.normal(0, sigma * np.sqrt(1 - memory**2), rows)
    walk = np.empty(rows)
    state = rng.normal(0, sigma)
    for at in range(rows):
        state = memory * state + steps[at]
        walk[at] = state
    found: Floats = np.exp(walk - sigma**2 / 2)
    return found


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
) -> World:
    at = START + np.arange(0, days * DAY, spacing, dtype=np.int64)
    rows = len(at)
    usual = per_day * spacing / DAY * _season(at, season if spacing < DAY else season / 2, rng)
    mean = usual * _noise(rows, dispersion, memory, rng)
    for _ in range(rng.poisson(bursts * days)):
        begin, height = int(rng.integers(rows)), float(rng.pareto(2.5)) + 0.3
        _burst(mean, begin, max(1, int(rng.exponential(1.5 * HOUR) / spacing)), height)
    planted = []
    for kind, begin in zip(events, _places(rng, rows, len(events)), strict=True):
        planted.append(_plant(kind, begin, mean, spacing, rng))
    return World(at, rng.poisson(mean).astype(np.float64), usual, events=planted)


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
    elif kind == "triple":
        length = max(2, day)
        mean[begin : begin + length] *= 3
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
) -> World:
    """Negatives of totals; the share differs from row to row (beta with intra-class correlation `spread`).

    `points` sets the size of drops: the negative share rises by so much.
    """
    at = START + np.arange(0, days * DAY, spacing, dtype=np.int64)
    rows, day = len(at), max(1, DAY // spacing)
    total = rng.poisson(
        per_day * spacing / DAY * _season(at, season if spacing < DAY else season / 2, rng) * _noise(rows, 0.1, 0.3, rng)
    )
    usual = share + 0.02 * np.sin(at / DAY * 2 * np.pi)
    mean = usual.copy()
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
    negative = rng.binomial(total, own)
    praised = np.clip((PRAISE * (1 - usual) - (mean - usual)) / (1 - mean), 0.0, 1.0)
    positive = rng.binomial(total - negative, praised).astype(np.float64)
    return World(at, negative.astype(np.float64), usual, total.astype(np.float64), planted, positive)


MARKED = ("burst", "spike", "surge", "shift", "outage")


def marked_world(rng: np.random.Generator, *, days: int, spacing: int = 300) -> World:
    """Five-minute counts with strong seasons, bursts that are normal, noise, rows that are missing, and a few events of every kind
    that a person would mark."""
    at = START + np.arange(0, days * DAY, spacing, dtype=np.int64)
    rows, hour, day = len(at), HOUR // spacing, DAY // spacing
    usual = np.exp(rng.uniform(np.log(3), np.log(120))) * _season(at, rng.uniform(0.3, 0.8), rng)
    weeks = np.arange(0, rows + 7 * day, 7 * day)
    usual *= np.exp(np.interp(np.arange(rows), weeks, rng.normal(0, 0.12, len(weeks))))
    mean = usual * _noise(rows, rng.uniform(0.05, 0.3), rng.uniform(0.5, 0.95), rng)
    for _ in range(rng.poisson(rng.uniform(0.3, 2) * days)):
        _burst(mean, int(rng.integers(rows)), max(1, int(rng.exponential(0.7) * hour)), rng.uniform(0.4, 1.8))
    for _ in range(rng.poisson(0.3 * days)):
        mean[int(rng.integers(rows))] *= rng.uniform(2, 4)
    planted = []
    for begin in _places(rng, rows, int(rng.integers(2, 6))):
        kind = str(rng.choice(MARKED))
        if kind == "burst":
            length = int(rng.uniform(1, 4) * hour)
            _burst(mean, begin, length, rng.uniform(4, 12))
            length *= 2
        else:
            length, factor = {
                "spike": (int(rng.integers(1, 4)), rng.uniform(12, 40)),
                "surge": (int(rng.uniform(5, 18) * hour), rng.uniform(2.2, 4)),
                "shift": (int(rng.uniform(1, 4) * day), rng.uniform(1.8, 2.8)),
                "outage": (int(rng.uniform(2, 8) * hour), rng.uniform(0, 0.08)),
            }[kind]
            mean[begin : begin + length] *= factor
        planted.append(Event(kind, begin, min(rows - 1, begin + length)))
    heard = rng.random(rows) > 0.003
    hole = int(rng.integers(rows // 4, rows - day))
    heard[hole : hole + int(rng.integers(0, 60))] = False
    place = np.maximum(np.cumsum(heard) - 1, 0)
    events = [Event(one.kind, int(place[one.first]), int(place[one.last])) for one in planted]
    return World(at[heard], rng.poisson(mean).astype(np.float64)[heard], usual[heard], events=events)


def _burst(mean: Floats, begin: int, length: int, height: float) -> None:
    part = mean[begin : begin + 4 * length]
    part *= 1 + height * np.exp(-np.arange(len(part)) / length)
