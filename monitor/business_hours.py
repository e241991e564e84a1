"""Business hours: when somebody is there, when a question is due, and how much of a stretch of time was working time.

Hours are those of a brand's own clock; every moment that goes in or out is in UTC, so that changes of the clock count as they are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_GROUP = re.compile(r"(daily|[a-z]{3,9}(?:\s*-\s*[a-z]{3,9})?)((?:\s+\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2})+)")
_TIMES = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_DAY = timedelta(days=1)
_FAR = 800
"""Days that are looked through: whoever is never there within two years is never there."""


class Shift(NamedTuple):
    """Working time that begins on a `weekday` (0 is Monday), in minutes after its midnight; `stop` may lie on the next day."""

    weekday: int
    start: int
    stop: int


class Stretch(NamedTuple):
    """Working time in UTC, `start` included, `stop` excluded."""

    start: datetime
    stop: datetime


def parse_week(text: str) -> tuple[Shift, ...]:
    """Return the shifts of a week such as "Mon-Fri 09:00-12:00 13:00-17:00, Sat 10:00-14:00".

    Raises:
        ValueError: it is not written so.
    """
    shifts: set[Shift] = set()
    for part in text.casefold().split(","):
        group = _GROUP.fullmatch(part.strip())
        if group is None:
            raise ValueError(f"{part.strip()!r} names no days and times")
        times = [_minutes(*map(int, found)) for found in _TIMES.findall(group[2])]
        shifts |= {Shift(weekday, *one) for weekday in _weekdays(group[1]) for one in times}
    return tuple(sorted(shifts))


def _weekdays(named: str) -> list[int]:
    if named == "daily":
        return list(range(7))
    first, _, last = (part.strip() for part in named.partition("-"))
    start, stop = _weekday(first), _weekday(last or first)
    return [day % 7 for day in range(start, stop + 1 if stop >= start else stop + 8)]


def _weekday(name: str) -> int:
    found = _DAYS.index(name[:3]) if name[:3] in _DAYS else -1
    if found < 0 or not ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")[found].startswith(name):
        raise ValueError(f"{name!r} is no day of the week")
    return found


def _minutes(hour: int, minute: int, until_hour: int, until_minute: int) -> tuple[int, int]:
    start, stop = 60 * hour + minute, 60 * until_hour + until_minute
    if hour > 23 or stop > 24 * 60 or minute > 59 or until_minute > 59 or start == stop:
        raise ValueError(f"{hour:02}:{minute:02}-{until_hour:02}:{until_minute:02} is no time of a day")
    return start, stop if stop > start else stop + 24 * 60


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """The working week of a brand, the zone of its clock, and the days on which nobody is there."""

    week: tuple[Shift, ...]
    zone: ZoneInfo
    holidays: frozenset[date] = frozenset()

    def due(self, asked: datetime, allowed: timedelta | None = None) -> datetime:
        """Until when a question is to be answered: once `allowed` working time has passed, else at the end of the working day.

        What comes when the day's work is done belongs to the next working day.
        """
        if allowed is not None:
            return self.after(asked, allowed)
        return next((stretches[-1].stop for stretches in self._days(asked) if stretches[-1].stop > asked), asked + _FAR * _DAY)

    def after(self, at: datetime, worked: timedelta) -> datetime:
        """The moment at which so much working time has passed since `at`."""
        left = worked
        for start, stop in (one for stretches in self._days(at) for one in stretches):
            begun = max(start, at)
            if stop > begun:
                if stop - begun >= left:
                    return begun + left
                left -= stop - begun
        return at + _FAR * _DAY

    def before(self, at: datetime, worked: timedelta) -> datetime:
        """The moment from which so much working time is left until `at`."""
        left = worked
        for start, stop in (one for stretches in self._days(at, -1) for one in reversed(stretches)):
            ended = min(stop, at)
            if ended > start:
                if ended - start >= left:
                    return ended - left
                left -= ended - start
        return at - _FAR * _DAY

    def between(self, since: datetime, until: datetime) -> timedelta:
        """Working time from `since` to `until`."""
        worked = timedelta(0)
        for stretches in self._days(since):
            if stretches[0].start >= until:
                break
            worked += sum((max(min(stop, until) - max(start, since), timedelta(0)) for start, stop in stretches), timedelta(0))
        return worked

    def _days(self, at: datetime, step: int = 1) -> Iterator[list[Stretch]]:
        """Yield the stretches of each working day, from the day before `at` on (it may last past midnight), or backwards."""
        today = at.astimezone(self.zone).date()
        for days in range(-1, _FAR):
            stretches = self._stretches(today + step * days * _DAY)
            if stretches:
                yield stretches

    def _stretches(self, day: date) -> list[Stretch]:
        """Return the working time that begins on a day, what overlaps as one."""
        joined: list[Stretch] = []
        for shift in self.week if day not in self.holidays else ():
            if shift.weekday != day.weekday():
                continue
            start, stop = self._utc(day, shift.start), self._utc(day, shift.stop)
            if joined and start <= joined[-1].stop:
                joined[-1] = Stretch(joined[-1].start, max(stop, joined[-1].stop))
            elif start < stop:
                joined.append(Stretch(start, stop))
        return joined

    def _utc(self, day: date, minutes: int) -> datetime:
        wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)  # noqa: DTZ001 - a clock on a wall has no zone
        return wall.replace(tzinfo=self.zone).astimezone(UTC)
