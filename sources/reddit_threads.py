"""Posts whose comments are read one by one: which of them grew, and when one that was refused is asked again."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Any

from sources.reddit_round import Attended
from sources.reddit_things import Thing

AT_ONCE = 20
REMEMBERED = 1000
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(hours=1), timedelta(days=1)
_TRIES = 8


@dataclass
class _Thread:
    """Its comments when it was last seen and last read; refusals in a row since it grew; when it is asked again (Unix)."""

    had: int = 0
    read: int = 0
    refused: int = 0
    again: float = 0

    def is_due(self, now: datetime) -> bool:
        return self.had > self.read and self.refused < _TRIES and now.timestamp() >= self.again


class Threads:
    """What a cursor remembers of threads. One that is refused is asked again after an hour, then after twice as long each time.

    After eight refusals it is left alone until it grows: a subreddit that closed its doors rarely opens them.
    """

    def __init__(self, stored: Mapping[str, Any]) -> None:
        self._threads = {name: _Thread(*values) for name, values in stored.items()}

    def see(self, post: Thing) -> None:
        """Take note of how many comments a post has now."""
        thread = self._threads.pop(post.id, _Thread())
        if post.comments > thread.had:
            thread.refused, thread.again = 0, 0
        thread.had = post.comments
        self._threads[post.id] = thread

    def out_of_sight(self, seen: Container[str]) -> list[str]:
        """Name the threads that were not among those `seen` at this look: nothing else tells whether they grew."""
        return [name for name in self._threads if name not in seen]

    def due(self, now: datetime) -> Iterator[str]:
        """Name the threads to read now: the ones that were seen last."""
        return iter([name for name, thread in self._threads.items() if thread.is_due(now)][-AT_ONCE:])

    def note(self, name: str, attended: Attended, now: datetime) -> None:
        """Take note of how a thread was heard."""
        thread = self._threads[name]
        if attended == "heard":
            thread.read, thread.refused, thread.again = thread.had, 0, 0
        elif attended == "refused":
            pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**thread.refused)
            thread.refused, thread.again = thread.refused + 1, (now + pause).timestamp()

    def to_json(self) -> Mapping[str, Any]:
        """As a cursor keeps it."""
        kept = list(self._threads.items())[-REMEMBERED:]
        return {name: list(astuple(one) if one.refused else (one.had, one.read)) for name, one in kept}
