"""Whether what a passage measures lies within what a promise allows: nine days are too many for "within 48 hours".

Only what is plain counts: a promise with one bound of a kind, a passage with one figure of it. In the corpus such a figure is
right in five cases of six, where reading alone is right in little more than half (the encoder hardly knows which number is
the greater). Which side a passage takes is weighed from both (`models/promises.py`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from models.elapsed import elapsed
from models.quantities import Quantity, answering, quantities

_AT_MOST = re.compile(
    r"\b(?:within|in|under|inside|less than|below|at most|no (?:more|longer) than|never (?:more|longer) than|max(?:imum)?|by|after"
    r"|about|usually|typically|every|only|just)\s+(?:just\s+|about\s+|an?\s+)?$",
    re.IGNORECASE,
)
_OR_LESS = re.compile(r"\s*(?:or less|at (?:the )?most|tops|max|maximum|flat|later|on\b|after)", re.IGNORECASE)
_AT_LEAST = re.compile(r"\b(?:at least|minimum(?: of)?|(?:no|never) (?:less than|under))\s+(?:the\s+|a full\s+)?$", re.IGNORECASE)
_OR_MORE = re.compile(r"\s*(?:or more|minimum|at least)\b", re.IGNORECASE)
_BEFOREHAND = re.compile(
    r"\s*(?:['’]s? |s['’] |of )?(?:notice|warranty|guarantee|ahead|before|earlier|in advance|old)\b", re.IGNORECASE
)
_RATE = re.compile(r"(?:£|€|\$|\b(?:once|twice|times|pounds?|quid|percent|%))\S*\s*$", re.IGNORECASE)
_OTHER_TIME = re.compile(
    r"\s*(?:ago|old|early|earlier|before|in advance|ahead|each|per|drive|walk|away|from|to go|left)\b", re.IGNORECASE
)
_ALL_ALONG = re.compile(
    r"\b(?:for|last|past|every|each|over|been|another|first|aged?|my)\s+(?:the\s+)?(?:last\s+|past\s+)?$", re.IGNORECASE
)
_LIKE = 1.02
"""Ratio up to which two figures are the same."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a promise allows: at most, or at least, so much."""

    quantity: Quantity
    at_least: bool


def within(promise: str, passage: str) -> int:
    """Return 1 where the figure in `passage` lies within what `promise` allows, -1 where beyond, 0 where none can be compared."""
    for bound in bounds(promise):
        allowed, found = bound.quantity.value, _measured(passage, bound.quantity)
        if found is None:
            continue
        if 1 / _LIKE < found / allowed < _LIKE:
            return int(bound.quantity.dimension == "money")
        if bound.quantity.dimension == "money" and found < allowed:
            return 0  # a lower price is a discount or the price of something else
        return 1 if (found > allowed) == bound.at_least else -1
    return 0


def measured(promise: str, passage: str) -> str:
    """Return, as written, what `passage` measures of what `promise` measures; "" where it measures nothing of it."""
    spans = (_passed(passage, one) for one in quantities(promise) if one.dimension == "time" and one.value > 0)
    return answering(promise, passage) or next((found[0].text for found in spans if found), "")


@lru_cache(maxsize=1024)
def bounds(promise: str) -> tuple[Bound, ...]:
    """Return the bounds that `promise` sets, one of a kind; () where it sets several of one kind, or only asks."""
    found = tuple(_bounds(promise))
    kinds = [one.quantity.unit for one in found]
    return found if len(set(kinds)) == len(kinds) else ()


def _bounds(promise: str) -> Iterator[Bound]:
    for one in quantities(promise):
        before, after = promise[: one.start], promise[one.end :]
        rest = re.split(r"[.!?]", after, maxsplit=1)
        asked = after[len(rest[0]) : len(rest[0]) + 1] == "?"
        a_month = one.dimension == "time" and one.text[:1].lower() == "a" and _RATE.search(before)
        if one.value <= 0 or asked or a_month or _BEFOREHAND.match(after):
            continue
        if _AT_LEAST.search(before) or _OR_MORE.match(after):
            yield Bound(one, at_least=True)
        elif one.dimension == "money" or (one.dimension == "time" and (_AT_MOST.search(before) or _OR_LESS.match(after))):
            yield Bound(one, at_least=False)


def _passed(passage: str, promised: Quantity) -> list[Quantity]:
    """Return the time that passed; minutes are not answered by days of the week, nor days by the clock."""
    return [one for one in elapsed(passage) if one.value / 60 < promised.value < one.value * 60]


def _measured(passage: str, promised: Quantity) -> float | None:
    """Return what `passage` measures of the kind that was `promised`, in its unit; None where that is not one figure."""
    found = [one for one in quantities(passage) if one.unit == promised.unit and one.value > 0]
    if not found and promised.dimension == "time":
        found = _passed(passage, promised)
    if len(found) != 1:
        return None
    (one,) = found
    if promised.dimension == "time" and (_OTHER_TIME.match(passage, one.end) or _ALL_ALONG.search(passage[: one.start])):
        return None
    return one.value
