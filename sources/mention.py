"""The record that every source makes: one post, comment, article or review, as published."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Voice = Literal["customer", "press", "brand"]
VOICES: tuple[Voice, ...] = ("customer", "press", "brand")


@dataclass(frozen=True, slots=True)
class Mention:
    """One published text.

    `source` is the id of the source that brought it and `external_id` the identity it has there; the two together are unique.
    `published` is in UTC; `raw_published` keeps the date as the place wrote it. `text` is plain text without markup.
    `parent` is the text that this one answers, as context, never as opinion. `rating` is the place's own 0–1 scale of stars.
    `attributes` carries any other column of an import (region, product…), for segments. `url` is the address as published.
    `about` is the brand (id or name) that whoever handed it over says it speaks of: then no query is asked.
    `updated` is when the place says that it last changed the text; it tells a real change from an old page out of a cache.
    """

    source: str
    external_id: str
    text: str
    published: datetime
    title: str = ""
    url: str = ""
    author: str = ""
    voice: Voice = "customer"
    raw_published: str = ""
    parent: str = ""
    language: str | None = None
    rating: float | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    updated: datetime | None = None
    about: str = ""

    def __post_init__(self) -> None:
        if self.published.tzinfo is None or (self.updated is not None and self.updated.tzinfo is None):
            raise ValueError("the dates of a Mention need a time zone; attach UTC where the place names none")

    @property
    def body(self) -> str:
        """Title and text as one text to match and to read; a title that the text repeats is left out."""
        if not self.title or self.text.startswith(self.title.rstrip("….")):
            return self.text or self.title
        return f"{self.title}\n{self.text}" if self.text else self.title
