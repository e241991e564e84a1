"""A scorecard of a brand: what was heard, the ratings of the configuration, and those that were entered."""

from datetime import datetime

from monitor.config import BrandConfig
from monitor.store import Store
from reports.evidence import Window
from reports.scorecard import build_scorecard
from reports.scorecard_records import Scorecard, SelfRating


def scorecard_of(store: Store, brand: BrandConfig, window: Window, now: datetime) -> Scorecard:
    """The scorecard of a window."""
    stages = {one.id: one.stage for one in brand.promise if one.stage}
    return build_scorecard(store.scorecards.load(brand.id, window, stages, configured_ratings(brand), now))


def configured_ratings(brand: BrandConfig) -> tuple[SelfRating, ...]:
    """Return the ratings that the configuration names."""
    return tuple(SelfRating(one.by, one.on, one.ratings) for one in brand.assessment)
