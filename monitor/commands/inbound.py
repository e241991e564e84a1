"""`promisewatch inbound`."""

from dataclasses import replace

import click

from monitor.app import App, tell
from monitor.doors import open_door
from monitor.signals import listening_to_signals


@click.command()
@click.option("--host", help="Address to listen at [127.0.0.1, or [inbound] host]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen at [8090, or [inbound] port]")
@click.pass_obj
def inbound_command(app: App, host: str | None, port: int | None) -> None:
    """Take mentions that are posted over HTTP, until interrupted or terminated."""
    from monitor.config import InboundConfig  # noqa: PLC0415

    place = app.config.inbound or InboundConfig()
    place = replace(place, host=place.host if host is None else host, port=place.port if port is None else port)
    app.open_store().close()
    with listening_to_signals() as signals, open_door(app, place):
        while not signals.stopped():
            signals.wait(60)
    tell("stopped; what was accepted is kept")
