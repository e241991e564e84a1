"""`promisewatch cases summary`: metric 17, how fast customers are answered."""

from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import click

from monitor.app import App
from monitor.commands.reports import BRAND, Day
from monitor.output import JSON_OR_TEXT, show_json

WEEKS = 12


@click.command("summary")
@click.option("--since", type=Day(), help=f"First day [{WEEKS} weeks before --until]")
@click.option("--until", type=Day(), help="Day after the last one [tomorrow]")
@BRAND
@JSON_OR_TEXT
@click.pass_obj
def summary(app: App, since: date | None, until: date | None, brand: str | None, format_: str) -> None:
    """Tell how long customers wait who asked for an answer: median, and share answered on the same day and in time."""
    from reports.answering import DEFINITION, Asked, answering, sentence  # noqa: PLC0415 - loads numpy, which no other command needs

    chosen, now = app.brand(brand), app.clock()
    zone = ZoneInfo(chosen.timezone)
    last = until or now.astimezone(zone).date() + timedelta(days=1)
    first = since or last - timedelta(weeks=WEEKS)
    if last <= first:
        raise click.UsageError(f"--since {first} must lie before --until {last}")
    with app.open_store() as store:
        waits = store.cases.waits(chosen.id, _midnight(first, zone), _midnight(last, zone))
    found = answering([Asked(one.asked, one.due, one.answered, one.ended) for one in waits], chosen.timezone, now)
    if format_ == "json":
        show_json({"brand": chosen.id, "since": first, "until": last, **asdict(found), "definition": DEFINITION.meaning})
        return
    click.echo(sentence(found))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
