"""Quantities in a passage: durations, money, shares, lengths. Evidence carries "nine days" beside a promise of "48 hours".

Ours and small: the libraries for this load seconds of unit tables and read "10k" as kelvin and "half an hour" as a half of nothing.
"""

import re
from dataclasses import dataclass
from typing import Literal

Dimension = Literal["time", "money", "share", "length"]

_COUNTED = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: float(number) for number, word in enumerate(_COUNTED, start=1)}
_WORDS |= {word: 10.0 * number for number, word in enumerate(_ROUND, start=2)}
_WORDS |= {"a": 1.0, "an": 1.0, "half a": 0.5, "half an": 0.5, "a couple of": 2.0, "couple of": 2.0}
_WORDS |= {"a quarter of an": 0.25, "quarter of an": 0.25, "three quarters of an": 0.75}
_WORDS |= {"a dozen": 12.0, "dozen": 12.0, "hundred": 100.0, "a hundred": 100.0}
_TIME = {"second": 1 / 3600, "sec": 1 / 3600, "minute": 1 / 60, "min": 1 / 60, "hour": 1.0, "hr": 1.0, "day": 24.0, "night": 24.0}
_TIME |= {"week": 168.0, "wk": 168.0, "fortnight": 336.0, "month": 730.5, "year": 8766.0, "yr": 8766.0}
_LENGTH = {"mm": 0.001, "cm": 0.01, "inch": 0.0254, "inche": 0.0254, "foot": 0.3048, "feet": 0.3048, "metre": 1.0, "meter": 1.0}
_LENGTH |= {"km": 1000.0, "kilometre": 1000.0, "kilometer": 1000.0, "mile": 1609.34}
_SIGNS = {"£": "GBP", "€": "EUR", "$": "USD", "quid": "GBP", "pound": "GBP", "euro": "EUR", "dollar": "USD", "buck": "USD"}

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_TENS, _ONES = "|".join(_ROUND), "|".join(_COUNTED[:9])
_SPELLED = "|".join(sorted((word.replace(" ", r"\s+") for word in _WORDS), key=len, reverse=True))
_AMOUNT = (
    rf"(?:(?P<number>{_NUMBER})\s?(?P<thousand>k(?=\s))?"
    rf"|\b(?P<tens>{_TENS})[ -](?P<ones>{_ONES})"
    rf"|\b(?P<word>{_SPELLED}))"
)
_UNIT = "|".join(sorted((*_TIME, *_LENGTH), key=len, reverse=True))
_MEASURE = re.compile(rf"(?<![\w.£€$]){_AMOUNT}[\s-]{{0,2}}(?P<unit>{_UNIT})s?(?P<half>\s+and\s+a\s+half)?(?!\w)", re.IGNORECASE)
_SIGNED = re.compile(rf"(?P<sign>[£€$])\s?(?P<number>{_NUMBER})(?P<thousand>k)?(?!\w)", re.IGNORECASE)
_NAMED = re.compile(rf"(?<![\w.]){_AMOUNT}\s?(?P<name>quid|pound|euro|dollar|buck)s?(?!\w)", re.IGNORECASE)
_SHARE = re.compile(rf"(?<![\w.])(?P<number>{_NUMBER})\s?(?:%|percent\b|per cent\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity as written, and its value: hours, metres, a share in percent, or an amount of the currency in `unit`."""

    text: str
    value: float
    unit: str
    dimension: Dimension
    start: int
    end: int


def quantities(text: str) -> list[Quantity]:
    """Return the quantities of `text` in order; offsets point into it."""
    found = [_measured(match) for match in _MEASURE.finditer(text)]
    for match in _SIGNED.finditer(text):
        amount = _plain(match["number"]) * (1000 if match["thousand"] else 1)
        found.append(Quantity(match[0], amount, _SIGNS[match["sign"]], "money", *match.span()))
    found += [
        Quantity(match[0], _amount(match), _SIGNS[match["name"].lower()], "money", *match.span()) for match in _NAMED.finditer(text)
    ]
    found += [Quantity(match[0], _plain(match["number"]), "%", "share", *match.span()) for match in _SHARE.finditer(text)]
    return sorted(found, key=lambda one: one.start)


def answering(promise: str, passage: str) -> str:
    """Return the first quantity of `passage` that measures what `promise` measures, as written; "" where there is none.

    One that differs from the promised figure comes first: "promised two days, it took nine" measures nine days.
    """
    promised = quantities(promise)
    kinds, figures = {(one.dimension, one.unit) for one in promised}, {(one.unit, one.value) for one in promised}
    found = [one for one in quantities(passage) if (one.dimension, one.unit) in kinds]
    measured = [one for one in found if (one.unit, one.value) not in figures]
    return next((one.text for one in (*measured, *found)), "")


def _measured(match: re.Match[str]) -> Quantity:
    name = match["unit"].lower()
    amount = _amount(match) + (0.5 if match["half"] else 0.0)
    if name in _TIME:
        return Quantity(match[0], amount * _TIME[name], "hours", "time", *match.span())
    return Quantity(match[0], amount * _LENGTH[name], "metres", "length", *match.span())


def _amount(match: re.Match[str]) -> float:
    if match["number"]:
        return _plain(match["number"]) * (1000 if match["thousand"] else 1)
    if match["tens"]:
        return _WORDS[match["tens"].lower()] + _WORDS[match["ones"].lower()]
    return _WORDS[" ".join(match["word"].lower().split())]


def _plain(number: str) -> float:
    return float(number.replace(",", ""))
