"""[[alert]] and [[event]]: what wakes somebody, when it may, and what is known beforehand."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Annotated, Literal, get_args

from monitor import config_values as check
from monitor.config_delivery import receivers
from sources.options import number, one_of, refusal, span, text, yes_or_no

Watch = Literal["sentiment", "volume", "promise", "silence"]

_QUIET = 'give two times of day, such as "22:00-07:00"'
_UP_TO_A_MONTH = span(timedelta(0), timedelta(days=31), "0 minutes and 31 days")


@dataclass(frozen=True)
class QuietHours:
    """Times of the brand's own day between which nobody is woken; over midnight where `since` is the later one."""

    since: time
    until: time

    def __contains__(self, clock: time) -> bool:
        if self.since <= self.until:
            return self.since <= clock < self.until
        return clock >= self.since or clock < self.until


def hours_of_quiet(value: object) -> QuietHours | None:
    """Two times of day, or an empty text for none."""
    if value == "":
        return None
    parts = value.split("-") if isinstance(value, str) else []
    try:
        since, until = (time.fromisoformat(part.strip()) for part in parts)
    except ValueError as error:
        raise refusal(_QUIET, value) from error
    if since == until:
        raise refusal(_QUIET, value)
    return QuietHours(since, until)


@dataclass(frozen=True)
class AlertConfig:
    """What wakes somebody, how sure it must be, and who is told when nobody answers."""

    watch: Annotated[Watch, one_of(*get_args(Watch))]
    brand: Annotated[str, text]
    false_alarms_per_month: Annotated[float, number(lambda value: 0 < value <= 10_000, "give a number above 0, at most 10000")] = 1
    to: Annotated[tuple[str, ...], receivers] = ()
    persistence: Annotated[timedelta, _UP_TO_A_MONTH] = timedelta(0)
    cooldown: Annotated[timedelta, _UP_TO_A_MONTH] = timedelta(hours=12)
    quiet_hours: Annotated[QuietHours | None, hours_of_quiet] = None
    escalate_after: Annotated[timedelta | None, span(timedelta(minutes=1), timedelta(days=31), "a minute and 31 days")] = None
    escalate_to: Annotated[tuple[str, ...], receivers] = ()


@dataclass(frozen=True)
class EventConfig:
    """Days of which something is known: it is told with the alerts of these days, or keeps them from being sent."""

    brand: Annotated[str, text]
    since: Annotated[date, check.day]
    until: Annotated[date, check.day]
    note: Annotated[str, check.name]
    suppress: Annotated[bool, yes_or_no] = False
