"""Checks of everything that the program stands on; each finding has a remedy."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from monitor.app import App
from monitor.errors import MonitorError

Grade = Literal["ok", "warning", "error"]
LOW_DISK_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, how it stands, and what to do when it does not stand well."""

    check: str
    grade: Grade
    message: str
    remedy: str = ""


def examine(app: App) -> Iterator[Finding]:
    """Yield a finding for every check; one that fails never hides the others."""
    try:
        config = app.config
    except MonitorError as error:
        yield Finding("configuration", "error", str(error), error.remedy)
        return
    yield Finding("configuration", "ok", f"{app.config_path}: {len(config.brand)} brands, {len(config.source)} sources")
    yield from _brands(app)
    yield from _store(app)
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
            damage = store.integrity_check()
            states = store.sources_state()
            waiting = store.count_unread()
    except MonitorError as error:
        yield Finding("store", "error", str(error), error.remedy)
        return
    if damage:
        yield Finding("store", "error", damage[0], "restore the latest backup; keep the damaged file")
    else:
        yield Finding("store", "ok", f"{path} is sound; {waiting:,} mentions wait to be read")
    configured = {one.source_id for one in app.config.source}
    for one in states:
        if one.id in configured and one.error:
            yield Finding(f"source {one.id}", "warning", one.error, one.remedy or "it is tried again by itself")


def _model(app: App) -> Iterator[Finding]:
    try:
        reader = app.reader()
    except MonitorError as error:
        yield Finding("model", "error", str(error), error.remedy)
        return
    yield Finding("model", "ok", f"{reader.version} loads")
