"""From the brand query language to SQLite's full-text index (FTS5): what may match, as wide as needed, so that nothing is missed.

The index finds candidates; the compiled query then looks at each of them and says whether, and where, it matches.
"""

import re
from collections.abc import Sequence

from sources.query_nodes import AllOf, AnyOf, Near, Node
from sources.query_terms import Term
from sources.query_text import UNSPACED

_UNINDEXED = re.compile(f"[{UNSPACED}]")
_WORD = re.compile(r"\w")


def index_query(node: Node) -> str | None:
    """What to ask the index for; None where it cannot narrow the search."""
    if isinstance(node, Term):
        return _term(node)
    if isinstance(node, AllOf):
        found = [asked for asked in map(index_query, node.parts) if asked is not None]
        return " AND ".join(f"({asked})" for asked in found) if found else None
    if isinstance(node, AnyOf):
        parts = [index_query(part) for part in node.parts]
        known = [asked for asked in parts if asked is not None]
        return " OR ".join(f"({asked})" for asked in known) if len(known) == len(parts) else None
    if isinstance(node, Near):
        return index_query(AllOf((node.left, node.right)))
    return None


def _term(term: Term) -> str | None:
    """A phrase of the index. Languages without spaces and signs that are no words are not indexed as the query sees them."""
    words = [word for word in term.words if _WORD.search(word)]
    if term.field not in {"", "title"} or not words or _UNINDEXED.search(" ".join(words)):
        return None
    if term.field == "title":
        return _phrase("title", words, prefix=term.prefix)
    # A phrase may begin in the title and go on in the text: a query sees the two as one.
    across = [
        f"({_phrase('title', words[:at], prefix=False)}) AND ({_phrase('text', words[at:], prefix=term.prefix)})"
        for at in range(1, len(words))
    ]
    return " OR ".join([_phrase("", words, prefix=term.prefix), *(f"({way})" for way in across)])


def _phrase(column: str, words: Sequence[str], *, prefix: bool) -> str:
    text = re.sub('["\0]', " ", " ".join(words))
    # The query folds ß to ss, the index does not.
    ways = sorted({text.replace("ß", "ss"), text.replace("ss", "ß")})
    named = f"{column} : " if column else ""
    return " OR ".join(f'{named}"{way}"{"*" if prefix else ""}' for way in ways)
