"""Kinds of sources: what a configuration may say of one, and how it is opened. A kind is a file, loaded when it is used."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self, runtime_checkable

from sources.apart import Apart, here
from sources.mention import Voice
from sources.source import DeniedError, Source

if TYPE_CHECKING:
    from sources.http import Gateway

GROUP = "promisewatch.sources"
"""The entry points by which a package of somebody else adds a kind: `name = "module:KIND"`."""


@dataclass(frozen=True)
class Opening:
    """What a source is made of. `options` is the kind's own record; `moved_to` the address that the place gave as its new one.

    `apart` is where long computations go.
    """

    id: str
    options: Any
    voice: Voice
    gateway: "Gateway"
    environment: Mapping[str, str]
    moved_to: str = ""
    apart: Apart = here


@runtime_checkable
class Placed(Protocol):
    """Options that name files or folders."""

    def beside(self, folder: Path) -> Self:
        """The same, with relative paths that start at `folder`."""


@dataclass(frozen=True)
class Kind:
    """One kind of source.

    `options` is a frozen dataclass whose fields name their checks (`sources/options.py`). `address` says in a line where the
    source listens: it is shown in lists and is the source's default id, so nothing secret may stand in it.
    """

    name: str
    options: type
    address: Callable[[Any], str]
    open: Callable[[Opening], Source]


def find_kind(name: str) -> Kind:
    """Return a kind by its name: one of ours, or one that an installed package brings.

    Raises:
        LookupError: there is none; the message lists those there are.
    """
    found = _ours(name) or _foreign(name)
    if found is None:
        raise LookupError(f"there is no such kind of source; known: {', '.join(known_kinds())}")
    return found


def known_kinds() -> list[str]:
    """Return the names of all kinds that are installed."""
    return sorted({one.name for one in _entry_points()})


def secret(environment: Mapping[str, str], name: str) -> str:
    """Return a secret from the variable `name`, or from the file that the variable `name`_FILE names; "" where there is neither.

    Raises:
        DeniedError: the file cannot be read.
    """
    path = environment.get(f"{name}_FILE", "")
    if environment.get(name) or not path:
        return environment.get(name, "")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise DeniedError(f"{name}_FILE: {path} cannot be read: {error}", remedy="name a readable text file") from error


def _ours(name: str) -> Kind | None:
    module = f"sources.{name}"
    if not name.isidentifier():
        return None
    try:
        found = getattr(importlib.import_module(module), "KIND", None)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        return None
    return found if isinstance(found, Kind) else None


def _foreign(name: str) -> Kind | None:
    return next((one.load() for one in _entry_points() if one.name == name), None)


def _entry_points() -> Any:
    from importlib.metadata import entry_points  # noqa: PLC0415 - our own kinds are found without it

    return entry_points(group=GROUP)
