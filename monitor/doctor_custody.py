"""Checks of what keeps the program running for long: the clock, its jobs, who is at work, backups, and the disk they take."""

import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from monitor import backups
from monitor.app import App
from monitor.doctor_clock import check_clock
from monitor.findings import Finding, Grade
from monitor.health import FAILS_AFTER, HANGS_AFTER, PING
from monitor.jobs import jobs
from monitor.lock import holder
from monitor.store import Store
from monitor.timetable import due_since

_OLD_COPY = timedelta(days=30)
_LATE_BACKUP = timedelta(days=2)
_UNCARED = timedelta(days=14)


def check_custody(app: App, store: Store) -> Iterator[Finding]:
    """Yield what is found about a store that opens."""
    now = app.clock()
    yield check_clock(app, store, now)
    yield from _running(app, store, now)
    yield _backups(app, store, now)
    yield from _rights(app)
    yield from _copies(app, now)


def _running(app: App, store: Store, now: datetime) -> Iterator[Finding]:
    held = holder(app.store_path)
    yield Finding("daemon", "ok", f"at work: {held}" if held else "none is at work with this store")
    records = store.jobs.all()
    for job in jobs(app.config):
        record = records.get(job.name)
        if record is None or (job.name == PING and not record.failures):
            continue
        since = due_since(job.when, record.turn, now)
        if record.failures:
            grade: Grade = "error" if record.failures >= FAILS_AFTER else "warning"
            times = "once" if record.failures == 1 else f"{record.failures} times in a row"
            yield Finding(f"job {job.name}", grade, f"failed {times}: {record.said}", "as it says; it is tried again by itself")
        elif since and now - since > HANGS_AFTER and held:
            yield Finding(
                f"job {job.name}",
                "warning",
                f"due since {since:%Y-%m-%d %H:%M} UTC",
                "see in the daemon's log what keeps it; restarting it loses nothing",
            )


def _backups(app: App, store: Store, now: datetime) -> Finding:
    age = backups.age(store, now)
    wanted = app.config.backup
    remedy = '[backup] folder = "/somewhere/else" makes one every night; `promisewatch backup FILE` makes one now'
    if age is None:
        return Finding("backup", "warning", "there is none that this store knows of", remedy)
    last = store.custody.last_backup()
    said = f"the last one is {_days(age)} old" + (f": {last.path}" if last else "")
    if age > (_LATE_BACKUP if wanted else _UNCARED):
        return Finding("backup", "warning", said, "see why the daemon makes none" if wanted else remedy)
    return Finding("backup", "ok", said)


def _rights(app: App) -> Iterator[Finding]:
    path = app.store_path
    if path.stat().st_mode & stat.S_IROTH:
        yield Finding("rights", "warning", f"everybody on this machine may read {path}", f"type: chmod o-rwx {path}*")


def _copies(app: App, now: datetime) -> Iterator[Finding]:
    """Copies that upgrades and restores left beside the store hold what has been deleted since."""
    store = app.store_path.resolve()
    found = sorted(store.parent.glob(f"{store.name}.before-upgrade")) + sorted(store.parent.glob(f"{store.name}.replaced-*"))
    old = [one for one in found if now - datetime.fromtimestamp(one.stat().st_mtime, UTC) > _OLD_COPY]
    if old:
        yield Finding(
            "copies",
            "warning",
            f"{old[0]} is older than {_OLD_COPY.days} days, and holds what has been deleted since",
            f"when all is well, type: rm {' '.join(map(str, old))}",
        )


def _days(age: timedelta) -> str:
    days = age // timedelta(days=1)
    return f"{days} days" if days > 1 else f"{age // timedelta(hours=1)} hours"
