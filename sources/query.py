"""The brand query language: words, phrases, @handles, #tags, prefixes*, =Case, fields, AND OR NOT NEAR/n (docs/query.md)."""

import re
from dataclasses import dataclass
from functools import cached_property

from sources.query_nodes import Everything, Node, vetoes, without_nots
from sources.query_terms import QueryError, term
from sources.query_text import Document, Span, document

__all__ = ["Document", "Query", "QueryError", "Span", "compile_query", "default_query", "document"]

QUOTES = str.maketrans("“”„‟«»", '""""""')
_ONE_TERM = re.compile(r'\s*(?:"([^"]*\w[^"]*)"|(?!(?:AND|OR|NOT|NEAR)\b)(\w+))\s*')


@dataclass(frozen=True)
class Query:
    """A compiled query; `text` is how it was written, `root` what it means. As text it is written in the plainest way."""

    text: str
    root: Node

    def match(self, what: str | Document) -> tuple[Span, ...] | None:
        """The spans of the terms that made a text match, in order; `()` when nothing in particular did; None: no match."""
        spans = self.root.match(Document(what) if isinstance(what, str) else what)
        return tuple(sorted(set(spans))) if spans else spans

    def exclusion(self, what: Document) -> str | None:
        """The NOT that keeps out a document which would match without it; None where there is none."""
        if self._loose is None or self.root.match(what) is not None or self._loose.match(what) is None:
            return None
        return next((str(veto) for veto in vetoes(self.root) if veto.match(what) is None), None)

    @cached_property
    def _loose(self) -> Node | None:
        return without_nots(self.root) if any(vetoes(self.root)) else None

    def __str__(self) -> str:
        return str(self.root)


def compile_query(text: str) -> Query:
    """Read a query.

    Raises:
        QueryError: with the position of the trouble.
    """
    if not text.strip():
        raise QueryError("the query is empty; write * to take everything", 0)
    plain = text.translate(QUOTES)
    if plain.strip() == "*":
        return Query(text, Everything())
    if one := _ONE_TERM.fullmatch(plain):
        return Query(text, term((one[1] or one[2]).split(), 0))
    from sources.query_grammar import parse  # noqa: PLC0415 - most brands have a name for a query, and the parser costs a tenth of a second

    return Query(text, parse(plain))


def default_query(name: str) -> str:
    """The query of a brand that has none: its quoted name."""
    return f'"{" ".join(name.translate(QUOTES).replace(chr(34), " ").split())}"'
