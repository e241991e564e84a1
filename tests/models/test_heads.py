"""The small heads on the encoder's pooled state."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from models.errors import ModelError
from models.heads import FILE, Heads, load_heads, softmax

TWO_CLASSES = {"side.weight": np.array([[1.0, 0.0], [0.0, 1.0]], np.float16), "side.bias": np.array([0.0, 0.5], np.float16)}


def test_a_head_is_linear() -> None:
    heads = Heads({name: value.astype(np.float32) for name, value in TWO_CLASSES.items()})
    assert heads.scores("side", np.array([[2.0, 1.0]], np.float32)).tolist() == [[2.0, 1.5]]


def test_probabilities_sum_to_one_and_a_temperature_flattens_them() -> None:
    heads = Heads({name: value.astype(np.float32) for name, value in TWO_CLASSES.items()})
    sharp, flat = (heads.chances("side", np.array([[2.0, 1.0]], np.float32), temperature) for temperature in (0.5, 5.0))
    assert sharp.sum() == pytest.approx(1)
    assert sharp[0, 0] > flat[0, 0] > 0.5


def test_softmax_stands_large_scores() -> None:
    assert softmax(np.array([[1000.0, 0.0]])).tolist() == [[1.0, 0.0]]


def test_heads_are_read_from_beside_the_weights(tmp_path: Path) -> None:
    assert load_heads(tmp_path) is None
    save_file(TWO_CLASSES, tmp_path / FILE)
    found = load_heads(tmp_path)
    assert found is not None
    assert found.weights["side.weight"].dtype == np.float32


def test_a_damaged_file_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"nothing of the kind")
    with pytest.raises(ModelError, match="reinstall promisewatch"):
        load_heads(tmp_path)
