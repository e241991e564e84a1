"""The brand-promise gap report: promise by promise, what was advertised, what customers live through, how far apart."""

from collections.abc import Sequence

import numpy as np

from reports.breakdown import Breakdown
from reports.buckets import bucket_starts
from reports.delivery import promise_gaps
from reports.documents import GapReport
from reports.evidence import Evidence
from reports.explaining import explain
from reports.findings import Findings
from reports.net import net_sentiment, window_correction
from reports.sentiment_table import sentiment_table
from reports.weights import promise_weights
from reports.words import headlines

SEED = 20_020_118
"""The same evidence gives the same report, to the last digit."""


def build_gap(
    evidence: Evidence,
    seed: int = SEED,
    breakdown: Breakdown | None = None,
    earlier: Evidence | None = None,
    rivals: Sequence[Evidence] = (),
) -> GapReport:
    """The gap report of the evidence's window; `seed` fixes the bootstrap. Rows outside the window do not count.

    With a `breakdown` it also explains its numbers, against the window of `earlier` and beside `rivals` where they are given.
    """
    starts = bucket_starts(evidence.window, evidence.every)
    promises = promise_gaps(evidence, evidence.window, evidence.every, seed)
    table = sentiment_table(evidence.sentiment).within(evidence.window)
    audited = window_correction(evidence, table, evidence.window)
    sentiment = net_sentiment(table, evidence.model, starts, np.random.default_rng(seed), audited)
    return GapReport(
        brand=evidence.brand,
        brand_name=evidence.brand_name,
        timezone=evidence.timezone,
        window=evidence.window,
        every=evidence.every,
        generated=evidence.generated,
        headlines=headlines(promises, sentiment, evidence.every),
        promises=promises,
        sentiment=sentiment,
        coverage=evidence.coverage,
        model=evidence.model,
        findings=explain(evidence, breakdown, seed, earlier, rivals) if breakdown else Findings(),
        weights=promise_weights(evidence, promises, seed),
    )
