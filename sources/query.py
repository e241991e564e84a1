"""The brand query language: words, phrases, @handles, #tags, prefixes*, AND OR NOT and parentheses (docs/query.md)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken

Span = tuple[int, int]
"""Start and end (exclusive) of a matched term, as offsets into the text."""

_GRAMMAR = r"""
?start: any
?any: all ("OR" all)*
?all: one ("AND"? one)*
?one: NOT one -> without
    | "(" any ")"
    | PHRASE -> phrase
    | TERM -> term
NOT: "NOT"
PHRASE: /"[^"]*"/
TERM: /[^\s()"]+/
%ignore /\s+/
"""
_DEEPEST = 100
_QUOTES = str.maketrans("“”„‟«»", '""""""')
_APOSTROPHES = "’‘ʼ＇"
_CLUSTER = re.compile(r".[\u0300-\u036f]*", re.DOTALL)
_RESERVED = re.compile(r"NEAR(/\d+f?)?|[A-Za-z]+:.*")
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
class _Folded:
    """A text made comparable. `offsets` leads back to the original; None where the two have the same offsets."""

    text: str
    offsets: Sequence[int] | None = None

    def spans(self, pattern: re.Pattern[str]) -> tuple[Span, ...]:
        offsets = self.offsets
        if offsets is None:
            return tuple(match.span() for match in pattern.finditer(self.text))
        found = (match.span() for match in pattern.finditer(self.text))
        return tuple((offsets[start], offsets[end]) for start, end in found)


class _Node(Protocol):
    @property
    def depth(self) -> int: ...

    def match(self, text: _Folded) -> tuple[Span, ...] | None: ...


@dataclass(frozen=True, slots=True)
class _Everything:
    depth: int = 1

    def match(self, text: _Folded) -> tuple[Span, ...] | None:  # noqa: ARG002 -- the node's signature
        return ()


@dataclass(frozen=True, slots=True)
class _Term:
    rarest: str
    pattern: re.Pattern[str]
    depth: int = 1

    def match(self, text: _Folded) -> tuple[Span, ...] | None:
        # A plain search is many times faster than the pattern, and most texts stop here.
        return text.spans(self.pattern) or None if self.rarest in text.text else None


@dataclass(frozen=True, slots=True)
class _All:
    parts: tuple[_Node, ...]
    depth: int

    def match(self, text: _Folded) -> tuple[Span, ...] | None:
        spans: tuple[Span, ...] = ()
        for part in self.parts:
            found = part.match(text)
            if found is None:
                return None
            spans += found
        return spans


@dataclass(frozen=True, slots=True)
class _Any:
    parts: tuple[_Node, ...]
    depth: int

    def match(self, text: _Folded) -> tuple[Span, ...] | None:
        found = [spans for spans in (part.match(text) for part in self.parts) if spans is not None]
        return tuple(span for spans in found for span in spans) if found else None


@dataclass(frozen=True, slots=True)
class _Without:
    part: _Node
    depth: int

    def match(self, text: _Folded) -> tuple[Span, ...] | None:
        return () if self.part.match(text) is None else None


@dataclass(frozen=True, slots=True)
class Query:
    """A compiled query; `text` is how it was written."""

    text: str
    _root: _Node

    def match(self, text: str) -> tuple[Span, ...] | None:
        """The spans of the terms that made `text` match, in order; `()` when nothing in particular did; None: no match."""
        spans = self._root.match(_fold(text))
        return tuple(sorted(set(spans))) if spans else spans


def compile_query(text: str) -> Query:
    """Read a query.

    Raises:
        QueryError: with the position of the trouble.
    """
    if not text.strip():
        raise QueryError("the query is empty; write * to take everything", 0)
    try:
        return Query(text, _PARSER.parse(text.translate(_QUOTES)))  # type: ignore[arg-type]  # the parser hands out nodes, not a tree
    except QueryError as error:
        raise QueryError(error.message, error.position, text) from error
    except UnexpectedToken as error:
        if error.token.type == "$END":
            raise QueryError("the query ends too early", len(text.rstrip()), text) from error
        raise QueryError(f"unexpected {error.token}", error.token.start_pos or 0, text) from error
    except UnexpectedCharacters as error:
        raise QueryError("this quotation mark is not closed", error.pos_in_stream or 0, text) from error


def default_query(name: str) -> str:
    """The query of a brand that has none: its quoted name."""
    return f'"{" ".join(name.translate(_QUOTES).replace(chr(34), " ").split())}"'


class _Builder(Transformer[Token, _Node]):
    """Makes nodes while the parser runs, from the leaves up, so that no query can exhaust the stack."""

    def any(self, parts: list[_Node]) -> _Node:
        return _Any(tuple(parts), 1 + max(part.depth for part in parts))

    def all(self, parts: list[_Node]) -> _Node:
        return _All(tuple(parts), 1 + max(part.depth for part in parts))

    def without(self, parts: list[Any]) -> _Node:
        word, part = parts
        if part.depth >= _DEEPEST:
            raise QueryError(f"the query is nested more than {_DEEPEST} deep", word.start_pos)
        return _Without(part, 1 + part.depth)

    def phrase(self, parts: list[Token]) -> _Node:
        words = parts[0][1:-1].split()
        if not words:
            raise QueryError("there is nothing between the quotation marks", parts[0].start_pos or 0)
        return _term(words, "")

    def term(self, parts: list[Token]) -> _Node:
        word, position = str(parts[0]), parts[0].start_pos or 0
        if word == "*":
            return _Everything()
        if _RESERVED.fullmatch(word):
            raise QueryError(f'{word} is not understood yet; write "{word}" to find it as it stands', position)
        stem = word.removesuffix("*")
        if "*" in stem or not stem.strip("@#"):
            at = position + (word.index("*") if "*" in word else 0)
            raise QueryError("a star may only stand after the beginning of a word, a handle or a tag", at)
        return _term([stem], r"\w*" if stem != word else "")


def _term(words: list[str], tail: str) -> _Term:
    folded = [_fold(word).text for word in words]
    before = "" if _UNSPACED.match(folded[0]) else _EDGE_BEFORE.get(folded[0][0], r"(?<!\w)" if _is_word(folded[0][0]) else "")
    after = "" if tail or _UNSPACED.match(folded[-1][-1]) or not _is_word(folded[-1][-1]) else _EDGE_AFTER
    return _Term(max(folded, key=len), re.compile(before + r"\s+".join(map(re.escape, folded)) + tail + after))


def _is_word(sign: str) -> bool:
    return bool(re.match(r"[\w\u0300-\u036f]", sign))


def _fold(text: str) -> _Folded:
    """Case-folded (Unicode), composed (NFC), with one kind of apostrophe."""
    if text.isascii():
        return _Folded(text.lower())
    for apostrophe in _APOSTROPHES:
        text = text.replace(apostrophe, "'")
    folded = text.casefold()
    # Folding a sign never gives fewer signs: the same length means the same offsets.
    if len(folded) == len(text) and unicodedata.is_normalized("NFC", text):
        return _Folded(folded)
    pieces: list[str] = []
    offsets: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        piece = unicodedata.normalize("NFC", cluster[0]).casefold()
        pieces.append(piece)
        offsets += [cluster.start()] * len(piece)
    return _Folded("".join(pieces), (*offsets, len(text)))


_PARSER = Lark(_GRAMMAR, parser="lalr", lexer="basic", transformer=_Builder())
