"""Fine-tune the bundled encoder: polarity from the first token, while the mean of the tokens stays a sentence embedding.

Two stages: the broad sets once, then the tweets and, between them, batches of the project's own corpus. The loss is
class-balanced cross-entropy plus the cosine distance between the mean-pooled state and that of the untouched base model, so that
one forward pass serves both purposes. A corpus batch comes from one industry and also learns which of that brand's promises
each text speaks of, or none.

    python -m models.training.train --base FOLDER --data FOLDER --out FOLDER [--stage 1|2]
"""

import argparse
import math
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional
from transformers import AutoModelForSequenceClassification, AutoTokenizer, PreTrainedTokenizerBase

from models.text import normalise
from models.training.data import (
    FIRST_INDUSTRIES,
    LABELS,
    Example,
    corpus_promises,
    corpus_rows,
    public_sets,
    split_of,
)

MAX_TOKENS = 64
BATCH = 32
EMBEDDING_WEIGHT = 5.0
ANCHOR_EVERY = 3  # every third text holds the embedding in place; more would only cost time
CORPUS_REPEATS = 3
CORPUS_BATCH = 24
PROMISE_SLOPE = 20.0
PROMISE_THRESHOLD = 0.35
SEED = 20261122


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the bundled model.")
    parser.add_argument("--base", type=Path, required=True, help="folder of the base sentence encoder")
    parser.add_argument("--data", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--out", type=Path, required=True, help="work folder; checkpoints stage1/ and stage2/ are written here")
    parser.add_argument("--stage", type=int, choices=(1, 2), action="append", help="only this stage (default: both)")
    parser.add_argument("--limit", type=int, help="at most so many examples a stage, for a trial run")
    options = parser.parse_args()
    train_stages(Path(options.base), options.data, options.out, options.stage or (1, 2), options.limit)


def train_stages(base: Path, data: Path, out: Path, stages: Sequence[int] = (1, 2), limit: int | None = None) -> None:
    """Train the stages one after the other, each from the checkpoint of the one before; checkpoints go to `out`."""
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = AutoTokenizer.from_pretrained(base)
    for stage in stages:
        start = base if stage == 1 else out / "stage1"
        examples, rate = (first_stage(data), 1e-4) if stage == 1 else (second_stage(data), 5e-5)
        examples = examples[:limit]
        corpus = corpus_batches() if stage == 2 else []
        teacher = embed_base(base, tokenizer, examples[::ANCHOR_EVERY])
        model = load_classifier(start)
        train(model, tokenizer, examples, corpus, teacher, rate, name=f"stage {stage}")
        model.save_pretrained(out / f"stage{stage}")
        tokenizer.save_pretrained(out / f"stage{stage}")


def first_stage(folder: Path) -> list[Example]:
    """Return every broad training text once; the tweets follow in the second stage."""
    sets = public_sets(folder)
    found = [one for name in sets if name != "tweets_sentiment" for one in sets[name] if split_of(one.text) == "train"]
    random.Random(SEED).shuffle(found)
    return found


def second_stage(folder: Path) -> list[Example]:
    """Return the tweets: the register that is read."""
    found = [one for one in public_sets(folder)["tweets_sentiment"] if split_of(one.text) == "train"]
    random.Random(SEED).shuffle(found)
    return found


@dataclass(frozen=True)
class CorpusBatch:
    """Texts of one industry with their polarity, and for each the shares of the promises that it speaks of; "none" stands last."""

    texts: list[str]
    labels: list[int]
    promises: list[str]
    targets: list[list[float]]


def corpus_batches() -> list[CorpusBatch]:
    """Return batches over the training industries, each text `CORPUS_REPEATS` times."""
    generator = random.Random(SEED)
    by_industry: dict[str, list[dict[str, object]]] = {}
    for row in corpus_rows(FIRST_INDUSTRIES):
        by_industry.setdefault(str(row["industry"]), []).append(row)
    found = []
    for _ in range(CORPUS_REPEATS):
        for industry, texts in by_industry.items():
            promises = corpus_promises(industry)
            ids = [one["id"] for one in promises]
            generator.shuffle(texts)
            for at in range(0, len(texts), CORPUS_BATCH):
                chunk = texts[at : at + CORPUS_BATCH]
                targets = []
                for row in chunk:
                    spoken = [ids.index(name) for name in row["promises"]]
                    share = [1 / len(spoken) if i in spoken else 0.0 for i in range(len(ids))]
                    targets.append([*share, 0.0 if spoken else 1.0])
                found.append(
                    CorpusBatch(
                        [normalise(str(row["text"])) for row in chunk],
                        [LABELS.index(str(row["sentiment"])) for row in chunk],
                        [normalise(one["text"]) for one in promises],
                        targets,
                    )
                )
    return found


def corpus_loss(model: torch.nn.Module, tokenizer: PreTrainedTokenizerBase, batch: CorpusBatch) -> torch.Tensor:
    """Return polarity loss plus the loss of telling which promise a text speaks of."""
    texts = batch.texts + batch.promises
    inputs = tokenizer(texts, truncation=True, max_length=MAX_TOKENS, padding=True, return_tensors="pt")
    output = model(**inputs, output_hidden_states=True)
    count = len(batch.texts)
    polarity = functional.cross_entropy(output.logits[:count], torch.tensor(batch.labels))
    unit = functional.normalize(mean_pool(output.hidden_states[-1], inputs["attention_mask"]), dim=1)
    cosines = unit[:count] @ unit[count:].T
    none = torch.full((count, 1), PROMISE_THRESHOLD)
    scores = PROMISE_SLOPE * torch.cat([cosines, none], dim=1)
    return polarity + functional.cross_entropy(scores, torch.tensor(batch.targets))


def load_classifier(folder: Path) -> torch.nn.Module:
    return AutoModelForSequenceClassification.from_pretrained(
        folder,
        num_labels=len(LABELS),
        id2label=dict(enumerate(LABELS)),
        label2id={label: index for index, label in enumerate(LABELS)},
        dtype=torch.float32,
    )


def class_weights(examples: Sequence[Example]) -> dict[tuple[str, str], float]:
    """Return a weight for every (source, label) that makes the three classes count alike within each source."""
    pairs = Counter((one.source, one.label) for one in examples)
    totals = Counter(one.source for one in examples)
    return {(source, label): totals[source] / (len(LABELS) * n) for (source, label), n in pairs.items()}


def batches(lengths: Sequence[int], generator: random.Random) -> Iterator[list[int]]:
    """Yield index batches of texts of like length (sorted within windows of fifty batches), in random order."""
    order = list(range(len(lengths)))
    generator.shuffle(order)
    window = BATCH * 50
    found = []
    for at in range(0, len(order), window):
        chunk = sorted(order[at : at + window], key=lengths.__getitem__)
        found += [chunk[i : i + BATCH] for i in range(0, len(chunk), BATCH)]
    generator.shuffle(found)
    yield from found


def mean_pool(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Return the mean of the unmasked token states, (batch, tokens, width) → (batch, width)."""
    weights = mask.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(1) / weights.sum(1).clamp(min=1e-6)


@torch.inference_mode()
def embed_base(folder: Path, tokenizer: PreTrainedTokenizerBase, examples: Sequence[Example]) -> dict[str, np.ndarray]:
    """Return the base model's embedding of every distinct text, in half precision."""
    model = load_classifier(folder).base_model.eval()
    texts = sorted({one.text for one in examples}, key=len)
    found: dict[str, np.ndarray] = {}
    began = time.monotonic()
    for at in range(0, len(texts), 128):
        chunk = texts[at : at + 128]
        inputs = tokenizer(chunk, truncation=True, max_length=MAX_TOKENS, padding=True, return_tensors="pt")
        pooled = mean_pool(model(**inputs).last_hidden_state, inputs["attention_mask"])
        found.update(zip(chunk, pooled.numpy().astype(np.float16), strict=True))
    print(f"base embeddings of {len(texts)} texts in {time.monotonic() - began:.0f} s", flush=True)
    return found


def train(
    model: torch.nn.Module,
    tokenizer: PreTrainedTokenizerBase,
    examples: Sequence[Example],
    corpus: Sequence[CorpusBatch],
    teacher: dict[str, np.ndarray],
    rate: float,
    name: str,
) -> None:
    """Run one epoch over `examples`, in place."""
    torch.manual_seed(SEED)
    generator = random.Random(SEED)
    model.train()
    # The word embeddings stay as they are: they hold half the weights, and the sentence embedding rests on them.
    model.base_model.embeddings.word_embeddings.weight.requires_grad_(False)
    weights = class_weights(examples)
    encoded = tokenizer([one.text for one in examples], truncation=True, max_length=MAX_TOKENS)["input_ids"]
    plan: list[list[int] | CorpusBatch] = [*batches([len(ids) for ids in encoded], generator), *corpus]
    generator.shuffle(plan)
    optimizer = torch.optim.AdamW((p for p in model.parameters() if p.requires_grad), lr=rate, weight_decay=0.01)
    warm = max(1, len(plan) // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: step / warm if step < warm else max(0.0, (len(plan) - step) / (len(plan) - warm))
    )
    began, shown = time.monotonic(), Counter[str]()
    for step, batch in enumerate(plan, start=1):
        if isinstance(batch, CorpusBatch):
            loss = corpus_loss(model, tokenizer, batch)
            shown.update(corpus=loss.item(), corpora=1)
        else:
            inputs = tokenizer.pad({"input_ids": [encoded[i] for i in batch]}, return_tensors="pt")
            labels = torch.tensor([LABELS.index(examples[i].label) for i in batch])
            weight = torch.tensor([weights[examples[i].source, examples[i].label] for i in batch])
            anchored = [at for at, i in enumerate(batch) if examples[i].text in teacher]
            output = model(**inputs, output_hidden_states=True)
            polarity = (functional.cross_entropy(output.logits, labels, reduction="none") * weight).mean()
            pooled = mean_pool(output.hidden_states[-1], inputs["attention_mask"])
            cosine = torch.ones(())
            if anchored:
                target = np.stack([teacher[examples[batch[at]].text] for at in anchored]).astype(np.float32)
                cosine = functional.cosine_similarity(pooled[anchored], torch.from_numpy(target)).mean()
            loss = polarity + EMBEDDING_WEIGHT * (1 - cosine)
            shown.update(polarity=polarity.item(), cosine=cosine.item(), batches=1)
        if not math.isfinite(loss.item()):
            raise RuntimeError(f"{name}: the loss is not finite at step {step}; lower the learning rate")
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % 100 == 0 or step == len(plan):
            left = (time.monotonic() - began) / step * (len(plan) - step) / 60
            plain, own = max(1, shown["batches"]), max(1, shown["corpora"])
            print(
                f"{name}: {step}/{len(plan)}  polarity {shown['polarity'] / plain:.3f}  cosine {shown['cosine'] / plain:.4f}"
                f"  corpus {shown['corpus'] / own:.3f}  {left:.0f} min left",
                flush=True,
            )
            shown.clear()
    model.eval()


if __name__ == "__main__":
    main()
