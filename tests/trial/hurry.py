"""The daemon by a clock that is put forward whenever it has done what is due, as a process of its own: days go by in minutes.

python -m tests.trial.hurry CONFIGURATION CLOCK

Else it is the daemon that `promisewatch run` starts, but for reading, which asks no network, and the time limits of requests.
"""

import mmap
import os
import signal
import struct
import sys
import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from monitor import daemon
from monitor.app import App
from monitor.jobs import Every, Job
from monitor.log import logging_as
from monitor.signals import Signals
from sources.http import Gateway, Limits
from sources.pace import Pace

LIMITS = Limits(connect=2, read=2, total=2, size=1_000_000)
JOBS = {"collect": timedelta(minutes=1), "recheck": timedelta(hours=1), "index": timedelta(minutes=10)}
_TIMES = struct.Struct("dd")


class SharedClock:
    """A clock in a file, shared by processes: it stands still until it is put forward. `rested` is when the daemon was done."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._times = mmap.mmap(file.fileno(), _TIMES.size)

    @classmethod
    def begun(cls, path: Path, at: datetime) -> "SharedClock":
        path.write_bytes(_TIMES.pack(at.timestamp(), 0))
        return cls(path)

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(_TIMES.unpack(self._times[:])[0], UTC)

    def forward(self, by: timedelta) -> None:
        struct.pack_into("d", self._times, 0, (self() + by).timestamp())

    @property
    def rested(self) -> bool:
        """Whether everything was done that is due now."""
        now, rested = _TIMES.unpack(self._times[:])
        return bool(now == rested)

    def rest(self) -> None:
        struct.pack_into("d", self._times, 8, self().timestamp())


@dataclass(frozen=True)
class HurriedApp(App):
    """The program, impatient."""

    def gateway(self) -> Gateway:
        return self._impatient

    @cached_property
    def _impatient(self) -> Gateway:
        network = self.config.network
        return Gateway(network.contact, network.allow_private_addresses, LIMITS, pace=Pace(network.per_host, 0))


class HurriedSignals(Signals):
    """Says that everything is done, and waits for the clock to go on."""

    def __init__(self, clock: SharedClock) -> None:
        super().__init__()
        self._clock = clock

    def wait(self, seconds: float) -> None:
        self._clock.rest()
        while self._clock.rested and not self.stopped():
            time.sleep(0.005)


def jobs_of(app: App) -> tuple[Job, ...]:
    return tuple(replace(one, when=Every(JOBS[one.name])) for one in daemon.jobs_of(app) if one.name in JOBS)


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(1)


def main() -> None:
    clock = SharedClock(Path(sys.argv[2]))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with logging_as("text", clock), HurriedSignals(clock) as signals:
        signal.signal(signal.SIGTERM, lambda *_: signals.stop())
        daemon.run(HurriedApp(Path(sys.argv[1]), clock), signals, jobs_of=jobs_of)


if __name__ == "__main__":
    main()
