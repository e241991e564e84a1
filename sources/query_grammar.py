"""The grammar of brand queries, read by lark; loaded only for queries that are more than one term."""

import re
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken

from sources.query_nodes import AllOf, AnyOf, Everything, Near, Node, Without, leaves
from sources.query_terms import QueryError, Term, check_field, term
from sources.query_text import BODY

_GRAMMAR = r"""
?start: any
?any: all (OR all)*
?all: one (AND? one)*
?one: NOT one -> without
    | atom
    | atom NEAR atom -> near
?atom: "(" any ")"
    | FIELD "(" any ")" -> within
    | PHRASE -> phrase
    | FIELD PHRASE -> phrase
    | TERM -> term
AND: "AND"
OR: "OR"
NOT: "NOT"
NEAR.2: /NEAR\/[0-9]+f?(?=[\s()"]|$)/
FIELD.2: /[A-Za-z]+:(?==?"|\()/
PHRASE.2: /=?"[^"]*"/
TERM: /[^\s()"]+/
%ignore /\s+/
"""
_DEEPEST = 100
_FARTHEST = 100
_FIELD = re.compile(r"([A-Za-z]+):(.*)", re.DOTALL)


class _Builder(Transformer[Token, Node]):
    """Makes nodes while the parser runs, from the leaves up, so that no query can exhaust the stack."""

    def any(self, parts: list[Any]) -> Node:
        return _joined(AnyOf, parts)

    def all(self, parts: list[Any]) -> Node:
        return _joined(AllOf, parts)

    def without(self, parts: list[Any]) -> Node:
        word, part = parts
        return _checked(Without(part), word.start_pos)

    def near(self, parts: list[Any]) -> Node:
        left, word, right = parts
        distance, ordered = int(word[5:].rstrip("f")), word.endswith("f")
        if not 1 <= distance <= _FARTHEST:
            raise QueryError(f"NEAR/ takes a distance from 1 to {_FARTHEST} words, such as NEAR/5", word.start_pos)
        sides: list[Any] = [one for side in (left, right) for one in (side.parts if isinstance(side, AnyOf) else (side,))]
        if not all(isinstance(one, Term) for one in sides):
            wanted = "NEAR joins words, phrases and (one OR other); write (a NEAR/5 b) AND (b NEAR/5 c) for three"
            raise QueryError(wanted, word.start_pos)
        if len({one.field for one in sides}) > 1:
            raise QueryError("both sides of NEAR must stand in the same field, such as title:(a NEAR/5 b)", word.start_pos)
        return Near(left, right, distance, ordered, sides[0].field)

    def within(self, parts: list[Any]) -> Node:
        field, node = check_field(parts[0][:-1], parts[0].start_pos), parts[1]
        for one in leaves(node):
            if isinstance(one, Everything) or one.field:
                raise QueryError(f"{field}:(…) takes words and phrases, no star and no other field", parts[0].start_pos)
        moved: Node = _moved(node, field, parts[0].start_pos)
        return moved

    def phrase(self, parts: list[Token]) -> Node:
        phrase, position = parts[-1], parts[-1].start_pos or 0
        field = check_field(parts[0][:-1], parts[0].start_pos or 0) if len(parts) > 1 else BODY
        cased = phrase.startswith("=")
        words = phrase.removeprefix("=")[1:-1].split()
        if not words:
            raise QueryError("there is nothing between the quotation marks", position)
        return term(words, position, field, cased=cased)

    def term(self, parts: list[Token]) -> Node:
        word, position, field = str(parts[0]), parts[0].start_pos or 0, BODY
        if word == "*":
            return Everything()
        if named := _FIELD.fullmatch(word):
            field, word = check_field(named[1], position), named[2]
            position += named.start(2)
        if re.fullmatch(r"NEAR(/\w*)?", word) and not field:
            raise QueryError(f'NEAR needs a distance in words, such as NEAR/5; write "{word}" to find it as it stands', position)
        cased = word.startswith("=")
        stem = word.removeprefix("=").removesuffix("*")
        if not stem and field:
            raise QueryError(f"{field}: needs a word directly after it, such as {_EXAMPLES[field]}", position)
        if cased and not stem:
            raise QueryError('= needs a word directly after it, such as =Apple or ="Apple Store"', position)
        if "*" in stem or not stem.strip("@#"):
            at = position + (word.index("*") if "*" in word else 0)
            raise QueryError("a star may only stand after the beginning of a word, a handle or a tag", at)
        if field in {"url", "lang", "site"} and word.endswith("*"):
            raise QueryError(
                f"{field}: takes no star{'; it finds any part of an address' * (field == 'url')}", position + len(stem)
            )
        return term([stem], position, field, cased=cased, prefix=word.endswith("*"))


_EXAMPLES = {
    "title": "title:acme",
    "author": "author:acme_help",
    "site": "site:example.org",
    "subreddit": "subreddit:travel",
    "lang": "lang:en",
    "source": "source:reviews",
    "url": "url:/careers/",
}


def _joined(kind: type[AnyOf] | type[AllOf], parts: list[Any]) -> Node:
    """Return the parts as one node, the parts of parts of its own kind among them; where they are joined is where it is."""
    signs = [part.start_pos or 0 for part in parts if isinstance(part, Token)]
    nodes = [part for part in parts if not isinstance(part, Token)]
    flat = [inner for part in nodes for inner in (part.parts if isinstance(part, kind) else (part,))]
    return _checked(kind(tuple(flat)), signs[0] if signs else 0)


def _checked(node: Node, position: int) -> Node:
    if node.depth > _DEEPEST:
        raise QueryError(f"the query is nested more than {_DEEPEST} deep", position)
    return node


def _moved(node: Any, field: str, position: int) -> Any:
    """Return a part of a query whose terms stand in `field`."""
    if isinstance(node, Term):
        return term(list(node.words), position, field, cased=node.cased, prefix=node.prefix)
    if isinstance(node, Without):
        return Without(_moved(node.part, field, position))
    if isinstance(node, Near):
        left, right = (_moved(side, field, position) for side in (node.left, node.right))
        return Near(left, right, node.distance, node.ordered, field)
    return type(node)(tuple(_moved(part, field, position) for part in node.parts))


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
        raise _unexpected(error.token, text) from error
    except UnexpectedCharacters as error:
        raise QueryError("this quotation mark is not closed", error.pos_in_stream or 0, text) from error


def _unexpected(token: Token, text: str) -> QueryError:
    if token.type == "$END":
        opened = re.sub('"[^"]*"', "", text)
        missing = "; a parenthesis is not closed" if opened.count("(") > opened.count(")") else ""
        return QueryError(f"the query ends too early{missing}", len(text.rstrip()), text)
    hint = {
        "NEAR": "; NEAR joins two terms: write (a NEAR/5 b) AND (b NEAR/5 c) for three",
        "AND": '; AND stands between two terms; write "AND" to find the word',
        "OR": '; OR stands between two terms; write "OR" to find the word',
    }.get(token.type, "")
    return QueryError(f"unexpected {token}{hint}", token.start_pos or 0, text)


_PARSER = Lark(_GRAMMAR, parser="lalr", lexer="basic", transformer=_Builder())
