"""What a query looks at: the body and the fields of a mention, each made comparable once, however many queries ask."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from sources.mention import Mention

BODY = ""
"""The name under which a query knows title and text together: the field of a term that names none."""

FIELDS = ("title", "author", "site", "subreddit", "lang", "source", "url")

Span = tuple[int, int] | tuple[int, int, str]
"""Start and end (exclusive) of a matched term, as offsets into the body; or into the field that is named third."""

# Thai, Lao, Burmese, Khmer, kana, Han and Hangul: a brand name there has no space around it.
UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_APOSTROPHES = "’‘ʼ＇"
_CLUSTER = re.compile(r".[\u0300-\u036f]*", re.DOTALL)
_WORD = re.compile(rf"[{UNSPACED}]|(?:[^\W{UNSPACED}]['’]?[\u0300-\u036f]*)+")
_SUBREDDIT = re.compile(r"reddit\.com/r/(\w+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text made comparable. `offsets` leads back to the original; None where the two have the same offsets."""

    text: str
    offsets: Sequence[int] | None = None

    def spans(self, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
        """Where `pattern` is found, as offsets into the original."""
        offsets = self.offsets
        if offsets is None:
            return [match.span() for match in pattern.finditer(self.text)]
        found = (match.span() for match in pattern.finditer(self.text))
        return [(offsets[start], offsets[end]) for start, end in found]


class Document:
    """A text with its fields; `field` returns what stands in one of `FIELDS`, and is asked only when a query wants to know."""

    __slots__ = ("_field", "_folded", "_words", "body")

    def __init__(self, body: str, field: Callable[[str], str] = lambda _: "") -> None:
        self.body = body
        self._field = field
        self._folded: dict[tuple[str, bool], Folded] = {}
        self._words: dict[str, tuple[list[int], list[int]]] = {}

    def part(self, field: str, *, cased: bool = False) -> Folded:
        """Return the body or a field, folded; with `cased`, capitals stay what they are."""
        found = self._folded.get((field, cased))
        if found is None:
            found = self._folded[field, cased] = fold(self.raw(field), cased=cased)
        return found

    def raw(self, field: str) -> str:
        """Return the body or a field as it is written."""
        return self._field(field) if field else self.body

    def words(self, field: str) -> tuple[list[int], list[int]]:
        """Return where the words of the body or a field start and where they end."""
        if field not in self._words:
            spans = [match.span() for match in _WORD.finditer(self.raw(field))]
            self._words[field] = [start for start, _ in spans], [end for _, end in spans]
        return self._words[field]


def document(mention: Mention, language: Callable[[Mention], str | None] = lambda mention: mention.language) -> Document:
    """Return a mention as queries see it; `language` tells the language of a mention when a query asks for it."""
    return Document(mention.body, lambda field: _FIELD[field](mention) if field != "lang" else language(mention) or "")


def account(name: str) -> str:
    """Return the name of an account without the signs that places write before it."""
    return name.strip().removeprefix("/").removeprefix("u/").removeprefix("@")


def _site(mention: Mention) -> str:
    try:
        return urlsplit(mention.url).hostname or ""
    except ValueError:
        return ""


def _subreddit(mention: Mention) -> str:
    named = mention.attributes.get("subreddit") or next(iter(_SUBREDDIT.findall(mention.url)), "")
    return subreddit(named)


def subreddit(name: str) -> str:
    """Return the name of a subreddit without its "r/"."""
    return name.strip().removeprefix("/").removeprefix("r/")


_FIELD: dict[str, Callable[[Mention], str]] = {
    "title": lambda mention: mention.title,
    "author": lambda mention: account(mention.author),
    "site": _site,
    "subreddit": _subreddit,
    "source": lambda mention: mention.source,
    "url": lambda mention: mention.url,
}


def fold(text: str, *, cased: bool = False) -> Folded:
    """Case-folded (Unicode) unless `cased`, composed (NFC), with one kind of apostrophe."""
    if text.isascii():
        return Folded(text if cased else text.lower())
    for apostrophe in _APOSTROPHES:
        text = text.replace(apostrophe, "'")
    folded = text if cased else text.casefold()
    # Folding a sign never gives fewer signs: the same length means the same offsets.
    if len(folded) == len(text) and unicodedata.is_normalized("NFC", text):
        return Folded(folded)
    pieces: list[str] = []
    offsets: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        composed = unicodedata.normalize("NFC", cluster[0])
        piece = composed if cased else composed.casefold()
        pieces.append(piece)
        offsets += [cluster.start()] * len(piece)
    return Folded("".join(pieces), (*offsets, len(text)))
