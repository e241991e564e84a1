"""What the daemon does regularly: one line a job. What a job does lies in a file of its own, imported when it runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.app import App
from monitor.config import Config
from monitor.config_custody import FOR_EVER
from monitor.farewell import Farewell, waited_for
from monitor.model_process import HERE, Models
from monitor.store import Store
from monitor.timetable import Daily, Every, When, daily
from reports.typography import counted

if TYPE_CHECKING:
    from monitor.collecting import Collected
    from sources.http import Gateway

__all__ = ("Daily", "Every", "Job", "When", "Work", "daily", "jobs")

ROUND = timedelta(seconds=15)
LONG_AGO = timedelta(days=30)


@dataclass(frozen=True)
class Work:
    """What a job is given: the program, its open store, the present time, and whether it is to stop soon.

    `by_turns` asks jobs with much to do to do some of it and leave the rest for their next turn. `heard` is told what came of each
    source, and `problems` tells what keeps the program from being ready. `models` is where texts are read.
    """

    app: App
    store: Store
    now: datetime
    stopped: Callable[[], bool] = lambda: False
    by_turns: bool = False
    heard: Callable[["Collected"], None] = lambda _outcome: None
    problems: Callable[[], Sequence[str]] = tuple
    models: Models = HERE

    @property
    def config(self) -> Config:
        """The configuration that is in force."""
        return self.app.config

    def gateway(self) -> "Gateway":
        """The network, as the configuration allows it."""
        return self.app.gateway()


@dataclass(frozen=True)
class Job:
    """Something to do when its turn comes. `run` returns a line about what it did, or "" where there was nothing to do.

    Jobs run one after another. One that takes long looks at `Work.stopped` and returns early; what is left waits for its next turn.
    """

    name: str
    when: When
    run: Callable[[Work], str]


def jobs(config: Config) -> tuple[Job, ...]:
    """Return all jobs of a configuration, in the order in which they run when several are due."""
    zone = config.brand[0].timezone if config.brand else "UTC"
    return (
        Job("collect", Every(ROUND), _collect),
        Job("read", Every(ROUND), _read),
        Job("cases", Every(timedelta(minutes=1)), _cases),
        Job("index", Every(timedelta(minutes=1)), _index),
        Job("recheck", Every(timedelta(hours=1)), _recheck),
        *([Job("digest", Every(timedelta(minutes=1)), _digest)] if config.digest and config.digest.to else []),
        *([Job("alerts", Every(timedelta(minutes=10)), _alerts)] if config.alert else []),
        Job("deliver", Every(ROUND), _deliver),
        Job("outbox", daily("03:30", zone), _tidy),
        Job("causes", daily(config.causes.at, zone), _causes),
        *([Job("purge", daily("03:00", zone), _purge)] if config.retention != FOR_EVER else []),
        *([Job("backup", daily(config.backup.at, zone), _backup)] if config.backup else []),
        *([Job("ping", Every(timedelta(minutes=1)), _ping)] if config.health and config.health.ping else []),
    )


def _collect(work: Work) -> str:
    from monitor.rounds import collect_due  # noqa: PLC0415

    return collect_due(work)


def _read(work: Work) -> str:
    from monitor.rounds import read_some  # noqa: PLC0415

    return read_some(work)


def _cases(work: Work) -> str:
    from monitor.case_watch import open_due_cases, warn_of_breaches  # noqa: PLC0415

    done = [open_due_cases(work.store, work.config, work.now, work.stopped)]
    if not work.stopped():
        done.append(warn_of_breaches(work.store, work.config, work.now))
    return "; ".join(filter(None, done))


def _index(work: Work) -> str:
    """Fill the full-text index with what came in, so that no search has to."""
    done = 0
    while not work.stopped() and (some := work.store.searching.index_due()):
        done += some
        if work.by_turns:
            break
    return f"indexed {done:,} mentions" if done else ""


def _alerts(work: Work) -> str:
    from monitor.alerts import watch_due  # noqa: PLC0415

    # Who looks at counts counts what is stale, and cannot be stopped meanwhile.
    work.store.evidence.refresh(stopped=work.stopped)
    return watch_due(work.store, work.config, work.now, stopped=work.stopped)


def _recheck(work: Work) -> str:
    from monitor.rounds import look_again  # noqa: PLC0415

    return look_again(work)


def _digest(work: Work) -> str:
    from monitor.digests import queue_due_digests  # noqa: PLC0415

    queued = queue_due_digests(work.store, work.config, work.now, work.stopped)
    return f"queued {counted(queued, 'digest')}" if queued else ""


def _deliver(work: Work) -> str:
    from monitor.delivering import deliver  # noqa: PLC0415

    return deliver(work.store, work.config, work.app.clock, work.stopped, by_turns=work.by_turns)


def _tidy(work: Work) -> str:
    from monitor.delivering import tidy  # noqa: PLC0415

    tidied = tidy(work.store, work.now)
    return f"forgot {counted(tidied, 'old message')}" if tidied else ""


def _causes(work: Work) -> str:
    from monitor.causes import find_due_causes  # noqa: PLC0415

    return find_due_causes(work.store, work.config, work.models.embedder(work.app), work.now, work.stopped).summary()


def _purge(work: Work) -> str:
    from monitor.retention import purge_due  # noqa: PLC0415

    last = work.store.jobs.all()["purge"].turn
    if last is not None and work.now - last > LONG_AGO:
        # A clock that is far ahead would take everything for old; by tomorrow somebody has seen it.
        return f"waits a day, since the last turn was {(work.now - last).days} days ago by this clock"
    return purge_due(work.store, work.config, work.now, work.stopped)


def _backup(work: Work) -> str:
    from monitor.backups import back_up  # noqa: PLC0415

    return back_up(work.store, work.config.backup, work.app.folder, work.now, work.stopped)


def _ping(work: Work) -> str:
    from monitor.pinging import ping  # noqa: PLC0415

    return waited_for(
        Farewell(work.stopped, "whoever waits for the ping hears of the stop"), ping, work.config, work.problems(), work.now
    )
