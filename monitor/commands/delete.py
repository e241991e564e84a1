"""`promisewatch delete`: what a source brought is not to be kept."""

import click

from monitor.app import App, tell
from monitor.errors import MonitorError
from monitor.output import JSON_OR_TEXT, progress, show_json
from monitor.storage.forgetting import Chosen
from monitor.store import Store
from reports.typography import counted

YES = click.option("--yes", is_flag=True, help="Do not ask.")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Say how many there are; change nothing.")


@click.command("delete")
@click.option("--source", required=True, help="Delete what this source brought, by its id.")
@click.option("--brand", help="Only what speaks of this brand; what other brands match stays for them.")
@DRY_RUN
@YES
@JSON_OR_TEXT
@click.pass_obj
def delete_command(app: App, source: str, brand: str | None, dry_run: bool, yes: bool, format_: str) -> int:
    """Delete the mentions of a source, with all that was read of them.

    A source that is still configured is heard from the beginning again. There is no way back but a backup.
    """
    only = app.brand(brand).id if brand else None
    with app.open_store() as store:
        known = [one.id for one in store.sources.states()]
        if source not in known:
            raise MonitorError(f"the store knows no source {source!r}", remedy=f"use one of: {', '.join(known)}" if known else "")
        what = f"what {source} brought" + (f" of {only}" if only else "")
        return delete_chosen(store, Chosen(source, only), what, format_, dry_run=dry_run, yes=yes)


def delete_chosen(store: Store, chosen: Chosen, what: str, format_: str, *, dry_run: bool, yes: bool) -> int:
    """Say how many mentions are chosen, ask, and delete them."""
    count, deleted = store.mentions.count(chosen), 0
    tell(f"{'would delete' if dry_run else 'to delete'}: {counted(count, 'mention')}, {what}")
    if count and not dry_run:
        if not yes:
            click.confirm("Delete them?", abort=True, err=True)
        with progress("deleted", count) as shown:
            deleted = store.mentions.delete(chosen, shown.at)
        tell(f"deleted {counted(deleted, 'mention')}")
    if format_ == "json":
        show_json({"chosen": count, "deleted": deleted, "dry_run": dry_run})
    return 0
