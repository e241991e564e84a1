"""Which promise a passage speaks of."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import ModelError
from models.promises import (
    CANDIDATES,
    EmbeddedPromises,
    Judgement,
    Relevance,
    Witnesses,
    candidates,
    kept_share,
    likeness,
    match,
    nearness,
    spoken_of,
    strongest,
)
from models.reading import Promise, PromiseMatch
from models.sentiment import columns, probabilities

CALIBRATION = Relevance(slope=20.0, threshold=0.4)
PLAIN = Judgement(pair=1.0, near=0.5, bias=0.0, side=1.0, mood=0.5, lean=0.0)
TWO = (Promise("on-time", "We depart on time."), Promise("bags", "Your bags arrive with you."))


def test_a_passage_near_a_promise_may_speak_of_it_and_one_near_none_does_not() -> None:
    chances = nearness(np.array([[0.7, 0.1], [0.2, 0.1]]), CALIBRATION)
    assert chances[0, 0] > 0.95
    assert chances[1].sum() < 0.05


def test_the_chances_of_one_passage_never_exceed_one() -> None:
    chances = nearness(np.random.default_rng(1).uniform(-1, 1, (200, 6)), CALIBRATION)
    assert np.isfinite(chances).all()
    assert (chances.sum(axis=1) <= 1 + 1e-9).all()


def test_a_promise_counts_by_its_nearest_phrase() -> None:
    vectors = np.eye(3, dtype=np.float32)
    known = EmbeddedPromises(TWO, vectors, np.array([0, 0, 1]))
    assert likeness(np.array([[0.0, 1.0, 0.0]], np.float32), known).tolist() == [[1.0, 0.0]]


def test_only_the_nearest_few_promises_come_into_question_and_none_that_is_far() -> None:
    near = np.array([[0.4, 0.3, 0.2, 0.05, 0.04], [0.9, 0.001, 0.001, 0.001, 0.001]])
    assert candidates(near) == [*((0, column) for column in range(CANDIDATES)), (1, 0)]


@given(st.floats(-30, 30), st.floats(-30, 30), st.floats(-30, 30), st.floats(0, 1))
def test_a_pair_speaks_of_its_promise_with_a_probability_whatever_its_scores(k: float, b: float, none: float, near: float) -> None:
    (chance,) = spoken_of(np.array([[k, b, none]]), np.array([near]), PLAIN)
    assert 0 <= chance <= 1


def test_both_the_pair_and_the_nearness_speak_for_a_promise() -> None:
    scores = np.array([[3.0, 0.0, 0.0], [0.0, 0.0, 3.0], [3.0, 0.0, 0.0]])
    sure, unlikely, far = spoken_of(scores, np.array([0.5, 0.5, 0.01]), PLAIN)
    assert sure > far > unlikely


def test_whatever_bears_on_a_side_is_weighed() -> None:
    judgement = Judgement(pair=1.0, near=0.5, bias=0.0, side=1.0, mood=0.5, lean=0.0, figure=3.0)
    scores = np.array([[2.0, 0.0, 0.0], [2.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 2.0, 0.0]])
    heard = Witnesses(scores, mood=np.array([2.0, -2.0, -2.0, -1.0]), figure=np.array([0.0, 0.0, 0.0, 1.0]))
    agreed, doubted, broken, figured = kept_share(heard, judgement)
    assert agreed > doubted > 0.5 > broken
    assert figured > 0.5


@pytest.mark.parametrize(("kept", "expected"), [(0.9, "kept"), (0.1, "broken"), (0.55, None), (0.45, None)])
def test_a_stance_is_taken_only_where_one_side_is_clearly_the_stronger(kept: float, expected: str | None) -> None:
    found = match(TWO[0], "gate closed on the minute", about=0.8, kept=kept)
    assert (found.promise, found.stance) == ("on-time", expected)
    assert found.confidence == pytest.approx(max(kept, 1 - kept))


def test_evidence_carries_what_it_measures_of_what_the_promise_measures() -> None:
    promise = Promise("fast", "At your door in 48 hours.")
    assert match(promise, "paid £5 and it took nine days", about=0.8, kept=0.1).quantity == "nine days"
    assert match(promise, "paid £5 and it was late", about=0.8, kept=0.1).quantity == ""
    assert match(promise, "ordered Monday, here on Thursday", about=0.8, kept=0.1).quantity == "Monday, here on Thursday"


def test_a_promise_is_matched_once_a_passage_by_its_strongest_match() -> None:
    weak, strong, other = (
        PromiseMatch("bags", 0.6, "kept", 0.7),
        PromiseMatch("bags", 0.9, "broken", 0.8),
        PromiseMatch("on-time", 0.7, "kept", 0.9),
    )
    assert strongest([weak, strong, other]) == (strong, other)


def test_probabilities_are_calibrated_by_a_temperature() -> None:
    scores = np.array([[2.0, 0.0, -2.0]], np.float32)
    sharp, flat = probabilities(scores, 0.5), probabilities(scores, 4.0)
    assert sharp[0, 0] > flat[0, 0]
    assert sharp.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (("negative", "neutral", "positive"), [0, 1, 2]),
        (("POS", "NEU", "NEG"), [2, 1, 0]),
        (("LABEL_0", "LABEL_1", "LABEL_2"), [0, 1, 2]),
    ],
)
def test_models_of_others_may_name_their_classes_differently(labels: tuple[str, ...], expected: list[int]) -> None:
    assert columns(labels) == expected


def test_a_model_of_something_else_is_refused_in_words() -> None:
    with pytest.raises(ModelError, match="toxic, clean"):
        columns(("toxic", "clean"))
