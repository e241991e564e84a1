"""The scorecard (METRICS 10): ten pillars of experience, rated by the company itself and by its customers, side by side."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean
from typing import Final
from zlib import crc32

import numpy as np

from models.reading import PILLARS
from reports.documents import Interval
from reports.evidence import Quote, VoiceRow
from reports.importance import shares
from reports.pillars import HIGHEST, LOWEST, STAGES
from reports.quotes import distinct_quotes
from reports.scorecard_records import RatedRow, Score, Scorecard, ScorecardEvidence, SelfRating, Total
from reports.scorecard_words import headlines, pillar_sentence
from reports.statistics import (
    DRAWS,
    MIN_EFFECTIVE,
    TAILS,
    BetaPrior,
    beta_interval,
    effective_size,
    fit_beta_prior,
    shrunk_share,
)
from reports.voices import voice_table

MOST_FIRST: Final = 4
LEAST_FIRST: Final = 2
QUOTES_A_SIDE: Final = 3
WELL: Final = 4.0
"""Customers' score from which on, its whole interval above, a pillar is not among those to work on."""
SEED: Final = 20_260_101


def build_scorecard(evidence: ScorecardEvidence) -> Scorecard:
    """Rate every pillar and stage; pillars in their own order, so that two scorecards can be laid side by side."""
    own = latest_ratings(evidence.ratings)
    pillars = []
    found = _scores(evidence.pillars, PILLARS)
    weights = _importance(evidence.voices, [score.name for score, _ in found if score.customers is not None])
    for score, posterior in found:
        given = [one.ratings[score.name] for one in own if score.name in one.ratings]
        whole = replace(
            score,
            own=fmean(given) if given else None,
            own_range=(min(given), max(given)) if given else None,
            raters=len(given),
            importance=weights[score.name][0] if score.name in weights else None,
            importance_interval=weights[score.name][1] if score.name in weights else None,
            quotes=_distinct(evidence.quotes.get(score.name, ())),
        )
        pillars.append((replace(whole, sentence=pillar_sentence(whole)), posterior))
    scores = tuple(score for score, _ in pillars)
    total = _total(pillars)
    first = to_work_on(scores)
    rated = [score.own for score in scores if score.own is not None]
    own_total = sum(rated) if len(rated) == len(PILLARS) else None
    return Scorecard(
        brand=evidence.brand,
        brand_name=evidence.brand_name,
        timezone=evidence.timezone,
        window=evidence.window,
        generated=evidence.generated,
        headlines=headlines(scores, total, first),
        pillars=scores,
        stages=tuple(
            replace(score, sentence=pillar_sentence(score))
            for score, _ in _scores(evidence.stages, STAGES)
            if score.n or evidence.stages
        ),
        total=total,
        own_total=own_total,
        raters=tuple(sorted({one.by for one in own})),
        first=first,
        coverage=evidence.coverage,
        model=evidence.model,
    )


def latest_ratings(ratings: Sequence[SelfRating]) -> tuple[SelfRating, ...]:
    """The latest rating of each person: who rates again has changed their mind."""
    latest: dict[str, SelfRating] = {}
    for one in sorted(ratings, key=lambda one: one.on):
        latest[one.by.casefold()] = one
    return tuple(latest.values())


def to_work_on(scores: Sequence[Score]) -> tuple[str, ...]:
    """The two to four pillars to work on first: most to win for overall sentiment.

    What there is to win is importance × what is missing to 5; where importance is not known of each of them, how many speak of the
    pillar counts instead. Pillars that surely do well are left out, and so are those that would win less than half of what the
    first one wins.
    """
    measured = [score for score in scores if score.customers is not None and score.interval is not None]
    open_ones = [score for score in measured if score.interval is not None and score.interval[0] < WELL and score.bad]
    weighed = bool(open_ones) and all(score.importance is not None for score in open_ones)

    def to_win(score: Score) -> float:
        weight = (score.importance or 0.0) if weighed else float(score.n)
        return weight * (HIGHEST - (score.customers or HIGHEST))

    ranked = sorted(open_ones, key=lambda score: (-to_win(score), score.name))
    return tuple(
        score.name
        for place, score in enumerate(ranked[:MOST_FIRST])
        if place < LEAST_FIRST or to_win(score) >= to_win(ranked[0]) / 2
    )


def _importance(rows: Sequence[VoiceRow], measured: Sequence[str]) -> dict[str, tuple[float, Interval]]:
    """What each measured pillar contributes to overall sentiment, with its interval; none where they explain nothing."""
    voices = voice_table(rows, measured)
    found = shares(voices, range(len(measured)), np.random.default_rng([SEED, 1]))
    if found is None:
        return {}
    return {
        name: (float(value), (float(low), float(high)))
        for name, value, low, high in zip(measured, found.values, found.low, found.high, strict=True)
    }


def _scores(rows: Sequence[RatedRow], names: Sequence[str]) -> list[tuple[Score, BetaPrior]]:
    """Each name's score with the posterior of its share of good evidence: shrunk towards all of them, as delivery is."""
    counted = {name: [row for row in rows if row.name == name and row.n > 0] for name in names}
    sides = {
        name: (sum(row.n for row in mine if row.good), sum(row.n for row in mine if not row.good)) for name, mine in counted.items()
    }
    effective = {
        name: effective_size(
            np.array([row.n for row in mine], dtype=np.int64), np.array([row.story for row in mine], dtype=np.int64)
        )
        for name, mine in counted.items()
    }
    worth = [effective[name] / max(sum(sides[name]), 1) for name in names]
    prior = fit_beta_prior(
        np.array([sides[name][0] for name in names]) * np.array(worth),
        np.array([sides[name][1] for name in names]) * np.array(worth),
    )
    found = []
    for name in names:
        good, bad = sides[name]
        posterior = BetaPrior(shrunk_share(good, bad, prior), effective[name] + prior.strength)
        enough = effective[name] >= MIN_EFFECTIVE
        low, high = beta_interval(posterior.mean, posterior.strength) if enough else (0.0, 1.0)
        score = Score(
            name,
            _rating(posterior.mean) if enough else None,
            (_rating(low), _rating(high)) if enough else None,
            good + bad,
            effective[name],
            good,
            bad,
        )
        found.append((score, posterior))
    return found


def _distinct(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    sides = ([quote for quote in quotes if quote.label == label] for label in ("positive", "negative"))
    return tuple(quote for side in sides for quote in distinct_quotes(side, QUOTES_A_SIDE))


def _total(pillars: Sequence[tuple[Score, BetaPrior]]) -> Total:
    measured = [(score, posterior) for score, posterior in pillars if score.customers is not None]
    if not measured:
        return Total(None, None, None, 0)
    draws = np.zeros(DRAWS)
    for score, posterior in measured:
        rng = np.random.default_rng([SEED, crc32(score.name.encode())])
        alpha, beta = max(posterior.mean * posterior.strength, 0.5), max((1 - posterior.mean) * posterior.strength, 0.5)
        draws += LOWEST + (HIGHEST - LOWEST) * rng.beta(alpha, beta, size=DRAWS)
    low, high = (float(bound) for bound in np.quantile(draws, TAILS))
    own = [score.own for score, _ in measured]
    return Total(
        sum(score.customers or 0.0 for score, _ in measured),
        (low, high),
        sum(one or 0.0 for one in own) if all(one is not None for one in own) else None,
        len(measured),
    )


def _rating(share: float) -> float:
    """A share (0–1) on the scale from 1 to 5."""
    return LOWEST + (HIGHEST - LOWEST) * share
