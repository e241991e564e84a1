"""`promisewatch promises`."""

import click

from monitor.app import App
from monitor.commands.reports import BRAND
from monitor.output import JSON_OR_TEXT, show_json, show_table
from reports.delivery import expectation


@click.group("promises")
def promises_command() -> None:
    """Work with the promises that a brand makes."""


@promises_command.command("list")
@BRAND
@JSON_OR_TEXT
@click.pass_obj
def list_promises(app: App, brand: str | None, format_: str) -> None:
    """List a brand's promises and what each lets people expect."""
    chosen = app.brand(brand)
    with app.open_store() as store:
        promises = store.promises(chosen.id)
    if format_ == "json":
        show_json(
            [
                {"id": one.id, "text": one.text, "pillar": one.pillar, "strength": one.strength, "expectation": expectation(one)}
                for one in promises
            ]
        )
        return
    show_table(
        ("promise", "expectation", "strength", "pillar", "words"),
        [(one.id, expectation(one), one.strength, one.pillar, one.text) for one in promises],
    )
