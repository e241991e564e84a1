"""`promisewatch sources import` and `sources export`."""

from pathlib import Path

import pytest

from monitor.cli import run
from monitor.config import load
from sources.opml import Outline, read_opml, write_opml
from tests.monitor.store_builders import NOON

CONFIG = """\
# mine
[[brand]]
id = "acme"
name = "Acme Air"

[[source]]
kind = "feed"
url = "https://known.example/rss"
brands = ["acme"]  # the forum"""
FEEDS = [
    Outline("https://known.example/rss/", "Known", "Press"),
    Outline('https://reviews.example/?q="acme"', "Reviews", "Acme Air"),
    Outline("https://news.example/rss", "News", "Press"),
]


@pytest.fixture(autouse=True)
def place(here: Path) -> Path:
    (here / "promisewatch.toml").write_text(CONFIG, encoding="utf-8")
    (here / "feeds.opml").write_bytes(write_opml(FEEDS, "Mine", NOON))
    return here


def sources() -> list[tuple[str, tuple[str, ...], str]]:
    return [(one.options.url, one.brands, one.voice) for one in load(Path("promisewatch.toml")).source]


def test_new_feeds_are_added_and_the_rest_of_the_file_stays(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sources", "import", "feeds.opml", "--voice", "press"]) == 0
    assert sources() == [
        ("https://known.example/rss", ("acme",), "customer"),
        ("https://news.example/rss", (), "press"),
        ('https://reviews.example/?q="acme"', ("acme",), "press"),
    ]
    assert (place / "promisewatch.toml").read_text(encoding="utf-8").startswith(CONFIG + "\n")
    assert "2 feeds were added to promisewatch.toml, 1 there already" in capsys.readouterr().err


def test_importing_again_adds_nothing(place: Path) -> None:
    run(["sources", "import", "feeds.opml"])
    once = (place / "promisewatch.toml").read_text(encoding="utf-8")
    assert run(["sources", "import", "feeds.opml"]) == 0
    assert (place / "promisewatch.toml").read_text(encoding="utf-8") == once


def test_a_brand_may_be_given_for_all_of_them() -> None:
    assert run(["sources", "import", "feeds.opml", "--brand", "Acme Air", "--every", "1 hour"]) == 0
    assert [brands for _, brands, _ in sources()] == [("acme",)] * 3


def test_a_dry_run_shows_what_would_be_added(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sources", "import", "feeds.opml", "--dry-run"]) == 0
    assert (place / "promisewatch.toml").read_text(encoding="utf-8") == CONFIG
    assert capsys.readouterr().out.count("[[source]]") == 2


@pytest.mark.parametrize("arguments", [["--every", "sometimes"], ["--brand", "nobody"]])
def test_what_the_configuration_would_refuse_is_not_written(arguments: list[str], place: Path) -> None:
    assert run(["sources", "import", "feeds.opml", *arguments]) == 2
    assert (place / "promisewatch.toml").read_text(encoding="utf-8") == CONFIG


def test_a_file_that_is_no_list_is_refused_with_a_remedy(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "feeds.opml").write_bytes(b"<html>")
    assert run(["sources", "import", "feeds.opml"]) == 1
    assert "as OPML" in capsys.readouterr().err


def test_the_configured_feeds_are_exported_in_folders_of_their_brands(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sources", "export"]) == 0
    assert read_opml(capsys.readouterr().out.encode()) == (
        Outline("https://known.example/rss", "https://known.example/rss", "acme"),
    )
    assert run(["sources", "export", "-o", "out.opml"]) == 0
    assert len(read_opml((place / "out.opml").read_bytes())) == 1


def test_an_export_spares_the_configuration(place: Path) -> None:
    assert run(["sources", "export", "-o", "promisewatch.toml"]) == 1
    assert (place / "promisewatch.toml").read_text(encoding="utf-8") == CONFIG
