"""From scores to probabilities."""

import numpy as np
import pytest

from models.scaling import PLAIN, Scaling, scaling
from models.training.calibrate import fit_scaling

SCORES = np.array([[2.0, 0.0, -2.0]], np.float32)


def test_probabilities_sum_to_one_and_a_temperature_flattens_them() -> None:
    sharp, flat = Scaling(0.5).chances(SCORES), Scaling(4.0).chances(SCORES)
    assert sharp[0, 0] > flat[0, 0] > 1 / 3
    assert sharp.sum() == pytest.approx(1)


def test_a_bias_moves_the_odds_of_its_class_alone() -> None:
    plain, biased = PLAIN.chances(SCORES)[0], Scaling(1.0, (0.0, 0.0, 1.0)).chances(SCORES)[0]
    assert biased[2] / biased[0] == pytest.approx(np.e * plain[2] / plain[0])
    assert biased[1] / biased[0] == pytest.approx(plain[1] / plain[0])


def test_fitting_finds_the_scaling_that_made_the_labels() -> None:
    rng = np.random.default_rng(1)
    true = Scaling(2.0, (0.5, 0.0, -0.4))
    scores = rng.normal(0, 3, (50_000, 3))
    labels = (true.chances(scores).cumsum(axis=1) < rng.random((len(scores), 1))).sum(axis=1)
    found = fit_scaling(scores, labels.tolist())
    # The classes count alike: their odds are those they would have, were they equally frequent.
    expected = np.array(true.biases) - np.log(np.bincount(labels))
    assert found.temperature == pytest.approx(2.0, abs=0.05)
    assert found.biases == pytest.approx(expected - expected[1], abs=0.05)


@pytest.mark.parametrize("values", [{}, {"temperature": "warm", "biases": [0.0]}, {"temperature": 1.0, "biases": 2.0}])
def test_anything_else_in_a_calibration_file_is_refused(values: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        scaling(values)  # type: ignore[arg-type]
