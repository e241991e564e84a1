"""The grammar of brand queries, read by lark; loaded only for queries that are more than one term."""

import re
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken

from sources.query_nodes import AllOf, AnyOf, Everything, Node, QueryError, Without, term

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
_RESERVED = re.compile(r"NEAR(/\d+f?)?|[A-Za-z]+:.*")


class _Builder(Transformer[Token, Node]):
    """Makes nodes while the parser runs, from the leaves up, so that no query can exhaust the stack."""

    def any(self, parts: list[Node]) -> Node:
        return AnyOf(tuple(parts), 1 + max(part.depth for part in parts))

    def all(self, parts: list[Node]) -> Node:
        return AllOf(tuple(parts), 1 + max(part.depth for part in parts))

    def without(self, parts: list[Any]) -> Node:
        word, part = parts
        if part.depth >= _DEEPEST:
            raise QueryError(f"the query is nested more than {_DEEPEST} deep", word.start_pos)
        return Without(part, 1 + part.depth)

    def phrase(self, parts: list[Token]) -> Node:
        words = parts[0][1:-1].split()
        if not words:
            raise QueryError("there is nothing between the quotation marks", parts[0].start_pos or 0)
        return term(words, "")

    def term(self, parts: list[Token]) -> Node:
        word, position = str(parts[0]), parts[0].start_pos or 0
        if word == "*":
            return Everything()
        if _RESERVED.fullmatch(word):
            raise QueryError(f'{word} is not understood yet; write "{word}" to find it as it stands', position)
        stem = word.removesuffix("*")
        if "*" in stem or not stem.strip("@#"):
            at = position + (word.index("*") if "*" in word else 0)
            raise QueryError("a star may only stand after the beginning of a word, a handle or a tag", at)
        return term([stem], r"\w*" if stem != word else "")


def parse(text: str) -> Node:
    """Read a query whose quotation marks are plain.

    Raises:
        QueryError: with the position of the trouble.
    """
    try:
        return _PARSER.parse(text)  # type: ignore[return-value]  # the parser hands out nodes, not a tree
    except QueryError as error:
        raise QueryError(error.message, error.position, text) from error
    except UnexpectedToken as error:
        if error.token.type == "$END":
            raise QueryError("the query ends too early", len(text.rstrip()), text) from error
        raise QueryError(f"unexpected {error.token}", error.token.start_pos or 0, text) from error
    except UnexpectedCharacters as error:
        raise QueryError("this quotation mark is not closed", error.pos_in_stream or 0, text) from error


_PARSER = Lark(_GRAMMAR, parser="lalr", lexer="basic", transformer=_Builder())
