"""Near copies of a long text, found without comparing every pair: MinHash signatures and locality-sensitive hashing.

Broder, "On the resemblance and containment of documents" (1997); Li & König, "b-Bit Minwise Hashing" (2010): a signature keeps the
lowest byte of each minimum; bands as in Leskovec, Rajaraman & Ullman, "Mining of Massive Datasets", ch. 3. Every function is pure:
whether two texts are near copies depends on the two alone.
"""

import zlib
from collections.abc import Sequence
from operator import eq
from typing import NamedTuple

MIN_WORDS = 20
"""Shorter texts have too few shingles to tell an edited copy from another text of the same pattern."""

SHINGLE_WORDS = 4
HASHES = 60
BAND_ROWS = 3
MIN_JACCARD = 0.4
MIN_CONTAINED = 0.7
"""This share of the shorter text's shingles is in the longer one; where both are equally long, that is a Jaccard index of 0.6."""

_CHANCE = 1 / 256
_WORDS_AT_ONCE = 2_000
_SEED = 20_240_229


class Signature(NamedTuple):
    """What is kept of a text: the low bytes of its `HASHES` minima, and how many shingles it has."""

    minima: bytes
    shingles: int

    def bands(self) -> list[int]:
        """The keys (32 bits, unsigned) under which it is filed: texts that share one are candidates."""
        # Each band has a factor of its own: equal bytes in two different bands are no agreement.
        return [
            int.from_bytes(self.minima[at : at + BAND_ROWS]) * (0x9E3779B1 + 2 * at) & 0xFFFFFFFF
            for at in range(0, HASHES, BAND_ROWS)
        ]


def are_near(one: Signature, other: Signature) -> bool:
    """Whether two texts are, as far as their signatures tell, an original and its edited or shortened copy."""
    agreeing = sum(map(eq, one.minima, other.minima)) / HASHES
    jaccard = (agreeing - _CHANCE) / (1 - _CHANCE)
    if jaccard < MIN_JACCARD:
        return False
    shared: float = jaccard / (1 + jaccard) * (one.shingles + other.shingles)
    return shared >= MIN_CONTAINED * min(one.shingles, other.shingles)


def sign(normalised: Sequence[str]) -> list[Signature]:
    """Signatures of normalised texts (`stories.normalise`) of at least `MIN_WORDS` words."""
    found: list[Signature] = []
    some: list[list[str]] = []
    size = 0
    for text in normalised:
        some.append(text.split())
        size += len(some[-1])
        if size >= _WORDS_AT_ONCE:
            found += _sign(some)
            some, size = [], 0
    return found + (_sign(some) if some else [])


def _sign(texts: list[list[str]]) -> list[Signature]:
    """As one array, because numpy costs by the call."""
    import numpy as np  # noqa: PLC0415 - a tenth of a second that commands without long texts never pay

    def mixed(values: "np.ndarray[tuple[int], np.dtype[np.uint64]]") -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
        """The finaliser of splitmix64."""
        values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return values ^ (values >> np.uint64(31))

    words = np.fromiter((zlib.crc32(word.encode()) for text in texts for word in text), dtype=np.uint64)
    counts = np.array([len(text) for text in texts])
    shingled = np.zeros(len(words) - SHINGLE_WORDS + 1, dtype=np.uint64)
    for place in range(SHINGLE_WORDS):
        shingled = mixed(shingled + words[place : place + len(shingled)] + np.uint64(1))
    # What straddles two texts is no shingle of either.
    inside = np.ones(len(shingled), dtype=bool)
    for back in range(1, SHINGLE_WORDS):
        inside[np.cumsum(counts)[:-1] - back] = False
    shingled = shingled[inside] & np.uint64(0xFFFFFFFF)
    sizes = counts - (SHINGLE_WORDS - 1)
    starts = np.cumsum(sizes) - sizes
    drawn = np.random.PCG64(_SEED).random_raw(2 * HASHES)
    # Multiply-shift: the high half of the product is a pairwise independent hash (Dietzfelbinger et al. 1997).
    permuted = (shingled * (drawn[:HASHES, None] | np.uint64(1)) + drawn[HASHES:, None]) >> np.uint64(32)
    minima = (np.minimum.reduceat(permuted, starts, axis=1) & np.uint64(0xFF)).astype(np.uint8).T
    return [Signature(row.tobytes(), int(size)) for row, size in zip(minima, sizes, strict=True)]
