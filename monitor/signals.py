"""What the operating system asks of the daemon: to stop, or to read its configuration again."""

import faulthandler
import os
import select
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Self

SECONDS_TO_STOP = 20
_STOP = (signal.SIGTERM, signal.SIGINT)


class Signals:
    """What was asked so far, and a wait that ends when something is.

    The handlers only write down what was asked: they may come in the middle of anything, so that a lock in them could hang.
    """

    def __init__(self) -> None:
        self._stop = False
        self._reload = False
        self._wakes, self._bell = socket.socketpair()
        for one in (self._wakes, self._bell):
            one.setblocking(False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._wakes.close()
        self._bell.close()

    def stopped(self) -> bool:
        """Whether the program is to stop."""
        return self._stop

    def reloads(self) -> bool:
        """Whether the configuration is to be read again; asked once, it is forgotten."""
        asked, self._reload = self._reload, False
        return asked

    def stop(self) -> None:
        """Ask to stop."""
        self._stop = True
        self._ring()

    def reload(self) -> None:
        """Ask to read the configuration again."""
        self._reload = True
        self._ring()

    def wait(self, seconds: float) -> None:
        """Wait until something is asked, at most so many seconds."""
        if not (self._stop or self._reload):
            select.select([self._wakes], [], [], seconds)
        while self._heard():
            pass

    def _ring(self) -> None:
        with suppress(BlockingIOError):  # it has rung often enough
            self._bell.send(b".")

    def _heard(self) -> bytes:
        try:
            return self._wakes.recv(64)
        except BlockingIOError:
            return b""


@contextmanager
def listening_to_signals() -> Iterator[Signals]:
    """Hear SIGTERM, SIGINT and SIGHUP while the block runs; whoever has not stopped in time is ended, and said where it hung."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        if not signals.stopped():
            # What hangs in another thread or in a library's code keeps an ordinary exit waiting. Nothing is lost by this one.
            faulthandler.dump_traceback_later(SECONDS_TO_STOP - 1, exit=True, file=_standard_error())
        signals.stop()

    def reload(_number: int, _frame: FrameType | None) -> None:
        signals.reload()

    with Signals() as signals:
        handlers = dict.fromkeys(_STOP, stop) | ({signal.SIGHUP: reload} if hasattr(signal, "SIGHUP") else {})
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        try:
            yield signals
        finally:
            if not signals.stopped():  # else the end of the process has its end, too
                faulthandler.cancel_dump_traceback_later()
            for number, handler in before.items():
                signal.signal(number, handler)


def _standard_error() -> int:
    try:
        return sys.stderr.fileno()
    except (OSError, ValueError):
        return os.open(os.devnull, os.O_WRONLY)
