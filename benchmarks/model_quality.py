"""Score the bundled model on everything that it has not learnt from and write docs/model-quality.md.

python -m benchmarks.model_quality --data FOLDER [--model bundled]
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from models import promises
from models.calibration import BUNDLED, load_calibration
from models.encoder import Encoder
from models.promises import Relevance
from models.reader import TransformerReader
from models.reading import Promise, Unread
from models.sentiment import columns, probabilities
from models.training.calibrate import balanced_weights, corpus_likeness
from models.training.data import (
    LABELS,
    TEST_INDUSTRIES,
    Example,
    corpus_examples,
    corpus_promises,
    corpus_rows,
    public_sets,
    split_of,
)
from reports.priors import estimate_priors

PAGE = Path(__file__).resolve().parents[1] / "docs" / "model-quality.md"


@dataclass(frozen=True)
class Scored:
    """Predictions on one set: calibrated probabilities (texts, 3) and true label indices."""

    name: str
    examples: list[Example]
    chances: NDArray[np.float64]
    truth: NDArray[np.int64]

    @property
    def taken(self) -> NDArray[np.int64]:
        return np.asarray(self.chances.argmax(axis=1))


def confusion(taken: NDArray[np.int64], truth: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return counts, (true class, predicted class)."""
    table = np.zeros((3, 3), dtype=np.int64)
    np.add.at(table, (truth, taken), 1)
    return table


def macro_recall(table: NDArray[np.int64]) -> float:
    return float(np.mean(np.diag(table) / np.maximum(1, table.sum(axis=1))))


def macro_f1(table: NDArray[np.int64]) -> float:
    right = np.diag(table)
    return float(np.mean(2 * right / np.maximum(1, table.sum(axis=0) + table.sum(axis=1))))


def calibration_error(scored: Scored, bins: int = 10) -> float:
    """Return the expected calibration error of the winning class (Naeini et al. 2015), with the classes weighted alike."""
    weights = balanced_weights(scored.examples)
    sure = scored.chances.max(axis=1)
    right = (scored.taken == scored.truth).astype(float)
    where = np.minimum((sure * bins).astype(int), bins - 1)
    return float(sum(abs((weights * (right - sure))[where == at].sum()) for at in range(bins)))


def prior_shift(scored: Scored, generator: np.random.Generator) -> list[tuple[int, float, float]]:
    """Return (true net, mean absolute error raw, corrected) of net sentiment on 400 texts drawn from mixes of −80…+80."""
    found = []
    pools = [np.flatnonzero(scored.truth == label) for label in range(3)]
    for net in (-80, -40, 0, 40, 80):
        neutral = 0.2
        positive = (1 - neutral + net / 100) / 2
        mix = np.array([1 - neutral - positive, neutral, positive])
        raw, corrected = [], []
        for _ in range(40):
            counts = generator.multinomial(400, mix)
            drawn = np.concatenate([generator.choice(pool, count) for pool, count in zip(pools, counts, strict=True)])
            truth = 100 * (counts[2] - counts[0]) / 400
            labels = scored.taken[drawn]
            raw.append(abs(100 * ((labels == 2).mean() - (labels == 0).mean()) - truth))
            shares = estimate_priors(scored.chances[drawn], np.ones(400), np.full(3, 1 / 3))
            corrected.append(abs(100 * (shares[2] - shares[0]) - truth))
        found.append((net, float(np.mean(raw)), float(np.mean(corrected))))
    return found


def lexicon(examples: Sequence[Example]) -> NDArray[np.int64]:
    """Return VADER's labels at its usual threshold of 0.05."""
    analyser = SentimentIntensityAnalyzer()
    found = [analyser.polarity_scores(one.text)["compound"] for one in examples]
    return np.array([2 if value >= 0.05 else 0 if value <= -0.05 else 1 for value in found])


def promise_scores(encoder: Encoder, calibration: Relevance) -> dict[str, float]:
    """Return how often, on industries never seen, the right promise wins and "none" is told from some."""
    nearest, decided, total, evidence = 0, 0, 0, 0
    for industry in TEST_INDUSTRIES:
        rows, ids, cosines = corpus_likeness(encoder, industry)
        chances = promises.relevance(cosines, calibration)
        for row, likeness, chance in zip(rows, cosines, chances, strict=True):
            spoken = dict(row["promises"])
            total += 1
            said = {ids[i] for i in np.flatnonzero(chance >= promises.RELEVANT)}
            decided += bool(said & set(spoken)) if spoken else not said
            if spoken:
                evidence += 1
                nearest += ids[int(likeness.argmax())] in spoken
    return {"nearest": nearest / evidence, "decided": decided / total, "evidence": evidence, "texts": total}


def both_right(reader: TransformerReader) -> tuple[float, float, int]:
    """Return the share of evidence texts read with the right promise, and with the right promise and stance, and their number."""
    right_promise = right_both = total = 0
    for industry in TEST_INDUSTRIES:
        brand = tuple(Promise(one["id"], one["text"], one["pillar"]) for one in corpus_promises(industry))
        rows = [row for row in corpus_rows([industry]) if row["promises"]]
        for row, reading in zip(rows, reader.read([Unread(str(row["text"]), promises=brand) for row in rows]), strict=True):
            truth = dict(row["promises"])
            found = {match.promise: match.stance for passage in reading.passages for match in passage.promises}
            total += 1
            right_promise += any(name in found for name in truth)
            right_both += any(found.get(name) == stance for name, stance in truth.items())
    return right_promise / total, right_both / total, total


def main() -> None:
    parser = argparse.ArgumentParser(description="Evaluate the bundled model.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--model", default="bundled", help="another model or folder, for comparison; nothing is written then")
    options = parser.parse_args()
    encoder, calibration = Encoder(options.model), load_calibration(options.model)
    sets = {name: [one for one in found if split_of(one.text) == "dev"] for name, found in public_sets(options.data).items()}
    sets["facts, industries never seen"] = corpus_examples("dev")
    scored, lines = {}, []
    began, count = time.monotonic(), 0
    for name, examples in sets.items():
        scores = encoder.encode([one.text for one in examples]).scores[:, columns(encoder.labels)]
        truth = np.array([LABELS.index(one.label) for one in examples])
        scored[name] = Scored(name, examples, probabilities(scores, calibration.temperature), truth)
        count += len(examples)
    speed = count / (time.monotonic() - began)
    for name, one in scored.items():
        table, words = confusion(one.taken, one.truth), confusion(lexicon(one.examples), one.truth)
        majority = confusion(np.full(len(one.truth), np.bincount(one.truth).argmax()), one.truth)
        lines.append(
            f"| {name} | {len(one.truth):,} | {macro_recall(table):.3f} | {macro_f1(table):.3f} | {macro_recall(words):.3f} |"
            f" {macro_f1(words):.3f} | {macro_f1(majority):.3f} | {calibration_error(one):.3f} |"
        )
    page = _page(calibration.version, lines, scored, encoder, speed)
    print(page)
    if options.model == "bundled":
        PAGE.write_text(page, encoding="utf-8")


def _page(version: str, lines: list[str], scored: dict[str, Scored], encoder: Encoder, speed: float) -> str:
    tweets = scored["tweets_sentiment"]
    table = confusion(tweets.taken, tweets.truth)
    rows = [f"| **{label}** | " + " | ".join(f"{n:,}" for n in table[i]) + " |" for i, label in enumerate(LABELS)]
    shift = prior_shift(tweets, np.random.default_rng(7))
    calibration = load_calibration("bundled").relevance or Relevance(1.0, 0.0)
    found = promise_scores(encoder, calibration)
    promise, both, evidence = both_right(TransformerReader())
    size = sum(path.stat().st_size for path in BUNDLED.iterdir()) / 1e6
    return "\n".join(
        [
            "# Model quality",
            "",
            f"Written by `make evaluate` for `{version}` ({size:.1f} MB on disk, 8-bit integers on CPU). Every text below was kept out of",
            "training: 10 % of each public set by a hash of the text, and eleven whole industries of the project's own corpus",
            f"({', '.join(TEST_INDUSTRIES)}).",
            "",
            "## Sentiment",
            "",
            "| set | texts | macro recall | macro F1 | VADER recall | VADER F1 | majority F1 | calibration error |",
            "|---|---|---|---|---|---|---|---|",
            *lines,
            "",
            "Confusion on tweets (rows: people, columns: model):",
            "",
            "| | " + " | ".join(LABELS) + " |",
            "|---|---|---|---|",
            *rows,
            "",
            "## Net sentiment when the mix shifts",
            "",
            "Mean absolute error, in points, of net sentiment on 400 tweets drawn from mixes with the given true net sentiment (40 draws):",
            "as counted from labels, and with the class shares re-estimated (Saerens, Latinne & Decaestecker 2002) without any label.",
            "",
            "| true net | raw | corrected |",
            "|---|---|---|",
            *(f"| {net:+d} | {raw:.1f} | {corrected:.1f} |" for net, raw, corrected in shift),
            "",
            "## Promises, on industries never seen",
            "",
            f"- the nearest of six promises is the right one: {100 * found['nearest']:.0f} % of {found['evidence']:.0f} texts",
            f"- right promise, or rightly none: {100 * found['decided']:.0f} % of {found['texts']:.0f} texts",
            f"- read whole, passage by passage: promise right {100 * promise:.0f} %, promise and stance right {100 * both:.0f} % of {evidence}",
            "",
            f"Speed of this run, encoder alone, on whatever machine it ran: {speed:.0f} texts a second.",
            "",
        ]
    )


if __name__ == "__main__":
    main()
