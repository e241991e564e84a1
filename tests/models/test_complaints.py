"""What a complaint says beyond its anger, and the name that it gives a cause."""

import re
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.cause_names import background, choose_name, saying
from models.clusters import Floats
from models.complaints import brand_words, clauses, says_what_is_amiss, stem, substance, telling

ACME = brand_words("Acme Air", "acme_help")


@pytest.mark.parametrize(
    "text",
    [
        "I am so disappointed.",
        "Acme Air, never again!",
        "What a pity 😡",
        "@acme_help awful",
        "",
        "!!!",
        "Worst company ever, avoid",
    ],
)
def test_mere_anger_tells_of_nothing(text: str) -> None:
    assert substance(text, ACME) == ""
    assert clauses(text, ACME) == ()


def test_the_clauses_that_tell_are_kept_and_the_rest_goes() -> None:
    assert clauses("Awful, the courier left it in the rain. Never again @acme_help", ACME) == ("the courier left it in the rain",)


def test_numbers_stay_in_the_text_that_is_compared() -> None:
    assert substance("Useless. Scheduled 14:20. We left the gate at 17:05.") == "Scheduled 14:20. We left the gate at 17:05"


def test_telling_words_are_neither_grammar_nor_the_brand() -> None:
    assert telling("The Acme crew never answered 3 of my emails", ACME) == ["crew", "answered", "emails"]
    assert stem("delivered") == stem("delivering") == stem("deliver")


@pytest.mark.parametrize(
    ("text", "amiss"),
    [
        ("The covers of the sofa are cotton.", False),
        ("We put the sofa under the window.", False),
        ("You asked for experiences with Acme.", False),
        ("I painted the message board in sage.", False),
        ("Nobody answers the phone.", True),
        ("It doesn't fit.", True),
        ("The courier has now missed four dates.", True),
        ("The seat sags already.", True),
        ("Far too much plastic in the box.", True),
    ],
)
def test_a_plain_statement_says_nothing_that_is_amiss(text: str, amiss: bool) -> None:
    assert says_what_is_amiss(text) is amiss


def test_a_judgement_says_that_something_is_amiss_and_not_what() -> None:
    assert says_what_is_amiss("Delivery was terrible.")
    assert not says_what_is_amiss("Delivery was terrible.", judging=False)
    assert says_what_is_amiss("The delivery never came.", judging=False)


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    assert bool(substance(text)) <= bool(clauses(text))


def by_words(texts: Sequence[str]) -> Floats:
    """Unit vectors that count words, into 256 places."""
    vectors = np.zeros((len(texts), 256), np.float32)
    for row, text in zip(vectors, texts, strict=True):
        for word in telling(text):
            row[sum(word.encode()) % 256] += 1
    unit: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return unit


def name_of(texts: Sequence[str], others: Sequence[str] = ("the app crashes on my phone", "the seat was dirty")) -> str:
    naming = choose_name(texts, by_words(texts).mean(axis=0), by_words, background([*texts, *others], ACME), len(texts) + 2, ACME)
    return "" if naming is None else naming.name


def test_a_name_is_what_all_share_in_their_own_words() -> None:
    complaints = [
        "Terrible, the courier left my sofa in the rain",
        "Courier left it in the rain, again!",
        "@acme_help the courier left the parcel in the rain and drove off",
        "found the box outside, the courier left it in the rain",
    ]
    assert name_of(complaints) in {"The courier left it in the rain", "Courier left it in the rain"}


def test_what_was_not_done_or_only_to_be_done_is_not_cut_off() -> None:
    charged = name_of([f"They want me to pay {sum_} pounds to return the dining table" for sum_ in (29, 39, 49, 35)])
    late = name_of([f"The {thing} was not delivered on Monday" for thing in ("sofa", "desk", "bench", "lamp")])
    assert not charged.startswith(("Return", "Pay"))
    assert not late.startswith("Delivered")


@pytest.mark.parametrize(
    ("complaints", "begins", "ends"),
    [
        ([f"the website crashed three times on {day}" for day in ("Monday", "Friday", "Sunday")], "The website", " times"),
        ([f"they kept {n} pounds of the refund for my desk as a fee" for n in (29, 29, 35)], "They kept", " desk|fee"),
        ([f"I listened to a recording for {n} minutes and hung up" for n in (40, 40, 30)], "I listened", " (recording|minutes|up)"),
        ([f"the {thing} is broken and nobody answers my mails" for thing in ("sofa", "desk", "lamp")], "Nobody", " mails"),
    ],
)  # fmt: skip
def test_a_name_is_a_whole_phrase(complaints: list[str], begins: str, ends: str) -> None:
    name = name_of(complaints)
    assert name.startswith(begins)
    assert re.search(f"({ends})$", name)


def test_how_bad_something_is_names_no_cause() -> None:
    assert name_of(["The showroom is a nightmare", "The showroom is a nightmare, really", "The showroom floor was dirty"]) != (
        "The showroom is a nightmare"
    )


def test_no_two_causes_are_called_by_the_same_words() -> None:
    texts = ["the app is slow and full of bugs", "The app is slow and full of bugs!", "this slow app is so full of bugs, it froze"]
    first = name_of(texts)
    taken = {saying(first, ACME)}
    other = choose_name(texts, by_words(texts).mean(axis=0), by_words, background(texts, ACME), 3, ACME, taken)
    assert first.casefold().removeprefix("the ") == "app is slow and full of bugs"
    assert other is None or saying(other.name, ACME) not in taken


def test_a_cause_that_only_judges_is_called_by_its_most_central_words_rather_than_by_a_number() -> None:
    assert name_of(["the quality is awful", "awful quality really"]) == "The quality is awful"


def test_a_name_says_which_text_it_is_taken_from() -> None:
    texts = ["I am cross about it", "They lost my suitcase in Lisbon"]
    naming = choose_name(texts, by_words(texts).mean(axis=0), by_words, background(texts, ACME), 2, ACME)
    assert naming is not None
    assert naming.text == 1


def test_the_brand_and_bare_things_are_no_names_and_anger_has_none() -> None:
    assert "acme" not in name_of(["Acme lost my bag in Riga", "Acme lost my bag on Monday"]).casefold()
    assert name_of(["The paint on the shelf chips", "The paint on the desk chips"]) != "The paint"
    assert name_of(["awful", "never again"]) == ""
