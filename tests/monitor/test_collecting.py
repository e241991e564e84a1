"""Many workers, one writer: what is due is heard, politely, and nothing is lost or told twice."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.collecting import Collected, collect
from monitor.config import Config, parse
from monitor.pipeline import prepare
from monitor.store import Store
from sources.http import Gateway
from tests.servers import Answer, Handler, Loopback, Play, running

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
BRAND = '[[brand]]\nid = "acme"\nname = "Acme"\n'


def feed(*texts: str) -> Answer:
    items = "".join(f"<item><guid>{text}</guid><title>{text}</title></item>" for text in texts)
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{items}</channel></rss>'
    return Answer(body=body.encode(), headers={"Content-Type": "application/rss+xml", "ETag": '"1"'})


@pytest.fixture
def server() -> Iterator[Loopback]:
    with running() as found:
        yield found


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "test.db") as found:
        yield found


def configured(*urls: str, network: str = "", source: str = "") -> Config:
    sources = "".join(f'[[source]]\nkind = "feed"\nid = "s{n}"\nurl = "{url}"\n{source}\n' for n, url in enumerate(urls))
    return parse(f"[network]\n{network}\n{BRAND}{sources}")


def collected(store: Store, config: Config, now: datetime = NOW, *, everything: bool = False) -> list[Collected]:
    prepare(store, config)
    gateway = Gateway("test@example.org", allow_private_addresses=True)
    return list(collect(store, config, gateway, lambda: now, everything=everything, chance=lambda: 0.0))


class Crowd:
    """Counts how many requests are answered at once; each waits a moment for `enough` to be there."""

    def __init__(self, enough: int) -> None:
        self.most = self._present = 0
        self._enough, self._lock, self._all_there = enough, threading.Lock(), threading.Event()

    def __call__(self, handler: Handler) -> None:
        with self._lock:
            self._present += 1
            self.most = max(self.most, self._present)
            if self._present >= self._enough:
                self._all_there.set()
        self._all_there.wait(0.3)
        with self._lock:
            self._present -= 1
        feed(f"Acme {handler.path}")(handler)


def test_sources_are_heard_at_the_same_time(server: Loopback, store: Store) -> None:
    crowd = Crowd(4)
    config = configured(*(server.play(f"/{n}", crowd) for n in range(4)), network="per_host = 4")
    assert len(collected(store, config)) == 4
    assert crowd.most == 4


def test_a_host_gets_no_more_requests_at_once_than_configured(server: Loopback, store: Store) -> None:
    crowd = Crowd(3)
    config = configured(*(server.play(f"/{n}", crowd) for n in range(6)), network="per_host = 2")
    assert len(collected(store, config)) == 6
    assert crowd.most == 2


def test_one_slow_host_keeps_nobody_from_another(server: Loopback, store: Store) -> None:
    others_done = threading.Event()

    def slow(handler: Handler) -> None:
        others_done.wait(20)
        feed("Acme slow")(handler)

    urls = [server.play(f"/slow{n}", slow) for n in range(8)]
    urls += [server.url(f"/quick{n}", host="localhost") for n in range(3)]
    for n in range(3):
        server.play(f"/quick{n}", feed(f"Acme quick {n}"))
    config = configured(*urls, network="workers = 3\nper_host = 2")
    heard = []
    prepare(store, config)
    for outcome in collect(store, config, Gateway("t", allow_private_addresses=True), lambda: NOW):
        heard.append(outcome.source)
        if len(heard) == 3:
            others_done.set()
    assert set(heard[:3]) == {"s8", "s9", "s10"}
    assert len(heard) == 11


def test_sources_without_news_are_noted_together(server: Loopback, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    urls = [server.play(f"/{n}", feed(f"Acme {n}"), Answer(304)) for n in range(5)]
    config = configured(*urls, network="workers = 1")
    collected(store, config)
    before = store.door.connection.total_changes
    outcomes = collected(store, config, NOW + timedelta(hours=1))
    assert [one.kept.new for one in outcomes] == [0] * 5
    assert {state.collected for state in store.sources.states()} == {NOW + timedelta(hours=1)}
    assert store.door.connection.total_changes - before <= 15


def test_a_source_is_failing_from_the_fifth_failure_on_and_back_when_it_is_heard(server: Loopback, store: Store) -> None:
    config = configured(server.play("/f", *[Answer(503)] * 6, feed("Acme")))
    turns = []
    for hour in range(7):
        (outcome,) = collected(store, config, NOW + timedelta(hours=hour), everything=True)
        turns.append((outcome.was, outcome.state))
    assert turns == [("active", "active")] * 4 + [("active", "failing"), ("failing", "failing"), ("failing", "active")]


def test_a_quiet_source_is_asked_less_often_and_at_once_again_when_something_comes(server: Loopback, store: Store) -> None:
    url = server.play("/f", feed("Acme 1"))
    config = configured(url, source='every = "1 hour"')
    collected(store, config)
    later = NOW + timedelta(days=2)
    assert len(collected(store, config, later)) == 1
    assert collected(store, config, later + timedelta(hours=4)) == []
    server.play("/f", feed("Acme 1", "Acme 2"))
    assert len(collected(store, config, later + timedelta(hours=5))) == 1
    assert len(collected(store, config, later + timedelta(hours=6))) == 1


def test_nothing_new_is_begun_once_it_is_told_to_stop(server: Loopback, store: Store) -> None:
    config = configured(*(server.play(f"/{n}", feed(f"Acme {n}")) for n in range(9)), network="workers = 1")
    prepare(store, config)
    gateway = Gateway("t", allow_private_addresses=True)
    seen = list(collect(store, config, gateway, lambda: NOW, stopped=lambda: len(server.asked) >= 2))
    assert len(seen) == 2


@pytest.mark.parametrize("wrong", [Answer(503), Answer(200, b"nonsense")])
def test_one_source_that_fails_stops_no_other(wrong: Play, server: Loopback, store: Store) -> None:
    outcomes = collected(store, configured(server.play("/dead", wrong), server.play("/f", feed("Acme"))))
    assert {one.source: (one.heard, one.kept.new) for one in outcomes} == {"s0": ("blind", 0), "s1": ("ok", 1)}


KILLED = """
import sys
from pathlib import Path
from monitor.app import App
from monitor.collecting import collect
app = App(Path(sys.argv[1]))
with app.open_store() as store:
    for outcome in collect(store, app.config, app.gateway(), app.clock):
        print(outcome.source, flush=True)
"""


def test_killed_in_the_middle_it_loses_nothing_and_keeps_nothing_twice(server: Loopback, tmp_path: Path) -> None:
    blocked = threading.Event()

    def block(handler: Handler) -> None:
        blocked.wait(30)
        handler.close_connection = True

    urls = [server.play("/block", block, feed("Acme at last"))]
    urls += [server.play(f"/{n}", feed(*(f"Acme {n} {item}" for item in range(5)))) for n in range(12)]
    text = "[network]\nallow_private_addresses = true\nspacing = '0 seconds'\nworkers = 2\n" + BRAND
    text += "".join(f'[[source]]\nkind = "feed"\nurl = "{url}"\nid = "s{n}"\n' for n, url in enumerate(urls))
    (tmp_path / "promisewatch.toml").write_text(text, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path / "promisewatch.toml")], stdout=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        for _ in range(4):
            process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
    blocked.set()
    with Store(tmp_path / "promisewatch.db") as store:
        collected(store, parse(text), datetime.now(UTC) + timedelta(hours=1))
        found = sorted(mention.title for mention in store.mentions.each())
    assert found == sorted([f"Acme {n} {item}" for n in range(12) for item in range(5)] + ["Acme at last"])
