"""What a compiled query is made of: terms, joined by AND, OR, NOT and NEAR, that look for themselves in a document."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from sources.query_terms import Term
from sources.query_text import Document, Span


class Node(Protocol):
    """A part of a query; its text is the part as it can be written again. `depth` counts the nodes from it to its deepest leaf."""

    @property
    def depth(self) -> int:
        """Nodes from here to the deepest leaf."""

    @property
    def needs(self) -> frozenset[str] | None:
        """Literals of which one stands in the folded parts of whatever matches; None where there are no such literals."""

    def match(self, document: Document) -> tuple[Span, ...] | None:
        """The spans that made a document match, `()` when nothing in particular did, None when it does not match."""


@dataclass(frozen=True, slots=True)
class Everything:
    """Matches every text."""

    depth: int = 1
    needs: frozenset[str] | None = None

    def match(self, document: Document) -> tuple[Span, ...] | None:  # noqa: ARG002 -- the node's signature
        """See `Node`."""
        return ()

    def __str__(self) -> str:
        return "*"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Matches where every part does."""

    parts: tuple[Node, ...]

    @property
    def depth(self) -> int:
        """See `Node`."""
        return 1 + max(part.depth for part in self.parts)

    @property
    def needs(self) -> frozenset[str] | None:
        """See `Node`: those of the part whose literals are the rarest, which are the longest."""
        found = [needs for needs in (part.needs for part in self.parts) if needs is not None]
        return max(found, key=lambda needs: (min(map(len, needs)), -len(needs)), default=None)

    def match(self, document: Document) -> tuple[Span, ...] | None:
        """See `Node`."""
        spans: tuple[Span, ...] = ()
        for part in self.parts:
            found = part.match(document)
            if found is None:
                return None
            spans += found
        return spans

    def __str__(self) -> str:
        return " AND ".join(f"({part})" if isinstance(part, AnyOf | AllOf) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Matches where one part or more does."""

    parts: tuple[Node, ...]

    @property
    def depth(self) -> int:
        """See `Node`."""
        return 1 + max(part.depth for part in self.parts)

    @property
    def needs(self) -> frozenset[str] | None:
        """See `Node`."""
        found = [part.needs for part in self.parts]
        known = [needs for needs in found if needs is not None]
        return frozenset().union(*known) if len(known) == len(found) else None

    def match(self, document: Document) -> tuple[Span, ...] | None:
        """See `Node`."""
        found = [spans for spans in (part.match(document) for part in self.parts) if spans is not None]
        return tuple(span for spans in found for span in spans) if found else None

    def __str__(self) -> str:
        return " OR ".join(f"({part})" if isinstance(part, AnyOf | AllOf) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Without:
    """Matches where its part does not."""

    part: Node
    needs: frozenset[str] | None = None

    @property
    def depth(self) -> int:
        """See `Node`."""
        return 1 + self.part.depth

    def match(self, document: Document) -> tuple[Span, ...] | None:
        """See `Node`."""
        return () if self.part.match(document) is None else None

    def __str__(self) -> str:
        return f"NOT ({self.part})" if isinstance(self.part, AnyOf | AllOf) else f"NOT {self.part}"


@dataclass(frozen=True, slots=True)
class Near:
    """Matches where `right` stands at most the `distance`-th word from `left`, after it if `ordered`.

    Either side is a term, or an AnyOf of terms, of the same `field`.
    """

    left: Node
    right: Node
    distance: int
    ordered: bool
    field: str

    @property
    def depth(self) -> int:
        """See `Node`."""
        return 1 + max(self.left.depth, self.right.depth)

    @property
    def needs(self) -> frozenset[str] | None:
        """See `Node`."""
        return AllOf((self.left, self.right)).needs

    def match(self, document: Document) -> tuple[Span, ...] | None:
        """See `Node`."""
        left = self.left.match(document)
        right = left and self.right.match(document)
        if not left or not right:
            return None
        words = document.words(self.field)
        found = set(_followed(left, right, words, self.distance))
        if not self.ordered:
            found.update(_followed(right, left, words, self.distance))
        return tuple(found) or None

    def __str__(self) -> str:
        left, right = (f"({side})" if isinstance(side, AnyOf) else str(side) for side in (self.left, self.right))
        return f"{left} NEAR/{self.distance}{'f' if self.ordered else ''} {right}"


def _followed(
    first: tuple[Span, ...], second: tuple[Span, ...], words: tuple[list[int], list[int]], distance: int
) -> Iterator[Span]:
    """Yield the spans of `first` that one of `second` follows within `distance` words, and those that follow."""
    starts, ends = words
    followers = sorted(second)
    begins = [span[0] for span in followers]
    before = [bisect_right(ends, begin) for begin in begins]
    taken = 0
    for span in sorted(first, key=lambda one: one[1]):
        low = bisect_left(begins, span[1])
        high = bisect_right(before, bisect_left(starts, span[1]) + distance - 1)
        if low < high:
            yield span
            yield from followers[max(low, taken) : high]
            taken = max(taken, high)


def without_nots(node: Node) -> Node:
    """Return a query without what it excludes: what it would match if nothing were."""
    if isinstance(node, Without):
        return Everything()
    if isinstance(node, AllOf):
        kept = tuple(without_nots(part) for part in node.parts if not isinstance(part, Without))
        return AllOf(kept) if kept else Everything()
    return AnyOf(tuple(map(without_nots, node.parts))) if isinstance(node, AnyOf) else node


def vetoes(node: Node) -> Iterator[Without]:
    """Yield the NOTs of a query, in its order."""
    if isinstance(node, Without):
        yield node
    elif isinstance(node, AllOf | AnyOf):
        for part in node.parts:
            yield from vetoes(part)


def leaves(node: Node) -> Iterator[Term | Everything]:
    """Yield the terms of a query, and each of its stars, in its order."""
    if isinstance(node, Term | Everything):
        yield node
    elif isinstance(node, Without):
        yield from leaves(node.part)
    else:
        for part in (node.left, node.right) if isinstance(node, Near) else node.parts if isinstance(node, AllOf | AnyOf) else ():
            yield from leaves(part)
