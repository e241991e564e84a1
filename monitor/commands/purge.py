"""`promisewatch purge`: what is too old, and whoever asks to be forgotten."""

import re
from dataclasses import asdict
from datetime import datetime, timedelta

import click

from monitor import retention
from monitor.app import App, tell
from monitor.commands.delete import DRY_RUN, YES, delete_chosen
from monitor.errors import ConfigError
from monitor.output import JSON_OR_TEXT, show_json, show_table
from monitor.storage.connection import stamp
from monitor.storage.custody import Proof
from monitor.storage.forgetting import Chosen
from monitor.store import Store, StoreError
from reports.typography import counted

_AGE = re.compile(r"(\d{1,6}) *days?")


@click.command("purge")
@click.option("--older-than", "age", help='Delete what was published longer ago, such as "400 days" [as [retention] says]')
@click.option("--author", help="Delete all that this author wrote, for good; the name as the source writes it.")
@click.option("--source", help="With --author: only what this source brought, by its id.")
@click.option("--names", is_flag=True, help="Replace the names of stored authors by pseudonyms, as [privacy] says for new ones.")
@click.option("--proofs", is_flag=True, help="Show what was erased on request; with --author, only what proves that one.")
@DRY_RUN
@YES
@JSON_OR_TEXT
@click.pass_obj
def purge_command(
    app: App,
    age: str | None,
    author: str | None,
    source: str | None,
    names: bool,
    proofs: bool,
    dry_run: bool,
    yes: bool,
    format_: str,
) -> int:
    """Delete old mentions of all sources and brands, or all of an author. A backup from before still has them.

    A place that still shows an old text may bring it again; what is deleted by author does not come back.
    """
    if source and not author:
        raise click.UsageError("--source goes with --author; `promisewatch delete --source` deletes all that a source brought")
    if sum((age is not None, author is not None and not proofs, names, proofs)) > 1:
        raise click.UsageError("choose one of --older-than, --author, --names and --proofs")
    before = _before(app, age) if age is not None else None
    with app.open_store() as store:
        if proofs:
            return _show(
                [one for one in store.custody.proofs() if author is None or retention.proves(one, author, source)], format_
            )
        if author is not None:
            return _erase(app, store, author, source, format_, dry_run=dry_run, yes=yes)
        if names:
            return _disguise(app, store, dry_run=dry_run)
        before = before or _allowed(app)
        what = f"what was published before {before:%Y-%m-%d}"
        return delete_chosen(store, Chosen(before=stamp(before)), what, format_, dry_run=dry_run, yes=yes)


def _before(app: App, age: str) -> datetime:
    days = _AGE.fullmatch(age.strip())
    if days is None:
        raise click.BadParameter(f'{age!r}: write a number of days, such as "400 days"', param_hint="--older-than")
    try:
        return app.clock() - timedelta(days=int(days[1]))
    except OverflowError as error:
        raise click.BadParameter(f"{age!r} is longer ago than anything was published", param_hint="--older-than") from error


def _allowed(app: App) -> datetime:
    longest = app.config.retention.mentions
    if longest is None:
        raise ConfigError(
            "the configuration does not say how long mentions are kept",
            remedy='set [retention] mentions = "400 days", or type: promisewatch purge --older-than "400 days"',
        )
    return app.clock() - longest


def _erase(app: App, store: Store, author: str, source: str | None, format_: str, *, dry_run: bool, yes: bool) -> int:
    count = store.custody.count_author(retention.names_of(author, app.disguise), source)
    tell(
        f"{'would erase' if dry_run else 'to erase'}: {counted(count, 'mention')} by {author!r}"
        + (f" in {source}" if source else "")
    )
    if dry_run:
        return 0
    if not yes:
        click.confirm("Erase them, for good?", abort=True, err=True)
    shown = _show([retention.erase_author(store, author, app.disguise, source, app.clock())], format_)
    return _write_anew(app, store) or shown


def _disguise(app: App, store: Store, *, dry_run: bool) -> int:
    if app.disguise is None:
        raise ConfigError("authors keep their names", remedy="set [privacy] pseudonymise_authors = true first")
    if dry_run:
        tell("would replace the names of all stored authors but the brands' own")
        return 0
    tell(f"replaced the author of {counted(store.custody.disguise(app.disguise), 'mention')}")
    return _write_anew(app, store)


def _write_anew(app: App, store: Store) -> int:
    """Leave nothing of what was deleted in the file, and name the copies that have it; returns the exit status."""
    if copies := retention.copies_of(app.store_path, store.custody.last_backup()):
        tell(f"copies from before still have it, and bring it back where they are restored: {', '.join(map(str, copies))}")
        tell("  remove them, and other backups, exports and reports from before; promisewatch backup makes a new one")
    try:
        store.file.rewrite()
    except StoreError as error:
        tell(f"it is deleted, but parts of it may still be found in the file, which cannot be written anew: {error}")
        tell(f"  {error.remedy}; then type the same command once more")
        return 1
    return 0


def _show(proofs: list[Proof], format_: str) -> int:
    if format_ == "json":
        show_json([asdict(one) for one in proofs])
    else:
        rows = [(one.id, f"{one.at:%Y-%m-%dT%H:%M:%SZ}", one.mentions, one.salt, one.asked) for one in proofs]
        show_table(("proof", "at", "erased", "salt", "sha256 of salt:source:author"), rows)
    return 0
