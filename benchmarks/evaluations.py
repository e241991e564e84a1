"""What the bundled model is asked on texts that it has not learnt from: by target, by promise, by pillar."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.measures import Ints, calibration_error, confusion, macro_f1
from models.calibration import Calibration
from models.encoder import Encoder
from models.figures import within
from models.heads import Heads
from models.judge import Judge, Question
from models.promises import Floats, Witnesses, kept_share, nearness, spoken_of
from models.reader import TransformerReader
from models.reading import EXPERIENCES, RELEVANT, Promise, Reading, Unread
from models.sentiment import columns
from models.text import normalise
from models.training.data import LABELS, TEST_INDUSTRIES, corpus_promises, corpus_rows, second_labels
from models.training.tasks import PILLAR_NAMES, Pair, aspect_pairs, corpus_targets, gadget_pairs, topic_pairs

Row = dict[str, object]


@dataclass(frozen=True)
class Judged:
    """One corpus text of an industry never seen, with what the program reads of it, its brand as the target."""

    row: Row
    promises: tuple[Promise, ...]
    reading: Reading

    @property
    def spoken(self) -> dict[str, str]:
        """The promises that the text is evidence of, with their stance."""
        return dict(self.row["promises"])  # type: ignore[call-overload,no-any-return]

    @property
    def found(self) -> dict[str, str | None]:
        """The promises that the program found, with the stance of the most relevant passage."""
        matches = sorted((one for passage in self.reading.passages for one in passage.promises), key=lambda one: one.relevance)
        return {one.promise: one.stance for one in matches}


def read_facts(reader: TransformerReader, chosen: Sequence[str] = TEST_INDUSTRIES, file: str = "texts.jsonl") -> list[Judged]:
    """Read the corpus of industries never seen, as the program does."""
    found = []
    for industry in chosen:
        listed = corpus_promises(industry)
        brand = tuple(Promise(one["id"], one["text"], one["pillar"]) for one in listed)
        rows = list(corpus_rows([industry], file=file))
        readings = reader.read([Unread(str(row["text"]), str(listed[0]["brand"]), brand) for row in rows])
        found += [Judged(row, brand, reading) for row, reading in zip(rows, readings, strict=True)]
    return found


def facts_sentiment(judged: Sequence[Judged]) -> Ints:
    """Return the confusion of sentiment towards the brand; a text that was not scored counts as neutral."""
    taken = [LABELS.index(one.reading.sentiment.label) if one.reading.sentiment else 1 for one in judged]
    return confusion(np.array(taken), np.array([LABELS.index(str(one.row["sentiment"])) for one in judged]))


def promise_shares(judged: Sequence[Judged]) -> dict[str, float]:
    """Return, as shares: evidence with the right promise; with promise and stance; texts without evidence of which none is claimed;

    and of the claims made, how many are right in both."""
    evidence = [one for one in judged if one.spoken]
    silent = [one for one in judged if not one.spoken]
    claims = [(one, name, stance) for one in judged for name, stance in one.found.items() if stance]
    return {
        "evidence": len(evidence),
        "promise": float(np.mean([bool(set(one.found) & set(one.spoken)) for one in evidence])),
        "both": float(np.mean([any(one.found.get(name) == stance for name, stance in one.spoken.items()) for one in evidence])),
        "silent": len(silent),
        "silence": float(np.mean([not any(one.found.values()) for one in silent])),
        "claims": len(claims),
        "precision": float(np.mean([one.spoken.get(name) == stance for one, name, stance in claims])),
    }


def reversals(judged: Sequence[Judged]) -> dict[str, tuple[int, int]]:
    """Return, by stance, how many texts say it and of how many of those the program claims the opposite of any promise."""
    found = {}
    for meant, opposite in (("kept", "broken"), ("broken", "kept")):
        saying = [one for one in judged if one.spoken and set(one.spoken.values()) == {meant}]
        found[meant] = len(saying), sum(opposite in one.found.values() for one in saying)
    return found


def _nearby(encoder: Encoder, texts: Sequence[str], words: Sequence[str], calibration: Calibration) -> Floats:
    """Return how near every text comes to every promise, (texts, promises)."""
    cosines = encoder.encode(texts).embeddings @ encoder.encode(words).embeddings.T
    return nearness(cosines.astype(np.float64), calibration.relevance)


def _heard(encoder: Encoder, heads: Heads, pairs: Sequence[tuple[str, str]]) -> Witnesses:
    """Return what bears on the stance of each (promise, text)."""
    negative, _, positive = columns(encoder.labels)
    alone = encoder.encode([text for _, text in pairs]).scores.astype(np.float64)
    figures = np.array([within(promise, text) for promise, text in pairs], np.float64)
    return Witnesses(heads.scores("stance", encoder.encode(pairs).states), alone[:, positive] - alone[:, negative], figures)


def forced_choice(
    encoder: Encoder, heads: Heads, calibration: Calibration, chosen: Sequence[str] = TEST_INDUSTRIES
) -> dict[str, float]:
    """Return how often, of a brand's promises, a right one is the most probable, alone and with its stance. No threshold."""
    right = both = total = 0
    for industry in chosen:
        listed = corpus_promises(industry)
        rows = [row for row in corpus_rows([industry]) if row["promises"]]
        words, texts = [normalise(one["text"]) for one in listed], [normalise(str(row["text"])) for row in rows]
        near = _nearby(encoder, texts, words, calibration)
        heard = _heard(encoder, heads, [(promise, text) for text in texts for promise in words])
        about = spoken_of(heard.scores, near.ravel(), calibration.judgement).reshape(near.shape)
        kept = kept_share(heard, calibration.judgement).reshape(near.shape)
        for row, index, shares in zip(rows, about.argmax(axis=1), kept, strict=True):
            spoken: dict[str, str] = dict(row["promises"])  # type: ignore[call-overload]
            name = str(listed[index]["id"])
            right += name in spoken
            both += spoken.get(name) == ("kept" if shares[index] >= 0.5 else "broken")
            total += 1
    return {"promise": right / total, "both": both / total, "texts": total}


def stance_scores(
    encoder: Encoder, heads: Heads, calibration: Calibration, chosen: Sequence[str] = TEST_INDUSTRIES
) -> dict[str, float]:
    """Return stance F1: of two where the promise is spoken of; of three with near misses and other promises, by the pair alone and

    as the program judges, which asks the embeddings as well."""
    generator = random.Random(7)
    pairs: list[tuple[str, str]] = []
    truth: list[int] = []
    near: list[float] = []
    for industry in chosen:
        listed = {str(one["id"]): normalise(one["text"]) for one in corpus_promises(industry)}
        rows = list(corpus_rows([industry]))
        texts = [normalise(str(row["text"])) for row in rows]
        nearby = _nearby(encoder, texts, list(listed.values()), calibration)
        for row, text, chances in zip(rows, texts, nearby, strict=True):
            spoken, touched = dict(row["promises"]), list(row["near"])  # type: ignore[call-overload]
            other = generator.choice([name for name in listed if name not in spoken and name not in touched] or list(listed))
            for name in [*spoken, *touched, *([] if other in spoken or other in touched else [other])]:
                pairs.append((listed[name], text))
                near.append(float(chances[list(listed).index(name)]))
                truth.append({"kept": 0, "broken": 1}.get(spoken.get(name, ""), 2))
    heard, labels = _heard(encoder, heads, pairs), np.array(truth)
    sided, broken = labels < 2, (kept_share(heard, calibration.judgement) < 0.5).astype(np.int64)
    judged = np.where(spoken_of(heard.scores, np.array(near), calibration.judgement) >= 0.5, broken, 2)
    return {
        "pairs": len(pairs),
        "sided": int(sided.sum()),
        "two": macro_f1(confusion(broken[sided], labels[sided], 2)),
        "three": macro_f1(confusion(heard.scores.argmax(axis=1), labels)),
        "judged": macro_f1(confusion(judged, labels)),
    }


def claim_calibration(judged: Sequence[Judged]) -> float:
    """Return the calibration error of what reports count: relevance × confidence of each claim, against both being right."""
    claims = [
        (match.relevance * match.confidence, one.spoken.get(match.promise) == match.stance)
        for one in judged
        for passage in one.reading.passages
        for match in passage.promises
        if match.stance
    ]
    return calibration_error(np.array([chance for chance, _ in claims]), np.array([right for _, right in claims]))


def pillars_as_read(encoder: Encoder, heads: Heads, calibration: Calibration, chosen: Sequence[str] = TEST_INDUSTRIES) -> Ints:
    """Return the confusion of the pillar (ten, none last) as the program reads it, which knows the brand's promises."""
    judge = Judge(encoder, heads, calibration)
    said: list[int] = []
    truth: list[int] = []
    for industry in chosen:
        brand = tuple(Promise(one["id"], one["text"], one["pillar"]) for one in corpus_promises(industry))
        rows = list(corpus_rows([industry]))
        texts = [normalise(str(row["text"])) for row in rows]
        encoded = encoder.encode(texts)
        asked = [Question(text, row, brand) for row, text in enumerate(texts)]
        matched = [[one for one in found if one.relevance >= RELEVANT] for found in judge.matches(asked, encoded)]
        found = judge.pillars(asked, encoded, dict(enumerate(matched)))
        said += [PILLAR_NAMES.index(found[row] or "none") for row in range(len(rows))]
        truth += [PILLAR_NAMES.index(str(row["pillar"] or "none")) for row in rows]
    return confusion(np.array(said), np.array(truth), len(PILLAR_NAMES))


def classes(encoder: Encoder, heads: Heads, chosen: Sequence[str] = TEST_INDUSTRIES) -> dict[str, Ints]:
    """Return the confusions of pillar (ten, none last) and experience, the text alone."""
    rows = list(corpus_rows(chosen))
    states = encoder.encode([normalise(str(row["text"])) for row in rows]).states
    wanted = {
        "pillar": (PILLAR_NAMES, [PILLAR_NAMES.index(str(row["pillar"] or "none")) for row in rows]),
        "experience": (EXPERIENCES, [EXPERIENCES.index(str(row["experience"])) for row in rows]),
    }
    return {
        head: confusion(heads.scores(head, states).argmax(axis=1), np.array(truth), len(names))
        for head, (names, truth) in wanted.items()
    }


def target_sets(data: Path) -> dict[str, list[Pair]]:
    """Return the (target, text) pairs kept out of training, by set."""
    return {
        "restaurant aspects that disagree": aspect_pairs(data, "dev"),
        "parties that disagree, industries never seen": corpus_targets(TEST_INDUSTRIES),
        "tweets towards a topic": topic_pairs(data, "dev"),
        "tweets towards a gadget": gadget_pairs(data, "dev"),
    }


def target_confusions(encoder: Encoder, heads: Heads, pairs: Sequence[Pair]) -> tuple[Ints, Ints]:
    """Return the confusion with the target in mind, and that of reading the text alone."""
    truth = np.array([one.label for one in pairs])
    aimed = heads.scores("target", encoder.encode([(one.first, one.second) for one in pairs]).states).argmax(axis=1)
    alone = encoder.encode([one.second for one in pairs]).scores[:, columns(encoder.labels)].argmax(axis=1)
    return confusion(aimed, truth), confusion(alone, truth)


def agreement(chosen: Sequence[str] = TEST_INDUSTRIES) -> dict[str, float]:
    """Return how well a second annotator's labels agree with the first's, in the measures by which the model is judged."""
    pairs = []
    for industry in chosen:
        second = second_labels(industry)
        pairs += [(row, second[str(row["id"])]) for row in corpus_rows([industry]) if row["id"] in second]
    feelings = np.array([(LABELS.index(str(a["sentiment"])), LABELS.index(b["sentiment"])) for a, b in pairs])
    pillars = np.array([[PILLAR_NAMES.index(str(one["pillar"] or "none")) for one in pair] for pair in pairs])
    spoken: list[tuple[dict[str, str], dict[str, str]]] = [(dict(a["promises"]), b["promises"]) for a, b in pairs]  # type: ignore[call-overload]
    evidence = [(one, other) for one, other in spoken if one]
    return {
        "texts": len(pairs),
        "sentiment": macro_f1(confusion(feelings[:, 1], feelings[:, 0])),
        "pillar": macro_f1(confusion(pillars[:, 1], pillars[:, 0], len(PILLAR_NAMES)), range(10)),
        "promise": float(np.mean([bool(set(one) & set(other)) for one, other in evidence])),
        "both": float(np.mean([any(other.get(name) == stance for name, stance in one.items()) for one, other in evidence])),
        "silence": float(np.mean([not other for one, other in spoken if not one])),
    }
