"""What a model needs beside its weights: its version, what its probabilities mean, and what it can read. Loads no weights."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from models.errors import ModelError
from models.known_errors import KnownErrors, known_errors
from models.pillars import HEAD_ALONE, PillarWeights
from models.promises import Judgement, Relevance

BUNDLED = Path(__file__).parent / "bundled"
# Part of every reading's version: raise it when passages, languages or rules change what a text is read as.
RULES = 3
_NEAR = Relevance(15.0, 0.35)
_PLAIN = Judgement(1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a model needs beside its weights. `languages` are those it was trained for; None: it reads any.

    `priors` are the class shares that its probabilities are calibrated for; None: they are not calibrated, so nobody knows.
    The rest belongs to the heads that only the bundled model has; `errors` are None where nobody measured them.
    """

    version: str
    temperature: float = 1.0
    priors: tuple[float, float, float] | None = None
    languages: tuple[str, ...] | None = None
    relevance: Relevance = _NEAR
    with_examples: Relevance = _NEAR
    judgement: Judgement = _PLAIN
    pillars: PillarWeights = HEAD_ALONE
    target_temperature: float = 1.0
    errors: KnownErrors | None = None


def load_calibration(name: str) -> Calibration:
    """Return the calibration beside the weights in folder `name` ("bundled" for ours); the plain one for any other model.

    Raises:
        ModelError: the file is there but damaged.
    """
    folder = BUNDLED if name == "bundled" else Path(name)
    path = folder / "calibration.json"
    if not path.is_file():
        return Calibration(version=f"{name}{_changed(folder)}/{RULES}")
    try:
        text = path.read_text(encoding="utf-8")
        values = json.loads(text)
        low, middle, high = values["priors"]
        return Calibration(
            version=f"{values['version']}.{hashlib.sha256(text.encode()).hexdigest()[:4]}/{RULES}",
            temperature=float(values["temperature"]),
            priors=(low, middle, high),
            languages=tuple(values["languages"]),
            relevance=Relevance(**values["relevance"]),
            with_examples=Relevance(**values["with_examples"]),
            judgement=Judgement(**values["judgement"]),
            pillars=PillarWeights(**values["pillars"]) if "pillars" in values else HEAD_ALONE,
            target_temperature=float(values["target_temperature"]),
            errors=known_errors(values["errors"]) if "errors" in values else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{path} is damaged ({error}); reinstall promisewatch or remove the file") from error


def _changed(folder: Path) -> str:
    """Return what tells other weights in the same folder apart; "" for a model of the hub."""
    weights = folder / "model.safetensors"
    return f"@{weights.stat().st_size}-{int(weights.stat().st_mtime)}" if weights.is_file() else ""


def weights_version(folder: Path) -> str:
    """Return a short identity of the weights in `folder`, for its calibration file."""
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes())
    heads = folder / "heads.safetensors"
    if heads.is_file():
        digest.update(heads.read_bytes())
    return f"bundled-{digest.hexdigest()[:8]}"
