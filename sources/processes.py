"""Work in other processes: parsing takes most of a first collection, and threads of one process share one core."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Processes:
    """Runs functions in `count` processes; the first few here, because processes are slow to start. Safe to share."""

    def __init__(self, count: int, *, worth: int = 32) -> None:
        self._count = count
        self._here = worth if count > 1 else -1
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def __call__(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run it in another process once there is much to do."""
        pool = self._room()
        if pool is None:
            return function(*args, **kwargs)
        try:
            return pool.submit(function, *args, **kwargs).result()
        except BrokenProcessPool:
            # Somebody ended a process, for want of memory perhaps; the work is still ours.
            return function(*args, **kwargs)

    def close(self, *, wait: bool = True) -> None:
        """End the processes; what was begun is finished, and waited for unless nobody does."""
        with self._lock:
            pool, self._pool, self._here = self._pool, None, -1
        if pool:
            pool.shutdown(wait, cancel_futures=not wait)

    def _room(self) -> ProcessPoolExecutor | None:
        with self._lock:
            if self._here != 0:
                self._here -= self._here > 0
                return None
            if self._pool is None:
                # Forking a process that has threads may copy a lock that nobody opens.
                spawn = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(self._count, spawn, initializer=_begin)
            return self._pool


def _begin() -> None:
    """Leave Ctrl-C to the parent, and end with it: a parent that was killed tells nobody."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
