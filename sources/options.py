"""What a single configuration value may be. Each check returns the value, or raises ValueError with what to give instead.

The fields of a record of options name their checks: `url: Annotated[str, web_address]`.
"""

import hashlib
import re
import sys
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_UNIT = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LONGEST = 60


def refusal(wanted: str, value: object) -> ValueError:
    """Return what a check raises: what is wanted instead of `value`. TOML has no null; None is a key that is missing."""
    return ValueError(f"required here; {wanted}" if value is None else f"{wanted}, not {_shown(value)}")


def text(value: object) -> str:
    """Any text."""
    if isinstance(value, str):
        return value
    raise refusal("give a text in quotation marks", value)


def texts(value: object) -> tuple[str, ...]:
    """A list of texts."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    raise refusal('give a list of texts, such as ["one", "two"]', value)


def yes_or_no(value: object) -> bool:
    """True or false."""
    if isinstance(value, bool):
        return value
    raise refusal("give true or false", value)


def one_of(*choices: str) -> Callable[[object], str]:
    """One of a few words."""
    wanted = f"give {', '.join(choices[:-1])} or {choices[-1]}" if choices[1:] else f"give {choices[0]}"

    def check(value: object) -> str:
        if isinstance(value, str) and value in choices:
            return value
        raise refusal(wanted, value)

    return check


def optional(check: Callable[[object], str]) -> Callable[[object], str]:
    """What `check` takes, or an empty text."""
    return lambda value: "" if value == "" else check(value)


def each(check: Callable[[object], str], wanted: str) -> Callable[[object], tuple[str, ...]]:
    """A list, not empty, of what `check` takes."""

    def check_all(value: object) -> tuple[str, ...]:
        if isinstance(value, list) and value:
            return tuple(check(one) for one in value)
        raise refusal(wanted, value)

    return check_all


def shaped(pattern: str, wanted: str) -> Callable[[object], str]:
    """A text that a regular expression describes, and that `wanted` describes to people."""

    def check(value: object) -> str:
        if isinstance(value, str) and re.fullmatch(pattern, value):
            return value
        raise refusal(wanted, value)

    return check


def number(fits: Callable[[float], bool], wanted: str) -> Callable[[object], float]:
    """A finite number that fits."""

    def check(value: object) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max and fits(value):
            return float(value)
        raise refusal(wanted, value)

    return check


def whole(least: int, most: int) -> Callable[[object], int]:
    """A whole number between two others, both allowed."""

    def check(value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        raise refusal(f"give a whole number from {least} to {most}", value)

    return check


def span(least: timedelta, most: timedelta, said: str) -> Callable[[object], timedelta]:
    """A span of time in words, such as "10 minutes", between two others; `said` says which."""

    def check(value: object) -> timedelta:
        unit = r"(second|minute|hour|day|week|s|m|h|d|w)s?"
        match = re.fullmatch(rf"\s*(\d+(?:\.\d+)?)\s*{unit}\s*", value) if isinstance(value, str) else None
        if match is None:
            raise refusal('give a number and a unit, such as "10 minutes", "2 hours" or "1 day"', value)
        try:
            found = timedelta(**{_UNIT[match[2][0]]: float(match[1])})
        except OverflowError:
            found = timedelta.max
        if not least <= found <= most:
            raise refusal(f"give a time between {said}", value)
        return found

    return check


duration = span(timedelta(seconds=10), timedelta(days=366), "10 seconds and a year")


def time_zone(value: object) -> str:
    """The name of a time zone."""
    try:
        return ZoneInfo(text(value)).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise refusal("there is no such time zone; give a name like Europe/Riga", value) from error


def web_address(value: object) -> str:
    """An address on the web. A wrong one is not shown: passwords and keys stand in addresses."""
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        return value
    wanted = "give an address that begins with http:// or https://"
    raise refusal(wanted, value) if value is None else ValueError(wanted)


def public_address(url: str) -> str:
    """Return an address without what may be secret in it, and a hash of that so that two stay two."""
    public = re.sub(r"(?<=//)[^/@]*@", "", url).split("?", 1)[0]
    return public if public == url else f"{public}#{hashlib.sha256(url.encode()).hexdigest()[:6]}"


def _shown(value: object) -> str:
    """Return a value about as it stands in the file."""
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    said = f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
