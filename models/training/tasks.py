"""What the third stage and those after it learn: texts of the project's own corpus, (promise, text) pairs and (target, text) pairs.

Every draw is seeded, and negatives are chosen for what they teach: a promise of the same brand that the text does not speak of, one
whose topic it touches, and now and then one of another trade.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.reading import EXPERIENCES, PILLARS
from models.text import normalise
from models.training.data import (
    EARLIER_INDUSTRIES,
    LABELS,
    TEST_INDUSTRIES,
    TUNE_INDUSTRIES,
    corpus_promises,
    corpus_rows,
    industries,
    rows,
    split_of,
)

STANCES = ("kept", "broken", "nothing")
NOTHING = STANCES.index("nothing")
PILLAR_NAMES = (*PILLARS, "none")
_GADGETS = {"Negative emotion": 0, "No emotion toward brand or product": 1, "Positive emotion": 2}


@dataclass(frozen=True)
class Pair:
    """A first text (a promise or a target), the text to judge with it in mind, and the class that is right."""

    first: str
    second: str
    label: int


@dataclass(frozen=True)
class Told:
    """A corpus text: its classes, and the shares of its brand's promises that it speaks of; "none" stands last."""

    text: str
    sentiment: int
    pillar: int
    experience: int
    promises: tuple[float, ...]


@dataclass(frozen=True)
class ToldBatch:
    """Texts of one industry, with its promises in one wording each."""

    texts: tuple[Told, ...]
    wordings: tuple[str, ...]


@dataclass(frozen=True)
class TargetShares:
    """How many sentences about restaurants, and under how many further names the texts that set firms against each other."""

    aspects: int
    renamings: int


def training_industries() -> list[str]:
    """Return the industries that may be learnt from."""
    return [name for name in industries() if name not in TEST_INDUSTRIES + TUNE_INDUSTRIES]


def later_industries() -> list[str]:
    """Return those of them that were written after the fifth stage had learnt."""
    return [name for name in training_industries() if name not in EARLIER_INDUSTRIES]


def wordings(promise: dict[str, object]) -> list[str]:
    """Return a promise's wordings, normalised, the printed one first."""
    also = promise.get("also") or []
    return [normalise(str(one)) for one in (promise["text"], *also)]  # type: ignore[misc]


def told(row: dict[str, object], ids: Sequence[str]) -> Told:
    """Return a corpus row as what a model is to say of it."""
    spoken = [ids.index(name) for name in row["promises"]]  # type: ignore[attr-defined]
    shares = [1 / len(spoken) if i in spoken else 0.0 for i in range(len(ids))]
    return Told(
        normalise(str(row["text"])),
        LABELS.index(str(row["sentiment"])),
        PILLAR_NAMES.index(str(row["pillar"] or "none")),
        EXPERIENCES.index(str(row["experience"])),
        (*shares, 0.0 if spoken else 1.0),
    )


def shown(industry: str, plain: int) -> Iterator[dict[str, object]]:
    """Yield an industry's texts, those that are plain on purpose `plain` times."""
    for row in corpus_rows([industry]):
        for _ in range(plain if row.get("plain") else 1):
            yield row


def told_batches(chosen: Sequence[str], size: int, plain: int, generator: random.Random) -> Iterator[ToldBatch]:
    """Yield every text of the industries, in batches of one industry, its promises in a wording drawn anew."""
    for industry in chosen:
        promises = corpus_promises(industry)
        ids = [str(one["id"]) for one in promises]
        texts = [told(row, ids) for row in shown(industry, plain)]
        generator.shuffle(texts)
        for at in range(0, len(texts), size):
            yield ToldBatch(tuple(texts[at : at + size]), tuple(generator.choice(wordings(one)) for one in promises))


def stance_pairs(chosen: Sequence[str], plain: int, generator: random.Random) -> list[Pair]:
    """Return (promise, text) pairs of every text of the industries: what it speaks of, nearly speaks of, and does not."""
    foreign = [
        (industry, wording) for industry in training_industries() for one in corpus_promises(industry) for wording in wordings(one)
    ]
    found = []
    for industry in chosen:
        by_id = {str(one["id"]): wordings(one) for one in corpus_promises(industry)}
        for row in shown(industry, plain):
            text = normalise(str(row["text"]))
            spoken: dict[str, str] = dict(row["promises"])  # type: ignore[call-overload]
            near = [str(name) for name in row["near"]]  # type: ignore[attr-defined]
            found += [Pair(generator.choice(by_id[name]), text, STANCES.index(stance)) for name, stance in spoken.items()]
            found += [Pair(generator.choice(by_id[name]), text, NOTHING) for name in near]
            others = [name for name in by_id if name not in spoken and name not in near]
            for name in generator.sample(others, k=min(len(others), 1)):
                found.append(Pair(generator.choice(by_id[name]), text, NOTHING))
            if generator.random() < 0.2:
                other, wording = generator.choice(foreign)
                if other != industry:
                    found.append(Pair(wording, text, NOTHING))
    return found


def corpus_targets(chosen: Sequence[str]) -> list[Pair]:
    """Return (target, text) pairs of the corpus: named parties of a text, and the brand where the text names it."""
    found = []
    for industry in chosen:
        brand = normalise(str(corpus_promises(industry)[0]["brand"]))
        for row in corpus_rows([industry]):
            text = normalise(str(row["text"]))
            targets: dict[str, str] = dict(row.get("targets") or {})  # type: ignore[call-overload]
            found += [Pair(normalise(name), text, LABELS.index(label)) for name, label in targets.items()]
            if brand.lower() in text.lower() and brand not in targets:
                found.append(Pair(brand, text, LABELS.index(str(row["sentiment"]))))
    return found


def renamed(chosen: Sequence[str], copies: int, generator: random.Random) -> list[Pair]:
    """Return the (target, text) pairs of texts that set firms against each other, under other firms' names.

    What counts is what is said of whom, not what they are called. A firm is a title-cased name that the texts hardly use as a word.
    """
    texts = [(normalise(str(row["text"])), dict(row.get("targets") or {})) for row in corpus_rows(chosen)]  # type: ignore[call-overload]
    words = Counter(word for text, _ in texts for word in re.findall(r"\b[a-z]+\b", text))
    named = {normalise(name) for _, targets in texts for name in targets}
    firms = sorted(name for name in named if name.istitle() and all(words[word] < 3 for word in name.lower().split()))
    rivals = [(text, targets) for text, targets in texts if len(targets) > 1 and all(normalise(name) in firms for name in targets)]
    found = []
    for text, targets in rivals * copies:
        names = dict(zip(map(normalise, targets), generator.sample(firms, k=len(targets)), strict=True))
        other = re.sub(
            "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)), lambda hit, to=names: to[hit[0]], text
        )
        found += [Pair(names[normalise(name)], other, LABELS.index(label)) for name, label in targets.items()]
    return found


def topic_pairs(data: Path, split: str) -> list[Pair]:
    """Return tweets with the topic that they speak of."""
    found = []
    for row in rows(data / "tweets_topic_five_point.tsv.gz"):
        text, score = normalise(row["text"]), int(row["score"])
        if text and split_of(text) == split:
            found.append(Pair(row["topic"], text, 0 if score < 0 else 2 if score > 0 else 1))
    return found


def gadget_pairs(data: Path, split: str) -> list[Pair]:
    """Return tweets with the product at which their emotion is aimed."""
    found = []
    for row in rows(data / "brands_gadgets.tsv.gz"):
        text = normalise(row["text"] or "")
        if text and row["target"] and row["emotion"] in _GADGETS and split_of(text) == split:
            found.append(Pair(normalise(row["target"]), text, _GADGETS[row["emotion"]]))
    return found


def aspect_pairs(data: Path, split: str) -> list[Pair]:
    """Return restaurant sentences with one of the aspects of which they speak, which differ in sentiment within one sentence."""
    wanted = "val" if split == "dev" else "train"
    return [
        Pair(normalise(row["term"]), normalise(row["text"]), LABELS.index(row["label"]))
        for row in rows(data / "restaurant_aspects.tsv.gz")
        if row["split"] == wanted
    ]


def target_pairs(data: Path, own: Sequence[str], shares: TargetShares, generator: random.Random) -> list[Pair]:
    """Return training pairs of all target sets: all of these industries and of gadgets, a part of what is plentiful."""
    topics, aspects = topic_pairs(data, "train"), aspect_pairs(data, "train")
    chosen = [
        *generator.sample([one for one in topics if one.label == 0], k=2000),
        *generator.sample([one for one in topics if one.label], k=2500),
        *generator.sample(aspects, k=min(shares.aspects, len(aspects))),
    ]
    return [*chosen, *gadget_pairs(data, "train"), *corpus_targets(own), *renamed(own, shares.renamings, generator)]
