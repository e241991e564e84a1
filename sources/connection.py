"""Connections to checked addresses only: kept for the next request, and cut when a request has lasted long enough."""

import heapq
import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import count
from ssl import SSLContext
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.connection import create_connection

from sources.source import DeniedError, TemporaryError

Resolve = Callable[[str, int], list[str]]
"""Host and port to the IP addresses that the name stands for now; raises OSError."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_HOSTS_KEPT = 64
_CONNECTIONS_KEPT = 64
"""How many idle connections stay open: to so many hosts, so many to each (as many as `per_host` may be)."""


def resolve(host: str, port: int) -> list[str]:
    """Ask the system's name service."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(address: str) -> bool:
    """Whether `address` is reachable by everyone: not private, loopback, link-local, reserved or multicast."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            ip = inner
    return ip.is_global and not ip.is_multicast


class Call:
    """One request in its thread. `expired` once its time was over; `reused` when its connection had served others before."""

    def __init__(self) -> None:
        self.expired = False
        self.reused = False
        self.over = False
        self._lock = threading.Lock()
        self._handles: list[socket.socket] = []

    def hold(self, handle: socket.socket) -> None:
        """Cut this connection, too, when the time is over."""
        with self._lock:
            self._handles.append(handle.dup())
            if self.expired:
                self._cut()

    def expire(self) -> None:
        """The time is over: end every connection of the call, so that whoever reads from one wakes up."""
        with self._lock:
            if not self.over:
                self.expired = True
                self._cut()

    def end(self) -> None:
        """Let go of the connections; nobody cuts them for this call any more."""
        with self._lock:
            self.over = True
            for handle in self._handles:
                handle.close()
            self._handles.clear()

    def _cut(self) -> None:
        for handle in self._handles:
            with suppress(OSError):
                handle.shutdown(socket.SHUT_RDWR)


class _Watch:
    """One thread that ends calls whose time is over. A server that drips a byte at a time never trips a read limit."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._due: list[tuple[float, int, Call]] = []
        self._order = count()
        self._started = False

    def add(self, call: Call, seconds: float) -> None:
        at = time.monotonic() + seconds
        with self._changed:
            while self._due and self._due[0][2].over:
                heapq.heappop(self._due)
            heapq.heappush(self._due, (at, next(self._order), call))
            if not self._started:
                threading.Thread(target=self._run, name="time limits", daemon=True).start()
                self._started = True
            elif self._due[0][2] is call:
                self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is None or wait > 0:
                    self._changed.wait(wait)
                    continue
                _at, _order, call = heapq.heappop(self._due)
            call.expire()


_WATCH = _Watch()
_IN_THREAD = threading.local()


@contextmanager
def time_limit(seconds: float) -> Iterator[Call]:
    """Make the block one call: every connection that this thread uses in it is cut after `seconds`."""
    call = _IN_THREAD.call = Call()
    _WATCH.add(call, seconds)
    try:
        yield call
    finally:
        call.end()


class Dialer:
    """Makes sockets: the address that was checked is the address that is connected to."""

    def __init__(self, resolve: Resolve, *, allow_private: bool) -> None:
        self._resolve = resolve
        self._allow_private = allow_private

    def dial(self, connection: HTTPConnection) -> socket.socket:
        """Resolve once, drop what is not public, connect to the first of the rest that answers."""
        host, port = connection.host.strip("[]"), connection.port or connection.default_port
        try:
            found = self._resolve(host, port)
        except OSError as error:
            remedy = "check the address, and that this machine can look up names"
            raise TemporaryError(f"the name {host} could not be looked up: {error}", remedy=remedy) from error
        allowed = [address for address in found if self._allow_private or is_public(address)]
        if not allowed:
            raise DeniedError(
                f"{host} is at a private address ({', '.join(found) or 'none'})",
                remedy="check the address; if it is meant, set allow_private_addresses = true under [network]",
            )
        failure: OSError | None = None
        for address in allowed:
            try:
                return create_connection((address, port), connection.timeout, socket_options=connection.socket_options)
            except OSError as error:
                failure = error
        raise TemporaryError(f"no connection to {connection.host}: {failure}") from failure


def open_pools(dialer: Dialer) -> urllib3.PoolManager:
    """Return pools of connections that are all made by `dialer`; safe to share between threads."""

    class Checked(HTTPConnection):
        """Tells the call of its thread which socket it uses."""

        handle: socket.socket | None = None
        served = False

        def _new_conn(self) -> socket.socket:
            opened = dialer.dial(self)
            self._let_go()
            self.handle, self.served = opened.dup(), False
            _IN_THREAD.call.hold(self.handle)
            return opened

        def request(self, *args: Any, **kwargs: Any) -> None:
            call: Call = _IN_THREAD.call
            call.reused = self.sock is not None and self.served
            if call.reused and self.handle is not None:
                call.hold(self.handle)
            super().request(*args, **kwargs)
            self.served = True

        def close(self) -> None:
            super().close()
            self._let_go()

        def _let_go(self) -> None:
            if self.handle is not None:
                self.handle.close()
                self.handle = None

    class CheckedWithTls(Checked, HTTPSConnection):
        def connect(self) -> None:
            self.ssl_context = self.ssl_context or _trust()
            super().connect()

    class Plain(HTTPConnectionPool):
        ConnectionCls = Checked

    class Secure(HTTPSConnectionPool):
        ConnectionCls = CheckedWithTls

    manager = urllib3.PoolManager(_HOSTS_KEPT, maxsize=_CONNECTIONS_KEPT, cert_reqs="CERT_REQUIRED")
    manager.pool_classes_by_scheme = {"http": Plain, "https": Secure}
    return manager


@lru_cache(maxsize=1)
def _trust() -> SSLContext:
    """Reading the trusted authorities takes longer than most requests: once is enough."""
    import certifi  # noqa: PLC0415 - only where TLS is spoken

    context = urllib3.util.ssl_.create_urllib3_context()
    context.load_verify_locations(certifi.where())
    return context
