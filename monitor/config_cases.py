"""[cases]: which mentions become cases, until when they are to be answered, and who is told."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from monitor.business_hours import Shift, parse_week
from monitor.config_delivery import receivers
from monitor.config_values import day
from sources.options import refusal, span, text, texts, whole, yes_or_no

_WEEK = 'give days and times, such as "Mon-Fri 09:00-17:00, Sat 10:00-14:00"'
_SAME_DAY = "same day"
_DAYS = span(timedelta(days=1), timedelta(days=366), "a day and a year")
_HOURS = span(timedelta(minutes=1), timedelta(days=366), "a minute and a year")


def week(value: object) -> tuple[Shift, ...]:
    """The working hours of a week."""
    try:
        return parse_week(text(value))
    except ValueError as error:
        raise refusal(_WEEK, value) from error


def days(value: object) -> tuple[date, ...]:
    """A list of days."""
    if isinstance(value, list):
        return tuple(map(day, value))
    raise refusal("give a list of days, such as [2026-12-25, 2026-12-26]", value)


def answer_time(value: object) -> timedelta | None:
    """Working time, or None for the same working day."""
    if value == _SAME_DAY:
        return None
    try:
        return _HOURS(value)
    except ValueError as error:
        raise refusal('give "same day", or working time such as "4 hours"', value) from error


def severity(value: object) -> int | None:
    """A severity from which on something happens by itself."""
    return whole(1, 100)(value)


@dataclass(frozen=True)
class CasesConfig:
    """How cases are opened, answered in time, and handed on."""

    automatic: Annotated[bool, yes_or_no] = True
    open_at: Annotated[int, whole(1, 100)] = 50
    asks: Annotated[tuple[str, ...], texts] = ()
    harm: Annotated[tuple[str, ...], texts] = ()
    within: Annotated[timedelta, _DAYS] = timedelta(days=14)
    recovery: Annotated[timedelta, _DAYS] = timedelta(days=28)
    hours: Annotated[tuple[Shift, ...], week] = parse_week("Mon-Fri 09:00-17:00")
    holidays: Annotated[tuple[date, ...], days] = ()
    answer_within: Annotated[timedelta | None, answer_time] = None
    warn_before: Annotated[timedelta, _HOURS] = timedelta(hours=1)
    to: Annotated[tuple[str, ...], receivers] = ()
    hand_off_to: Annotated[tuple[str, ...], receivers] = ()
    hand_off_from: Annotated[int | None, severity] = None


DEFAULT_CASES = CasesConfig()
