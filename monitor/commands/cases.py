"""`promisewatch cases`: the customers who wait for an answer, and what is done for them."""

import csv
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, cast

import click

from monitor.app import App, harmless, tell
from monitor.case_messages import case_values, hand_off
from monitor.case_watch import Desk, by_urgency, find_cases, found, hand_over, open_case, openings, preview
from monitor.cases import LIVE, STATUSES, Status
from monitor.commands.case_report import summary
from monitor.commands.case_tables import COLUMNS, document, due, excerpt, previewed, table_row
from monitor.commands.reports import BRAND
from monitor.output import JSON_OR_TEXT, show_json, show_table
from monitor.storage.cases import Act, CaseFile
from reports.typography import counted, moment

CASE = click.argument("case", type=int, metavar="CASE")
BY = click.option("--by", envvar=["USER", "LOGNAME"], default="somebody", help="Who does it [$USER]")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Only show what would happen.")


class _Moment(click.ParamType[datetime]):
    """A time in UTC unless it names its zone: `2026-11-22 14:30`."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            given = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f'{value!r} is no time; write it like "2026-11-22 14:30"', param, ctx)
        return given if given.tzinfo else datetime.fromisoformat(f"{given.isoformat()}+00:00")


@click.group("cases")
def cases_command() -> None:
    """Customers who wait for an answer: list them, take one, answer, close, hand on."""


cases_command.add_command(summary)


@cases_command.command("list")
@click.option("--status", type=click.Choice(["live", "all", *STATUSES]), default="live", help="[live: new and answered]")
@click.option("--brand", help="Only this brand [all]")
@click.option("--mine", is_flag=True, help="Only the cases that you have taken.")
@click.option("--by", envvar=["USER", "LOGNAME"], default="", help="Who you are, with --mine [$USER]")
@click.option("--limit", type=click.IntRange(1), default=50, help="At most so many, the most urgent first [50]")
@click.option("--format", "format_", type=click.Choice(["text", "json", "csv"]), default="text", help="[text]")
@click.pass_obj
def list_cases(app: App, status: str, brand: str | None, mine: bool, by: str, limit: int, format_: str) -> None:
    """List cases, the most urgent first: severity and reach, and how much of the time to answer is gone."""
    chosen: Sequence[Status] = STATUSES if status == "all" else LIVE if status == "live" else (cast("Status", status),)
    now, only = app.clock(), app.brand(brand).id if brand else None
    with app.open_store() as store:
        rated = by_urgency(store.cases.select(chosen, only, by if mine else None), now)
    shown = rated[:limit]
    if format_ == "json":
        show_json([{**case_values(one), "urgency": urgent} for urgent, one in shown])
        return
    if format_ == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(COLUMNS)
        writer.writerows(table_row(urgent, one) for urgent, one in shown)
        return
    show_table(
        ("case", "urgency", "status", "owner", "due", "who", "what"),
        [
            (one.id, urgent, one.status, one.owner or "-", due(one, now), one.author or "-", excerpt(one.text))
            for urgent, one in shown
        ],
    )
    rest = len(rated) - len(shown)
    tell(f"{counted(len(rated), 'case')}" + (f", {rest:,} of them not shown; --limit shows more" if rest else ""))


@cases_command.command("show")
@CASE
@JSON_OR_TEXT
@click.pass_obj
def show_case(app: App, case: int, format_: str) -> None:
    """Show all that was said and done in CASE, and why it is one."""
    with app.open_store() as store:
        file = found(store, case)
    if format_ == "json":
        show_json(document(file))
        return
    one, brand = file.case, app.config.find_brand(file.case.brand)
    zone = brand.timezone if brand else "UTC"
    owner = f"{one.owner} has it" if one.owner else "nobody has it"
    lines = [f"Case {one.id} of {one.brand}: {one.status}; {owner}; severity {one.severity}; {due(one, app.clock())}", ""]
    for turn in file.turns:
        lines += [f"{moment(turn.at, zone)}, {turn.author or 'somebody'} ({turn.role}{', ' + turn.label if turn.label else ''})"]
        lines += [f"  {line}" for line in turn.text.splitlines()] + ([f"  {turn.url}"] if turn.url else []) + [""]
    lines += ["Why it is a case:", *(f"  {why}" for why in one.reasons), "", "What was done:"]
    for event in file.events:
        detail = f": {event.detail}" if event.detail else ""
        lines.append(f"  {moment(event.at, zone)}, {event.who}: {event.what}{detail}")
    click.echo(harmless("\n".join(lines)))


@cases_command.command("take")
@CASE
@click.option("--for", "owner", help="Give it to somebody else; an empty name puts it back.")
@BY
@click.pass_obj
def take(app: App, case: int, owner: str | None, by: str) -> None:
    """Take CASE: you are its owner from now on."""
    whose = by if owner is None else owner
    _act(app, case, "taken", by, whose)
    tell(f"{whose} has case {case}" if whose else f"nobody has case {case} now")


@cases_command.command("note")
@CASE
@click.argument("text")
@BY
@click.pass_obj
def note(app: App, case: int, text: str, by: str) -> None:
    """Write TEXT into the history of CASE."""
    if not text.strip():
        raise click.UsageError("write something to note")
    _act(app, case, "noted", by, text)
    tell(f"noted in case {case}")


@cases_command.command("answer")
@CASE
@click.option("--link", default="", help="Where the answer stands.")
@click.option("--at", type=_Moment(), help="When it was given, in UTC [now]")
@BY
@click.pass_obj
def answer(app: App, case: int, link: str, at: datetime | None, by: str) -> None:
    """Note that CASE was answered where promisewatch does not listen: by mail, on the phone."""
    if at is not None and at > app.clock():
        raise click.UsageError(f"--at {at:%Y-%m-%d %H:%M} lies in the future")
    file, _ = _act(app, case, "answered", by, link, at)
    tell(f"case {case} is {file.case.status}")


@cases_command.command("close")
@CASE
@click.option("--why", default="", help="Why, for its history.")
@BY
@click.pass_obj
def close(app: App, case: int, why: str, by: str) -> None:
    """Close CASE: nothing more is to be done."""
    _, done = _act(app, case, "closed", by, why)
    tell(
        f"case {case} is closed; take it up again with: promisewatch cases reopen {case}"
        if done
        else f"case {case} was closed already"
    )


@cases_command.command("reopen")
@CASE
@click.option("--why", default="", help="Why, for its history.")
@BY
@click.pass_obj
def reopen(app: App, case: int, why: str, by: str) -> None:
    """Take a closed, answered or recovered CASE up again; the time to answer begins anew."""
    _, done = _act(app, case, "reopened", by, why)
    tell(f"case {case} is new again" if done else f"case {case} is open: somebody waits for an answer")


@cases_command.command("open")
@click.argument("mention", type=int)
@BRAND
@BY
@click.pass_obj
def open_(app: App, mention: int, brand: str | None, by: str) -> None:
    """Open a case on the mention of that number, whatever the rules say of it."""
    chosen = app.brand(brand)
    with app.open_store() as store:
        number = open_case(store, app.config, chosen, mention, by, app.clock())
    tell(f"opened case {number}")


@cases_command.command("hand-off")
@CASE
@click.option("--to", "channels", multiple=True, help="A [[channel]] or an address [[cases] hand_off_to]")
@DRY_RUN
@BY
@click.pass_obj
def hand_off_command(app: App, case: int, channels: tuple[str, ...], dry_run: bool, by: str) -> None:
    """Hand CASE to a ticket system, by webhook or mail: what was said, the links, why, and until when to answer."""
    named = {one.name for one in app.config.channel}
    if unknown := [one for one in channels if "://" not in one and one not in named]:
        raise click.UsageError(f"there is no channel {unknown[0]!r}; known: {', '.join(sorted(named)) or 'none'}")
    with app.open_store() as store:
        if dry_run:
            file = found(store, case)
            brand = app.config.find_brand(file.case.brand)
            name, zone = (brand.name, brand.timezone) if brand else (file.case.brand, "UTC")
            click.echo(harmless(hand_off(file, name, zone, openings(file)).text))
            return
        if hand_over(store, app.config, case, channels or app.config.cases.hand_off_to, by, app.clock()):
            tell(f"case {case} is in the outbox; promisewatch outbox send sends it now")
        else:
            tell(f"case {case} was handed off before; reopening it allows it once more")


@cases_command.command("preview")
@click.option("--days", type=click.IntRange(1, 3650), default=7, help="Mentions of so many days [7]")
@click.option("--limit", type=click.IntRange(1), default=50, help="At most so many, the gravest first [50]")
@BRAND
@JSON_OR_TEXT
@click.pass_obj
def preview_cases(app: App, days: int, limit: int, brand: str | None, format_: str) -> None:
    """Show which mentions of the last days would become cases with the present rules, and why. Nothing is changed."""
    chosen = app.brand(brand)
    with app.open_store() as store:
        rows = preview(store, app.config, chosen.id, app.clock() - timedelta(days=days))
    if format_ == "json":
        show_json([previewed(one, said) for one, said in rows[:limit]])
        return
    for one, said in rows[:limit]:
        known = f"  (case {one.case})" if one.case else ""
        click.echo(harmless(f"{said.severity:>3}  {one.published:%Y-%m-%d} {one.author or '-'}: {excerpt(one.text, 100)}{known}"))
        click.echo(harmless(f"     {'; '.join(said.reasons)}; mention {one.mention}"))
    customers = counted(len(rows), "customer")
    tell(f"{customers} of the last {counted(days, 'day')} would be cases; [cases] open_at is {app.config.cases.open_at}")


@cases_command.command("find")
@JSON_OR_TEXT
@click.pass_obj
def find(app: App, format_: str) -> None:
    """Open the cases that are due, and let answers find theirs, now; the daemon does it by itself."""
    with app.open_store() as store:
        done = find_cases(store, app.config, app.clock())
    if format_ == "json":
        show_json(asdict(done))
    tell(str(done) or "nothing new")


def _act(app: App, case: int, what: Act, by: str, detail: str, at: datetime | None = None) -> tuple[CaseFile, bool]:
    """Return the case as it stands then, and whether that is anything new."""
    with app.open_store() as store:
        before = found(store, case)
        if at is not None and at < before.case.asked:
            raise click.UsageError(f"case {case} was asked at {before.case.asked:%Y-%m-%d %H:%M}, after that")
        done = store.cases.act(case, what, by, detail, Desk.of(app.config).due, app.clock(), at)
        return found(store, case), done
