"""The open database: settings, schema, transactions, and errors that say what to do."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from monitor import migrations
from monitor.errors import MonitorError

BUSY_SECONDS = 10.0

_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -65536",
    "PRAGMA wal_autocheckpoint = 8000",
    "PRAGMA journal_size_limit = 67108864",
)
_PATIENCE_SECONDS = 2.0
_REMEDIES = {
    sqlite3.SQLITE_BUSY: "another promisewatch is writing; wait for it to end, or stop it, and try again",
    sqlite3.SQLITE_LOCKED: "another promisewatch is writing; wait for it to end, or stop it, and try again",
    sqlite3.SQLITE_FULL: "the disk is full; free some space and run the same command again, nothing is half written",
    sqlite3.SQLITE_READONLY: "the file or its folder is read-only; give this user the right to write there",
    sqlite3.SQLITE_PERM: "this user may not touch the file; give it the right to read and write there",
    sqlite3.SQLITE_CANTOPEN: "check that the folder exists and that this user may read and write there",
    sqlite3.SQLITE_NOTADB: "the file is no promisewatch store; check [store] path, or restore a backup",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; restore a backup (promisewatch backup makes them)",
    sqlite3.SQLITE_IOERR: "the disk does not read or write; check it, then try again or restore a backup",
}


class StoreError(MonitorError):
    """The store cannot do what was asked."""


@contextmanager
def explained(path: Path | str) -> Iterator[None]:
    """Turn the database errors that a person can cure into StoreError; bugs pass as they are."""
    try:
        yield
    except sqlite3.Error as error:
        remedy = _REMEDIES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if remedy is None:
            raise
        raise StoreError(f"{path}: {error}", remedy=remedy) from error
    except OverflowError as error:
        if "SQLite" not in str(error):
            raise
        raise StoreError("there is nothing of so high a number", remedy="numbers stand in the lists") from error


def make_private(path: Path | str) -> None:
    """Make an empty file that nobody else on this machine may read, where there is none; SQLite gives its logs the same rights."""
    with suppress(OSError):  # what is wrong with the place is said by whoever opens the file
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))


def connect(path: Path | str, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    """Open the store at `path`, made and brought up to date where needed.

    Raises:
        StoreError: the file cannot be opened, is something else, or was written by a newer version.
    """
    with explained(path):
        try:
            return _open(path, str(path), busy_seconds)
        except sqlite3.OperationalError as error:
            log = Path(f"{path}-wal")
            if error.sqlite_errorcode != sqlite3.SQLITE_READONLY_DIRECTORY or (log.exists() and log.stat().st_size):
                raise
            # Where this user may make no file beside it, and nobody is writing, the one file is the whole store.
            return _open(path, f"{Path(path).resolve().as_uri()}?immutable=1", busy_seconds)


def _open(path: Path | str, database: str, busy_seconds: float) -> sqlite3.Connection:
    if database == str(path) and database != ":memory:":
        make_private(path)
    connection = sqlite3.connect(database, timeout=busy_seconds, isolation_level=None, uri=database.startswith("file:"))
    try:
        _prepare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path | str) -> None:
    wanted = [step.__name__ for step in migrations.STEPS]
    if _check(connection, path, wanted):
        _set(connection)
        return
    _set(connection)
    with writing(connection):
        # Another process may have made it while this one waited for the lock.
        if not _check(connection, path, wanted):
            if migrations.applied(connection):
                from monitor.storage.copies import keep_former  # noqa: PLC0415 - needed once a version

                keep_former(Path(path))
            migrations.migrate(connection)


def _set(connection: sqlite3.Connection) -> None:
    """Apply the settings. SQLite does not wait for its turn to change the journal of a new file, so we do."""
    until = time.monotonic() + _PATIENCE_SECONDS
    for setting in _SETTINGS:
        while True:
            try:
                connection.execute(setting)
                break
            except sqlite3.OperationalError as error:
                if time.monotonic() > until or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                time.sleep(0.02)


def _check(connection: sqlite3.Connection, path: Path | str, wanted: list[str]) -> bool:
    """Whether the schema is up to date; raises where it is not ours to change."""
    seen = migrations.applied(connection)
    if seen is None and connection.execute("SELECT 1 FROM sqlite_master").fetchone() is not None:
        # Between the two questions another process may have made the store, all of it at once.
        seen = migrations.applied(connection)
        if seen is None:
            raise StoreError(
                f"{path} is another program's database", remedy="choose another file as [store] path; this one stays as it is"
            )
    newer = [name for name in seen or () if name not in wanted]
    if newer:
        raise StoreError(
            f"{path} was written by a newer promisewatch (it knows {newer[0]!r})",
            remedy="upgrade promisewatch, or restore a backup of the older version",
        )
    return seen == wanted


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """One write transaction: all of it or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[None]:
    """One snapshot for several questions."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("COMMIT")


def stamp(moment: datetime) -> str:
    """`moment` as the store writes it: UTC, whole seconds, 'YYYY-MM-DDTHH:MM:SSZ', which sorts as time does."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return f"{moment.isoformat()[:19]}Z"


def moment(stamped: str) -> datetime:
    """The time that `stamp` wrote."""
    return datetime.fromisoformat(stamped)
