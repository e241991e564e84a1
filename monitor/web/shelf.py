"""Reports computed a moment ago: whoever asks gets the one on the shelf, and an old one is made anew behind the scenes."""

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

Value = TypeVar("Value")
MOST = 64
PATIENCE = timedelta(milliseconds=100)
"""How long somebody waits for a figure that a change has outdated, before they are shown the one of before."""
_EVERYTHING = ""


@dataclass
class _Kept:
    value: Any
    made: datetime
    outdated: bool = False
    making: Future[None] | None = None
    begun: int = -1


class Shelf:
    """Values by key: fresh for `fresh`, shown while they are made anew up to `stale`, then waited for. Safe to share.

    What somebody changed is waited for, or for `patience` where there is one: then the value of before is shown once more.
    """

    def __init__(
        self,
        fresh: timedelta = timedelta(seconds=30),
        stale: timedelta = timedelta(hours=1),
        patience: timedelta | None = None,
    ) -> None:
        self._fresh, self._stale, self._patience = fresh, stale, patience
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}
        # How often each subject was forgotten: what was begun before is of the past and is not kept.
        self._forgotten: Counter[str] = Counter()
        # The second makes what was changed by hand while the first is at something old.
        self._maker = ThreadPoolExecutor(2, "shelf")

    def get(self, key: Hashable, make: Callable[[], Value], now: datetime, notice: Callable[[], None] = lambda: None) -> Value:
        """Return the value of a key, made by `make` where there is none that may be shown; `notice` is called where it is outdated.

        `make` may run in another thread, so it opens what it needs itself. What it raises is raised to whoever waits for it.
        """
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and now - kept.made <= self._stale:
                self._kept.move_to_end(key)
                if kept.outdated or now - kept.made > self._fresh:
                    self._begin(key, kept, make, now)
            else:
                kept = None
            waiting = self._making.setdefault(key, threading.Lock())
        if kept is not None and not (kept.outdated and self._is_made_in_time(kept)):
            if kept.outdated:
                notice()
            return cast("Value", kept.value)
        with waiting:
            with self._lock:
                kept, begun = self._kept.get(key), self._times_forgotten(key)
            if kept is None or kept.outdated or now - kept.made > self._stale:
                kept = self._put(key, make(), now, begun)
            return cast("Value", kept.value)

    def forget(self, *about: str) -> None:
        """Let everything be outdated, or the keys that begin with one of `about`: whoever changed something wants to see it."""
        with self._lock:
            self._forgotten.update(about or (_EVERYTHING,))
            for key, kept in list(self._kept.items()):
                if not about or _subject(key) in about:
                    kept.outdated = True
                    if self._patience is None:
                        del self._kept[key]

    def close(self) -> None:
        """Wait for what is being made."""
        self._maker.shutdown(cancel_futures=True)

    def _begin(self, key: Hashable, kept: _Kept, make: Callable[[], Any], now: datetime) -> None:
        """Have a value made anew, unless that was begun since somebody changed something."""
        times = self._times_forgotten(key)
        if kept.making is None or kept.begun != times:
            kept.begun = times
            kept.making = self._maker.submit(self._make_again, key, make, now, times)

    def _is_made_in_time(self, kept: _Kept) -> bool:
        """Whether what is being made is there within the time that somebody waits."""
        if kept.making is None or self._patience is None:
            return False
        try:
            kept.making.result(self._patience.total_seconds())
        except TimeoutError:
            return False
        return True

    def _make_again(self, key: Hashable, make: Callable[[], Any], now: datetime, begun: int) -> None:
        try:
            self._put(key, make(), now, begun)
        except Exception:  # noqa: BLE001 - whoever asks next makes it again, and is told
            with self._lock:
                self._kept.pop(key, None)

    def _put(self, key: Hashable, value: Any, now: datetime, begun: int) -> _Kept:
        kept = _Kept(value, now)
        with self._lock:
            self._making.pop(key, None)
            if self._times_forgotten(key) == begun:
                self._kept[key] = kept
                self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return kept

    def _times_forgotten(self, key: Hashable) -> int:
        return self._forgotten[_EVERYTHING] + self._forgotten[_subject(key)]


@dataclass
class Look:
    """One visitor's look at the shelf; `outdated` once they were shown what a change has outdated."""

    shelf: Shelf
    outdated: bool = field(default=False, init=False)

    def get(self, key: Hashable, make: Callable[[], Value], now: datetime) -> Value:
        """See `Shelf.get`."""
        return self.shelf.get(key, make, now, self._notice)

    def forget(self, *about: str) -> None:
        """See `Shelf.forget`."""
        self.shelf.forget(*about)

    def _notice(self) -> None:
        self.outdated = True


def _subject(key: Hashable) -> str:
    return str(key[0] if isinstance(key, tuple) else key)
