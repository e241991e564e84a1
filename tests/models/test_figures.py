"""Whether what a passage measures lies within what a promise allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.figures import bounds, within

FAST = "Ordered today, at your door within 48 hours."


@pytest.mark.parametrize(
    ("promise", "passage", "side"),
    [
        (FAST, "it took nine days", -1),
        (FAST, "there by the next morning", 1),
        (FAST, "Ordered Monday, came on Thursday", -1),
        ("At your door in 30 minutes.", "ordered 7.02, bell rang 7.26", 1),
        ("At your door in 30 minutes.", "ordered 7.02, bell rang 8.26", -1),
        ("A cut is £38.", "they asked £45 of me", -1),
        ("A cut is £38.", "£38, as it says on the door", 1),
        ("Never less than 60 % meat.", "54 % by the label", -1),
        ("Never less than 60 % meat.", "62% meat, everything printed", 1),
        ("At least ten hours in every port.", "We had six hours in Genoa", -1),
    ],
)
def test_a_figure_takes_a_side(promise: str, passage: str, side: int) -> None:
    assert within(promise, passage) == side


@pytest.mark.parametrize(
    ("promise", "passage"),
    [
        (FAST, "it came"),
        (FAST, "it cost £9"),
        (FAST, "ordered two years ago"),
        (FAST, "I have bought here for three years"),
        (FAST, "Borealis took nine days, they took one day"),
        ("We are quick.", "it took nine days"),
        ("Move a lesson up to 24 hours before.", "moved it two days before"),
        ("More than 15 minutes late? The money comes back.", "two hours late"),
        ("Ready in 1 hour, home in 3 hours.", "it took two hours"),
        ("A cut is £38.", "got £5 off"),
        ("At your door in 30 minutes.", "ordered Monday, came on Thursday"),
    ],
)
def test_what_cannot_be_compared_takes_none(promise: str, passage: str) -> None:
    assert within(promise, passage) == 0


@given(st.text(max_size=100), st.text(max_size=100))
def test_any_two_texts_can_be_asked_about(promise: str, passage: str) -> None:
    assert within(promise, passage) in {-1, 0, 1}
    assert all(one.quantity.value > 0 for one in bounds(promise))
