"""The ledger of a source as a strip of hours: full where it was heard, half where in part, a line where nobody asked."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from monitor.storage.ledger import PAUSED, Heard
from reports.typography import counted, moment, short_day

DAYS = 14
HOUR = timedelta(hours=1)
_TALL, _LABELS = 28, 18
_TICKS = 2


def start_of(now: datetime) -> datetime:
    """The first hour of the strip that ends with the hour of `now`."""
    return now.replace(minute=0, second=0, microsecond=0) - timedelta(days=DAYS) + HOUR


def strip(source: str, heard: Sequence[Heard], now: datetime, timezone: str) -> Markup:
    """The strip as SVG of any width, told in words to a reader of the screen."""
    start = start_of(now)
    drawn = [f'<line class="never" x1="0" x2="100%" y1="{_TALL}" y2="{_TALL}"/>']
    for one in heard:
        since = max(one.since, start)
        what = f"{_named(one)}, {moment(one.since, timezone)} to {moment(one.until, timezone)}"
        tip = what + (f": {one.reason}" if one.reason and one.reason != PAUSED else "")
        height = _TALL // 2 if one.ear == "partial" else _TALL
        drawn.append(
            f'<rect class="ear {style(one)}" x="{_share(since - start)}" width="{_share(one.until - since)}" '
            f'y="{_TALL - height}" height="{height}"><title>{escape(tip)}</title></rect>'
        )
    title = f"{source}: the last {DAYS} days, hour by hour"
    # Whatever text it carries is escaped where it is drawn.
    return Markup(  # noqa: S704
        f'<svg class="strip" width="100%" height="{_TALL + _LABELS}" role="img"><title>{escape(title)}</title>'
        f"<desc>{escape(told(heard, now))}</desc>{''.join([*drawn, *_days(start, now, timezone)])}</svg>"
    )


def hours(heard: Sequence[Heard]) -> dict[str, int]:
    """How many hours were heard, in part, not, or paused."""
    found = {"ok": 0, "partial": 0, "blind": 0, "paused": 0}
    for one in heard:
        found[style(one)] += round((one.until - one.since) / HOUR)
    return found


def told(heard: Sequence[Heard], now: datetime) -> str:
    """The strip in a sentence; the hour of `now` counts once it is entered."""
    found = hours(heard)
    begun = now.replace(minute=0, second=0, microsecond=0)
    never = max(0, DAYS * 24 - sum(found.values()) - (not heard or heard[-1].until <= begun))
    words = {"ok": "heard", "partial": "in part", "blind": "not heard", "paused": "paused"}
    said = [f"{counted(n, 'hour')} {words[name]}" for name, n in found.items() if n]
    return "; ".join([*said, *([f"{counted(never, 'hour')} never asked"] if never else [])])


def style(one: Heard) -> str:
    """What was heard as a class of the style sheet."""
    return "paused" if one.ear == "blind" and one.reason == PAUSED else one.ear


def _named(one: Heard) -> str:
    return {"ok": "Heard", "partial": "In part", "blind": "Not heard", "paused": "Paused"}[style(one)]


def _share(length: timedelta) -> str:
    """How much of the strip a length of time takes."""
    return f"{100 * length / timedelta(days=DAYS):.2f}%"


def _days(start: datetime, now: datetime, timezone: str) -> list[str]:
    """A tick at each midnight of the brand, every second one with its day."""
    zone, drawn = ZoneInfo(timezone), []
    first = start.astimezone(zone).date()
    for at in range(1, DAYS + 1):
        midnight = datetime.combine(first + timedelta(days=at), time(), zone)
        if midnight >= now:
            break
        x = _share(midnight - start)
        drawn.append(f'<line class="grid" x1="{x}" x2="{x}" y1="0" y2="{_TALL}"/>')
        if at % _TICKS == 1 and now - midnight > timedelta(hours=36):
            drawn.append(f'<text x="{x}" y="{_TALL + _LABELS - 4}">{short_day(midnight.date())}</text>')
    return drawn
