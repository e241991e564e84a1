"""One daemon a store: a lock of the operating system beside the file, which ends with the process that holds it."""

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from monitor.errors import MonitorError


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is at work with a store: which command, of which process, on which machine, since when."""

    command: str
    pid: int
    host: str
    since: str

    def __str__(self) -> str:
        return f"promisewatch {self.command}, process {self.pid} on {self.host}, since {self.since}"


class HeldError(MonitorError):
    """Somebody else is at work with the store."""


@contextmanager
def holding(store: Path, command: str, now: datetime) -> Iterator[None]:
    """Be the only one that is at work with `store` while the block runs.

    Raises:
        HeldError: somebody is already.
        MonitorError: the lock's file cannot be written.
    """
    path = _beside(store)
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise MonitorError(
            f"{path} cannot be written: {error.strerror}", remedy="give this user the right to write there"
        ) from error
    try:
        if not _locked(file):
            held = _read(file)
            raise HeldError(
                f"{store} is in use: {held or 'another promisewatch holds it'}",
                remedy=f"wait for it to end, or stop it: kill {held.pid}" if held else "stop the other one first",
            )
        holder = Holder(command, os.getpid(), socket.gethostname(), now.isoformat(timespec="seconds"))
        os.ftruncate(file, 0)
        os.pwrite(file, json.dumps(asdict(holder)).encode(), 0)
        yield
        # The file stays: removing it would let two hold two files of one name.
        os.ftruncate(file, 0)
    finally:
        os.close(file)


def holder(store: Path) -> Holder | None:
    """Who is at work with `store` now; None when nobody is."""
    try:
        file = os.open(_beside(store), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return None if _locked(file, shared=True) else _read(file) or Holder("?", 0, "?", "?")
    finally:
        os.close(file)


def _beside(store: Path) -> Path:
    return Path(f"{store.resolve()}.lock")


def _locked(file: int, *, shared: bool = False) -> bool:
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(file: int) -> Holder | None:
    try:
        return Holder(**json.loads(os.pread(file, 4096, 0)))
    except (ValueError, TypeError):
        return None
