"""`promisewatch backup`."""

from pathlib import Path

import click

from monitor.app import App, tell


@click.command()
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup_command(app: App, path: Path) -> None:
    """Write a consistent copy of the store to PATH, also while the daemon runs."""
    app.spare(path)
    with app.open_store() as store:
        store.backup(path)
    tell(f"wrote {path}")
