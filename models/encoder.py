"""The transformer: loading, quantization and batching. One forward pass gives class scores and a sentence embedding.

Texts of like length share a batch, so that next to nothing is spent on padding, and every core runs batches of its own: small
matrices gain little from being shared between cores.
"""

import os
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModelForSequenceClassification, AutoTokenizer
from transformers.utils import logging as transformers_logging

from models.calibration import BUNDLED
from models.errors import ModelError

Floats = NDArray[np.float32]

MAX_TOKENS = 128
BATCH_TOKENS = 1024


@dataclass(frozen=True, slots=True)
class Encoded:
    """Scores before the softmax, (texts, classes), and mean-pooled states of unit length, (texts, width)."""

    scores: Floats
    embeddings: Floats


class Encoder:
    """A sequence-classification model of the Hugging Face kind, from a folder or the hub.

    Raises:
        ModelError: it cannot be loaded; the message says why and what to do.
    """

    def __init__(self, name: str = "bundled", *, device: str = "auto", quantize: bool = True) -> None:
        source = str(BUNDLED) if name == "bundled" else name
        self.name = name
        self.device = _device(device)
        if self.device.startswith("cuda") and not torch.cuda.is_available():
            raise ModelError(f'there is no usable GPU for [model] device = {device!r}; write "auto" or "cpu"')
        self._tokenizer, model = _load(source)
        self.labels = tuple(str(model.config.id2label[i]).lower() for i in range(model.config.num_labels))
        if self.device == "cpu":
            self._model = _quantized(model) if quantize else model
        else:
            self._model = model.to(self.device, dtype=torch.float16)
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self._workers = cores if self.device == "cpu" else 1

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Run `texts` (already normalised) through the model, in any number; the result has their order."""
        if not texts:
            return Encoded(np.zeros((0, len(self.labels)), np.float32), np.zeros((0, self._width), np.float32))
        unique = list(dict.fromkeys(texts))
        ids = self._tokenizer(unique, truncation=True, max_length=self._limit)["input_ids"]
        order = sorted(range(len(unique)), key=lambda index: len(ids[index]))
        scores = np.empty((len(unique), len(self.labels)), np.float32)
        embeddings = np.empty((len(unique), self._width), np.float32)

        def run(batch: list[int]) -> None:
            # Each worker keeps to one core: the batches are the parallel work.
            if self._workers > 1:
                torch.set_num_threads(1)
            scores[batch], embeddings[batch] = self._forward([ids[index] for index in batch])

        plan = _batches(order, [len(one) for one in ids])
        if self._workers == 1 or len(plan) == 1:
            for batch in plan:
                run(batch)
        else:
            with ThreadPoolExecutor(self._workers) as pool:
                list(pool.map(run, reversed(plan)))  # the longest first, so that no core ends alone
        where = {text: index for index, text in enumerate(unique)}
        back = [where[text] for text in texts]
        return Encoded(scores[back], embeddings[back])

    @torch.inference_mode()
    def _forward(self, ids: list[list[int]]) -> tuple[Floats, Floats]:
        longest = max(len(one) for one in ids)
        padding = self._tokenizer.pad_token_id or 0
        tokens = torch.full((len(ids), longest), padding, dtype=torch.long)
        mask = torch.zeros((len(ids), longest), dtype=torch.long)
        for row, one in enumerate(ids):
            tokens[row, : len(one)] = torch.tensor(one)
            mask[row, : len(one)] = 1
        tokens, mask = tokens.to(self.device), mask.to(self.device)
        output = self._model(input_ids=tokens, attention_mask=mask, output_hidden_states=True)
        weights = mask.unsqueeze(-1).float()
        pooled = (output.hidden_states[-1].float() * weights).sum(1) / weights.sum(1)
        unit = torch.nn.functional.normalize(pooled, dim=1)
        return output.logits.float().cpu().numpy(), unit.cpu().numpy()

    @property
    def _width(self) -> int:
        return int(self._model.config.hidden_size)

    @property
    def _limit(self) -> int:
        return min(MAX_TOKENS, int(self._tokenizer.model_max_length))


def _batches(order: list[int], lengths: list[int]) -> list[list[int]]:
    """Cut `order` (by length, ascending) into batches of at most `BATCH_TOKENS` tokens including padding."""
    plan: list[list[int]] = []
    batch: list[int] = []
    for index in order:
        if batch and (len(batch) + 1) * lengths[index] > BATCH_TOKENS:
            plan.append(batch)
            batch = []
        batch.append(index)
    plan.append(batch)
    return plan


def _device(wanted: str) -> str:
    if wanted != "auto":
        return wanted
    return "cuda" if torch.cuda.is_available() else "cpu"


def _load(source: str) -> tuple[Any, Any]:
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        tokenizer = AutoTokenizer.from_pretrained(source, trust_remote_code=False)
        model = AutoModelForSequenceClassification.from_pretrained(
            source, trust_remote_code=False, use_safetensors=True, dtype=torch.float32
        )
    except Exception as error:  # the loaders raise whatever their formats raise; to the user all mean the same
        raise ModelError(_remedy(source, error)) from error
    return tokenizer, model.eval()


def _remedy(source: str, error: Exception) -> str:
    first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if source == str(BUNDLED):
        return f"the bundled model in {source} is missing or damaged ({first}); reinstall promisewatch or set [model] name"
    return (
        f'the model {source!r} cannot be loaded ({first}); [model] name takes "bundled", a folder, or a sequence-classification '
        "model of the hub with safetensors weights"
    )


def _quantized(model: Any) -> Any:
    """Return `model` with 8-bit integer weights in its linear layers (activations are quantized as they come)."""
    with warnings.catch_warnings():
        # Deprecated in favour of torchao, a package of its own; torch is pinned, and where this is gone we stay exact.
        warnings.simplefilter("ignore")
        try:
            return torch.ao.quantization.quantize_dynamic(model, {torch.nn.Linear}, dtype=torch.qint8)  # type: ignore[no-untyped-call]
        except (AttributeError, RuntimeError):
            return model
