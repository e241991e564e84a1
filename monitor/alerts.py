"""The watch over every brand: counts from the store, judged by the detector, told through the outbox.

store.alerts.hours ──► detect ──► Sighting (what is seen, and its receipt) ──► alert_state.advance ──► store.alerts.save + outbox
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.alert_sightings import Sighting
from monitor.alert_state import STORM, Alert, Rules, Seen, Step, advance, group, is_storm, rules_at
from monitor.alert_watchers import see
from monitor.config import BrandConfig, Config
from monitor.config_alerts import AlertConfig
from monitor.storage.alerts import StoredAlert
from monitor.storage.outbox import Message
from monitor.store import Store
from reports.alert import DrivingStory, Receipt
from reports.alert_text import alert_html, alert_json, alert_subject, alert_text
from reports.reader import read_in
from reports.typography import counted

_TOLD: tuple[Step, ...] = ("opened", "reminded", "escalated", "recovered")


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of an alert, and to how many addresses; nothing is sent in a `storm` of alerts."""

    brand: str
    watch: str
    step: Step
    title: str
    addresses: int
    storm: bool


def watch_due(
    store: Store, config: Config, now: datetime, *, dry: bool = False, stopped: Callable[[], bool] = lambda: False
) -> str:
    """Look at everything that is watched; returns a line about what was opened or is over, or "" where nothing has changed.

    A `dry` look keeps and queues nothing, and says whom it would tell.
    """
    return in_words(config, watch(store, config, now, dry=dry, stopped=stopped), dry=dry)


def in_words(config: Config, told: Sequence[Told], *, dry: bool = False) -> str:
    """Say in a line what is told; of a `dry` look, to how many."""
    names = {one.id: one.name for one in config.brand}
    return "; ".join(
        f"{names[one.brand]}: {one.step}: {one.title}"
        + (" (not sent: too many alerts today)" if one.storm else "")
        + (f" (would go to {counted(one.addresses, 'address', 'addresses')})" if dry else "")
        for one in told
    )


def watch(
    store: Store, config: Config, now: datetime, *, dry: bool = False, stopped: Callable[[], bool] = lambda: False
) -> list[Told]:
    """Look at everything that is watched, and tell what was opened or is over. A `dry` look keeps and queues nothing.

    Once `stopped`, the rest waits for the next look.
    """
    told: list[Told] = []
    for rule in config.alert:
        brand = config.find_brand(rule.brand)
        if brand is not None and not stopped():
            with read_in(brand.locale):
                told += _watch(store, config, rule, brand, now, dry=dry)
    return told


def _watch(store: Store, config: Config, rule: AlertConfig, brand: BrandConfig, now: datetime, *, dry: bool) -> list[Told]:
    rules = rules_at(rule, config.event, brand.timezone, now)
    known = {one.subject: one for one in store.alerts.live(brand.id) if one.watch == rule.watch}
    sightings = {one.seen.subject: one for one in see(store, brand, rule, now, remember=not dry)}
    quiet = [Sighting(Seen(rule.watch, subject)) for subject in known if subject not in sightings]
    told = []
    for sighting in [*sightings.values(), *quiet]:
        told += _take(store, rule, rules, brand, known.get(sighting.seen.subject), sighting, now, dry=dry)
    return told


def _take(
    store: Store,
    rule: AlertConfig,
    rules: Rules,
    brand: BrandConfig,
    before: Alert | None,
    sighting: Sighting,
    now: datetime,
    *,
    dry: bool,
) -> list[Told]:
    """Take what is seen into the alert that it belongs to, and queue what is to be told."""
    alert, steps = advance(before, brand.id, sighting.seen, rules, now)
    if alert is None:
        if before is not None and not dry:
            store.alerts.drop(before)
        return []
    if before is not None and before.state == "resolved" and alert.id == 0:
        before = None
    if alert == before:
        return []
    if "opened" in steps:
        alert = group(alert, store.alerts.live(brand.id))
    sent = [step for step in steps if step in _TOLD and not alert.group]
    storm = "opened" in sent and is_storm(store.alerts.told_since(brand.id, now - STORM), now)
    receipt = sighting.receipt(rules.note) if sighting.receipt is not None and (steps or alert.state == "pending") else None
    to = [] if storm else [(step, channel) for step in sent for channel in _channels(rule, step)]

    shown = receipt or (recall(store.alerts.find(alert.id), brand) if alert.id else None)
    title = shown.title if shown else (alert.subject or alert.watch)
    said = [Told(brand.id, alert.watch, step, title, sum(one == step for one, _ in to), storm) for step in sent]
    if dry:
        return said

    def compose(saved: Alert) -> Sequence[tuple[str, Message]]:
        return [(channel, message(saved, shown, step)) for step, channel in to] if shown else []

    stories = [(one.quote.mention, one.mentions) for one in receipt.stories] if receipt else []
    stored = alert_json(receipt) | {"stories": []} if receipt else None
    store.alerts.save(alert, compose, now, stored, stories, told="opened" in sent and not storm)
    return said


def _channels(rule: AlertConfig, step: Step) -> tuple[str, ...]:
    return rule.escalate_to if step == "escalated" else rule.to


def message(alert: Alert, receipt: Receipt, step: Step) -> Message:
    """What is sent of a step of an alert; a reminder is one message a snooze."""
    key = f"alert:{alert.id}:{step}" + (f":{alert.seen:%Y%m%dT%H%M}" if step == "reminded" else "")
    return Message(
        key=key,
        kind="alert",
        brand=alert.brand,
        subject=alert_subject(receipt, step),
        text=alert_text(receipt, step, alert.id),
        html=alert_html(receipt, step, alert.id),
        data={"alert": alert.id, "step": step, "state": alert.state, **alert_json(receipt)},
        mentions=tuple(one.quote.mention for one in receipt.stories),
    )


def recall(stored: StoredAlert | None, brand: BrandConfig) -> Receipt | None:
    """The receipt of a stored alert, with what is left of its quotes; None where it has none."""
    if stored is None or not stored.receipt:
        return None
    values = {name: value for name, value in stored.receipt.items() if name in Receipt.__dataclass_fields__}
    values |= {
        "brand_name": brand.name,
        "since": datetime.fromisoformat(values["since"]),
        "until": stored.alert.seen,
        "interval": tuple(values["interval"]) if values["interval"] else None,
        "blind": tuple(values["blind"]),
        "stories": tuple(DrivingStory(count, quote) for count, quote in stored.stories),
        **{name: tuple((one, count) for one, count in values.get(name, ())) for name in ("about", "broken", "places")},
    }
    return Receipt(**values)
