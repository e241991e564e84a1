"""How good the alerts are, on made-up histories from a fixed seed, beside the rules that vendors publish; writes docs/alert-quality.md.

python -m benchmarks.alerts [WORLDS]
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.alert_limits import Gain, knowing, points_more, praise_less, times_as_many
from benchmarks.alert_rules import Rule, false_alarms, found_within, marked, ours, ratio, three_sigma
from benchmarks.alert_worlds import DAY, HOUR, MARKED, World, marked_world, sentiment_world, volume_world
from monitor.detection.series import Direction

PAGE = Path(__file__).parents[1] / "docs" / "alert-quality.md"
SEED = 20261122
WORLDS = 24
MANY = 4
"""Histories with an event that a goal is about are so many times as many."""
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
GOAL_WORSE = (50, HOUR, 0.15)
KINDS = {"volume": VOLUMES, "sentiment": SENTIMENTS}
MOVED: tuple[tuple[str, str, int, int], ...] = (
    ("rises 2 to 3.5 times for a day or so", "surge", 6 * HOUR, 300),
    ("rises 2 to 3 times for good", "shift", 6 * HOUR, 300),
    ("creeps up over twelve days", "drift", 12 * DAY, 300),
    ("falls by 70 % or more", "fall", DAY, 300),
    ("rises 2 to 3.5 times", "surge", DAY, 10),
)


@dataclass(frozen=True)
class Calm:
    """False alarms a month of a kind of history: ours at one, 0.3 and 3 wanted, and of the published rules."""

    name: str
    figures: tuple[float, ...]


@dataclass(frozen=True)
class Found:
    """Share of events found in time: by us, by a rule that knows all (None: not asked), and by the published rules."""

    name: str
    within: int
    events: int
    ours: float
    best: float | None
    others: tuple[float, float]


def many(make: Callable[..., World], count: int, days: int, **options: object) -> list[World]:
    return [make(np.random.default_rng([SEED, number]), days=days, **options) for number in range(count)]


def calm(what: str, name: str, worlds: int) -> Calm:
    make, options = (volume_world, VOLUMES[name]) if what == "volume" else (sentiment_world, SENTIMENTS[name])
    days = {300: 70, HOUR: 180, DAY: 360}[int(options["spacing"])]
    histories = many(make, max(2, worlds // 2) if days == 70 else worlds, days, **options)
    each = [ours(world, (1, 0.3, 3)) for world in histories]
    mine = tuple(false_alarms(histories, marks) for marks in zip(*each, strict=True))
    return Calm(f"{what}: {name}", mine + tuple(false_alarms(histories, map(rule, histories)) for rule in (three_sigma, ratio)))


def tripled(name: str, worlds: int) -> Found:
    options = TRIPLED[name]
    best = _best(times_as_many(3, options.get("dispersion", 0.1)), volume_world, options, worlds)
    histories = many(volume_world, MANY // 2 * worlds, 75 if options["spacing"] == HOUR else 300, events=("triple",) * 2, **options)
    return _found(f"volume of {name}, triples", 2 * int(options["spacing"]), histories, best)


def moved(words: str, kind: str, within: int, per_day: int, worlds: int) -> Found:
    histories = many(volume_world, worlds, 60, events=(kind,), per_day=per_day, spacing=HOUR)
    return _found(f"volume of {per_day} a day {words}", within, histories, None, "both" if kind == "fall" else "up")


def worse(per_day: int, spacing: int, points: float, worlds: int) -> Found:
    known: Options = {"per_day": per_day, "spacing": spacing}
    best = _best(points_more(points), sentiment_world, known, worlds)
    count = MANY * worlds if (per_day, spacing, points) == GOAL_WORSE else 2 * worlds
    histories = many(sentiment_world, count, 60 if spacing == HOUR else 120, events=("shift",), points=points, **known)
    rows = ", daily" if spacing == DAY else ""
    return _found(f"negative share of {per_day} a day{rows} rises by {100 * points:g} points", 2 * DAY, histories, best)


def praise(worlds: int) -> float:
    """What a rule that knew all, the positive mentions as well, would find of 15 net points from positive to negative."""
    known: Options = {"per_day": 50, "spacing": HOUR}
    best = _best(praise_less(0.075), sentiment_world, known, worlds)
    histories = many(sentiment_world, MANY * worlds, 60, events=("shift",), points=0.075, **known)
    return found_within(histories, map(best, histories), 2 * DAY)


def episodes(worlds: int) -> list[tuple[str, dict[str, float], float]]:
    """Each rule's shares of the marked events found, and its false episodes a week."""
    series = many(marked_world, worlds, 56)
    one, three = zip(*(ours(world, (1, 3), "both") for world in series), strict=True)
    rules = {
        "one false alarm a month wanted": one,
        "three a month wanted": three,
        "mean + 3σ": map(three_sigma, series),
        "ratio": map(ratio, series),
    }
    return [(name, *marked(series, marks)) for name, marks in rules.items()]


def _found(name: str, within: int, histories: Sequence[World], best: Rule | None, direction: Direction = "up") -> Found:
    mine = [ours(world, (1,), direction)[0] for world in histories]
    others = [found_within(histories, map(rule, histories), within) for rule in (three_sigma, ratio)]
    known = None if best is None else found_within(histories, map(best, histories), within)
    events = sum(len(world.events) for world in histories)
    return Found(name, within, events, found_within(histories, mine, within), known, (others[0], others[1]))


def _best(gain: Gain, make: Callable[..., World], options: Options, worlds: int) -> Rule:
    return knowing(gain, many(make, worlds, 180 if options["spacing"] == HOUR else 720, **options))


def page(worlds: int) -> Iterator[str]:
    """Yield the lines of the page."""
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        quiet = [pool.submit(calm, what, name, worlds) for what in ("volume", "sentiment") for name in KINDS[what]]
        tripling = [pool.submit(tripled, name, worlds) for name in TRIPLED]
        moving = [pool.submit(moved, *one, worlds) for one in MOVED]
        worsening = [pool.submit(worse, *one, worlds) for one in WORSE]
        praised, told = pool.submit(praise, worlds), pool.submit(episodes, worlds)
        calms = [one.result() for one in quiet]
        founds = [one.result() for one in (*tripling, *moving, *worsening)]
        yield from _goals(calms, founds, praised.result(), told.result(), worlds)
    yield from (
        "## False alarms a month, where nothing happens",
        "",
        "| history | one a month wanted | 0.3 wanted | 3 wanted | mean + 3σ | ratio |",
        "|---|---|---|---|---|---|",
        *(f"| {one.name} | " + " | ".join(f"{figure:.2f}" for figure in one.figures) + " |" for one in calms),
        "",
        "## Events found, at one false alarm a month",
        "",
        "| event | within | events | found | knowing all | mean + 3σ | ratio |",
        "|---|---|---|---|---|---|---|",
        *(_row(one) for one in founds),
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
    for name, shares, false in told.result():
        figures = [f"{shares.get(kind, 0.0):.0%}" for kind in ("all", *MARKED)]
        yield f"| {name} | {false:.2f} | {' | '.join(figures)} |"


def _goals(
    calms: Sequence[Calm], founds: Sequence[Found], praised: float, told: list[tuple[str, dict[str, float], float]], worlds: int
) -> Iterator[str]:
    yield from (
        "# How good the alerts are",
        "",
        f"Written by `make bench-alerts`: {worlds} made-up histories of each calm kind, and {MANY * worlds} events of each kind that a goal",
        "is about, from a fixed seed that nothing was tuned on. What the detector does is told in [alerts](alerts.md). Beside it stand the",
        "rules that vendors publish, the mean and three standard deviations of the last fortnight and half as much again as the last",
        "fortnight's usual day, and what hardly any rule can do better: a CUSUM that knows the true rate of every row and the size of the",
        "change beforehand, at one opening a month. Where that is under a goal, hardly any detector reaches it; of bursts it knows nothing.",
        "",
        "## Goals",
        "",
        "| goal | wanted | reached | knowing all |",
        "|---|---|---|---|",
    )
    often = [one.figures[0] for one in calms]
    inside = sum(0.3 <= one <= 1.5 for one in often)
    kinds = f"{inside} of {len(often)} kinds of history"
    yield f"| false alarms a month, where one was wanted | 0.3 to 1.5 | {min(often):.2f} to {max(often):.2f}: {kinds} | – |"
    by_name = {one.name: one for one in founds}
    drop = by_name["negative share of 50 a day rises by 15 points"]
    half = by_name["negative share of 50 a day rises by 7.5 points"]
    turned = "of net sentiment at 50 a day, found within two days"
    yield f"| 15 points {turned}: from neutral to negative | 90% | {_share(drop.ours)} | {_share(drop.best)} |"
    both = f"{_share(half.best)}, and {_share(praised)} by praise and blame together"
    yield f"| the same: from positive to negative | 90% | {_share(half.ours)} | {both} |"
    for one in founds:
        if one.name.endswith("triples"):
            yield f"| {one.name}, found within two intervals | 95% | {_share(one.ours)} | {_share(one.best)} |"
    _, shares, false = told[0]
    yield f"| five-minute series: false episodes a week | under 1 | {false:.2f} | – |"
    yield f"| five-minute series: marked events found | 80% | {_share(shares['all'])} | – |"
    yield ""


def _row(one: Found) -> str:
    time = f"{one.within // DAY} days" if one.within >= 2 * DAY else f"{one.within // HOUR} hours"
    figures = (one.ours, one.best, *one.others)
    return f"| {one.name} | {time} | {one.events} | " + " | ".join(_share(figure) for figure in figures) + " |"


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


if __name__ == "__main__":
    lines = []
    for line in page(int(sys.argv[1]) if len(sys.argv) > 1 else WORLDS):
        print(line, flush=True)
        lines.append(line)
    PAGE.write_text("\n".join([*lines, ""]), encoding="utf-8")
