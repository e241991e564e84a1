"""What to do about each promise (METRICS 12): importance × delivery, divided at their means (Martilla & James 1977)."""

from collections.abc import Sequence
from dataclasses import replace

from reports.documents import Interval, PromiseGap
from reports.promise_records import Importance, Quadrant, Standing
from reports.promise_words import importance_sentence

_ORDER: tuple[Quadrant | None, ...] = ("fix first", "keep up", "low priority", "possible overkill", None)


def prioritised(found: Importance, gaps: Sequence[PromiseGap]) -> Importance:
    """The standings with the quadrant of each, what to fix first at the top; fewer than two measured promises have none."""
    delivered = {gap.promise.id: gap for gap in gaps if gap.delivery is not None}
    both = [one for one in found.standings if one.importance is not None and one.promise.id in delivered]
    if len(both) < 2:
        return replace(found, sentence=importance_sentence(found, {}))
    important = sum(one.importance or 0.0 for one in both) / len(both)
    usual = sum(delivered[one.promise.id].delivery or 0.0 for one in both) / len(both)
    placed = [_placed(one, delivered.get(one.promise.id), important, usual) for one in found.standings]
    placed.sort(key=lambda one: (_ORDER.index(one.quadrant), -(one.importance or 0.0), one.promise.id))
    whole = replace(found, standings=tuple(placed), mean_importance=important, mean_delivery=usual)
    changes = {id_: gap.change for id_, gap in delivered.items() if gap.change is not None}
    recovered = {id_: change for id_, change in changes.items() if change.after >= usual > change.before}
    return replace(whole, sentence=importance_sentence(whole, recovered))


def quadrant(importance: float, delivery: float, mean_importance: float, mean_delivery: float) -> Quadrant:
    """The quadrant of a promise; what lies on a mean belongs to the higher side."""
    if importance >= mean_importance:
        return "keep up" if delivery >= mean_delivery else "fix first"
    return "possible overkill" if delivery >= mean_delivery else "low priority"


def _placed(one: Standing, gap: PromiseGap | None, important: float, usual: float) -> Standing:
    if gap is None or gap.delivery is None or gap.interval is None or one.importance is None or one.interval is None:
        return one
    return replace(
        one,
        delivery=gap.delivery,
        delivery_interval=gap.interval,
        quadrant=quadrant(one.importance, gap.delivery, important, usual),
        clear=_beside(one.interval, important) and _beside(gap.interval, usual),
    )


def _beside(interval: Interval, mean: float) -> bool:
    return not interval[0] < mean < interval[1]
