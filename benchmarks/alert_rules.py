"""The rules that are compared, and what is counted of them: false alarms, and events found in time."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.alert_limits import openings
from benchmarks.alert_worlds import DAY, HOUR, MARKED, World
from monitor.detect import detect_each, sentiment, volume
from monitor.detection.series import Direction

LEARNT = 14 * DAY
Marks = NDArray[np.bool_]
Rule = Callable[[World], Marks]


def ours(world: World, wanted: Sequence[float], direction: Direction = "up") -> list[Marks]:
    """Where the detector's alerts are on, for several numbers of false alarms wanted."""
    at, observed = world.at.tolist(), world.observed.tolist()
    series = volume(at, observed) if world.exposure is None else sentiment(at, observed, world.exposure.tolist())
    return [judged.alert for judged in detect_each(series, wanted, direction)]


def three_sigma(world: World) -> Marks:
    """More than the mean and three standard deviations of the fortnight before."""
    value, rows = _value(world), _rows(world, 14 * DAY)
    sums, squares = (np.concatenate(([0.0], np.cumsum(value**power))) for power in (1, 2))
    ends = np.arange(rows, len(value))
    mean = (sums[ends] - sums[ends - rows]) / rows
    spread = np.sqrt(np.maximum((squares[ends] - squares[ends - rows]) / rows - mean**2, 0.0))
    marks = np.zeros(len(value), dtype=np.bool_)
    marks[rows:] = value[rows:] > mean + 3 * spread
    return marks


def ratio(world: World) -> Marks:
    """A day with half as much again as the usual day of the fortnight before."""
    value, day, rows = _value(world), _rows(world, DAY), _rows(world, 14 * DAY)
    running = np.concatenate(([0.0], np.cumsum(value)))
    ends = np.arange(rows + day, len(value)) + 1
    now, before = (running[ends] - running[ends - day]) / day, (running[ends - day] - running[ends - day - rows]) / rows
    marks = np.zeros(len(value), dtype=np.bool_)
    marks[rows + day :] = now > 1.5 * before
    return marks


def _value(world: World) -> NDArray[np.float64]:
    return world.observed if world.exposure is None else world.observed / np.maximum(world.exposure, 1)


def _rows(world: World, seconds: int) -> int:
    return max(1, seconds // int(world.at[1] - world.at[0]))


def false_alarms(worlds: Iterable[World], marks: Iterable[Marks]) -> float:
    """False alarms a month, after a fortnight in which the brand became known."""
    count = months = 0.0
    for world, mine in zip(worlds, marks, strict=True):
        count += sum(world.at[row] - world.at[0] > LEARNT for row in openings(world.at, mine))
        months += (world.at[-1] - world.at[0] - LEARNT) / (30 * DAY)
    return count / months


def found_within(worlds: Iterable[World], marks: Iterable[Marks], seconds: int) -> float:
    """Share of events in which an alert was on within so much time."""
    hits = []
    for world, mine in zip(worlds, marks, strict=True):
        for event in world.events:
            until = np.searchsorted(world.at, world.at[event.first] + seconds)
            hits.append(bool(mine[event.first : max(until, event.first + 1)].any()))
    return float(np.mean(hits))


def marked(worlds: Iterable[World], marks: Iterable[Marks]) -> tuple[dict[str, float], float]:
    """Share of the marked events found until two hours after their end, by kind and in all, and false episodes a week.

    Episodes are false where they begin neither in an event nor within a day after it, when what is over still stands out.
    """
    found: dict[str, list[bool]] = {kind: [] for kind in MARKED}
    count = weeks = 0.0
    for world, mine in zip(worlds, marks, strict=True):
        excused = np.zeros(len(world.at), dtype=np.bool_)
        for event in world.events:
            begin, end = world.at[event.first], world.at[event.last]
            found[event.kind].append(bool(mine[(world.at >= begin) & (world.at <= end + 2 * HOUR)].any()))
            excused |= (world.at >= begin - HOUR) & (world.at <= end + DAY)
        count += len(openings(world.at, mine & ~excused))
        weeks += (world.at[-1] - world.at[0]) / (7 * DAY)
    shares = {kind: float(np.mean(hits)) for kind, hits in found.items() if hits}
    return shares | {"all": float(np.mean([hit for hits in found.values() for hit in hits]))}, count / weeks
