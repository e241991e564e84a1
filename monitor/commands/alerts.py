"""`promisewatch alerts`."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Any

import click

from monitor.alert_state import LIVE, Alert, acknowledge, resolve, snooze
from monitor.alerts import in_words, recall, watch
from monitor.app import App, harmless, tell
from monitor.commands.reports import Day
from monitor.config import BrandConfig
from monitor.config_alerts import AlertConfig
from monitor.errors import MonitorError
from monitor.output import JSON_OR_TEXT, show_json, show_table
from monitor.storage.alerts import StoredAlert
from monitor.store import Store
from reports.reader import read_in
from reports.typography import counted
from sources.options import span

_FOR = span(timedelta(minutes=1), timedelta(days=90), "a minute and 90 days")
_QUARTER = timedelta(days=91)


class _Span(click.ParamType[timedelta]):
    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        try:
            found: timedelta = _FOR(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        return found


@click.group("alerts")
def alerts_command() -> None:
    """What stands out, what was told of it, and how it would have been with other settings."""


@alerts_command.command("list")
@click.option("--brand", help="Only this brand's.")
@click.option("--all", "all_", is_flag=True, help="Also those that are over.")
@JSON_OR_TEXT
@click.pass_obj
def list_alerts(app: App, brand: str | None, all_: bool, format_: str) -> None:
    """List alerts, the newest first."""
    chosen = app.brand(brand).id if brand else None
    with app.open_store() as store:
        found = store.alerts.all(chosen, live=not all_)
    if format_ == "json":
        show_json([alert_values(one) for one in found])
        return
    if not found:
        tell("no alert is open" if not all_ else "there was no alert yet")
        return
    rows = [
        (one.alert.id, one.alert.state, one.alert.brand, one.alert.watch, f"{one.alert.since:%Y-%m-%d %H:%M}", _title(one))
        for one in found
    ]
    show_table(("id", "state", "brand", "watch", "since", "what"), rows)


@alerts_command.command("show")
@click.argument("number", type=int)
@JSON_OR_TEXT
@click.pass_obj
def show_alert(app: App, number: int, format_: str) -> None:
    """Show the receipt of alert NUMBER: what, since when, how sure, which stories, what to do."""
    from reports.alert_text import alert_text  # noqa: PLC0415 - words are only loaded to be shown

    with app.open_store() as store:
        found = _found(store, number)
    if format_ == "json":
        show_json(alert_values(found))
        return
    brand = _brand(app, found.alert.brand)
    receipt = recall(found, brand)
    with read_in(brand.locale):
        told = alert_text(receipt, number=number if found.alert.state in LIVE else 0) if receipt else ""
    click.echo(harmless(told) if told else f"alert {number} has no receipt")
    tell(f"it is {found.alert.state}" + (f"; {found.alert.note}" if found.alert.note else ""))


@alerts_command.command("ack")
@click.argument("number", type=int)
@click.pass_obj
def acknowledge_alert(app: App, number: int) -> None:
    """Say that somebody looks after alert NUMBER: it is not escalated any more."""
    _change(app, number, acknowledge, "is looked after")


@alerts_command.command("resolve")
@click.argument("number", type=int)
@click.pass_obj
def resolve_alert(app: App, number: int) -> None:
    """Say that alert NUMBER is over, or nothing to care about."""
    _change(app, number, resolve, "is resolved")


@alerts_command.command("snooze")
@click.argument("number", type=int)
@click.option("--for", "time", type=_Span(), default=timedelta(hours=24), help='Such as "4 hours" [24 hours]')
@click.pass_obj
def snooze_alert(app: App, number: int, time: timedelta) -> None:
    """Leave alert NUMBER alone for some time, and tell of it again if it is still on then."""
    until = app.clock() + time
    _change(app, number, lambda alert, _now: snooze(alert, until), f"is left alone until {until:%Y-%m-%d %H:%M} UTC")


@alerts_command.command("check")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would be told and to how many; keep and send nothing.")
@JSON_OR_TEXT
@click.pass_obj
def check_alerts(app: App, dry: bool, format_: str) -> None:
    """Look at everything that is watched now, as the daemon does every few minutes."""
    if not app.config.alert:
        tell('nothing is watched; add [[alert]] with watch = "sentiment", "volume", "promise" or "silence" to the configuration')
    with app.open_store() as store:
        told = watch(store, app.config, app.clock(), dry=dry)
    if format_ == "json":
        show_json([asdict(one) for one in told])
    tell(in_words(app.config, told, dry=dry) or "nothing new stands out")


@alerts_command.command("backtest")
@click.option("--brand", help="Which brand, where there are several.")
@click.option(
    "--watch",
    type=click.Choice(["sentiment", "volume", "promise", "silence"]),
    multiple=True,
    help="[what is configured, or sentiment, volume and promise]",
)
@click.option("--since", type=Day(), help="First day [91 days before --until]")
@click.option("--until", type=Day(), help="Day after the last one [tomorrow]")
@click.option("--false-alarms-per-month", "wanted", type=click.FloatRange(0, 10_000, min_open=True), help="[as configured, or 1]")
@JSON_OR_TEXT
@click.pass_obj
def backtest_alerts(
    app: App,
    brand: str | None,
    watch: tuple[str, ...],
    since: date | None,
    until: date | None,
    wanted: float | None,
    format_: str,
) -> None:
    """Replay history: which alerts there would have been with these settings. Nothing is sent or changed."""
    from monitor.backtest import replay  # noqa: PLC0415 - the detector is only loaded to be used
    from reports.alert_text import alert_json  # noqa: PLC0415

    chosen = app.brand(brand)
    last = until or (app.clock() + timedelta(days=1)).date()
    first = since or last - _QUARTER
    if last <= first:
        raise click.UsageError(f"--since {first} must lie before --until {last}")
    rules = backtested(app, chosen, watch, wanted)
    with app.open_store() as store:
        found = [one for rule in rules for one in replay(store, chosen, rule, app.config.event, first, last)]
    found.sort(key=lambda one: one.alert.since)
    if format_ == "json":
        alerts = [_state(one.alert) | {"receipt": alert_json(one.receipt)} for one in found]
        watched = {rule.watch: rule.false_alarms_per_month for rule in rules}
        show_json({"brand": chosen.id, "since": first, "until": last, "false_alarms_per_month": watched, "alerts": alerts})
        return
    rows = [(one.alert.watch, _when(one.alert.opened), _when(one.alert.resolved), one.receipt.title) for one in found]
    show_table(("watch", "opened", "over", "what"), rows)
    tell(f"{counted(len(found), 'alert')} from {first} until {last}")


def backtested(app: App, brand: BrandConfig, watch: tuple[str, ...], wanted: float | None) -> list[AlertConfig]:
    """Return the rules to replay: of what is watched, or of `watch`, as configured but for what is `wanted`."""
    configured = {one.watch: one for one in app.config.alert if one.brand == brand.id}
    names = watch or tuple(configured) or ("sentiment", "volume", "promise")
    rules = [configured.get(name) or AlertConfig(name, brand.id) for name in names]  # type: ignore[call-overload, arg-type]
    return [replace(one, false_alarms_per_month=wanted) if wanted else one for one in rules]


def _change(app: App, number: int, how: Callable[[Alert, datetime], Alert], said: str) -> None:
    with app.open_store() as store:
        alert = _found(store, number).alert
        if alert.state not in LIVE:
            raise MonitorError(f"alert {number} is {alert.state} already", remedy="promisewatch alerts list shows which are open")
        store.alerts.save(how(alert, app.clock()), lambda _saved: (), app.clock())
    tell(f"alert {number} {said}")


def _found(store: Store, number: int) -> StoredAlert:
    found = store.alerts.find(number)
    if found is None:
        raise MonitorError(f"there is no alert {number}", remedy="promisewatch alerts list --all shows which there are")
    return found


def _brand(app: App, brand: str) -> BrandConfig:
    return app.config.find_brand(brand) or BrandConfig(brand, brand)


def _title(one: StoredAlert) -> str:
    return str(one.receipt.get("title", one.alert.subject))


def _when(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


def _state(alert: Alert) -> dict[str, Any]:
    names = ("state", "brand", "watch", "subject", "since", "opened", "acknowledged", "resolved", "snoozed", "escalated", "note")
    values = {name: getattr(alert, name) for name in names}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def alert_values(one: StoredAlert) -> dict[str, Any]:
    """Return an alert with its receipt as JSON has it."""
    stories = [
        {"mention": quote.mention, "voices": count, "quote": quote.passage, "url": quote.url, "source": quote.source}
        for count, quote in one.stories
    ]
    return {"id": one.alert.id, **_state(one.alert), "sent": one.told, "receipt": {**one.receipt, "stories": stories}}
