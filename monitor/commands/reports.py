"""`promisewatch gap` and `promisewatch digest`: load the evidence of a window, compute, render, write."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from monitor.app import App, tell
from monitor.config import BrandConfig
from monitor.output import write_document
from monitor.store import Store
from reports.evidence import Every, Window

WEEKS = 12
BASELINE_DAYS = 28
MOST_DAYS = 1_100
_SUFFIX = {".html": "html", ".htm": "html", ".md": "md", ".json": "json", ".csv": "csv", ".txt": "text"}


class Day(click.ParamType[date]):
    """A day as YYYY-MM-DD, or the day of an ISO 8601 moment."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day."""
        from sources.dates import is_plausible  # noqa: PLC0415 - a reader of all kinds of dates, and most reports name no day

        if isinstance(value, date):
            return value
        try:
            day = datetime.fromisoformat(str(value)).date()
        except ValueError:
            day = None
        if day is None or not is_plausible(datetime.combine(day, time())):
            self.fail(f"{value!r} is no day that can be reported; write it as 2026-03-31", param, ctx)
        return day


BRAND = click.option("--brand", help="Brand id or name; may be left out when there is only one.")
OUTPUT = click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write [standard output]")


@click.command()
@BRAND
@click.option("--since", type=Day(), help="First day [twelve weeks before --until]")
@click.option("--until", type=Day(), help="Day after the last one [tomorrow; or after the newest mention where all are old]")
@click.option("--every", type=click.Choice(["day", "week", "month"]), default="week", help="[week]")
@click.option("--format", "format_", type=click.Choice(["html", "md", "json", "csv"]), help="[by the file's name, else md]")
@OUTPUT
@click.pass_obj
def gap_command(
    app: App, brand: str | None, since: date | None, until: date | None, every: Every, format_: str | None, output: Path | None
) -> None:
    """What was promised, what customers live through, and how far the two are apart."""
    from reports.gap import build_gap  # noqa: PLC0415 - arithmetic and templates are only loaded to be used
    from reports.render import render_gap  # noqa: PLC0415

    chosen = app.brand(brand)
    app.spare(output)
    wanted = format_ or format_of(output, ("html", "md", "json", "csv"), otherwise="md")
    with app.open_store() as store:
        window = choose_window(store, chosen, since, until, app.clock())
        if every == "day" and (window.until - window.since).days > MOST_DAYS:
            raise click.UsageError(f"more than {MOST_DAYS} days are no chart; choose --every week or month")
        evidence = store.load_evidence(chosen.id, window, every, generated=app.clock())
    _warn(evidence.coverage.unread, evidence.coverage.mentions, window)
    write_document(render_gap(build_gap(evidence), wanted), output)  # type: ignore[arg-type]  # click has checked the choice


@click.command()
@BRAND
@click.option("--day", type=Day(), help="The day to tell of [yesterday; the newest mention's where nothing is newer]")
@click.option("--until", type=Day(), help="Day after the last one: another way to say --day")
@click.option("--since", type=Day(), hidden=True)
@click.option("--every", type=click.Choice(["day"]), default="day", hidden=True)
@click.option("--format", "format_", type=click.Choice(["html", "md", "json", "text"]), help="[by the file's name, else text]")
@OUTPUT
@click.pass_obj
def digest_command(
    app: App,
    brand: str | None,
    day: date | None,
    until: date | None,
    since: date | None,  # noqa: ARG001 - the reports share their options; a digest has one day
    every: str,  # noqa: ARG001
    format_: str | None,
    output: Path | None,
) -> None:
    """One page about one day: what matters, that day against the four weeks before."""
    from reports.digest import build_digest  # noqa: PLC0415
    from reports.render import render_digest  # noqa: PLC0415

    chosen = app.brand(brand)
    app.spare(output)
    wanted = format_ or format_of(output, ("html", "md", "json", "text"), otherwise="text")
    told = day or (until - timedelta(days=1) if until else None)
    with app.open_store() as store:
        if told is None:
            told = min(_newest_day(store, chosen, app.clock(), BASELINE_DAYS), _today(chosen, app.clock()) - timedelta(days=1))
        window = Window(told - timedelta(days=BASELINE_DAYS), told + timedelta(days=1))
        evidence = store.load_evidence(chosen.id, window, "day", generated=app.clock())
    _warn(evidence.coverage.unread, evidence.coverage.mentions, window)
    write_document(render_digest(build_digest(evidence, told), wanted), output)  # type: ignore[arg-type]  # click has checked it


def choose_window(store: Store, brand: BrandConfig, since: date | None, until: date | None, now: datetime) -> Window:
    """Return the window that was asked for; by default the twelve weeks that end with today, or with the newest mention.

    Raises:
        click.UsageError: it ends before it begins.
    """
    last = until or ((_newest_day(store, brand, now) if since is None else _today(brand, now)) + timedelta(days=1))
    first = since or last - timedelta(weeks=WEEKS)
    if last <= first:
        raise click.UsageError(f"--since {first} must lie before --until {last}")
    return Window(first, last)


def _today(brand: BrandConfig, now: datetime) -> date:
    return now.astimezone(ZoneInfo(brand.timezone)).date()


def _newest_day(store: Store, brand: BrandConfig, now: datetime, span: int = WEEKS * 7) -> date:
    """Return today, or where all mentions are older than `span` days, the newest one's: imported history is old."""
    today = _today(brand, now)
    newest = store.newest_day(brand.id, today)
    if newest is None or newest >= today - timedelta(days=span):
        return today
    tell(f"the newest mention of {brand.name} is of {newest}; the window ends there (--until chooses another)")
    return newest


def _warn(unread: int, mentions: int, window: Window) -> None:
    if unread:
        tell(f"{unread:,} of {mentions:,} mentions in the window wait to be read; run: promisewatch read")
    if not mentions:
        tell(f"there is no mention from {window.since} until {window.until}; --since and --until choose another window")


def format_of(output: Path | None, known: tuple[str, ...], otherwise: str) -> str:
    """Return the format that a file's name asks for.

    Raises:
        click.UsageError: it asks for one that there is not.
    """
    if output is None or not output.suffix:
        return otherwise
    found = _SUFFIX.get(output.suffix.lower())
    if found not in known:
        raise click.UsageError(f"{output.name}: there is no such format here; end it in one of {', '.join(known)}, or say --format")
    return found
