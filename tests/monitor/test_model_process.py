"""Models in a process of their own: whatever becomes of it, the daemon goes on, and it ends with the daemon."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from models.reading import Unread
from monitor import daemon, model_process
from monitor.app import App
from monitor.errors import Interrupted, MonitorError
from monitor.jobs import Every, Job, Work
from monitor.model_process import ModelProcess
from monitor.planner import Planner
from monitor.signals import Signals
from monitor.store import Store
from tests.monitor.config_texts import BRAND
from tests.monitor.fake_reader import FakeReader
from tests.monitor.store_builders import NOON, keep, mention

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def models() -> Iterator[ModelProcess]:
    with ModelProcess() as made:
        yield made


@pytest.fixture
def app(tmp_path: Path) -> App:
    (tmp_path / "promisewatch.toml").write_text(BRAND, encoding="utf-8")
    return App(tmp_path / "promisewatch.toml", clock=lambda: NOON)


def has_ended(pid: int) -> bool:
    """Wait until a process, anybody's, has ended."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], 60)[0])
    finally:
        os.close(watched)


class TestAsking:
    def test_it_is_done_by_one_other_process(self, models: ModelProcess) -> None:
        assert models.pid is None
        first = models.ask(os.getpid)
        assert models.ask(os.getpid) == first == models.pid != os.getpid()

    def test_a_process_that_is_ended_while_it_works_is_told_and_replaced(self, models: ModelProcess) -> None:
        with pytest.raises(MonitorError, match="exit status 3") as raised:
            models.ask(os._exit, 3)
        assert "nothing is lost" in raised.value.remedy
        assert models.ask(os.getpid) == models.pid

    def test_so_is_one_that_was_killed_while_it_waited(self, models: ModelProcess) -> None:
        pid = models.ask(os.getpid)
        os.kill(pid, signal.SIGKILL)
        assert has_ended(pid)
        with pytest.raises(MonitorError, match="SIGKILL"):
            models.ask(os.getpid)
        assert models.ask(os.getpid) != pid

    def test_a_defect_over_there_is_an_error_here_and_its_process_stays(self, models: ModelProcess) -> None:
        pid = models.ask(os.getpid)
        with pytest.raises(MonitorError, match="a defect: ValueError"):
            models.ask(int, "no number")
        assert models.ask(os.getpid) == pid

    def test_one_that_hangs_is_ended(self, models: ModelProcess, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(model_process, "LONGEST_SECONDS", 0.0)
        with pytest.raises(MonitorError, match="has not answered"):
            models.ask(signal.pause)
        assert models.pid is None

    def test_a_program_that_is_to_stop_waits_a_little_and_no_longer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("monitor.farewell.SECONDS", 0.0)
        with ModelProcess(lambda: True) as models, pytest.raises(Interrupted):
            models.ask(signal.pause)


class TestEnding:
    def test_it_ends_when_there_has_been_nothing_to_read_for_a_while(
        self, models: ModelProcess, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pid = models.ask(os.getpid)
        models.rest()
        assert models.pid == pid
        monkeypatch.setattr(model_process, "LINGERS_SECONDS", -1.0)
        models.rest()
        assert models.pid is None
        assert has_ended(pid)

    def test_whoever_stops_all_of_a_group_lets_it_finish(self, models: ModelProcess) -> None:
        pid = models.ask(os.getpid)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            os.kill(pid, number)
        assert models.ask(os.getpid) == pid

    def test_it_ends_with_a_parent_that_is_killed(self) -> None:
        script = """
import os, signal
from monitor.model_process import ModelProcess
print(ModelProcess().ask(os.getpid), flush=True)
signal.pause()
"""
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT) as parent:
            assert parent.stdout is not None
            pid = int(parent.stdout.readline())
            parent.kill()
        assert has_ended(pid)


class _Asked:
    """Models that note whether anybody wanted them."""

    def __init__(self) -> None:
        self.rests = self.readers = 0

    def reader(self, app: App) -> FakeReader:
        self.readers += 1
        return FakeReader(app.model_version())

    def embedder(self, app: App) -> object:
        raise AssertionError

    def rest(self) -> None:
        self.rests += 1


class TestDaemon:
    def test_it_reads_there_and_lets_it_rest_when_there_is_nothing(self, app: App) -> None:
        with app.open_store() as store:
            keep(store, mention("1"))
        asked = _Asked()

        class Rounds(Signals):
            def wait(self, seconds: float) -> None:
                if asked.rests:
                    self.stop()

        now = iter(NOON + timedelta(seconds=n) for n in range(10**6))
        with Rounds() as signals:
            daemon.run(App(app.config_path, clock=lambda: next(now)), signals, models=asked)  # type: ignore[arg-type]
        assert asked.readers == 1
        with app.open_store() as store:
            assert store.readings.count_unread() == 0

    def test_what_is_interrupted_has_neither_failed_nor_had_its_turn(self, app: App) -> None:
        def interrupted(_: Work) -> str:
            raise Interrupted("stopping")

        with Store(app.store_path) as store:
            job = Job("read", Every(timedelta(seconds=15)), interrupted)
            planner = Planner([job], store, app.clock, lambda job, now: job.run(None))  # type: ignore[arg-type]
            planner.run_pending()
            record = store.jobs.all()["read"]
        assert (record.runs, record.failures, record.turn) == (0, 0, None)

    @pytest.mark.model
    def test_texts_are_read_and_no_weights_come_near_the_daemon(self, app: App) -> None:
        with ModelProcess() as models:
            reader = models.reader(app)
            (found,) = reader.read([Unread("Two hours late again, awful.", "Acme Air")])
            vectors = models.embedder(app).embed(["late again", "late again"])
        assert found.sentiment is not None
        assert found.sentiment.label == "negative"
        assert (found.model, reader.version) == (app.model_version(), app.model_version())
        assert (vectors[0] == vectors[1]).all()

    @pytest.mark.model
    def test_a_model_that_does_not_load_says_so_there_as_here(self, app: App) -> None:
        app.config_path.write_text(f'{BRAND}[model]\nname = "./nowhere"\n', encoding="utf-8")
        with ModelProcess() as models, pytest.raises(MonitorError, match=r"\./nowhere"):
            models.reader(App(app.config_path))


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_what_the_daemon_imports_holds_no_torch() -> None:
    script = """
import sys
import monitor.commands.run, monitor.rounds, monitor.pipeline, monitor.causes, monitor.delivering, monitor.digests, monitor.alerts
import monitor.case_watch, monitor.web.application
print("torch" in sys.modules or "transformers" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "False\n"
