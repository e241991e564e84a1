"""What lies between the tables of a configuration, or makes it no configuration at all, is told by its own line, too."""

import pytest

from monitor.config import parse
from monitor.errors import ConfigError
from tests.monitor.config_texts import ALERT, BRAND, FEED, PROMISE, complaint


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('\n[brand]\nid = "acme"\nname = "Acme"\n', 2, "brand: write [[brand]] instead of [brand]"),
        (BRAND + '[brand.promise]\nid = "a"\ntext = "Fast."\n', 4, "write [[brand.promise]] instead of [brand.promise]"),
        ('[[store]]\npath = "a.db"\n', 1, "store: write [store] instead of [[store]]"),
        ('[store]\n\n[[digest]]\nat = "09:00"\n', 3, "digest: write [digest] instead of [[digest]]"),
        ('store = "a.db"\n', 1, 'store: write [store] on a line of its own and the keys of the table below it, not "a.db"'),
        ('brand = ["acme"]\n', 1, "brand: write [[brand]] on a line of its own"),
        ('[brand]\nid = "a"\nname = "A"\n\n[brand]\nid = "b"\nname = "B"\n', 5, "write [[brand]] instead of [brand]"),
        (BRAND + 2 * '[brand.promise]\nid = "a"\ntext = "Fast."\n', 7, "write [[brand.promise]] instead of [brand.promise]"),
        ('[store]\npath = "a"\n[[store]]\npath = "b"\n', 3, "write [store] instead of [[store]]"),
    ],
)
def test_one_bracket_for_two_and_the_reverse_is_said_in_those_words(text: str, line: int, said: str) -> None:
    found = complaint(text)
    assert f"promisewatch.toml:{line}: " in found
    assert said in found


def test_a_brand_in_one_bracket_is_still_known() -> None:
    said = complaint('[brand]\nid = "acme"\nname = "Acme"\n' + FEED + 'brands = ["acme"]\n')
    assert len(said.splitlines()) == 1


def test_a_source_for_an_unknown_brand_names_its_line_and_says_which_are_known() -> None:
    said = complaint(BRAND + FEED + 'brands = ["acme", "acmee"]\n')
    assert "promisewatch.toml:7: source.1.brands: brand 'acmee' is not configured; known: acme" in said


def test_an_alert_for_an_unknown_brand_names_its_line() -> None:
    assert "promisewatch.toml:3: alert.1.brand: brand 'acme' is not configured; known: none" in complaint(ALERT)


def test_brand_ids_must_differ_and_the_second_is_the_one_to_change() -> None:
    said = complaint(BRAND + '[[brand]]\nid = "acme"\nname = "Borealis"\n')
    assert "promisewatch.toml:5: brand.2.id: given more than once: acme; " in said
    assert said.endswith("(the first is in line 2)")


def test_two_brands_cannot_share_a_name() -> None:
    said = complaint('[[brand]]\nid = "a"\nname = "Acme"\n[[brand]]\nid = "acme"\nname = "B"\n')
    assert "promisewatch.toml:5: brand.2.id: given more than once: acme; " in said
    assert said.endswith("(the first is in line 3)")


def test_promise_ids_must_differ_within_a_brand() -> None:
    other = '[[brand]]\nid = "b"\nname = "Borealis"\n'
    assert len(parse(BRAND + PROMISE + other + PROMISE).brand) == 2
    said = complaint(BRAND + PROMISE + other + PROMISE + PROMISE)
    assert "promisewatch.toml:14: brand.2.promise.2.id: given more than once: bags; " in said
    assert said.endswith("(the first is in line 11)")


def test_source_ids_must_differ() -> None:
    said = complaint(BRAND + 'query = "*"\n' + FEED + 'id = "x"\n' + FEED + 'id = "x"\n')
    assert "promisewatch.toml:12: source.2.id: given more than once: x; " in said
    assert said.endswith("(the first is in line 8)")


def test_an_address_without_an_id_stands_once() -> None:
    said = complaint(FEED + FEED)
    assert "promisewatch.toml:4: source.2: given more than once: https://a.example/f; " in said
    assert said.endswith("(the first is in line 1)")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[[brand\n", 1, "Expected ']]'"),
        ("[store]\npath = a.db\n", 2, "Invalid value"),
        ('[store]\npath = "a', 2, "Unterminated string"),
    ],
)
def test_text_that_is_no_toml_says_where_and_what_toml_is(text: str, line: int, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    assert str(caught.value).startswith(f"promisewatch.toml:{line}: ")
    assert said in str(caught.value)
    assert "toml.io" in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('[store]\npath = "a"\npath = "b"\n', 3, "this key is given already; keep one of the two"),
        ('[store]\npath = "a"\n[store]\n', 3, "this table is given already; keep one of the two"),
    ],
)
def test_what_is_given_twice_is_said_so(text: str, line: int, said: str) -> None:
    assert complaint(text).startswith(f"promisewatch.toml:{line}: {said}")


def test_lists_in_lists_without_end_are_no_configuration() -> None:
    assert "recursion" in complaint("a = " + 5000 * "[")
