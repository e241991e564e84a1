"""Whose turn it is to ask Reddit for a feed: it serves about one a minute to one address, however many sources there are."""

import threading
from datetime import UTC, datetime, timedelta
from weakref import WeakKeyDictionary

from sources.http import Gateway

PAUSE_BETWEEN_FEEDS = timedelta(seconds=65)


class Turns:
    """Gives each source a moment of its own, in the order in which they come; who comes too early keeps the one that was given."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free = self._last = datetime.min.replace(tzinfo=UTC)
        self._given: dict[str, datetime] = {}

    def take(self, source: str, now: datetime) -> timedelta:
        """Take the turn, if it has come; else return how long it is until then."""
        with self._lock:
            turn = max(self._given.pop(source, self._free), self._last + PAUSE_BETWEEN_FEEDS, now)
            self._free = max(self._free, turn + PAUSE_BETWEEN_FEEDS)
            if turn > now:
                self._given[source] = turn
            else:
                self._last = now
            return turn - now


_OF = WeakKeyDictionary[Gateway, Turns]()
_MAKING = threading.Lock()


def turns_of(gateway: Gateway) -> Turns:
    """Return the turns of everyone who asks through this gateway."""
    with _MAKING:
        return _OF.setdefault(gateway, Turns())
