"""How the running program fares: what keeps it from being ready, told by its timetable and its store."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import monotonic

from monitor.clock import Clock
from monitor.planner import Planner
from monitor.store import Store, StoreError
from monitor.timetable import due_since

PING = "ping"
LEAST_DISK_BYTES = 200_000_000
HANGS_AFTER = timedelta(hours=1)
"""How long a job may take, and how late one may be, before something is wrong."""
FAILS_AFTER = 5
"""How many failures in a row of a job are a state, and no accident."""


class Health:
    """What is wrong now. Any thread may ask that has the store open for itself."""

    def __init__(self, clock: Clock, planner: Planner) -> None:
        self.clock, self.planner = clock, planner

    def problems(self, store: Store) -> list[str]:
        """What keeps the program from being ready, in words; empty when all is well."""
        return [*_of_the_store(store), *self._of_the_jobs()]

    def _of_the_jobs(self) -> Iterator[str]:
        running = self.planner.running
        if running and monotonic() - running.began > HANGS_AFTER.total_seconds():
            yield f"the job {running.name} has been running since {running.since:%Y-%m-%d %H:%M} UTC"
        now = self.clock()
        for job in (one.job for one in self.planner.planned if one.job.name != PING):
            record = self.planner.records[job.name]
            since = due_since(job.when, record.turn, now)
            if record.failures >= FAILS_AFTER:
                yield f"the job {job.name} has failed {record.failures} times in a row: {record.said}"
            elif since and now - since > HANGS_AFTER:
                yield f"the job {job.name} has been due since {since:%Y-%m-%d %H:%M} UTC"


def _of_the_store(store: Store) -> Iterator[str]:
    try:
        with store.door.writing():
            pass
    except StoreError as error:
        yield f"the store cannot be written: {error}"
    try:
        free = shutil.disk_usage(Path(store.door.path).resolve().parent).free
    except OSError as error:
        yield f"the disk of the store cannot be asked: {error}"
        return
    if free < LEAST_DISK_BYTES:
        yield f"only {free / 1e6:.0f} MB are free beside the store"
