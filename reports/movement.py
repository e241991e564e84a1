"""Why net sentiment moved (METRICS 14): its change split exactly into source mix, topic mix and tone.

A voice's topic is the promise that it speaks of most clearly, or none. The interval is a bootstrap over stories in which the
class shares are re-estimated every time.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.priors import estimate_priors
from reports.breakdown import Breakdown, TopicRow
from reports.decomposition import Split, split, spread_of_products
from reports.documents import NetSentiment
from reports.evidence import ModelFacts
from reports.findings import Cause, Driver, Movement, PromiseChange, Term
from reports.ppi import NET
from reports.priors import cells_of
from reports.resampling import resampled
from reports.sentiment_table import LABELS
from reports.statistics import TAILS, Floats, Interval, Ints
from reports.words_moved import movement_sentence

REPLICATES = 300
MOST_SOURCES = 8
MOST_TOPICS = 12
OTHERS = "all others"
NO_TOPIC = "no promise"
_FINENESS = 10
_NOTHING = 1e-9
_TELLS_APART = 0.01
"""Determinant of what classes are taken for, under which a model tells them too little apart to turn that round."""


@dataclass(frozen=True, slots=True)
class _Voices:
    """The voices of one window as columns: place of source and topic, cell of the probabilities, whose means are `means`."""

    source: Ints
    topic: Ints
    cell: Ints
    n: Ints
    story: Ints
    means: Floats


@dataclass(frozen=True, slots=True)
class _Groups:
    """Shares and net sentiment of the groups of one window (… × sources × topics)."""

    share: Floats
    rate: Floats

    @property
    def net(self) -> Floats:
        return np.asarray((self.share * self.rate).sum(axis=(-2, -1)))


def movement(
    breakdown: Breakdown,
    nets: tuple[NetSentiment, NetSentiment],
    model: ModelFacts,
    names: Mapping[str, str],
    changes: tuple[PromiseChange, ...],
    rng: np.random.Generator,
) -> Movement:
    """Why `nets`, net sentiment before and after, differ; `names` are the words of the promises by id.

    What audits add, and what a coarser grid of probabilities leaves, moves all groups of a window alike: it counts as tone.
    """
    before, after = nets
    found = Movement(
        before=breakdown.before,
        after=breakdown.after,
        net_before=before.net,
        net_after=after.net,
        delta=None,
        interval=None,
        n_before=before.n,
        n_after=after.n,
        terms=(),
        drivers=(),
        promises=changes,
        sentence="",
    )
    both = (breakdown.topics_before, breakdown.topics_after)
    if before.net is not None and after.net is not None and all(both):
        sources = _largest(((row.source, row.n) for rows in both for row in rows), MOST_SOURCES)
        topics = _largest(((row.topic if row.topic in names else "", row.n) for rows in both for row in rows), MOST_TOPICS)
        voices = [_voices(rows, sources, topics, model) for rows in both]
        shape = (len(sources) + 1, len(topics) + 1)
        points, draws = _estimated(voices, shape, model, rng)
        shifts = [net - float(point.net[0]) for net, point in zip((before.net, after.net), points, strict=True)]
        moved = [replace(point, rate=point.rate + shift) for point, shift in zip(points, shifts, strict=True)]
        drawn = [replace(draw, rate=draw.rate + shift) for draw, shift in zip(draws, shifts, strict=True)]
        found = replace(
            found,
            delta=after.net - before.net,
            interval=_interval(drawn[1].net - drawn[0].net, after.net - before.net),
            terms=_terms(moved, drawn),
            drivers=(*_of_sources(sources, voices, moved, drawn), *_of_topics(topics, names, voices, moved, drawn)),
        )
    return replace(found, sentence=movement_sentence(found))


def _largest(named: Iterable[tuple[str, int]], most: int) -> list[str]:
    """The names of most voices; what is left out is told together."""
    counts = Counter[str]()
    for name, n in named:
        counts[name] += n
    return sorted(sorted(counts), key=lambda name: -counts[name])[:most]


def _voices(rows: Sequence[TopicRow], sources: Sequence[str], topics: Sequence[str], model: ModelFacts) -> _Voices:
    source_at = {name: place for place, name in enumerate(sources)}
    topic_at = {name: place for place, name in enumerate(topics)}
    n = np.array([row.n for row in rows], dtype=np.int64)
    label = np.array([LABELS[row.label] for row in rows], dtype=np.int64)
    probabilities = np.eye(3)[label] if model.priors is None else np.array([row.probabilities for row in rows], dtype=np.float64)
    means, cell = cells_of(probabilities, n, _FINENESS)
    return _Voices(
        source=np.array([source_at.get(row.source, len(sources)) for row in rows], dtype=np.int64),
        topic=np.array([topic_at.get(row.topic, topic_at.get("", len(topics))) for row in rows], dtype=np.int64),
        cell=cell,
        n=n,
        story=np.array([row.story for row in rows], dtype=np.int64),
        means=means,
    )


def _estimated(
    voices: Sequence[_Voices], shape: tuple[int, int], model: ModelFacts, rng: np.random.Generator
) -> tuple[list[_Groups], list[_Groups]]:
    """The groups of both windows, and bootstrap draws of them; a story is drawn for both windows at once."""
    columns = [(one.source * shape[1] + one.topic) * len(one.means) + one.cell for one in voices]
    sizes = [shape[0] * shape[1] * len(one.means) for one in voices]
    used, place = np.unique(np.concatenate([columns[0], sizes[0] + columns[1]]), return_inverse=True)
    n = np.concatenate([one.n for one in voices])
    story = np.concatenate([one.story for one in voices])
    actual = np.bincount(place, weights=n, minlength=used.size).astype(np.float64)[None, :]
    samples = resampled(place, n, story, used.size, rng=rng, replicates=REPLICATES)
    points, draws = [], []
    for one, chosen, offset in zip(voices, (used < sizes[0], used >= sizes[0]), (0, sizes[0]), strict=True):
        group, cell = np.divmod(used[chosen] - offset, len(one.means))
        points.append(_groups(actual[:, chosen], group, cell, one.means, shape, model))
        draws.append(_groups(samples[:, chosen], group, cell, one.means, shape, model))
    return points, draws


def _groups(counts: Floats, group: Ints, cell: Ints, means: Floats, shape: tuple[int, int], model: ModelFacts) -> _Groups:
    """Shares and rates from counts (B × columns), each column one cell of one group."""
    in_cell = (cell[:, None] == np.arange(len(means))).astype(np.float64)
    in_group = (group[:, None] == np.arange(shape[0] * shape[1])).astype(np.float64)
    worth = _worth(means, counts @ in_cell, model)[:, cell]
    voices = counts @ in_group
    total = np.maximum(voices.sum(axis=1, keepdims=True), 1.0)
    rate = np.divide((counts * worth) @ in_group, voices, out=np.zeros_like(voices), where=voices > 0)
    return _Groups((voices / total).reshape(-1, *shape), rate.reshape(-1, *shape))


def _worth(means: Floats, counts: Floats, model: ModelFacts) -> Floats:
    """What a voice of each cell adds to net sentiment (B × cells), the class shares re-estimated for each sample.

    The mean of what is expected of a group's voices lies too near that of all, since a model in doubt expects the usual. How far
    each class is expected to be which is known from the sample itself; turned round, it gives a group what is its own. The sum over
    all groups stays.
    """
    if model.priors is None:
        return np.tile(100 * means @ NET, (len(counts), 1))
    training = np.array(model.priors, dtype=np.float64)
    expected = means[None, :, :] * (estimate_priors(means, counts, training) / training)[:, None, :]
    expected /= expected.sum(axis=2, keepdims=True)
    weighed = counts[:, :, None] * expected
    taken = np.einsum("bcj,bck->bjk", weighed, expected) / np.maximum(weighed.sum(axis=1), _NOTHING)[:, :, None]
    told = np.abs(np.linalg.det(taken)) > _TELLS_APART
    taken[~told] = np.eye(3)
    return np.asarray(100 * expected @ np.linalg.solve(taken, np.tile(NET, (len(taken), 1))[:, :, None]))[:, :, 0]


def _terms(point: Sequence[_Groups], draws: Sequence[_Groups]) -> tuple[Term, ...]:
    causes: tuple[Cause, ...] = ("source mix", "topic mix", "tone")
    shares = [[one.share for one in side] for side in (point, draws)]
    # A group that a draw left out has no rate there: its own stands for it.
    drawn = [np.where(draw.share > 0, draw.rate, own.rate) for draw, own in zip(draws, point, strict=True)]
    rates = [[one.rate for one in point], drawn]

    def parted(share: int, rate: int) -> Split:
        return split(shares[share][0], rates[rate][0], shares[share][1], rates[rate][1])

    terms = []
    for cause, value, *varied in zip(causes, parted(0, 0), parted(1, 1), parted(1, 0), parted(0, 1), strict=True):
        points = float(value[0])
        terms.append(Term(cause, points, _interval(points + spread_of_products(*(one - points for one in varied)), points)))
    return tuple(terms)


def _of_sources(
    sources: Sequence[str], voices: Sequence[_Voices], point: Sequence[_Groups], draws: Sequence[_Groups]
) -> list[Driver]:
    """What each source adds, against the mean of both windows, the greatest first."""
    counts = [_counts(one.source, one.n, len(sources) + 1) for one in voices]
    added = [(_added(groups, axis=2)) for groups in (point, draws)]
    return _sorted(Driver("source", name, "", *_figures(added, counts, at)) for at, name in enumerate([*sources, OTHERS]))


def _of_topics(
    topics: Sequence[str],
    names: Mapping[str, str],
    voices: Sequence[_Voices],
    point: Sequence[_Groups],
    draws: Sequence[_Groups],
) -> list[Driver]:
    """What each topic adds, likewise."""
    counts = [_counts(one.topic, one.n, len(topics) + 1) for one in voices]
    added = [(_added(groups, axis=1)) for groups in (point, draws)]
    named = [*((names.get(topic, NO_TOPIC), topic) for topic in topics), (OTHERS, "")]
    return _sorted(Driver("topic", name, promise, *_figures(added, counts, at)) for at, (name, promise) in enumerate(named))


def _figures(added: Sequence[Floats], counts: Sequence[Ints], at: int) -> tuple[float, Interval, int, int]:
    points = float(added[0][0, at])
    return points, _interval(added[1][:, at], points), int(counts[0][at]), int(counts[1][at])


def _sorted(drivers: Iterable[Driver]) -> list[Driver]:
    return sorted((one for one in drivers if one.n_before or one.n_after), key=lambda one: -abs(one.points))


def _added(groups: Sequence[_Groups], axis: int) -> Floats:
    usual = ((groups[0].net + groups[1].net) / 2)[:, None, None]
    before, after = (one.share * (one.rate - usual) for one in groups)
    return np.asarray((after - before).sum(axis=axis))


def _counts(place: Ints, n: Ints, size: int) -> Ints:
    return np.bincount(place, weights=n, minlength=size).astype(np.int64)


def _interval(draws: Floats, value: float) -> Interval:
    low, high = (float(bound) for bound in np.quantile(draws, TAILS))
    return (min(low, value), max(high, value))
