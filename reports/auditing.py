"""What a person's labels of a random sample do to net sentiment: by how much they move the model's class shares, how surely."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.priors import estimate_priors
from reports.evidence import AuditRow, Label, ModelFacts, PutRight, Window
from reports.ppi import Labelled, Population, Powered, powered_shares
from reports.priors import adjusted
from reports.sentiment_table import LABELS, SentimentTable
from reports.statistics import Floats, Ints, effective_size

MIN_AUDITED = 30.0
"""Effective audited mentions under which a sample says too little of how the model errs to correct anything by it."""


@dataclass(frozen=True, slots=True)
class Correction:
    """`found` are the shares of the units that were sampled; `whole` tells whether those are all that is reported on."""

    found: Powered
    audited: int
    n_eff: float
    whole: bool

    def of_part(self) -> "Correction":
        """The same for a part of the window: the model is taken to err alike in all of it."""
        return replace(self, whole=False)


def correction(
    table: SentimentTable,
    audits: Sequence[AuditRow],
    draws: Sequence[Window],
    model: ModelFacts,
    put_right: Sequence[PutRight] = (),
) -> Correction | None:
    """What the audits say of the units in `table`; None where they are too few.

    Days that were sampled at different rates (by several draws) are strata: each counts by its units. Days that no draw covers
    are left out. What was `put_right` counts here as it was read, among the audited and among all: people correct what they come
    upon, often in the sample, and a sample whose errors were mended would show none. `shift` leads from what is counted.
    """
    counts, table = table, table.as_read(put_right)
    days = np.array([row.day.toordinal() for row in audits], dtype=np.int64)
    stratum = _strata(np.concatenate([table.day, days]), draws)
    of_rows, of_audits = stratum[: table.day.size], stratum[table.day.size :]
    units = np.bincount(of_rows, weights=table.n, minlength=int(stratum.max(initial=-1)) + 1)
    labelled = np.bincount(of_audits, minlength=units.size)
    inside = (units > 0) & (labelled > 0)
    sampled, counted = inside[of_rows], inside[of_audits]
    chosen = [row for row, is_in in zip(audits, counted, strict=True) if is_in]
    story = np.array([row.story for row in chosen], dtype=np.int64)
    worth = effective_size(np.ones(len(chosen), dtype=np.int64), story)
    if worth < MIN_AUDITED:
        return None
    part = table.where(sampled)
    predicted, of_labelled = _predicted(part, chosen, model)
    found = powered_shares(
        Labelled(
            label=_labels([row.label for row in chosen]),
            predicted=of_labelled,
            story=story,
            weight=(units / np.maximum(labelled, 1))[of_audits[counted]],
        ),
        Population(predicted, part.n, part.story),
    )
    if put_right:
        part = counts.where(sampled[: counts.day.size])
        found = replace(found, shift=found.shares - part.n @ _predicted(part, (), model)[0] / part.n.sum())
    return Correction(found, len(chosen), worth, whole=bool(sampled.all()))


def _strata(day: Ints, draws: Sequence[Window]) -> Ints:
    """Days covered by the same draws have the same number."""
    covered = np.array([(day >= draw.since.toordinal()) & (day < draw.until.toordinal()) for draw in draws]).reshape(len(draws), -1)
    _, stratum = np.unique(covered.T, axis=0, return_inverse=True)
    return np.asarray(stratum, dtype=np.int64).reshape(-1)


def _predicted(table: SentimentTable, audits: Sequence[AuditRow], model: ModelFacts) -> tuple[Floats, Floats]:
    """What the model expects of each row and of each audited unit: adjusted to their mix, or the bare label where uncalibrated."""
    if model.priors is None:
        return np.eye(3)[table.label], np.eye(3)[_labels([row.read for row in audits])]
    training = np.array(model.priors, dtype=np.float64)
    mix = estimate_priors(table.probabilities, table.n.astype(np.float64), training)
    stored = np.array([row.probabilities for row in audits], dtype=np.float64).reshape(-1, 3)
    return adjusted(table.probabilities, training, mix), adjusted(stored, training, mix)


def _labels(names: Sequence[Label]) -> Ints:
    return np.array([LABELS[name] for name in names], dtype=np.int64)
