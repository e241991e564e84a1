"""What promises weigh, all together: how loudly each is made, how much it matters, what became of it, and what to do."""

from collections.abc import Sequence

import numpy as np

from reports.at_risk import claim_at_risk
from reports.delivery import fitted_prior, promise_rng, stance_tables
from reports.documents import PromiseGap
from reports.emphasis import emphasis
from reports.evidence import Evidence
from reports.importance import importance
from reports.outright import outright_rates
from reports.overall import overall_gaps
from reports.priority import prioritised
from reports.promise_records import PromiseWeights
from reports.turns import by_promise, turns
from reports.voices import voice_table
from reports.wordings import distinct

_OWN_STREAM = 7
"""Sets this randomness apart from that of delivery, which has the same seed."""


def promise_weights(evidence: Evidence, gaps: Sequence[PromiseGap], seed: int) -> PromiseWeights:
    """METRICS 7–9, 11 and 12 over the evidence's window, with the turns of every promise and the claims at risk."""
    order = sorted(evidence.promises, key=lambda one: one.id)
    voices = voice_table(evidence.voices, [promise.id for promise in order])
    column = {promise.id: at for at, promise in enumerate(order)}
    placed = by_promise(evidence.placements, evidence.window)
    loudness = {promise.id: sum(row.n for row in placed.get(promise.id, ())) for promise in order}
    worded = {promise.id: distinct([row for row in evidence.wordings if row.promise == promise.id]) for promise in order}
    whole = stance_tables(evidence.stances, evidence.promises, evidence.stance_audits)
    tables = {id_: table.within(evidence.window) for id_, table in whole.items()}
    prior = fitted_prior(tables.values())
    rng = np.random.default_rng([seed, _OWN_STREAM])
    said = {one.promise.id: one for one in outright_rates(order, voices)}
    found = importance(gaps, voices, [column[gap.promise.id] for gap in gaps], rng)
    risks = (claim_at_risk(gap, tables[gap.promise.id], prior, said[gap.promise.id], worded[gap.promise.id]) for gap in gaps)
    return PromiseWeights(
        emphasis=emphasis(evidence.brand_name, order, [loudness[promise.id] for promise in order], voices, rng),
        overall=overall_gaps(gaps, loudness, rng),
        importance=prioritised(found, gaps),
        outright=tuple(said[gap.promise.id] for gap in gaps),
        turns=tuple(
            turn
            for gap in gaps
            for turn in turns(
                gap,
                tables[gap.promise.id],
                placed.get(gap.promise.id, ()),
                worded[gap.promise.id],
                evidence.window,
                promise_rng(seed + _OWN_STREAM, gap.promise),
            )
        ),
        at_risk=tuple(sorted((risk for risk in risks if risk is not None), key=lambda risk: risk.advice == "soften")),
    )
