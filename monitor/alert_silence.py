"""The watch over silence: whether a brand is spoken of far less than usual, or only cannot be heard."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from monitor.alert_counts import series, striking
from monitor.alert_sightings import HISTORY, HOUR, Sighting, lasting, name_baseline, name_test
from monitor.alert_state import Seen
from monitor.config import BrandConfig
from monitor.config_alerts import AlertConfig
from monitor.detect import Judged, Series, detect
from monitor.store import Store
from reports.alert import Receipt
from reports.evidence import Hole
from reports.reader import gettext, ngettext
from reports.typography import moment, number, percent

BLIND_SHARE: Final = 0.34
"""From this share of a brand's usual mentions on that cannot be heard, nothing is said of it."""
BLIND_FOR: Final = timedelta(hours=3)


def see_silence(
    store: Store, brand: BrandConfig, rule: AlertConfig, holes: Sequence[Hole], blind: Sequence[Hole], now: datetime
) -> list[Sighting]:
    """What is seen of silence now, or that nothing can be."""
    if blind:
        return see_blindness(brand, rule, blind, now)
    hours = store.alerts.hours(brand.id, (now - HISTORY).date())
    # The present hour is not over, and what was written in the last one may not have been found yet.
    rows = series([one for one in hours if one.hour <= now], "volume", brand.timezone, holes, now - 2 * HOUR)
    judged = detect(rows, rule.false_alarms_per_month, "down")
    row = striking(rows, judged, now)
    return [] if row is None else [silence_sighting(brand, rule, rows, judged, row)]


def silence_sighting(brand: BrandConfig, rule: AlertConfig, rows: Series, judged: Judged, row: int) -> Sighting:
    """What is seen in a row of silence."""
    since = datetime.fromtimestamp(int(rows.at[judged.first[row]]), UTC)
    return Sighting(Seen("silence", "", True, since), lambda note: _silent_receipt(brand, rule, rows, judged, row, note))


def _silent_receipt(brand: BrandConfig, rule: AlertConfig, rows: Series, judged: Judged, row: int, note: str) -> Receipt:
    since, until = (datetime.fromtimestamp(int(rows.at[at]), UTC) for at in (judged.first[row], row))
    observed, expected = float(judged.observed[row]), float(judged.expected[row])
    return Receipt(
        brand=brand.id,
        brand_name=brand.name,
        timezone=brand.timezone,
        watch="silence",
        subject="",
        title=ngettext(
            "%(n)s mention in %(time)s, where %(usual)s are usual",
            "%(n)s mentions in %(time)s, where %(usual)s are usual",
            round(observed),
            time=lasting(until + HOUR - since),
            usual=number(expected),
        ),
        since=since,
        until=until + HOUR,
        test=name_test("silence", int(judged.seconds[row])),
        baseline=name_baseline(rows, row),
        observed=observed,
        expected=expected,
        total=observed,
        n_eff=observed,
        rate=float(judged.rate[row]),
        wanted=rule.false_alarms_per_month,
        note=note,
    )


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


def see_blindness(brand: BrandConfig, rule: AlertConfig, blind: Sequence[Hole], now: datetime) -> list[Sighting]:
    """What is seen of a brand that cannot be heard: nothing of its silence, and that it is blind, once that has lasted."""
    lasted = [hole for hole in blind if now - hole.since >= BLIND_FOR]
    since = min((hole.since for hole in lasted), default=None)
    found = Sighting(Seen("silence", "blind", bool(lasted), since), lambda note: _blind_receipt(brand, rule, lasted, now, note))
    return [Sighting(Seen("silence", blind=True)), found]


def _blind_receipt(brand: BrandConfig, rule: AlertConfig, holes: Sequence[Hole], now: datetime, note: str) -> Receipt:
    sources = sorted({hole.source for hole in holes})
    return Receipt(
        brand=brand.id,
        brand_name=brand.name,
        timezone=brand.timezone,
        watch="silence",
        subject="blind",
        title=gettext("blind: %(sources)s cannot be heard", sources=", ".join(sources)),
        since=min(hole.since for hole in holes),
        until=now,
        test=gettext("the ledger of what was heard, by source and hour"),
        baseline=gettext("sources that bring at least %(share)s of the mentions of four weeks", share=percent(BLIND_SHARE)),
        observed=0.0,
        expected=0.0,
        total=0.0,
        n_eff=0.0,
        rate=0.0,
        wanted=rule.false_alarms_per_month,
        blind=tuple(
            gettext(
                "%(source)s since %(moment)s: %(reason)s",
                source=hole.source,
                moment=moment(hole.since, brand.timezone),
                reason=hole.reason,
            )
            for hole in holes
        ),
        note=note,
    )
