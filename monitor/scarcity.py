"""What the machine has run out of, whatever error that shows itself as: each is told by name, with what to do."""

import errno
import re
from collections.abc import Iterator
from traceback import walk_tb

from models.errors import ModelError
from monitor.errors import MonitorError

_FILES = (
    "too many files and connections are open",
    "allow more: LimitNOFILE= in the unit, or ulimit -n 1024 in the shell; nothing is lost",
)
_MEMORY = (
    "there is not enough memory",
    "give the machine more, or raise MemoryMax= in the unit: with the model the program takes some 700 MB; nothing is lost",
)
_PROCESSES = (
    "no further thread or process may be started",
    "allow more: TasksMax= in the unit, pids_limit in the compose file, or ulimit -u; nothing is lost",
)
_DISK = ("the disk is full", "make room; nothing is half written")
_BY_NUMBER = {
    errno.EMFILE: _FILES,
    errno.ENFILE: _FILES,
    errno.ENOMEM: _MEMORY,
    errno.ENOSPC: _DISK,
    errno.EDQUOT: _DISK,
}
_BY_WORDS = (
    (re.compile("(cannot|can't) allocate memory|failed to map segment|not enough memory", re.IGNORECASE), _MEMORY),
    (re.compile("can't start new thread", re.IGNORECASE), _PROCESSES),
    (re.compile("too many open files", re.IGNORECASE), _FILES),
)
_STARTERS = ("subprocess", "multiprocessing.util", "multiprocessing.popen_fork")
# Libraries in C tell it in words of their own; the words of other errors may be those of a server far away.
_IN_WORDS = (ImportError, RuntimeError, ModelError)


def scarcity(error: BaseException) -> MonitorError | None:
    """Return what was too scarce for `error`, or for what caused it; None when nothing was."""
    for one in _chain(error):
        found = _MEMORY if isinstance(one, MemoryError) else _by_number(one) if isinstance(one, OSError) else None
        if found is None and isinstance(one, _IN_WORDS):
            found = next((what for words, what in _BY_WORDS if words.search(str(one))), None)
        if found:
            return MonitorError(found[0], remedy=found[1])
    return None


def _by_number(error: OSError) -> tuple[str, str] | None:
    # A socket that has nothing yet says EAGAIN, too: it means processes only where one was being started.
    if error.errno == errno.EAGAIN and _raised_in(error) in _STARTERS:
        return _PROCESSES
    return _BY_NUMBER.get(error.errno or 0)


def _raised_in(error: BaseException) -> str:
    """The module that an error comes from; "" where it was never raised."""
    name = ""
    for frame, _ in walk_tb(error.__traceback__):
        name = str(frame.f_globals.get("__name__", ""))
    return name


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or one.__context__
