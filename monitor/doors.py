"""The doors: where mentions may be posted to, where the daemon says how it fares, and the dashboard."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from monitor.app import App, tell

if TYPE_CHECKING:
    from monitor.config import InboundConfig
    from monitor.health import Health


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
    from monitor.inbound_server import PATH, build, read_token  # noqa: PLC0415
    from monitor.serving import LOOPBACK, serving  # noqa: PLC0415

    application = build(Inbox(app.config, app.store_path, app.disguise), read_token(os.environ), app.clock)
    with serving(application, place.host, place.port, "inbound") as address:
        tell(f"taking mentions at {address}{PATH}")
        if place.host not in LOOPBACK:
            tell("  without TLS: put a proxy with a certificate in front, or anybody on the way reads token and texts")
        yield


@contextmanager
def open_health_door(app: App, health: "Health") -> Iterator[None]:
    """Say how the daemon fares while the block runs; nothing where nobody asked for it.

    Raises:
        ConfigError: others could ask there, and there is no token.
        MonitorError: nobody can listen there.
    """
    place = app.config.health
    if place is None or not place.host:
        yield
        return
    from monitor.health_server import TOKEN, build  # noqa: PLC0415 - a server is slow to load, and some run without
    from monitor.serving import LOOPBACK, serving  # noqa: PLC0415
    from monitor.tokens import read_token  # noqa: PLC0415

    alone = place.host in LOOPBACK
    token = "" if alone else read_token(os.environ, TOKEN, "others can ask at that address, and must show a token")
    with serving(build(health, app.store_path, token), place.host, place.port, "health") as address:
        tell(f"telling how it fares at {address}/readyz and {address}/metrics")
        if not alone:
            tell("  without TLS: put a proxy with a certificate in front, or anybody on the way reads the token")
        yield


@contextmanager
def dashboard(app: App, host: str | None = None, port: int | None = None, *, warm: bool = False) -> Iterator[str]:
    """Serve while the block runs; yields the address. `warm` makes what is slow before somebody asks.

    Raises:
        MonitorError: nobody can listen there, or others could reach it and nobody has an account.
    """
    from monitor.serving import LOOPBACK, serving  # noqa: PLC0415 - a server is slow to load
    from monitor.web.application import build  # noqa: PLC0415
    from monitor.web.shelf import PATIENCE, Shelf  # noqa: PLC0415
    from monitor.web.warming import kept_warm  # noqa: PLC0415

    web = app.config.web
    where = web.host if host is None else host
    shelf = Shelf(patience=PATIENCE if warm else None)
    try:
        with serving(build(app, where, shelf), where, web.port if port is None else port, "web") as address:
            tell(f"dashboard at {address}")
            if where not in LOOPBACK:
                tell("  without TLS: put a proxy with a certificate in front, or anybody on the way reads passwords and texts")
            with kept_warm(app, shelf) if warm else nullcontext():
                yield address
    finally:
        shelf.close()
