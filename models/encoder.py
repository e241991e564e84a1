"""The transformer: loading, quantization and batching. One pass gives class scores, embedding and state.

Texts of like length share a batch, so that next to nothing is spent on padding, and every core runs batches of its own: small
matrices gain little from being shared between cores.
"""

import os
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
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
Text = str | tuple[str, str]
"""A text alone, or a text to read with another (a promise, a target) before it."""

MAX_TOKENS = 128
BATCH_TOKENS = 1024


@dataclass(frozen=True, slots=True)
class Encoded:
    """Scores before the softmax, (texts, classes); mean-pooled states of unit length and the pooled first state, (texts, width).

    `states` is what the classifier itself stands on; models/heads.py puts further questions to it.
    """

    scores: Floats
    embeddings: Floats
    states: Floats


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
        self.folder = Path(source) if Path(source).is_dir() else None
        self._tokenizer, model = _load(source)
        self.labels = tuple(str(model.config.id2label[i]).lower() for i in range(model.config.num_labels))
        if self.device == "cpu":
            self._model = _quantized(model) if quantize else model
        else:
            self._model = model.to(self.device, dtype=torch.float16)
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self._workers = cores if self.device == "cpu" else 1

    def encode(self, texts: Sequence[Text]) -> Encoded:
        """Run `texts` (already normalised; alone or in pairs) through the model, in any number; the result has their order."""
        unique = list(dict.fromkeys(texts))
        ids = self._tokenize(unique)
        order = sorted(range(len(unique)), key=lambda index: len(ids[index][0]))
        scores = np.empty((len(unique), len(self.labels)), np.float32)
        embeddings = np.empty((len(unique), self._width), np.float32)
        states = np.empty((len(unique), self._width), np.float32)
        if not unique:
            return Encoded(scores, embeddings, states)

        def run(batch: list[int]) -> None:
            # Each worker keeps to one core: the batches are the parallel work.
            if self._workers > 1:
                torch.set_num_threads(1)
            scores[batch], embeddings[batch], states[batch] = self._forward([ids[index] for index in batch])

        plan = _batches(order, [len(tokens) for tokens, _ in ids])
        if self._workers == 1 or len(plan) == 1:
            for batch in plan:
                run(batch)
        else:
            with ThreadPoolExecutor(self._workers) as pool:
                list(pool.map(run, reversed(plan)))  # the longest first, so that no core ends alone
        where = {text: index for index, text in enumerate(unique)}
        back = [where[text] for text in texts]
        return Encoded(scores[back], embeddings[back], states[back])

    def _tokenize(self, texts: Sequence[Text]) -> list[tuple[list[int], int]]:
        """Return the tokens of every text, and where its second part begins (0: it has none)."""
        found: list[tuple[list[int], int]] = [([], 0)] * len(texts)
        alone = [index for index, one in enumerate(texts) if isinstance(one, str)]
        pairs = [index for index, one in enumerate(texts) if not isinstance(one, str)]
        if alone:
            ids = self._tokenizer([texts[index] for index in alone], truncation=True, max_length=self._limit)["input_ids"]
            for index, one in zip(alone, ids, strict=True):
                found[index] = (one, 0)
        if pairs:
            first, second = zip(*(texts[index] for index in pairs), strict=True)
            both = self._tokenizer(list(first), list(second), truncation=True, max_length=self._limit)
            for index, one, kinds in zip(pairs, both["input_ids"], both["token_type_ids"], strict=True):
                found[index] = (one, len(kinds) - sum(kinds))
        return found

    @torch.inference_mode()
    def _forward(self, ids: list[tuple[list[int], int]]) -> tuple[Floats, Floats, Floats]:
        shape = (len(ids), max(len(one) for one, _ in ids))
        tokens = torch.full(shape, self._tokenizer.pad_token_id or 0, dtype=torch.long)
        mask, kinds = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.long)
        for row, (one, second) in enumerate(ids):
            tokens[row, : len(one)] = torch.tensor(one)
            mask[row, : len(one)] = 1
            if second:
                kinds[row, second : len(one)] = 1
        inputs = {"input_ids": tokens.to(self.device), "attention_mask": mask.to(self.device)}
        if any(second for _, second in ids):
            inputs["token_type_ids"] = kinds.to(self.device)
        output = self._model(**inputs, output_hidden_states=True)
        last = output.hidden_states[-1]
        weights = inputs["attention_mask"].unsqueeze(-1).float()
        unit = torch.nn.functional.normalize((last.float() * weights).sum(1) / weights.sum(1), dim=1)
        pooler = getattr(self._model.base_model, "pooler", None)
        states = last[:, 0] if pooler is None else pooler(last)
        return output.logits.float().cpu().numpy(), unit.cpu().numpy(), states.float().cpu().numpy()

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


def _tame(layer: str) -> bool:
    return not any(part in layer for part in ("output.dense", "pooler", "classifier"))


def _quantized(model: Any) -> Any:
    """Return `model` with 8-bit integer weights, by channel, in most linear layers (activations are quantized as they come).

    The layers that lead back into the residual stream stay exact: their inputs hold outliers, and the one scale of a batch would
    let a text's reading depend on its company.
    """
    with warnings.catch_warnings():
        # Deprecated in favour of torchao, a package of its own; torch is pinned, and where this is gone we stay exact.
        warnings.simplefilter("ignore")
        try:
            how = torch.ao.quantization.per_channel_dynamic_qconfig
            layers = {name: how for name, part in model.named_modules() if isinstance(part, torch.nn.Linear) and _tame(name)}
            return torch.ao.quantization.quantize_dynamic(model, layers)  # type: ignore[no-untyped-call]
        except (AttributeError, RuntimeError):
            return model
