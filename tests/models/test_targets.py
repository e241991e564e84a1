"""Where a text names the target of its sentiment."""

import pytest

from models.targets import naming, speaking_of


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Unlike Acme Air, Borealis lost my bag", "Unlike Acme Air, Borealis lost my bag"),
        ("ACME AIR's crew", "ACME AIR's crew"),
        ("@AcmeAir where is my bag", "Acme Air where is my bag"),
        ("@acme_air_help still nothing", "Acme Air still nothing"),
        ("three hours #acmeair", "three hours Acme Air"),
    ],
)
def test_a_name_a_handle_and_a_hashtag_name_it(text: str, said: str) -> None:
    assert naming(text, "Acme Air") == said


@pytest.mark.parametrize("text", ["Borealis lost my bag", "@borealis lost it", "Acme Airfields are closed", "@acme is a shop", ""])
def test_what_speaks_of_somebody_else_does_not(text: str) -> None:
    assert naming(text, "Acme Air") is None


@pytest.mark.parametrize("target", ["", "  ", "!"])
def test_without_a_name_nothing_is_named(target: str) -> None:
    assert naming("good", target) is None


def test_a_stretch_that_goes_on_with_a_pronoun_speaks_of_the_same() -> None:
    said = ["Flew with Acme Air.", "They lost my bag.", "It was raining.", "They say it always rains."]
    assert speaking_of(said, ["Acme Air"]) == [("Acme Air", one) for one in said[:2]]


def test_an_alias_names_it_too() -> None:
    assert speaking_of(["AA lost my bag"], ["Acme Air", "AA"]) == [("AA", "AA lost my bag")]
    assert speaking_of(["AA and Acme Air"], ["Acme Air", "AA"]) == [("Acme Air", "AA and Acme Air")]
