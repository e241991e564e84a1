"""`promisewatch inbound`, and the same door in the daemon."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from monitor.app import App, tell

if TYPE_CHECKING:
    from monitor.config import InboundConfig

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@click.command()
@click.option("--host", help="Address to listen at [127.0.0.1, or [inbound] host]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen at [8090, or [inbound] port]")
@click.pass_obj
def inbound_command(app: App, host: str | None, port: int | None) -> None:
    """Take mentions that are posted over HTTP, until interrupted or terminated."""
    from monitor.config import InboundConfig  # noqa: PLC0415

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    place = app.config.inbound or InboundConfig()
    place = replace(place, host=place.host if host is None else host, port=place.port if port is None else port)
    app.open_store().close()
    with open_door(app, place):
        stop.wait()
    tell("stopped; what was accepted is kept")


@contextmanager
def open_door(app: App, place: "InboundConfig | None") -> Iterator[None]:
    """Take what is posted while the block runs; nothing where no `place` is configured.

    Raises:
        ConfigError: there is no token.
        MonitorError: nobody can listen there.
    """
    if place is None:
        yield
        return
    from monitor.inbound import Inbox  # noqa: PLC0415 - a server is slow to load, and most run without
    from monitor.inbound_server import build, read_token, serving  # noqa: PLC0415

    application = build(Inbox(app.config, app.store_path), read_token(os.environ), app.clock)
    with serving(application, place) as address:
        tell(f"taking mentions at {address}")
        if place.host not in _LOOPBACK:
            tell("  without TLS: put a proxy with a certificate in front, or anybody on the way reads token and texts")
        yield
