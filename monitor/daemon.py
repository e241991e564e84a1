"""The daemon: does what is due, again and again, until it is asked to stop. The store knows what is due, not the process."""

import threading
from collections.abc import Callable

import schedule

from monitor.app import App, tell
from monitor.collecting import Collected, collect
from monitor.errors import MonitorError
from monitor.pipeline import read
from monitor.rechecking import recheck
from monitor.store import Store
from reports.typography import counted

LOOK_EVERY_SECONDS = 15
RECHECK_EVERY_HOURS = 1


def once(app: App, store: Store, said: Callable[[Collected], None], stopped: Callable[[], bool] = lambda: False) -> int:
    """Collect what is due, read what is unread; return how many sources could not be heard. Once `stopped`, begin nothing new."""
    blind = 0
    for outcome in collect(store, app.config, app.gateway(), app.clock, stopped=stopped):
        said(outcome)
        blind += outcome.heard == "blind"
    # Asking by version makes a new model read history again; the version is known without loading the weights.
    if store.unread(app.model_version(), 1):
        # The model is loaded for the work and let go afterwards: a waiting daemon stays small.
        reader = app.reader()
        store.note_model(reader.version, reader.priors)
        result = read(store, app.config, reader)
        tell(f"read {counted(result.read, 'mention')}")
    return blind


def look_again(app: App, store: Store, stopped: Callable[[], bool] = lambda: False) -> None:
    """Delete what was deleted where it was published, as far as it is due to be looked at (see `monitor/rechecking.py`)."""
    for outcome in recheck(store, app.config, app.gateway(), app.clock, stopped=stopped):
        if outcome.done.removed or outcome.done.anonymous:
            gone = f"{counted(outcome.done.removed, 'text')} and {counted(outcome.done.anonymous, 'author')}"
            tell(f"{outcome.source}: removed {gone} that were deleted there")
        if outcome.reason:
            tell(f"{outcome.source}: {counted(outcome.waiting, 'mention')} could not be looked at again: {outcome.reason}")


def run(app: App, store: Store, stop: threading.Event, said: Callable[[Collected], None]) -> None:
    """Run `once` every few seconds until `stop` is set. A round that fails is reported and tried again; it ends nothing."""

    def surviving(work: Callable[[], object]) -> None:
        try:
            work()
        except MonitorError as error:
            tell(f"{error}" + (f"; {error.remedy}" if error.remedy else ""))
        except Exception as error:  # noqa: BLE001 - the daemon outlives its own defects, and says them
            tell(f"a defect: {type(error).__name__}: {error}; the next round tries again")

    def round_() -> None:
        surviving(lambda: once(app, store, said, stop.is_set))

    plan = schedule.Scheduler()
    plan.every(LOOK_EVERY_SECONDS).seconds.do(round_)
    plan.every(RECHECK_EVERY_HOURS).hours.do(surviving, lambda: look_again(app, store, stop.is_set))
    round_()
    surviving(lambda: look_again(app, store, stop.is_set))
    while not stop.wait(max(0.1, plan.idle_seconds or 0.0)):
        plan.run_pending()
