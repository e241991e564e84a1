"""A daemon whose disk, store or clock misbehaves: it says so once, does what it can, and goes on by itself when that is over."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from monitor import backups, daemon
from monitor.app import App
from monitor.cli import run
from monitor.daemon import jobs_of
from monitor.health import Health
from monitor.jobs import Every, Job, Work
from monitor.planner import Planner
from monitor.signals import Signals
from monitor.store import Store
from tests.monitor.fake_reader import FakeReader
from tests.monitor.store_builders import NOON
from tests.servers import Answer, Loopback, running

ROUNDS, BEGINS, ENDS = 40, 3, 12
"""So many rounds of two minutes; in which one the trouble begins and in which it is over."""
CONFIG = """[network]
allow_private_addresses = true
spacing = "0 seconds"
[[brand]]
id = "acme"
name = "Acme"
[[source]]
kind = "feed"
id = "feed"
url = "{url}"
every = "1 minute"
[[channel]]
name = "hook"
address = "{hook}"
[delivery]
per_hour = 3600
[cases]
hand_off_to = ["hook"]
hand_off_from = 50
"""


class World:
    """A daemon with a feed that shows one more complaint in every round, and a place that cases are handed to."""

    def __init__(self, folder: Path, server: Loopback) -> None:
        self.server, self.shown = server, 0
        hook = f"webhook+{server.play('/hook', Answer(204)).replace('://', '://:secret@')}"
        self.app = App(folder / "promisewatch.toml", clock=lambda: self.now)
        self.app.config_path.write_text(CONFIG.format(url=server.url("/f"), hook=hook), encoding="utf-8")
        self.now = NOON
        self.stores: list[Store] = []
        self.problems: list[str] = []

    def show(self) -> None:
        self.shown += 1
        items = "".join(
            f"<item><guid isPermaLink='false'>{n}</guid><title>Acme, where is my bad refund {n}?</title><author>a{n}</author>"
            f"<description>{' '.join(f'{n}x{word}' for word in range(500))}</description></item>"
            for n in range(self.shown)
        )
        feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{items}</channel></rss>'
        self.server.play("/f", Answer(body=feed.encode(), headers={"Content-Type": "application/rss+xml"}))

    def live(self, begin: Callable[[Store], object], end: Callable[[Store], object]) -> None:
        """Let the daemon live through trouble and what comes after."""
        world = self

        class Rounds(Signals):
            number = 0

            def wait(self, seconds: float) -> None:
                self.number += 1
                world.now += timedelta(minutes=2)
                world.show()
                if self.number == BEGINS:
                    begin(world.stores[-1])
                if self.number == ENDS:
                    end(world.stores[-1])
                if self.number == ROUNDS:
                    self.stop()

        def watched(app: App) -> tuple[Job, ...]:
            without_weights = [one for one in jobs_of(app) if one.name != "causes"]
            return (Job("look", Every(timedelta(0)), self._look), *without_weights)

        self.show()
        with Rounds() as signals:
            daemon.run(self.app, signals, jobs_of=watched)

    def check(self) -> None:
        """Everything that was ever shown is stored, read, a case, and handed off once."""
        with self.app.open_store() as store:
            assert store.file.integrity_check() == []
            mentions = [one.external_id for one in store.mentions.each()]
            cases, unread = len(store.cases.select(("new",))), store.readings.count_unread()
        posted = [one.headers for one in self.server.asked if one.path == "/hook"]
        handed = [next(value for name, value in head.items() if name.lower() == "webhook-id") for head in posted]
        assert sorted(map(int, mentions)) == list(range(self.shown - 1))
        assert (cases, unread) == (self.shown - 1, 0)
        assert len(handed) == len(set(handed)) == self.shown - 1

    def _look(self, work: Work) -> str:
        self.stores.append(work.store)
        self.problems += work.problems()
        return ""


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(App, "reader", lambda self, name=None: FakeReader(App.model_version(self)))
    monkeypatch.setattr(App, "open_store", opened_impatiently(App.open_store))
    with running() as server:
        yield World(tmp_path, server)


def opened_impatiently(open_store: Callable[[App], Store]) -> Callable[[App], Store]:
    def opened(app: App) -> Store:
        store = open_store(app)
        store.door.connection.execute("PRAGMA busy_timeout = 10")
        return store

    return opened


def told(capsys: pytest.CaptureFixture[str], words: str) -> int:
    return sum(words in line for line in capsys.readouterr().err.splitlines())


class TestTrouble:
    def test_a_full_disk(self, world: World, capsys: pytest.CaptureFixture[str]) -> None:
        def fill(store: Store) -> None:
            (pages,) = store.door.connection.execute("PRAGMA page_count").fetchone()
            store.door.connection.execute(f"PRAGMA max_page_count = {pages}")

        world.live(fill, lambda store: store.door.connection.execute("PRAGMA max_page_count = 1000000"))
        assert 1 <= told(capsys, "the disk is full") < ENDS
        world.check()

    def test_a_disk_that_has_become_read_only(self, world: World, capsys: pytest.CaptureFixture[str]) -> None:
        world.live(
            lambda store: store.door.connection.execute("PRAGMA query_only = ON"),
            lambda store: store.door.connection.execute("PRAGMA query_only = OFF"),
        )
        assert any("the store cannot be written" in one for one in world.problems)
        assert told(capsys, "read-only") >= 1
        world.check()

    def test_a_store_that_somebody_else_keeps_locked(self, world: World, capsys: pytest.CaptureFixture[str]) -> None:
        with closing(sqlite3.connect(world.app.store_path, isolation_level=None)) as other:
            world.live(lambda _: other.execute("BEGIN IMMEDIATE"), lambda _: other.execute("ROLLBACK"))
        assert any("the store cannot be written" in one for one in world.problems)
        assert told(capsys, "another promisewatch is writing") >= 1
        world.check()

    @pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400), timedelta(hours=-3)])
    def test_a_clock_that_jumps_there_and_back(self, world: World, jump: timedelta) -> None:
        def put(by: timedelta) -> Callable[[Store], None]:
            def moved(_: Store) -> None:
                world.now += by

            return moved

        world.live(put(jump), put(-jump))
        world.check()


class TestDamage:
    def damage(self, path: Path, table: str) -> None:
        """Overwrite the page at which a table begins."""
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
            (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
            (size,) = connection.execute("PRAGMA page_size").fetchone()
        with path.open("r+b") as file:
            file.seek((page - 1) * size)
            file.write(b"\xaa" * size)

    def test_a_damaged_page_is_told_with_the_remedy_that_puts_it_right(
        self, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        world.show()
        daemon.once(world.app)
        with world.app.open_store() as store:
            backups.write(store, tmp_path / "b.db", world.now)
        self.damage(world.app.store_path, "mentions")
        world.live(lambda _: None, lambda _: None)
        assert told(capsys, "the file is damaged; restore a backup") >= 1
        with Store(world.app.store_path) as store:
            planner = Planner(jobs_of(world.app), store, world.app.clock, lambda job, now: "")
            assert any("times in a row" in one for one in Health(world.app.clock, planner).problems(store))
        monkeypatch.chdir(tmp_path)
        assert run(["doctor"]) == 1
        assert "restore a backup" in capsys.readouterr().out
        assert run(["restore", "b.db", "--yes"]) == 0
        world.live(lambda _: None, lambda _: None)
        with world.app.open_store() as store:
            assert len(list(store.mentions.each())) == world.shown - 1
            assert store.file.integrity_check() == []
