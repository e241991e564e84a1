"""`promisewatch run` and `promisewatch once`."""

from typing import TYPE_CHECKING

import click

from monitor import daemon
from monitor.app import App, tell
from monitor.log import Form, logging_as
from monitor.model_process import ModelProcess
from monitor.rounds import tell_collected
from monitor.signals import listening_to_signals

if TYPE_CHECKING:
    from monitor.collecting import Collected

_LOG_FORMAT = click.option(
    "--log-format",
    "form",
    type=click.Choice(["auto", "text", "json"]),
    default="auto",
    help="Lines for people, or JSON for machines; auto is text on a terminal [auto]",
)


@click.command()
@_LOG_FORMAT
@click.option("--serve", is_flag=True, help="Show the dashboard, too.")
@click.pass_obj
def run_command(app: App, form: Form, serve: bool) -> None:
    """Stay and do whatever is due, until interrupted or terminated. SIGHUP reads the configuration again."""
    with logging_as(form, app.clock), listening_to_signals() as signals, ModelProcess(signals.stopped) as models:
        daemon.run(app, signals, serve=serve, models=models)
        tell("stopped; nothing is lost")


@click.command()
@_LOG_FORMAT
@click.pass_obj
def once_command(app: App, form: Form) -> int:
    """Do everything that is due, one time."""
    blind = 0

    def heard(outcome: "Collected") -> None:
        nonlocal blind
        blind += outcome.heard == "blind"
        tell_collected(outcome)

    with logging_as(form, app.clock):
        well = daemon.once(app, heard)
    return 1 if blind or not well else 0
