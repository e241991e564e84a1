"""How a text is cut into opinions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.passages import MAX_PASSAGES, split


def pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nine days, Leeds to Sheffield", ["Nine days, Leeds to Sheffield"]),
        ("The app is quick. My parcel came late.", ["The app is quick.", "My parcel came late."]),
        ("Great app, but the delivery took nine days.", ["Great app", "but the delivery took nine days."]),
        ("Dr. Shaw paid 3.50 at 5 p.m. for it.", ["Dr. Shaw paid 3.50 at 5 p.m. for it."]),
        ("It works well now. Thanks!", ["It works well now. Thanks!"]),
        ("Help! The lamp arrived in pieces.", ["Help! The lamp arrived in pieces."]),
        ("first line here\nsecond line here", ["first line here", "second line here"]),
        ("> you wrote that it came\nIt never came to me.", ["It never came to me."]),
        ("It never came to me.\n-- \nJoe Smith", ["It never came to me."]),
        ("Although they apologised, my bag is still in Oslo.", ["Although they apologised", "my bag is still in Oslo."]),
        ("No reply yet from them.", ["No reply yet from them."]),
        ("Not only late but also rude.", ["Not only late but also rude."]),
        ("There was nothing but praise for them.", ["There was nothing but praise for them."]),
        ("1. The room was cold.\n2. The bed was soft.", ["1. The room was cold.", "2. The bed was soft."]),
        ("<p>My bag was lost.</p><p>Nobody called me.</p>", ["<p>My bag was lost.</p>", "<p>Nobody called me.</p>"]),
        ("", []),
        ("🙂 !!! …", []),
    ],
)
def test_it_cuts_at_sentences_and_contrasts(text: str, expected: list[str]) -> None:
    assert pieces(text) == expected


def test_it_bounds_a_sentence_without_end() -> None:
    found = pieces("word " * 500)
    assert len(found) > 5
    assert all(len(piece.split()) <= 48 for piece in found)


def test_it_bounds_a_text_without_end() -> None:
    assert len(split("This is a sentence. " * 1000)) == MAX_PASSAGES


@pytest.mark.parametrize("text", ["." * 50_000, "word but " * 6_000, "Hi. " * 12_000, "regards\n" * 6_000, "> a\n" * 12_000])
def test_no_text_takes_long(text: str) -> None:
    assert len(split(text)) <= MAX_PASSAGES


@given(st.text(alphabet=st.sampled_from("ab .!?\n>,;-–but…\u00a0🙂"), max_size=200))
def test_offsets_stay_inside_in_order_and_apart(text: str) -> None:
    at = 0
    for start, end in split(text):
        assert at <= start < end <= len(text)
        assert text[start:end].strip() == text[start:end]
        at = end
