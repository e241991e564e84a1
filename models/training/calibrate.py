"""Fit what turns scores into probabilities, on texts and whole industries that no training step has seen.

Sentiment is weighted so that the three classes count alike: its probabilities are meant for balanced classes, and the reports
re-estimate each brand's own mix. All else is fitted to the corpus as it is.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar

from models import promises
from models.encoder import Encoder
from models.figures import within
from models.heads import Heads, softmax
from models.reading import Promise
from models.sentiment import columns
from models.text import normalise
from models.training.data import (
    LABELS,
    TUNE_INDUSTRIES,
    Example,
    corpus_examples,
    corpus_promises,
    corpus_rows,
    public_sets,
    split_of,
)
from models.training.tasks import corpus_targets, topic_pairs

Floats = NDArray[np.float64]
EXAMPLES = 2


def tuning_examples(data: Path) -> list[Example]:
    """Return the tuning split of tweets and brand sets, and the corpus industries kept for tuning."""
    sets = public_sets(data)
    names = ("tweets_sentiment", "brands_gadgets", "brands_computers")
    return [one for name in names for one in sets[name] if split_of(one.text) == "tune"] + corpus_examples("tune")


def balanced_weights(labels: Sequence[int]) -> Floats:
    """Return weights under which the classes count alike; they sum to 1."""
    counts = Counter(labels)
    return np.array([1 / (len(counts) * counts[one]) for one in labels])


def fit_temperature(scores: Floats, labels: Sequence[int]) -> float:
    """Return the temperature with the least balanced log loss (Guo et al. 2017)."""
    truth, weights = np.array(labels), balanced_weights(labels)

    def loss(temperature: float) -> float:
        chances = softmax(scores / temperature)
        return float(-(weights * np.log(chances[np.arange(len(truth)), truth] + 1e-12)).sum())

    return round(float(minimize_scalar(loss, bounds=(0.3, 5.0), method="bounded").x), 4)


def sentiment_temperature(encoder: Encoder, data: Path) -> float:
    """Return the temperature of the sentiment of texts."""
    examples = tuning_examples(data)
    scores = encoder.encode([one.text for one in examples]).scores[:, columns(encoder.labels)].astype(np.float64)
    return fit_temperature(scores, [LABELS.index(one.label) for one in examples])


def target_temperature(encoder: Encoder, heads: Heads, data: Path) -> float:
    """Return the temperature of the sentiment towards a target."""
    pairs = [*topic_pairs(data, "tune"), *corpus_targets(TUNE_INDUSTRIES)]
    states = encoder.encode([(one.first, one.second) for one in pairs]).states
    return fit_temperature(heads.scores("target", states), [one.label for one in pairs])


@dataclass(frozen=True)
class Known:
    """One industry's texts (those not used as examples), its promises, and the cosine of every text with every promise."""

    rows: list[dict[str, object]]
    promises: tuple[Promise, ...]
    cosines: Floats

    @property
    def spoken(self) -> list[dict[str, str]]:
        """The promises that each text is evidence of, with their stance."""
        return [dict(row["promises"]) for row in self.rows]  # type: ignore[call-overload]


def known(encoder: Encoder, industry: str, examples: int = 0) -> Known:
    """Embed one industry; of each promise and stance the first so many texts serve as its example phrases."""
    rows = list(corpus_rows([industry]))
    brand, used = [], set()
    for one in corpus_promises(industry):
        shown: dict[str, tuple[str, ...]] = {}
        for stance in ("kept", "broken"):
            chosen = [i for i, row in enumerate(rows) if row["promises"] == {one["id"]: stance}][:examples]
            used.update(chosen)
            shown[stance] = tuple(str(rows[i]["text"]) for i in chosen)
        brand.append(Promise(one["id"], one["text"], one["pillar"], **shown))
    left = [row for i, row in enumerate(rows) if i not in used]
    owners = np.array([i for i, one in enumerate(brand) for _ in promises.phrases(one)])
    vectors = encoder.encode([normalise(text) for one in brand for text in promises.phrases(one)]).embeddings
    texts = encoder.encode([normalise(str(row["text"])) for row in left]).embeddings
    embedded = promises.EmbeddedPromises(tuple(brand), vectors, owners)
    return Known(left, tuple(brand), promises.likeness(texts, embedded))


def fit_relevance(sets: Iterable[Known]) -> promises.Relevance:
    """Return slope and threshold with the least log loss of "which promise, or none"."""
    told = [(one.cosines, [[i for i, p in enumerate(one.promises) if p.id in spoken] for spoken in one.spoken]) for one in sets]

    def loss(values: Floats) -> float:
        calibration = promises.Relevance(float(values[0]), float(values[1]))
        total, count = 0.0, 0
        for cosines, spoken in told:
            for chance, right in zip(promises.nearness(cosines, calibration), spoken, strict=True):
                share = chance[right].sum() if right else 1 - chance.sum()
                total -= float(np.log(max(share, 1e-12)))
                count += 1
        return total / count

    best = minimize(loss, x0=np.array([15.0, 0.3]), method="Nelder-Mead")
    return promises.Relevance(round(float(best.x[0]), 3), round(float(best.x[1]), 4))


@dataclass(frozen=True)
class Asked:
    """Pairs that came into question: what bears on them, nearness, and the truth as kept 0, broken 1, nothing 2."""

    heard: promises.Witnesses
    near: Floats
    truth: NDArray[np.int64]


def ask(encoder: Encoder, heads: Heads, sets: Iterable[Known], calibration: promises.Relevance) -> Asked:
    """Read every text beside the promises that come into question."""
    pairs, near, truth, figures = [], [], [], []
    for one in sets:
        chances = promises.nearness(one.cosines, calibration)
        for row, column in promises.candidates(chances):
            promise = one.promises[column]
            pairs.append((normalise(promise.text), normalise(str(one.rows[row]["text"]))))
            near.append(float(chances[row, column]))
            truth.append({"kept": 0, "broken": 1}.get(one.spoken[row].get(promise.id, ""), 2))
            figures.append(within(promise.text, pairs[-1][1]))
    negative, _, positive = columns(encoder.labels)
    alone = encoder.encode([text for _, text in pairs]).scores.astype(np.float64)
    scores = heads.scores("stance", encoder.encode(pairs).states)
    heard = promises.Witnesses(scores, alone[:, positive] - alone[:, negative], np.array(figures, np.float64))
    return Asked(heard, np.array(near), np.array(truth))


def fit_judgement(asked: Asked) -> promises.Judgement:
    """Return the logistic weights of whether a text speaks of a promise, and of kept against broken where it does."""
    speaks, heard = asked.truth < 2, asked.heard
    kept = asked.truth[speaks] == 0
    said = promises.Witnesses(heard.scores[speaks], heard.mood[speaks], heard.figure[speaks])

    def unsaid(values: Floats) -> float:
        pair, near, bias = values.tolist()
        judgement = promises.Judgement(pair, near, bias, 1.0, 0.0, 0.0)
        return _log_loss(promises.spoken_of(heard.scores, asked.near, judgement), speaks)

    def missided(values: Floats) -> float:
        judgement = promises.Judgement(1.0, 0.0, 0.0, *values.tolist())
        return _log_loss(promises.kept_share(said, judgement), kept)

    about = minimize(unsaid, x0=np.array([1.0, 0.3, 0.0]), method="Nelder-Mead").x
    side = minimize(missided, x0=np.array([0.7, 0.3, 0.0, 0.5]), method="BFGS").x
    return promises.Judgement(*(round(float(value), 4) for value in (*about, *side)))


def _log_loss(chances: Floats, right: NDArray[np.bool_]) -> float:
    return float(-np.log(np.clip(np.where(right, chances, 1 - chances), 1e-9, 1)).mean())
