"""What the cells of a table say: a language, a rating and its scale."""

import re
from collections.abc import Iterable
from functools import lru_cache

_SCALES = (1.0, 5.0, 10.0, 100.0)
_FRACTION = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:/|out of|of)\s*(\d+(?:[.,]\d+)?)")
_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_].*)?")


@lru_cache(maxsize=256)
def language(cell: str) -> str | None:
    """Return the ISO 639-1 code that a cell begins with."""
    match = _LANGUAGE.fullmatch(cell.strip())
    return match[1].lower() if match else None


def _number(cell: str) -> float | None:
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        return None


def scale_of(cells: Iterable[str]) -> float:
    """The best rating that the place gives, told by the highest one seen: 1, 5, 10 or 100."""
    highest = max((number for number in map(_number, cells) if number is not None and number <= _SCALES[-1]), default=1.0)
    return next(scale for scale in _SCALES if highest <= scale)


@lru_cache(maxsize=256)
def rating(cell: str, scale: float) -> float | None:
    """A rating as a share of the best one; None when it is not within the scale."""
    cell = cell.strip()
    fraction = _FRACTION.fullmatch(cell)
    if fraction:
        given, best = _number(fraction[1]), _number(fraction[2])
    elif cell.endswith("%"):
        given, best = _number(cell[:-1].strip()), 100.0
    else:
        given, best = _number(cell), scale
    return given / best if given is not None and best and 0 <= given <= best else None
