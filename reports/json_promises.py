"""What promises weigh, as JSON."""

from typing import Any

from reports.json_values import bounds, shares, tenth, thousandth
from reports.promise_records import ClaimAtRisk, EmphasisGap, OverallGap, PromiseWeights, Standing, Turn

Json = dict[str, Any]


def weights_json(weights: PromiseWeights | None) -> Json | None:
    """All of it; null where nothing was weighed. Shares are fractions, gaps points of 100, divergence bits."""
    if weights is None:
        return None
    emphasis, importance = weights.emphasis, weights.importance
    return {
        "overall": [_overall(one) for one in weights.overall],
        "importance": {
            "sentence": importance.sentence,
            "explained": thousandth(importance.explained),
            "n": importance.n,
            "n_eff": tenth(importance.n_eff),
            "mean_importance": thousandth(importance.mean_importance),
            "mean_delivery": tenth(importance.mean_delivery),
            "promises": [_standing(one) for one in importance.standings],
        },
        "emphasis": {
            "sentence": emphasis.sentence,
            "placements": emphasis.placements,
            "voices": emphasis.voices,
            "n_eff": tenth(emphasis.n_eff),
            "divergence": thousandth(emphasis.divergence),
            "interval": shares(emphasis.interval),
            "promises": [_emphasis(one) for one in emphasis.gaps],
        },
        "outright": [
            {"id": one.promise.id, "said": one.said, "n": one.n, "share": thousandth(one.share), "interval": shares(one.interval)}
            for one in weights.outright
        ],
        "turns": [_turn(one) for one in weights.turns],
        "at_risk": [_at_risk(one) for one in weights.at_risk],
    }


def _overall(one: OverallGap) -> Json:
    return {
        "weighting": one.weighting,
        "gap": tenth(one.gap),
        "interval": bounds(one.interval),
        "promises": one.promises,
        "n": one.n,
    }


def _standing(one: Standing) -> Json:
    return {
        "id": one.promise.id,
        "n": one.n,
        "importance": thousandth(one.importance),
        "interval": shares(one.interval),
        "delivery": tenth(one.delivery),
        "delivery_interval": bounds(one.delivery_interval),
        "quadrant": one.quadrant,
        "clear": one.clear,
    }


def _emphasis(one: EmphasisGap) -> Json:
    return {
        "id": one.promise.id,
        "placements": one.placements,
        "voices": one.voices,
        "advertised": thousandth(one.advertised),
        "spoken": thousandth(one.spoken),
        "gap": tenth(one.gap),
        "interval": bounds(one.interval),
    }


def _turn(one: Turn) -> Json:
    return {
        "id": one.promise.id,
        "occasion": one.occasion,
        "start": one.start.isoformat(),
        "words": one.words or None,
        "placements_a_week_before": tenth(one.loud_before),
        "placements_a_week_after": tenth(one.loud_after),
        "before": tenth(one.before),
        "after": tenth(one.after),
        "delta": tenth(one.delta),
        "interval": bounds(one.interval),
        "n_before": one.n_before,
        "n_after": one.n_after,
        "sentence": one.sentence,
    }


def _at_risk(one: ClaimAtRisk) -> Json:
    return {
        "id": one.promise.id,
        "advice": one.advice,
        "verdict": one.verdict,
        "softer": one.softer or None,
        "expectation": tenth(one.expectation),
        "delivery": tenth(one.delivery),
        "interval": bounds(one.interval),
        "n": one.n,
        "broken": one.broken,
        "outright": one.outright,
        "sentence": one.sentence,
        "wordings": [
            {
                "words": wording.words,
                "first": wording.first.isoformat(),
                "last": wording.last.isoformat(),
                "n": wording.n,
                "source": wording.source,
                "url": wording.url,
            }
            for wording in one.wordings
        ],
    }
