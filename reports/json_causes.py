"""Causes of complaints as JSON: rates in a thousand voices heard, shares as fractions, null where the evidence does not suffice."""

from math import isinf
from typing import Any

from reports import cause_words
from reports.causes_records import Cause, RateChange
from reports.json_values import bounds, p_value, shares, tenth, thousandth


def cause_json(one: Cause) -> dict[str, Any]:
    """A cause with its figures, its proof, its trend and its quotes."""
    return {
        "id": one.id,
        "name": one.name,
        "status": one.status,
        "stage": one.stage,
        "voices": one.voices,
        "authors": one.authors,
        "stories": one.stories,
        "share": thousandth(one.share),
        "share_interval": shares(one.share_interval),
        "rate": tenth(one.rate),
        "rate_interval": bounds(one.rate_interval),
        "cost": tenth(one.cost),
        "cost_interval": bounds(one.cost_interval),
        "first_seen": one.first_seen.isoformat(),
        "covered": None if one.covered is None else one.covered.isoformat(),
        "done": one.done or None,
        "change": change_json(one.change),
        "proof": None
        if one.proof is None
        else {
            "verdict": one.proof.proof,
            "since": one.proof.since.isoformat(),
            "expected": tenth(one.proof.expected),
            "change": change_json(one.proof.change),
            "sentence": cause_words.proof_sentence(one.proof),
        },
        "trend": [
            {"start": point.start.isoformat(), "voices": point.voices, "heard": point.heard, "rate": tenth(point.rate)}
            for point in one.trend
        ],
        "promises": {promise.id: n for promise, n in one.promises},
        "pillars": dict(one.pillars),
        "sentence": one.sentence,
        "quotes": [
            {"mention": quote.mention, "quote": quote.passage, "url": quote.url, "source": quote.source, "copies": quote.copies}
            for quote in one.quotes
        ],
        "events": [
            {
                "at": event.at.isoformat().replace("+00:00", "Z"),
                "what": event.what,
                "detail": event.detail,
                "who": event.who or None,
            }
            for event in one.events
        ],
    }


def change_json(change: RateChange | None) -> dict[str, Any] | None:
    """How a rate changed; null where nothing can be compared."""
    if change is None:
        return None
    return {
        "before": tenth(change.before),
        "after": tenth(change.after),
        "ratio": _ratio(change.ratio),
        "interval": [_ratio(bound) for bound in change.interval],
        "p": p_value(change.p),
        "n_before": change.n_before,
        "n_after": change.n_after,
    }


def _ratio(value: float) -> float | None:
    """Null for what has no bound."""
    return None if isinf(value) else thousandth(value)
