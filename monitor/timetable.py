"""When a job's turn has come: pure arithmetic of its last turn and the present time, right when a clock jumps or a zone changes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_AHEAD = timedelta(hours=26)
"""The longest day there is, and an hour: a turn further ahead than that was noted by a clock that was wrong."""


@dataclass(frozen=True, slots=True)
class Every:
    """Again and again, `span` after the last beginning."""

    span: timedelta


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day at a time of day in a zone. Where a day skips that time it is as much later; where it has it twice, the first."""

    at: time
    zone: ZoneInfo


When = Every | Daily


def daily(at: str, zone: str) -> Daily:
    """Return once a day at `at`, such as "08:00", in the zone of that name."""
    return Daily(time.fromisoformat(at), ZoneInfo(zone))


def turn(when: When, now: datetime) -> datetime:
    """The latest moment up to `now` at which the job was to begin; for what is done again and again that is `now`."""
    if isinstance(when, Every):
        return now
    today = now.astimezone(when.zone).date()
    return next(at for days in (0, 1, 2) if (at := _moment(when, today - timedelta(days))) <= now)


def is_due(when: When, last: datetime | None, now: datetime) -> bool:
    """Tell whether a job is to run whose last turn was `last`: once, however many turns were missed.

    What is done daily begins with the turn after it is first seen (`last` is None). A last turn in the future is one of a clock
    that was put back: an interval begins anew, and a day's turn is waited for unless it is further ahead than a day.
    """
    if isinstance(when, Every):
        return last is None or now < last or now - last >= when.span
    return last is not None and (turn(when, now) > last or last > now + _AHEAD)


def following(when: When, last: datetime | None, now: datetime) -> datetime:
    """The moment at which the job is due next; `now` where it is due already."""
    if is_due(when, last, now):
        return now
    if isinstance(when, Every):
        return now if last is None else last + when.span
    after = max(now, last or now)
    today = after.astimezone(when.zone).date()
    return next(at for days in (-1, 0, 1, 2) if (at := _moment(when, today + timedelta(days))) > after)


def due_since(when: When, last: datetime | None, now: datetime) -> datetime | None:
    """The moment since when the job has been due; None when it is not."""
    if not is_due(when, last, now):
        return None
    if isinstance(when, Every):
        return now if last is None or last > now else last + when.span
    return turn(when, now)


def _moment(when: Daily, day: date) -> datetime:
    return datetime.combine(day, when.at, when.zone).astimezone(UTC)
