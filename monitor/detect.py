"""Which rows of a series stand out, each judged from itself and earlier ones alone: the detector of alerts, backtests and `detect`.

baseline (what was to be expected) ──► windows (how unlikely) ──► calibration (how often by chance) ──► score and alert
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from monitor.detection.baseline import follow
from monitor.detection.calibration import PRIORS, block_starts, rate_of_all, window_rate
from monitor.detection.series import Direction, Floats, Ints, Series, sentiment, volume
from monitor.detection.windows import Window, look

__all__ = ("Judged", "Series", "detect", "detect_each", "sentiment", "volume")

LEARNING_ROWS, LEARNING_SECONDS = 8, 3 * 86_400
"""The beginning is only learnt from."""
KEPT_ON: Final = 10.0
"""An alert that is on stays on while the score comes by chance at most so many times as often as one that opens it."""
LULL_SECONDS: Final = 2 * 3600
"""An alert that pauses for no longer is on all the time."""
LONGEST_SECONDS, LONGEST_ROWS = 3 * 86_400, 5
"""An alert marks the beginning of what stays: so long, or so many rows where these take longer."""
LEAST_CHANGE: Final = 0.3
LEAST_MENTIONS: Final = 3.0
LEAST_POINTS: Final = 0.05
"""Changes that nobody would act on, however sure: as a share of the expected volume, in
mentions, and in points of the negative share."""
_ALWAYS: Final = 1e6


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said of each row.

    `score` (0–1) reaches 0.5 where an alert opens; `rate` is how often a month a row would stand out as much by chance. `first` is
    the row with which what stands out begins, `observed`, `expected` and `exposure` are counted from there; `seconds` is the length
    of the window that said so (-1: the CUSUM).
    """

    score: Floats
    rate: Floats
    alert: "np.typing.NDArray[np.bool_]"
    first: Ints
    observed: Floats
    expected: Floats
    exposure: Floats
    seconds: Ints


def detect(series: Series, false_alarms_per_month: float = 1.0, direction: Direction = "up") -> Judged:
    """Judge every row. `direction` is up or down for volume; of sentiment only the rise of the negative share is a warning."""
    return detect_each(series, (false_alarms_per_month,), direction)[0]


def detect_each(series: Series, false_alarms_per_month: Sequence[float], direction: Direction = "up") -> list[Judged]:
    """The same for several numbers of false alarms."""
    if not len(series):
        nothing, rows = np.empty(0), np.empty(0, dtype=np.int64)
        return [Judged(nothing, nothing, nothing.astype(np.bool_), rows, nothing, nothing, nothing, rows)] * len(
            false_alarms_per_month
        )
    windows = look(series, follow(series))
    ways = {"up": (1,), "down": (-1,), "both": (1, -1)}[direction]
    found = []
    for budget in false_alarms_per_month:
        judged = [_judge(series, windows, budget / len(ways), way) for way in ways]
        found.append(judged[0] if len(judged) == 1 else _either(*judged))
    return found


def _judge(series: Series, windows: list[Window], budget: float, sign: int) -> Judged:
    starts, prior = block_starts(series.at), PRIORS[series.kind]
    rows = np.arange(len(series), dtype=np.int64)
    rates, shorter, shortest = [], np.full(len(series), np.inf), np.full(len(series), np.inf)
    for window in windows:
        score = np.where(window.active, sign * window.score, 0.0)
        # What is over is no news: the last parts of a window must stand out, too.
        lasting = np.minimum(score, np.minimum(2 * shorter + 1, 4 * shortest + 2))
        found = window_rate(score, lasting, series.at, starts, (rows + 1 - window.first).astype(np.float64), window.seconds, prior)
        rates.append(np.where(window.active, found, np.inf))
        shortest = np.where(window.active, shorter, shortest)
        shorter = np.where(window.active, sign * window.score, shorter)
    table = np.array(rates)
    best = np.argmin(table, axis=0)
    rate = rate_of_all(np.clip(table[best, rows], 1e-290, _ALWAYS), np.isfinite(table).sum(axis=0), series.at, starts, prior)
    rate = np.where(_in_minutes(windows), prior.minutes * rate, rate)
    rate[(rows < LEARNING_ROWS) | (series.at - series.at[0] < LEARNING_SECONDS)] = _ALWAYS
    first, observed, expected, exposure = (
        np.choose(best, [getattr(window, name) for window in windows]) for name in ("first", "observed", "expected", "exposure")
    )
    seconds = np.array([-1 if window.name == "cusum" else window.seconds for window in windows], dtype=np.int64)[best]
    matters = _matters(series, sign * (observed - expected), expected, exposure)
    rate = np.where(matters, rate, np.maximum(rate, 2 * budget * KEPT_ON))
    rarity = np.log1p(1 / rate)
    score = rarity / (rarity + np.log1p(1 / budget))
    alert = _mark(series.at, rate, budget)
    return Judged(score, rate, alert, first, observed, expected, exposure, seconds)


def _in_minutes(windows: Sequence[Window]) -> "np.typing.NDArray[np.bool_]":
    """Where rows are so dense that windows within an hour hold several."""
    dense: np.typing.NDArray[np.bool_] = np.any([window.active & (0 < window.seconds <= 3600) for window in windows], axis=0)
    return dense


def _matters(series: Series, excess: Floats, expected: Floats, exposure: Floats) -> "np.typing.NDArray[np.bool_]":
    """Whether the change is large enough that anybody would care, however sure it is."""
    handful = excess < LEAST_MENTIONS
    enough: np.typing.NDArray[np.bool_] = excess >= (
        LEAST_POINTS * exposure if series.kind == "sentiment" else LEAST_CHANGE * expected
    )
    return enough & ~handful


def _mark(at: Ints, rate: Floats, budget: float) -> "np.typing.NDArray[np.bool_]":
    """Where an alert is on: from when it opens until it is over (hysteresis), or until it is no news any more."""
    alert = np.zeros(len(at), dtype=np.bool_)
    opened, spent, last = -1, False, -LULL_SECONDS
    for row, (moment, often) in enumerate(zip(at.tolist(), rate.tolist(), strict=True)):
        if often <= budget * KEPT_ON:
            last = moment
        elif moment - last > LULL_SECONDS:
            opened, spent = -1, False
        if opened < 0 and often <= budget:
            opened = row
        if opened >= 0:
            spent = spent or (moment - at[opened] > LONGEST_SECONDS and row - opened > LONGEST_ROWS)
            alert[row] = not spent
    return alert


def _either(one: Judged, other: Judged) -> Judged:
    """Row by row the more striking of two."""
    chosen = one.rate <= other.rate
    columns = {
        name: np.where(chosen, getattr(one, name), getattr(other, name))
        for name in ("score", "rate", "first", "observed", "expected", "exposure", "seconds")
    }
    return Judged(alert=one.alert | other.alert, **columns)
