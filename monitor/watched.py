"""Connections that libraries open by themselves: to allowed addresses only, and cut when they last too long.

Apprise, requests and smtplib open sockets where no gateway of ours stands. An audit hook (PEP 578) sees each with the address that
it is really connected to, also after a redirect. It looks at nothing outside of `watched`.
"""

import errno
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from typing import Any

from sources.connection import Call, is_public, resolve, time_limit

_EVENTS = ("socket.connect", "socket.sendto")
_watch: ContextVar["Watch | None"] = ContextVar("watch", default=None)
"""Apprise's threads work in a copy of the context that asked them."""


class Watch:
    """What the connections of a context may do. `refused` names the private address that one of them was meant for."""

    def __init__(self, call: Call, *, allow_private: bool) -> None:
        self._call, self._allow_private = call, allow_private
        self.refused = ""

    def connecting(self, handle: socket.socket, address: Any) -> None:
        """Let a connection be made, to be cut when the time is over.

        Raises:
            OSError: it may not be made.
        """
        if self._call.expired:
            raise TimeoutError(errno.ETIMEDOUT, "it took too long in all")
        if isinstance(address, tuple) and not self._allow_private and not _all_public(str(address[0]), int(address[1])):
            self.refused = str(address[0])
            raise PermissionError(errno.EACCES, f"{self.refused} is a private address")
        with suppress(NotImplementedError):  # one that speaks TLS before it is connected keeps to its own limits
            self._call.hold(handle)


@contextmanager
def watched(seconds: float, *, allow_private: bool) -> Iterator[Watch]:
    """Watch what is connected to while the block runs; after so many seconds, and at its end, those connections are cut."""
    _install()
    with time_limit(seconds) as call:
        watch = Watch(call, allow_private=allow_private)
        token = _watch.set(watch)
        try:
            yield watch
        finally:
            _watch.reset(token)
            call.expire()  # a thread that somebody has given up sends nothing any more


def _all_public(host: str, port: int) -> bool:
    try:
        return is_public(host)
    except ValueError:  # a name, which the system is about to look up
        return all(map(is_public, resolve(host, port)))


@cache
def _install() -> None:
    sys.addaudithook(_hear)


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _EVENTS and (watch := _watch.get()) is not None:
        watch.connecting(*arguments)
