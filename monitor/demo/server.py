"""Plays the places of the made-up world over real HTTP on loopback, at any moment of its twelve weeks."""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any, Self

from monitor.demo.feeds import CONTENT_TYPES, render_feed, render_page
from monitor.demo.world import Feed, World

NEWEST = 400
_FEED, _ITEM = "/feed/", "/item/"


class DemoServer:
    """Serves every feed at `/feed/NAME` and every item at `/item/ID`; a context manager.

    A feed shows the newest `newest` entries published before `now`; both may be set at any time.
    """

    def __init__(self, world: World, now: datetime, *, newest: int = NEWEST, port: int = 0) -> None:
        self.now = now
        self.newest = newest
        self._items = {item.id: item for item in world.items}
        self._feeds = {feed.name: feed for feed in world.feeds}
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="demo server", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def base(self) -> str:
        """The server's address, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def url(self, feed: str) -> str:
        """Return the address of a feed.

        Raises:
            KeyError: the world has no such feed.
        """
        return f"{self.base}{_FEED}{self._feeds[feed].name}"

    def respond(self, path: str, known: str | None, since: str | None) -> tuple[HTTPStatus, dict[str, str], bytes]:
        """Answer a GET request that carries If-None-Match `known` and If-Modified-Since `since`: status, headers and body."""
        if (feed := self._feeds.get(path.removeprefix(_FEED))) and path.startswith(_FEED):
            return self._respond_feed(feed, known, since)
        if (item := self._items.get(path.removeprefix(_ITEM))) and path.startswith(_ITEM):
            return HTTPStatus.OK, {"Content-Type": "text/html; charset=utf-8"}, render_page(item)
        return HTTPStatus.NOT_FOUND, {"Content-Type": "text/plain; charset=utf-8"}, b"Nothing here.\n"

    def _respond_feed(self, feed: Feed, known: str | None, since: str | None) -> tuple[HTTPStatus, dict[str, str], bytes]:
        published = [item for item in self._items.values() if item.feed == feed.name and item.published < self.now]
        shown = published[::-1][: self.newest]
        body = render_feed(feed, shown, self.base)
        changed = shown[0].published if shown else datetime.fromtimestamp(0, UTC)
        headers = {
            "Content-Type": f"{CONTENT_TYPES[feed.format]}; charset=utf-8",
            "ETag": f'"{sha256(body).hexdigest()[:20]}"',
            "Last-Modified": format_datetime(changed, usegmt=True),
        }
        if _is_unchanged(known, since, headers["ETag"], changed):
            return HTTPStatus.NOT_MODIFIED, headers, b""
        return HTTPStatus.OK, headers, body


def _is_unchanged(known: str | None, since: str | None, etag: str, changed: datetime) -> bool:
    """Tell whether a conditional request needs no body; a given ETag outweighs a date (RFC 9110, 13.2.2)."""
    if known is not None:
        return known.strip() == "*" or etag in {one.strip().removeprefix("W/") for one in known.split(",")}
    try:
        return changed <= parsedate_to_datetime(since or "")
    except (ValueError, TypeError):
        return False


def _handler(demo: DemoServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers
            status, headers, body = demo.respond(
                self.path.partition("?")[0], asked.get("If-None-Match"), asked.get("If-Modified-Since")
            )
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status is not HTTPStatus.NOT_MODIFIED:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the base class's signature
            """Stay quiet: the demo says what it does in its own words."""

    return Handler
