"""How the model is known to err: measured once, kept beside the weights."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from models.calibration import BUNDLED, load_calibration
from models.errors import ModelError
from models.known_errors import KnownErrors, PromiseErrors, from_store, stored
from models.reading import RELEVANT, Passage, PromiseMatch, Reading, Sentiment, Stance
from models.training.transfer import Group, between, promise_errors, votes

FOUND = KnownErrors(8.5, (PromiseErrors("gym", (5, 0, 1, 4, 2, 0)), PromiseErrors("pharmacy", (0, 3, 0, 0, 0, 1))))
MILD = Sentiment(0.2, 0.6, 0.2)


def calibrated(folder: Path, **changes: object) -> Path:
    values = json.loads((BUNDLED / "calibration.json").read_text(encoding="utf-8"))
    values.pop("errors", None)
    (folder / "calibration.json").write_text(json.dumps({**values, **changes}), encoding="utf-8")
    return folder


def said(promise: str, stance: Stance | None, sure: float = 0.9, experience: str = "first-hand", relevance: float = 0.8) -> Passage:
    return Passage(0, 1, MILD, None, experience, (PromiseMatch(promise, relevance, stance, sure),))


def reading(*passages: Passage) -> Reading:
    return Reading("en", MILD, "", passages, "m1")


def brands(off: Sequence[float], size: int = 300) -> list[Group]:
    """Brands whose readings are right but that so many points of net sentiment are added; half of the posts say either."""
    rng, found = np.random.default_rng(4), []
    for points in off:
        truth = rng.choice([0, 2], size=size)
        shown = np.where(rng.random(size) < abs(points) / 100, 2 if points > 0 else 0, truth)
        positive = np.where(shown == 2, 0.98, 0.02)
        found.append(Group("posts", np.stack([1 - positive, np.zeros(size), positive], axis=1), truth))
    return found


def test_what_was_measured_is_read_from_beside_the_weights(tmp_path: Path) -> None:
    assert load_calibration(str(calibrated(tmp_path, errors=FOUND.as_json()))).errors == FOUND


def test_a_calibration_from_before_says_nothing_of_it(tmp_path: Path) -> None:
    assert load_calibration(str(calibrated(tmp_path))).errors is None


@pytest.mark.parametrize("line", ["gym 1 2 3", "gym 1 2 3 4 5 -6", "gym a b c d e f", "", 7])
def test_damaged_counts_are_refused(tmp_path: Path, line: object) -> None:
    with pytest.raises(ModelError, match=r"calibration\.json is damaged"):
        load_calibration(str(calibrated(tmp_path, errors={"net": 1.0, "promises": [line]})))


def test_a_store_gives_back_what_it_was_given() -> None:
    assert from_store(stored(FOUND)) == FOUND
    assert from_store(stored(None)) is None


def test_a_text_has_one_vote_a_promise_that_of_its_surest_passage() -> None:
    found = reading(said("on-time", "kept", 0.7), said("on-time", "broken", 0.9), said("refund", "kept"))
    assert votes(found) == {"on-time": "broken", "refund": "kept"}


def test_no_vote_comes_from_hearsay_from_doubt_or_from_another_subject() -> None:
    assert votes(reading(said("a", "kept", experience="news"), said("b", None), said("c", "kept", relevance=RELEVANT - 0.01))) == {}


def test_what_is_read_is_counted_by_what_was_said() -> None:
    rows: list[dict[str, object]] = [{"promises": {"on-time": "kept"}}, {"promises": {"on-time": "broken"}}, {"promises": {}}]
    readings = [reading(said("on-time", "kept")), reading(said("on-time", "kept")), reading(said("on-time", "broken"))]
    assert promise_errors("gym", rows, readings) == [PromiseErrors("gym", (1, 0, 1, 0, 0, 1))]


def test_brands_that_are_off_by_chance_alone_are_hardly_off() -> None:
    assert between(brands([0.0] * 12)) < 2.0


def test_brands_that_are_off_beyond_chance_show_by_how_much() -> None:
    assert between(brands([20.0, -20.0] * 6)) == pytest.approx(20.0, abs=3.0)


def test_one_kind_of_post_counts_like_another_however_many_brands_it_has() -> None:
    few, many = brands([20.0] * 2), brands([0.0] * 20)
    other = [Group("others", one.read, one.said) for one in many]
    assert between([*few, *other]) == pytest.approx(20 / 2**0.5, abs=3.0)
