"""When to ask a source again: quiet ones less often, failing ones later and later."""

from datetime import timedelta

MOST_TIMES = 8
CLOCK_GRACE = timedelta(minutes=5)
"""How far ahead of the present something may have been noted before the clock is taken to have been put back."""
LONGEST_WAIT = timedelta(days=31)
"""No place is believed that asks to be left alone for longer."""
_SHARE_OF_SILENCE = 10
_FIRST_PAUSE, _FIRST_PAUSE_DENIED, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_JITTER = 0.25


def interval(every: timedelta, quiet: timedelta) -> timedelta:
    """How long after a collection the next is due, of a source that has brought nothing new for `quiet`.

    A tenth of the silence, but never less than `every` nor more than eight times that: news come at most a tenth late, in
    terms of how long they took.
    """
    return min(MOST_TIMES * every, max(every, quiet / _SHARE_OF_SILENCE))


def pause_after(failures: int, *, denied: bool = False, chance: float = 0.0) -> timedelta:
    """How long to leave a source alone that has failed `failures` times before: twice as long each time, at most a day.

    `chance`, from 0 up to 1, shortens it by up to a quarter, so that sources that failed together do not come back together.
    """
    first = _FIRST_PAUSE_DENIED if denied else _FIRST_PAUSE
    return min(_LONGEST_PAUSE, first * int(2 ** min(failures, 20))) * (1 - _JITTER * chance)
