"""`promisewatch init`."""

from importlib.resources import files
from pathlib import Path

import click

from monitor.app import App, tell
from monitor.errors import MonitorError


@click.command()
@click.argument("path", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.pass_obj
def init_command(app: App, path: Path | None, force: bool) -> None:
    """Write a commented configuration to start from, to PATH or promisewatch.toml."""
    target = path or app.config_path
    if target.exists() and not force:
        raise MonitorError(f"{target} is there already", remedy="edit it, or replace it with --force")
    try:
        target.write_text(template(), encoding="utf-8")
    except OSError as error:
        raise MonitorError(
            f"{target} cannot be written: {error.strerror}", remedy="choose another place: promisewatch init PATH"
        ) from error
    tell(f"wrote {target}; edit it, then: promisewatch collect && promisewatch read && promisewatch gap -o gap.html")


def template() -> str:
    """Return the commented configuration."""
    return files("monitor").joinpath("template.toml").read_text(encoding="utf-8")
