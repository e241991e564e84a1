"""How far off the finished model is on brands that it has not met: on industries and posts kept for tuning, as it reads them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from models.known_errors import CELLS, KnownErrors, PromiseErrors
from models.priors import estimate_priors
from models.reading import RELEVANT, Promise, Reader, Reading, Unread
from models.training.data import LABELS, TUNE_INDUSTRIES, corpus_promises, corpus_rows, public_sets, split_of
from models.training.tasks import gadget_pairs, topic_pairs

Floats = NDArray[np.float64]
SMALLEST = 12
"""Posts under which a brand is not asked: reports say nothing of so few, either."""
REPLICATES = 200
_NET = np.array([-100.0, 0.0, 100.0])


@dataclass(frozen=True)
class Group:
    """Posts on one brand: the probabilities that were read (N×3), and the classes that people say (N)."""

    kind: str
    read: Floats
    said: NDArray[np.int64]


def measured(reader: Reader, data: Path) -> KnownErrors:
    """Read everything that was kept for tuning; takes about half a minute."""
    promises: list[PromiseErrors] = []
    groups: list[Group] = []
    for industry in TUNE_INDUSTRIES:
        rows, readings = _read_industry(reader, industry)
        promises += promise_errors(industry, rows, readings)
        groups += _group("facts", [str(row["sentiment"]) for row in rows], readings)
    return KnownErrors(round(between([*groups, *_posts(reader, data)]), 2), tuple(promises))


def promise_errors(industry: str, rows: Sequence[dict[str, object]], readings: Sequence[Reading]) -> list[PromiseErrors]:
    """Count what was read of each promise by what the texts say, a text having one vote a promise as in the reports."""
    counts: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for row, reading in zip(rows, readings, strict=True):
        spoken = dict(row["promises"])  # type: ignore[call-overload]
        for name, stance in votes(reading).items():
            counts[name][spoken.get(name, "none"), stance] += 1
    return [PromiseErrors(industry, tuple(one[cell] for cell in CELLS)) for _, one in sorted(counts.items())]


def votes(reading: Reading) -> dict[str, str]:
    """Return what a text counts as saying of each promise: the surest passage that is told first-hand."""
    found = sorted(
        (match.relevance * match.confidence, match.promise, match.stance)
        for passage in reading.passages
        if passage.experience in {None, "first-hand"}
        for match in passage.promises
        if match.stance and match.relevance >= RELEVANT
    )
    return {promise: stance for _, promise, stance in found if stance}


def between(groups: Sequence[Group]) -> float:
    """Return the standard deviation of net sentiment's error from brand to brand, in points, without what is chance.

    Kinds of text count alike. Within one it is the spread, around no error, under which the errors are as large as they are, each
    with its own chance (Paule & Mandel 1982); chance is a bootstrap of the posts, re-estimated every time.
    """
    rng = np.random.default_rng(7)
    by_kind: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for one in groups:
        by_kind[one.kind].append(_error(one, rng))
    return float(np.sqrt(np.mean([_excess(*np.array(rows).T) for rows in by_kind.values()])))


def _error(group: Group, rng: np.random.Generator) -> tuple[float, float]:
    """Net sentiment as re-estimated minus as people say, and the variance of that by chance."""
    size = group.said.size
    counts = np.vstack([np.ones(size), rng.multinomial(size, np.full(size, 1 / size), size=REPLICATES)])
    read = estimate_priors(group.read, counts.astype(np.float64), np.full(3, 1 / 3), tolerance=1e-4) @ _NET
    errors = read - counts @ _NET[group.said] / size
    return float(errors[0]), float(errors[1:].var())


def _excess(errors: Floats, chance: Floats) -> float:
    def left(variance: float) -> float:
        return float((errors**2 / (chance + variance)).sum()) - errors.size

    most = float((errors**2).sum()) + 1.0
    return 0.0 if left(0.0) <= 0 else float(brentq(left, 0.0, most))


def _read_industry(reader: Reader, industry: str) -> tuple[list[dict[str, object]], list[Reading]]:
    listed, rows = corpus_promises(industry), list(corpus_rows([industry]))
    promises = tuple(Promise(one["id"], one["text"], one["pillar"]) for one in listed)
    return rows, reader.read([Unread(str(row["text"]), str(listed[0]["brand"]), promises) for row in rows])


def _posts(reader: Reader, data: Path) -> Iterator[Group]:
    """Read the public posts kept for tuning, each as said of its own brand or topic."""
    computers = [(one.text, one.label) for one in public_sets(data)["brands_computers"] if split_of(one.text) == "tune"]
    about: dict[tuple[str, str], list[tuple[str, str]]] = {("computers", "the computer maker"): computers}
    for kind, pairs in (("gadgets", gadget_pairs(data, "tune")), ("topics", topic_pairs(data, "tune"))):
        for one in pairs:
            about.setdefault((kind, one.first), []).append((one.second, LABELS[one.label]))
    for (kind, name), posts in about.items():
        if len(posts) >= SMALLEST:
            yield from _group(kind, [label for _, label in posts], reader.read([Unread(text, name) for text, _ in posts]))


def _group(kind: str, labels: Sequence[str], readings: Sequence[Reading]) -> list[Group]:
    """One group of what was scored; none where that is too little."""
    scored = [(one.sentiment, label) for one, label in zip(readings, labels, strict=True) if one.sentiment]
    if len(scored) < SMALLEST:
        return []
    read = np.array([(mood.negative, mood.neutral, mood.positive) for mood, _ in scored])
    return [Group(kind, read, np.array([LABELS.index(label) for _, label in scored]))]
