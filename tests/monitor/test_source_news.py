"""Whoever looks after the collection is told of a source that cannot be heard: once, and not when it is back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.app import App
from monitor.config import parse
from monitor.errors import ConfigError
from monitor.jobs import Work
from monitor.rounds import collect_due
from monitor.storage.outbox import Queued
from tests.servers import Answer, Loopback, Play, running

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
FEED = Answer(body=b"<?xml version='1.0'?><rss version='2.0'><channel><item><title>Acme</title></item></channel></rss>")


@pytest.fixture
def server() -> Iterator[Loopback]:
    with running() as found:
        yield found


def letters(server: Loopback, folder: Path, *answers: Play) -> list[list[Queued]]:
    """What was in the outbox after each of so many looks, hours apart."""
    url = server.play("/f", *answers)
    text = f"""[network]
allow_private_addresses = true
failing_after = 3
failing_to = ["json://ops.example/"]
[[brand]]
id = "acme"
name = "Acme"
[[source]]
kind = "feed"
id = "reviews"
url = "{url}"
"""
    (folder / "promisewatch.toml").write_text(text, encoding="utf-8")
    app = App(folder / "promisewatch.toml")
    found = []
    with app.open_store() as store:
        for look in range(len(answers)):
            now = NOW + timedelta(hours=6 * look)
            collect_due(Work(App(app.config_path, clock=lambda now=now: now), store, now))
            found.append(store.outbox.messages())
    return found


def test_a_source_that_fails_again_and_again_is_told_once_with_what_happened(server: Loopback, tmp_path: Path) -> None:
    *early, fourth, fifth = letters(server, tmp_path, FEED, *[Answer(503)] * 4)
    assert early == [[], [], []]
    assert fourth == fifth
    (letter,) = fourth
    assert letter.message.subject == "reviews cannot be heard"
    assert "answered 503" in letter.message.text
    assert "failed 3 times in a row" in letter.message.text
    assert "Last heard: 2026-03-02 12:00 UTC" in letter.message.text


def test_it_is_told_anew_when_it_was_heard_in_between_and_not_when_it_is_back(server: Loopback, tmp_path: Path) -> None:
    counts = [len(found) for found in letters(server, tmp_path, *[Answer(503)] * 3, FEED, FEED, *[Answer(503)] * 3)]
    assert counts == [0, 0, 1, 1, 1, 1, 1, 2]


def test_one_refusal_is_a_whim_and_two_are_told(server: Loopback, tmp_path: Path) -> None:
    assert [len(found) for found in letters(server, tmp_path, Answer(403), FEED, Answer(403), Answer(403))] == [0, 0, 0, 1]


def test_a_feed_that_is_gone_is_told_with_what_helps(server: Loopback, tmp_path: Path) -> None:
    (found,) = letters(server, tmp_path, Answer(410))
    assert "remove the source, or give its new address" in found[0].message.text


def test_whom_to_tell_must_be_an_address_or_a_channel_that_there_is() -> None:
    with pytest.raises(ConfigError, match=r"promisewatch.toml:2: .*no such channel"):
        parse('[network]\nfailing_to = ["operations"]\n')
