"""Score the bundled model on everything that it has not learnt from; writes docs/model-quality.md and docs/model-errors.md.

python -m benchmarks.model_quality --data FOLDER --work FOLDER [--model bundled]
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks import evaluations as ask
from benchmarks import quality_tables as tables
from benchmarks import real_posts
from benchmarks.measures import confusion, macro_f1, macro_recall
from benchmarks.shift import AUDITED, DRAWS, TEXTS
from benchmarks.worst import Mistake, as_markdown
from models.calibration import BUNDLED, load_calibration
from models.encoder import Encoder
from models.heads import load_heads
from models.reader import TransformerReader
from models.sentiment import columns, probabilities
from models.training.data import LABELS, TEST_INDUSTRIES, Example, corpus_examples, public_sets, split_of

DOCS = Path(__file__).resolve().parents[1] / "docs"
FACTS = "facts, industries never seen"


def development_sets(data: Path) -> dict[str, list[Example]]:
    """Return what no part of the training has seen, by set."""
    sets = {name: [one for one in found if split_of(one.text) == "dev"] for name, found in public_sets(data).items()}
    return {**sets, FACTS: corpus_examples("dev")}


def score_sets(encoder: Encoder, temperature: float, sets: dict[str, list[Example]]) -> dict[str, tables.Scored]:
    """Score sets by reading texts alone."""
    found = {}
    for name, examples in sets.items():
        scores = encoder.encode([one.text for one in examples]).scores[:, columns(encoder.labels)]
        truth = np.array([LABELS.index(one.label) for one in examples])
        found[name] = tables.Scored(examples, probabilities(scores, temperature), truth)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Evaluate the bundled model.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--work", type=Path, required=True, help="folder for the errors on public sets, whose texts are not ours")
    options = parser.parse_args()
    heads, calibration = load_heads(BUNDLED), load_calibration("bundled")
    if heads is None:
        parser.error("the bundled model has no heads; run `make model`")
    encoder, reader = Encoder("bundled"), TransformerReader()
    sets = development_sets(options.data)
    began = time.monotonic()
    scored = score_sets(encoder, calibration.temperature, sets)
    speed = sum(len(one.examples) for one in scored.values()) / (time.monotonic() - began)
    judged, plain = ask.read_facts(reader), ask.read_facts(reader, file="plain.jsonl")
    tweets = scored["tweets_sentiment"]
    exact = score_sets(Encoder("bundled", quantize=False), calibration.temperature, {"": tweets.examples})[""]
    table = confusion(tweets.taken, tweets.truth)
    facts = ask.facts_sentiment(judged)
    targets = []
    for name, pairs in ask.target_sets(options.data).items():
        aimed, alone = ask.target_confusions(encoder, heads, pairs)
        targets.append(f"| {name} | {len(pairs):,} | {macro_f1(aimed):.3f} | {macro_f1(alone):.3f} |")
    size = sum(path.stat().st_size for path in BUNDLED.iterdir()) / 1e6
    page = "\n".join(
        [
            "# Model quality",
            "",
            f"Written by `make evaluate` for `{calibration.version}` ({size:.1f} MB on disk, 8-bit integers on CPU). Every text below was",
            "kept out of training: 10 % of each public set by a hash of the text, the development part of the restaurant sentences, and",
            f"{len(TEST_INDUSTRIES)} whole industries of the project's own corpus ({', '.join(TEST_INDUSTRIES)}).",
            "[The worst errors](model-errors.md) are worth more than the averages.",
            "",
            "## Sentiment of a text",
            "",
            "| set | texts | macro recall | macro F1 | VADER recall | VADER F1 | majority F1 | calibration error |",
            "|---|---|---|---|---|---|---|---|",
            *tables.sentiment_lines(scored),
            "",
            "On another English benchmark of the same kind of tweets RoBERTa-base is published with a macro recall of 0.713 and BERTweet",
            f"with 0.734. Single precision instead of 8-bit integers: {macro_recall(confusion(exact.taken, exact.truth)):.3f} on tweets.",
            "",
            "Confusion on tweets (rows: people, columns: model):",
            "",
            "| | " + " | ".join(LABELS) + " |",
            "|---|---|---|---|",
            *(f"| **{label}** | " + " | ".join(f"{n:,}" for n in table[i]) + " |" for i, label in enumerate(LABELS)),
            "",
            "## Sentiment towards a target",
            "",
            f"Facts of industries never seen, read as the program reads them, towards the brand: macro F1 {macro_f1(facts):.3f},",
            f"macro recall {macro_recall(facts):.3f}.",
            "",
            "| set | pairs | macro F1 towards the target | macro F1 of the text alone |",
            "|---|---|---|---|",
            *targets,
            "",
            "## Promises, on industries never seen",
            "",
            *tables.promise_lines(encoder, heads, calibration, judged),
            "",
            "## Plain texts, on industries never seen",
            "",
            "Customers who say what happened and how they feel about it, without irony; beside them the texts of the sections above.",
            "",
            *tables.plain_lines(plain, judged),
            "",
            "## Pillar and experience, on industries never seen",
            "",
            *tables.class_lines(encoder, heads, calibration),
            "",
            "## The ceiling",
            "",
            *tables.agreement_lines(),
            "",
            "## Net sentiment when the mix shifts",
            "",
            f"Mean absolute error, in points, of net sentiment on {TEXTS:,} tweets drawn from mixes with the given true net sentiment",
            f"({DRAWS} draws): as counted; with the class shares re-estimated, no label used (EM: Saerens, Latinne & Decaestecker 2002);",
            f"with {AUDITED} of them labelled (PPI++: Angelopoulos, Duchi & Zrnic 2023). Beside each, how many of the 95 % intervals hold the",
            "net sentiment of the mix. What EM cannot know is where the model errs otherwise than it did when it was calibrated; labels do.",
            "",
            *tables.shift_lines(tweets),
            "",
            "## Reports on posts that people labelled",
            "",
            "Posts kept out of training, imported and read as a user's are; net sentiment of each brand or topic as `gap` tells it,",
            "against the labels of the same posts. Errors in points; without labels it is corrected by EM, with a random sample audited",
            f"by PPI++ ({real_posts.DRAWS} samples of each brand with at least twice as many posts).",
            "",
            *real_posts.lines_of(list(real_posts.agreements(options.data))),
            "",
            "How often the intervals of all numbers hold a truth that was planted stands in [report quality](report-quality.md).",
            "",
            f"Speed of this run, encoder alone, on whatever machine it ran: {speed:.0f} texts a second.",
            "",
        ]
    )
    print(page)
    (DOCS / "model-quality.md").write_text(page, encoding="utf-8")
    write_errors(scored, judged, options.work)


def write_errors(scored: dict[str, tables.Scored], judged: Sequence[ask.Judged], work: Path) -> None:
    """Write the fifty worst errors of each set; those on public texts to `work`."""
    ours = [
        "# The worst errors",
        "",
        "Written by `make evaluate`: what the bundled model is surest of and wrong about, in the corpus of industries never seen. Some",
        "of them are errors of the label. A text here is in the test set: write others like it into training, never this one.",
        "",
    ]
    towards = [
        Mistake(str(one.row["text"]), str(one.row["sentiment"]), one.reading.sentiment.label, _surest(one))
        for one in judged
        if one.reading.sentiment
    ]
    ours.append(as_markdown("Sentiment towards the brand", towards, len(judged)))
    stances = []
    for one in judged:
        said = {name: stance for name, stance in one.found.items() if stance}
        meant = ", ".join(f"{name} {stance}" for name, stance in one.spoken.items()) or "nothing"
        sure = {match.promise: match.relevance * match.confidence for passage in one.reading.passages for match in passage.promises}
        for name, stance in said.items():
            if one.spoken.get(name) != stance:
                stances.append(
                    Mistake(f"{one.row['text']} (meant: {meant}; taken: {name} {stance})", _kind(one, name), stance, sure[name])
                )
    ours.append(as_markdown("Promises claimed", stances, len(judged)))
    (DOCS / "model-errors.md").write_text("\n".join(ours), encoding="utf-8")
    work.mkdir(parents=True, exist_ok=True)
    for name, scores in scored.items():
        if name != FACTS:
            (work / f"errors-{name}.md").write_text(as_markdown(name, scores.mistakes, len(scores.examples)), encoding="utf-8")


def _surest(one: ask.Judged) -> float:
    feeling = one.reading.sentiment
    return max(feeling.negative, feeling.neutral, feeling.positive) if feeling else 0.0


def _kind(one: ask.Judged, name: str) -> str:
    if name in one.spoken:
        return one.spoken[name]
    return "another promise" if one.spoken else "nothing"


if __name__ == "__main__":
    main()
