"""Which alerts there would have been: history run through the same detector and the same states, hour by hour or day by day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from monitor.alert_counts import counts_sighting, series
from monitor.alert_promises import PROMISE_DAYS, judge_promises, promise_window, see_promises
from monitor.alert_sightings import FRESH, HISTORY, Sighting
from monitor.alert_silence import blind_holes, see_blindness, silence_sighting
from monitor.alert_state import Alert, Seen, advance, rules_at
from monitor.config import BrandConfig
from monitor.config_alerts import AlertConfig, EventConfig
from monitor.detect import Judged, Series, detect
from monitor.store import Store
from reports.alert import Receipt
from reports.evidence import Hole, Window

_HOUR, _SECOND = timedelta(hours=1), timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Replayed:
    """An alert that there would have been, as it stood in the end."""

    alert: Alert
    receipt: Receipt


def replay(
    store: Store, brand: BrandConfig, rule: AlertConfig, events: Iterable[EventConfig], since: date, until: date
) -> list[Replayed]:
    """The alerts of a rule that would have opened from `since` until `until`, in the order of time."""
    known = tuple(events)
    moments = _promises(store, brand, rule, since, until) if rule.watch == "promise" else _counts(store, brand, rule, since, until)
    live: dict[str, tuple[Alert | None, Receipt | None]] = {}
    over: list[Replayed] = []
    for now, sightings in moments:
        rules = rules_at(rule, known, brand.timezone, now)
        seen = {one.seen.subject: one for one in sightings}
        for subject in {*live, *seen}:
            one = seen.get(subject, Sighting(Seen(rule.watch, subject)))
            before, receipt = live.get(subject, (None, None))
            alert, steps = advance(before, brand.id, one.seen, rules, now)
            if (
                before is not None
                and receipt is not None
                and before.state == "resolved"
                and alert != before
                and "reopened" not in steps
            ):
                over.append(Replayed(before, receipt))
                receipt = None
            if "opened" in steps and one.receipt is not None:
                receipt = one.receipt(rules.note)
            live[subject] = alert, receipt
    last = [Replayed(alert, receipt) for alert, receipt in live.values() if alert and receipt and alert.opened]
    return sorted([*over, *last], key=lambda one: one.alert.first_seen)


def _counts(
    store: Store, brand: BrandConfig, rule: AlertConfig, since: date, until: date
) -> Iterator[tuple[datetime, Sequence[Sighting]]]:
    """Every hour, what would have been seen; judged once over all, because each row is judged from itself and earlier ones."""
    zone = ZoneInfo(brand.timezone)
    first, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (since, until))
    hours = [one for one in store.alerts.hours(brand.id, (first - HISTORY).date()) if one.hour < end]
    if not hours:
        return
    holes = blind_holes(store, brand, first - HISTORY, end)
    kind: Literal["volume", "sentiment"] = "sentiment" if rule.watch == "sentiment" else "volume"
    rows = series(hours, kind, brand.timezone, holes, min(end - _HOUR, hours[-1].hour + FRESH))
    judged = detect(rows, rule.false_alarms_per_month, "down" if rule.watch == "silence" else "up")
    on: int | None = None
    shown: tuple[int | None, list[Sighting]] = (None, [])
    for row in range(len(rows)):
        now = datetime.fromtimestamp(int(rows.at[row]), UTC) + _HOUR
        if rule.watch == "silence" and row:
            yield from _deaf(brand, rule, holes, max(first, now - int(rows.at[row] - rows.at[row - 1]) * _SECOND), now)
        if judged.alert[row] and (on is None or judged.rate[row] <= judged.rate[on]):
            on = row
        if on is not None and rows.at[row] - rows.at[on] > FRESH.total_seconds() and not judged.alert[row]:
            on = None
        if now <= first:
            continue
        if shown[0] != on:
            shown = (on, [] if on is None else [_sighting(store, brand, rule, rows, judged, on)])
        yield now, shown[1]
    if rule.watch == "silence" and len(rows):
        last = datetime.fromtimestamp(int(rows.at[-1]), UTC) + _HOUR
        yield from _deaf(brand, rule, holes, max(first, last), min(end, hours[-1].hour + FRESH))


def _sighting(store: Store, brand: BrandConfig, rule: AlertConfig, rows: Series, judged: Judged, row: int) -> Sighting:
    if rule.watch == "silence":
        return silence_sighting(brand, rule, rows, judged, row)
    return counts_sighting(store, brand, rule, rows, judged, row)


def _deaf(
    brand: BrandConfig, rule: AlertConfig, holes: Sequence[Hole], last: datetime, now: datetime
) -> Iterator[tuple[datetime, Sequence[Sighting]]]:
    """Every hour between two that were heard: that the brand was blind."""
    for at in range(1, int((now - last) / _HOUR)):
        then = last + at * _HOUR
        found = [replace(hole, until=min(hole.until, then)) for hole in holes if hole.since < then <= hole.until]
        if found:
            yield then, see_blindness(brand, rule, found, then)


def _promises(
    store: Store, brand: BrandConfig, rule: AlertConfig, since: date, until: date
) -> Iterator[tuple[datetime, Sequence[Sighting]]]:
    """Every day, what would have been seen at its end; loaded once, and for a receipt once more as it was then."""
    memory: dict[str, str] = {}
    zone = ZoneInfo(brand.timezone)
    whole = Window(since - timedelta(days=PROMISE_DAYS), until + timedelta(days=1))
    evidence = store.evidence.load(brand.id, whole, "week", generated=datetime.combine(until, time(), zone).astimezone(UTC))
    for day in range((until - since).days):
        now = datetime.combine(since + timedelta(days=day), time(23, 59), zone).astimezone(UTC)
        sightings, changed = judge_promises(evidence, promise_window(now, brand), brand, rule, memory, now)
        memory |= changed
        yield now, [_as_then(store, brand, rule, one, dict(memory), now) for one in sightings]


def _as_then(
    store: Store, brand: BrandConfig, rule: AlertConfig, seen: Sighting, memory: Mapping[str, str], now: datetime
) -> Sighting:
    made = seen.receipt
    if made is None:
        return seen

    def receipt(note: str) -> Receipt:
        then = see_promises(store, brand, rule, memory, now)[0]
        return next((one.receipt for one in then if one.receipt and one.seen.subject == seen.seen.subject), made)(note)

    return replace(seen, receipt=receipt)
