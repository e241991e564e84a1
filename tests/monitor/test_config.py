"""The configuration is checked whole, and an error says where it is."""

import subprocess
import sys
from dataclasses import FrozenInstanceError, fields
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.commands.init import template
from monitor.config import AlertConfig, BrandConfig, Config, DigestConfig, PromiseConfig, StoreConfig, load, parse
from monitor.config_rules import broken_rules
from monitor.config_sources import SourceConfig
from monitor.errors import ConfigError
from monitor.toml_records import Fault, read_record
from sources.feed import FeedOptions
from tests.monitor.config_texts import ALERT, BRAND, FEED, PROMISE, complaint

RECORDS = (Config, StoreConfig, BrandConfig, PromiseConfig, SourceConfig, FeedOptions, DigestConfig, AlertConfig)


def test_the_template_is_a_valid_configuration() -> None:
    config = parse(template())
    assert [promise.id for promise in config.brand[0].promise] == ["on-time", "bags"]
    assert config.source[0].every == timedelta(minutes=10)


def test_everything_has_a_default() -> None:
    config = parse("")
    assert config.store.path == "promisewatch.db"
    assert config.model.name == "bundled"
    assert config.network.allow_private_addresses is False
    assert (config.brand, config.source, config.digest, config.alert) == ((), (), None, ())


def test_every_key_is_taken_as_it_is_meant() -> None:
    config = parse(
        BRAND
        + 'query = "acme air"\ntimezone = "Europe/Riga"\nown_accounts = ["feed:Acme"]\n'
        + PROMISE
        + 'pillar = "friction"\nstrength = "hedged"\nexpectation = 92\nsince = 2026-01-01\nkept = ["here"]\nbroken = ["gone"]\n'
        + FEED
        + 'id = "reviews"\nvoice = "press"\nbrands = ["acme"]\nevery = "2 hours"\n'
        + ALERT
        + 'false_alarms_per_month = 0.5\nto = ["mailto://a@example.org"]\n'
        + '[digest]\nat = "07:30"\nto = ["mailto://a@example.org"]\n'
        + '[network]\nallow_private_addresses = true\n[model]\ndevice = "cuda:1"\n'
    )
    brand, source, alert = config.brand[0], config.source[0], config.alert[0]
    promise = brand.promise[0]
    assert (brand.timezone, brand.own_accounts, brand.effective_query) == ("Europe/Riga", ("feed:Acme",), "acme air")
    assert (promise.pillar, promise.strength, promise.expectation) == ("friction", "hedged", 92.0)
    assert (promise.since, promise.kept, promise.broken) == (date(2026, 1, 1), ("here",), ("gone",))
    assert (source.source_id, source.voice, source.brands, source.every) == ("reviews", "press", ("acme",), timedelta(hours=2))
    assert (alert.watch, alert.false_alarms_per_month, alert.to) == ("volume", 0.5, ("mailto://a@example.org",))
    assert config.digest is not None
    assert (config.digest.at, config.network.allow_private_addresses, config.model.device) == ("07:30", True, "cuda:1")


@pytest.mark.parametrize("since", ["2026-03-01", '"2026-03-01"', "2026-03-01T00:00:00"])
def test_a_day_may_stand_in_quotation_marks_or_be_its_midnight(since: str) -> None:
    assert parse(f"{BRAND}{PROMISE}since = {since}\n").brand[0].promise[0].since == date(2026, 3, 1)


def test_records_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        parse(BRAND).brand[0].name = "Borealis"  # type: ignore[misc]


def test_a_secret_in_an_address_is_no_part_of_the_source_id() -> None:
    found = parse('[[source]]\nkind = "feed"\nurl = "https://me:pass@a.example/f?token=1"\n').source[0].source_id
    assert found.startswith("https://a.example/f#")
    assert "pass" not in found
    assert "token" not in found


def test_a_secret_in_a_wrong_address_is_not_shown() -> None:
    said = complaint('[[source]]\nkind = "feed"\nurl = "me:pass@a.example/f?token=1"\n')
    assert "pass" not in said
    assert "token" not in said


def test_an_unknown_key_is_an_error_that_names_its_line_the_nearest_key_and_all_that_are_known() -> None:
    said = complaint(BRAND + 'querry = "acme"\n')
    assert "promisewatch.toml:4: unknown key 'querry'; did you mean 'query'? known here: id, name, aliases, query, " in said


def test_an_unknown_key_that_is_like_no_other_tells_what_is_known() -> None:
    said = complaint(BRAND + "colour = 3\n")
    assert "did you mean" not in said
    assert "unknown key 'colour'; known here: id, name" in said


def test_an_unknown_table_is_an_error() -> None:
    said = complaint('[[sorce]]\nkind = "feed"\n')
    assert "promisewatch.toml:1: unknown key 'sorce'; did you mean 'source'?" in said


def test_an_unknown_table_is_found_where_only_tables_within_it_are_written() -> None:
    assert "promisewatch.toml:1: unknown key 'stor'" in complaint('[stor.deep]\npath = "a"\n')


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
        ('[[source]]\nkind = "feed"\nurl = "ftp://a.example/f"\n', 3, "begins with http:// or https://"),
        ('[[source]]\nkind = "carrier pigeon"\nurl = "https://a.example/f"\n', 2, "these kinds of sources: app_store, feed,"),
        ('[[source]]\nkind = "feed"\nurl = "https://a.example/f"\nevery = "99999999999 weeks"\n', 4, "a year"),
        ('[[brand]]\nid = "a"\nname = "  "\n', 3, "a letter"),
        ('[model]\ndevice = "gpu"\n', 2, "cuda"),
        ('[digest]\nat = "25:00"\n', 2, "digest.at: give a time of day from 00:00 to 23:59"),
        ('[[brand]]\nname = "Acme"\n', 1, "brand.1.id: required here; give a word of letters"),
        ('[[brand]]\nid = "a b"\nname = "A"\n', 2, 'brand.1.id: give a word of letters, digits, ".", "_" and "-", not "a b"'),
        ('[[brand]]\nid = "a"\nname = 7\n', 3, "brand.1.name: give a text in quotation marks, not 7"),
        (BRAND + 'query = ""\n', 4, "the query is empty"),
        (BRAND + 'own_accounts = "feed:Acme"\n', 4, 'give a list of texts, such as ["one", "two"], not "feed:Acme"'),
        (BRAND + 'own_accounts = ["feed:Acme", 7]\n', 4, "give a list of texts"),
        (BRAND + PROMISE + "expectation = 101\n", 7, "give a number from 0 to 100, not 101"),
        (BRAND + PROMISE + "expectation = true\n", 7, "give a number from 0 to 100, not true"),
        (BRAND + PROMISE + "expectation = nan\n", 7, "give a number from 0 to 100, not nan"),
        (BRAND + PROMISE + "since = 12:00:00\n", 7, "give a day, such as 2026-01-31, not 12:00:00"),
        (BRAND + PROMISE + "since = 2026-01-01T10:00:00\n", 7, "give a day"),
        (BRAND + PROMISE + 'strength = "absolut"\n', 7, 'give guarantee, absolute, comparative or hedged, not "absolut"'),
        (BRAND + '[[brand.promise]]\nid = "a"\ntext = "We"\n', 6, "at least 3 letters"),
        (BRAND + ALERT + "false_alarms_per_month = 0\n", 7, "give a number above 0, at most 10000, not 0"),
        (BRAND + ALERT + f"false_alarms_per_month = 1{400 * '0'}\n", 7, "give a number above 0"),
        ("[network]\nallow_private_addresses = 1\n", 2, "give true or false, not 1"),
        ('[store]\npath = ["a", "b"]\n', 2, "give a text in quotation marks, not a list"),
        (f'[store]\npath = "a.db"\n[model]\ndevice = "{99 * "x"}"\n', 4, "…"),
    ],
)
def test_a_wrong_value_names_its_line_and_the_remedy(text: str, line: int, said: str) -> None:
    found = complaint(text)
    assert f"promisewatch.toml:{line}:" in found
    assert said in found


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_file() -> None:
    said = complaint(
        BRAND.replace("acme", "a b")
        + 'timezone = "Mars"\n'
        + PROMISE
        + 'pillar = "wings"\n'
        + '[[brand]]\nid = "acme"\n'
        + FEED
        + 'every = "often"\nbrands = ["acme", "nobody"]\n'
        + '[model]\ndevice = "gpu"\nnam = "x"\n'
        + 20 * "[[alert]]\n"
    )
    lines = [int(line.split(":")[1]) for line in said.splitlines()]
    assert lines == [2, 4, 8, 9, 14, 15, 17, 18, *(number for number in range(19, 39) for _ in range(2))]


KEYS = sorted({field.name for record in RECORDS for field in fields(record)} | {"", "a.b"})
VALUES = st.recursive(
    st.text(max_size=5) | st.integers() | st.floats() | st.booleans() | st.dates() | st.datetimes() | st.times() | st.just("acme"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=15,
)


@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4))
def test_there_is_a_configuration_or_a_fault_whatever_the_tables_hold(values: dict[str, object]) -> None:
    faults: list[Fault] = []
    config = read_record(Config, values, faults)
    assert (config is None) == bool(faults)
    assert all(fault.message for fault in [*faults, *broken_rules(values)])


def test_the_checks_are_quick_to_load() -> None:
    """Every command pays for them, also those that only list something."""
    script = f"import sys\nfrom monitor.config import parse\nparse({FEED!r})\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    slow = {"pydantic", "lark", "feedparser", "requests", "courlan", "dateutil", "multiprocessing", "importlib.metadata", "difflib"}
    assert slow & set(done.stdout.split()) == set()


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


def test_a_brand_that_is_only_named_as_a_competitor_is_not_our_own() -> None:
    def brand(name: str, *competitors: str) -> str:
        return f'[[brand]]\nid = "{name}"\nname = "{name}"\ncompetitors = {list(competitors)}\n'

    def own(text: str) -> list[str]:
        return [one.id for one in parse(text).own_brands]

    assert own(brand("acme", "borealis") + brand("borealis")) == ["acme"]
    assert own(brand("acme", "zephyr") + brand("zephyr", "acme")) == ["acme", "zephyr"]
    assert own(brand("acme") + brand("zephyr")) == ["acme", "zephyr"]
