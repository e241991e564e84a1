"""How a locale writes numbers and dates: the house's own English, or what the Unicode CLDR says of a locale (through Babel)."""

from datetime import date, time
from functools import cache, lru_cache
from typing import Final, Protocol

HOUSE: Final = "en-GB"
"""The locale of those who chose none: days before months, 24 hours, and a space before the percent sign (ISO 80000-1)."""
NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Forms(Protocol):
    """What a locale must be able to write."""

    @property
    def percent(self) -> str:
        """The percent sign, with what stands between it and its number."""

    def decimal(self, value: float, digits: int) -> str:
        """A number of 0 or more, thousands separated, with so many digits behind the point."""

    def money(self, value: float, currency: str) -> str:
        """A whole amount."""

    def short_day(self, day: date) -> str:
        """A day on an axis."""

    def day_and_month(self, day: date) -> str:
        """A day of a year that is known."""

    def long_day(self, day: date) -> str:
        """A day in a sentence."""

    def weekday(self, day: date) -> str:
        """A day as a heading."""

    def short_month(self, day: date) -> str:
        """A month on an axis."""

    def month(self, day: date) -> str:
        """A month of a year that is known."""

    def month_and_year(self, day: date) -> str:
        """A month in a sentence."""

    def clock(self, at: time) -> str:
        """A time of day to the minute."""


class _House:
    """Written by hand, so that nobody who chose no locale waits for Babel."""

    percent = f"{NO_BREAK}%"

    def decimal(self, value: float, digits: int) -> str:
        return f"{value:,.{digits}f}"

    def money(self, value: float, currency: str) -> str:
        return f"{value:,.0f} {currency}".strip()

    def short_day(self, day: date) -> str:
        return f"{day.day} {self.short_month(day)}"

    def day_and_month(self, day: date) -> str:
        return f"{day.day} {self.month(day)}"

    def long_day(self, day: date) -> str:
        return f"{self.day_and_month(day)} {day.year}"

    def weekday(self, day: date) -> str:
        return f"{_WEEKDAYS[day.weekday()]}, {self.long_day(day)}"

    def short_month(self, day: date) -> str:
        return self.month(day)[:3]

    def month(self, day: date) -> str:
        return _MONTHS[day.month - 1]

    def month_and_year(self, day: date) -> str:
        return f"{self.month(day)} {day.year}"

    def clock(self, at: time) -> str:
        return f"{at:%H:%M}"


class _Cldr:
    """A locale as the CLDR describes it. A true minus and the sign of a number are typography's business."""

    def __init__(self, name: str) -> None:
        from babel import Locale  # noqa: PLC0415 - half of a report's start-up, which only its own readers wait for

        self._locale = Locale.parse(name, sep="-")
        self.decimal = lru_cache(4096)(self._decimal)
        self._whole = self._locale.decimal_formats[None].pattern.partition(".")[0]
        # Behind its number also where the CLDR has it before: sentences are written so.
        self.percent = self._locale.percent_formats[None].pattern.rpartition("0")[2] or "%"

    def _decimal(self, value: float, digits: int) -> str:
        from babel.numbers import format_decimal  # noqa: PLC0415

        return format_decimal(value, format=self._whole + ("." + "0" * digits if digits else ""), locale=self._locale)

    def money(self, value: float, currency: str) -> str:
        from babel.numbers import format_currency, list_currencies  # noqa: PLC0415

        if currency not in list_currencies():
            return f"{self.decimal(value, 0)} {currency}".strip()
        pattern = self._locale.currency_formats["standard"].pattern.replace(".00", "")
        return format_currency(value, currency, format=pattern, locale=self._locale, currency_digits=False)

    def short_day(self, day: date) -> str:
        return self._skeleton("MMMd", day)

    def day_and_month(self, day: date) -> str:
        return self._skeleton("MMMMd", day)

    def long_day(self, day: date) -> str:
        return self._date("long", day)

    def weekday(self, day: date) -> str:
        return self._date("full", day)

    def short_month(self, day: date) -> str:
        return self._skeleton("MMM", day)

    def month(self, day: date) -> str:
        return self._date("LLLL", day)

    def month_and_year(self, day: date) -> str:
        return self._skeleton("yMMMM", day)

    def clock(self, at: time) -> str:
        from babel.dates import format_time  # noqa: PLC0415

        return format_time(at, "short", locale=self._locale)

    def _skeleton(self, skeleton: str, day: date) -> str:
        from datetime import datetime  # noqa: PLC0415

        from babel.dates import format_skeleton  # noqa: PLC0415

        return format_skeleton(skeleton, datetime.combine(day, time()), locale=self._locale)

    def _date(self, form: str, day: date) -> str:
        from babel.dates import format_date  # noqa: PLC0415

        return format_date(day, form, locale=self._locale)


@cache
def forms_of(locale: str) -> Forms:
    """The forms of a locale that Babel knows."""
    return _House() if locale == HOUSE else _Cldr(locale)
