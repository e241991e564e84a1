"""The tables of docs/model-quality.md: what the bundled model scores, beside a lexicon, a majority guess and a second annotator."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from benchmarks import evaluations as ask
from benchmarks.measures import Floats, Ints, calibration_error, confusion, macro_f1, macro_recall
from benchmarks.shift import shifts
from benchmarks.worst import Mistake
from models.calibration import Calibration
from models.encoder import Encoder
from models.heads import Heads
from models.text import normalise
from models.training.calibrate import balanced_weights
from models.training.data import LABELS, Example


@dataclass(frozen=True)
class Scored:
    """Predictions on one set: calibrated probabilities (texts, 3) and true label indices."""

    examples: list[Example]
    chances: Floats
    truth: Ints

    @property
    def taken(self) -> Ints:
        return np.asarray(self.chances.argmax(axis=1))

    @property
    def mistakes(self) -> list[Mistake]:
        rows = zip(self.examples, self.taken, self.chances.max(axis=1), strict=True)
        return [Mistake(one.text, one.label, LABELS[index], float(sure)) for one, index, sure in rows]

    @property
    def calibration_error(self) -> float:
        weights = balanced_weights(self.truth.tolist())
        return calibration_error(self.chances.max(axis=1), self.taken == self.truth, weights)


def lexicon(examples: Sequence[Example]) -> Ints:
    """Return VADER's labels at its usual threshold of 0.05."""
    analyser = SentimentIntensityAnalyzer()
    found = [analyser.polarity_scores(one.text)["compound"] for one in examples]
    return np.array([2 if value >= 0.05 else 0 if value <= -0.05 else 1 for value in found])


def sentiment_lines(scored: dict[str, Scored]) -> list[str]:
    """Return the table of sentiment, set by set, beside a lexicon and a majority guess."""
    lines = []
    for name, one in scored.items():
        table, words = confusion(one.taken, one.truth), confusion(lexicon(one.examples), one.truth)
        majority = confusion(np.full(len(one.truth), np.bincount(one.truth).argmax()), one.truth)
        lines.append(
            f"| {name} | {len(one.truth):,} | {macro_recall(table):.3f} | {macro_f1(table):.3f} | {macro_recall(words):.3f} |"
            f" {macro_f1(words):.3f} | {macro_f1(majority):.3f} | {one.calibration_error:.3f} |"
        )
    return lines


def shift_lines(tweets: Scored) -> list[str]:
    """Return the table of net sentiment under shifted mixes."""
    found = shifts(tweets.truth, tweets.chances, np.random.default_rng(7))
    em, ppi = (float(np.mean([getattr(one, name) for one in found])) for name in ("em_holds", "ppi_holds"))
    return [
        "| true net | raw | EM | holds | PPI++ | holds |",
        "|---|---|---|---|---|---|",
        *(
            f"| {one.net:+d} | {one.raw:.1f} | {one.em:.1f} | {percent(one.em_holds)} | {one.ppi:.1f} | {percent(one.ppi_holds)} |"
            for one in found
        ),
        f"| all | | | {percent(em)} | | {percent(ppi)} |",
    ]


def promise_lines(encoder: Encoder, heads: Heads, calibration: Calibration, judged: Sequence[ask.Judged]) -> list[str]:
    """Return what the model says of promises."""
    shares, forced = ask.promise_shares(judged), ask.forced_choice(encoder, heads, calibration)
    stance = ask.stance_scores(encoder, heads, calibration)
    rows = (
        ("kept or broken, where the text speaks of the promise: macro F1", f"{stance['two']:.3f}", f"{stance['sided']:,} pairs"),
        (
            "kept, broken or nothing, with near misses and other promises, as the program judges: macro F1",
            f"{stance['judged']:.3f}",
            f"{stance['pairs']:,} pairs",
        ),
        ("likewise, by the pair alone", f"{stance['three']:.3f}", f"{stance['pairs']:,} pairs"),
        ("the promise ranked first is right, six to eight a brand", percent(forced["promise"]), f"{forced['texts']:,} texts"),
        ("the promise ranked first and its stance are right", percent(forced["both"]), f"{forced['texts']:,} texts"),
        (
            "read as the program reads: the promise is found",
            percent(shares["promise"]),
            f"{shares['evidence']:,} texts with evidence",
        ),
        (
            "read as the program reads: promise and stance are right",
            percent(shares["both"]),
            f"{shares['evidence']:,} texts with evidence",
        ),
        (
            "read as the program reads: nothing is claimed",
            percent(shares["silence"]),
            f"{shares['silent']:,} texts without evidence",
        ),
        ("of the claims made, right in promise and stance", percent(shares["precision"]), f"{shares['claims']:,} claims"),
        ("calibration error of a claim", f"{ask.claim_calibration(judged):.3f}", ""),
    )
    return ["| what | score | of |", "|---|---|---|", *(f"| {what} | {score} | {of} |" for what, score, of in rows)]


def plain_lines(plain: Sequence[ask.Judged], facts: Sequence[ask.Judged]) -> list[str]:
    """Return what the program reads of plain, unironic customers, beside the terse and ironic ones of the same brands."""

    def scores(judged: Sequence[ask.Judged]) -> list[str]:
        shares, wrong = ask.promise_shares(judged), ask.reversals(judged)
        words = lexicon([Example(normalise(str(one.row["text"])), "", "") for one in judged])
        truth = np.array([LABELS.index(str(one.row["sentiment"])) for one in judged])
        return [
            f"{len(judged):,}",
            f"{macro_f1(ask.facts_sentiment(judged)):.3f}",
            f"{macro_f1(confusion(words, truth)):.3f}",
            percent(shares["promise"]),
            percent(shares["both"]),
            *(f"{turned} of {said}" for said, turned in wrong.values()),
            percent(shares["silence"]),
            percent(shares["precision"]),
        ]

    names = (
        *(
            "texts",
            "sentiment towards the brand, macro F1",
            "VADER, macro F1",
            "the promise is found",
            "promise and stance are right",
        ),
        *("texts that say kept, with a claim of broken", "texts that say broken, with a claim of kept"),
        *("nothing is claimed, of those without evidence", "claims right in promise and stance"),
    )
    rows = zip(names, scores(plain), scores(facts), strict=True)
    return ["| what | plain | facts |", "|---|---|---|", *(f"| {name} | {one} | {other} |" for name, one, other in rows)]


def class_lines(encoder: Encoder, heads: Heads, calibration: Calibration) -> list[str]:
    """Return what the model says of pillar and experience."""
    tables = ask.classes(encoder, heads)
    pillar, experience = tables["pillar"], tables["experience"]
    known = ask.pillars_as_read(encoder, heads, calibration)
    rows = (
        ("the ten pillars, as read beside the brand's promises", macro_f1(known, range(10))),
        ("the ten and none, likewise", macro_f1(known)),
        ("the ten pillars, the text alone", macro_f1(pillar, range(10))),
        ("the ten and none, the text alone", macro_f1(pillar)),
        ("the five kinds of telling", macro_f1(experience)),
        ("first-hand or not", macro_f1(_merged(experience))),
    )
    return ["| classes | macro F1 |", "|---|---|", *(f"| {name} | {score:.3f} |" for name, score in rows)]


def agreement_lines() -> list[str]:
    """Return what a second annotator scores against the first."""
    found = ask.agreement()
    rows = (
        ("sentiment towards the brand, macro F1", f"{found['sentiment']:.3f}"),
        ("the ten pillars, macro F1", f"{found['pillar']:.3f}"),
        ("promise found, of texts with evidence", percent(found["promise"])),
        ("promise and stance right", percent(found["both"])),
        ("nothing claimed, of texts without evidence", percent(found["silence"])),
    )
    return [
        f"A second annotator, who did not know the first one's labels, read {found['texts']:,} of the same texts. Judged as the model is:",
        "",
        "| what | score |",
        "|---|---|",
        *(f"| {what} | {score} |" for what, score in rows),
    ]


def percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _merged(table: Ints) -> Ints:
    """Return the confusion of the first class against all others."""
    return np.array([[table[0, 0], table[0, 1:].sum()], [table[1:, 0].sum(), table[1:, 1:].sum()]])
