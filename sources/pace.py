"""Politeness: how many requests a host gets at once, and how far apart they begin."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Pace:
    """At most `at_once` requests of one host are under way, and `spacing` seconds lie between the beginnings of two."""

    at_once: int = 2
    spacing: float = 1.0


@dataclass
class _Host:
    free: threading.Semaphore
    lock: threading.Lock = field(default_factory=threading.Lock)
    following: float = float("-inf")


class Turns:
    """Hands out the turns of each host; threads wait for theirs."""

    def __init__(
        self, pace: Pace, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self._pace = pace
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._hosts: dict[str, _Host] = {}

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait for a turn and take it while the block runs."""
        with self._lock:
            one = self._hosts.setdefault(host, _Host(threading.Semaphore(self._pace.at_once)))
        with one.free:
            with one.lock:
                now = self._clock()
                begin = max(now, one.following)
                one.following = begin + self._pace.spacing
            if begin > now:
                self._sleep(begin - now)
            yield
