"""The bootstrap over stories: whole stories are drawn again, so that voices who share a text are drawn together."""

import numpy as np

from reports.statistics import Floats, Ints

_BLOCK = 4096


def resampled(cell: Ints, n: Ints, story: Ints, cells: int, *, rng: np.random.Generator, replicates: int) -> Floats:
    """Counts of each cell (replicates × cells) in Poisson bootstrap samples; a row is `n` voices of `story` in `cell`.

    In story 0 each voice is a story of its own. Stories of the same make-up are drawn together.
    """
    alone = story == 0
    single = np.bincount(cell[alone], weights=n[alone], minlength=cells)
    samples = rng.poisson(single, size=(replicates, single.size)).astype(np.float64)
    makeup, times = _makeups(story[~alone], cell[~alone], n[~alone], cells)
    for block in range(0, times.size, _BLOCK):
        dense = _dense(makeup, block, min(block + _BLOCK, times.size), cells)
        samples += rng.poisson(times[block : block + _BLOCK], size=(replicates, dense.shape[0])) @ dense
    return samples


def _makeups(story: Ints, cell: Ints, n: Ints, cells: int) -> tuple[tuple[Ints, Ints, Floats], Ints]:
    """The distinct make-ups of shared stories as (make-up, cell, voices) triples, and how many stories have each.

    Make-ups are told apart by a sum of random 64-bit keys, one a cell, taken once for each voice.
    """
    _, index = np.unique(story, return_inverse=True)
    keys = np.random.default_rng(0).integers(0, 2**63, size=cells, dtype=np.uint64)
    signature = np.zeros(int(index.max(initial=-1)) + 1, dtype=np.uint64)
    np.add.at(signature, index, keys[cell] * n.astype(np.uint64))
    _, first, kind, times = np.unique(signature, return_index=True, return_inverse=True, return_counts=True)
    chosen = first[kind[index]] == index
    return (kind[index][chosen], cell[chosen], n[chosen].astype(np.float64)), times


def _dense(makeup: tuple[Ints, Ints, Floats], begin: int, end: int, cells: int) -> Floats:
    kind, cell, voices = makeup
    here = (kind >= begin) & (kind < end)
    matrix = np.zeros((end - begin, cells))
    np.add.at(matrix, (kind[here] - begin, cell[here]), voices[here])
    return matrix
