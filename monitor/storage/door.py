"""The door to the open database: a transaction a call, and errors that say what to do. Every room behind it takes one."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.storage.connection import BUSY_SECONDS, connect, explained, reading, writing


class Door:
    """An open store file, used in the thread that opened it. What is asked through it may raise StoreError."""

    def __init__(self, path: Path | str, busy_seconds: float = BUSY_SECONDS) -> None:
        self.path = path
        self.connection = connect(path, busy_seconds)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One write transaction: all of it or nothing."""
        with explained(self.path), writing(self.connection):
            yield self.connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One snapshot for several questions."""
        with explained(self.path), reading(self.connection):
            yield self.connection

    @contextmanager
    def explained(self) -> Iterator[sqlite3.Connection]:
        """Errors are explained; the transactions are the caller's own, for work that is done some rows at a time."""
        with explained(self.path):
            yield self.connection
