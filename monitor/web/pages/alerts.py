"""Alerts: what stands out, its receipt, who looks after it; how it would have been with other settings; and a feed of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from email.utils import format_datetime
from html import escape
from typing import Final
from xml.etree import ElementTree as ET

from starlette.responses import Response

from monitor.alert_state import LIVE, Alert, acknowledge, resolve, snooze
from monitor.alerts import recall
from monitor.commands.alerts import alert_values, backtested
from monitor.config import BrandConfig
from monitor.config_alerts import Watch
from monitor.storage.alerts import StoredAlert
from monitor.store import Store
from monitor.web.tables import TABLES, table
from monitor.web.visit import Page, Visit
from reports.alert import Receipt
from reports.alert_text import advice, alert_subject, facts, origin
from reports.typography import capitalised, clean, local_day, moment

A_PAGE: Final = 50
IN_THE_FEED: Final = 50
MOST_EXPORTED: Final = 10_000
COLUMNS: Final = ("id", "title", "state", "watch", "subject", "since", "opened", "acknowledged", "resolved", "sent")
SNOOZES: Final = {"1": "an hour", "4": "four hours", "24": "a day", "72": "three days", "168": "a week"}
"""Hours that an alert can be left alone."""
WATCHES: Final[tuple[Watch, ...]] = ("sentiment", "volume", "promise", "silence")
BACK: Final = timedelta(days=91)
MOST_BACK: Final = timedelta(days=366)
MOST_FALSE: Final = 1000.0


@dataclass(frozen=True)
class Shown:
    """An alert as it stands, with what it says of itself."""

    stored: StoredAlert
    title: str
    receipt: Receipt | None

    @property
    def alert(self) -> Alert:
        """Its state."""
        return self.stored.alert


@dataclass(frozen=True)
class Replay:
    """An alert that there would have been."""

    alert: Alert
    title: str
    rows: str


def show(visit: Visit) -> Response:
    """What is open first, then what is over."""
    brand = visit.brand
    if brand is None:
        return visit.page("first_steps.html", step="brand")
    try:
        before = int(visit.asked("before")) if visit.asked("before") else None
    except ValueError:
        return visit.wrong("That list cannot be", "It goes on before the number of an alert.")
    room = visit.store.alerts
    live = [] if before else room.all(brand.id, live=True, limit=1000)
    over = [one for one in room.all(brand.id, limit=A_PAGE + len(live), before=before) if one.alert.state == "resolved"]
    return visit.page(
        "alert_list.html",
        live=[_shown(one, brand) for one in live],
        over=[_shown(one, brand) for one in over[:A_PAGE]],
        after=over[A_PAGE - 1].alert.id if len(over) >= A_PAGE else None,
        watched=[one for one in visit.app.config.alert if one.brand == brand.id],
        snoozes=SNOOZES,
        zone=brand.timezone,
    )


def export(visit: Visit) -> Response:
    """All alerts as a table or as JSON, or the newest as a feed."""
    kind, brand = visit.path("kind"), visit.brand
    if kind not in {*TABLES, "rss"} or brand is None:
        return visit.nothing("such format", f"There are {', '.join(TABLES)} and rss.")
    if kind == "rss":
        found = [_shown(one, brand) for one in visit.store.alerts.all(brand.id, limit=IN_THE_FEED)]
        return Response(_feed(visit, brand, found), media_type="application/rss+xml")
    stored = visit.store.alerts.all(brand.id, limit=MOST_EXPORTED)
    rows = ({"title": _shown(one, brand).title, **alert_values(one)} for one in stored)
    return table(visit, kind, f"{brand.id}-alerts", COLUMNS, rows)


def show_one(visit: Visit) -> Response:
    """One alert: what happened and what to do, which stories drove it, the receipt."""
    number = int(visit.path("number"))
    stored = visit.store.alerts.find(number)
    if stored is None:
        return visit.nothing("alert")
    if visit.brand is None or visit.brand.id != stored.alert.brand:
        if visit.app.config.find_brand(stored.alert.brand) is None:
            return visit.nothing("alert", f"It belongs to {stored.alert.brand}, which is not configured any more.")
        return visit.go(f"/alerts/{number}", brand=stored.alert.brand)
    shown, zone = _shown(stored, visit.brand), visit.brand.timezone
    return visit.page(
        "alert_page.html",
        shown=shown,
        alert=stored.alert,
        receipt=shown.receipt,
        advice=advice(shown.receipt) if shown.receipt else "",
        facts=facts(shown.receipt) if shown.receipt else (),
        origin=origin,
        rows=_rows(visit, stored.alert, zone),
        snoozes=SNOOZES,
        is_live=stored.alert.state in LIVE,
        zone=zone,
    )


def act(visit: Visit) -> Response:
    """Acknowledge an alert, leave it alone for some time, or resolve it."""
    number = int(visit.path("number"))
    stored = visit.store.alerts.find(number)
    if stored is None:
        return visit.nothing("alert")
    if stored.alert.state not in LIVE:
        return visit.wrong(f"Alert {number} is {stored.alert.state} already", "If it comes back it opens by itself.")
    hours = visit.given("for")
    acts: dict[str, tuple[Callable[[], Alert], str]] = {
        "acknowledge": (lambda: acknowledge(stored.alert, visit.now), "looked after"),
        "resolve": (lambda: resolve(stored.alert, visit.now), "resolved"),
    }
    if hours in SNOOZES:
        acts["snooze"] = (
            lambda: snooze(stored.alert, visit.now + timedelta(hours=int(hours))),
            f"left alone for {SNOOZES[hours]}",
        )
    if visit.given("do") not in acts:
        return visit.wrong("Nothing was chosen", "Acknowledge the alert, leave it alone for some time, or resolve it.")
    become, said = acts[visit.given("do")]
    visit.store.alerts.save(become(), lambda _saved: (), visit.now)
    visit.store.people.note(visit.person, said, f"alert {number}", visit.now)
    back = "/alerts" if visit.given("back") == "list" else f"/alerts/{number}"
    return visit.go(back, f"Alert {number} is {said}.")


def backtest(visit: Visit) -> Response:
    """Which alerts there would have been with other settings. Nothing is sent or changed."""
    brand = visit.brand
    if brand is None:
        return visit.page("first_steps.html", step="brand")
    try:
        watch, since, until, wanted = _settings(visit, brand)
    except ValueError as error:
        return visit.wrong("That cannot be replayed", str(error))
    found = _replayed(visit, brand, watch, since, until, wanted) if visit.asked("watch") else None
    return visit.page(
        "alert_backtest.html",
        found=found,
        watches=WATCHES,
        watch=watch,
        since=since,
        until=until,
        wanted=wanted,
        zone=brand.timezone,
    )


def export_backtest(visit: Visit) -> Response:
    """What was replayed, as a table."""
    brand = visit.brand
    if brand is None:
        return visit.nothing("brand")
    try:
        watch, since, until, wanted = _settings(visit, brand)
    except ValueError as error:
        return visit.wrong("That cannot be replayed", str(error))
    rows = (
        {"title": one.title, "watch": watch, "since": one.alert.since, "opened": one.alert.opened, "resolved": one.alert.resolved}
        for one in _replayed(visit, brand, watch, since, until, wanted)
    )
    return table(visit, visit.path("kind"), f"{brand.id}-replayed", ("title", "watch", "since", "opened", "resolved"), rows)


def _settings(visit: Visit, brand: BrandConfig) -> tuple[Watch, date, date, float]:
    asked = visit.asked("watch") or WATCHES[0]
    watch = next((one for one in WATCHES if one == asked), None)
    if watch is None:
        raise ValueError(f"Choose {' or '.join(WATCHES)}.")
    until = date.fromisoformat(visit.asked("until")) if visit.asked("until") else _tomorrow(visit, brand)
    since = date.fromisoformat(visit.asked("since")) if visit.asked("since") else until - BACK
    if not timedelta(0) < until - since <= MOST_BACK:
        raise ValueError(f"{since} must lie before {until}, by a year at most.")
    configured = {one.watch: one.false_alarms_per_month for one in visit.app.config.alert if one.brand == brand.id}
    wanted = float(visit.asked("false_alarms_per_month") or configured.get(watch, 1.0))
    if not 0 < wanted <= MOST_FALSE:
        raise ValueError(f"Give a number of false alarms above 0, up to {MOST_FALSE:g}.")
    return watch, since, until, wanted


def _tomorrow(visit: Visit, brand: BrandConfig) -> date:
    """The day after the newest mention, where all are older."""
    today = local_day(visit.now, brand.timezone)
    return (visit.store.brands.newest_day(brand.id, today) or today) + timedelta(days=1)


def _replayed(visit: Visit, brand: BrandConfig, watch: Watch, since: date, until: date, wanted: float) -> tuple[Replay, ...]:
    app = visit.app

    def make() -> tuple[Replay, ...]:
        from monitor.backtest import replay  # noqa: PLC0415 - the detector is only loaded to be used

        (rule,) = backtested(app, brand, (watch,), wanted)
        with Store(app.store_path) as store:
            found = replay(store, brand, rule, app.config.event, since, until)
        return tuple(Replay(one.alert, one.receipt.title, _rows(visit, one.alert, brand.timezone)) for one in found)

    return visit.shelf.get(("backtest", brand.id, watch, since, until, wanted), make, visit.now)


def _shown(stored: StoredAlert, brand: BrandConfig) -> Shown:
    title = clean(str(stored.receipt.get("title") or stored.alert.subject or stored.alert.watch))
    return Shown(stored, capitalised(title), recall(stored, brand))


def _rows(visit: Visit, alert: Alert, zone: str) -> str:
    """Where the mentions of the time of an alert are; "" where nothing was heard."""
    if alert.subject == "blind":
        return ""
    days = {"since": str(local_day(alert.since, zone)), "until": str(local_day(alert.seen, zone) + timedelta(days=1))}
    if alert.watch == "promise":
        return visit.link("/mentions", promise=alert.subject, stance="broken", **days)
    return visit.link("/mentions", label="negative" if alert.watch == "sentiment" else None, **days)


def _feed(visit: Visit, brand: BrandConfig, found: list[Shown]) -> bytes:
    """An RSS 2.0 document of alerts, the newest first."""
    base = str(visit.request.base_url).rstrip("/")
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _elements(
        channel,
        title=f"{clean(brand.name)}: alerts",
        link=base + visit.link("/alerts"),
        description=f"What stands out in what is said of {clean(brand.name)}",
    )
    for one in found:
        item = ET.SubElement(channel, "item")
        opened = one.alert.opened or one.alert.first_seen
        _elements(
            item,
            title=alert_subject(one.receipt) if one.receipt else one.title,
            link=base + visit.link(f"/alerts/{one.alert.id}"),
            description=_described(one, brand.timezone),
            pubDate=format_datetime(opened),
        )
        ET.SubElement(item, "guid", isPermaLink="false").text = f"promisewatch:alert:{one.alert.id}"
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _elements(parent: ET.Element, **texts: str) -> None:
    for name, text in texts.items():
        ET.SubElement(parent, name).text = text


def _described(one: Shown, zone: str) -> str:
    """The receipt as the HTML that feeds carry. What customers say is not in it: a reader would keep it when it is deleted."""
    state = f"It is {one.alert.state}" + (f" since {moment(one.alert.resolved, zone)}." if one.alert.resolved else ".")
    if one.receipt is None:
        return f"<p>{escape(state)}</p>"
    rows = "".join(f"<li>{escape(name)}: {escape(value)}</li>" for name, value in facts(one.receipt))
    return f"<p>{escape(state)} What to do, and the stories that drove it, stand behind the link.</p><ul>{rows}</ul>"


PAGES = (
    Page("/alerts", show),
    Page("/alerts/backtest", backtest),
    Page("/alerts/backtest.{kind}", export_backtest),
    Page("/alerts.{kind}", export),
    Page("/alerts/{number:int}", show_one, act),
)
