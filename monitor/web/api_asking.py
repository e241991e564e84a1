"""What a program may ask with: each parameter checks what it is given and describes itself, so that the two cannot differ."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from monitor.errors import MonitorError
from monitor.web.visit import Visit
from sources.dates import FIRST_YEAR, LAST_YEAR

Json = dict[str, Any]
MOST = 500
USUAL = 50
_LONGEST = 2_000
_DIGITS = 18
MOST_NUMBER = 10**_DIGITS - 1


class AskedError(MonitorError):
    """Something cannot be answered; `status` says what is wrong with the request."""

    def __init__(self, status: int, message: str, *, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.status = status


@dataclass(frozen=True)
class Parameter:
    """One parameter of the address. `read` gives its value; it raises ValueError with what would be right."""

    name: str
    about: str
    schema: Json
    read: Callable[[str], Any]
    place: Literal["query", "path"] = "query"


def words(name: str, about: str) -> Parameter:
    """Any text."""
    return Parameter(name, about, {"type": "string", "maxLength": _LONGEST}, _words)


def choice(name: str, about: str, values: Sequence[str], usual: str | None = None) -> Parameter:
    """One of some words."""
    schema: Json = {"type": "string", "enum": list(values)} | ({} if usual is None else {"default": usual})

    def read(given: str) -> str:
        if given not in values:
            raise ValueError(f"choose {', '.join(values)}")
        return given

    return Parameter(name, about, schema, read)


def day(name: str, about: str) -> Parameter:
    """A day of the brand's own calendar."""
    return Parameter(name, about, {"type": "string", "format": "date"}, _day)


def whole(name: str, about: str, low: int, high: int, usual: int | None = None) -> Parameter:
    """A number from `low` to `high`."""
    schema: Json = {"type": "integer", "minimum": low, "maximum": high} | ({} if usual is None else {"default": usual})

    def read(given: str) -> int:
        if not _is_number(given) or not low <= int(given) <= high:
            raise ValueError(f"give a number from {low} to {high}")
        return int(given)

    return Parameter(name, about, schema, read)


def place(name: str, about: str, pattern: str) -> Parameter:
    """Where an earlier page ended; what it named has the shape of `pattern`."""

    def read(given: str) -> str:
        if not re.fullmatch(pattern, given, re.ASCII):
            raise ValueError("give what an earlier page named as after")
        return given

    return Parameter(name, about, {"type": "string", "pattern": f"^{pattern}$"}, read)


def number_in_path(name: str, about: str) -> Parameter:
    """A thing's number in the path; what is none names nothing."""

    def read(given: str) -> int:
        if not _is_number(given):
            raise AskedError(404, f"there is no {given!r}", remedy="numbers stand in the list")
        return int(given)

    return Parameter(name, about, {"type": "integer", "minimum": 1, "maximum": MOST_NUMBER}, read, "path")


def read_all(parameters: Sequence[Parameter], visit: Visit) -> Mapping[str, Any]:
    """Return the values of an address by name; None for what was left out, or what its schema names as usual.

    Raises:
        AskedError: one of them cannot be, or is not known.
    """
    unknown = sorted(set(visit.request.query_params) - {one.name for one in parameters if one.place == "query"})
    if unknown:
        known = ", ".join(one.name for one in parameters if one.place == "query") or "none"
        raise AskedError(400, f"there is no parameter {unknown[0]!r}", remedy=f"known here: {known}")
    found: dict[str, Any] = {}
    for one in parameters:
        given = visit.path(one.name) if one.place == "path" else visit.asked(one.name)
        try:
            found[one.name] = one.read(given) if given else one.schema.get("default")
        except ValueError as error:
            raise AskedError(400, f"{one.name}={given[:60]} cannot be", remedy=str(error)) from error
    return found


def _words(given: str) -> str:
    if len(given) > _LONGEST:
        raise ValueError(f"give at most {_LONGEST} signs")
    return given


def _day(given: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given):
        raise ValueError("write it as 2026-03-31")
    try:
        found = date.fromisoformat(given)
    except ValueError as error:
        raise ValueError("there is no such day") from error
    if not FIRST_YEAR < found.year < LAST_YEAR:
        raise ValueError(f"give a day between {FIRST_YEAR} and {LAST_YEAR}")
    return found


def _is_number(given: str) -> bool:
    return given.isascii() and given.isdigit() and len(given) <= _DIGITS


BRAND = words("brand", "The brand's id or name; may be left out where there is only one.")
LIMIT = whole("limit", "At most so many.", 1, MOST, USUAL)
NUMBER = rf"[0-9]{{1,{_DIGITS}}}"
