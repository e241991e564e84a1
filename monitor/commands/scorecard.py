"""`promisewatch scorecard`: ten pillars as the company rates them and as its customers live them."""

from datetime import date
from pathlib import Path

import click

from monitor.app import App
from monitor.commands.reports import BRAND, LOCALE, OUTPUT, SINCE, UNTIL, choose_window, format_of, warn
from monitor.output import write_report
from reports.reader import read_in

FORMATS = ("html", "md", "json", "csv", "pdf")


@click.command()
@BRAND
@SINCE
@UNTIL
@click.option("--format", "format_", type=click.Choice(FORMATS), help="[by the file's name, else md]")
@LOCALE
@OUTPUT
@click.pass_obj
def scorecard_command(
    app: App,
    brand: str | None,
    since: date | None,
    until: date | None,
    format_: str | None,
    locale: str | None,
    output: Path | None,
) -> None:
    """Ten pillars, 1 to 5 each: how you rate yourselves, and what customers say."""
    from monitor.scorecards import scorecard_of  # noqa: PLC0415 - arithmetic and templates are only loaded to be used
    from reports.render_scorecard import render_scorecard  # noqa: PLC0415

    chosen = app.brand(brand)
    app.spare(output)
    wanted = format_ or format_of(output, FORMATS, otherwise="md")
    with app.open_store() as store:
        window = choose_window(store, chosen, since, until, app.clock())
        with read_in(locale or chosen.locale):
            card = scorecard_of(store, chosen, window, app.clock())
        warn(store, chosen, card.coverage, window)
    with read_in(locale or chosen.locale):
        write_report(lambda form: render_scorecard(card, form), wanted, output)
