"""Collecting on the command line and staying for it: `collect`, `sources`, `once` and `run`, over a real server on loopback."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor import daemon
from monitor.app import App
from monitor.cli import run
from monitor.collecting import Collected
from tests.monitor.fake_reader import FakeReader
from tests.servers import Answer, Loopback, running

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>
<item><guid>1</guid><title>Acme was good on time</title><pubDate>Mon, 02 Mar 2026 09:00:00 GMT</pubDate></item>
<item><guid>2</guid><title>nothing to do with it \x1b]0;owned\x07</title><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate></item>
</channel></rss>""".replace("\x1b", "&#27;").replace("\x07", "&#7;")


@pytest.fixture
def server() -> Iterator[Loopback]:
    with running() as found:
        yield found


@pytest.fixture
def app(server: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PROMISEWATCH_CONFIG", raising=False)
    monkeypatch.setattr(App, "reader", lambda self, name=None: FakeReader(App.model_version(self)))
    living = server.play("/f", Answer(body=FEED.encode(), headers={"Content-Type": "application/rss+xml"}))
    text = f"""
[network]
allow_private_addresses = true
spacing = "0 seconds"
[[brand]]
id = "acme"
name = "Acme"
[[source]]
kind = "feed"
id = "living"
url = "{living}"
[[source]]
kind = "feed"
id = "dead"
url = "{server.play("/dead", Answer(503))}"
"""
    (tmp_path / "promisewatch.toml").write_text(text, encoding="utf-8")
    return App(tmp_path / "promisewatch.toml")


def test_collect_tells_of_each_source_and_fails_when_one_could_not_be_heard(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["collect", "--format", "json"]) == 1
    printed = capsys.readouterr()
    living, dead = json.loads(printed.out)
    assert (living["source"], living["new"], living["unmatched"]) == ("living", 1, 1)
    assert (dead["source"], dead["heard"]) == ("dead", "blind")
    assert "503" in printed.err


def test_nothing_is_due_right_after(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    run(["collect"])
    capsys.readouterr()
    assert run(["collect"]) == 0
    assert "nothing is due" in capsys.readouterr().err


def test_a_source_is_tried_without_keeping_anything_and_steers_no_terminal(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sources", "test", "living"]) == 0
    printed = capsys.readouterr()
    assert "2 items, 1 of them about a brand" in printed.err
    assert "\x1b" not in printed.out
    assert run(["export", "mentions"]) == 0
    assert capsys.readouterr().out == ""


def test_a_dead_source_says_so_when_tried(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sources", "test", "dead"]) == 1
    assert "503" in capsys.readouterr().err


def test_a_paused_source_is_left_alone_until_it_is_resumed(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    run(["sources", "pause", "living"])
    run(["collect", "--all", "--format", "json"])
    assert [one["source"] for one in json.loads(capsys.readouterr().out)] == ["dead"]
    run(["sources", "resume", "living"])
    run(["collect", "--all", "--format", "json"])
    assert [one["source"] for one in json.loads(capsys.readouterr().out)] == ["living", "dead"]


def test_resuming_forgets_the_old_error(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    run(["collect"])
    run(["sources", "resume", "dead"])
    capsys.readouterr()
    run(["sources", "list", "--format", "json"])
    assert [one["error"] for one in json.loads(capsys.readouterr().out)] == ["", ""]


def test_once_collects_and_reads(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["once"]) == 1
    assert "read 1 mention" in capsys.readouterr().err


def test_the_daemon_works_until_it_is_told_to_stop(app: App) -> None:
    stop, heard = threading.Event(), []

    def said(outcome: Collected) -> None:
        heard.append(outcome.source)
        if len(heard) == 2:
            stop.set()

    with app.open_store() as store:
        daemon.run(app, store, stop, said)
        assert store.count_unread() == 0
    assert sorted(heard) == ["dead", "living"]


def test_the_daemon_outlives_a_model_that_cannot_be_loaded(
    app: App, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.undo()
    text = app.config_path.read_text(encoding="utf-8")
    app.config_path.write_text(text + '[model]\nname = "./nowhere"\n', encoding="utf-8")
    stop = threading.Event()
    with app.open_store() as store:
        daemon.run(app, store, stop, lambda outcome: stop.set())
        assert store.count_unread() == 1
    assert "./nowhere" in capsys.readouterr().err


def test_a_new_model_makes_the_daemon_read_history_again(app: App) -> None:
    with app.open_store() as store:
        daemon.once(app, store, lambda _: None)
        assert store.unread("another-model", 9)
        daemon.once(app, store, lambda _: None)
        assert store.count_unread() == 0
