"""Which pillar a passage is about: its own words, and the promises that it speaks of."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.pillars import CLASSES, HEAD_ALONE, NONE, PillarWeights, joined, named, of_pillars
from models.reading import PILLARS, Promise

WEIGHTS = PillarWeights(own=0.6, about=3.0, near=0.3, none=-1.0)
FRICTION, PEOPLE = PILLARS.index("friction"), PILLARS.index("people")
FAST = Promise("fast", "Two days to your door.", "friction")
RETURNS = Promise("returns", "Send it back for nothing.", "friction")
KIND = Promise("kind", "A friendly voice at any hour.", "people")
NOWHERE = Promise("nowhere", "Since 1890.")


def unsure() -> np.ndarray:
    return np.zeros((1, CLASSES))


def chances(*values: float) -> np.ndarray:
    return np.array([values])


def test_a_pillar_is_spoken_of_when_any_of_its_promises_is() -> None:
    found = of_pillars((FAST, KIND, RETURNS, NOWHERE), chances(0.5, 0.2, 0.4, 0.9))
    assert found[0, FRICTION] == 0.7
    assert np.isclose(found[0, PEOPLE], 0.2)
    assert found.sum() == found[0, FRICTION] + found[0, PEOPLE]


def test_a_passage_that_speaks_of_a_promise_is_about_its_pillar() -> None:
    about = of_pillars((FAST, KIND), chances(0.0, 0.9))
    assert named(joined(unsure(), about, about, WEIGHTS)) == ["people"]


def test_what_a_passage_says_clearly_outweighs_a_promise_that_it_hardly_touches() -> None:
    scores = unsure()
    scores[0, FRICTION] = 8.0
    about = of_pillars((FAST, KIND), chances(0.0, 0.1))
    assert named(joined(scores, about, about, WEIGHTS)) == ["friction"]


def test_without_weights_a_passage_is_about_what_it_says_by_itself() -> None:
    scores = unsure()
    scores[0, PEOPLE] = 0.1
    about = of_pillars((FAST,), chances(0.99))
    assert named(joined(scores, about, about, HEAD_ALONE)) == ["people"]


def test_none_is_a_class_of_its_own() -> None:
    scores = unsure()
    scores[0, NONE] = 5.0
    assert named(scores) == [None]


@given(st.floats(0, 1), st.floats(0, 1), st.floats(-20, 20))
def test_speaking_more_surely_of_a_promise_never_lowers_its_pillar(one: float, other: float, own: float) -> None:
    scores = unsure()
    scores[0, FRICTION] = own
    none = np.zeros((1, CLASSES))
    less, more = (of_pillars((KIND,), chances(value)) for value in sorted((one, other)))
    assert joined(scores, less, none, WEIGHTS)[0, PEOPLE] <= joined(scores, more, none, WEIGHTS)[0, PEOPLE]
