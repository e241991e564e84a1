"""The watch over counts: the tone and the volume of a brand's mentions, hour by hour, and which stories moved them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from monitor.alert_sightings import FRESH, HISTORY, HOUR, STORIES, Sighting, lasting, name_baseline, name_test
from monitor.alert_state import Seen
from monitor.config import BrandConfig
from monitor.config_alerts import AlertConfig
from monitor.detect import Judged, Series, detect, sentiment, volume
from monitor.storage.alert_words import Spoken
from monitor.storage.alerts import Driver, HourCount
from monitor.store import Store
from reports.alert import DrivingStory, Receipt
from reports.evidence import Hole
from reports.reader import gettext
from reports.terms import term
from reports.typography import decimal, percent


def see_counts(store: Store, brand: BrandConfig, rule: AlertConfig, holes: Sequence[Hole], now: datetime) -> Sighting:
    """What stands out of the tone or the volume now."""
    began = (now - HISTORY).date()
    hours = store.alerts.hours(brand.id, began)
    kind: Literal["volume", "sentiment"] = "sentiment" if rule.watch == "sentiment" else "volume"
    rows = series([one for one in hours if one.hour <= now], kind, brand.timezone, holes, now)
    judged = detect(rows, rule.false_alarms_per_month)
    row = striking(rows, judged, now)
    if row is None:
        # Without the time before it, what lasts looks as usual: nothing is over until a new model has read that again.
        unknown = kind == "sentiment" and store.alerts.is_read_again(brand.id, began)
        return Sighting(Seen(rule.watch, blind=unknown))
    return counts_sighting(store, brand, rule, rows, judged, row)


def series(
    hours: Sequence[HourCount], kind: Literal["volume", "sentiment"], zone: str, holes: Iterable[Hole], until: datetime
) -> Series:
    """Hourly counts up to `until`; hours that were not heard are left out, hours without mentions have none."""
    if not hours:
        return volume([], []) if kind == "volume" else sentiment([], [], [])
    known = {one.hour: one for one in hours}
    deaf = {hole.since + at * HOUR for hole in holes for at in range(int((hole.until - hole.since) / HOUR))}
    count = int((until - hours[0].hour) / HOUR) + 1
    wanted = [hour for at in range(count) if (hour := hours[0].hour + at * HOUR) not in deaf]
    if kind == "sentiment":
        wanted = [hour for hour in wanted if hour in known and known[hour].read]
    at = [int(hour.timestamp()) for hour in wanted]
    clock = _clock(wanted, zone)
    found = [known.get(hour) for hour in wanted]
    if kind == "volume":
        return volume(at, [one.spoke if one else 0 for one in found], clock)
    return sentiment(at, [one.negative if one else 0 for one in found], [one.read if one else 0 for one in found], clock)


def _clock(hours: Sequence[datetime], zone: str) -> list[int]:
    """The brand's own clock, as seconds: one offset a day is enough for a rhythm."""
    offsets: dict[date, float] = {}
    where = ZoneInfo(zone)
    for hour in hours:
        if hour.date() not in offsets:
            offset = hour.astimezone(where).utcoffset()
            offsets[hour.date()] = offset.total_seconds() if offset else 0.0
    return [int(hour.timestamp() + offsets[hour.date()]) for hour in hours]


def striking(rows: Series, judged: Judged, now: datetime) -> int | None:
    """The most striking of the fresh rows in which an alert is on; None where none is."""
    fresh = [
        row for row in range(max(0, len(rows) - 48), len(rows)) if judged.alert[row] and rows.at[row] >= (now - FRESH).timestamp()
    ]
    return min(fresh, key=lambda row: float(judged.rate[row])) if fresh else None


def counts_sighting(store: Store, brand: BrandConfig, rule: AlertConfig, rows: Series, judged: Judged, row: int) -> Sighting:
    """What is seen in a row, with the stories that drove it."""
    since = datetime.fromtimestamp(int(rows.at[judged.first[row]]), UTC)
    until = datetime.fromtimestamp(int(rows.at[row]), UTC) + HOUR
    watch: Literal["volume", "sentiment"] = "sentiment" if rule.watch == "sentiment" else "volume"
    drivers = store.alerts.drivers(brand.id, watch, since, until)
    total = sum(one.count for one in drivers)
    story = drivers[0].story if drivers and drivers[0].count > 1 and 2 * drivers[0].count >= total else 0

    def receipt(note: str) -> Receipt:
        return _receipt(store, brand, rule, rows, judged, row, drivers, note)

    return Sighting(Seen(rule.watch, "", True, since, story), receipt)


def _receipt(
    store: Store,
    brand: BrandConfig,
    rule: AlertConfig,
    rows: Series,
    judged: Judged,
    row: int,
    drivers: Sequence[Driver],
    note: str,
) -> Receipt:
    since = datetime.fromtimestamp(int(rows.at[judged.first[row]]), UTC)
    observed, expected, total = float(judged.observed[row]), float(judged.expected[row]), float(judged.exposure[row])
    sizes = [one.count for one in drivers]
    total = observed if rule.watch == "volume" else total
    # What the stories of the watched side are worth, the others one each.
    worth = sum(sizes) ** 2 / sum(size**2 for size in sizes) if sizes else 0.0
    largest = drivers[0] if drivers and drivers[0].count > 1 else None
    without = None if largest is None else _fires_without(rows, judged, row, largest, rule)
    until = datetime.fromtimestamp(int(rows.at[row]), UTC) + HOUR
    said = store.alerts.spoken(brand.id, drivers)
    if rule.watch == "sentiment":
        share, usual = percent(observed / max(total, 1)), percent(expected / max(total, 1))
        title = gettext(
            "%(share)s of mentions negative in %(time)s, usually %(usual)s", share=share, time=lasting(until - since), usual=usual
        )
        if _has_main(said):
            title = gettext("%(title)s, mostly about %(pillar)s", title=title, pillar=term(said.pillars[0][0]))
            drivers = sorted(drivers, key=lambda one: (-one.count, one.mention not in said.main))
    else:
        title = gettext(
            "%(times)s times as many mentions as usual in %(time)s",
            times=decimal(observed / max(expected, 0.1)),
            time=lasting(until - since),
        )
    return Receipt(
        brand=brand.id,
        brand_name=brand.name,
        timezone=brand.timezone,
        watch=rule.watch,
        subject="",
        title=title,
        since=since,
        until=until,
        test=name_test(rule.watch, int(judged.seconds[row])),
        baseline=name_baseline(rows, row),
        observed=observed,
        expected=expected,
        total=total,
        n_eff=min(total, worth + max(0.0, total - sum(sizes))),
        rate=float(judged.rate[row]),
        wanted=rule.false_alarms_per_month,
        without_largest=without,
        note=note,
        about=said.pillars,
        broken=said.broken,
        places=said.places,
        negative=said.negative,
        read=said.read,
        stories=tell(store, brand.id, drivers),
    )


def _has_main(said: Spoken) -> bool:
    """Whether more than half of the complaints are about one thing, where there are more than a few."""
    count = sum(voices for _, voices in said.pillars)
    return count >= 2 * STORIES and 2 * said.pillars[0][1] > count


def tell(store: Store, brand: str, drivers: Sequence[Driver]) -> tuple[DrivingStory, ...]:
    """The largest stories, with what they say."""
    largest = drivers[:STORIES]
    quotes = store.alerts.quotes(brand, [one.mention for one in largest])
    return tuple(DrivingStory(one.count, quotes[one.mention]) for one in largest if one.mention in quotes)


def _fires_without(rows: Series, judged: Judged, row: int, story: Driver, rule: AlertConfig) -> bool:
    """Whether the alert would be on without the voices of a story."""
    observed, exposure = rows.observed.copy(), rows.exposure.copy()
    for at in range(int(judged.first[row]), row + 1):
        voices = story.voices.get(datetime.fromtimestamp(int(rows.at[at]), UTC), 0)
        observed[at] = max(0.0, observed[at] - voices)
        if rows.kind == "sentiment":
            exposure[at] = max(observed[at], exposure[at] - voices)
    again = detect(replace(rows, observed=observed, exposure=exposure), rule.false_alarms_per_month)
    return bool(again.alert[int(judged.first[row]) : row + 1].any())
