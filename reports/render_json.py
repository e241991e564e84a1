"""Reports as JSON: every number, rounded to one decimal (probabilities to three), null where the evidence does not suffice."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from reports.documents import Change, DeliveryPoint, Digest, GapReport, Interval, Mover, NetPoint, NetSentiment, PromiseGap
from reports.evidence import Coverage, ModelFacts, Quote, Window
from reports.statistics import wilson

Json = dict[str, Any]


def gap_json(report: GapReport) -> str:
    """The gap report as one JSON document."""
    return _dump(
        {
            "brand": report.brand,
            "brand_name": report.brand_name,
            "timezone": report.timezone,
            "generated": _time(report.generated),
            "window": _window(report.window),
            "every": report.every,
            "headlines": list(report.headlines),
            "promises": [_promise(gap) for gap in report.promises],
            "sentiment": _sentiment(report.sentiment),
            "coverage": _coverage(report.coverage),
            "model": _model(report.model),
        }
    )


def digest_json(digest: Digest) -> str:
    """The digest as one JSON document."""
    return _dump(
        {
            "brand": digest.brand,
            "brand_name": digest.brand_name,
            "timezone": digest.timezone,
            "generated": _time(digest.generated),
            "day": digest.day.isoformat(),
            "baseline": _window(digest.baseline),
            "quiet": digest.quiet,
            "things": list(digest.things),
            "mentions": digest.mentions,
            "usual_mentions": _tenth(digest.usual_mentions),
            "sentiment": _sentiment(digest.sentiment),
            "usual": _sentiment(digest.usual),
            "net_change": _bounds(digest.net_change),
            "movers": [_mover(mover) for mover in digest.movers],
            "verdicts": [_promise(gap) for gap in digest.verdicts],
            "praise": [_quote(quote) for quote in digest.praise],
            "complaints": [_quote(quote) for quote in digest.complaints],
            "coverage": _coverage(digest.coverage),
            "model": _model(digest.model),
        }
    )


def _promise(gap: PromiseGap) -> Json:
    return {
        "id": gap.promise.id,
        "text": gap.promise.text,
        "pillar": gap.promise.pillar,
        "expectation": _tenth(gap.expectation),
        "delivery": _tenth(gap.delivery),
        "raw": _tenth(gap.raw),
        "gap": _tenth(gap.gap),
        "interval": _bounds(gap.interval),
        "gap_interval": _bounds(gap.gap_interval),
        "n": gap.n,
        "n_eff": _tenth(gap.n_eff),
        "kept": gap.kept,
        "broken": gap.broken,
        "verdict": gap.verdict,
        "direction": gap.direction,
        "change": _change(gap.change),
        "sentence": gap.sentence,
        "trend": [_delivery_point(point) for point in gap.trend],
        "evidence": [_quote(quote) for quote in gap.quotes],
    }


def _change(change: Change | None) -> Json | None:
    if change is None:
        return None
    return {
        "start": change.start.isoformat(),
        "before": _tenth(change.before),
        "after": _tenth(change.after),
        "delta": _tenth(change.delta),
        "interval": _bounds(change.interval),
        "p": _p_value(change.p),
    }


def _delivery_point(point: DeliveryPoint) -> Json:
    return {
        "start": point.start.isoformat(),
        "delivery": _tenth(point.delivery),
        "interval": _bounds(point.interval),
        "n": point.n,
        "placements": point.placements,
    }


def _net_point(point: NetPoint) -> Json:
    return {"start": point.start.isoformat(), "net": _tenth(point.net), "interval": _bounds(point.interval), "n": point.n}


def _sentiment(sentiment: NetSentiment) -> Json:
    return {
        "net": _tenth(sentiment.net),
        "raw": _tenth(sentiment.raw),
        "interval": _bounds(sentiment.interval),
        "n": sentiment.n,
        "n_eff": _tenth(sentiment.n_eff),
        "shares": None if sentiment.shares is None else _by_label(sentiment.shares),
        "negative_interval": None if sentiment.negative_interval is None else _probabilities(sentiment.negative_interval),
        "method": sentiment.method,
        "audited": sentiment.audited,
        "trend": [_net_point(point) for point in sentiment.trend],
    }


def _mover(mover: Mover) -> Json:
    return {
        "id": mover.promise.id,
        "text": mover.promise.text,
        "now": _tenth(mover.now),
        "before": _tenth(mover.before),
        "delta": _tenth(mover.delta),
        "interval": _bounds(mover.interval),
        "p": _p_value(mover.p),
        "n": mover.n,
        "n_before": mover.n_before,
        "sentence": mover.sentence,
    }


def _quote(quote: Quote) -> Json:
    return {
        "mention": quote.mention,
        "quote": quote.passage,
        "url": quote.url,
        "promise": quote.promise or None,
        "stance": quote.stance,
        "label": quote.label,
        "confidence": _thousandth(quote.confidence),
        "published": _time(quote.published),
        "source": quote.source,
        "author": quote.author,
        "copies": quote.copies,
        "quantity": quote.quantity or None,
    }


def _coverage(coverage: Coverage) -> Json:
    return {
        "mentions": coverage.mentions,
        "stories": coverage.stories,
        "copies": coverage.copies,
        "voices": dict(coverage.voices),
        "sources": dict(coverage.sources),
        "unread": coverage.unread,
        "unscored": dict(coverage.unscored),
        "holes": [
            {
                "source": hole.source,
                "since": _time(hole.since),
                "until": _time(hole.until),
                "heard": hole.heard,
                "reason": hole.reason,
            }
            for hole in coverage.holes
        ],
    }


def _model(model: ModelFacts) -> Json:
    return {
        "version": model.version,
        "priors": None if model.priors is None else _by_label(model.priors),
        "audited": model.audited,
        "right": model.right,
        "right_interval": _probabilities(wilson(model.right, model.audited)) if model.audited else None,
    }


def _window(window: Window) -> Json:
    return {"since": window.since.isoformat(), "until": window.until.isoformat()}


def _by_label(values: tuple[float, float, float]) -> Json:
    return dict(zip(("negative", "neutral", "positive"), _probabilities(values), strict=True))


def _probabilities(values: Sequence[float]) -> list[float | None]:
    return [_thousandth(value) for value in values]


def _bounds(bounds: Interval | None) -> list[float | None] | None:
    return None if bounds is None else [_tenth(bound) for bound in bounds]


def _tenth(value: float | None) -> float | None:
    return None if value is None else round(float(value), 1) + 0.0


def _thousandth(value: float | None) -> float | None:
    return None if value is None else round(float(value), 3) + 0.0


def _p_value(p: float | None) -> float | None:
    """Three significant digits: 0.0004 must not read as 0."""
    return None if p is None else float(f"{p:.3g}")


def _time(when: datetime) -> str:
    return when.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _dump(document: Json) -> str:
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
