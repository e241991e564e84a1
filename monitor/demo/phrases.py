"""The hand-written texts and the filling of their slots, so that hardly two mentions are alike."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from monitor.stories import normalise

_SLOT = re.compile(r"\{(\w+)\}")
_ATTEMPTS = 200
_OF_ONE_TEXT = ("item", "range", "seat", "city", "colour", "person")
"""Slots that stay the same within a text: its author has one sofa and lives in one city."""

Slots = Mapping[str, Sequence[str]]


@cache
def load_texts(name: str) -> dict[str, Any]:
    """Return the texts of `texts/NAME.toml`."""
    return tomllib.loads(files(__package__).joinpath("texts", f"{name}.toml").read_text(encoding="utf-8"))


class Phrases:
    """Draws phrases and fills their slots. Every list is used up before one of its phrases comes again."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._slots: Slots = load_texts("common")["slots"]
        self._decks: dict[int, Iterator[str]] = {}
        self._scene: Slots = {}
        self._told: set[str] = set()

    def draw(self, phrases: Sequence[str], **slots: Sequence[str]) -> str:
        """Return the next phrase with its slots filled from `slots`, else from the common ones, and a capital first letter.

        `phrases` must be a list of `load_texts`, which lives as long as the program: its place in memory is its name here.
        """
        deck = self._decks.setdefault(id(phrases), self._deal(phrases))
        text = self._fill(next(deck), {**self._slots, **slots, **self._scene})
        return text[0].upper() + text[1:]

    def unique(self, write: Callable[[], str]) -> str:
        """Return the first text of `write` that no other mention is a copy of; every attempt has a scene of its own."""
        for _ in range(_ATTEMPTS):
            self._scene = {name: (self._rng.choice(self._slots[name]),) for name in _OF_ONE_TEXT}
            text = write()
            if (told := normalise(text)) not in self._told:
                self._told.add(told)
                return text
        raise ValueError(f"the phrases are used up: {_ATTEMPTS} attempts gave no new text; the last was {text!r}")

    def _fill(self, text: str, slots: Slots) -> str:
        while _SLOT.search(text):  # what fills a slot may have slots itself
            text = _SLOT.sub(lambda slot: self._rng.choice(slots[slot[1]]), text)
        return text

    def _deal(self, phrases: Sequence[str]) -> Iterator[str]:
        while True:
            yield from self._rng.sample(phrases, len(phrases))
