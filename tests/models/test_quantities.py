"""Quantities in what customers write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.quantities import answering, quantities


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nine days, Leeds to Sheffield", [("nine days", 216.0, "hours")]),
        ("48 hours or it's free", [("48 hours", 48.0, "hours")]),
        ("waited an hour and a half on hold", [("an hour and a half", 1.5, "hours")]),
        ("half an hour", [("half an hour", 0.5, "hours")]),
        ("a quarter of an hour late", [("a quarter of an hour", 0.25, "hours")]),
        ("a couple of weeks", [("a couple of weeks", 336.0, "hours")]),
        ("twenty-one days", [("twenty-one days", 504.0, "hours")]),
        ("30-night trial", [("30-night", 720.0, "hours")]),
        ("took 3 weeks and £45 extra", [("3 weeks", 504.0, "hours"), ("£45", 45.0, "GBP")]),
        ("cost me 40 quid", [("40 quid", 40.0, "GBP")]),
        ("$1.2k later", [("$1.2k", 1200.0, "USD")]),
        ("1,200 euros", [("1,200 euros", 1200.0, "EUR")]),
        ("99.9 % uptime, 20% off", [("99.9 %", 99.9, "%"), ("20%", 20.0, "%")]),
        ("29.5 inches of legroom", [("29.5 inches", 0.7493, "metres")]),
        ("doors closed at 7:28 for a 7:30", []),
        ("a daydream of one yearning mind", []),
    ],
)
def test_it_finds_what_was_measured(text: str, expected: list[tuple[str, float, str]]) -> None:
    found = [(one.text, pytest.approx(one.value), one.unit) for one in quantities(text)]
    assert found == expected


@given(st.text())
def test_offsets_point_at_the_quantity_in_any_text(text: str) -> None:
    assert all(text[one.start : one.end] == one.text for one in quantities(text))


@pytest.mark.parametrize(
    ("passage", "answer"),
    [
        ("It took nine days.", "nine days"),
        ("You promised two days, it took nine days.", "nine days"),
        ("Here in two days, as you said.", "two days"),
        ("It cost £9 and weighed a lot.", ""),
        ("Never came.", ""),
    ],
)
def test_a_passage_answers_a_promise_with_a_figure_of_its_own(passage: str, answer: str) -> None:
    assert answering("Delivered in two days.", passage) == answer
