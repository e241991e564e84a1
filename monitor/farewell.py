"""The end of waiting: once the program is to stop, whoever waits for a place waits a little longer and then leaves it.

What is left keeps a thread, which `monitor/__main__.py` does not wait for; what it was at is asked or sent again.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from time import monotonic
from typing import ParamSpec, TypeVar

from monitor.errors import Interrupted

P = ParamSpec("P")
T = TypeVar("T")

SECONDS = 8.0
"""How long what is under way may still take; less than the program gives itself."""
LOOKS_SECONDS = 0.5
"""How often whoever waits looks whether the program is to stop."""


class Farewell:
    """How long is still waited, asked again and again. `said` is what becomes of what is left."""

    def __init__(self, stopped: Callable[[], bool], said: str, seconds: float | None = None) -> None:
        self._stopped, self._said = stopped, said
        self._seconds = SECONDS if seconds is None else seconds
        self._since: float | None = None

    def check(self) -> None:
        """Return while it is worth waiting.

        Raises:
            Interrupted: the program has been about to stop for so long.
        """
        if self._stopped():
            now = monotonic()
            self._since = now if self._since is None else self._since
            if now - self._since > self._seconds:
                raise Interrupted(self._said)


def waited_for(farewell: Farewell, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run what may take long in a thread of its own, and wait for it as long as `farewell` allows.

    Raises:
        Interrupted: the program is to stop.
    """
    pool = ThreadPoolExecutor(1, "waited for")
    try:
        future = pool.submit(function, *args, **kwargs)
        while not wait([future], LOOKS_SECONDS).done:
            farewell.check()
        return future.result()
    finally:
        pool.shutdown(wait=False)
