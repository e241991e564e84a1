"""Reports computed a moment ago: whoever asks gets the one on the shelf, and an old one is made anew behind the scenes."""

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

Value = TypeVar("Value")
MOST = 64
_EVERYTHING = ""


@dataclass
class _Kept:
    value: Any
    made: datetime
    making: bool = False


class Shelf:
    """Values by key: fresh for `fresh`, shown while they are made anew up to `stale`, then waited for. Safe to share."""

    def __init__(self, fresh: timedelta = timedelta(seconds=30), stale: timedelta = timedelta(hours=1)) -> None:
        self._fresh, self._stale = fresh, stale
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}
        # How often each subject was forgotten: what was begun before is of the past and is not kept.
        self._forgotten: Counter[str] = Counter()
        self._maker = ThreadPoolExecutor(1, "shelf")

    def get(self, key: Hashable, make: Callable[[], Value], now: datetime) -> Value:
        """Return the value of a key, made by `make` where there is none that may be shown.

        `make` may run in another thread, so it opens what it needs itself. What it raises is raised to whoever waits for it.
        """
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and now - kept.made <= self._stale:
                self._kept.move_to_end(key)
                if now - kept.made > self._fresh and not kept.making:
                    kept.making = True
                    self._maker.submit(self._make_again, key, make, now)
                return cast("Value", kept.value)
            waiting = self._making.setdefault(key, threading.Lock())
        with waiting:
            with self._lock:
                kept, begun = self._kept.get(key), self._times_forgotten(key)
            if kept is None or now - kept.made > self._stale:
                kept = self._put(key, make(), now, begun)
            return cast("Value", kept.value)

    def forget(self, *about: str) -> None:
        """Forget everything, or the keys that begin with one of `about`: whoever changed something by hand wants to see it."""
        with self._lock:
            self._forgotten.update(about or (_EVERYTHING,))
            for key in [key for key in self._kept if not about or _subject(key) in about]:
                del self._kept[key]

    def close(self) -> None:
        """Wait for what is being made."""
        self._maker.shutdown(cancel_futures=True)

    def _make_again(self, key: Hashable, make: Callable[[], Any], now: datetime) -> None:
        with self._lock:
            begun = self._times_forgotten(key)
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


def _subject(key: Hashable) -> str:
    return str(key[0] if isinstance(key, tuple) else key)
