"""A real HTTP server on loopback that plays what a test tells it to."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import TypeVar


class Handler(BaseHTTPRequestHandler):
    """Plays the answers of its server's script and writes down what was asked."""

    server: "Loopback"
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_GET(self) -> None:
        self.server.asked.append(Asked(self.path, dict(self.headers.items()), self._posted()))
        self.server.next_answer(self.path.partition("?")[0])(self)

    def do_POST(self) -> None:
        self.do_GET()

    def do_HEAD(self) -> None:
        self.do_GET()

    def _posted(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def log_message(self, *args: object) -> None:
        """Tests are quiet."""


Play = Callable[[Handler], None]


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """An ordinary answer; one that `stays` leaves the connection open."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    stays: bool = False

    def __call__(self, handler: Handler) -> None:
        handler.send_response(self.status)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        if self.status != 304 and "Content-Length" not in self.headers:
            handler.send_header("Content-Length", str(len(self.body)))
        if not self.stays:
            handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(self.body)


def reset(handler: Handler) -> None:
    """Break the connection off without a word (RST)."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


def silence(handler: Handler) -> None:
    """Never answer, until the test is over."""
    handler.server.over.wait()
    handler.close_connection = True


def drip_headers(handler: Handler) -> None:
    """Send a byte now and then, so that no read ever waits long."""
    _drip(handler, b"HTTP/1.1 200 OK\r\nX-Slow: ")


def drip_body(handler: Handler) -> None:
    """Send headers at once and a body that never ends."""
    _drip(handler, b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n")


def _drip(handler: Handler, start: bytes) -> None:
    handler.close_connection = True
    try:
        handler.wfile.write(start)
        while not handler.server.over.wait(0.02):
            handler.wfile.write(b"a")
    except OSError:
        return


class Loopback(ThreadingHTTPServer):
    """`play` sets what a path answers: each answer once, the last one ever after."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[Asked] = []
        self.connections = 0
        self.over = threading.Event()
        self._scripts: dict[str, list[Play]] = {}

    def play(self, path: str, *answers: Play) -> str:
        """The address that answers so."""
        self._scripts[path] = list(answers)
        return self.url(path)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_address[1]}{path}"

    def next_answer(self, path: str) -> Play:
        script = self._scripts.get(path) or [Answer(404)]
        return script.pop(0) if len(script) > 1 else script[0]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the play."""


Listening = TypeVar("Listening", bound=Loopback)


@contextmanager
def listening(server: Listening) -> Iterator[Listening]:
    """Have a server answer until the block ends."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def running() -> AbstractContextManager[Loopback]:
    """A server that listens until the block ends."""
    return listening(Loopback())
