"""What the daemon says about itself: alive, ready or why not, its numbers, its ping, and its log without secrets."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from monitor.app import App
from monitor.config import parse
from monitor.doors import open_health_door
from monitor.errors import ConfigError, MonitorError
from monitor.health import Health
from monitor.health_server import TOKEN, build
from monitor.jobs import Every, Job, Work
from monitor.log import discreet, doing, logging_as, tell
from monitor.pinging import ping
from monitor.planner import Planner
from monitor.serving import serving
from monitor.store import Store
from tests.monitor.store_builders import ACME, NOON, keep, mention
from tests.servers import Answer, Loopback, running

PING = '[health]\nping = "{url}"\n[network]\nallow_private_addresses = true\n'


class World:
    """A planner over a store of its own, with a clock that a test sets, whose one job fails while `fails`."""

    def __init__(self, path: Path) -> None:
        self.now = NOON
        self.fails = False
        self.path = path
        self.store = Store(path)
        self.store.brands.sync([ACME])
        self.planner = Planner([Job("collect", Every(timedelta(minutes=1)), self.work)], self.store, self.clock, self.run)
        self.health = Health(self.clock, self.planner)

    def clock(self) -> datetime:
        return self.now

    def run(self, job: Job, now: datetime) -> str:
        return job.run(SimpleNamespace(now=now))  # type: ignore[arg-type]

    def work(self, _: Work) -> str:
        if self.fails:
            raise MonitorError("no route to host")
        return "done"

    @contextmanager
    def served(self) -> Iterator[str]:
        with serving(build(self.health, self.path), "127.0.0.1", 0, "health") as base:
            yield base


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "store.db")
    yield made
    made.store.close()


@pytest.fixture
def server() -> Iterator[Loopback]:
    with running() as found:
        yield found


class TestReadiness:
    def test_all_is_well_after_a_round(self, world: World) -> None:
        world.planner.run_pending()
        with world.served() as base:
            answer = requests.get(f"{base}/readyz", timeout=20)
            assert (answer.status_code, answer.json()) == (200, {"ready": True, "problems": []})
            assert requests.get(f"{base}/healthz", timeout=20).text == "alive\n"

    def test_a_job_that_is_late_is_named(self, world: World) -> None:
        world.planner.run_pending()
        world.now += timedelta(hours=2)
        with world.served() as base:
            answer = requests.get(f"{base}/readyz", timeout=20)
        assert answer.status_code == 503
        assert answer.json()["problems"] == ["the job collect has been due since 2026-06-01 12:01 UTC"]

    def test_a_job_that_hangs_is_named(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[list[str]] = []
        monkeypatch.setattr("monitor.health.monotonic", lambda: float("inf"))

        def hang(_: Work) -> str:
            seen.append(world.health.problems(world.store))
            return ""

        world.planner.perform(Job("collect", Every(timedelta(minutes=1)), hang))
        assert seen == [["the job collect has been running since 2026-06-01 12:00 UTC"]]

    def test_a_job_that_keeps_failing_is_named_and_one_accident_is_none(self, world: World) -> None:
        world.fails = True
        world.planner.run_pending()
        assert world.health.problems(world.store) == []
        for _ in range(9):
            world.now += timedelta(minutes=11)
            world.planner.run_pending()
        assert world.health.problems(world.store) == ["the job collect has failed 10 times in a row: no route to host"]

    def test_a_store_that_cannot_be_written_is_said(self, world: World) -> None:
        world.planner.run_pending()
        with Store(world.path, busy_seconds=0.01) as other, world.store.door.writing():
            (problem,) = world.health.problems(other)
        assert "cannot be written" in problem


class TestMetrics:
    def test_they_tell_of_store_sources_and_jobs(self, world: World) -> None:
        keep(world.store, mention("1"), mention("2"))
        world.planner.run_pending()
        with world.served() as base:
            answer = requests.get(f"{base}/metrics", timeout=20)
        found = {
            (one.name, *one.labels.values()): one.value
            for family in text_string_to_metric_families(answer.text)
            for one in family.samples
        }
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        assert found["promisewatch_mentions",] == found["promisewatch_unread",] == 2
        assert found["promisewatch_ready",] == found["promisewatch_job_runs_total", "collect"] == 1
        assert found["promisewatch_job_failures_total", "collect"] == found["promisewatch_outbox", "waiting"] == 0
        assert found["promisewatch_job_last_run_timestamp_seconds", "collect"] == NOON.timestamp()
        assert found["promisewatch_store_bytes",] > 0

    def test_a_store_that_is_gone_is_no_defect(self, world: World, tmp_path: Path) -> None:
        with serving(build(world.health, tmp_path / "no" / "store.db"), "127.0.0.1", 0, "health") as base:
            assert requests.get(f"{base}/metrics", timeout=20).status_code == 503
            assert requests.get(f"{base}/readyz", timeout=20).status_code == 503


class TestStrangers:
    @pytest.mark.parametrize(("header", "status"), [("", 401), ("Bearer wrong", 401), ("Bearer a-token-of-sixteen", 200)])
    def test_where_others_can_ask_they_show_a_token(self, world: World, header: str, status: int) -> None:
        world.planner.run_pending()
        with serving(build(world.health, world.path, "a-token-of-sixteen"), "127.0.0.1", 0, "health") as base:
            asked = [
                requests.get(f"{base}/{name}", headers={"Authorization": header}, timeout=20) for name in ("readyz", "metrics")
            ]
            assert [one.status_code for one in asked] == [status, status]
            assert requests.get(f"{base}/healthz", timeout=20).text == "alive\n"

    def test_the_door_is_not_opened_to_others_without_one(
        self, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv(TOKEN, raising=False)
        (tmp_path / "promisewatch.toml").write_text('[health]\nhost = "0.0.0.0"\nport = 0\n', encoding="utf-8")
        with pytest.raises(ConfigError, match=TOKEN), open_health_door(App(tmp_path / "promisewatch.toml"), world.health):
            pass


class TestPing:
    def test_it_is_sent_while_all_is_well(self, server: Loopback) -> None:
        config = parse(PING.format(url=server.play("/secret-1", Answer())))
        assert ping(config, [], NOON) == ""
        assert [one.path for one in server.asked] == ["/secret-1"]

    def test_it_is_left_out_while_something_is_wrong(self, server: Loopback) -> None:
        config = parse(PING.format(url=server.play("/secret-1", Answer())))
        assert ping(config, ["the job read is late"], NOON) == "no ping: the job read is late"
        assert server.asked == []

    @pytest.mark.parametrize("path", ["/secret-1", "/p?key=secret-1"])
    def test_a_failure_does_not_tell_the_address(self, server: Loopback, path: str) -> None:
        server.play(path.partition("?")[0], Answer(500))
        with pytest.raises(MonitorError, match=r"127\.0\.0\.1") as raised:
            ping(parse(PING.format(url=server.url(path))), [], NOON)
        assert "secret-1" not in f"{raised.value} {raised.value.remedy}"


class TestLog:
    def test_machines_get_json_with_the_job_that_speaks(self, capsys: pytest.CaptureFixture[str]) -> None:
        with logging_as("auto", lambda: NOON), doing("read"):
            tell("read 3 mentions")
        entry = json.loads(capsys.readouterr().err)
        assert entry == {"time": "2026-06-01T12:00:00.000+00:00", "level": "info", "message": "read 3 mentions", "job": "read"}

    def test_people_get_lines(self, capsys: pytest.CaptureFixture[str]) -> None:
        with logging_as("text"):
            tell("read 3 mentions")
        assert capsys.readouterr().err == "read 3 mentions\n"

    @pytest.mark.parametrize(
        "line",
        [
            "https://ann:s3cr3t@feed.example/x failed",
            "https://feed.example/x?page=2&api_key=s3cr3t failed",
            "Authorization: Bearer s3cr3ts3cr3t",
            "token in https://feed.example/?access_token=s3cr3t&x=1",
        ],
    )
    def test_secrets_of_addresses_and_headers_are_left_out(self, line: str) -> None:
        assert "s3cr3t" not in discreet(line)

    @given(st.text())
    def test_every_json_line_is_one_line_of_json(self, text: str) -> None:
        lines: list[str] = []
        with pytest.MonkeyPatch.context() as patch, logging_as("json", lambda: NOON):
            patch.setattr("sys.stderr", SimpleNamespace(write=lines.append, flush=lambda: None, isatty=lambda: False))
            tell(text)
        assert json.loads("".join(lines))["level"] == "info"
        assert "".join(lines).count("\n") == 1
