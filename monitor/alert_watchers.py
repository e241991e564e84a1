"""What each watcher sees of a brand now: the tone and the volume of its mentions, silence and blindness, broken promises."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from monitor.alert_state import Seen
from monitor.config import BrandConfig
from monitor.config_alerts import AlertConfig
from monitor.detect import Judged, Series, detect, sentiment, volume
from monitor.storage.alert_words import Spoken
from monitor.storage.alerts import Driver, HourCount
from monitor.store import Store
from reports.alert import DrivingStory, Receipt
from reports.delivery import promise_gaps
from reports.documents import PromiseGap
from reports.evidence import Hole, Window
from reports.gap import SEED
from reports.typography import counted, number, percent

HISTORY: Final = timedelta(weeks=13)
FRESH: Final = timedelta(hours=6)
"""What is so old is seen as now: mentions are found some time after they were written."""
PROMISE_DAYS: Final = 28
BLIND_SHARE: Final = 0.34
"""From this share of a brand's usual mentions on that cannot be heard, nothing is said of it."""
BLIND_FOR: Final = timedelta(hours=3)
_HOUR: Final = timedelta(hours=1)
_STORIES: Final = 3
_KNOWN, _WATCHED = "broken from the beginning", "watched"


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a watcher sees, and how to make its receipt, given what is known of the day."""

    seen: Seen
    receipt: Callable[[str], Receipt] | None = None


def see(store: Store, brand: BrandConfig, rule: AlertConfig, now: datetime, *, remember: bool = True) -> list[Sighting]:
    """What the watcher of a rule sees now; nothing for subjects with nothing to see."""
    if rule.watch == "promise":
        sightings, changed = see_promises(store, brand, rule, store.alerts.memory(brand.id, "promise"), now)
        if remember:
            store.alerts.remember(brand.id, "promise", changed)
        return sightings
    holes = blind_holes(store, brand, now - HISTORY, now)
    blind = [hole for hole in holes if hole.until > now - _HOUR]
    if rule.watch == "silence":
        return _see_silence(store, brand, rule, holes, blind, now)
    if blind:
        return [Sighting(Seen(rule.watch, blind=True))]
    return [_see_counts(store, brand, rule, holes, now)]


# Series


def series(
    hours: Sequence[HourCount], kind: Literal["volume", "sentiment"], zone: str, holes: Iterable[Hole], until: datetime
) -> Series:
    """Hourly counts up to `until`; hours that were not heard are left out, hours without mentions have none."""
    if not hours:
        return volume([], []) if kind == "volume" else sentiment([], [], [])
    known = {one.hour: one for one in hours}
    deaf = {hole.since + at * _HOUR for hole in holes for at in range(int((hole.until - hole.since) / _HOUR))}
    count = int((until - hours[0].hour) / _HOUR) + 1
    wanted = [hour for at in range(count) if (hour := hours[0].hour + at * _HOUR) not in deaf]
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


def _see_counts(store: Store, brand: BrandConfig, rule: AlertConfig, holes: Sequence[Hole], now: datetime) -> Sighting:
    hours = store.alerts.hours(brand.id, (now - HISTORY).date())
    kind: Literal["volume", "sentiment"] = "sentiment" if rule.watch == "sentiment" else "volume"
    rows = series([one for one in hours if one.hour <= now], kind, brand.timezone, holes, now)
    judged = detect(rows, rule.false_alarms_per_month)
    row = striking(rows, judged, now)
    if row is None:
        return Sighting(Seen(rule.watch))
    return sighting(store, brand, rule, rows, judged, row)


def striking(rows: Series, judged: Judged, now: datetime) -> int | None:
    """The most striking of the fresh rows in which an alert is on; None where none is."""
    fresh = [
        row for row in range(max(0, len(rows) - 48), len(rows)) if judged.alert[row] and rows.at[row] >= (now - FRESH).timestamp()
    ]
    return min(fresh, key=lambda row: float(judged.rate[row])) if fresh else None


def sighting(store: Store, brand: BrandConfig, rule: AlertConfig, rows: Series, judged: Judged, row: int) -> Sighting:
    """What is seen in a row, with the stories that drove it."""
    since = datetime.fromtimestamp(int(rows.at[judged.first[row]]), UTC)
    if rule.watch == "silence":
        return Sighting(Seen("silence", "", True, since), lambda note: _silent_receipt(brand, rule, rows, judged, row, note))
    until = datetime.fromtimestamp(int(rows.at[row]), UTC) + _HOUR
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
    until = datetime.fromtimestamp(int(rows.at[row]), UTC) + _HOUR
    said = store.alerts.spoken(brand.id, drivers)
    if rule.watch == "sentiment":
        share, usual = percent(observed / max(total, 1)), percent(expected / max(total, 1))
        title = f"{share} of mentions negative in {_lasting(until - since)}, usually {usual}"
        if _has_main(said):
            title += f", mostly about {said.pillars[0][0]}"
            drivers = sorted(drivers, key=lambda one: (-one.count, one.mention not in said.main))
    else:
        title = f"{observed / max(expected, 0.1):.1f} times as many mentions as usual in {_lasting(until - since)}"
    return Receipt(
        brand=brand.id,
        brand_name=brand.name,
        timezone=brand.timezone,
        watch=rule.watch,
        subject="",
        title=title,
        since=since,
        until=until,
        test=_test(rule.watch, int(judged.seconds[row])),
        baseline=_baseline(rows, row),
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
        stories=tell(store, drivers),
    )


def _silent_receipt(brand: BrandConfig, rule: AlertConfig, rows: Series, judged: Judged, row: int, note: str) -> Receipt:
    since, until = (datetime.fromtimestamp(int(rows.at[at]), UTC) for at in (judged.first[row], row))
    observed, expected = float(judged.observed[row]), float(judged.expected[row])
    return Receipt(
        brand=brand.id,
        brand_name=brand.name,
        timezone=brand.timezone,
        watch="silence",
        subject="",
        title=f"{counted(round(observed), 'mention')} in {_lasting(until + _HOUR - since)}, where {number(expected)} are usual",
        since=since,
        until=until + _HOUR,
        test=_test("silence", int(judged.seconds[row])),
        baseline=_baseline(rows, row),
        observed=observed,
        expected=expected,
        total=observed,
        n_eff=observed,
        rate=float(judged.rate[row]),
        wanted=rule.false_alarms_per_month,
        note=note,
    )


def _lasting(time: timedelta) -> str:
    """A stretch of time in the words of a heading: `an hour`, `8 hours`, `3 days`."""
    hours = round(time / _HOUR)
    if hours <= 1:
        return "an hour"
    return f"{hours} hours" if hours < 36 else counted(round(hours / 24), "day")


def _has_main(said: Spoken) -> bool:
    """Whether more than half of the complaints are about one thing, where there are more than a few."""
    count = sum(voices for _, voices in said.pillars)
    return count >= 2 * _STORIES and 2 * said.pillars[0][1] > count


def tell(store: Store, drivers: Sequence[Driver]) -> tuple[DrivingStory, ...]:
    """The largest stories, with what they say."""
    largest = drivers[:_STORIES]
    quotes = store.alerts.quotes([one.mention for one in largest])
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


def _test(watch: str, seconds: int) -> str:
    if seconds < 0:
        return "one-sided CUSUM of the negative share"
    length = (
        "the last hour"
        if seconds <= 3600
        else f"the last {seconds // 3600} hours"
        if seconds <= 172_800
        else f"the last {seconds // 86_400} days"
    )
    if watch == "sentiment":
        return f"beta-binomial posterior, {length} against the time before"
    return f"negative-binomial tail, {length} against the same hours of earlier weeks"


def _baseline(rows: Series, row: int) -> str:
    days = (rows.at[row] - rows.at[0]) / 86_400
    return (
        f"level and rhythm of the {number(days)} days before, by hour and weekday; thresholds from the highest scores of these days"
    )


# Silence and blindness


def blind_holes(store: Store, brand: BrandConfig, since: datetime, now: datetime) -> list[Hole]:
    """Holes of sources that bring a good part of the brand's mentions."""
    shares = store.alerts.shares(brand.id, (now - timedelta(days=28)).date())
    holes = [hole for hole in store.alerts.holes(brand.id, since, now, now) if hole.heard == "blind"]
    return [
        hole
        for hole in holes
        if sum(
            {one.source: shares.get(one.source, 0.0) for one in holes if one.since < hole.until and one.until > hole.since}.values()
        )
        >= BLIND_SHARE
    ]


def _see_silence(
    store: Store, brand: BrandConfig, rule: AlertConfig, holes: Sequence[Hole], blind: Sequence[Hole], now: datetime
) -> list[Sighting]:
    if blind:
        return see_blindness(brand, rule, blind, now)
    hours = store.alerts.hours(brand.id, (now - HISTORY).date())
    # The present hour is not over, and what was written in the last one may not have been found yet.
    rows = series([one for one in hours if one.hour <= now], "volume", brand.timezone, holes, now - 2 * _HOUR)
    judged = detect(rows, rule.false_alarms_per_month, "down")
    row = striking(rows, judged, now)
    return [] if row is None else [sighting(store, brand, rule, rows, judged, row)]


def see_blindness(brand: BrandConfig, rule: AlertConfig, blind: Sequence[Hole], now: datetime) -> list[Sighting]:
    """What is seen of a brand that cannot be heard: nothing of its silence, and that it is blind, once that has lasted."""
    lasting = [hole for hole in blind if now - hole.since >= BLIND_FOR]
    since = min((hole.since for hole in lasting), default=None)
    found = Sighting(Seen("silence", "blind", bool(lasting), since), lambda note: _blind_receipt(brand, rule, lasting, now, note))
    return [Sighting(Seen("silence", blind=True)), found]


def _blind_receipt(brand: BrandConfig, rule: AlertConfig, holes: Sequence[Hole], now: datetime, note: str) -> Receipt:
    sources = sorted({hole.source for hole in holes})
    return Receipt(
        brand=brand.id,
        brand_name=brand.name,
        timezone=brand.timezone,
        watch="silence",
        subject="blind",
        title=f"blind: {', '.join(sources)} cannot be heard",
        since=min(hole.since for hole in holes),
        until=now,
        test="the ledger of what was heard, by source and hour",
        baseline=f"sources that bring at least {percent(BLIND_SHARE)} of the mentions of four weeks",
        observed=0.0,
        expected=0.0,
        total=0.0,
        n_eff=0.0,
        rate=0.0,
        wanted=rule.false_alarms_per_month,
        blind=tuple(f"{hole.source} since {hole.since:%Y-%m-%d %H:%M} UTC: {hole.reason}" for hole in holes),
        note=note,
    )


# Promises


def see_promises(
    store: Store, brand: BrandConfig, rule: AlertConfig, memory: Mapping[str, str], now: datetime
) -> tuple[list[Sighting], dict[str, str]]:
    """Promises whose verdict has become broken, and what is to be remembered of which.

    One that was broken when it was first looked at is no news, until it has been as good as promised: reports tell it.
    """
    today = now.astimezone(ZoneInfo(brand.timezone)).date()
    window = Window(today - timedelta(days=PROMISE_DAYS - 1), today + timedelta(days=1))
    gaps = promise_gaps(store.load_evidence(brand.id, window, "week", generated=now), window, "week", SEED)
    changed: dict[str, str] = {}
    sightings: list[Sighting] = []
    for gap in gaps:
        subject, broken = gap.promise.id, gap.verdict == "broken"
        if gap.verdict == "insufficient evidence":
            sightings.append(Sighting(Seen("promise", subject, blind=True)))
            continue
        fine = not broken and gap.delivery is not None and gap.delivery >= gap.expectation
        if subject not in memory or (fine and memory[subject] == _KNOWN):
            changed[subject] = _KNOWN if broken else _WATCHED
        if broken and changed.get(subject, memory.get(subject)) == _WATCHED:
            sightings.append(
                Sighting(Seen("promise", subject, True, _began(gap, ZoneInfo(brand.timezone), now)), _later(brand, rule, gap, now))
            )
    return sightings, changed


def _later(brand: BrandConfig, rule: AlertConfig, gap: PromiseGap, now: datetime) -> Callable[[str], Receipt]:
    return lambda note: _promise_receipt(brand, rule, gap, now, note)


def _began(gap: PromiseGap, zone: ZoneInfo, now: datetime) -> datetime:
    start = gap.change.start if gap.change else now.astimezone(zone).date()
    return datetime.combine(start, time(), zone).astimezone(UTC)


def _promise_receipt(brand: BrandConfig, rule: AlertConfig, gap: PromiseGap, now: datetime, note: str) -> Receipt:
    quotes = [quote for quote in gap.quotes if quote.stance == "broken"][:_STORIES]
    delivery = gap.delivery if gap.delivery is not None else 0.0
    return Receipt(
        brand=brand.id,
        brand_name=brand.name,
        timezone=brand.timezone,
        watch="promise",
        subject=gap.promise.id,
        title=f"the promise “{gap.promise.id}” is broken: kept for {delivery:.0f} of 100 customers",
        since=_began(gap, ZoneInfo(brand.timezone), now),
        until=now,
        test="the whole 95 % interval of delivery lies below what the promise lets people expect",
        baseline=f"customers' voices of the last {PROMISE_DAYS} days against an expectation of {gap.expectation:.0f} of 100",
        observed=float(gap.kept),
        expected=gap.expectation / 100 * gap.n,
        total=float(gap.n),
        n_eff=gap.n_eff,
        rate=0.0,
        wanted=rule.false_alarms_per_month,
        interval=gap.interval,
        promise=gap.promise.text,
        note=note,
        stories=tuple(DrivingStory(quote.copies, quote) for quote in quotes),
    )
