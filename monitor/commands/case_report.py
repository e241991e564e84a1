"""`promisewatch cases summary`: metric 17, how fast customers are answered."""

from dataclasses import asdict
from datetime import date, timedelta

import click

from monitor.app import App
from monitor.commands.reports import BRAND, Day
from monitor.output import JSON_OR_TEXT, show_json
from reports.evidence import Window
from reports.typography import local_day

WEEKS = 12


@click.command("summary")
@click.option("--since", type=Day(), help=f"First day [{WEEKS} weeks before --until]")
@click.option("--until", type=Day(), help="Day after the last one [tomorrow]")
@BRAND
@JSON_OR_TEXT
@click.pass_obj
def summary(app: App, since: date | None, until: date | None, brand: str | None, format_: str) -> None:
    """Tell how long customers wait who asked for an answer: median, and share answered on the same day and in time."""
    from monitor.explained import answered  # noqa: PLC0415 - loads numpy, which no other command of cases needs
    from reports.answering import sentence  # noqa: PLC0415
    from reports.definitions import TIME_TO_ANSWER  # noqa: PLC0415

    chosen, now = app.brand(brand), app.clock()
    last = until or local_day(now, chosen.timezone) + timedelta(days=1)
    first = since or last - timedelta(weeks=WEEKS)
    if last <= first:
        raise click.UsageError(f"--since {first} must lie before --until {last}")
    with app.open_store() as store:
        (found,) = answered(store, chosen, (Window(first, last),), now)
    if format_ == "json":
        show_json({"brand": chosen.id, "since": first, "until": last, **asdict(found), "definition": TIME_TO_ANSWER.meaning})
        return
    click.echo(sentence(found))
