"""Copies of one text share a key; stock phrases of different people do not."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from monitor.stories import is_nobody, normalise, story_key, told
from sources.mention import Mention

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

PRESS_TEXT = "Acme Air opens a new route from Riga to London next spring."


def test_a_copy_by_another_author_has_the_same_key() -> None:
    assert story_key(PRESS_TEXT, "ann", "1") == story_key(PRESS_TEXT, "bob", "2")


def test_case_links_handles_punctuation_and_a_repost_sign_do_not_make_another_text() -> None:
    copies = (
        "ACME AIR opens a new route from Riga to London, next spring!",
        f"RT @acmeair: {PRESS_TEXT}",
        f"@bob @eve {PRESS_TEXT} https://t.co/x9?utm=1 www.example.org/a",
        PRESS_TEXT.replace(" ", "  \n"),
    )
    assert {story_key(copy, "ann", "1") for copy in copies} == {story_key(PRESS_TEXT, "bob", "2")}


def test_other_words_or_numbers_make_another_text() -> None:
    assert story_key(PRESS_TEXT, "", "1") != story_key(PRESS_TEXT.replace("Riga", "Oslo"), "", "1")
    text = "Flight {} from Riga to London was two hours late again."
    assert story_key(text.format(123), "ann", "1") != story_key(text.format(456), "ann", "1")


def test_a_stock_phrase_is_never_a_copy_of_another_authors() -> None:
    for phrase in ("Thanks for the great flight!", "Unbelievably disappointing customer experience.", "ok", ""):
        assert story_key(phrase, "ann", "1") != story_key(phrase, "bob", "2")
        assert story_key(phrase, "ann", "1") == story_key(phrase.upper(), "ann", "2")


def test_stock_phrases_without_an_author_are_each_their_own() -> None:
    assert story_key("Thanks!", "", "1") != story_key("Thanks!", "", "2")
    assert story_key("Thanks!", "", "ann") != story_key("Thanks!", "ann", "")


@given(st.text())
def test_normalising_twice_changes_nothing_and_any_text_has_a_key_that_the_store_can_hold(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert -(2**63) <= story_key(text.encode(errors="replace").decode(), "", "1") < 2**63


def test_a_long_text_under_another_headline_is_the_same_story() -> None:
    long = " ".join(f"word{n}" for n in range(25))
    first, second = (Mention("press", str(n), long, NOON, title=title) for n, title in enumerate(("One headline", "Quite another")))
    assert told(first) == told(second)


def test_a_short_text_under_another_headline_is_not() -> None:
    first, second = (Mention("shop", str(n), "Good value.", NOON, title=title) for n, title in enumerate(("The lamp", "The desk")))
    assert told(first) != told(second)


def test_a_name_that_stands_for_many_is_nobody() -> None:
    assert is_nobody(" Anonymous ")
    assert not is_nobody("Anna")
