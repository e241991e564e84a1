"""Collecting: what is due is fetched and parsed by many workers, and kept by one writer, the thread that asks for it.

due sources ──► lanes, one a host ──► workers: source.collect ──► matcher ──► store.mentions.keep (one transaction with the cursor)
                                                             └──► nothing new: one transaction for all that came meanwhile

Killed at any moment, it has forgotten only what it has not kept, and asks for that again: a cursor is never ahead of its mentions.
"""

import os
import random
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from monitor.clock import Clock
from monitor.config import Config
from monitor.config_sources import SourceConfig
from monitor.errors import Interrupted
from monitor.farewell import LOOKS_SECONDS, Farewell
from monitor.matching import Matcher
from monitor.scarcity import scarcity
from monitor.storage.values import Kept, SourceCondition, SourceState
from monitor.store import Store
from monitor.wakeups import CLOCK_GRACE, LONGEST_WAIT, interval
from sources.apart import Apart, here
from sources.kinds import Opening, find_kind
from sources.processes import Processes
from sources.source import Batch, Cursor, LocalError, Source, SourceError, TemporaryError

if TYPE_CHECKING:
    from sources.http import Gateway

Chance = Callable[[], float]
_MOST_PROCESSES = 4
_TOGETHER = 200
"""Results without news that share a transaction at most."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What came of one source: counts, or the error that kept us from hearing it.

    `state` is how the source stands now, and `was` how it stood before.
    """

    source: str
    kept: Kept = field(default_factory=Kept)
    heard: str = "ok"
    reason: str = ""
    remedy: str = ""
    skipped: tuple[str, ...] = ()
    state: SourceCondition = "active"
    was: SourceCondition = "active"


def is_due(state: SourceState | None, every: timedelta, now: datetime, *, everything: bool = False) -> bool:
    """Tell whether a source's turn has come: it is not paused or gone, need not wait, and was last heard long enough ago.

    With `everything`, only those stay out that are paused, gone, or have asked us to wait. What was noted in the future, or a wait
    longer than any, is of a clock that was wrong, and holds nothing up.
    """
    if state is None:
        return True
    wrong = state.collected is not None and state.collected > now + CLOCK_GRACE
    waits = state.not_before is not None and now < state.not_before <= now + LONGEST_WAIT and not wrong
    if state.state in {"paused", "gone"} or (waits and (state.state == "limited" or not everything)):
        return False
    if everything or wrong or state.collected is None:
        return True
    quiet = state.collected - state.news if state.news else timedelta(0)
    return now - state.collected >= interval(every, quiet)


def due_sources(store: Store, config: Config, now: datetime, *, everything: bool = False) -> list[SourceConfig]:
    """Return the configured sources whose turn has come (see `is_due`)."""
    states = {state.id: state for state in store.sources.states()}
    return [one for one in config.source if is_due(states.get(one.source_id), one.every, now, everything=everything)]


def open_source(
    config: SourceConfig,
    state: SourceState | None,
    gateway: "Gateway",
    environment: Mapping[str, str] = os.environ,
    apart: Apart = here,
) -> Source:
    """Return the source that a configuration entry describes, at the address that it has moved to.

    Raises:
        SourceError: it cannot be opened, for want of a secret perhaps.
    """
    moved_to = state.moved_to if state else ""
    return find_kind(config.kind).open(
        Opening(config.source_id, config.options, config.voice, gateway, environment, moved_to, apart)
    )


def collect(
    store: Store,
    config: Config,
    gateway: "Gateway",
    clock: Clock,
    *,
    everything: bool = False,
    workers: int | None = None,
    stopped: Callable[[], bool] = lambda: False,
    chance: Chance = random.random,
) -> Iterator[Collected]:
    """Collect from every source whose turn has come, in whatever order they answer; a failing source stops no other.

    One worker asks one after the other. Once `stopped`, no other source is asked, and those that do not answer soon are left.

    Raises:
        Interrupted: some were left; they are asked at the next start.
    """
    states = {state.id: state for state in store.sources.states()}
    due = [one for one in config.source if is_due(states.get(one.source_id), one.every, clock(), everything=everything)]
    if not due:
        return
    writer = _Writer(store, Matcher(config.brand, config.match), config.network.failing_after, chance)
    farewell = Farewell(stopped, "sources that did not answer are asked at the next start")
    with _Crew(workers or config.network.workers, gateway, clock, states, farewell) as crew:
        lanes = _Lanes(due, states, config.network.per_host)
        unchanged: list[_Answer] = []
        while True:
            while crew.has_room and not stopped() and (entry := lanes.following()):
                crew.ask(entry)
            if not crew.under_way:
                break
            for answer in crew.answers():
                lanes.done(answer.entry)
                if isinstance(answer.brought, Batch) and not answer.brought.mentions and not answer.brought.skipped:
                    unchanged.append(answer)
                else:
                    yield writer.take(answer)
            if unchanged and (len(unchanged) >= _TOGETHER or crew.is_waited_for):
                yield from writer.take_unchanged(unchanged)
                unchanged = []
        yield from writer.take_unchanged(unchanged)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a source brought when it was asked at `now`."""

    entry: SourceConfig
    state: SourceState | None
    brought: Batch | SourceError
    now: datetime


class _Crew:
    """Workers that fetch and parse. No more is under way than they can do soon, so that memory stays flat."""

    def __init__(
        self, workers: int, gateway: "Gateway", clock: Clock, states: Mapping[str, SourceState], farewell: Farewell
    ) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="collect")
        self._answers: SimpleQueue[_Answer] = SimpleQueue()
        self._room = workers if workers == 1 else 2 * workers
        self._gateway, self._clock, self._states, self._farewell = gateway, clock, states, farewell
        self._apart = Processes(1 if workers == 1 else min(_MOST_PROCESSES, os.cpu_count() or 1))
        self.under_way = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        waits = not isinstance(error, Interrupted)
        self._pool.shutdown(wait=waits, cancel_futures=True)
        self._apart.close(wait=waits)

    @property
    def has_room(self) -> bool:
        return self.under_way < self._room

    @property
    def is_waited_for(self) -> bool:
        """Whether nothing has come that could be kept meanwhile."""
        return self._answers.empty()

    def ask(self, entry: SourceConfig) -> None:
        self.under_way += 1
        self._pool.submit(self._ask, entry)

    def answers(self) -> Iterator[_Answer]:
        """Wait for an answer, and yield it and all that have come with it. Raises Interrupted where nobody answers."""
        answer: _Answer | None = self._awaited()
        while answer is not None:
            self.under_way -= 1
            yield answer
            try:
                answer = self._answers.get_nowait()
            except Empty:
                answer = None

    def _awaited(self) -> _Answer:
        while True:
            try:
                return self._answers.get(timeout=LOOKS_SECONDS)
            except Empty:
                self._farewell.check()

    def _ask(self, entry: SourceConfig) -> None:
        state, now = self._states.get(entry.source_id), self._clock()
        brought: Batch | SourceError
        try:
            brought = _heard(open_source(entry, state, self._gateway, apart=self._apart), state.cursor if state else {}, now)
        except SourceError as error:
            brought = _defect(error) if scarcity(error) else error
        except Exception as error:  # noqa: BLE001 - no defect of one source stops the others: it is a failure like any
            brought = _defect(error)
        self._answers.put(_Answer(entry, state, brought, now))


def _heard(source: Source, cursor: Cursor, now: datetime) -> Batch:
    batch = source.collect(cursor, now)
    foreign = next((one.source for one in batch.mentions if one.source != source.id), None)
    if foreign is not None:
        raise TemporaryError(f"a defect in this source: it brings mentions as {foreign!r}", remedy="please report it")
    return batch


def _defect(error: Exception) -> TemporaryError:
    if scarce := scarcity(error):
        defect: TemporaryError = LocalError(str(scarce), remedy=scarce.remedy)
    else:
        defect = TemporaryError(
            f"a defect in this source: {type(error).__name__}: {error}", remedy="please report it, with the source's text"
        )
    defect.__cause__ = error
    return defect


class _Writer:
    """Keeps what the workers bring."""

    def __init__(self, store: Store, matcher: Matcher, patience: int, chance: Chance) -> None:
        self._store, self._matcher, self._patience, self._chance = store, matcher, patience, chance

    def take(self, answer: _Answer) -> Collected:
        """Keep what a source brought, or note that it failed, in a transaction of its own."""
        entry, brought = answer.entry, answer.brought
        was: SourceCondition = answer.state.state if answer.state else "active"
        if isinstance(brought, SourceError):
            state = self._store.sources.failed(entry.source_id, brought, answer.now, patience=self._patience, chance=self._chance())
            return Collected(entry.source_id, heard="blind", reason=str(brought), remedy=brought.remedy, state=state, was=was)
        match = self._matcher.for_source(entry.brands, entry.kind)
        kept = self._store.mentions.keep(entry.source_id, brought, match, answer.now, entry.every)
        skipped = tuple(one.reason for one in brought.skipped)
        return Collected(entry.source_id, kept, brought.heard, brought.reason, skipped=skipped, was=was)

    def take_unchanged(self, answers: Sequence[_Answer]) -> Iterable[Collected]:
        """Note that sources were heard and had nothing new, all in one transaction."""
        heard = [(one.entry, one.brought, one.now, one.state) for one in answers if isinstance(one.brought, Batch)]
        if heard:
            self._store.sources.unchanged((entry.source_id, batch, now, entry.every) for entry, batch, now, _ in heard)
        return [
            Collected(entry.source_id, heard=batch.heard, reason=batch.reason, was=state.state if state else "active")
            for entry, batch, _, state in heard
        ]


@dataclass
class _Lane:
    """The sources of one host that wait for their turn."""

    waiting: deque[SourceConfig] = field(default_factory=deque)
    busy: int = 0


class _Lanes:
    """Sources by host, only a few of each at a time: no host keeps the workers from the others."""

    def __init__(self, entries: Iterable[SourceConfig], states: Mapping[str, SourceState], at_once: int) -> None:
        self._at_once = at_once
        self._lane_of: dict[str, _Lane] = {}
        lanes: dict[str, _Lane] = {}
        for entry in entries:
            state = states.get(entry.source_id)
            lane = lanes.setdefault(_host((state and state.moved_to) or entry.address) or entry.kind, _Lane())
            lane.waiting.append(entry)
            self._lane_of[entry.source_id] = lane
        self._free = deque(lanes.values())

    def following(self) -> SourceConfig | None:
        """Return the next source whose host has room; None when there is none now."""
        if not self._free:
            return None
        lane = self._free.popleft()
        lane.busy += 1
        entry = lane.waiting.popleft()
        if lane.waiting and lane.busy < self._at_once:
            self._free.append(lane)
        return entry

    def done(self, entry: SourceConfig) -> None:
        """A source has answered: its host has room again."""
        lane = self._lane_of[entry.source_id]
        if lane.waiting and lane.busy == self._at_once:
            self._free.append(lane)
        lane.busy -= 1


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
