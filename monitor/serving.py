"""Serving over HTTP: one shell for every application of this program. It listens before it says so, and stops gracefully."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from monitor.errors import MonitorError

_MOST_AT_ONCE = 64
_SECONDS_TO_FINISH = 10
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@contextmanager
def serving(application: Starlette, host: str, port: int, table: str) -> Iterator[str]:
    """Answer in a thread until the block ends, then finish what is under way; yields the address, such as http://127.0.0.1:80.

    `table` is the one of the configuration that says where, for the remedy. Port 0 takes any that is free.

    Raises:
        MonitorError: nobody can listen there.
    """
    try:
        listener = socket.create_server((host, port), family=_family(host))
    except (OSError, OverflowError) as error:
        remedy = f"choose another host or port under [{table}], or stop what listens there"
        raise MonitorError(f"cannot listen at {host}:{port}: {error}", remedy=remedy) from error
    server = uvicorn.Server(
        uvicorn.Config(
            noting_the_peer(application),
            loop="asyncio",
            proxy_headers=False,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            limit_concurrency=_MOST_AT_ONCE,
            timeout_graceful_shutdown=_SECONDS_TO_FINISH,
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name=table, daemon=True)
    thread.start()
    try:
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(_SECONDS_TO_FINISH + 5)
        listener.close()


def noting_the_peer(application: ASGIApp) -> ASGIApp:
    """Note who is connected (`request.state.peer`) before a proxy of this machine is believed for whom it asks."""
    forwarded: Any = ProxyHeadersMiddleware(cast("Any", application), ["127.0.0.1", "::1"])

    async def noted(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["peer"] = (scope.get("client") or ("",))[0]
        await forwarded(scope, receive, send)

    return noted


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
