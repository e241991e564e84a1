import pytest

from models.outright import says_outright


@pytest.mark.parametrize(
    "text",
    [
        "Advertised as two days, took nine.",
        "You said three minutes. I waited an hour.",
        "They promised a refund within five days, still nothing.",
        "So much for “delivered in two days”.",
        "I was told the money would be back by Friday.",
        "Your website says free returns, and I paid 20 pounds.",
        "It is supposed to come without tools; I needed a drill.",
        "False advertising, plain and simple.",
    ],
)
def test_it_hears_a_complaint_that_speaks_of_the_promise(text: str) -> None:
    assert says_outright(text, 0, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "I waited an hour on hold.",
        "It was broken on arrival.",
        "The promise of spring is in the air.",
        "Nobody answered, day or night.",
        "",
    ],
)
def test_it_leaves_out_a_complaint_that_does_not(text: str) -> None:
    assert not says_outright(text, 0, len(text))


def test_it_looks_around_the_passage_and_not_into_another_complaint_far_away() -> None:
    near = "They said two days. Nine days later it came."
    far = "They said the colour was grey." + " It is a long story." * 30 + " Nine days later it came."

    assert says_outright(near, near.index("Nine"), len(near))
    assert not says_outright(far, far.index("Nine"), len(far))
