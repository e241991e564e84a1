"""Time between two moments that a text names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.elapsed import elapsed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ordered 7.02, bell rang 7.26", [("7.02, bell rang 7.26", 0.4)]),
        ("Sent at 9:02. She had it at 2:02pm.", [("9:02. She had it at 2:02pm", 5.0)]),
        ("left 11:50, home 12:20", [("11:50, home 12:20", 0.5)]),
        ("reported Monday, gone by Thursday", [("Monday, gone by Thursday", 72.0)]),
        ("rang on Fri, fixed on Mon", [("Fri, fixed on Mon", 72.0)]),
        ("picked on the 10th, driven home on the 21st", [("the 10th, driven home on the 21st", 264.0)]),
        ("There the next morning!", [("the next morning", 24.0)]),
    ],
)
def test_it_measures_from_the_first_moment_to_the_second(text: str, expected: list[tuple[str, float]]) -> None:
    assert [(one.text, one.value) for one in elapsed(text)] == [(words, pytest.approx(hours)) for words, hours in expected]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "the 7.20 from Leeds",
        "£7.02 then £7.26",
        "3.50 kg and 4.20 kg",
        "booked 7.02, moved to 7.20, came 7.40",
        "paid on Monday, here the Monday after",
        "open Mondays to Fridays",
        "Monday " + "and so on " * 20 + "Tuesday",
    ],
)
def test_it_measures_nothing_where_there_are_not_just_two(text: str) -> None:
    assert elapsed(text) == []


@given(st.text(alphabet=st.sampled_from("0123456789:. apmMonTueday thestrd,"), max_size=80))
def test_it_finds_no_time_that_is_not_there(text: str) -> None:
    assert all(one.value > 0 and text[one.start : one.end] == one.text for one in elapsed(text))
