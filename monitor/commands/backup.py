"""`promisewatch backup` and `promisewatch restore`."""

from pathlib import Path

import click

from monitor import backups
from monitor.app import App, tell


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(1, 1000), help="PATH is a folder: write a copy named by its time, keep the newest N.")
@click.pass_obj
def backup_command(app: App, path: Path, keep: int | None) -> None:
    """Write a consistent copy of the store to PATH, also while the daemon runs. Folders are made where there are none."""
    if keep is None and path.is_dir():
        raise click.UsageError(f"{path} is a folder: name a file in it, or say how many copies to --keep there")
    app.spare(path)
    with app.open_store() as store:
        made = backups.write(store, path, app.clock()) if keep is None else backups.write_dated(store, path, keep, app.clock())
    tell(f"wrote {path if keep is None else made.path}")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def restore_command(app: App, file: Path, yes: bool) -> None:
    """Put the backup FILE in the place of the store, which is kept beside it. Refused while a daemon runs."""
    backups.check(file, app.store_path, app.clock())
    if app.store_path.exists() and not yes:
        click.confirm(f"Put {file} in the place of {app.store_path}?", abort=True, err=True)
    kept = backups.restore(file, app.store_path, app.clock())
    tell(f"restored {app.store_path} from {file}")
    if kept is not None:
        tell(f"the store until now is kept as {kept}; remove it when all is well")
