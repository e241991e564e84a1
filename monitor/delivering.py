"""Delivery: what waits in the outbox goes out, at least once, each channel for itself.

claim ──► send ──► sent | postponed | dead letter          (killed in between: the claim runs out, and it is sent again by its name)
"""

import os
import random
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from time import monotonic
from typing import Literal

from monitor.channels import DeliveryError, Surroundings, find_channel, open_channel, surroundings
from monitor.clock import Clock
from monitor.config import Config
from monitor.errors import Interrupted
from monitor.farewell import LOOKS_SECONDS, Farewell
from monitor.findings import Finding
from monitor.storage.outbox import Message, Queued
from monitor.store import Store
from reports.typography import counted

AT_ONCE = 8
LEASE = timedelta(minutes=5)
"""How long a message is somebody's who sends it: longer than any channel may take, and renewed while it is being sent."""
RENEWED_SECONDS = 60.0
FAREWELL_SECONDS = 16.0
"""How long a place may still take once the program is to stop; a webhook never takes longer, and who hangs up early sends twice."""
TURN_SECONDS = 60.0
"""How long the daemon begins new messages, before its other jobs have their turn."""
HOUR = timedelta(hours=1)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=2)
KEPT = timedelta(days=400)
"""How long it is remembered that something was sent: longer than anything is queued again."""

Fate = Literal["sent", "postponed", "dead"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one message; `until` is when a postponed one is tried again."""

    letter: Queued
    fate: Fate
    error: str = ""
    remedy: str = ""
    until: datetime | None = None


def deliver_due(
    store: Store,
    config: Config,
    clock: Clock,
    world: Surroundings,
    chance: Callable[[], float],
    stopped: Callable[[], bool] = lambda: False,
    enough: Callable[[], bool] = lambda: False,
) -> Iterator[Delivery]:
    """Send everything that is due and yield what became of it. `chance` (0–1) spreads the moments of further tries.

    Channels are served side by side, each in its order: one that hangs keeps no other waiting. Once `stopped`, or when it is
    `enough`, nothing new begins.

    Raises:
        Interrupted: it is `stopped`, and a place has not answered for long; it gets the same message again, by the same name.
    """
    waiting = iter(store.outbox.channels_due(clock()))
    farewell = Farewell(stopped, "what no place has taken yet is sent again at the next start", FAREWELL_SECONDS)
    with _pool() as pool:
        renewed = monotonic()
        running: dict[Future[DeliveryError | None], Queued] = {}

        def begin(channel: str) -> bool:
            letter = None if stopped() or enough() else _claim(store, config, channel, clock())
            if letter is not None:
                running[pool.submit(_send, config, letter, world, clock())] = letter
            return letter is not None

        while True:
            while len(running) < AT_ONCE and (channel := next(waiting, None)) is not None:
                begin(channel)
            if not running:
                return
            ended = wait(running, LOOKS_SECONDS, FIRST_COMPLETED).done
            if not ended:
                farewell.check()
            if monotonic() - renewed > RENEWED_SECONDS:
                store.outbox.renew([one.id for one in running.values()], clock() + LEASE)
                renewed = monotonic()
            for done in ended:
                letter = running.pop(done)
                yield (delivery := _settle(store, config, letter, done.result(), clock(), chance()))
                if delivery.fate != "postponed":
                    begin(letter.channel)


def deliver(
    store: Store, config: Config, clock: Clock, stopped: Callable[[], bool] = lambda: False, *, by_turns: bool = False
) -> str:
    """Send what is due, `by_turns` no more than one begins within a minute; return a line about it, "" where nothing was due."""
    if not store.outbox.channels_due(clock()):
        return ""
    until = monotonic() + TURN_SECONDS if by_turns else inf
    world = surroundings(config, os.environ)
    done = list(deliver_due(store, config, clock, world, random.random, stopped, lambda: monotonic() > until))
    sent = sum(one.fate == "sent" for one in done)
    said = [f"sent {counted(sent, 'message')}"] if sent else []
    return "; ".join([*said, *(_told(one) for one in done if one.fate != "sent")])


def _told(delivery: Delivery) -> str:
    fate = "could not be delivered" if delivery.until is None else f"is tried again at {delivery.until:%H:%M} UTC"
    said = f"{delivery.letter.channel}: “{delivery.letter.message.subject}” {fate}: {delivery.error}"
    return f"{said} ({delivery.remedy})" if delivery.remedy else said


def check_outbox(store: Store) -> Iterator[Finding]:
    """Yield whether messages are stuck."""
    counts = store.outbox.count()
    dead = counts["dead"]
    yield Finding(
        "outbox",
        "warning" if dead else "ok",
        f"{counted(counts['waiting'], 'message')} waiting, {counted(dead, 'dead letter')}",
        "`promisewatch outbox list` says why; `promisewatch outbox retry` tries again" if dead else "",
    )


def wait_before(attempts: int, chance: float) -> timedelta:
    """How long to wait after so many tries: twice as long each time, up to `LONGEST_WAIT`, and between half and all of that."""
    doubled: timedelta = FIRST_WAIT * 2 ** min(attempts - 1, 20)
    return min(LONGEST_WAIT, doubled) * (0.5 + chance / 2)


def probe(channel: str, now: datetime) -> Queued:
    """A message that says that a channel works; it is in no outbox."""
    message = Message(
        key=f"test:{now.isoformat()}",
        kind="test",
        brand="",
        subject="A test of promisewatch",
        text="This channel works. Digests and alerts that are configured for it will arrive here.",
    )
    return Queued(0, channel, "waiting", now, now, 1, None, "", "", message)


def tidy(store: Store, now: datetime) -> int:
    """Forget what was sent, or given up, long ago; returns how many."""
    return store.outbox.forget(now - KEPT)


@contextmanager
def _pool() -> Iterator[ThreadPoolExecutor]:
    """Threads that are waited for, unless the program has no time for that."""
    pool, waits = ThreadPoolExecutor(AT_ONCE, "deliver"), True
    try:
        yield pool
    except Interrupted:
        waits = False
        raise
    finally:
        pool.shutdown(waits, cancel_futures=not waits)


def _claim(store: Store, config: Config, channel: str, now: datetime) -> Queued | None:
    """Take the next message of a channel, unless the channel has had its measure of this hour: then it is held for the rest."""
    try:
        most = find_channel(config, channel).per_hour
    except DeliveryError:
        return store.outbox.claim(channel, now, LEASE)
    lately = store.outbox.sent_since(channel, now - HOUR)
    if len(lately) >= most:
        store.outbox.hold(channel, lately[-most] + HOUR)
        return None
    return store.outbox.claim(channel, now, LEASE)


def _send(config: Config, letter: Queued, world: Surroundings, now: datetime) -> DeliveryError | None:
    """Send one message; runs in a thread of its own, without the store."""
    try:
        open_channel(find_channel(config, letter.channel), world).send(letter, now)
    except DeliveryError as error:
        return error
    except Exception as error:  # noqa: BLE001 - one channel's defect keeps no other from its messages
        # Its words may hold the address, and thus secrets.
        return DeliveryError(f"a defect: {type(error).__name__}", permanent=False)
    return None


def _settle(store: Store, config: Config, letter: Queued, error: DeliveryError | None, now: datetime, chance: float) -> Delivery:
    if error is None:
        store.outbox.sent(letter.id, now)
        return Delivery(letter, "sent")
    late = now - letter.queued >= config.delivery.give_up_after
    if error.permanent or late:
        remedy = error.remedy or "when the place can be reached again, type: promisewatch outbox retry"
        store.outbox.bury(letter.id, str(error), remedy, error.left)
        return Delivery(letter, "dead", str(error), remedy)
    until = max(now + wait_before(letter.attempts, chance), error.until or now)
    store.outbox.postpone(letter.id, until, str(error), error.remedy, error.left)
    return Delivery(letter, "postponed", str(error), error.remedy, until)
