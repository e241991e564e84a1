"""What a watcher sees, and what all watchers share: how far they look back, and how they say what they saw."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from monitor.alert_state import Seen
from monitor.detection.series import Series
from reports.alert import Receipt
from reports.reader import gettext, ngettext
from reports.typography import counted, number

HISTORY: Final = timedelta(weeks=13)
FRESH: Final = timedelta(hours=6)
"""What is so old is seen as now: mentions are found some time after they were written."""
HOUR: Final = timedelta(hours=1)
STORIES: Final = 3
"""So many are told."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a watcher sees, and how to make its receipt, given what is known of the day."""

    seen: Seen
    receipt: Callable[[str], Receipt] | None = None


def lasting(time: timedelta) -> str:
    """A stretch of time in the words of a heading: `an hour`, `8 hours`, `3 days`."""
    hours = round(time / HOUR)
    if hours < 36:
        return ngettext("an hour", "%(n)s hours", max(hours, 1))
    return counted(round(hours / 24), "day", "days")


def name_test(watch: str, seconds: int) -> str:
    """The test that a window of so many seconds was judged by (-1: the CUSUM)."""
    if seconds < 0:
        return gettext("one-sided CUSUM of the negative share")
    hours, days = max(1, seconds // 3600), seconds // 86_400
    length = (
        ngettext("the last hour", "the last %(n)s hours", hours)
        if seconds <= 172_800
        else ngettext("the last %(n)s day", "the last %(n)s days", days)
    )
    if watch == "sentiment":
        return gettext("beta-binomial posterior, %(time)s against the time before", time=length)
    return gettext("negative-binomial tail, %(time)s against the same hours of earlier weeks", time=length)


def name_baseline(rows: Series, row: int) -> str:
    """What a row was held against."""
    days = (rows.at[row] - rows.at[0]) / 86_400
    return gettext(
        "level and rhythm of the %(n)s days before, by hour and weekday; thresholds from the highest scores of these days",
        n=number(days),
    )
