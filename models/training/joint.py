"""The third to sixth stage: every answer from one encoder. A text's sentiment, pillar, experience; a promise or target beside it.

One plan of mixed batches, gone through once: from the checkpoint of the second stage; again, more slowly and with the plain
texts shown more often, from that of the third; then with all that speaks of targets, and firms under changing names; and last with
the industries that no earlier stage had seen, three times as often as the others. A text beside a promise or a target is read as a
pair, the way natural language inference is; texts alone keep teaching which promise of their brand they are nearest to, and tweets
keep sentiment and embedding where they were.
"""

import math
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from models.heads import FILE
from models.reading import EXPERIENCES
from models.training.data import EARLIER_INDUSTRIES, LABELS, Example, public_sets, split_of
from models.training.tasks import (
    PILLAR_NAMES,
    STANCES,
    Pair,
    TargetShares,
    ToldBatch,
    later_industries,
    stance_pairs,
    target_pairs,
    told_batches,
)
from models.training.train import (
    ANCHOR_EVERY,
    EMBEDDING_WEIGHT,
    PROMISE_SLOPE,
    PROMISE_THRESHOLD,
    SEED,
    batches,
    embed_base,
    load_classifier,
    mean_pool,
)

MAX_TOKENS = 96
TOLD_BATCH = 24
KEEP_EVERY = 1_500
"""Steps between two checkpoints: hours of training are not lost with the process."""
FROZEN_LAYERS = 2
"""The lowest layers have learnt words in the stages before; leaving them alone saves a quarter of the time."""
HEADS = {"pillar": len(PILLAR_NAMES), "experience": len(EXPERIENCES), "stance": len(STANCES), "target": len(LABELS)}


@dataclass(frozen=True)
class Course:
    """How one stage learns: its highest rate, how often it sees the corpus, and what share of the tweets.

    `plain` is how often a text that is plain on purpose is shown in each epoch; `smoothing` is what the corpus labels leave to
    the other classes, so that a text seen for the tenth time does not make the model surer than it is right. `later_epochs` is how
    often the industries are shown that were written after the fifth stage had learnt.
    """

    rate: float
    told_epochs: int
    stance_epochs: int
    tweets: float
    plain: int
    targets: TargetShares
    smoothing: float
    later_epochs: int = 0


THIRD = Course(1.5e-4, told_epochs=5, stance_epochs=6, tweets=1.0, plain=1, targets=TargetShares(5_500, 0), smoothing=0.0)
FOURTH = Course(1e-4, told_epochs=3, stance_epochs=3, tweets=0.4, plain=2, targets=TargetShares(5_500, 0), smoothing=0.0)
FIFTH = Course(1e-4, told_epochs=3, stance_epochs=3, tweets=0.4, plain=1, targets=TargetShares(12_000, 6), smoothing=0.05)
SIXTH = Course(
    1e-4, told_epochs=1, stance_epochs=1, tweets=0.3, plain=1, targets=TargetShares(4_000, 6), smoothing=0.05, later_epochs=3
)


@dataclass(frozen=True)
class PairBatch:
    """Pairs for one head."""

    head: str
    pairs: list[Pair]


Batch = PairBatch | ToldBatch | list[Example]


class Joint(torch.nn.Module):
    """The classifier of the earlier stages with a linear head for each further answer, on the same pooled state."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.classifier = load_classifier(folder)
        width = self.classifier.config.hidden_size
        self.heads = torch.nn.ModuleDict({name: torch.nn.Linear(width, classes) for name, classes in HEADS.items()})

    def forward(self, inputs: dict[str, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the pooled first state and the mean of all states, (texts, width) each."""
        output = self.classifier.base_model(**inputs)
        return output.pooler_output, mean_pool(output.last_hidden_state, inputs["attention_mask"])


def train_joint(start: Path, base: Path, data: Path, out: Path, course: Course, limit: int | None = None) -> None:
    """Train from the checkpoint in `start`; write the classifier to `out` and the further heads beside it."""
    torch.manual_seed(SEED)
    tokenizer = AutoTokenizer.from_pretrained(start)
    generator = random.Random(SEED)
    tweets = [one for one in public_sets(data)["tweets_sentiment"] if split_of(one.text) == "train"]
    tweets = generator.sample(tweets, k=int(course.tweets * len(tweets)))
    plan = plan_batches(tweets, data, course, generator)[:limit]
    teacher = embed_base(base, tokenizer, tweets[::ANCHOR_EVERY])
    model = Joint(start)
    if (start / FILE).exists():
        model.heads.load_state_dict({name: value.float() for name, value in load_file(start / FILE).items()})
    run(model, tokenizer, plan, course, teacher, out)


def keep(model: Joint, tokenizer: PreTrainedTokenizerBase, out: Path) -> None:
    """Write the classifier, its tokenizer and the further heads to a folder."""
    model.classifier.save_pretrained(out)
    tokenizer.save_pretrained(out)
    save_file({name: value.half().contiguous() for name, value in model.heads.state_dict().items()}, out / FILE)


def plan_batches(tweets: list[Example], data: Path, course: Course, generator: random.Random) -> list[Batch]:
    """Return every batch of the stage in the order of learning."""
    plan: list[Batch] = [[tweets[i] for i in chosen] for chosen in batches([len(one.text) for one in tweets], generator)]
    later = later_industries() if course.later_epochs else []
    for own, told_epochs, stance_epochs in (
        (EARLIER_INDUSTRIES, course.told_epochs, course.stance_epochs),
        (later, course.later_epochs, course.later_epochs),
    ):
        for _ in range(told_epochs):
            plan += told_batches(own, TOLD_BATCH, course.plain, generator)
        for _ in range(stance_epochs):
            plan += pair_batches("stance", stance_pairs(own, course.plain, generator), generator)
    plan += pair_batches("target", target_pairs(data, [*EARLIER_INDUSTRIES, *later], course.targets, generator), generator)
    generator.shuffle(plan)
    return plan


def pair_batches(head: str, pairs: Sequence[Pair], generator: random.Random) -> list[PairBatch]:
    """Return pairs in batches of like length."""
    lengths = [len(one.first) + len(one.second) for one in pairs]
    return [PairBatch(head, [pairs[i] for i in chosen]) for chosen in batches(lengths, generator)]


def run(
    model: Joint,
    tokenizer: PreTrainedTokenizerBase,
    plan: Sequence[Batch],
    course: Course,
    teacher: dict[str, np.ndarray],
    out: Path,
) -> None:
    """Learn from `plan`, in place; what was learnt so far is written to `out` now and then, and at the end."""
    model.train()
    encoder = model.classifier.base_model
    for part in (encoder.embeddings, *encoder.encoder.layer[:FROZEN_LAYERS]):
        part.requires_grad_(False)
    weights = {head: class_weights(plan, head) for head in ("stance", "target")} | polarity_weights(plan)
    optimizer = torch.optim.AdamW((p for p in model.parameters() if p.requires_grad), lr=course.rate, weight_decay=0.01)
    warm = max(1, len(plan) // 20)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: step / warm if step < warm else max(0.0, (len(plan) - step) / (len(plan) - warm))
    )
    began, sums, counts = time.monotonic(), Counter[str](), Counter[str]()
    for step, batch in enumerate(plan, start=1):
        losses = batch_losses(model, tokenizer, batch, weights, teacher, course.smoothing)
        loss = torch.stack(list(losses.values())).sum()
        if not math.isfinite(loss.item()):
            raise RuntimeError(f"the loss is not finite at step {step}; lower the learning rate")
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        for name, value in losses.items():
            sums[name] += value.item()
            counts[name] += 1
        if step % 200 == 0 or step == len(plan):
            left = (time.monotonic() - began) / step * (len(plan) - step) / 60
            shown = "  ".join(f"{name} {sums[name] / counts[name]:.3f}" for name in sorted(counts))
            print(f"joint: {step}/{len(plan)}  {shown}  {left:.0f} min left", flush=True)
            sums.clear()
            counts.clear()
        if step % KEEP_EVERY == 0 or step == len(plan):
            keep(model, tokenizer, out)
    model.eval()


def batch_losses(
    model: Joint,
    tokenizer: PreTrainedTokenizerBase,
    batch: Batch,
    weights: dict[str, torch.Tensor],
    teacher: dict[str, np.ndarray],
    smoothing: float,
) -> dict[str, torch.Tensor]:
    """Return the losses of one batch by what they teach."""
    if isinstance(batch, PairBatch):
        inputs = encode(tokenizer, [one.first for one in batch.pairs], [one.second for one in batch.pairs])
        pooled, _ = model(inputs)
        labels = torch.tensor([one.label for one in batch.pairs])
        scores, weight = model.heads[batch.head](pooled), weights[batch.head]
        return {batch.head: functional.cross_entropy(scores, labels, weight=weight, label_smoothing=smoothing)}
    if isinstance(batch, ToldBatch):
        return told_losses(model, tokenizer, batch, weights["told"], smoothing)
    pooled, mean = model(encode(tokenizer, [one.text for one in batch]))
    labels = torch.tensor([LABELS.index(one.label) for one in batch])
    anchored = [at for at, one in enumerate(batch) if one.text in teacher]
    losses = {"tweets": functional.cross_entropy(polarity(model, pooled), labels, weight=weights["tweets"])}
    if anchored:
        wanted = torch.from_numpy(np.stack([teacher[batch[at].text] for at in anchored]).astype(np.float32))
        losses["anchor"] = EMBEDDING_WEIGHT * (1 - functional.cosine_similarity(mean[anchored], wanted).mean())
    return losses


def told_losses(
    model: Joint, tokenizer: PreTrainedTokenizerBase, batch: ToldBatch, polarity_weight: torch.Tensor, smoothing: float
) -> dict[str, torch.Tensor]:
    """Return the losses of corpus texts: their classes, and which of the brand's promises they are nearest to."""
    count = len(batch.texts)
    pooled, mean = model(encode(tokenizer, [*(one.text for one in batch.texts), *batch.wordings]))
    unit = functional.normalize(mean, dim=1)
    cosines = unit[:count] @ unit[count:].T
    scores = PROMISE_SLOPE * torch.cat([cosines, torch.full((count, 1), PROMISE_THRESHOLD)], dim=1)
    own = pooled[:count]

    def loss(scores: torch.Tensor, labels: list[int], weight: torch.Tensor | None = None) -> torch.Tensor:
        return functional.cross_entropy(scores, torch.tensor(labels), weight=weight, label_smoothing=smoothing)

    return {
        "sentiment": loss(polarity(model, own), [one.sentiment for one in batch.texts], polarity_weight),
        "pillar": 0.6 * loss(model.heads["pillar"](own), [one.pillar for one in batch.texts]),
        "experience": 0.4 * loss(model.heads["experience"](own), [one.experience for one in batch.texts]),
        "promise": 0.7 * functional.cross_entropy(scores, torch.tensor([one.promises for one in batch.texts])),
    }


def polarity(model: Joint, pooled: torch.Tensor) -> torch.Tensor:
    """Return the sentiment scores of pooled states."""
    scores: torch.Tensor = model.classifier.classifier(model.classifier.dropout(pooled))
    return scores


def encode(tokenizer: PreTrainedTokenizerBase, first: list[str], second: list[str] | None = None) -> dict[str, torch.Tensor]:
    """Tokenize texts, or pairs of texts."""
    return dict(tokenizer(first, second, truncation=True, max_length=MAX_TOKENS, padding=True, return_tensors="pt"))


def polarity_weights(plan: Sequence[Batch]) -> dict[str, torch.Tensor]:
    """Return weights that make the three classes count alike, for tweets and for corpus texts.

    Both learn under the same even prior: macro recall is wanted, and calibration knows one prior only.
    """
    tweets = Counter(LABELS.index(one.label) for batch in plan if isinstance(batch, list) for one in batch)
    told = Counter(one.sentiment for batch in plan if isinstance(batch, ToldBatch) for one in batch.texts)
    return {
        name: torch.tensor([counts.total() / (len(LABELS) * max(1, counts[label])) for label in range(len(LABELS))])
        for name, counts in (("tweets", tweets), ("told", told))
    }


def class_weights(plan: Sequence[Batch], head: str) -> torch.Tensor:
    """Return weights between none and full balance of the classes: the square root of what would make them count alike."""
    labels = Counter(one.label for batch in plan if isinstance(batch, PairBatch) and batch.head == head for one in batch.pairs)
    total = sum(labels.values())
    return torch.tensor([math.sqrt(total / (HEADS[head] * max(1, labels[label]))) for label in range(HEADS[head])])
