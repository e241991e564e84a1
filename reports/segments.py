"""For whom: net sentiment and delivery of each source, language, region or any imported column, and which of them differ.

A segment is held against everybody else of its dimension. All comparisons of a report share one rate of false discoveries.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from reports.auditing import Correction
from reports.breakdown import Breakdown, MoodRow, SideRow
from reports.delivery import POINT_STRENGTH, StanceTable, difference_of_parts, posterior
from reports.evidence import AdvertisedPromise, ModelFacts
from reports.findings import Measured, Segment, Segmentation, SegmentPromise
from reports.misreading import Misreading
from reports.net import NetEstimate, estimate_net
from reports.sentiment_table import LABELS, SentimentTable
from reports.statistics import (
    MIN_EFFECTIVE,
    BetaPrior,
    benjamini_hochberg,
    beta_interval,
    difference_of_draws,
)

MOST_SEGMENTS = 12
SIGNIFICANT = 0.05
REPLICATES = 300
_NONE = BetaPrior(0.5, 1e-6)


@dataclass(frozen=True, slots=True)
class _Subject:
    """A dimension's rows as columns: `mood_of` and `side_of` are the place of each row's value among `values`."""

    values: tuple[str, ...]
    moods: SentimentTable
    mood_of: np.ndarray
    sides: StanceTable
    side_of: np.ndarray
    promise: np.ndarray


def segmentations(
    breakdown: Breakdown,
    promises: Sequence[AdvertisedPromise],
    model: ModelFacts,
    rng: np.random.Generator,
    audited: Correction | None = None,
    misread: Mapping[str, Misreading] = MappingProxyType({}),
) -> tuple[Segmentation, ...]:
    """Each dimension that was asked for; `differs` stands where the adjusted p is under 0.05.

    `misread` is how the model errs about each promise, and about all (""), where that is known.
    """
    found = [_segmentation(dimension, breakdown, promises, model, rng, audited, misread) for dimension in breakdown.dimensions]
    measured = [one for segmentation in found for segment in segmentation.segments for one in _figures(segment)]
    adjusted = iter(benjamini_hochberg([one.p for one in measured if one.p is not None]))

    def told(one: Measured) -> Measured:
        if one.p is None:
            return one
        p = next(adjusted)
        return replace(one, p=p, differs=p < SIGNIFICANT)

    return tuple(
        replace(
            segmentation,
            segments=tuple(
                replace(
                    segment,
                    net=told(segment.net),
                    delivery=told(segment.delivery),
                    promises=tuple(replace(one, delivery=told(one.delivery)) for one in segment.promises),
                )
                for segment in segmentation.segments
            ),
        )
        for segmentation in found
    )


def _figures(segment: Segment) -> list[Measured]:
    return [segment.net, segment.delivery, *(one.delivery for one in segment.promises)]


def _segmentation(
    dimension: str,
    breakdown: Breakdown,
    promises: Sequence[AdvertisedPromise],
    model: ModelFacts,
    rng: np.random.Generator,
    audited: Correction | None,
    misread: Mapping[str, Misreading],
) -> Segmentation:
    moods = [row for row in breakdown.moods if row.dimension == dimension]
    sides = [row for row in breakdown.sides if row.dimension == dimension]
    voices = Counter[str]()
    for row in moods:
        voices[row.value] += row.n
    nameless = voices.pop("", 0)
    values = sorted(sorted(voices), key=lambda value: -voices[value])
    subject = _columns(values, [row for row in moods if row.value], [row for row in sides if row.value])
    part = audited and audited.of_part()
    segments = [
        Segment(
            value=value,
            n=voices[value],
            net=_net(subject, place, model, rng, part),
            delivery=_delivery(subject.sides, subject.side_of == place, rng, misread.get("")),
            promises=tuple(
                SegmentPromise(
                    promise.id, _delivery(subject.sides.where(mine), subject.side_of[mine] == place, rng, misread.get(promise.id))
                )
                for promise in promises
                for mine in [subject.promise == promise.id]
            ),
        )
        for place, value in enumerate(values[:MOST_SEGMENTS])
    ]
    return Segmentation(dimension, tuple(segments), max(0, len(values) - MOST_SEGMENTS), nameless)


def _columns(values: Sequence[str], moods: Sequence[MoodRow], sides: Sequence[SideRow]) -> _Subject:
    place = {value: at for at, value in enumerate(values)}
    days = np.zeros(len(moods), dtype=np.int64)
    return _Subject(
        values=tuple(values),
        moods=SentimentTable(
            days,
            np.array([LABELS[row.label] for row in moods], dtype=np.int64),
            np.array([row.probabilities for row in moods], dtype=np.float64).reshape(-1, 3),
            np.array([row.n for row in moods], dtype=np.int64),
            np.array([row.story for row in moods], dtype=np.int64),
        ),
        mood_of=np.array([place[row.value] for row in moods], dtype=np.int64),
        sides=side_table(sides),
        side_of=np.array([place.get(row.value, -1) for row in sides], dtype=np.int64),
        promise=np.array([row.promise for row in sides], dtype=object),
    )


def side_table(rows: Sequence[SideRow]) -> StanceTable:
    """The rows as columns, all on one day."""
    return StanceTable(
        np.zeros(len(rows), dtype=np.int64),
        np.array([row.stance == "kept" for row in rows], dtype=np.bool_),
        np.array([row.n for row in rows], dtype=np.int64),
        np.array([row.story for row in rows], dtype=np.int64),
    )


def side_tables(
    rows: Sequence[SideRow], dimension: str, promises: Sequence[AdvertisedPromise]
) -> Mapping[str, Mapping[str, StanceTable]]:
    """For each promise the stances by value of a dimension."""
    grouped: dict[str, dict[str, list[SideRow]]] = {promise.id: {} for promise in promises}
    for row in rows:
        if row.dimension == dimension and row.value and row.promise in grouped:
            grouped[row.promise].setdefault(row.value, []).append(row)
    return {promise: {value: side_table(mine) for value, mine in by.items()} for promise, by in grouped.items()}


def _net(subject: _Subject, place: int, model: ModelFacts, rng: np.random.Generator, audited: Correction | None) -> Measured:
    mine = estimate_net(subject.moods.where(subject.mood_of == place), model, rng, REPLICATES, audited)
    rest = estimate_net(subject.moods.where(subject.mood_of != place), model, rng, REPLICATES, audited)
    return Measured(mine.sentiment.net, mine.sentiment.interval, mine.sentiment.n, _p_of_nets(mine, rest))


def _p_of_nets(mine: NetEstimate, rest: NetEstimate) -> float | None:
    if not mine.draws.size or not rest.draws.size:
        return None
    return difference_of_draws(rest.draws, mine.draws, 0.0).p


def _delivery(table: StanceTable, chosen: np.ndarray, rng: np.random.Generator, misread: Misreading | None) -> Measured:
    """Shrunk to the share of all by the weight of two voices, as the points of a trend are."""
    table = replace(table, misread=misread and misread.of_part)
    mine, rest = table.where(chosen), table.where(~chosen)
    n = sum(mine.counts)
    if mine.n_eff < MIN_EFFECTIVE:
        return Measured(None, None, n)
    prior = BetaPrior(posterior(table, _NONE).mean, POINT_STRENGTH)
    share = posterior(mine, prior)
    low, high = beta_interval(share.mean, share.strength)
    p = difference_of_parts((rest, mine), (prior, prior), rng).p if rest.n_eff >= MIN_EFFECTIVE else None
    return Measured(100 * share.mean, (100 * low, 100 * high), n, p)
