"""Which promise a passage speaks of."""

import numpy as np
import pytest

from models.errors import ModelError
from models.promises import EmbeddedPromises, Relevance, likeness, matches, relevance, stance
from models.reading import Promise, Sentiment
from models.sentiment import columns, probabilities

CALIBRATION = Relevance(slope=20.0, threshold=0.4)
TWO = (Promise("on-time", "We depart on time."), Promise("bags", "Your bags arrive with you."))
POSITIVE, NEGATIVE, NEUTRAL = Sentiment(0.1, 0.1, 0.8), Sentiment(0.7, 0.2, 0.1), Sentiment(0.2, 0.6, 0.2)


def test_a_passage_near_a_promise_speaks_of_it_and_one_near_none_does_not() -> None:
    chances = relevance(np.array([[0.7, 0.1], [0.2, 0.1]]), CALIBRATION)
    assert chances[0, 0] > 0.95
    assert chances[1].sum() < 0.05


def test_the_chances_of_one_passage_never_exceed_one() -> None:
    chances = relevance(np.random.default_rng(1).uniform(-1, 1, (200, 6)), CALIBRATION)
    assert np.isfinite(chances).all()
    assert (chances.sum(axis=1) <= 1 + 1e-9).all()


def test_a_promise_counts_by_its_nearest_phrase() -> None:
    vectors = np.eye(3, dtype=np.float32)
    known = EmbeddedPromises(TWO, vectors, np.array([0, 0, 1]))
    assert likeness(np.array([[0.0, 1.0, 0.0]], np.float32), known).tolist() == [[1.0, 0.0]]


@pytest.mark.parametrize(("feeling", "expected"), [(POSITIVE, "kept"), (NEGATIVE, "broken"), (NEUTRAL, None)])
def test_the_stance_follows_the_sentiment(feeling: Sentiment, expected: str | None) -> None:
    assert stance(feeling)[0] == expected


def test_only_relevant_promises_are_matched() -> None:
    found = matches(np.array([0.9, 0.05]), TWO, "left an hour late", NEGATIVE)
    assert [(one.promise, one.stance) for one in found] == [("on-time", "broken")]


def test_evidence_carries_what_it_measures_of_what_the_promise_measures() -> None:
    fast = (Promise("fast", "At your door in 48 hours."),)
    (measured,) = matches(np.array([0.9]), fast, "paid £5 and it took nine days", NEGATIVE)
    (bare,) = matches(np.array([0.9]), fast, "paid £5 and it was late", NEGATIVE)
    assert (measured.quantity, bare.quantity) == ("nine days", "")


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
