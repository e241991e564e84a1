"""`promisewatch digest`: one page about a day, a week or a month, shown, written or sent."""

import os
import random
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import click

from monitor.app import App, tell
from monitor.commands.reports import BRAND, LOCALE, OUTPUT, Day, format_of, newest_day, today_of, warn
from monitor.config import BrandConfig
from monitor.errors import MonitorError
from monitor.output import write_document
from monitor.store import Store
from reports.digest_records import Edition, evidence_window
from reports.reader import read_in

FORMATS = ("html", "mail", "md", "json", "text")
BASELINE_DAYS = 28


@click.command()
@BRAND
@click.option("--edition", type=click.Choice(["daily", "weekly", "monthly"]), default="daily", help="[daily]")
@click.option(
    "--day", type=Day(), help="The last day to tell of [the last one that is over; the newest mention's where all are old]"
)
@click.option("--until", type=Day(), help="Day after the last one: another way to say --day")
@click.option("--since", type=Day(), hidden=True)
@click.option("--every", type=click.Choice(["day"]), default="day", hidden=True)
@click.option("--format", "format_", type=click.Choice(FORMATS), help="[by the file's name, else text]")
@click.option("--send", is_flag=True, help="Send it to those whom [digest] names; never twice.")
@click.option("--dry-run", is_flag=True, help="With --send: say to whom, and send nothing.")
@LOCALE
@OUTPUT
@click.pass_obj
def digest_command(
    app: App,
    brand: str | None,
    edition: Edition,
    day: date | None,
    until: date | None,
    since: date | None,  # noqa: ARG001 - the reports share their options; a digest has one day
    every: str,  # noqa: ARG001
    format_: str | None,
    send: bool,
    dry_run: bool,
    locale: str | None,
    output: Path | None,
) -> int:
    """One page about one day, week or month: what matters, against the time before."""
    from monitor.digests import load_digest  # noqa: PLC0415
    from reports.render import render_digest  # noqa: PLC0415

    chosen = app.brand(brand)
    app.spare(output)
    if dry_run and not send:
        raise click.UsageError("--dry-run goes with --send; without it nothing is sent anyway")
    wanted = format_ or format_of(output, FORMATS, otherwise="text")
    with app.open_store() as store:
        told = day or (until - timedelta(days=1) if until else None) or latest_day(store, chosen, edition, app.clock())
        if send:
            return _send(app, store, chosen, edition, told, dry_run=dry_run)
        with read_in(locale or chosen.locale):
            digest = load_digest(store, chosen.id, edition, told, app.clock())
            page = render_digest(digest, wanted)  # type: ignore[arg-type]  # click has checked it
        warn(store, chosen, digest.coverage, evidence_window(edition, told), "--day")
    write_document(page, output)
    return 0


def latest_day(store: Store, brand: BrandConfig, edition: Edition, now: datetime) -> date:
    """Return the last day of the latest edition that is over; where all mentions are older than its baseline, the newest one's."""
    from monitor.digests import last_day  # noqa: PLC0415

    today = today_of(brand, now)
    newest = newest_day(store, brand, now, BASELINE_DAYS)
    return newest if newest < today else last_day(edition, today)


def _send(app: App, store: Store, brand: BrandConfig, edition: Edition, day: date, *, dry_run: bool) -> int:
    from monitor.channels import surroundings  # noqa: PLC0415 - loads what sends
    from monitor.delivering import deliver_due  # noqa: PLC0415
    from monitor.digests import DueDigest, digest_message, load_digest, queue_digest  # noqa: PLC0415
    from monitor.secrets import channel_id  # noqa: PLC0415

    settings = app.config.digest
    if settings is None or not settings.to:
        raise MonitorError(
            "nobody is named to send it to", remedy='write under [digest]: to = ["mailto://…"], or the name of a [[channel]]'
        )
    due, receivers = DueDigest(brand, edition, day), {channel_id(one) for one in settings.to}
    if store.outbox.known(due.key):
        tell(f"the {edition} digest of {brand.name} of {day} was sent or queued before; `promisewatch outbox list --all` has it")
        return 0
    if dry_run:
        with read_in(brand.locale):
            message = digest_message(due, load_digest(store, brand.id, edition, day, app.clock()))
        tell(f"would send “{message.subject}” to {', '.join(sorted(receivers))}")
        return 0
    queue_digest(store, app.config, due, app.clock())
    world = surroundings(app.config, os.environ)
    fates: Counter[str] = Counter()
    for one in deliver_due(store, app.config, app.clock, world, random.random):
        if one.letter.message.key == due.key:
            fates[one.fate] += 1
            if one.fate != "sent":
                tell(f"{one.letter.channel}: {one.error}" + (f"; {one.remedy}" if one.remedy else ""))
    tell(f"{fates['sent']} sent, {len(receivers) - fates['sent']} not yet; `promisewatch outbox list` shows what waits")
    return 0 if fates["sent"] == len(receivers) else 1
