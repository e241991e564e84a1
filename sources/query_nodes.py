"""What a compiled query is made of: terms, joined by AND, OR and NOT, that look for themselves in a folded text."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

Span = tuple[int, int]
"""Start and end (exclusive) of a matched term, as offsets into the text."""

_APOSTROPHES = "’‘ʼ＇"
_CLUSTER = re.compile(r".[\u0300-\u036f]*", re.DOTALL)
# Thai, Lao, Burmese, Khmer, kana, Han and Hangul: a brand name there has no space around it.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# A mail address is no handle, and a combining accent belongs to the letter before it.
_EDGE_BEFORE = {"@": r"(?<![\w@])", "#": r"(?<![\w#&])"}
_EDGE_AFTER = r"(?![\w\u0300-\u036f])"


class QueryError(ValueError):
    """A query that cannot be read. `position` is the offset of the trouble; the text of the error points at it."""

    def __init__(self, message: str, position: int, query: str = "") -> None:
        line = re.sub(r"\s", " ", query)
        start = max(0, position - 60)
        excerpt = f"\n  {line[start : position + 40]}\n  {' ' * (position - start)}^" if query.strip() else ""
        super().__init__(message + excerpt)
        self.message = message
        self.position = position


@dataclass(frozen=True, slots=True)
class Folded:
    """A text made comparable. `offsets` leads back to the original; None where the two have the same offsets."""

    text: str
    offsets: Sequence[int] | None = None

    def spans(self, pattern: re.Pattern[str]) -> tuple[Span, ...]:
        """Where `pattern` is found, as offsets into the original."""
        offsets = self.offsets
        if offsets is None:
            return tuple(match.span() for match in pattern.finditer(self.text))
        found = (match.span() for match in pattern.finditer(self.text))
        return tuple((offsets[start], offsets[end]) for start, end in found)


class Node(Protocol):
    """A part of a query. `depth` counts the nodes from it to its deepest leaf."""

    @property
    def depth(self) -> int:
        """Nodes from here to the deepest leaf."""

    def match(self, text: Folded) -> tuple[Span, ...] | None:
        """The spans that made `text` match, `()` when nothing in particular did, None when it does not match."""


@dataclass(frozen=True, slots=True)
class Everything:
    """Matches every text."""

    depth: int = 1

    def match(self, text: Folded) -> tuple[Span, ...] | None:  # noqa: ARG002 -- the node's signature
        """See `Node`."""
        return ()


@dataclass(frozen=True, slots=True)
class Term:
    """A word, phrase, handle, tag or prefix. `rarest` is its longest word, which a plain search looks for first."""

    rarest: str
    pattern: re.Pattern[str]
    depth: int = 1

    def match(self, text: Folded) -> tuple[Span, ...] | None:
        """See `Node`."""
        # A plain search is many times faster than the pattern, and most texts stop here.
        return text.spans(self.pattern) or None if self.rarest in text.text else None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Matches where every part does."""

    parts: tuple[Node, ...]
    depth: int

    def match(self, text: Folded) -> tuple[Span, ...] | None:
        """See `Node`."""
        spans: tuple[Span, ...] = ()
        for part in self.parts:
            found = part.match(text)
            if found is None:
                return None
            spans += found
        return spans


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Matches where one part or more does."""

    parts: tuple[Node, ...]
    depth: int

    def match(self, text: Folded) -> tuple[Span, ...] | None:
        """See `Node`."""
        found = [spans for spans in (part.match(text) for part in self.parts) if spans is not None]
        return tuple(span for spans in found for span in spans) if found else None


@dataclass(frozen=True, slots=True)
class Without:
    """Matches where its part does not."""

    part: Node
    depth: int

    def match(self, text: Folded) -> tuple[Span, ...] | None:
        """See `Node`."""
        return () if self.part.match(text) is None else None


def term(words: list[str], tail: str) -> Term:
    """Return the term of these words in this order; `tail` is the pattern of what may follow the last."""
    folded = [fold(word).text for word in words]
    before = "" if _UNSPACED.match(folded[0]) else _EDGE_BEFORE.get(folded[0][0], r"(?<!\w)" if _is_word(folded[0][0]) else "")
    after = "" if tail or _UNSPACED.match(folded[-1][-1]) or not _is_word(folded[-1][-1]) else _EDGE_AFTER
    return Term(max(folded, key=len), re.compile(before + r"\s+".join(map(re.escape, folded)) + tail + after))


def _is_word(sign: str) -> bool:
    return bool(re.match(r"[\w\u0300-\u036f]", sign))


def fold(text: str) -> Folded:
    """Case-folded (Unicode), composed (NFC), with one kind of apostrophe."""
    if text.isascii():
        return Folded(text.lower())
    for apostrophe in _APOSTROPHES:
        text = text.replace(apostrophe, "'")
    folded = text.casefold()
    # Folding a sign never gives fewer signs: the same length means the same offsets.
    if len(folded) == len(text) and unicodedata.is_normalized("NFC", text):
        return Folded(folded)
    pieces: list[str] = []
    offsets: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        piece = unicodedata.normalize("NFC", cluster[0]).casefold()
        pieces.append(piece)
        offsets += [cluster.start()] * len(piece)
    return Folded("".join(pieces), (*offsets, len(text)))
