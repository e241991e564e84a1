"""What explains the numbers, as JSON. Points and figures have one decimal, shares are fractions, null is insufficient evidence."""

from typing import Any

from reports.answering_records import Answering, Share
from reports.evidence import Window
from reports.findings import (
    Competitor,
    Consistency,
    Findings,
    Measured,
    Movement,
    NumericPromise,
    PromiseChange,
    Segment,
    Segmentation,
    VoiceConcentration,
)
from reports.json_values import bounds, p_value, shares, tenth, thousandth

Json = dict[str, Any]


def findings_json(findings: Findings) -> Json:
    """All of them; the terms and the change have three decimals, so that they are seen to sum."""
    return {
        "moved": None if findings.movement is None else _movement(findings.movement),
        "concentration": [_concentration(one) for one in findings.concentration],
        "consistency": [_consistency(one) for one in findings.consistency],
        "segments": [_segmentation(one) for one in findings.segmentations],
        "numbers": [_number(one) for one in findings.numbers],
        "competitors": [_competitor(one) for one in findings.competitors],
    }


def window_json(window: Window) -> Json:
    """Its first day, and the day after its last."""
    return {"since": window.since.isoformat(), "until": window.until.isoformat()}


def _movement(found: Movement) -> Json:
    return {
        "before": window_json(found.before) | {"net": tenth(found.net_before), "n": found.n_before},
        "after": window_json(found.after) | {"net": tenth(found.net_after), "n": found.n_after},
        "delta": thousandth(found.delta),
        "interval": bounds(found.interval),
        "terms": [{"name": one.name, "points": thousandth(one.points), "interval": bounds(one.interval)} for one in found.terms],
        "drivers": [
            {
                "kind": one.kind,
                "name": one.name,
                "promise": one.promise or None,
                "points": thousandth(one.points),
                "interval": bounds(one.interval),
                "n_before": one.n_before,
                "n_after": one.n_after,
            }
            for one in found.drivers
        ],
        "promises": [_change(one) for one in found.promises],
        "sentence": found.sentence,
    }


def _change(one: PromiseChange) -> Json:
    return {
        "id": one.promise,
        "before": tenth(one.before),
        "after": tenth(one.after),
        "delta": tenth(one.delta),
        "interval": bounds(one.interval),
        "p": p_value(one.p),
        "n_before": one.n_before,
        "n_after": one.n_after,
    }


def _concentration(one: VoiceConcentration) -> Json:
    return {
        "id": one.promise or None,
        "n": one.n,
        "authors": _tops(one.authors),
        "threads": _tops(one.threads),
        "sentence": one.sentence or None,
    }


def _tops(found: tuple[float, float, float] | None) -> Json | None:
    return None if found is None else dict(zip(("top_1", "top_3", "top_10"), map(thousandth, found), strict=True))


def _consistency(one: Consistency) -> Json:
    return {
        "id": one.promise,
        "between": one.between,
        "groups": one.groups,
        "n": one.n,
        "spread": tenth(one.spread),
        "interval": bounds(one.interval),
        "p": p_value(one.p),
        "low": None if one.low is None else {"value": one.low[0], "delivery": tenth(one.low[1])},
        "high": None if one.high is None else {"value": one.high[0], "delivery": tenth(one.high[1])},
    }


def _segmentation(one: Segmentation) -> Json:
    return {
        "by": one.dimension,
        "left_out": one.left_out,
        "nameless": one.nameless,
        "segments": [_segment(segment) for segment in one.segments],
    }


def _segment(one: Segment) -> Json:
    return {
        "value": one.value,
        "n": one.n,
        "net": _measured(one.net),
        "delivery": _measured(one.delivery),
        "promises": [{"id": promise.promise} | _measured(promise.delivery) for promise in one.promises],
    }


def _measured(one: Measured) -> Json:
    return {"value": tenth(one.value), "interval": bounds(one.interval), "n": one.n, "p": p_value(one.p), "differs": one.differs}


def _number(one: NumericPromise) -> Json:
    interval = one.interval
    return {
        "id": one.promise,
        "advertised": one.advertised_text,
        "figure": thousandth(one.advertised),
        "unit": one.unit,
        "median": thousandth(one.median),
        "interval": None if interval is None else [thousandth(bound) for bound in interval],
        "within": thousandth(one.within),
        "within_interval": shares(one.within_interval),
        "n": one.n,
        "n_eff": tenth(one.n_eff),
        "sentence": one.sentence,
    }


def _competitor(one: Competitor) -> Json:
    return {
        "brand": one.id,
        "name": one.name,
        "own": one.own,
        "n": one.n,
        "share": thousandth(one.share),
        "share_interval": shares(one.share_interval),
        "net": tenth(one.net),
        "net_interval": bounds(one.net_interval),
        "promises": [
            {
                "id": promise.promise,
                "delivery": tenth(promise.delivery),
                "interval": bounds(promise.interval),
                "n": promise.n,
                "delta": tenth(promise.delta),
                "delta_interval": bounds(promise.delta_interval),
                "p": p_value(promise.p),
            }
            for promise in one.promises
        ],
    }


def answering_json(found: Answering) -> Json:
    """Time to answer in hours, and the shares answered on the same day and in time."""
    low, high = found.interval or (None, None)
    return {
        "n": found.n,
        "answered": found.answered,
        "waiting": found.waiting,
        "median": tenth(found.median),
        "interval": None if found.interval is None else [tenth(low), tenth(high)],
        "same_day": _share(found.same_day),
        "in_time": _share(found.in_time),
    }


def _share(one: Share) -> Json:
    return {"share": thousandth(one.value), "interval": shares(one.interval), "n": one.n}
