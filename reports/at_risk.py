"""Claims at risk: promises that customers do not live through, for whoever answers for what is advertised. Soften or withdraw."""

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from reports.delivery import EXPECTATIONS, StanceTable, posterior
from reports.documents import PromiseGap
from reports.evidence import Strength, WordingRow
from reports.promise_records import ClaimAtRisk, Outright
from reports.promise_words import at_risk_sentence
from reports.statistics import MIN_EFFECTIVE, BetaPrior, beta_interval

WORDINGS = 3


def claim_at_risk(
    gap: PromiseGap, table: StanceTable, prior: BetaPrior, outright: Outright, wordings: Sequence[WordingRow]
) -> ClaimAtRisk | None:
    """What to do about a promise that is broken or at risk, by the evidence since it last changed; None where it is neither.

    It is to be softened to the strongest wording that the whole interval of delivery would keep, and withdrawn where none would.
    """
    if gap.delivery is None or gap.interval is None or gap.verdict not in ("broken", "at risk"):
        return None
    delivery, interval, since = gap.delivery, gap.interval, table
    if gap.change is not None:
        later = table.where(table.day >= gap.change.start.toordinal())
        if later.n_eff >= MIN_EFFECTIVE:
            share = posterior(later, prior)
            low, high = beta_interval(share.mean, share.strength)
            delivery, interval, since = 100 * share.mean, (100 * low, 100 * high), later
    if gap.verdict == "broken" and interval[1] >= gap.expectation:
        return None
    softer = next((name for name in _strengths() if EXPECTATIONS[name] <= min(interval[0], gap.expectation)), "")
    kept, broken = since.counts
    claim = ClaimAtRisk(
        promise=gap.promise,
        advice="soften" if softer else "withdraw",
        verdict=gap.verdict,
        expectation=gap.expectation,
        delivery=delivery,
        interval=interval,
        n=kept + broken,
        broken=broken,
        outright=outright.said,
        softer=softer,
        wordings=tuple(wordings[:WORDINGS]),
    )
    return replace(claim, sentence=at_risk_sentence(claim, since is not table, gap.change))


def _strengths() -> list[Strength]:
    return sorted(get_args(Strength), key=lambda name: -EXPECTATIONS[name])
