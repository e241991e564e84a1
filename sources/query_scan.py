"""One pass over a document for the literals of many queries, so that only those are evaluated that can match at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sources.query import Query
from sources.query_nodes import leaves
from sources.query_terms import Term
from sources.query_text import BODY, Document

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

_MOST_IN_A_TABLE = 2_000
"""Literals up to which the fastest automaton stays small; it takes a kilobyte for every sign of a literal."""


@dataclass(frozen=True)
class Scanner:
    """Which of `count` queries need literals, by the literal's number; `always` are those that need none."""

    fields: tuple[str, ...]
    always: frozenset[int]
    askers: tuple[frozenset[int], ...]
    automaton: "BytesAhoCorasick"

    def candidates(self, document: Document) -> frozenset[int]:
        """The queries, by number, that may match a document; no other one does."""
        text = document.part(BODY).text
        if self.fields:
            text = "\n".join([text, *(document.part(field).text for field in self.fields)])
        found = self.automaton.find_matches_as_indexes(text.encode("utf-8", "surrogatepass"), overlapping=True)
        if not found:
            return self.always
        return self.always.union(*[self.askers[number] for number in {match[0] for match in found}])


def scanner(queries: Sequence[Query]) -> Scanner:
    """Return the scanner of some queries, which are known by their places."""
    from ahocorasick_rs import BytesAhoCorasick, Implementation  # noqa: PLC0415 - most commands match nothing

    asking: dict[str, set[int]] = {}
    always = set()
    for number, query in enumerate(queries):
        needs = query.root.needs
        if needs is None:
            always.add(number)
        for literal in needs or ():
            asking.setdefault(literal, set()).add(number)
    terms = [one for query in queries for one in leaves(query.root) if isinstance(one, Term)]
    return Scanner(
        tuple(sorted({one.field for one in terms} - {BODY, "lang"})),
        frozenset(always),
        tuple(map(frozenset, asking.values())),
        BytesAhoCorasick(
            [literal.encode("utf-8", "surrogatepass") for literal in asking],
            implementation=Implementation.DFA if len(asking) <= _MOST_IN_A_TABLE else None,
        ),
    )
