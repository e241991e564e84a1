"""Which language a text is in, also when it is short."""

import pytest

from models.language import detect


@pytest.mark.parametrize(
    "text",
    [
        *("thx", "great", "hello there", "nine days, Leeds to Sheffield", "@user thanks", "worst flight ever"),
        "App ordered it to the branch in Cork. I'm in York.",
        "My laptop got wet in the hold. Photos sent Monday, cheque Thursday.",
    ],
)
def test_english_is_english_also_when_it_is_short_or_full_of_names(text: str) -> None:
    assert detect([text]) == ["en"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Das Paket ist nach drei Wochen immer noch nicht da", "de"),
        ("Le colis n'est jamais arrivé, quelle honte", "fr"),
        ("El pedido llegó roto y nadie responde al teléfono", "es"),
        ("Посылка так и не пришла", "ru"),
        ("パッケージが届きません", "ja"),
    ],
)
def test_other_languages_are_told_apart(text: str, code: str) -> None:
    assert detect([text]) == [code]


def test_a_text_without_letters_has_none() -> None:
    assert detect(["", "42 !!", "🙂"]) == [None, None, None]


def test_order_is_kept() -> None:
    assert detect(["great stuff", "", "Das Paket ist nach drei Wochen immer noch nicht da"]) == ["en", None, "de"]
