"""How good the alerts are, on made-up histories from a fixed seed, beside the rules that vendors publish; writes docs/alert-quality.md.

python -m benchmarks.alerts [WORLDS]
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.alert_limits import Gain, knowing, openings, points_more, times_as_many
from benchmarks.alert_worlds import DAY, HOUR, MARKED, World, marked_world, sentiment_world, volume_world
from monitor.detect import detect, sentiment, volume
from monitor.detection.series import Direction

PAGE = Path(__file__).parents[1] / "docs" / "alert-quality.md"
SEED = 20261122
LEARNT = 14 * DAY
Marks = NDArray[np.bool_]
Rule = Callable[[World], Marks]
Options = dict[str, float]

VOLUMES: dict[str, Options] = {
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
SENTIMENTS: dict[str, Options] = {
    "10 a day, hourly": {"per_day": 10, "spacing": HOUR},
    "50 a day, hourly": {"per_day": 50, "spacing": HOUR},
    "50 a day, daily": {"per_day": 50, "spacing": DAY},
    "2,000 a day, hourly": {"per_day": 2000, "spacing": HOUR},
}
TRIPLED: dict[str, Options] = {
    "10 a day, daily": {"per_day": 10, "spacing": DAY},
    "50 a day, daily": {"per_day": 50, "spacing": DAY},
    "300 a day, hourly": {"per_day": 300, "spacing": HOUR},
    "2,000 a day, hourly": {"per_day": 2000, "spacing": HOUR},
    "2,000 a day, hourly, that scatter little": {"per_day": 2000, "spacing": HOUR, "dispersion": 0.03},
    "300 a day, bursty, hourly": VOLUMES["300 a day, bursty, hourly"],
}
WORSE = ((50, HOUR, 0.075), (50, HOUR, 0.15), (50, DAY, 0.15), (50, HOUR, 0.3), (500, HOUR, 0.075), (500, HOUR, 0.15))


def ours(wanted: float, direction: Direction = "up") -> Rule:
    def judge(world: World) -> Marks:
        if world.exposure is None:
            return detect(volume(world.at, world.observed), wanted, direction).alert  # type: ignore[arg-type]
        return detect(sentiment(world.at, world.observed, world.exposure), wanted).alert  # type: ignore[arg-type]

    return judge


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


def false_alarms(worlds: Iterable[World], rule: Rule) -> float:
    """False alarms a month, after a fortnight in which the brand became known."""
    count = months = 0.0
    for world in worlds:
        count += sum(world.at[row] - world.at[0] > LEARNT for row in openings(world.at, rule(world)))
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


def marked(worlds: Iterable[World], rule: Rule) -> tuple[dict[str, float], float]:
    """Share of the marked events found until two hours after their end, by kind and in all, and false episodes a week.

    Episodes are false where they begin neither in an event nor within a day after it, when what is over still stands out.
    """
    found: dict[str, list[bool]] = {kind: [] for kind in MARKED}
    count = weeks = 0.0
    for world in worlds:
        marks, excused = rule(world), np.zeros(len(world.at), dtype=np.bool_)
        for event in world.events:
            begin, end = world.at[event.first], world.at[event.last]
            found[event.kind].append(bool(marks[(world.at >= begin) & (world.at <= end + 2 * HOUR)].any()))
            excused |= (world.at >= begin - HOUR) & (world.at <= end + DAY)
        count += len(openings(world.at, marks & ~excused))
        weeks += (world.at[-1] - world.at[0]) / (7 * DAY)
    shares = {kind: float(np.mean(hits)) for kind, hits in found.items() if hits}
    return shares | {"all": float(np.mean([hit for hits in found.values() for hit in hits]))}, count / weeks


def many(make: Callable[..., World], count: int, days: int, **options: object) -> list[World]:
    return [make(np.random.default_rng([SEED, number]), days=days, **options) for number in range(count)]


def calm(make: Callable[..., World], options: Options, worlds: int) -> list[World]:
    days = {300: 70, HOUR: 180, DAY: 360}[int(options["spacing"])]
    return many(make, max(2, worlds // 2) if days == 70 else worlds, days, **options)


def page(worlds: int) -> Iterator[str]:
    """Yield the lines of the page."""
    yield from (
        "# How good the alerts are",
        "",
        f"Written by `make bench-alerts`: {worlds} made-up histories of each kind, from a fixed seed. What the detector does is told in",
        "[alerts](alerts.md). Beside it stand the rules that vendors publish, the mean and three standard deviations of the last fortnight and",
        "half as much again as the last fortnight's usual day, and what hardly any rule can do better: a CUSUM that knows the true rate",
        "of every row and the size of the change beforehand, at one opening a month.",
        "",
        "## False alarms a month, where nothing happens",
        "",
        "| history | one a month wanted | 0.3 wanted | 3 wanted | mean + 3σ | ratio |",
        "|---|---|---|---|---|---|",
    )
    rules = (ours(1), ours(0.3), ours(3), three_sigma, ratio)
    for what, make, kinds in (("volume", volume_world, VOLUMES), ("sentiment", sentiment_world, SENTIMENTS)):
        for name, options in kinds.items():
            histories = calm(make, options, worlds)
            yield f"| {what}: {name} | " + " | ".join(f"{false_alarms(histories, rule):.2f}" for rule in rules) + " |"
    yield from (
        "",
        "## Events found, at one false alarm a month",
        "",
        "| event | within | found | knowing all | mean + 3σ | ratio |",
        "|---|---|---|---|---|---|",
    )
    for name, within, happened, best, direction in _events(worlds):
        rules = (ours(1, direction), *((best,) if best else ()), three_sigma, ratio)
        figures = [f"{found_within(happened, rule, within):.0%}" for rule in rules]
        figures[1:1] = [] if best else ["–"]
        time = f"{within // DAY} days" if within >= 2 * DAY else f"{within // HOUR} hours"
        yield f"| {name} | {time} | " + " | ".join(figures) + " |"
    yield from (
        "",
        "Sentiment falls by so many net points where as many mentions turn from neutral to negative; where they turn from positive to",
        "negative, the negative share rises by half of them.",
        "",
        "## Marked events in five-minute series",
        "",
        "Eight weeks of 900 to 35,000 mentions a day with strong seasons, bursts that are normal, noise and rows that are missing; a person",
        "would mark two to five events: bursts of hours (5 to 13 times), spikes of minutes, surges, days on a higher level, and outages.",
        "",
        f"| rule | false episodes a week | all found | {' | '.join(MARKED)} |",
        f"|---|---|---|{'---|' * len(MARKED)}",
    )
    series = many(marked_world, worlds, 56)
    for name, rule in (
        ("one false alarm a month wanted", ours(1, "both")),
        ("three a month wanted", ours(3, "both")),
        ("mean + 3σ", three_sigma),
        ("ratio", ratio),
    ):
        shares, false = marked(series, rule)
        figures = [f"{shares.get(kind, 0.0):.0%}" for kind in ("all", *MARKED)]
        yield f"| {name} | {false:.2f} | {' | '.join(figures)} |"


def _events(worlds: int) -> Iterator[tuple[str, int, Sequence[World], Rule | None, Direction]]:
    """Yield what happens, within which time it is to be found, its histories, the rule that knows all, and the direction."""
    for name, options in TRIPLED.items():
        best = _best(times_as_many(3, options.get("dispersion", 0.1)), volume_world, options, worlds)
        days = 75 if options["spacing"] == HOUR else 300
        histories = many(volume_world, worlds, days, events=("triple",) * 2, **options)
        yield f"volume of {name}, triples", 2 * int(options["spacing"]), histories, best, "up"
    hourly = {"per_day": 300, "spacing": HOUR}
    for words, kind, within in (
        ("rises 2 to 3.5 times for a day or so", "surge", 6 * HOUR),
        ("rises 2 to 3 times for good", "shift", 6 * HOUR),
        ("creeps up over twelve days", "drift", 12 * DAY),
        ("falls by 70 % or more", "fall", DAY),
    ):
        histories = many(volume_world, worlds, 60, events=(kind,), **hourly)
        yield f"volume of 300 a day {words}", within, histories, None, "both" if kind == "fall" else "up"
    few = many(volume_world, worlds, 60, events=("surge",), per_day=10, spacing=HOUR)
    yield "volume of 10 a day rises 2 to 3.5 times", DAY, few, None, "up"
    for per_day, spacing, points in WORSE:
        known: Options = {"per_day": per_day, "spacing": spacing}
        best = _best(points_more(points), sentiment_world, known, worlds)
        histories = many(sentiment_world, 2 * worlds, 60 if spacing == HOUR else 120, events=("shift",), points=points, **known)
        rows = ", daily" if spacing == DAY else ""
        yield f"negative share of {per_day} a day{rows} rises by {100 * points:g} points", 2 * DAY, histories, best, "up"


def _best(gain: Gain, make: Callable[..., World], options: Options, worlds: int) -> Rule:
    return knowing(gain, many(make, worlds, 180 if options["spacing"] == HOUR else 720, **options))


if __name__ == "__main__":
    lines = []
    for line in page(int(sys.argv[1]) if len(sys.argv) > 1 else 16):
        print(line, flush=True)
        lines.append(line)
    PAGE.write_text("\n".join([*lines, ""]), encoding="utf-8")
