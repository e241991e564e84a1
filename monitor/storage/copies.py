"""Copies of the store's file: the one before an upgrade, and what is to be known of one that takes the store's place."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from monitor import migrations
from monitor.errors import MonitorError
from monitor.storage.connection import StoreError, explained, make_private

WAIT_SECONDS = 2.0
_PARTS = ("-wal", "-shm")


def keep_former(path: Path) -> Path:
    """Copy the store as it is committed to `path`.before-upgrade, while the caller holds the right to write.

    Raises:
        StoreError: the copy could not be written whole.
    """
    kept = Path(f"{path}.before-upgrade")
    part = Path(f"{path}.before-upgrade.part")
    make_private(part)
    try:
        with closing(_read_only(path)) as source, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
        part.replace(kept)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(
            f"{path} is of an older version, and cannot be copied before it is upgraded: {error}",
            remedy="make room for a copy beside it and run the same command again; nothing has changed",
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return kept


def check_ours(copy: Path) -> None:
    """Check that `copy` is a store that this version can read; whether it is whole takes longer to find out.

    Raises:
        StoreError: it is missing, no store, or one of a newer version.
    """
    if not copy.is_file():
        raise StoreError(f"there is no file {copy}", remedy="name a file that `promisewatch backup` wrote")
    with explained(copy), closing(_read_only(copy)) as source:
        _check_ours(source, copy)


def copy_sound(copy: Path, target: Path) -> None:
    """Copy a store to `target`, and check that what arrived is a sound store of ours.

    Raises:
        StoreError: `copy` is missing, damaged, no store, or one of a newer version; `target` is not there then.
    """
    check_ours(copy)
    make_private(target)
    try:
        with (
            explained(copy),
            closing(_read_only(copy)) as source,
            explained(target),
            closing(sqlite3.connect(target)) as arrived,
        ):
            source.backup(arrived)
            _check_sound(arrived, copy)
    except BaseException:
        for part in ("", *_PARTS):
            Path(f"{target}{part}").unlink(missing_ok=True)
        raise


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _check_ours(connection: sqlite3.Connection, path: Path) -> None:
    seen = migrations.applied(connection)
    if seen is None:
        raise StoreError(f"{path} is no promisewatch store", remedy="name a file that `promisewatch backup` wrote")
    known = [step.__name__ for step in migrations.STEPS]
    newer = [name for name in seen if name not in known]
    if newer:
        raise StoreError(f"{path} was written by a newer promisewatch (it knows {newer[0]!r})", remedy="upgrade promisewatch first")


def _check_sound(connection: sqlite3.Connection, path: Path) -> None:
    found = [row[0] for row in connection.execute("PRAGMA integrity_check(1)") if row[0] != "ok"]
    if found or connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise StoreError(
            f"{path} is damaged: {found[0] if found else 'rows refer to missing rows'}",
            remedy="restore another backup; nothing has changed",
        )


def replace_store(store: Path, arrived: Path, kept: Path) -> bool:
    """Put `arrived` in the place of `store`, which is kept as `kept`. False when there was none to keep.

    Raises:
        MonitorError: somebody has the store open.
    """
    existed = store.exists()
    if existed:
        _close_log(store)
        for part in _PARTS:
            if Path(f"{store}{part}").exists():
                Path(f"{store}{part}").replace(f"{kept}{part}")
        # There is a store under its name at every moment: two names for the old one, then the new one in one step.
        try:
            os.link(store, kept)
        except OSError:
            store.replace(kept)
    arrived.replace(store)
    return existed


def _close_log(store: Path) -> None:
    """Write what is in the log into the file; that this is granted shows that nobody else has the store open."""
    try:
        with closing(sqlite3.connect(store, timeout=WAIT_SECONDS, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            remedy = "stop it (perhaps `serve` or `inbound`) and try again"
            raise MonitorError(f"another program has {store} open", remedy=remedy) from error
    except sqlite3.DatabaseError:
        return  # it is damaged, which is why it is replaced; its log goes aside with it
