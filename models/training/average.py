"""The last step: the mean of what the second and the last stage have learnt, weight by weight (Wortsman et al. 2022).

The later stages learn to read plain facts, and forget on the way that praise is praise: hand-written texts are fond of irony.
Between the two the facts are read nearly as well, promises better than by either, and open feeling as before. The heads of
pillar and experience are fitted again to the states of the mean.
"""

import shutil
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional

from models.encoder import Encoder
from models.heads import FILE
from models.reading import EXPERIENCES
from models.text import normalise
from models.training.data import corpus_rows
from models.training.tasks import PILLAR_NAMES, training_industries

EARLIER = 0.25
"""The share of the second stage: chosen on the industries kept for tuning, and on the demo's reviews."""
WEIGHTS = "model.safetensors"
DECAY = 1e-3


def average(earlier: Path, later: Path, out: Path) -> None:
    """Write the mean of two checkpoints of one model, with the heads of the later one, to `out`."""
    shutil.copytree(later, out, dirs_exist_ok=True)
    first, second = load_file(earlier / WEIGHTS), load_file(later / WEIGHTS)
    mean = {name: (EARLIER * first[name] + (1 - EARLIER) * value).contiguous() for name, value in second.items()}
    save_file(mean, out / WEIGHTS, metadata={"format": "pt"})
    heads = load_file(later / FILE)
    rows = list(corpus_rows(training_industries()))
    states = torch.from_numpy(Encoder(str(out)).encode([normalise(str(row["text"])) for row in rows]).states)
    for head, names, labels in (
        ("pillar", PILLAR_NAMES, [PILLAR_NAMES.index(str(row["pillar"] or "none")) for row in rows]),
        ("experience", EXPERIENCES, [EXPERIENCES.index(str(row["experience"])) for row in rows]),
    ):
        weight, bias = fit(states, torch.from_numpy(np.array(labels)), len(names))
        heads |= {f"{head}.weight": weight.half(), f"{head}.bias": bias.half()}
    save_file(heads, out / FILE)


def fit(states: torch.Tensor, labels: torch.Tensor, classes: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return weights and biases of a multinomial logistic regression, rare classes counting as the root of their rarity."""
    counts = torch.bincount(labels, minlength=classes).clamp(min=1)
    rarity = (len(labels) / (classes * counts)).sqrt()
    weight, bias = torch.zeros(classes, states.shape[1], requires_grad=True), torch.zeros(classes, requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = functional.cross_entropy(states @ weight.T + bias, labels, weight=rarity) + DECAY * (weight**2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return weight.detach(), bias.detach()
