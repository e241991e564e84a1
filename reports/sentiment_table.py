"""Sentiment rows as columns, ready for arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from reports.evidence import Label, PutRight, SentimentRow, Window
from reports.statistics import Floats, Ints

LABELS = {label: index for index, label in enumerate(get_args(Label))}


@dataclass(frozen=True, slots=True)
class SentimentTable:
    """Sentiment rows as columns: `day` as proleptic ordinal, `label` 0–2 (negative, neutral, positive), `probabilities` N×3."""

    day: Ints
    label: Ints
    probabilities: Floats
    n: Ints
    story: Ints

    def where(self, chosen: NDArray[np.bool_] | Ints) -> "SentimentTable":
        """The rows chosen by mask or by index."""
        return SentimentTable(self.day[chosen], self.label[chosen], self.probabilities[chosen], self.n[chosen], self.story[chosen])

    def as_read(self, put_right: Sequence[PutRight]) -> "SentimentTable":
        """The same as if these had not been corrected: each counts once less as it is counted, and once more as it was read."""
        said = np.array([LABELS[one.label] for one in put_right], dtype=np.int64)
        read = np.array([LABELS[one.read] for one in put_right], dtype=np.int64)
        day = np.array([one.day.toordinal() for one in put_right], dtype=np.int64)
        story = np.array([one.story for one in put_right], dtype=np.int64)
        probabilities = np.array([one.probabilities for one in put_right], dtype=np.float64).reshape(-1, 3)
        once = np.ones(len(put_right), dtype=np.int64)
        return SentimentTable(
            np.concatenate([self.day, day, day]),
            np.concatenate([self.label, said, read]),
            np.concatenate([self.probabilities, np.eye(3)[said], probabilities]),
            np.concatenate([self.n, -once, once]),
            np.concatenate([self.story, story, story]),
        )

    def within(self, window: Window) -> "SentimentTable":
        """The rows of the window's days."""
        return self.where((self.day >= window.since.toordinal()) & (self.day < window.until.toordinal()))


def sentiment_table(rows: Sequence[SentimentRow]) -> SentimentTable:
    """Columns of the rows that count anything."""
    kept = [row for row in rows if row.n > 0]
    return SentimentTable(
        np.array([row.day.toordinal() for row in kept], dtype=np.int64),
        np.array([LABELS[row.label] for row in kept], dtype=np.int64),
        np.array([row.probabilities for row in kept], dtype=np.float64).reshape(-1, 3),
        np.array([row.n for row in kept], dtype=np.int64),
        np.array([row.story for row in kept], dtype=np.int64),
    )
