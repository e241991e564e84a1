"""The daemon: does what is due, again and again, until it is asked to stop. The store knows what is due, not the process.

signals ──► run: one configuration after another ──► planner: one job after another ──► store
                        └──► doors (inbound, health), each a thread of its own
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.app import App, tell
from monitor.collecting import Collected
from monitor.doors import dashboard, open_door, open_health_door
from monitor.errors import MonitorError
from monitor.health import Health
from monitor.jobs import Job, Work, jobs
from monitor.lock import holding
from monitor.model_process import HERE, Models
from monitor.planner import Planner
from monitor.rounds import tell_collected
from monitor.signals import Signals
from monitor.store import Store
from reports.typography import counted

LOOK = timedelta(seconds=5)
"""How often the clock is looked at, whatever the timetable says: it may have been put forward."""

Jobs = Callable[[App], tuple[Job, ...]]


def jobs_of(app: App) -> tuple[Job, ...]:
    """The jobs of a program's configuration."""
    return jobs(app.config)


def once(app: App, heard: Callable[[Collected], None] = tell_collected, jobs_of: Jobs = jobs_of) -> bool:
    """Do each job that is due, one time and to its end; False when one failed.

    Raises:
        MonitorError: the store cannot be opened, or a daemon is at work with it.
    """
    app.config  # noqa: B018 - what is wrong with it is told before anything else
    with holding(app.store_path, "once", app.clock()), app.open_store() as store:

        def do(job: Job, now: datetime) -> str:
            return job.run(Work(app, store, now, heard=heard, problems=lambda: health.problems(store)))

        planner = Planner(jobs_of(app), store, app.clock, do)
        health = Health(app.clock, planner)
        planner.run_pending()
        return not any(planner.records[one.job.name].failures for one in planner.planned)


def run(
    app: App,
    signals: Signals,
    heard: Callable[[Collected], None] = tell_collected,
    jobs_of: Jobs = jobs_of,
    *,
    serve: bool = False,
    models: Models = HERE,
) -> None:
    """Work until asked to stop. Asked to read the configuration again, it goes on with the new one, or the old if that is wrong.

    Raises:
        MonitorError: it cannot begin: the configuration is wrong, the store cannot be opened, a door is taken.
    """
    app.config  # noqa: B018 - as above

    def opened(app: App) -> AbstractContextManager[_Daemon]:
        return _opened(app, signals, heard, jobs_of, serve, models)

    with holding(app.store_path, "run", app.clock()), ExitStack() as house:
        daemon = house.enter_context(opened(app))
        tell(f"listening to {counted(len(app.config.source), 'source')} for {counted(len(app.config.brand), 'brand')}")
        while (wanted := daemon.live()) is not None:
            house.close()
            try:
                daemon = house.enter_context(opened(wanted))
                app = wanted
                tell("the new configuration is in force")
            except MonitorError as error:
                tell(f"the new configuration cannot be put in force: {error}; {error.remedy}; the old one stays", "error")
                daemon = house.enter_context(opened(app))


@dataclass
class _Daemon:
    """The daemon with one configuration."""

    app: App
    store: Store
    signals: Signals
    planner: Planner

    def live(self) -> App | None:
        """Do what is due until asked to stop (None), or to go on with another configuration, which is returned."""
        while not self.signals.stopped():
            if self.signals.reloads() and (wanted := self._reloaded()):
                return wanted
            self.planner.run_pending()
            if not self.signals.stopped():
                self.signals.wait(self.planner.wait(LOOK))
        return None

    def _reloaded(self) -> App | None:
        """Return the program with the configuration as it is now; None when it is wrong, which is told."""
        wanted = replace(self.app)
        try:
            path = wanted.store_path
        except MonitorError as error:
            tell(f"the configuration was not read again: {error}" + (f"; {error.remedy}" if error.remedy else ""), "error")
            tell("going on with the one in force")
            return None
        if path != self.app.store_path:
            tell(f"the configuration was not read again: it names another store, {path}; restart for that", "error")
            return None
        return wanted


@contextmanager
def _opened(
    app: App, signals: Signals, heard: Callable[[Collected], None], jobs_of: Jobs, serve: bool, models: Models
) -> Iterator[_Daemon]:
    """Open the store and the doors of a configuration, the dashboard's too where it is to `serve`."""
    with ExitStack() as opened:
        store = opened.enter_context(app.open_store())

        def do(job: Job, now: datetime) -> str:
            return job.run(
                Work(
                    app,
                    store,
                    now,
                    signals.stopped,
                    by_turns=True,
                    heard=heard,
                    problems=lambda: health.problems(store),
                    models=models,
                )
            )

        planner = Planner(jobs_of(app), store, app.clock, do, signals.stopped)
        health = Health(app.clock, planner)
        opened.enter_context(open_door(app, app.config.inbound))
        opened.enter_context(open_health_door(app, health))
        if serve:
            opened.enter_context(dashboard(app, warm=True))
        yield _Daemon(app, store, signals, planner)
