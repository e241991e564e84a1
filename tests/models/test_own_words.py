"""What of a text is its author's own, and what it looks like without markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.own_words import own_words, unmarked


def own(text: str) -> str:
    return "".join(text[start:end] for start, end in own_words(text)).strip()


@pytest.mark.parametrize(
    "text",
    [
        "> they are great\nNo, they lost my bag.",
        "On Mon, 3 Feb 2025 at 10:12, Joe Smith <joe@example.org> wrote:\n> it came\n> early\nNo, they lost my bag.",
        "[quote=joe]they are\ngreat[/quote]\nNo, they lost my bag.",
        "<blockquote cite=x>We always deliver.</blockquote>No, they lost my bag.",
        "```\nHTTP 500\n```\nNo, they lost my bag.",
        "No, they lost my bag.\n-- \nJoe Smith, great fan",
        "No, they lost my bag.\n\nSent from my iPhone",
        "No, they lost my bag.\n\nBest regards,\nJoe Smith\nHead of Sales, Foo Ltd",
        "No, they lost my bag.\n-----Original Message-----\nFrom: support\nWe always deliver.",
    ],
)
def test_the_words_of_others_and_signatures_are_left_out(text: str) -> None:
    assert own(text) == "No, they lost my bag."


@pytest.mark.parametrize(
    "text",
    [
        "Regards\nwere all I got. My bag was lost.",
        "[quote] they never closed this",
        "> only a quotation",
        "She said “we always deliver” and it came nine days later.",
    ],
)
def test_what_may_be_the_authors_own_stays(text: str) -> None:
    assert own(text) == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("**Never again.** See [my review](https://example.org/z)", "Never again. See my review"),
        ("# Verdict\n- light\n2. cheap", "Verdict\nlight\ncheap"),
        ("My bag was <b>lost</b>", "My bag was  lost "),
        ("[b]Never[/b] again", " Never  again"),
        ("5 < 6 and a_b_c #fail 2.5 kg", "5 < 6 and a_b_c #fail 2.5 kg"),
    ],
)
def test_markup_goes_and_words_stay(text: str, plain: str) -> None:
    assert unmarked(text) == plain


@given(st.text(alphabet=st.sampled_from("a>\n-[]/quote`<b.R egards"), max_size=150))
def test_stretches_stay_inside_in_order_and_apart(text: str) -> None:
    at = 0
    for start, end in own_words(text):
        assert at <= start <= end <= len(text)
        at = end
