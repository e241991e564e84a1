"""The timetable at work: `schedule` runs what is due; what is due is asked of remembered turns and of the clock that we are given.

Left to itself, `schedule` forgets its last runs when the process ends, and takes the machine's local time, which jumps.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic
from typing import NamedTuple

import schedule

from monitor.app import tell
from monitor.clock import Clock
from monitor.errors import Interrupted, MonitorError
from monitor.jobs import Job
from monitor.log import doing
from monitor.scarcity import scarcity
from monitor.storage.jobs import JobRecord
from monitor.store import Store, StoreError
from monitor.timetable import Every, following, is_due, turn
from monitor.wakeups import CLOCK_GRACE, pause_after

LONGEST_PAUSE = timedelta(minutes=10)
"""A job that fails is tried again after a minute, then later and later, at most so much later."""


class Running(NamedTuple):
    """The job that runs, since when, and the same by a clock that nobody puts back."""

    name: str
    since: datetime
    began: float


class Planner(schedule.Scheduler):
    """Runs jobs one after another, remembers their turns in the store, and outlives their failures."""

    def __init__(
        self,
        jobs: Iterable[Job],
        store: Store,
        clock: Clock,
        run: Callable[[Job, datetime], str],
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__()
        self.clock = clock
        self.records = store.jobs.all()
        self.running: Running | None = None
        self._store, self._run, self._stopped = store, run, stopped
        self._noted = True
        self.last_round: datetime | None = None
        self._latest = max((one.began for one in self.records.values() if one.began), default=None)
        self.jobs = [_Turn(self, job) for job in jobs]
        for one in self.planned:
            if one.job.name not in self.records:
                self._note(JobRecord(one.job.name, None if isinstance(one.job.when, Every) else turn(one.job.when, clock())))

    def run_pending(self) -> None:
        """Run what is due."""
        now = self.clock()
        if self._latest is not None and now + CLOCK_GRACE < self._latest:
            self._put_back(now)
        self._latest = now
        super().run_pending()
        self.last_round = self.clock()

    @property
    def planned(self) -> "list[_Turn]":
        """The jobs, in their order."""
        return [one for one in self.jobs if isinstance(one, _Turn)]

    def take(self, job: Job) -> None:
        """Run a job that is due, unless the program is to stop."""
        if not self._stopped():
            self.perform(job)

    def perform(self, job: Job) -> bool:
        """Run a job, and remember how that went; False when it failed, which is told. What is interrupted had no turn."""
        now, began = self.clock(), monotonic()
        self.running = Running(job.name, now, began)
        error = ""
        said = ""
        try:
            with doing(job.name):
                said = self._run(job, now)
        except Interrupted:
            return True
        except MonitorError as failure:
            error = _said_of(failure)
        except Exception as failure:  # noqa: BLE001 - the daemon outlives the defects of its jobs, and says them
            scarce = scarcity(failure)
            error = _said_of(scarce) if scarce else f"a defect: {type(failure).__name__}: {failure}"
        finally:
            self.running = None
        before = self.records.get(job.name, JobRecord(job.name))
        record = replace(before, began=now, seconds=round(monotonic() - began, 3), runs=before.runs + 1, said=error or said)
        if error:
            pause = min(pause_after(before.failures), LONGEST_PAUSE)
            record = replace(record, failed=before.failed + 1, failures=before.failures + 1, not_before=self.clock() + pause)
            self._tell_failure(job, before, record)
        else:
            record = replace(record, turn=turn(job.when, now), failures=0, not_before=None)
            if said:
                tell(said if said.startswith(f"{job.name}: ") else f"{job.name}: {said}")
            if before.failures:
                tell(f"{job.name}: works again")
        self._note(record)
        return not error

    def wait(self, longest: timedelta) -> float:
        """Seconds until something may be due, at most `longest`."""
        now = self.clock()
        soonest = min((one.due_at(now) for one in self.planned), default=now + longest)
        return max(0.05, min(soonest - now, longest).total_seconds())

    def _put_back(self, now: datetime) -> None:
        """What has been put off by a clock that was ahead would wait until the clock is there again."""
        tell(
            f"the clock was put back: it is {now:%Y-%m-%d %H:%M} UTC, and was later before; what waits to be sent is due", "warning"
        )
        try:
            self._store.outbox.hasten(now)
        except StoreError as error:
            tell(f"what waits to be sent cannot be made due: {error}; {error.remedy}", "error")

    def _tell_failure(self, job: Job, before: JobRecord, record: JobRecord) -> None:
        """A failure that goes on is told ever more rarely: the first, second, fourth, eighth time."""
        if record.said != before.said or record.failures & (record.failures - 1) == 0:
            times = f" (for the {record.failures}th time in a row)" if record.failures > 3 else ""
            tell(f"{job.name}: failed{times}: {record.said}; it is tried again by itself", "error")

    def _note(self, record: JobRecord) -> None:
        self.records = {**self.records, record.name: record}
        try:
            self._store.jobs.note(record)
            self._noted = True
        except StoreError as error:
            if self._noted:
                tell(f"when jobs ran cannot be noted: {error}; {error.remedy}", "error")
            self._noted = False


def _said_of(failure: MonitorError) -> str:
    return f"{failure}" + (f"; {failure.remedy}" if failure.remedy else "")


class _Turn(schedule.Job):
    """A job as `schedule` runs it."""

    def __init__(self, planner: Planner, job: Job) -> None:
        super().__init__(1, planner)
        self.job = job
        self._planner = planner

    def __lt__(self, other: object) -> bool:
        """Those that are due run in the order in which they are listed."""
        return False

    @property
    def should_run(self) -> bool:
        """Whether its turn has come."""
        return self.due_at(self._planner.clock()) <= self._planner.clock()

    def due_at(self, now: datetime) -> datetime:
        """The moment at which it is to run; `now` or earlier where that has come."""
        record = self._planner.records[self.job.name]
        due = now if is_due(self.job.when, record.turn, now) else following(self.job.when, record.turn, now)
        # A pause that is longer than any we make was noted by a clock that was wrong.
        waits = record.not_before is not None and now < record.not_before <= now + LONGEST_PAUSE
        return max(due, record.not_before) if waits and record.not_before else due

    def run(self) -> None:
        """Run it, unless the program is to stop: nothing new is begun then."""
        self._planner.take(self.job)
