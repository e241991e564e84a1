"""The command line. Each command lives in a file of its own and is loaded when it is called: `gap` never loads torch."""

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from monitor.app import App, tell
from monitor.errors import ConfigError, MonitorError

# name: (module in monitor.commands, one line of help)
COMMANDS = {
    "init": ("init", "Write a commented configuration to start from."),
    "demo": ("demo", "A made-up brand, twelve weeks through the whole pipeline."),
    "run": ("run", "Stay and do everything when it is due (the daemon)."),
    "once": ("run", "Do everything that is due, one time, for cron."),
    "collect": ("collect", "Collect from the sources that are due."),
    "read": ("read", "Read what was collected."),
    "import": ("table", "Import mentions from CSV or JSONL."),
    "inbound": ("inbound", "Take mentions that are posted over HTTP."),
    "classify": ("classify", "Read texts from standard input, JSONL to standard output."),
    "gap": ("reports", "The brand-promise gap report."),
    "alerts": ("alerts", "What stands out: list, acknowledge, resolve, snooze, backtest."),
    "detect": ("detect", "Judge every row of any series in a CSV file."),
    "digest": ("digest", "One page about one day, week or month, shown or sent."),
    "scorecard": ("scorecard", "Ten pillars: how you rate yourselves, and what customers say."),
    "causes": ("causes", "What customers complain of, by its root, and what was done about it."),
    "assess": ("assess", "Rate your own ten pillars, the other column of the scorecard."),
    "audit": ("audit", "Check a random sample by hand: how well does the model read this brand?"),
    "correct": ("correct", "Put the sentiment of mentions right."),
    "outbox": ("outbox", "What waits to be sent, dead letters, and whether a channel works."),
    "cases": ("cases", "Customers who wait for an answer, and what is done for them."),
    "mentions": ("mentions", "Search what is stored."),
    "export": ("export", "Write stored mentions as JSONL or CSV."),
    "sources": ("sources", "List, add, test, pause and resume sources; lists of feeds."),
    "promises": ("promises", "List the promises of a brand."),
    "query": ("query", "Check brand queries, and apply what changed in them."),
    "doctor": ("doctor", "Check everything, with a remedy for each finding."),
    "delete": ("delete", "Delete what a source brought."),
    "purge": ("purge", "Delete old mentions, or all of an author."),
    "serve": ("serve", "The dashboard: look, drill down, label and answer."),
    "users": ("users", "Who may use the dashboard."),
    "backup": ("backup", "Write a consistent copy of the store."),
    "restore": ("backup", "Put a backup in the place of the store."),
}


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"monitor.commands.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches  # noqa: PLC0415 - only a slip needs it

            close = get_close_matches(args[0], COMMANDS, 1)
            ctx.fail(f"There is no command {args[0]!r}." + (f" Did you mean {close[0]!r}?" if close else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--config", "config_path", type=click.Path(dir_okay=False, path_type=Path), help="Configuration file [promisewatch.toml]"
)
@click.version_option(package_name="promisewatch")
@click.pass_context
def cli(ctx: click.Context, config_path: Path | None) -> None:
    """Listen to what people say about a brand and hold it against what the brand advertises."""
    chosen = config_path or Path(os.environ.get("PROMISEWATCH_CONFIG") or "promisewatch.toml")
    ctx.obj = App(chosen)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status: 0 done, 1 could not, 2 wrong usage or configuration."""
    try:
        result = cli.main(args=None if arguments is None else list(arguments), standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        tell("stopped; what was done is kept")
        return 1
    except ConfigError as error:
        _complain(error)
        return 2
    except (MonitorError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        else:
            _complain(error)
        return 1
    return result if isinstance(result, int) else 0


def _complain(error: MonitorError | OSError) -> None:
    tell(f"promisewatch: {error}")
    remedy = error.remedy if isinstance(error, MonitorError) else "make room, or choose another place"
    if remedy:
        tell(f"  {remedy}")
