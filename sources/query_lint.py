"""What is odd about a query that can be read: contradictions, terms in vain, words for operators, queries that take too much."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from sources.query import QUOTES, compile_query
from sources.query_nodes import AllOf, AnyOf, Everything, Near, Node, Without
from sources.query_terms import Term
from sources.query_text import BODY, Document

_MEANT = re.compile(r'"[^"]*"|(?<![^\s(])(?P<word>and|or|not|near/[0-9]+f?|&&|\|\||-(?=\w)|!(?=\w))(?![^\s)\w"])', re.IGNORECASE)
_TRUE = re.compile("AND|OR|NOT|NEAR/[0-9]+f?")
_OPERATOR = {"&&": "AND", "||": "OR"}
_SINGLE = ("author", "site", "subreddit", "lang", "source")
_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_COMMON = frozenset(
    "a about all an and any are as at be been but by can do for from get go good had has have he help her his how i if in is it "
    "just like me more my new no not now of off on one or our out so that the their them there they this time to up us was "
    "we what when which who will with you your".split()
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is odd, and what to do; `position` is where in the query, None where it is the whole."""

    message: str
    position: int | None = None


def lint(text: str) -> list[Finding]:
    """Return what is odd about a query.

    Raises:
        QueryError: it cannot be read.
    """
    root = compile_query(text).root
    return [*_slips(text.translate(QUOTES)), *_nonsense(root), *_breadth(root)]


def _slips(text: str) -> Iterator[Finding]:
    """Yield words that look like operators and are none, and signs that nobody sees."""
    for found in _MEANT.finditer(text):
        word = found["word"]
        if word in {"-", "!"}:
            yield Finding(f"{word} is a sign of the word here; write NOT before a word to leave it out", found.start("word"))
        elif word is not None and not _TRUE.fullmatch(word):
            meant = _OPERATOR.get(word, word.upper().replace("F", "f") if "/" in word else word.upper())
            advice = f'write {meant} if you mean the operator, or put it in quotation marks: "{word}"'
            yield Finding(f"{word} is looked for as a word here; {advice}", found.start("word"))
    for found in _UNSEEN.finditer(text):
        yield Finding(f"there is an invisible sign (U+{ord(found[0]):04X}) here; take it out", found.start())


def _nonsense(node: Node) -> Iterator[Finding]:
    """Yield parts that can never match, or that add nothing."""
    if isinstance(node, Without):
        yield from _nonsense(node.part)
    elif isinstance(node, Near):
        yield from (*_nonsense(node.left), *_nonsense(node.right))
    elif isinstance(node, AllOf | AnyOf):
        yield from _all(node) if isinstance(node, AllOf) else _any(node)
        for part in node.parts:
            yield from _nonsense(part)


def _all(node: AllOf) -> Iterator[Finding]:
    wanted = [part for part in node.parts if not isinstance(part, Without)]
    for veto in (part for part in node.parts if isinstance(part, Without)):
        clash = next((part for part in wanted if implies(part, veto.part)), None)
        if clash is not None:
            yield Finding(f"{clash} and {veto} exclude each other: nothing can match both")
    names = [part for part in wanted if isinstance(part, Term) and part.field in _SINGLE and not part.prefix]
    for one, other in combinations(names, 2):
        if one.field == other.field and not implies(one, other) and not implies(other, one):
            yield Finding(f"{one} and {other} exclude each other: a mention has one {one.field}; did you mean OR?")
    for place, part in enumerate(wanted):
        narrower = [(at, other) for at, other in enumerate(wanted) if at != place and implies(other, part)]
        if any(at < place or not implies(part, other) for at, other in narrower):
            yield Finding(f"{part} adds nothing: whatever the rest finds, it finds, too")


def _any(node: AnyOf) -> Iterator[Finding]:
    for place, part in enumerate(node.parts):
        wider = [(at, other) for at, other in enumerate(node.parts) if at != place and implies(part, other)]
        if any(at < place or not implies(other, part) for at, other in wider):
            yield Finding(f"{part} adds nothing: {wider[0][1]} finds it already")


def implies(one: Node, other: Node) -> bool:
    """Tell whether whatever matches `one` surely matches `other`; False where that is not certain."""
    if one == other or isinstance(other, Everything):
        return True
    if isinstance(one, AnyOf):
        return all(implies(part, other) for part in one.parts)
    if isinstance(other, AllOf):
        return all(implies(one, part) for part in other.parts)
    if isinstance(one, Without) and isinstance(other, Without):
        return implies(other.part, one.part)
    held = one.parts if isinstance(one, AllOf) else (one.left, one.right) if isinstance(one, Near) else ()
    either = other.parts if isinstance(other, AnyOf) else ()
    return (
        any(implies(part, other) for part in held)
        or any(implies(one, part) for part in either)
        or (isinstance(one, Term) and isinstance(other, Term) and _covers(other, one))
    )


def _covers(wide: Term, narrow: Term) -> bool:
    """Tell whether `wide` finds whatever `narrow` finds: it finds its text alone, and all that may follow its beginning."""
    if wide.field != narrow.field and not (narrow.field == "title" and wide.field == BODY):
        return False
    if wide.cased and not narrow.cased:
        return False
    text = " ".join(narrow.words)
    return all(wide.match(_as_written(one, wide.field)) is not None for one in ((text, f"{text}x") if narrow.prefix else (text,)))


def _as_written(text: str, field: str) -> Document:
    return Document(text if field == BODY else "", lambda name: text.lstrip("@/") if name == field else "")


def _breadth(root: Node) -> Iterator[Finding]:
    """Yield what makes a query take nearly everything."""
    if isinstance(root, Everything):
        yield Finding("* takes everything that a source brings; use it for sources that speak of this brand alone")
        return
    for one in _alternatives(root):
        if isinstance(one, Everything):
            yield Finding("one of the alternatives is *: the query takes everything")
        elif isinstance(one, Without) or (isinstance(one, AllOf) and all(isinstance(part, Without) for part in one.parts)):
            yield Finding(f"{one} alone takes nearly everything; say also what the text must hold")
        elif isinstance(one, Term) and one.field == BODY and _is_common(one):
            yield Finding(f"{one} stands in very many texts; add a word that must stand beside it, with AND or NEAR/5")


def _alternatives(node: Node) -> Iterator[Node]:
    if isinstance(node, AnyOf):
        for part in node.parts:
            yield from _alternatives(part)
    else:
        yield node


def _is_common(one: Term) -> bool:
    word = one.rarest
    return len(one.words) == 1 and ((len(word) < 3 and word.isascii()) or (not one.cased and not one.prefix and word in _COMMON))
