"""Days, weeks and months of a window."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from reports.evidence import Every, Window
from reports.statistics import Ints


def bucket_starts(window: Window, every: Every) -> tuple[date, ...]:
    """First day of each bucket: weeks begin on Monday, months on the first, and the first bucket where the window begins."""
    starts = [window.since]
    while (following := _next(starts[-1], every)) < window.until:
        starts.append(following)
    return tuple(starts)


def bucket_of(day: Ints, starts: Sequence[date]) -> Ints:
    """Index of the bucket of each day (proleptic ordinals), for days inside the window."""
    return np.searchsorted([start.toordinal() for start in starts], day, side="right") - 1


def _next(start: date, every: Every) -> date:
    if every == "day":
        return start + timedelta(days=1)
    if every == "week":
        return start + timedelta(days=7 - start.weekday())
    return date(start.year + start.month // 12, start.month % 12 + 1, 1)
