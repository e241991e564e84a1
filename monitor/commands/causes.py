"""`promisewatch causes`: what customers complain of, by its root, and what was done about it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.app import App, tell
from monitor.commands.reports import BRAND, EVERY, LOCALE, OUTPUT, SINCE, UNTIL, Day, choose_window, format_of
from monitor.output import JSON_OR_TEXT, progress, show_json, write_report
from reports.evidence import Every
from reports.reader import read_in
from reports.typography import counted

if TYPE_CHECKING:
    from models.clusters import Floats

FORMATS = ("html", "md", "json", "csv", "pdf")

CAUSE = click.argument("cause", type=int, metavar="CAUSE")
BY = click.option("--by", envvar=["USER", "LOGNAME"], default="somebody", help="Who does it [$USER]")


@click.group("causes", invoke_without_command=True)
@BRAND
@SINCE
@UNTIL
@EVERY
@click.option("--format", "format_", type=click.Choice(FORMATS), help="[by the file's name, else md]")
@LOCALE
@OUTPUT
@click.pass_context
def causes_command(
    context: click.Context,
    brand: str | None,
    since: date | None,
    until: date | None,
    every: Every,
    format_: str | None,
    locale: str | None,
    output: Path | None,
) -> None:
    """What customers complain of, by its root: the report, or what was done about a cause."""
    if context.invoked_subcommand is not None:
        return
    from monitor.cause_reports import causes_report  # noqa: PLC0415 - arithmetic and templates are only loaded to be used
    from reports.render_causes import render_causes  # noqa: PLC0415

    app: App = context.obj
    chosen = app.brand(brand)
    app.spare(output)
    wanted = format_ or format_of(output, FORMATS, otherwise="md")
    with app.open_store() as store:
        window = choose_window(store, chosen, since, until, app.clock())
        with read_in(locale or chosen.locale):
            report = causes_report(store, app.config.causes, chosen.id, window, every, app.clock())
        unseen = store.causes.complaints.unseen()
    if unseen:
        tell(f"{counted(unseen, 'reading')} not looked through for causes yet; run: promisewatch causes find")
    with read_in(locale or chosen.locale):
        write_report(lambda form: render_causes(report, form), wanted, output)


@causes_command.command("find")
@click.option("--dry-run", is_flag=True, help="Only show what is waiting; nothing is embedded or grouped.")
@JSON_OR_TEXT
@click.pass_obj
def find(app: App, dry_run: bool, format_: str) -> None:
    """Group complaints that were read since the last time; new causes form where enough people complain alike."""
    with app.open_store() as store:
        if dry_run:
            room = store.causes.complaints
            unseen, waiting = room.unseen(), {brand: room.count_waiting(brand) for brand in room.brands()}
            if format_ == "json":
                show_json({"readings": unseen, "waiting": waiting})
                return
            tell(f"{counted(unseen, 'reading')} to look through")
            for brand, count in waiting.items():
                tell(f"{brand}: {counted(count, 'complaint')} of no cause yet")
            return
        from monitor.causes import Embedder, bundled_embedder, find_due_causes  # noqa: PLC0415 - the way to torch

        bundled = bundled_embedder(app.config.model.device)
        with progress("texts compared") as shown:

            def embed(texts: Sequence[str]) -> "Floats":
                vectors = bundled.embed(texts)
                shown.advance(len(texts))
                return vectors

            found = find_due_causes(store, app.config, Embedder(bundled.version, embed), app.clock())
        names = {one.id: one.name for brand in store.causes.complaints.brands() for one in store.causes.known(brand)}
    if format_ == "json":
        show_json(
            {
                "complaints": found.complaints,
                "joined": found.joined,
                "waiting": found.waiting,
                **{
                    what: [{"id": one, "name": names.get(one, "")} for one in getattr(found, what)]
                    for what in ("formed", "confirmed", "reopened")
                },
                "merged": [{"id": kept, "other": other} for kept, other in found.merged],
                "split": [{"id": new, "from": old} for old, new in found.split],
            }
        )
        return
    tell(found.summary() or "no new complaint; what is collected is looked through once it is read (promisewatch read)")
    for word, causes in (("new", found.formed), ("holds", found.confirmed), ("open again", found.reopened)):
        for one in causes:
            tell(f"  {word}: {one}, {names.get(one, '')}")
    for kept, other in found.merged:
        tell(f"  merged: {other} into {kept}, {names.get(kept, '')}; take it back with: promisewatch causes unmerge {other}")
    for old, new in found.split:
        tell(f"  split: {new}, {names.get(new, '')}, from {old}, {names.get(old, '')}")


@causes_command.command("cover")
@CAUSE
@click.option("--on", type=Day(), help="The day on which it was put right [today, UTC]")
@click.option("--what", required=True, help="What was done about it.")
@BY
@click.pass_obj
def cover(app: App, cause: int, on: date | None, what: str, by: str) -> None:
    """Note that the root of a complaint was put right; what customers say from then on proves it or not."""
    day = on or app.clock().date()
    with app.open_store() as store:
        store.causes.cover(cause, day, what, app.clock(), by)
        name = store.causes.find(cause).name
    tell(f"cause {cause} ({name}) is covered since {day}; the complaints from then on will tell whether it holds")


@causes_command.command("reopen")
@CAUSE
@BY
@click.pass_obj
def reopen(app: App, cause: int, by: str) -> None:
    """Note that a covered cause is open after all."""
    with app.open_store() as store:
        store.causes.reopen(cause, app.clock(), by)
        name = store.causes.find(cause).name
    tell(f"cause {cause} ({name}) is open again")


@causes_command.command("rename")
@CAUSE
@click.argument("name")
@BY
@click.pass_obj
def rename(app: App, cause: int, name: str, by: str) -> None:
    """Give a cause a name of your own; "" goes back to the customers' words."""
    with app.open_store() as store:
        store.causes.rename(cause, " ".join(name.split()), app.clock(), by)
        told = store.causes.find(cause).name
    tell(f"cause {cause} is called {told} now")


@causes_command.command("merge")
@CAUSE
@click.argument("other", type=int)
@BY
@click.pass_obj
def merge(app: App, cause: int, other: int, by: str) -> None:
    """Let two causes be one, under the number and the name of CAUSE."""
    with app.open_store() as store:
        store.causes.merge(cause, other, app.clock(), by)
        name = store.causes.find(cause).name
    tell(f"cause {other} is part of cause {cause} ({name}) now; take it back with: promisewatch causes unmerge {other}")


@causes_command.command("unmerge")
@click.argument("other", type=int, metavar="CAUSE")
@BY
@click.pass_obj
def unmerge(app: App, other: int, by: str) -> None:
    """Take a merge back: CAUSE is one of its own again."""
    with app.open_store() as store:
        kept = store.causes.unmerge(other, app.clock(), by)
    tell(f"cause {other} is no longer part of cause {kept}")
