"""Which language a text is in, also when it is short."""

import pytest

from models.language import detect


@pytest.mark.parametrize(
    "text", ["thx", "great", "hello there", "nine days, Leeds to Sheffield", "@user thanks", "worst flight ever"]
)
def test_short_english_is_english(text: str) -> None:
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
