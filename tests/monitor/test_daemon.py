"""Collecting on the command line and staying for it: `collect`, `sources`, `once` and `run`, over a real server on loopback."""

import json
import os
import random
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import monotonic
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest

from monitor import daemon
from monitor.app import App
from monitor.cli import run
from monitor.errors import MonitorError
from monitor.jobs import Every, Job, Work, daily
from monitor.lock import holder, holding
from monitor.planner import Planner
from monitor.rounds import read_some
from monitor.signals import SECONDS_TO_STOP, Signals
from sources.source import Batch
from tests.monitor.fake_reader import FakeReader
from tests.monitor.store_builders import NOON, matched, mention
from tests.servers import Answer, Handler, Loopback, drip_body, running

ROOT = Path(__file__).resolve().parents[2]
OFTEN = Every(timedelta(seconds=15))
BETA = '[[brand]]\nid = "beta"\nname = "Beta"\n'

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>
<item><guid>1</guid><title>Acme was good on time</title><pubDate>Mon, 02 Mar 2026 09:00:00 GMT</pubDate></item>
<item><guid>2</guid><title>nothing to do with it \x1b]0;owned\x07</title><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate></item>
</channel></rss>""".replace("\x1b", "&#27;").replace("\x07", "&#7;")


class Rounds(Signals):
    """Lets a daemon live through so many waits; every one puts the clock on by `step`, and those in `jumps` by more or less."""

    def __init__(
        self,
        rounds: int,
        start: datetime = NOON,
        step: timedelta = timedelta(seconds=15),
        jumps: Mapping[int, timedelta] = MappingProxyType({}),
    ) -> None:
        super().__init__()
        self.now, self._left, self._step, self._jumps, self._waits = start, rounds, step, jumps, 0
        self._events: dict[int, Callable[[], object]] = {}

    def at(self, wait: int, event: Callable[[], object]) -> None:
        self._events[wait] = event

    def wait(self, seconds: float) -> None:
        self._waits += 1
        self.now += self._step + self._jumps.get(self._waits, timedelta(0))
        self._events.get(self._waits, lambda: None)()
        if self._waits >= self._left:
            self.stop()

    def live(self, app: App, jobs_of: Callable[[App], tuple[Job, ...]]) -> None:
        daemon.run(App(app.config_path, clock=lambda: self.now), self, jobs_of=jobs_of)


def noting(ran: list[str], name: str) -> Callable[[Work], str]:
    return lambda work: str(ran.append(name) or "")


def configured(app: App, text: str) -> App:
    app.config_path.write_text(app.config_path.read_text(encoding="utf-8") + text, encoding="utf-8")
    return App(app.config_path)


def process(app: App, *command: str, script: str = "from monitor.__main__ import main; main()") -> "subprocess.Popen[str]":
    started = [sys.executable, "-c", script, "--config", str(app.config_path), *command]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(started, env=environment, stderr=subprocess.PIPE, text=True)


def wait_for(one: "subprocess.Popen[str]", word: str) -> None:
    assert one.stderr is not None
    assert any(word in line for line in one.stderr)


def killed_after(seconds: float, app: App) -> None:
    """A round in a process of its own, which is killed after so long unless it has ended."""
    child = os.fork()
    if child == 0:
        try:
            daemon.once(app)
        finally:
            os._exit(0)
    ended = os.pidfd_open(child)
    if not select.select([ended], [], [], seconds)[0]:
        os.kill(child, signal.SIGKILL)
    os.close(ended)
    os.waitpid(child, 0)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with running() as found:
        yield found


@pytest.fixture
def app(server: Loopback, here: Path, monkeypatch: pytest.MonkeyPatch) -> App:
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
    (here / "promisewatch.toml").write_text(text, encoding="utf-8")
    return App(here / "promisewatch.toml")


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
    assert run(["once", "--log-format", "text"]) == 1
    assert "read 1 mention" in capsys.readouterr().err


def test_once_does_again_only_what_is_due_again(app: App) -> None:
    ran: list[str] = []
    now = [NOON]
    timed = App(app.config_path, clock=lambda: now[0])

    def jobs_of(_: App) -> tuple[Job, ...]:
        return (
            Job("often", Every(timedelta(minutes=5)), noting(ran, "often")),
            Job("daily", daily("13:00", "UTC"), noting(ran, "daily")),
        )

    for now[0] in (NOON, NOON + timedelta(minutes=4), NOON + timedelta(minutes=70), NOON + timedelta(days=3)):
        assert daemon.once(timed, jobs_of=jobs_of)
    assert ran == ["often", "often", "daily", "often", "daily"]


def test_once_steps_aside_for_a_daemon(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    with holding(app.store_path, "run", NOON):
        assert run(["once"]) == 1
    assert f"promisewatch run, process {os.getpid()}" in capsys.readouterr().err


class TestDaemon:
    def test_it_works_until_it_is_told_to_stop(self, app: App) -> None:
        heard: list[str] = []
        with Rounds(2) as signals:
            daemon.run(app, signals, lambda outcome: heard.append(outcome.source))
        assert sorted(heard) == ["dead", "living"]
        with app.open_store() as store:
            assert store.readings.count_unread() == 0

    def test_it_begins_nothing_new_once_it_is_to_stop(self, app: App) -> None:
        ran: list[str] = []
        with Rounds(9) as signals:

            def first(_: Work) -> str:
                signals.stop()
                return ""

            daemon.run(app, signals, jobs_of=lambda _: (Job("a", OFTEN, first), Job("b", OFTEN, noting(ran, "b"))))
        assert ran == []

    def test_it_outlives_a_model_that_cannot_be_loaded(
        self, app: App, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.undo()
        with Rounds(2) as signals:
            daemon.run(configured(app, '[model]\nname = "./nowhere"\n'), signals)
        assert "./nowhere" in capsys.readouterr().err
        with app.open_store() as store:
            assert store.readings.count_unread() == 1

    def test_a_new_model_makes_it_read_history_again(self, app: App) -> None:
        daemon.once(app)
        with app.open_store() as store:
            assert store.readings.unread("another-model", 9)
            read_some(Work(app, store, NOON))
            assert store.readings.count_unread() == 0

    def test_reading_takes_turns_with_the_other_jobs(self, app: App, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("monitor.rounds.READ_AT_MOST", 1)
        monkeypatch.setattr("monitor.pipeline.READ_AT_ONCE", 1)
        with app.open_store() as store:
            store.mentions.keep("living", Batch(tuple(mention(str(n), source="living") for n in range(3))), matched(), NOON)
            assert read_some(Work(app, store, NOON, by_turns=True)) == "read 1 mention"
            assert read_some(Work(app, store, NOON)) == "read 2 mentions"

    def test_a_job_that_fails_is_told_counted_and_tried_again_later_and_later(
        self, app: App, capsys: pytest.CaptureFixture[str]
    ) -> None:
        tries: list[datetime] = []

        def fail(work: Work) -> str:
            tries.append(work.now)
            raise MonitorError("the wind has turned", remedy="wait")

        ran: list[str] = []
        with Rounds(200) as signals:
            signals.live(app, lambda _: (Job("broken", OFTEN, fail), Job("whole", OFTEN, noting(ran, "whole"))))
        minutes = [round((one - tries[0]) / timedelta(minutes=1)) for one in tries]
        assert minutes[:6] == [0, 1, 3, 7, 15, 25]
        assert len(ran) > 50
        assert capsys.readouterr().err.count("the wind has turned; wait") == 4
        with app.open_store() as store:
            assert store.jobs.all()["broken"].failures == len(tries)

    def test_a_defect_of_a_job_ends_nothing(self, app: App, capsys: pytest.CaptureFixture[str]) -> None:
        with Rounds(3) as signals:
            signals.live(app, lambda _: (Job("broken", OFTEN, lambda work: str(1 // 0)),))
        assert "broken: failed: a defect: ZeroDivisionError" in capsys.readouterr().err

    def test_a_store_that_cannot_be_written_stops_no_job_and_is_told_once(
        self, app: App, capsys: pytest.CaptureFixture[str]
    ) -> None:
        ran: list[str] = []
        with app.open_store() as store:
            planner = Planner([Job("look", OFTEN, noting(ran, "look"))], store, lambda: NOON, lambda job, now: job.run(None))  # type: ignore[arg-type]
            store.door.connection.execute("PRAGMA query_only = ON")
            for _ in range(3):
                planner.perform(planner.planned[0].job)
        assert len(ran) == 3
        assert capsys.readouterr().err.count("when jobs ran cannot be noted") == 1

    def test_a_missed_day_is_made_up_once(self, app: App) -> None:
        ran: list[datetime] = []
        job = Job("report", daily("08:00", "Europe/Riga"), lambda work: str(ran.append(work.now) or ""))
        with Rounds(3) as signals:
            signals.live(app, lambda _: (job,))
        with Rounds(3, NOON + timedelta(days=5)) as signals:
            signals.live(app, lambda _: (job,))
        assert ran == [NOON + timedelta(days=5)]

    def test_a_clock_that_jumps_neither_storms_nor_starves(self, app: App) -> None:
        often: list[datetime] = []
        report: list[datetime] = []
        wanted = (
            Job("often", OFTEN, lambda work: str(often.append(work.now) or "")),
            Job("report", daily("13:00", "UTC"), lambda work: str(report.append(work.now) or "")),
        )
        with Rounds(
            60, jumps={10: timedelta(days=400), 20: -timedelta(days=400), 40: timedelta(hours=2), 50: -timedelta(hours=3)}
        ) as signals:
            signals.live(app, lambda _: wanted)
        assert 15 <= len(often) <= 60
        assert len(report) <= 3
        assert any(one < NOON + timedelta(days=1) for one in report)

    def test_ninety_days_do_each_report_exactly_once_a_day(self, app: App) -> None:
        ran: list[datetime] = []
        open_files: list[int] = []

        def report(work: Work) -> str:
            ran.append(work.now)
            open_files.append(len(list(Path("/proc/self/fd").iterdir())) if sys.platform == "linux" else 0)
            return ""

        job = Job("report", daily("08:00", "Europe/Riga"), report)
        with Rounds(90 * 24 * 2, datetime(2026, 9, 1, tzinfo=UTC), step=timedelta(minutes=30)) as signals:
            signals.live(app, lambda _: (job,))
        local = [one.astimezone(ZoneInfo("Europe/Riga")) for one in ran]
        assert [one.date() for one in local] == [date(2026, 9, 1) + timedelta(days=n) for n in range(len(local))]
        assert {one.hour for one in local} == {8}
        assert len(local) >= 89
        assert open_files[0] == open_files[-1]


class TestReloading:
    def test_a_new_configuration_is_put_in_force(self, app: App, capsys: pytest.CaptureFixture[str]) -> None:
        seen: list[int] = []

        def look(work: Work) -> str:
            seen.append(len(work.config.brand))
            return ""

        with Rounds(6) as signals:
            signals.at(2, lambda: (configured(app, BETA), signals.reload()))
            daemon.run(app, signals, jobs_of=lambda _: (Job("look", Every(timedelta(0)), look),))
        assert (seen[0], seen[-1]) == (1, 2)
        assert "the new configuration is in force" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("addition", "said"),
        [
            ("colour = 1\n", "colour"),
            ('[store]\npath = "another.db"\n', "restart"),
            ("[health]\nport = {taken}\n", "cannot listen"),
        ],
    )
    def test_a_wrong_one_is_refused_and_the_old_one_stays(
        self, app: App, addition: str, said: str, server: Loopback, capsys: pytest.CaptureFixture[str]
    ) -> None:
        ran: list[str] = []
        with Rounds(6) as signals:
            text = addition.format(taken=server.server_address[1])
            signals.at(2, lambda: (configured(app, text), signals.reload(), ran.clear()))
            daemon.run(app, signals, jobs_of=lambda _: (Job("look", Every(timedelta(0)), noting(ran, "look")),))
        assert ran
        assert said in capsys.readouterr().err


class TestProcess:
    def test_a_second_daemon_is_refused_and_a_killed_one_leaves_no_lock(self, app: App) -> None:
        with process(app, "run") as first:
            wait_for(first, "listening")
            with process(app, "run") as second:
                assert second.wait(60) == 1
                assert second.stderr is not None
                assert f"process {first.pid}" in second.stderr.read()
            first.kill()
            first.wait(60)
        assert holder(app.store_path) is None

    def test_a_term_signal_ends_it_well_and_a_hangup_does_not(self, app: App) -> None:
        with process(app, "run") as one:
            wait_for(one, "listening")
            one.send_signal(signal.SIGHUP)
            wait_for(one, "in force")
            began = monotonic()
            one.send_signal(signal.SIGTERM)
            assert one.wait(60) == 0
            assert monotonic() - began < SECONDS_TO_STOP
            assert one.stderr is not None
            assert json.loads(one.stderr.read().splitlines()[-1])["message"] == "stopped; nothing is lost"

    def test_a_place_that_never_ends_its_answer_keeps_it_from_nothing(self, app: App, server: Loopback) -> None:
        asked = threading.Event()

        def drip(handler: Handler) -> None:
            asked.set()
            drip_body(handler)

        server.play("/f", drip)
        script = "import monitor.farewell; monitor.farewell.SECONDS = 0.5; from monitor.__main__ import main; main()"
        with process(app, "run", script=script) as one:
            assert asked.wait(60)
            one.send_signal(signal.SIGTERM)
            assert one.wait(10) == 0
            assert one.stderr is not None
            assert "stopped; nothing is lost" in one.stderr.read()
        with app.open_store() as store:
            assert next(state for state in store.sources.states() if state.id == "living").collected is None

    def test_one_that_hangs_is_ended_and_says_where(self, tmp_path: Path) -> None:
        script = """
import signal, threading
import monitor.signals as ours
ours.SECONDS_TO_STOP = 2
with ours.listening_to_signals() as signals:
    print("ready", flush=True)
    threading.Event().wait()
"""
        with subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
        ) as one:
            assert one.stdout is not None
            assert one.stderr is not None
            one.stdout.readline()
            one.send_signal(signal.SIGTERM)
            assert one.wait(60) == 1
            assert "in wait" in one.stderr.read()

    def test_kills_at_any_moment_lose_and_repeat_nothing(self, app: App, server: Loopback) -> None:
        chance = random.Random(7)
        for n in range(1, 31):
            items = "".join(f"<item><guid>{one}</guid><title>Acme took {one} hours</title></item>" for one in range(20 * n))
            feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{items}</channel></rss>'
            server.play("/f", Answer(body=feed.encode(), headers={"Content-Type": "application/rss+xml"}))
            killed_after(chance.random() * 0.4, App(app.config_path, clock=lambda n=n: NOON + n * timedelta(days=1)))
        daemon.once(App(app.config_path, clock=lambda: NOON + timedelta(days=40)))
        with app.open_store() as store:
            titles = [one.title for one in store.mentions.each()]
            assert store.file.integrity_check() == []
            assert store.readings.count_unread() == 0
        assert len(titles) == len(set(titles)) == 600
