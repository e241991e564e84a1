"""Time that passed between two moments that a text names: "ordered 7.02, bell rang 7.26", "reported Monday, gone by Thursday".

Two moments of a kind, no more: which of three belong together is not for a pattern to say.
"""

import re
from collections.abc import Callable

from models.quantities import Quantity

_UNITS = r"(?:kg|km|m|cm|mm|inch\w*|hours?|hrs?|min\w*|days?|weeks?|euros?|quid|pounds?|gb|percent|per|miles?|l|out of)\b"
_CLOCK = re.compile(
    rf"(?<![\w.£€$:,])(?P<hour>[01]?\d|2[0-3])[.:](?P<minute>[0-5]\d)\s?(?P<half>[ap]m\b)?(?![\w%]|[.:,]\d|\s?{_UNITS})",
    re.IGNORECASE,
)
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS = {name: number for number, day in enumerate(_NAMES) for name in (day, day[:3])}
_WEEKDAYS |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(sorted(_WEEKDAYS, key=len, reverse=True))})\b(?!\s+(?:week|after next)\b)", re.IGNORECASE)
_DATE = re.compile(r"\bthe\s+(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)\b", re.IGNORECASE)
_NEXT = re.compile(r"\b(?:(?:the\s+)?(?:very\s+)?next\s+(?:day|morning)|overnight)\b", re.IGNORECASE)
_APART = 120
"""Characters from the first moment to the second, beyond which they hardly belong together."""


def elapsed(text: str) -> list[Quantity]:
    """Return the time between two moments of the clock, the week or the month that `text` names; [] where it names not just two."""
    return _between(list(_CLOCK.finditer(text)), text, _of_the_clock) or (
        _between(list(_WEEKDAY.finditer(text)), text, _of_the_week)
        or _between(list(_DATE.finditer(text)), text, _of_the_month)
        or [Quantity(one[0], 24.0, "hours", "time", *one.span()) for one in _NEXT.finditer(text)]
    )


def _between(found: list[re.Match[str]], text: str, hours: Callable[[re.Match[str], re.Match[str]], float]) -> list[Quantity]:
    if len(found) != 2 or found[1].end() - found[0].start() > _APART:
        return []
    first, second = found
    passed = hours(first, second)
    start, end = first.start(), second.end()
    return [Quantity(text[start:end], passed, "hours", "time", start, end)] if passed > 0 else []


def _of_the_clock(first: re.Match[str], second: re.Match[str]) -> float:
    earlier, later = (
        int(one["hour"]) % (12 if one["half"] else 24) + int(one["minute"]) / 60 + 12 * ((one["half"] or "").lower() == "pm")
        for one in (first, second)
    )
    return (later - earlier) % 12


def _of_the_week(first: re.Match[str], second: re.Match[str]) -> float:
    return 24.0 * ((_WEEKDAYS[second[0].lower()] - _WEEKDAYS[first[0].lower()]) % 7)


def _of_the_month(first: re.Match[str], second: re.Match[str]) -> float:
    return 24.0 * (int(second["day"]) - int(first["day"]))
