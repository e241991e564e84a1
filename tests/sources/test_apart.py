"""Functions run in other processes as they would here."""

import os
import signal
from collections.abc import Iterator

import pytest

from sources.apart import here
from sources.processes import Processes
from sources.source import MalformedError


@pytest.fixture
def processes() -> Iterator[Processes]:
    found = Processes(2, worth=1)
    yield found
    found.close()


def refuse() -> None:
    raise MalformedError("no feed", remedy="give a feed")


def end_unless(pid: int) -> int:
    """End the process that this runs in, unless it is the one with this id."""
    if os.getpid() != pid:
        os.kill(os.getpid(), signal.SIGKILL)
    return pid


def test_the_first_ones_run_here_and_the_rest_elsewhere(processes: Processes) -> None:
    pids = [processes(os.getpid) for _ in range(3)]
    assert pids[0] == os.getpid() == here(os.getpid)
    assert os.getpid() not in pids[1:]


def test_a_failure_comes_back_whole(processes: Processes) -> None:
    processes(os.getpid)
    with pytest.raises(MalformedError, match="no feed") as caught:
        processes(refuse)
    assert caught.value.remedy == "give a feed"


def test_a_process_that_somebody_ended_costs_nothing_but_time(processes: Processes) -> None:
    processes(os.getpid)
    assert processes(end_unless, os.getpid()) == os.getpid()


def test_a_machine_with_one_core_needs_no_processes() -> None:
    alone = Processes(1, worth=1)
    assert {alone(os.getpid) for _ in range(3)} == {os.getpid()}
