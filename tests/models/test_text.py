"""What the encoder is given to read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text import normalise


@pytest.mark.parametrize(
    ("wild", "tame"),
    [
        ("see https://acme.example/x?y=1 now", "see http now"),
        ("@AcmeAir lost my bag", "@user lost my bag"),
        ("never again #WorstAirline #fail_whale", "never again Worst Airline fail whale"),
        ("love it ❤️🔥", "love it red heart fire"),
        ("fish &amp; chips", "fish & chips"),
        ("two\n\n lines\t", "two lines"),
        ("mail me at joe@example.org", "mail me at joe@example.org"),
        ("zero\u200bwidth\ufeff", "zero width"),
    ],
)
def test_it_turns_social_spelling_into_words(wild: str, tame: str) -> None:
    assert normalise(wild) == tame


@given(st.text())
def test_it_leaves_single_spaces_and_no_control_characters(text: str) -> None:
    found = normalise(text)
    assert found == " ".join(found.split())
    assert "\x00" not in found
