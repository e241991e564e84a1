"""`promisewatch gap`: load the evidence of a window, compute, render, write; and what the reports share."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import click

from monitor.app import App, tell
from monitor.config import BrandConfig
from monitor.output import write_report
from monitor.store import Store
from reports.evidence import Coverage, Every, Window
from reports.reader import fault_of, read_in
from reports.typography import counted

WEEKS = 12
MOST_DAYS = 1_100
_SUFFIX = {".html": "html", ".htm": "html", ".md": "md", ".json": "json", ".csv": "csv", ".txt": "text", ".pdf": "pdf"}


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


class Against(click.ParamType["Window | Literal['previous']"]):
    """Another window to compare with: `previous`, or two days as SINCE..UNTIL."""

    name = "window"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> "Window | Literal['previous']":
        """Return the window, or the word."""
        if isinstance(value, Window):
            return value
        if value == "previous":
            return "previous"
        since, dots, until = str(value).partition("..")
        if not dots:
            self.fail(f"{value!r} is no window; write previous, or two days as 2026-01-01..2026-03-31", param, ctx)
        first, last = (Day().convert(day, param, ctx) for day in (since, until))
        if last <= first:
            self.fail(f"{first} must lie before {last}, the day after the last one", param, ctx)
        return Window(first, last)


def _locale(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value and (fault := fault_of(value)):
        raise click.BadParameter(fault)
    return value


BRAND = click.option("--brand", help="Brand id or name; may be left out when there is only one.")
LOCALE = click.option("--locale", callback=_locale, help="For whom it is written, such as de-DE [the brand's locale]")
SINCE = click.option("--since", type=Day(), help="First day [twelve weeks before --until]")
UNTIL = click.option("--until", type=Day(), help="Day after the last one [tomorrow; or after the newest mention where all are old]")
EVERY = click.option("--every", type=click.Choice(["day", "week", "month"]), default="week", help="[week]")
OUTPUT = click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write [standard output]")


@click.command()
@BRAND
@SINCE
@UNTIL
@EVERY
@click.option("--format", "format_", type=click.Choice(["html", "md", "json", "csv", "pdf"]), help="[by the file's name, else md]")
@click.option(
    "--segment", "segments", multiple=True, help="Split by source, language or a column of `segments`; repeatable [source]"
)
@click.option("--against", type=Against(), help="What to compare with: previous, or SINCE..UNTIL [the window's earlier half]")
@click.option("--docket", metavar="PROMISE", help="Instead: everything that customers said of one promise")
@LOCALE
@OUTPUT
@click.pass_obj
def gap_command(
    app: App,
    brand: str | None,
    since: date | None,
    until: date | None,
    every: Every,
    format_: str | None,
    segments: tuple[str, ...],
    against: Window | Literal["previous"] | None,
    docket: str | None,
    locale: str | None,
    output: Path | None,
) -> None:
    """What was promised, what customers live through, and how far the two are apart."""
    from monitor.explained import docket_of, gap_report, known_segments  # noqa: PLC0415 - arithmetic is only loaded to be used
    from reports.change import previous  # noqa: PLC0415
    from reports.render import render_gap  # noqa: PLC0415
    from reports.render_docket import render_docket  # noqa: PLC0415

    chosen = app.brand(brand)
    reader = locale or chosen.locale
    app.spare(output)
    wanted = format_ or format_of(output, ("html", "md", "json", "csv", "pdf"), otherwise="md")
    for name in segments:
        if name not in known_segments(chosen):
            known = ", ".join(known_segments(chosen))
            remedy = f'choose {known}; for a column that import --keep kept write segments = ["{name}"] under [[brand]]'
            raise click.UsageError(f"--segment {name}: the brand is not counted by that; {remedy}")
    with app.open_store() as store:
        window = choose_window(store, chosen, since, until, app.clock())
        if every == "day" and (window.until - window.since).days > MOST_DAYS:
            raise click.UsageError(f"more than {MOST_DAYS} days are no chart; choose --every week or month")
        if docket is not None:
            with read_in(reader):
                said = docket_of(store, chosen, docket, window, every, app.clock())
                write_report(lambda form: render_docket(said, form), wanted, output)  # type: ignore[arg-type]  # click has checked the choice
            return
        compared = previous(window) if against == "previous" else against
        with read_in(reader):
            report = gap_report(store, app.config, chosen, window, every, app.clock(), segments=segments, against=compared)
        warn(store, chosen, report.coverage, window)
    with read_in(reader):
        write_report(lambda form: render_gap(report, form), wanted, output)  # type: ignore[arg-type]  # click has checked the choice


def choose_window(store: Store, brand: BrandConfig, since: date | None, until: date | None, now: datetime) -> Window:
    """Return the window that was asked for; by default the twelve weeks that end with today, or with the newest mention.

    Raises:
        click.UsageError: it ends before it begins.
    """
    last = until or ((newest_day(store, brand, now) if since is None else today_of(brand, now)) + timedelta(days=1))
    first = since or last - timedelta(weeks=WEEKS)
    if last <= first:
        raise click.UsageError(f"--since {first} must lie before --until {last}")
    return Window(first, last)


def today_of(brand: BrandConfig, now: datetime) -> date:
    """Return the brand's own day."""
    return now.astimezone(ZoneInfo(brand.timezone)).date()


def newest_day(store: Store, brand: BrandConfig, now: datetime, span: int = WEEKS * 7) -> date:
    """Return today, or where all mentions are older than `span` days, the newest one's: imported history is old."""
    today = today_of(brand, now)
    newest = store.brands.newest_day(brand.id, today)
    if newest is None or newest >= today - timedelta(days=span):
        return today
    tell(f"the newest mention of {brand.name} is of {newest}; the window ends there (--until chooses another)")
    return newest


def warn(store: Store, brand: BrandConfig, coverage: Coverage, window: Window, options: str = "--since and --until") -> None:
    """Say what the report does not know yet; `options` are those that choose another time."""
    if coverage.unread:
        tell(
            f"{coverage.unread:,} of {counted(coverage.mentions, 'mention')} in the window wait to be read; run: promisewatch read"
        )
    if coverage.mentions:
        return
    newest = store.brands.newest_day(brand.id, date.max)
    if newest is None:
        tell(f"nothing of {brand.name} is stored yet; run: promisewatch collect (or promisewatch import FILE)")
    else:
        last = window.until - timedelta(days=1)
        tell(f"no mention is of {window.since} to {last}, the newest is of {newest}; choose another time with {options}")


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
