"""All findings of a gap report: what moved, for whom, on whom it rests, what was measured, and how competitors fare."""

from collections.abc import Mapping, Sequence

import numpy as np

from reports.auditing import Correction
from reports.breakdown import Breakdown
from reports.buckets import bucket_of, bucket_starts
from reports.change import promise_changes
from reports.competitors import compared
from reports.concentration import concentrations
from reports.consistency import by_value, consistencies
from reports.delivery import StanceTable, stance_tables
from reports.documents import NetSentiment
from reports.evidence import Evidence, Window
from reports.findings import Findings, Movement
from reports.misreading import misreadings
from reports.movement import movement
from reports.net import estimate_net, window_correction
from reports.numbers_promised import numeric_promises
from reports.segments import segmentations, side_tables
from reports.sentiment_table import sentiment_table
from reports.typography import short_day


def explain(
    evidence: Evidence, breakdown: Breakdown, seed: int, earlier: Evidence | None = None, rivals: Sequence[Evidence] = ()
) -> Findings:
    """What explains the numbers of `evidence`; `earlier` is that of the window `breakdown.before` where it lies outside."""
    table = sentiment_table(evidence.sentiment).within(evidence.window)
    audited = window_correction(evidence, table, evidence.window)
    stances = _stances(evidence, evidence.window)
    totals = {"": int(table.n[table.label == 0].sum()), **{id_: one.counts[1] for id_, one in stances.items()}}
    names = {promise.id: promise.text for promise in evidence.promises}
    return Findings(
        movement=_movement(evidence, breakdown, seed, earlier, audited),
        concentration=concentrations(breakdown.leaders, totals, {"": "", **names}),
        consistency=consistencies(evidence.promises, _groups(evidence, breakdown, stances), seed),
        segmentations=segmentations(
            breakdown,
            evidence.promises,
            evidence.model,
            np.random.default_rng([seed, 1]),
            audited,
            misreadings(evidence.stance_audits, list(names)),
        ),
        numbers=numeric_promises(evidence.promises, breakdown.quantities, seed),
        competitors=compared(evidence, rivals, seed),
    )


def _movement(
    evidence: Evidence, breakdown: Breakdown, seed: int, earlier: Evidence | None, audited: Correction | None
) -> Movement | None:
    """None where there are no two windows to compare."""
    if breakdown.before == breakdown.after:
        return None
    rng = np.random.default_rng([seed, 2])
    then = earlier or evidence
    nets = (_net(then, breakdown.before, rng, audited), _net(evidence, breakdown.after, rng, audited))
    changes = promise_changes(evidence.promises, _stances(then, breakdown.before), _stances(evidence, breakdown.after), seed)
    names = {promise.id: promise.text for promise in evidence.promises}
    return movement(breakdown, nets, evidence.model, names, changes, rng)


def _net(evidence: Evidence, window: Window, rng: np.random.Generator, audited: Correction | None) -> NetSentiment:
    """Both windows are moved by the same audits, so that their difference is not."""
    table = sentiment_table(evidence.sentiment).within(window)
    return estimate_net(table, evidence.model, rng, audited=audited and audited.of_part()).sentiment


def _stances(evidence: Evidence, window: Window) -> dict[str, StanceTable]:
    whole = stance_tables(evidence.stances, evidence.promises, evidence.stance_audits)
    return {id_: table.within(window) for id_, table in whole.items()}


def _groups(
    evidence: Evidence, breakdown: Breakdown, stances: Mapping[str, StanceTable]
) -> dict[str, Mapping[str, Mapping[str, StanceTable]]]:
    """The stances of each promise by week (or day, or month), and by each dimension."""
    starts = bucket_starts(evidence.window, evidence.every)
    labels = [short_day(start) for start in starts]
    over_time = {id_: by_value([labels[at] for at in bucket_of(table.day, starts)], table) for id_, table in stances.items()}
    found: dict[str, Mapping[str, Mapping[str, StanceTable]]] = {evidence.every: over_time}
    for dimension in breakdown.dimensions:
        found[dimension] = side_tables(breakdown.sides, dimension, evidence.promises)
    return found
