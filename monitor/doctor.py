"""Checks of everything that the program stands on; each finding has a remedy."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from monitor.app import App
from monitor.collecting import open_source
from monitor.delivering import check_outbox
from monitor.doctor_custody import check_custody
from monitor.errors import MonitorError
from monitor.findings import Finding, Grade
from monitor.storage.values import SourceState
from reports.typography import counted
from sources.source import SourceError

LOW_DISK_BYTES = 1_000_000_000
OVERDUE = timedelta(hours=4)


def examine(app: App) -> Iterator[Finding]:
    """Yield a finding for every check; one that fails never hides the others."""
    try:
        config = app.config
    except MonitorError as error:
        yield Finding("configuration", "error", str(error), error.remedy)
        return
    yield Finding(
        "configuration", "ok", f"{app.config_path}: {counted(len(config.brand), 'brand')}, {counted(len(config.source), 'source')}"
    )
    yield from _brands(app)
    yield from _store(app)
    yield from _channels(app)
    yield from _model(app)


def _brands(app: App) -> Iterator[Finding]:
    for brand in app.config.brand:
        if not brand.promise:
            yield Finding(
                f"brand {brand.id}", "warning", "makes no promise", "add [[brand.promise]]: without, there is no gap to report"
            )
    contact = app.config.network.contact
    if app.config.source and (not contact or contact.endswith("@example.org")):
        yield Finding(
            "network", "warning", "nobody to contact", "set [network] contact: sites block readers that nobody answers for"
        )


def _store(app: App) -> Iterator[Finding]:
    path = app.store_path
    free = shutil.disk_usage(path.parent if path.parent.exists() else "/").free
    grade: Grade = "ok" if free > LOW_DISK_BYTES else "warning"
    yield Finding(
        "disk", grade, f"{free / 1e9:.1f} GB free beside {path}", "" if grade == "ok" else "make room, or move [store] path"
    )
    try:
        with app.open_store() as store:
            damage = store.file.integrity_check()
            states = store.sources.states()
            waiting = store.readings.count_unread()
            late = {one.id: store.rechecks.count(one.id, app.clock() - OVERDUE) for one in states}
            custody = [*check_custody(app, store), *check_outbox(store)]
            again = store.versions.rereading()
    except MonitorError as error:
        yield Finding("store", "error", str(error), error.remedy)
        return
    if damage:
        yield Finding("store", "error", damage[0], "restore the latest backup; keep the damaged file")
    else:
        yield Finding("store", "ok", f"{path} is sound; {counted(waiting, 'mention')} to be read")
    yield from custody
    if again is not None:
        message = (
            f"{again.version} reads history again: {counted(again.left, 'mention')} left, and reports stay with the earlier version"
        )
        yield Finding("readings", "ok", message)
    yield from _sources(app, states, late)


def _sources(app: App, states: Sequence[SourceState], late: Mapping[str, int]) -> Iterator[Finding]:
    """How each source fares, on which rung of its ladder it stands where it has one, and what should have been looked at again."""
    known = {state.id: state for state in states}
    for entry in app.config.source:
        state = known.get(entry.source_id)
        said = _fares(state)
        try:
            rung = getattr(open_source(entry, state, app.gateway()), "rung", "")
        except SourceError as error:
            yield Finding(f"source {entry.source_id}", "error", str(error), error.remedy)
            continue
        message = f"{said}; {rung}" if rung else said
        grade: Grade = "warning" if state and (state.error or state.state == "paused") else "ok"
        remedy = (state.remedy or _REMEDY.get(state.state, "it is tried again by itself")) if state and grade != "ok" else ""
        yield Finding(f"source {entry.source_id}", grade, message, remedy)
        if late.get(entry.source_id):
            yield Finding(
                f"source {entry.source_id}",
                "warning",
                f"{late[entry.source_id]:,} of its mentions should have been looked at again: what is deleted there must go here",
                "let `promisewatch run` work, or type `promisewatch once` every hour",
            )


_REMEDY = {"paused": "`promisewatch sources resume` takes it up again", "gone": "remove it, or give its new address"}


def _fares(state: SourceState | None) -> str:
    heard = "not heard yet" if state is None or state.collected is None else f"last heard {state.collected:%Y-%m-%d %H:%M} UTC"
    if state is None or not state.error:
        return f"{state.state if state else 'active'}, {heard}"
    times = "once" if state.failures == 1 else f"{state.failures} times"
    return f"{state.state}, {heard}, failed {times}: {state.error}"


def _channels(app: App) -> Iterator[Finding]:
    from monitor.channels import check_channels, surroundings  # noqa: PLC0415 - loads what sends

    yield from check_channels(app.config, surroundings(app.config, os.environ))


def _model(app: App) -> Iterator[Finding]:
    try:
        reader = app.reader()
    except MonitorError as error:
        yield Finding("model", "error", str(error), error.remedy)
        return
    yield Finding("model", "ok", f"{reader.version} loads")
