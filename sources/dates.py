"""Reads dates in the many ways that tables and feeds write them, without ever guessing which number is the month."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal

import dateutil.parser

Order = Literal["day", "month"]
"""Which part comes first in a date such as 03/04/2021."""

_RFC_822_ZONES = {"UT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
_MONTH_NAMES = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split("|"), 1)}
_MONTH = rf"(?P<month>{_MONTH_NAMES})[a-z]*\.?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_CLOCK_TAIL = r"(?:,?\s+(?:at\s+)?(?P<clock>\d.*))?"
_NAMED_MONTH = tuple(
    re.compile(_WEEKDAY + date + _CLOCK_TAIL, re.IGNORECASE)
    for date in (
        rf"(?P<day>\d\d?)(?:st|nd|rd|th)?[ -]{_MONTH}[ ,-]\s*(?P<year>\d{{4}})",
        rf"{_MONTH}\s+(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
        rf"{_MONTH}\s+(?P<day>\d\d?)\s+(?P<clock_of_c>\d\d:\d\d:\d\d(?: [+-]\d{{4}})?)\s+(?P<year>\d{{4}})",
    )
)
_ISO_SPACED = re.compile(r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?) ([+-]\d\d:?\d\d)")
_YEAR_FIRST = re.compile(r"(\d{4})([/.-])(\d\d?)\2(\d\d?)(?:[T ,]+(\d.*))?")
_EPOCH = re.compile(r"\d{9,10}(\.\d+)?|\d{12,13}|\d{15,16}")
_COMPACT = re.compile(r"(?:19|20)\d{6}")
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)(?!\d)[,T]?\s*(.*)", re.DOTALL)
_CLOCK = re.compile(r"(\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:\.\d+)?)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|[A-Z]{2,5}|[+-]\d\d:?\d\d)?")
_DATE_FORMAT_REMEDY = "say which it is with --date-format, for example --date-format %d/%m/%Y"


FIRST_YEAR, LAST_YEAR = 1900, 2100
_LONGEST = 200


def is_plausible(moment: datetime) -> bool:
    """Tell whether a text can have been published then: calendars end where arithmetic with time zones would overflow."""
    return FIRST_YEAR <= moment.year <= LAST_YEAR


class DateError(ValueError):
    """A date that cannot be read; `remedy` says what would settle it."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class DateReader:
    """Reads the dates of one column; remembers the format that fitted last, for a column is mostly of one kind.

    `zone` belongs to dates that name none. `order` settles dates such as 03/04/2021; while it is None they are refused.
    """

    def __init__(self, date_format: str | None = None, zone: tzinfo = UTC, order: Order | None = None) -> None:
        self._format = date_format
        self._zone = zone
        self._order = order
        self._formats: tuple[Callable[[str], datetime | None], ...] = (_iso, _epoch, self._numeric, _named_month)
        self._last: Callable[[str], datetime | None] = _iso

    def read(self, raw: str) -> datetime:
        """`raw` as a moment in UTC.

        Raises:
            DateError: no date, no full date, or one whose day and month cannot be told apart.
        """
        raw = raw.strip()
        try:
            moment = self._recognise(raw)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=self._zone)
            moment = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
        except DateError:
            raise
        except (ValueError, OverflowError, TypeError, AttributeError, IndexError) as error:
            raise DateError(f"{raw[:60]!r} is no date that can be read") from error
        if not is_plausible(moment):
            raise DateError(f"{raw[:60]!r} lies outside the years {FIRST_YEAR} to {LAST_YEAR}, in which people write")
        return moment

    def _recognise(self, raw: str) -> datetime:
        if not raw:
            raise DateError("the date is empty")
        if len(raw) > _LONGEST:
            raise DateError(f"{raw[:60]!r}… is too long for a date")
        if self._format:
            try:
                return datetime.strptime(raw, self._format)  # noqa: DTZ007 -- read() attaches the column's zone
            except ValueError as error:
                raise DateError(f"{raw[:60]!r} does not fit the date format {self._format}") from error
        moment = self._last(raw)
        if moment is not None:
            return moment
        for recognise in self._formats:
            moment = recognise(raw)
            if moment is not None:
                self._last = recognise
                return moment
        return _anything_else(raw, self._order)

    def _numeric(self, raw: str) -> datetime | None:
        match = _NUMERIC.fullmatch(raw)
        if match is None:
            return None
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if len(match[4]) == 2:
            year += 2000 if year < 69 else 1900
        if self._order is None and first <= 12 and second <= 12 and first != second:
            raise DateError(f"{raw[:60]!r} can mean two days: day and month cannot be told apart", remedy=_DATE_FORMAT_REMEDY)
        day_first = first > 12 if self._order is None else self._order == "day"
        day, month = (first, second) if day_first else (second, first)
        if month > 12:
            raise DateError(
                f"{raw[:60]!r} has no month {month}; other rows have the {self._order} first", remedy=_DATE_FORMAT_REMEDY
            )
        return _at_clock(datetime(year, month, day), match[5].strip())  # noqa: DTZ001 -- read() attaches the column's zone


def settle_order(values: Iterable[str]) -> Order | None:
    """Which part of numeric dates is the day, told by values with a part over 12; None when nothing or both are told."""
    told: set[Order] = set()
    for value in values:
        match = _NUMERIC.match(value.strip())
        if match is None:
            continue
        if int(match[1]) > 12:
            told.add("day")
        elif int(match[3]) > 12:
            told.add("month")
    return told.pop() if len(told) == 1 else None


def _iso(raw: str) -> datetime | None:
    if raw.isdecimal():
        return datetime.strptime(raw, "%Y%m%d") if _COMPACT.fullmatch(raw) else None  # noqa: DTZ007 -- read() attaches the zone
    try:
        return datetime.fromisoformat(raw)
    except ValueError:
        pass
    spaced = _ISO_SPACED.fullmatch(raw)
    if spaced is not None:
        return datetime.fromisoformat(spaced[1] + spaced[2])
    match = _YEAR_FIRST.fullmatch(raw)
    if match is None:
        return None
    day = datetime(int(match[1]), int(match[3]), int(match[4]))  # noqa: DTZ001 -- read() attaches the column's zone
    return _at_clock(day, match[5] or "")


def _epoch(raw: str) -> datetime | None:
    if not _EPOCH.fullmatch(raw):
        return None
    seconds = float(raw)
    while seconds >= 1e11:
        seconds /= 1000
    return datetime.fromtimestamp(seconds, UTC)


def _named_month(raw: str) -> datetime | None:
    for pattern in _NAMED_MONTH:
        match = pattern.fullmatch(raw)
        if match is not None:
            found = match.groupdict()
            day = datetime(int(found["year"]), _MONTHS[found["month"].lower()], int(found["day"]))  # noqa: DTZ001 -- read() attaches it
            return _at_clock(day, found.get("clock_of_c") or found["clock"] or "")
    return None


def _at_clock(day: datetime, clock: str) -> datetime:
    if not clock:
        return day
    match = _CLOCK.fullmatch(clock)
    if match is None:
        raise DateError(f"{clock[:60]!r} is no time of day")
    hour = int(match[1])
    if match[4]:
        if not 1 <= hour <= 12:
            raise DateError(f"{clock[:60]!r} is no time of day")
        hour = hour % 12 + (12 if match[4][0] in "Pp" else 0)
    moment = day.replace(hour=hour, minute=int(match[2]), second=int(match[3] or 0))
    return moment.replace(tzinfo=_zone(match[5])) if match[5] else moment


@lru_cache(maxsize=256)
def _zone(written: str) -> tzinfo:
    if written in ("Z", "UTC", "GMT"):
        return UTC
    if written in _RFC_822_ZONES:
        return timezone(timedelta(hours=_RFC_822_ZONES[written]))
    if written[0] not in "+-":
        raise DateError(f"the time zone {written!r} is not known", remedy="write dates with an offset such as +01:00")
    minutes = int(written[1:3]) * 60 + int(written[-2:])
    return timezone(timedelta(minutes=-minutes if written[0] == "-" else minutes))


def _zone_for_dateutil(name: str | None, offset: int | None) -> tzinfo | None:
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    return None if name is None else _zone(name)


def _anything_else(raw: str, order: Order | None) -> datetime:
    # dateutil fills what a date leaves out from its default, and guesses the month: two readings give both away.
    defaults = (datetime(2001, 1, 1), datetime(2002, 2, 2))  # noqa: DTZ001 -- read() attaches the column's zone
    day_first = (False, True) if order is None else (order == "day",) * 2
    one, other = (
        dateutil.parser.parse(raw, default=default, dayfirst=first, tzinfos=_zone_for_dateutil)
        for default, first in zip(defaults, day_first, strict=True)
    )
    if one != other:
        raise DateError(f"{raw[:60]!r} does not say its day, month and year for certain", remedy=_DATE_FORMAT_REMEDY)
    return one
