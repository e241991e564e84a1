"""How good the alerts are, on made-up histories from a fixed seed, beside the rules that vendors publish; writes docs/alert-quality.md.

python -m benchmarks.alerts [WORLDS]
"""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.alert_worlds import DAY, HOUR, World, sentiment_world, volume_world
from monitor.detect import detect, sentiment, volume

PAGE = Path(__file__).parents[1] / "docs" / "alert-quality.md"
SEED = 20261122
LEARNT = 14 * DAY
Marks = NDArray[np.bool_]
Rule = Callable[[World], Marks]

VOLUMES = {
    "stationary, 10 a day, hourly": {"per_day": 10, "spacing": HOUR, "season": 0.0, "dispersion": 1e-9},
    "sparse and seasonal, 10 a day, hourly": {"per_day": 10, "spacing": HOUR},
    "300 a day, hourly": {"per_day": 300, "spacing": HOUR},
    "300 a day, bursty, hourly": {"per_day": 300, "spacing": HOUR, "dispersion": 0.3, "memory": 0.6, "bursts": 0.3},
    "10,000 a day, hourly": {"per_day": 10_000, "spacing": HOUR, "season": 0.8},
    "50 a day, daily": {"per_day": 50, "spacing": DAY},
    "10,000 a day, bursty, every five minutes": {
        "per_day": 10_000,
        "spacing": 300,
        "bursts": 1.0,
        "dispersion": 0.2,
        "memory": 0.8,
    },
}
SENTIMENTS = {
    "10 a day, hourly": {"per_day": 10, "spacing": HOUR},
    "50 a day, hourly": {"per_day": 50, "spacing": HOUR},
    "50 a day, daily": {"per_day": 50, "spacing": DAY},
    "2,000 a day, hourly": {"per_day": 2000, "spacing": HOUR},
}


def ours(wanted: float, direction: str = "up") -> Rule:
    def judge(world: World) -> Marks:
        if world.exposure is None:
            return detect(volume(world.at, world.observed), wanted, direction).alert  # type: ignore[arg-type]
        return detect(sentiment(world.at, world.observed, world.exposure), wanted).alert

    return judge


def three_sigma(world: World) -> Marks:
    """More than the mean and three standard deviations of the fortnight before."""
    value, rows = _value(world), _rows(world, 14 * DAY)
    return np.array(
        [at >= rows and value[at] > value[at - rows : at].mean() + 3 * value[at - rows : at].std() for at in range(len(value))]
    )


def ratio(world: World) -> Marks:
    """A day with half as much again as the usual day of the fortnight before."""
    value, day, rows = _value(world), _rows(world, DAY), _rows(world, 14 * DAY)
    running = np.concatenate(([0.0], np.cumsum(value)))
    marks = np.zeros(len(value), dtype=np.bool_)
    for at in range(rows + day, len(value)):
        now, before = (running[at + 1] - running[at + 1 - day]) / day, (running[at + 1 - day] - running[at + 1 - day - rows]) / rows
        marks[at] = now > 1.5 * before
    return marks


def _value(world: World) -> NDArray[np.float64]:
    return world.observed if world.exposure is None else world.observed / np.maximum(world.exposure, 1)


def _rows(world: World, seconds: int) -> int:
    return max(1, seconds // int(world.at[1] - world.at[0]))


def openings(world: World, marks: Marks) -> list[int]:
    """Rows in which an alert begins; what comes back within a day is the same one, as it is for those who are told."""
    found: list[int] = []
    last = -np.inf
    for row in np.flatnonzero(marks).tolist():
        if world.at[row] - last > DAY:
            found.append(row)
        last = world.at[row]
    return found


def false_alarms(worlds: Iterable[World], rule: Rule) -> float:
    """False alarms a month, after a fortnight in which the brand became known."""
    count = months = 0.0
    for world in worlds:
        count += sum(world.at[row] - world.at[0] > LEARNT for row in openings(world, rule(world)))
        months += (world.at[-1] - world.at[0] - LEARNT) / (30 * DAY)
    return count / months


def found_within(worlds: Iterable[World], rule: Rule, seconds: int) -> float:
    """Share of events in which an alert was on within so much time."""
    hits = []
    for world in worlds:
        marks = rule(world)
        for event in world.events:
            until = np.searchsorted(world.at, world.at[event.first] + seconds)
            hits.append(bool(marks[event.first : max(until, event.first + 1)].any()))
    return float(np.mean(hits))


def many(make: Callable[..., World], count: int, days: int, **options: object) -> list[World]:
    return [make(np.random.default_rng([SEED, number]), days=days, **options) for number in range(count)]


def page(worlds: int) -> str:
    lines = [
        "# How good the alerts are",
        "",
        f"Written by `make bench-alerts`: {worlds} made-up histories of each kind, from a fixed seed. What the detector does is told in",
        "[alerts](alerts.md). The rules beside it are those that vendors publish: the mean and three standard deviations of the last",
        "fortnight, and half as much again as the last fortnight's usual day.",
        "",
        "## False alarms a month, where nothing happens",
        "",
        "| history | one a month wanted | 0.3 wanted | 3 wanted | mean + 3σ | ratio |",
        "|---|---|---|---|---|---|",
    ]
    rules = (ours(1), ours(0.3), ours(3), three_sigma, ratio)
    for what, make, kinds in (("volume", volume_world, VOLUMES), ("sentiment", sentiment_world, SENTIMENTS)):
        for name, options in kinds.items():
            dense = options["spacing"] == 300
            calm = many(make, max(2, worlds // 3) if dense else worlds, 42 if dense else 180, **options)
            figures = " | ".join(f"{false_alarms(calm, rule):.2f}" for rule in rules)
            lines.append(f"| {what}: {name} | {figures} |")
            print(lines[-1], flush=True)
    lines += [
        "",
        "## Events found, at one false alarm a month",
        "",
        "| event | within | found | mean + 3σ | ratio |",
        "|---|---|---|---|---|",
    ]
    for name, within, calm, direction in _events(worlds):
        figures = " | ".join(f"{found_within(calm, rule, within):.0%}" for rule in (ours(1, direction), three_sigma, ratio))
        lines.append(
            f"| {name} | {within // DAY} days | {figures} |"
            if within >= 2 * DAY
            else f"| {name} | {within // HOUR} hours | {figures} |"
        )
        print(lines[-1], flush=True)
    return "\n".join([*lines, ""])


def _events(worlds: int) -> Iterable[tuple[str, int, list[World], str]]:
    hourly = {"per_day": 300, "spacing": HOUR}
    yield (
        "volume of 300 a day rises 2 to 3.5 times for a day or so",
        2 * HOUR,
        many(volume_world, worlds, 60, events=("surge",), **hourly),
        "up",
    )
    yield "the same", 6 * HOUR, many(volume_world, worlds, 60, events=("surge",), **hourly), "up"
    yield "volume of 300 a day rises for good", 6 * HOUR, many(volume_world, worlds, 60, events=("shift",), **hourly), "up"
    yield (
        "volume of 300 a day creeps up over twelve days",
        12 * DAY,
        many(volume_world, worlds, 60, events=("drift",), **hourly),
        "up",
    )
    yield "volume of 300 a day falls by 70 % or more", DAY, many(volume_world, worlds, 60, events=("fall",), **hourly), "both"
    yield (
        "volume of 10 a day rises 2 to 3.5 times",
        DAY,
        many(volume_world, worlds, 60, events=("surge",), per_day=10, spacing=HOUR),
        "up",
    )
    for points in (0.075, 0.15, 0.3):
        worse = many(sentiment_world, worlds, 60, per_day=50, spacing=HOUR, events=("shift",), points=points)
        yield f"negative share of 50 a day rises by {100 * points:g} points", 2 * DAY, worse, "up"
    worse = many(sentiment_world, worlds, 60, per_day=500, spacing=HOUR, events=("shift",), points=0.15)
    yield "negative share of 500 a day rises by 15 points", 2 * DAY, worse, "up"


if __name__ == "__main__":
    PAGE.write_text(page(int(sys.argv[1]) if len(sys.argv) > 1 else 12), encoding="utf-8")
