"""A scorecard of a brand: evidence, the ratings of the configuration and those that were entered, and what each pillar weighs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.config import BrandConfig
from monitor.store import Store
from reports.evidence import Window
from reports.gap import build_gap
from reports.promise_records import Standing
from reports.scorecard import build_scorecard
from reports.scorecard_records import Scorecard, SelfRating


def scorecard_of(store: Store, brand: BrandConfig, window: Window, now: datetime) -> Scorecard:
    """The scorecard of a window."""
    stages = {one.id: one.stage for one in brand.promise if one.stage}
    evidence = store.scorecards.load(brand.id, window, stages, configured_ratings(brand), now)
    report = build_gap(store.load_evidence(brand.id, window, "week", generated=now))
    standings = report.weights.importance.standings if report.weights else ()
    return build_scorecard(replace(evidence, importance=pillar_importance(standings)))


def configured_ratings(brand: BrandConfig) -> tuple[SelfRating, ...]:
    """Return the ratings that the configuration names."""
    return tuple(SelfRating(one.by, one.on, one.ratings) for one in brand.assessment)


def pillar_importance(standings: Sequence[Standing]) -> dict[str, float]:
    """What each pillar contributes to overall sentiment: the sum over its promises (Shapley shares add up)."""
    found: dict[str, float] = {}
    for one in standings:
        if one.promise.pillar and one.importance is not None:
            found[one.promise.pillar] = found.get(one.promise.pillar, 0.0) + one.importance
    return found
