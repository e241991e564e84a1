"""`promisewatch serve`: the dashboard."""

import click

from monitor.app import App, tell
from monitor.doors import dashboard
from monitor.signals import listening_to_signals


@click.command()
@click.option("--host", help="Address to serve at [127.0.0.1, or [web] host]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to serve at [8080, or [web] port]")
@click.pass_obj
def serve_command(app: App, host: str | None, port: int | None) -> None:
    """The dashboard: look, drill down, label and answer. Runs until it is stopped."""
    with listening_to_signals() as signals, dashboard(app, host, port, warm=True):
        while not signals.stopped():
            signals.wait(60)
    tell("stopped")
