"""The watch over promises: whether the verdict of one has become broken."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from monitor.alert_sightings import STORIES, Sighting
from monitor.alert_state import Seen
from monitor.config import BrandConfig
from monitor.config_alerts import AlertConfig
from monitor.store import Store
from reports.alert import DrivingStory, Receipt
from reports.alert_promise import broken_without_largest
from reports.delivery import promise_gaps
from reports.documents import PromiseGap
from reports.evidence import Evidence, Window
from reports.gap import SEED
from reports.reader import gettext
from reports.typography import number

PROMISE_DAYS: Final = 28
_KNOWN, _WATCHED, _BROKE = "broken from the beginning", "watched", "broke while watched"
_FORGOTTEN: Final = ""
"""As if it had never been looked at: by another model, of which too little is known yet."""
_VERSION: Final = ""
"""No promise is called so: which model's verdicts are remembered."""


def see_promises(
    store: Store, brand: BrandConfig, rule: AlertConfig, memory: Mapping[str, str], now: datetime
) -> tuple[list[Sighting], dict[str, str]]:
    """Promises whose verdict has become broken, and what is to be remembered of which.

    One that was broken when it was first looked at, or first read by another model, is no news until it has been as good as
    promised: reports tell it.
    """
    window = promise_window(now, brand)
    return judge_promises(store.evidence.load(brand.id, window, "week", generated=now), window, brand, rule, memory, now)


def promise_window(now: datetime, brand: BrandConfig) -> Window:
    """The days that the verdicts of a moment are made of."""
    today = now.astimezone(ZoneInfo(brand.timezone)).date()
    return Window(today - timedelta(days=PROMISE_DAYS - 1), today + timedelta(days=1))


def judge_promises(
    evidence: Evidence, window: Window, brand: BrandConfig, rule: AlertConfig, memory: Mapping[str, str], now: datetime
) -> tuple[list[Sighting], dict[str, str]]:
    """The same of evidence that may reach beyond the window."""
    gaps = promise_gaps(evidence, window, "week", SEED)
    version = evidence.model.version
    anew = memory.get(_VERSION, version) != version
    now_known = {_VERSION: version} if version else {}
    sightings: list[Sighting] = []
    for gap in gaps:
        subject = gap.promise.id
        if gap.verdict == "insufficient evidence":
            if anew and memory.get(subject) == _WATCHED:
                now_known[subject] = _FORGOTTEN
            sightings.append(Sighting(Seen("promise", subject, blind=True)))
            continue
        now_known[subject] = _known_of(gap, memory.get(subject), anew=anew)
        if now_known[subject] == _BROKE:
            sightings.append(_sighting(evidence, window, brand, rule, gap, now))
    changed = {subject: value for subject, value in now_known.items() if memory.get(subject) != value}
    return sightings, changed


def _known_of(gap: PromiseGap, before: str | None, *, anew: bool) -> str:
    """What is to be remembered of a promise: `anew` read by another model, its verdict says nothing about customers' mood."""
    if gap.verdict != "broken":
        fine = gap.delivery is not None and gap.delivery >= gap.expectation
        return _KNOWN if before == _KNOWN and not fine else _WATCHED
    if before == _WATCHED:
        return _KNOWN if anew else _BROKE
    return before or _KNOWN


def _sighting(
    evidence: Evidence, window: Window, brand: BrandConfig, rule: AlertConfig, gap: PromiseGap, now: datetime
) -> Sighting:
    def receipt(note: str) -> Receipt:
        return _promise_receipt(brand, rule, gap, broken_without_largest(evidence, window, gap.promise.id), now, note)

    return Sighting(Seen("promise", gap.promise.id, True, _began(gap, ZoneInfo(brand.timezone), now)), receipt)


def _began(gap: PromiseGap, zone: ZoneInfo, now: datetime) -> datetime:
    start = gap.change.start if gap.change else now.astimezone(zone).date()
    return datetime.combine(start, time(), zone).astimezone(UTC)


def _promise_receipt(
    brand: BrandConfig, rule: AlertConfig, gap: PromiseGap, without: bool | None, now: datetime, note: str
) -> Receipt:
    quotes = [quote for quote in gap.quotes if quote.stance == "broken"][:STORIES]
    delivery = gap.delivery if gap.delivery is not None else 0.0
    return Receipt(
        brand=brand.id,
        brand_name=brand.name,
        timezone=brand.timezone,
        watch="promise",
        subject=gap.promise.id,
        title=gettext(
            "the promise “%(promise)s” is broken: kept for %(delivered)s of 100 customers",
            promise=gap.promise.id,
            delivered=number(delivery),
        ),
        since=_began(gap, ZoneInfo(brand.timezone), now),
        until=now,
        test=gettext("the whole 95 %% interval of delivery lies below what the promise lets people expect"),
        baseline=gettext(
            "customers' voices of the last %(n)s days against an expectation of %(expected)s of 100",
            n=PROMISE_DAYS,
            expected=number(gap.expectation),
        ),
        observed=float(gap.kept),
        expected=gap.expectation / 100 * gap.n,
        total=float(gap.n),
        n_eff=gap.n_eff,
        rate=0.0,
        wanted=rule.false_alarms_per_month,
        interval=gap.interval,
        without_largest=without,
        promise=gap.promise.text,
        note=note,
        stories=tuple(DrivingStory(quote.copies, quote) for quote in quotes),
    )
