"""Reports as JSON: every number, rounded to one decimal (probabilities to three), null where the evidence does not suffice."""

import json
from datetime import UTC, datetime
from typing import Any

from reports.claim_records import Claim
from reports.dockets import CopiedStory
from reports.documents import Change, DeliveryPoint, Digest, GapReport, Mover, NetPoint, NetSentiment, PromiseGap
from reports.evidence import Coverage, ModelFacts, Quote, Window
from reports.json_causes import cause_json
from reports.json_digest import digest_more
from reports.json_findings import answering_json, findings_json
from reports.json_promises import weights_json
from reports.json_values import bounds, p_value, shares, tenth, thousandth
from reports.render_scorecard import card_json
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
            "promises": [promise_json(gap) for gap in report.promises],
            "weights": weights_json(report.weights),
            "findings": findings_json(report.findings),
            "sentiment": _sentiment(report.sentiment),
            "answering": None if report.answering is None else answering_json(report.answering),
            "answered": None if report.answered is None else [answering_json(one) for one in report.answered],
            "causes": None if report.causes is None else [cause_json(one) for one in report.causes.causes],
            "scorecard": None if report.scorecard is None else card_json(report.scorecard),
            "claims": [_claim(one) for one in report.claims],
            "stories": [_story(one) for one in report.dockets.stories] if report.dockets else [],
            "coverage": _coverage(report.coverage),
            "model": _model(report.model),
        }
    )


def _claim(one: Claim) -> Json:
    return {
        "words": one.words,
        "strength": one.strength,
        "first": one.first.isoformat(),
        "last": one.last.isoformat(),
        "n": one.sightings,
        "source": one.source,
        "url": one.url,
    }


def _story(one: CopiedStory) -> Json:
    return {
        "words": one.words,
        "url": one.url,
        "source": one.source,
        "voice": one.voice,
        "published": _time(one.published),
        "places": one.n,
        "voices": one.voices,
    }


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
            "usual_mentions": tenth(digest.usual_mentions),
            "sentiment": _sentiment(digest.sentiment),
            "usual": _sentiment(digest.usual),
            "net_change": bounds(digest.net_change),
            "movers": [_mover(mover) for mover in digest.movers],
            "verdicts": [promise_json(gap) for gap in digest.verdicts],
            "praise": [quote_json(quote) for quote in digest.praise],
            "complaints": [quote_json(quote) for quote in digest.complaints],
            "coverage": _coverage(digest.coverage),
            "model": _model(digest.model),
            **digest_more(digest),
        }
    )


def promise_json(gap: PromiseGap) -> Json:
    """A promise with its figures, trend and best quotes."""
    return {
        "id": gap.promise.id,
        "text": gap.promise.text,
        "pillar": gap.promise.pillar,
        "expectation": tenth(gap.expectation),
        "delivery": tenth(gap.delivery),
        "raw": tenth(gap.raw),
        "method": gap.method,
        "audited": gap.audited,
        "doubt": bounds(gap.doubt),
        "gap": tenth(gap.gap),
        "interval": bounds(gap.interval),
        "gap_interval": bounds(gap.gap_interval),
        "n": gap.n,
        "n_eff": tenth(gap.n_eff),
        "kept": gap.kept,
        "broken": gap.broken,
        "verdict": gap.verdict,
        "direction": gap.direction,
        "change": _change(gap.change),
        "sentence": gap.sentence,
        "trend": [_delivery_point(point) for point in gap.trend],
        "evidence": [quote_json(quote) for quote in gap.quotes],
    }


def _change(change: Change | None) -> Json | None:
    if change is None:
        return None
    return {
        "start": change.start.isoformat(),
        "before": tenth(change.before),
        "after": tenth(change.after),
        "delta": tenth(change.delta),
        "interval": bounds(change.interval),
        "p": p_value(change.p),
    }


def _delivery_point(point: DeliveryPoint) -> Json:
    return {
        "start": point.start.isoformat(),
        "delivery": tenth(point.delivery),
        "interval": bounds(point.interval),
        "n": point.n,
        "placements": point.placements,
    }


def _net_point(point: NetPoint) -> Json:
    return {"start": point.start.isoformat(), "net": tenth(point.net), "interval": bounds(point.interval), "n": point.n}


def _sentiment(sentiment: NetSentiment) -> Json:
    return {
        "net": tenth(sentiment.net),
        "raw": tenth(sentiment.raw),
        "interval": bounds(sentiment.interval),
        "doubt": bounds(sentiment.doubt),
        "n": sentiment.n,
        "n_eff": tenth(sentiment.n_eff),
        "shares": None if sentiment.shares is None else _by_label(sentiment.shares),
        "negative_interval": shares(sentiment.negative_interval),
        "method": sentiment.method,
        "audited": sentiment.audited,
        "trend": [_net_point(point) for point in sentiment.trend],
    }


def _mover(mover: Mover) -> Json:
    return {
        "id": mover.promise.id,
        "text": mover.promise.text,
        "now": tenth(mover.now),
        "before": tenth(mover.before),
        "delta": tenth(mover.delta),
        "interval": bounds(mover.interval),
        "p": p_value(mover.p),
        "n": mover.n,
        "n_before": mover.n_before,
        "sentence": mover.sentence,
    }


def quote_json(quote: Quote) -> Json:
    """A quote with its origin."""
    return {
        "mention": quote.mention,
        "quote": quote.passage,
        "url": quote.url,
        "promise": quote.promise or None,
        "stance": quote.stance,
        "label": quote.label,
        "confidence": thousandth(quote.confidence),
        "published": _time(quote.published),
        "source": quote.source,
        "author": quote.author,
        "copies": quote.copies,
        "quantity": quote.quantity or None,
    }


def _coverage(coverage: Coverage) -> Json:
    newer = coverage.successor
    return {
        "mentions": coverage.mentions,
        "stories": coverage.stories,
        "copies": coverage.copies,
        "voices": dict(coverage.voices),
        "sources": dict(coverage.sources),
        "unread": coverage.unread,
        "unscored": dict(coverage.unscored),
        "successor": None if newer is None else {"version": newer.version, "read": newer.read},
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
        "rungs": [{"source": one.source, "rung": one.rung, "days": one.days} for one in coverage.rungs],
    }


def _model(model: ModelFacts) -> Json:
    return {
        "version": model.version,
        "priors": None if model.priors is None else _by_label(model.priors),
        "audited": model.audited,
        "right": model.right,
        "right_interval": shares(wilson(model.right, model.audited)) if model.audited else None,
    }


def _window(window: Window) -> Json:
    return {"since": window.since.isoformat(), "until": window.until.isoformat()}


def _by_label(values: tuple[float, float, float]) -> Json:
    return dict(zip(("negative", "neutral", "positive"), map(thousandth, values), strict=True))


def _time(when: datetime) -> str:
    return when.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def _dump(document: Json) -> str:
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
