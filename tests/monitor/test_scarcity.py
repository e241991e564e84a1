"""A machine that has run out of something: real processes with real limits say what, and lose nothing."""

import errno
import os
import resource
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from models.errors import ModelError
from monitor.errors import MonitorError
from monitor.jobs import Every, Job
from monitor.model_process import ModelProcess
from monitor.planner import Planner
from monitor.scarcity import scarcity
from monitor.store import Store
from sources.source import TemporaryError
from tests.monitor.config_texts import BRAND
from tests.monitor.store_builders import NOON
from tests.servers import Answer, running

ROOT = Path(__file__).resolve().parents[2]
FEED = b'<rss version="2.0"><channel><title>t</title><item><guid>1</guid><title>Acme Air was good</title></item></channel></rss>'


def raised(error: Exception, cause: Exception) -> Exception:
    try:
        raise error from cause
    except type(error) as one:
        return one


class TestNaming:
    @pytest.mark.parametrize(
        ("error", "said"),
        [
            (OSError(errno.EMFILE, "x"), "too many files"),
            (OSError(errno.ENOMEM, "x"), "memory"),
            (MemoryError(), "memory"),
            (ImportError("libtorch_cpu.so: failed to map segment from shared object"), "memory"),
            (raised(ModelError("it is damaged"), RuntimeError("unable to mmap 9 bytes: Cannot allocate memory (12)")), "memory"),
            (RuntimeError("can't start new thread"), "no further thread"),
            (OSError(errno.ENOSPC, "x"), "the disk is full"),
            (raised(TemporaryError("the connection broke"), OSError(errno.EMFILE, "x")), "too many files"),
        ],
        ids=repr,
    )
    def test_it_is_found_behind_whatever_it_shows_itself_as(self, error: Exception, said: str) -> None:
        found = scarcity(error)
        assert found is not None
        assert said in str(found)
        assert found.remedy

    @pytest.mark.parametrize(
        "error",
        [ValueError("no number"), ConnectionResetError(errno.ECONNRESET, "x"), TemporaryError("500: Too many open files")],
        ids=repr,
    )
    def test_other_errors_are_left_alone_and_so_are_those_of_a_server(self, error: Exception) -> None:
        assert scarcity(error) is None

    def test_a_socket_that_has_nothing_yet_is_no_process_that_could_not_be_started(self) -> None:
        one, other = socket.socketpair()
        with one, other:
            one.setblocking(False)
            with pytest.raises(BlockingIOError) as caught:
                one.recv(1)
        assert caught.value.errno == errno.EAGAIN
        assert scarcity(caught.value) is None

    def test_a_job_that_runs_out_of_something_is_no_defect(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        def run(job: Job, now: object) -> str:
            raise RuntimeError("can't start new thread")

        with Store(tmp_path / "s.db") as store:
            Planner([Job("look", Every(NOON - NOON), lambda _: "")], store, lambda: NOON, run).run_pending()
        said = capsys.readouterr().err
        assert "a defect" not in said
        assert "TasksMax" in said


class TestLimits:
    def test_without_handles_for_a_process_reading_fails_by_name_and_works_again(self) -> None:
        with ModelProcess() as models:
            before = resource.getrlimit(resource.RLIMIT_NOFILE)
            resource.setrlimit(resource.RLIMIT_NOFILE, (sum(1 for _ in Path("/proc/self/fd").iterdir()), before[1]))
            try:
                with pytest.raises(MonitorError, match="too many files"):
                    models.ask(os.getpid)
                assert models.pid is None
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, before)
            assert models.ask(os.getpid) == models.pid

    @pytest.mark.parametrize("how", ["subprocess.run(['true'])", "ModelProcess().ask(os.getpid)"])
    def test_where_no_further_process_may_be_started_that_is_said(self, how: str) -> None:
        script = f"""
import os, resource, subprocess
import multiprocessing.popen_spawn_posix, multiprocessing.resource_tracker  # while we may still read where Python lives
from monitor.model_process import ModelProcess
from monitor.scarcity import scarcity
if os.getuid() == 0:
    os.setgroups([])
    os.setuid(61_234)  # limits do not bind root
resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
try:
    {how}
except Exception as error:
    print(scarcity(error) or error, getattr(scarcity(error) or error, "remedy", ""))
"""
        said = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
        assert "no further thread or process" in said.stdout, said.stdout + said.stderr
        assert "TasksMax" in said.stdout

    def test_a_reader_that_runs_out_of_memory_is_told_by_name_and_its_process_ended(self) -> None:
        with ModelProcess() as models:
            with pytest.raises(MonitorError, match="not enough memory") as failed:
                models.ask(_take_more_than_allowed)
            assert "MemoryMax" in failed.value.remedy
            assert models.pid is None

    def test_a_round_without_handles_says_so_and_the_next_one_makes_up_for_it(self, tmp_path: Path) -> None:
        with running() as server:
            feeds = "".join(
                f'[[source]]\nkind = "feed"\nid = "f{n}"\nurl = "{server.play(f"/{n}", Answer(body=FEED))}"\n' for n in range(9)
            )
            network = '[network]\nallow_private_addresses = true\nspacing = "0 seconds"\n'
            (tmp_path / "promisewatch.toml").write_text(network + BRAND + feeds, encoding="utf-8")
            command = [sys.executable, "-m", "monitor", "collect"]
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            short = subprocess.run(
                ["prlimit", "--nofile=11", *command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
            )
            enough = subprocess.run([*command, "--all"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert (short.returncode, enough.returncode) == (1, 0), enough.stderr
        assert "too many files" in short.stderr
        with Store(tmp_path / "promisewatch.db") as store:
            assert sum(1 for _ in store.door.connection.execute("SELECT 1 FROM mentions")) == 9


def _take_more_than_allowed() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (2**20, 2**20))
    bytearray(2**28)
