"""The brand query language: words, phrases, @handles, #tags, prefixes*, AND OR NOT and parentheses (docs/query.md)."""

import re
from dataclasses import dataclass

from sources.query_nodes import Everything, Node, QueryError, Span, fold, term

__all__ = ["Query", "QueryError", "Span", "compile_query", "default_query"]

_QUOTES = str.maketrans("“”„‟«»", '""""""')
_ONE_PHRASE = re.compile(r'\s*"([^"]*\w[^"]*)"\s*')


@dataclass(frozen=True, slots=True)
class Query:
    """A compiled query; `text` is how it was written."""

    text: str
    _root: Node

    def match(self, text: str) -> tuple[Span, ...] | None:
        """The spans of the terms that made `text` match, in order; `()` when nothing in particular did; None: no match."""
        spans = self._root.match(fold(text))
        return tuple(sorted(set(spans))) if spans else spans


def compile_query(text: str) -> Query:
    """Read a query.

    Raises:
        QueryError: with the position of the trouble.
    """
    if not text.strip():
        raise QueryError("the query is empty; write * to take everything", 0)
    plain = text.translate(_QUOTES)
    if plain.strip() == "*":
        return Query(text, Everything())
    if phrase := _ONE_PHRASE.fullmatch(plain):
        return Query(text, term(phrase[1].split(), ""))
    from sources.query_grammar import parse  # noqa: PLC0415 - most brands have a name for a query, and the parser costs a tenth of a second

    return Query(text, parse(plain))


def default_query(name: str) -> str:
    """The query of a brand that has none: its quoted name."""
    return f'"{" ".join(name.translate(_QUOTES).replace(chr(34), " ").split())}"'
