"""Groups of vectors that say the same: known groups are joined where they are near, new ones form where enough lie together.

Vectors of one brand share a direction (its trade, its tone), which would make everything alike. They are compared from their
common mean (after Mu & Viswanath 2018, "All-but-the-Top"): the cosine of what is special about each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]
Bytes = NDArray[np.int8]

_ALIKE = 0.6
_FEW = 5.0
AT_ONCE = 3_000
"""Vectors that are grouped at a time: average linkage needs the square of this."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike vectors must be, as cosines from the common mean; tuned on the project's own corpus (docs/causes.md).

    `form`: the mean between the two sides of a new group. `apart`: between the centres of its sides, where both are large.
    `join`: of a vector with the centre of a known group, as a share of what that group's own members have, and `join_least` at
    least, `join_before` above the next group. `same`: sameness from which a new group is part of a known one, and `merge` from
    which two known ones of `merge_size` are one.
    """

    form: float = 0.2
    apart: float = 0.6
    join: float = 0.8
    join_least: float = 0.35
    join_before: float = 0.1
    same: float = 0.75
    merge: float = 0.9
    merge_size: int = 20


@dataclass(frozen=True, slots=True)
class Middles:
    """Groups by the sum of their unit vectors (groups, width) and their sizes; all that is compared follows from these."""

    sums: Floats
    sizes: NDArray[np.int64]

    @property
    def centres(self) -> Floats:
        """Unit vectors in the middle of each group."""
        return _unit(self.sums)

    @property
    def within(self) -> Floats:
        """The mean cosine between two members of each group; a small one where it has one member or they have nothing in common."""
        pairs = np.maximum(self.sizes * (self.sizes - 1), 1)
        cosines: Floats = np.clip(((self.sums**2).sum(axis=1) - self.sizes) / pairs, 0.02, 1.0).astype(np.float32)
        return cosines

    @property
    def expected(self) -> Floats:
        """The cosine that a further member is expected to have with the centre of each group."""
        cosines = self.within / np.sqrt((1 + (self.sizes - 1) * self.within) / np.maximum(self.sizes, 1))
        return cosines.astype(np.float32)

    def sameness(self, other: "Middles") -> Floats:
        """Mean cosine between members of two groups over that within them: 1 where they are one group, whatever their noise.

        The correlation of centres corrected for attenuation (Spearman 1904).
        """
        between = self.sums @ other.sums.T / np.outer(self.sizes, other.sizes)
        ratio: Floats = (between / np.sqrt(np.outer(self.within, other.within))).astype(np.float32)
        return ratio

    def plus(self, other: "Middles") -> "Middles":
        """These groups and further ones."""
        return Middles(np.vstack([self.sums, other.sums]), np.concatenate([self.sizes, other.sizes]))


def middles(vectors: Floats, groups_: Sequence[Ints]) -> Middles:
    """The middles of groups of unit vectors, given by their rows."""
    sums = np.array([vectors[rows].sum(axis=0) for rows in groups_], np.float32).reshape(len(groups_), vectors.shape[1])
    return Middles(sums, np.array([len(rows) for rows in groups_], np.int64))


def packed(vectors: Floats) -> Bytes:
    """Vectors in one byte a number, each to its own scale; only the direction is kept, to about 0.3 degrees."""
    scale = np.maximum(np.abs(vectors).max(axis=1, keepdims=True), 1e-9)
    scaled: Bytes = np.round(vectors / scale * 127).astype(np.int8)
    return scaled


def unpacked(vectors: Bytes) -> Floats:
    """Unit vectors of the directions that `packed` kept."""
    return _unit(vectors.astype(np.float32))


def common(vectors: Floats) -> Floats:
    """What unit vectors (some thousand at most) have in common: their mean, each distinct thing that is said counting once.

    A vector counts as much less as there are others like it, so that a cause of which everybody speaks is not taken for what is
    common to all; where few distinct things are said, little is.
    """
    alike_ = (vectors @ vectors.T >= _ALIKE).sum(axis=1)
    weights = 1 / np.maximum(alike_, 1)
    shared: Floats = ((weights @ vectors) / (weights.sum() + _FEW)).astype(np.float32)
    return shared


def special(vectors: Floats, mean: Floats) -> Floats:
    """What sets each vector apart from the common mean, at unit length."""
    return _unit(vectors - mean)


def joining(vectors: Floats, known: Middles, likeness: Likeness) -> tuple[Ints, Floats, NDArray[np.bool_]]:
    """For each vector the nearest group, its cosine with that group's centre, and whether it is near enough to join it."""
    if not len(known.sizes):
        return np.zeros(len(vectors), np.intp), np.full(len(vectors), -1.0, np.float32), np.zeros(len(vectors), np.bool_)
    cosines = vectors @ known.centres.T
    best = cosines.argmax(axis=1)
    rows = np.arange(len(vectors))
    top = cosines[rows, best]
    cosines[rows, best] = -1.0
    needed = np.maximum(likeness.join * known.expected[best], likeness.join_least)
    return best, top, (top >= needed) & (top - cosines.max(axis=1) >= likeness.join_before)


def groups(vectors: Floats, likeness: Likeness, least: int) -> list[Ints]:
    """Groups of at most `AT_ONCE` unit vectors from an average-linkage tree (Sokal & Michener 1958); the largest first.

    A branch is cut where its sides are too unlike to form one group, or where both sides have `least` members and centres that
    are further apart than `apart`: what is spoken of a lot is told apart more finely.
    """
    from scipy.cluster.hierarchy import linkage, to_tree  # noqa: PLC0415 - a quarter of a second, needed only here
    from scipy.spatial.distance import pdist  # noqa: PLC0415

    if len(vectors) < 2:
        return [np.arange(len(vectors))] if len(vectors) else []
    found: list[Ints] = []
    open_ = [to_tree(linkage(pdist(vectors, "cosine"), "average"))]
    while open_:
        branch = open_.pop()
        rows = np.array(sorted(branch.pre_order()), dtype=np.intp)
        if branch.is_leaf():
            found.append(rows)
            continue
        sides = [np.array(side.pre_order(), dtype=np.intp) for side in (branch.left, branch.right)]
        unlike = branch.dist > 1 - likeness.form
        if not unlike and min(map(len, sides)) >= least:
            unlike = float(centre(vectors[sides[0]]) @ centre(vectors[sides[1]])) < likeness.apart
        if unlike:
            open_ += [branch.left, branch.right]
        else:
            found.append(rows)
    return sorted(found, key=lambda rows: (-len(rows), int(rows[0])))


def spread(count: int, limit: int) -> Ints:
    """At most `limit` of the numbers up to `count`, evenly spaced: a sample over time, the same at every call."""
    return np.unique(np.linspace(0, count - 1, min(count, limit)).round().astype(np.intp)) if count else np.zeros(0, np.intp)


def centre(vectors: Floats) -> Floats:
    """The unit vector in the middle of some."""
    middle: Floats = _unit(vectors.mean(axis=0, keepdims=True))[0]
    return middle


def alike(known: Middles, likeness: Likeness) -> list[tuple[int, int]]:
    """Pairs of large groups that are one by now, the most alike first; each group is in one pair at most."""
    ratios = np.triu(known.sameness(known), 1)
    small = known.sizes < likeness.merge_size
    ratios[small, :] = ratios[:, small] = 0.0
    found: list[tuple[int, int]] = []
    taken: set[int] = set()
    for place in np.flatnonzero(ratios >= likeness.merge)[np.argsort(-ratios[ratios >= likeness.merge], kind="stable")]:
        first, second = (int(at) for at in divmod(int(place), len(known.sizes)))
        if not {first, second} & taken:
            taken |= {first, second}
            found.append((first, second))
    return found


def voices(stories: Sequence[int], authors: Iterable[str]) -> int:
    """How many distinct people tell distinct stories: the smaller of the two counts; each without a name is somebody else."""
    named = list(authors)
    return min(len(set(stories)), len({name for name in named if name}) + sum(not name for name in named))


def _unit(vectors: Floats) -> Floats:
    result: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return result
