"""The overall gap (METRICS 8): all measured promises as one figure, under weights that say whose view it is."""

from collections.abc import Mapping, Sequence

import numpy as np

from reports.documents import PromiseGap
from reports.promise_records import OverallGap, Weighting
from reports.statistics import DRAWS, TAILS, Floats, beta_draws


def overall_gaps(promises: Sequence[PromiseGap], placements: Mapping[str, int], rng: np.random.Generator) -> tuple[OverallGap, ...]:
    """One figure a weighting: each promise alike, as the company weighs it, as loudly as it is made, as often as it is spoken of.

    A weighting that nothing is known for, or that gives every measured promise nothing, has no figure. A promise that the company
    gives no weight beside others that have one counts 1. The interval draws each delivery from its posterior, and the voices' own
    weights from how many effective voices they rest on.
    """
    measured = [one for one in promises if one.gap is not None]
    if not measured:
        return tuple(OverallGap(name, None, None, 0, 0) for name in ("unweighted", "stated", "placements", "voices"))
    gaps = np.array([one.gap for one in measured], dtype=np.float64)
    draws = _delivery_draws(measured, rng) - np.array([one.expectation for one in measured])
    voices = np.array([one.n for one in measured], dtype=np.float64)
    effective = np.array([one.n_eff for one in measured], dtype=np.float64)
    n = int(voices.sum())

    def told(name: Weighting, weights: Floats, drawn: Floats | None = None) -> OverallGap:
        if not weights.sum() > 0:
            return OverallGap(name, None, None, len(measured), n)
        point = float(gaps @ weights / weights.sum())
        varied = np.broadcast_to(weights, draws.shape) if drawn is None else drawn
        low, high = (float(bound) for bound in np.quantile((draws * varied).sum(axis=1) / varied.sum(axis=1), TAILS))
        return OverallGap(name, point, (min(low, point), max(high, point)), len(measured), n)

    stated = [one.promise.weight for one in measured]
    weights = np.array([1.0 if weight is None else weight for weight in stated]) if any(stated) else np.zeros(len(measured))
    return (
        told("unweighted", np.ones(len(measured))),
        told("stated", weights),
        told("placements", np.array([float(placements.get(one.promise.id, 0)) for one in measured])),
        told("voices", voices, rng.gamma(effective, voices / effective, size=draws.shape)),
    )


def _delivery_draws(measured: Sequence[PromiseGap], rng: np.random.Generator) -> Floats:
    """Deliveries (draws × measured promises) from the posteriors that their intervals are those of."""
    return np.stack([100 * beta_draws((one.delivery or 0.0) / 100, one.strength, rng, DRAWS) for one in measured], axis=1)
