"""The store: one SQLite file with all that was heard, read and promised. The only door to SQL; its rooms are in `storage/`.

One writer at a time; readers never wait. Every method of a room leaves either all of its work or none, and repeating one changes
nothing. Each may raise StoreError (what happened, and a remedy).
"""

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from monitor.storage.auditing import AuditItem, AuditSummary, Draw
from monitor.storage.connection import BUSY_SECONDS, StoreError
from monitor.storage.correcting import Correction, Labelled
from monitor.storage.door import Door
from monitor.storage.rooms import Rooms
from monitor.storage.values import (
    Audit,
    Brand,
    Kept,
    Listening,
    Match,
    SourceCondition,
    SourceState,
    StoredMention,
    ToRead,
)

__all__ = (
    "Audit",
    "AuditItem",
    "AuditSummary",
    "Brand",
    "Correction",
    "Draw",
    "Kept",
    "Labelled",
    "Listening",
    "Match",
    "SourceCondition",
    "SourceState",
    "Store",
    "StoreError",
    "StoredMention",
    "ToRead",
)


class Store(Rooms):
    """The open store. Use it as a context manager, in the thread that opened it.

    `disguise` is what is kept in place of an author's name.
    """

    def __init__(
        self, path: Path | str, *, busy_seconds: float = BUSY_SECONDS, disguise: Callable[[str], str] | None = None
    ) -> None:
        self.door = Door(path, busy_seconds)
        self._disguise = disguise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the store is of no use afterwards."""
        self.door.connection.close()
