"""Backups by the calendar, and the way back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from monitor.config_custody import BackupConfig
from monitor.errors import MonitorError
from monitor.lock import holding
from monitor.storage import copies
from monitor.storage.custody import Backup
from monitor.store import Store

_PATTERN = "promisewatch-[0-9]*T[0-9]*Z.db"


def write(store: Store, path: Path, now: datetime, stopped: Callable[[], bool] = lambda: False) -> Backup:
    """Write a consistent copy to `path`, also while others write, and remember that. Its folder is made where there is none.

    Raises:
        MonitorError: it could not be written whole, or was `stopped`.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MonitorError(f"{path.parent}: {error.strerror}", remedy="choose a folder where this user may write") from error
    store.file.backup(path, stopped)
    made = Backup(now, str(path.resolve()), path.stat().st_size)
    store.custody.note_backup(made)
    return made


def write_dated(store: Store, folder: Path, keep: int, now: datetime, stopped: Callable[[], bool] = lambda: False) -> Backup:
    """Write a copy into `folder`, named by its time, and remove all but the newest `keep` of those.

    Raises:
        MonitorError: it could not be written; no older copy is removed then.
    """
    made = write(store, folder / f"promisewatch-{now:%Y%m%dT%H%M%SZ}.db", now, stopped)
    for old in sorted(folder.glob(_PATTERN), reverse=True)[keep:]:
        old.unlink(missing_ok=True)
    return made


def back_up(
    store: Store, wanted: BackupConfig | None, beside: Path, now: datetime, stopped: Callable[[], bool] = lambda: False
) -> str:
    """Do what `[backup]` says; a relative folder starts at `beside`. Returns a line about it."""
    if wanted is None:
        return ""
    made = write_dated(store, beside / Path(wanted.folder).expanduser(), wanted.keep, now, stopped)
    return f"wrote {made.path}, {made.bytes / 1e6:,.1f} MB"


def check(copy: Path, store: Path, now: datetime) -> None:
    """Check, before anybody is asked whether they mean it, that a copy may take the place of the store.

    Raises:
        HeldError: a daemon is at work with the store.
        MonitorError: the copy is missing, not ours, or the store itself.
    """
    with holding(store, "restore", now):
        if copy.resolve() == store.resolve():
            raise MonitorError(f"{copy} is the store itself", remedy="name a backup")
        copies.check_ours(copy)


def restore(copy: Path, store: Path, now: datetime) -> Path | None:
    """Put a copy in the place of the store; returns where the replaced one is kept, None where there was none.

    Raises:
        HeldError: a daemon is at work with the store.
        MonitorError: the copy is not sound or not ours, or somebody has the store open; nothing has changed then.
    """
    with holding(store, "restore", now):
        target = store.resolve()
        arrived = Path(f"{target}.restoring")
        kept = Path(f"{target}.replaced-{now:%Y%m%dT%H%M%SZ}")
        if copy.resolve() == target or kept.exists():
            raise MonitorError(f"{copy} is the store itself, or was restored this very second", remedy="name a backup")
        arrived.unlink(missing_ok=True)
        copies.copy_sound(copy, arrived)
        try:
            return kept if copies.replace_store(target, arrived, kept) else None
        except OSError as error:
            raise MonitorError(f"{target} cannot be replaced: {error}", remedy="give this user the right to write there") from error
        finally:
            arrived.unlink(missing_ok=True)


def age(store: Store, now: datetime) -> timedelta | None:
    """How old the last backup is; None when there is none."""
    last = store.custody.last_backup()
    return None if last is None else now - last.at
