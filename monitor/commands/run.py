"""`promisewatch run` and `promisewatch once`."""

import signal
import threading

import click

from monitor import daemon
from monitor.app import App, tell
from monitor.collecting import Collected
from monitor.commands.collect import explain
from monitor.commands.inbound import open_door


@click.command()
@click.pass_obj
def run_command(app: App) -> None:
    """Stay and collect and read whatever is due, until interrupted or terminated."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with app.open_store() as store, open_door(app, app.config.inbound):
        tell(f"listening to {len(app.config.source)} sources for {len(app.config.brand)} brands; stop with Ctrl-C")
        daemon.run(app, store, stop, _said)
    tell("stopped; nothing is lost")


@click.command()
@click.pass_obj
def once_command(app: App) -> int:
    """Do everything that is due, one time."""
    with app.open_store() as store:
        blind = daemon.once(app, store, _said)
        daemon.look_again(app, store)
    return 1 if blind else 0


def _said(outcome: Collected) -> None:
    """Say what is new. A source that fails now and then is in the ledger; here it is told when its state changes, and only once."""
    if outcome.heard != "blind" or outcome.state != outcome.was:
        explain(outcome)
    if outcome.state != outcome.was:
        tell(f"{outcome.source}: was {outcome.was}, is {outcome.state}")
    if outcome.kept.new or outcome.kept.copies or outcome.kept.edited:
        tell(f"{outcome.source}: {outcome.kept.new + outcome.kept.copies} new, {outcome.kept.edited} edited")
