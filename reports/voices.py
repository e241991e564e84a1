"""Voices as columns: what each kind of voice says of every promise, how many of a kind there are, and how they share stories."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reports.evidence import Label, Side, VoiceRow
from reports.resampling import resampled
from reports.statistics import Floats, Ints, effective_size

_MOODS: dict[Label, float] = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}
_SIDES: dict[Side, float] = {"kept": 1.0, "broken": -1.0, "outright": -1.0, "none": 0.0}


@dataclass(frozen=True, slots=True)
class VoiceTable:
    """Kinds of voices: `mood` (C) −1, 0 or 1; of each promise `side` (C×P) −1, 0 or 1, `spoken` and `outright` (C×P) 0 or 1.

    A row is `n` voices of kind `cell` who share `story`, or, where that is 0, have a story each.
    """

    mood: Floats
    side: Floats
    spoken: Floats
    outright: Floats
    cell: Ints
    n: Ints
    story: Ints

    @property
    def counts(self) -> Floats:
        """Voices of each kind (C)."""
        return np.bincount(self.cell, weights=self.n, minlength=self.mood.size).astype(np.float64)

    def n_eff(self, kinds: Floats) -> float:
        """Effective voices of the kinds (C) that are not 0."""
        chosen = kinds[self.cell] != 0
        return effective_size(self.n[chosen], self.story[chosen])

    def resampled(self, rng: np.random.Generator, replicates: int) -> Floats:
        """Voices of each kind in bootstrap samples of stories (B×C)."""
        return resampled(self.cell, self.n, self.story, self.mood.size, rng=rng, replicates=replicates)


def voice_table(rows: Sequence[VoiceRow], parts: Sequence[str]) -> VoiceTable:
    """Columns of the rows; parts (ids of promises, or pillars) in the order given, what is said of others left out."""
    place = {part: index for index, part in enumerate(parts)}
    kinds: dict[tuple[Label, tuple[tuple[str, Side], ...]], int] = {}
    kept = sorted((row for row in rows if row.n > 0), key=lambda row: (row.label, row.said, row.story))
    cell = [kinds.setdefault((row.label, row.said), len(kinds)) for row in kept]
    side, spoken, outright = (np.zeros((len(kinds), len(parts))) for _ in range(3))
    for (_, said), kind in kinds.items():
        for promise, taken in said:
            if promise in place:
                side[kind, place[promise]] = _SIDES[taken]
                spoken[kind, place[promise]] = 1.0
                outright[kind, place[promise]] = taken == "outright"
    return VoiceTable(
        mood=np.array([_MOODS[label] for label, _ in kinds], dtype=np.float64),
        side=side,
        spoken=spoken,
        outright=outright,
        cell=np.array(cell, dtype=np.int64),
        n=np.array([row.n for row in kept], dtype=np.int64),
        story=np.array([row.story for row in kept], dtype=np.int64),
    )
