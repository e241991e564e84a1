"""Opens connections to checked addresses only, and cuts them when their time is up."""

import ipaddress
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.connection import create_connection

from sources.source import DeniedError, TemporaryError

Resolve = Callable[[str, int], list[str]]
"""Host and port to the IP addresses that the name stands for now; raises OSError."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


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


class Dialer:
    """Makes the sockets of one request: the address that was checked is the address that is connected to."""

    def __init__(self, resolve: Resolve, *, allow_private: bool) -> None:
        self._resolve = resolve
        self._allow_private = allow_private
        self._handles: list[socket.socket] = []
        self._lock = threading.Lock()
        self.expired = False

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
        return self._connect(allowed, port, connection)

    def _connect(self, addresses: list[str], port: int, connection: HTTPConnection) -> socket.socket:
        failure: OSError | None = None
        for address in addresses:
            try:
                opened = create_connection((address, port), connection.timeout, socket_options=connection.socket_options)
            except OSError as error:
                failure = error
                continue
            with self._lock:
                self._handles.append(opened.dup())
                if self.expired:
                    self._shut()
            return opened
        raise TemporaryError(f"no connection to {connection.host}: {failure}") from failure

    @contextmanager
    def time_limit(self, seconds: float) -> Iterator[None]:
        """Cut every connection after `seconds`: a server that drips a byte at a time never trips the read limit."""
        timer = threading.Timer(seconds, self._expire)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            with self._lock:
                for handle in self._handles:
                    handle.close()
                self._handles.clear()

    def _expire(self) -> None:
        with self._lock:
            self.expired = True
            self._shut()

    def _shut(self) -> None:
        for handle in self._handles:
            with suppress(OSError):
                handle.shutdown(socket.SHUT_RDWR)


class CheckedAdapter(HTTPAdapter):
    """A requests transport whose sockets all come from one dialer."""

    def __init__(self, dialer: Dialer) -> None:
        self._dialer = dialer
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Have the pools make connections that dial through the dialer."""
        dialer = self._dialer

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return dialer.dial(self)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return dialer.dial(self)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
