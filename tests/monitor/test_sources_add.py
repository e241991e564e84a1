"""`promisewatch sources add` writes at the end of the configuration, and only what is right."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.cli import run
from monitor.config import load
from tests.servers import Answer, Loopback, running

PAGE = b'<html><head><link rel="alternate" type="application/rss+xml" href="/news.xml"></head><body>hello</body></html>'
FEED = b'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><item><title>Acme</title></item></channel></rss>'
START = """# written by hand
[network]
allow_private_addresses = true
spacing = "0 seconds"

[[brand]]
id = "acme"
name = "Acme"  # the airline"""


@pytest.fixture
def server() -> Iterator[Loopback]:
    with running() as found:
        found.play("/news.xml", Answer(200, FEED, {"Content-Type": "application/rss+xml"}))
        found.play("/", Answer(200, PAGE, {"Content-Type": "text/html"}))
        yield found


@pytest.fixture
def config(here: Path) -> Path:
    path = here / "promisewatch.toml"
    path.write_text(START, encoding="utf-8")
    return path


def test_a_feed_is_added_below_what_was_written_by_hand(server: Loopback, config: Path) -> None:
    assert run(["sources", "add", server.url("/news.xml"), "--brand", "Acme", "--every", "2 hours", "--voice", "press"]) == 0
    assert config.read_text(encoding="utf-8").startswith(START)
    (source,) = load(config).source
    assert (source.options.url, source.brands, source.voice) == (server.url("/news.xml"), ("acme",), "press")


def test_a_page_leads_to_its_feed(server: Loopback, config: Path) -> None:
    assert run(["sources", "add", server.url("/")]) == 0
    assert load(config).source[0].options.url == server.url("/news.xml")


def test_a_dry_run_shows_the_table_and_writes_nothing(server: Loopback, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sources", "add", server.url("/news.xml"), "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith('[[source]]\nkind = "feed"\n')
    assert config.read_text(encoding="utf-8") == START


def test_what_would_be_wrong_is_not_written(server: Loopback, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = server.url("/news.xml")
    assert run(["sources", "add", url]) == 0
    before = config.read_text(encoding="utf-8")
    assert run(["sources", "add", url]) == 2
    assert run(["sources", "add", url, "--id", "b", "--every", "often"]) == 2
    assert config.read_text(encoding="utf-8") == before
    assert "given more than once" in capsys.readouterr().err


def test_the_options_of_a_kind_are_given_by_their_names(config: Path) -> None:
    assert run(["sources", "add", "--kind", "reddit", "--subreddits", "travel, flights", "--comments=false"]) == 0
    (source,) = load(config).source
    assert (source.options.subreddits, source.options.comments) == (("travel", "flights"), False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--kind", "reddit", "--colour", "red"], "there is no option --colour; reddit knows --subreddits"),
        (["--kind", "reddit", "somewhere"], "takes no address"),
        (["--kind", "reddit", "--comments", "maybe"], "true or false"),
        (["--kind", "reddit", "--more-comments", "many"], "whole number"),
        (["--kind", "pigeon"], "no such kind"),
    ],
)
def test_wrong_words_are_explained(words: list[str], said: str, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sources", "add", *words]) == 2
    assert said in capsys.readouterr().err


def test_a_page_without_feeds_says_so(server: Loopback, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    server.play("/", Answer(200, b"<html><body>nothing</body></html>", {"Content-Type": "text/html"}))
    assert run(["sources", "add", server.url("/")]) == 1
    assert "no feed was found" in capsys.readouterr().err


def test_a_feed_is_tried_before_it_is_added(server: Loopback, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sources", "test", server.url("/")]) == 0
    assert "1 item, 1 of them about a brand" in capsys.readouterr().err
    assert config.read_text(encoding="utf-8") == START
    assert run(["sources", "test", "reviews"]) == 1
    assert "sources add ADDRESS" in capsys.readouterr().err
