"""What is not kept for ever: old mentions and old entries of the ledger, by the configuration, and whoever asks to be forgotten."""

import glob
import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from monitor.config import Config
from monitor.pseudonyms import Disguise
from monitor.storage.connection import stamp
from monitor.storage.custody import Backup, Proof
from monitor.storage.forgetting import Chosen
from monitor.store import Store
from reports.typography import counted


def purge_due(store: Store, config: Config, now: datetime, stopped: Callable[[], bool] = lambda: False) -> str:
    """Delete what is older than `[retention]` allows, until there is no more or `stopped`; returns a line about it."""
    rules = config.retention
    mentions = entries = 0
    if rules.mentions is not None:
        mentions = store.mentions.delete(Chosen(before=stamp(now - rules.mentions)), stopped=stopped)
        store.evidence.refresh(stopped=stopped)
    if rules.ledger is not None:
        entries = store.custody.forget_ledger(now - rules.ledger, stopped)
    if not mentions and not entries:
        return ""
    return f"deleted {counted(mentions, 'old mention')} and {counted(entries, 'old entry', 'old entries')} of the ledger"


def names_of(author: str, how: Disguise | None) -> tuple[str, ...]:
    """The names under which an author may be stored."""
    return tuple({author: None, (how(author) if how else author): None})


def erase_author(store: Store, author: str, how: Disguise | None, source: str | None, now: datetime) -> Proof:
    """Delete all that an author wrote, of one source or of all, with all that was read of it; none of it comes back.

    Returns the proof that is stored: how many mentions, and a salted hash of what was asked for in place of the name.
    """
    erased = store.custody.erase_author(names_of(author, how), source, now)
    # What is counted holds names, too: of those on whom a number rests.
    store.evidence.refresh()
    salt = secrets.token_hex(16)
    return store.custody.prove(now, erased, salt, hashed(salt, author, source))


def copies_of(store: Path, backup: Backup | None) -> list[Path]:
    """The copies of a store that are known: those that upgrades and restores left beside it, and the last backup."""
    beside = [
        *store.parent.glob(f"{glob.escape(store.name)}.before-upgrade"),
        *store.parent.glob(f"{glob.escape(store.name)}.replaced-*Z"),
    ]
    last = [Path(backup.path)] if backup is not None else []
    return sorted(path for path in (*beside, *last) if path.exists())


def hashed(salt: str, author: str, source: str | None) -> str:
    """What stands for a request in a proof: SHA-256 of the salt, the source (or *) and the name, in hexadecimal."""
    return hashlib.sha256(f"{salt}:{source or '*'}:{author}".encode()).hexdigest()


def proves(proof: Proof, author: str, source: str | None) -> bool:
    """Tell whether a proof is one of this request."""
    return secrets.compare_digest(proof.asked, hashed(proof.salt, author, source))
