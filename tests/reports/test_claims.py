"""Which sentences are claims, how strong they are, and when two are one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.claim_records import Sentence
from reports.claims import find_claims, strength
from reports.evidence import Strength

DAY = date(2026, 6, 1)


def sentence(words: str, day: int = 0, mention: int = 1) -> Sentence:
    return Sentence(mention, words, DAY + timedelta(days=day), "newsroom", f"https://acme.example/{mention}")


@pytest.mark.parametrize(
    ("words", "strong"),
    [
        ("Free returns, and your money refunded within five days, guaranteed.", "guarantee"),
        ("Your bag arrives with you, or we pay.", "guarantee"),
        ("Every mattress has a 10-year warranty.", "guarantee"),
        ("We depart on time, every time.", "absolute"),
        ("A real person answers your call within three minutes.", "absolute"),
        ("We only buy timber from certified forests.", "absolute"),
        ("Pay online, and there are no hidden fees.", "absolute"),
        ("Faster to your door than anyone else.", "comparative"),
        ("You will not find lower prices: the cheapest tickets in town.", "comparative"),
        ("Save up to 40 % on your energy bill.", "hedged"),
        ("Orders usually leave our warehouse within a day.", "hedged"),
        ("Designed to help you sleep better than ever.", "hedged"),
    ],
)
def test_a_claim_is_as_strong_as_its_wording(words: str, strong: Strength) -> None:
    assert strength(words) == strong


@pytest.mark.parametrize(
    "words",
    [
        "Our new showroom in Leeds opens on Friday at nine.",
        "Five questions for our colour expert about green.",
        "Our designers explain how the sofa was drawn in two years.",
        "Is it the best sofa in the world?",
        "It is the best airline, said the minister.",
        "From 299 pounds at Acme.",
        "A sofa that is a joy to own.",
        "Always on time.",
        "",
    ],
    ids=["news", "a column", "a story", "a question", "somebody else's words", "a price", "praise", "too short", "nothing"],
)
def test_what_nobody_can_be_held_to_is_no_claim(words: str) -> None:
    assert strength(words) is None


def test_nearly_the_same_sentences_are_one_claim_in_its_most_frequent_words() -> None:
    often, seldom = "We depart on time, every time, from every gate.", "We depart on time, every time, from every single gate!"
    found = find_claims([sentence(seldom, 0, 1), sentence(often, 2, 2), sentence(often, 9, 3)])
    assert [(claim.words, claim.sightings) for claim in found] == [(often, 3)]
    assert (found[0].first, found[0].last) == (DAY, DAY + timedelta(days=9))
    assert found[0].url == "https://acme.example/3"


def test_a_claim_keeps_its_key_when_others_join_it() -> None:
    first = [sentence("We depart on time, every time, from every gate.")]
    joined = [*first, *(sentence("We depart on time, every time, from every single gate.", day, day) for day in (3, 4))]
    assert find_claims(first)[0].key == find_claims(joined)[0].key


def test_other_claims_stay_apart_and_the_loudest_comes_first() -> None:
    sentences = [
        sentence("We depart on time, every time."),
        *(sentence("The lowest prices in all of Europe.", day, day) for day in (1, 2)),
    ]
    assert [claim.strength for claim in find_claims(sentences)] == ["comparative", "absolute"]


@given(
    st.permutations(
        [sentence(f"We {verb} on time, every time.", day, day) for day, verb in enumerate(("depart", "land", "call", "pay"))]
    )
)
def test_the_order_of_sentences_makes_no_difference(sentences: list[Sentence]) -> None:
    assert find_claims(sentences) == find_claims(sorted(sentences, key=lambda one: one.day))


@given(st.text(max_size=200))
def test_any_text_is_judged(words: str) -> None:
    assert strength(words) in {None, "guarantee", "absolute", "comparative", "hedged"}
