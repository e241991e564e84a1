"""The configuration is checked whole, and an error says where it is."""

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.commands.init import template
from monitor.config import load, parse
from monitor.errors import ConfigError

BRAND = '[[brand]]\nid = "acme"\nname = "Acme Air"\n'


def complaint(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse(text, "promisewatch.toml")
    return str(caught.value)


def test_the_template_is_a_valid_configuration() -> None:
    config = parse(template())
    assert [promise.id for promise in config.brand[0].promise] == ["on-time", "bags"]
    assert config.source[0].every == timedelta(minutes=10)


def test_everything_has_a_default() -> None:
    config = parse("")
    assert config.store.path == "promisewatch.db"
    assert config.model.name == "bundled"
    assert config.network.allow_private_addresses is False


def test_an_unknown_key_is_an_error_that_names_its_line_and_what_is_known() -> None:
    said = complaint(BRAND + 'querry = "acme"\n')
    assert "promisewatch.toml:4: unknown key 'querry'" in said
    assert "query" in said


def test_an_unknown_table_is_an_error() -> None:
    assert "promisewatch.toml:1: unknown key 'sorce'" in complaint('[[sorce]]\nkind = "feed"\n')


def test_the_line_is_right_in_the_second_of_two_promises() -> None:
    text = (
        BRAND
        + '[[brand.promise]]\nid = "a"\ntext = "First"\n\n[[brand.promise]]\nid = "b"\ntext = "Second"\nstrenght = "absolute"\n'
    )
    assert "promisewatch.toml:11: unknown key 'strenght'" in complaint(text)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (BRAND + 'timezone = "Europe/Rigga"\n', 4, "no such time zone"),
        (BRAND + 'query = "(acme"\n', 4, "query"),
        (BRAND + '[[brand.promise]]\nid = "a"\ntext = "We fly."\npillar = "wings"\n', 7, "customer service"),
        ('[[source]]\nkind = "feed"\nurl = "https://a.example/f"\nevery = "often"\n', 4, "10 minutes"),
        ('[[source]]\nkind = "feed"\nurl = "ftp://a.example/f"\n', 3, "pattern"),
        ('[[source]]\nkind = "carrier pigeon"\nurl = "https://a.example/f"\n', 2, "feed"),
        ('[[source]]\nkind = "feed"\nurl = "https://a.example/f"\nevery = "99999999999 weeks"\n', 4, "a year"),
        ('[[brand]]\nid = "a"\nname = "  "\n', 3, "a letter"),
        ('[model]\ndevice = "gpu"\n', 2, "cuda"),
        ('[digest]\nat = "25:00"\n', 2, "at"),
        ('[[brand]]\nname = "Acme"\n', 1, "'id' is required"),
    ],
)
def test_a_wrong_value_names_its_line_and_the_remedy(text: str, line: int, said: str) -> None:
    found = complaint(text)
    assert f"promisewatch.toml:{line}:" in found
    assert said in found


def test_a_source_for_an_unknown_brand_says_which_are_known() -> None:
    said = complaint(BRAND + '[[source]]\nkind = "feed"\nurl = "https://a.example/f"\nbrands = ["acmee"]\n')
    assert "'acmee' is not configured; known: acme" in said


def test_ids_must_differ() -> None:
    assert "given more than once: acme" in complaint(BRAND + BRAND)


def test_two_brands_cannot_share_a_name() -> None:
    assert "given more than once: acme" in complaint('[[brand]]\nid = "a"\nname = "Acme"\n[[brand]]\nid = "acme"\nname = "B"\n')


def test_text_that_is_no_toml_says_where() -> None:
    assert "line 1" in complaint("[[brand\n")


def test_several_errors_are_told_at_once() -> None:
    assert len(complaint("[stor]\na = 1\n[modl]\nb = 2\n").splitlines()) == 2


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "nowhere.toml")
    assert "promisewatch init" in caught.value.remedy


def test_brands_are_found_by_id_or_name_regardless_of_case() -> None:
    config = parse(BRAND)
    assert config.find_brand("ACME") is config.find_brand("acme air") is config.brand[0]
    assert config.find_brand("borealis") is None


def test_a_brand_without_a_query_is_found_by_its_name() -> None:
    assert parse(BRAND).brand[0].effective_query == '"Acme Air"'
