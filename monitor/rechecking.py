"""Looking again at what was collected, where the place demands that what is deleted there is deleted here.

every stored item ──► due 40 hours after the last look ──► source.recheck, a hundred at a time ──► store.rechecks.settle
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.clock import Clock
from monitor.collecting import open_source
from monitor.config import Config
from monitor.farewell import Farewell, waited_for
from monitor.storage.values import Retracted
from monitor.store import Store
from sources.source import Recheckable, SourceError

if TYPE_CHECKING:
    from sources.http import Gateway

WITHIN = timedelta(hours=40)
"""Reddit's terms give 48 hours; what is left of them is for outages."""
AT_ONCE = 100
AT_MOST = 300
"""Questions a source is asked in one call, so that its allowance is left for what is new."""


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What looking again at one source's mentions led to, or why it could not be done, and how many still wait."""

    source: str
    done: Retracted
    waiting: int = 0
    reason: str = ""
    remedy: str = ""


def recheck(
    store: Store, config: Config, gateway: "Gateway", clock: Clock, stopped: Callable[[], bool] = lambda: False
) -> Iterator[Rechecked]:
    """Look again at what is due, source by source; one that fails stops no other, and its items stay due. Once `stopped`, no more.

    Sources whose place demands nothing, or at which nothing is due, are passed over.
    """
    states = {state.id: state for state in store.sources.states()}
    for entry in config.source:
        state = states.get(entry.source_id)
        if state is not None and state.state in {"paused", "gone"}:
            continue
        try:
            source = open_source(entry, state, gateway)
        except SourceError:
            continue  # said by collecting
        if isinstance(source, Recheckable):
            outcome = _recheck_one(store, source, entry.source_id, clock, stopped)
            if outcome.done.asked or outcome.reason:
                yield outcome


def _recheck_one(store: Store, source: Recheckable, name: str, clock: Clock, stopped: Callable[[], bool]) -> Rechecked:
    done = Retracted()
    farewell = Farewell(stopped, "what was being looked at again is looked at at the next start")
    store.rechecks.queue(name, WITHIN, clock())
    for _ in range(AT_MOST):
        now = clock()
        asked = store.rechecks.due(name, now, AT_ONCE)
        if not asked or stopped():
            break
        try:
            fates = waited_for(farewell, source.recheck, asked, now)
        except SourceError as error:
            return Rechecked(name, done, store.rechecks.count(name, now), str(error), error.remedy)
        done += store.rechecks.settle(name, asked, fates, WITHIN, now)
    return Rechecked(name, done, store.rechecks.count(name, clock()))
