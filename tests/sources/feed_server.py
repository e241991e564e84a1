"""A place of feeds: snapshots of one feed in order, each told apart by its ETag, and every way to fail at it."""

import gzip
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from tests.servers import Answer, Handler, Loopback, Play, drip_body, reset


@dataclass(frozen=True)
class Item:
    """An entry as a feed may write it."""

    id: str
    title: str
    text: str = ""
    link: str = ""
    published: str = ""
    updated: str = ""


def rss(items: Sequence[Item], encoding: str = "utf-8", declared: str | None = None) -> bytes:
    """RSS 2.0 in `encoding`, declared as that or as something else."""
    written = "".join(
        f"<item><guid isPermaLink='false'>{escape(one.id)}</guid><title>{escape(one.title)}</title><link>{escape(one.link)}</link>"
        f"<description>{escape(escape(one.text))}</description><pubDate>{one.published}</pubDate></item>"
        for one in items
    )
    head = f"<?xml version='1.0' encoding='{encoding if declared is None else declared}'?>"
    return f"{head}<rss version='2.0'><channel><title>t</title>{written}</channel></rss>".encode(encoding, "xmlcharrefreplace")


def atom(items: Sequence[Item]) -> bytes:
    """Atom 1.0, which knows when an entry was updated."""
    written = "".join(
        f"<entry><id>{escape(one.id)}</id><title>{escape(one.title)}</title><link href='{escape(one.link)}'/>"
        f"<published>{one.published}</published><updated>{one.updated}</updated><content>{escape(one.text)}</content></entry>"
        for one in items
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><id>urn:f</id>{written}</feed>".encode()


def play_snapshots(server: Loopback, path: str, *bodies: bytes) -> str:
    """Have `path` show one snapshot after the other, with 304 for one that the caller has already."""
    return server.play(path, *map(_snapshot, bodies))


def _snapshot(body: bytes) -> Play:
    tag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'

    def answer(handler: Handler) -> None:
        known = handler.headers.get("If-None-Match") == tag
        Answer(304 if known else 200, b"" if known else body, {"ETag": tag, "Content-Type": "application/rss+xml"})(handler)

    return answer


def truncated(body: bytes) -> Play:
    """Promise all of `body`, send half and hang up."""

    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[: len(body) // 2])
        handler.close_connection = True

    return answer


def cut_off(body: bytes, at: int, *headers: str, kind: str = "application/rss+xml") -> Play:
    """Send the first `at` bytes without having said how many there are, and hang up: nothing in HTTP tells that it was not all."""

    def answer(handler: Handler) -> None:
        handler.close_connection = True
        head = "".join(f"{line}\r\n" for line in ("HTTP/1.1 200 OK", f"Content-Type: {kind}", *headers))
        handler.wfile.write(f"{head}\r\n".encode() + body[:at])

    return answer


def endless(handler: Handler) -> None:
    """Send items as fast as they are taken, without end."""
    handler.close_connection = True
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n<rss version='2.0'><channel>")
        while not handler.server.over.is_set():
            handler.wfile.write(b"<item><title>more</title></item>" * 1_000)
    except OSError:
        return


def gzipped(body: bytes) -> Answer:
    return Answer(200, gzip.compress(body), {"Content-Encoding": "gzip", "Content-Type": "application/rss+xml"})


def broken_gzip(body: bytes) -> Answer:
    return Answer(200, b"\x1f\x8b\x08\x00" + gzip.compress(body)[10:40], {"Content-Encoding": "gzip"})


def gzip_bomb(size: int) -> Answer:
    """Some kilobytes that unpack to `size` bytes of one item."""
    return gzipped(b"<rss version='2.0'><channel><item><title>a</title><description>" + b" " * size)


FAULTS: dict[str, Callable[[], Play]] = {
    "slow": lambda: drip_body,
    "endless": lambda: endless,
    "truncated": lambda: truncated(rss([Item("1", "one")])),
    "reset": lambda: reset,
    "redirect loop": lambda: Answer(302, headers={"Location": "/feed"}),
    "wrong type": lambda: Answer(200, b"%PDF-1.7", {"Content-Type": "application/pdf"}),
    "broken gzip": lambda: broken_gzip(rss([Item("1", "one")])),
    "gzip bomb": lambda: gzip_bomb(5_000_000),
}
"""Each makes an answer that no feed can be had from."""
