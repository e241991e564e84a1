"""The store as a file: whether it is sound, and a copy of it."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from monitor.errors import Interrupted
from monitor.storage.connection import StoreError, explained, make_private
from monitor.storage.door import Door

_PAGES_AT_ONCE = 4096


class StoreFile:
    """The room of the file itself."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def integrity_check(self) -> list[str]:
        """What is wrong with the file, in SQLite's words; empty when it is sound."""
        with self._door.explained() as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
        return found + [f"a row of {table} refers to a missing row of {parent}" for table, _, parent, _ in orphans]

    def rewrite(self) -> None:
        """Write the file anew, with what is there and nothing else: unused parts of pages may hold rows that were deleted.

        Raises:
            StoreError: there is no room for it, or somebody else is at work with the file; it is as it was then.
        """
        with self._door.explained() as connection:
            connection.execute("VACUUM")
            (held, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if held:
            raise StoreError(f"{self._door.path}: another program is reading", remedy="stop it, perhaps `run` or `serve`")

    def backup(self, path: Path, stopped: Callable[[], bool] = lambda: False) -> None:
        """Write a consistent copy to `path`, also while others write; an earlier copy there is replaced at the very end.

        Raises:
            StoreError: it could not be written whole.
            Interrupted: it was `stopped` in between; nothing is left of it.
        """

        def look(*_: int) -> None:
            if stopped():
                raise Interrupted("the backup is made anew at the next start")

        part = path.with_name(f"{path.name}.part")
        make_private(part)
        try:
            with explained(path):
                copy = sqlite3.connect(part)
                try:
                    # The snapshot is held, or each write of somebody else would begin the copy anew.
                    with self._door.reading() as connection:
                        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
                        connection.backup(copy, pages=_PAGES_AT_ONCE, progress=look)
                finally:
                    copy.close()
            part.replace(path)
        except OSError as error:
            raise StoreError(f"{path}: {error}", remedy="choose a place where this user may write") from error
        finally:
            part.unlink(missing_ok=True)
