"""The contract of a source: what it is asked, what it hands back, and how it fails.

A new source is one file with a class that has `collect`, and one test that runs `tests/sources/contract.py` over it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol, runtime_checkable

from sources.mention import Mention

Cursor = Mapping[str, Any]
"""What a source wants to remember between two collections: JSON values only; opaque to everyone else; `{}` at first."""

Heard = Literal["ok", "partial", "blind"]

Fate = Literal["kept", "anonymous", "removed"]
"""What became of an item where it was published: it is there, its author is gone, or its text is."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """An item that could not become a mention, and why, in words a person can act on."""

    reason: str
    item: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What one collection brought.

    `cursor` replaces the former one in the same transaction that keeps the mentions. `heard` is `partial` when the place held
    more than it let us see (`reason` says what). `wait` is how long the place asks to be left alone, if it said so.
    `moved_to` is the new address after a permanent redirect. With `put_off` nothing was
    asked: the source's turn comes after `wait`. `rung` names the way that was taken, where a place has several.
    """

    mentions: tuple[Mention, ...] = ()
    cursor: Cursor = field(default_factory=dict)
    skipped: tuple[Skipped, ...] = ()
    heard: Heard = "ok"
    reason: str = ""
    wait: timedelta | None = None
    moved_to: str = ""
    put_off: bool = False
    rung: str = ""


class Source(Protocol):
    """One place where people speak."""

    @property
    def id(self) -> str:
        """Stable identity of the place; it is stored with every mention."""

    def collect(self, cursor: Cursor, now: datetime) -> Batch:
        """Bring what is new since `cursor`.

        Raises:
            SourceError: one of the classes below; nothing else leaves a source.
        """


@runtime_checkable
class Recheckable(Protocol):
    """A source whose place demands that what is deleted there is deleted here."""

    def recheck(self, ids: Sequence[str], now: datetime) -> Mapping[str, Fate]:
        """Ask what became of items, by their identity there; one that the place does not know is left out.

        Raises:
            SourceError: nothing was learnt.
        """


class SourceError(Exception):
    """A source could not be heard. `remedy` says what a person can do; empty when waiting is all that is needed."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class TemporaryError(SourceError):
    """It will probably work later: time-outs, resets, 5xx, truncated bodies."""


class RateLimitedError(TemporaryError):
    """The place asks us to wait; `until` says how long, when it said so."""

    def __init__(self, message: str, *, until: datetime | None = None, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.until = until


class LocalError(TemporaryError):
    """Something on this machine is in the way. To look again costs nobody anything: it is done every minute."""


class DeniedError(SourceError):
    """The place refuses us (401, 403, a private address, robots): trying again without a change is useless."""


class GoneError(SourceError):
    """The place says that it is no more (410); the source is retired."""


class MalformedError(SourceError):
    """What came is not what this source reads, and no item could be saved from it."""
