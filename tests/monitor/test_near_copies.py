"""Texts that are edited or shortened copies of each other are near; texts of the same pattern are not."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.near_copies import MIN_WORDS, Signature, are_near, sign

WORDS = [
    f"{first}{second}" for first in "bcdfghjklmnprstvw" for second in ("a", "el", "is", "or", "um", "anto", "ery", "ish", "ond")
]


def prose(chooser: random.Random, words: int) -> str:
    return " ".join(chooser.choice(WORDS) for _ in range(words))


def press_copy(chooser: random.Random, text: str) -> str:
    """Another headline and byline, another first line, and a cut end."""
    words = text.split()
    return f"{prose(chooser, 12)} {' '.join(words[chooser.randrange(12) : round(len(words) * chooser.uniform(0.7, 1))])}"


def is_found(one: Signature, other: Signature) -> bool:
    return not set(one.bands()).isdisjoint(other.bands()) and are_near(one, other)


def test_a_press_text_is_found_in_other_outlets() -> None:
    chooser = random.Random(1)
    found = 0
    for _ in range(100):
        text = prose(chooser, 150)
        found += is_found(*sign([text, press_copy(chooser, text)]))
    assert found >= 95


def test_reviews_from_one_template_are_not_copies() -> None:
    chooser = random.Random(1)
    template = (
        "we booked with them for {} and stayed {} nights the room was {} the staff {} breakfast {} and we would {} come again"
    )
    reviews = sign([template.format(*(prose(chooser, 2) for _ in range(6))) for _ in range(100)])
    assert not any(is_found(one, other) for one in reviews for other in reviews if one is not other)


def test_texts_about_other_things_are_no_candidates() -> None:
    chooser = random.Random(1)
    signed = sign([prose(chooser, 60) for _ in range(200)])
    bands = [band for one in signed for band in one.bands()]
    assert len(set(bands)) > 0.999 * len(bands)


def test_a_quotation_in_a_long_text_is_not_a_copy() -> None:
    chooser = random.Random(1)
    quoted = prose(chooser, 40)
    assert not is_found(*sign([quoted, f"{prose(chooser, 80)} {quoted} {prose(chooser, 80)}"]))


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=MIN_WORDS, max_size=40).map(" ".join), min_size=1, max_size=6))
def test_a_signature_is_the_same_whatever_is_signed_with_it(texts: list[str]) -> None:
    together = sign(texts)
    assert together == [sign([text])[0] for text in texts]
    assert all(are_near(one, one) and are_near(one, other) == are_near(other, one) for one in together for other in together)


@pytest.mark.parametrize("count", [1, 3])
def test_signatures_are_stored_so_they_never_change(count: int) -> None:
    text = " ".join(f"word{number}" for number in range(30))
    (signature, *_) = sign([text] * count)
    assert signature.shingles == 27
    assert signature.minima.hex()[:16] == "3f255acbb6ae5c3e"
