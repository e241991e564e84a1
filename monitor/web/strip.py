"""The ledger of a source as a strip of hours: full where it was heard, half where in part, a line where nobody asked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from monitor.storage.ledger import PAUSED, Heard
from reports.svg import figure, line, rect, text
from reports.typography import counted, moment, short_day

DAYS = 14
HOUR = timedelta(hours=1)
_WIDTH, _TALL, _LABELS = 672.0, 22.0, 16.0
_A_STEP = _WIDTH / (DAYS * 24)
_TICKS = 2


def start_of(now: datetime) -> datetime:
    """The first hour of the strip that ends with the hour of `now`."""
    return now.replace(minute=0, second=0, microsecond=0) - timedelta(days=DAYS) + HOUR


def strip(source: str, heard: Sequence[Heard], now: datetime, timezone: str) -> Markup:
    """The strip as SVG, told in words to a reader of the screen."""
    start = start_of(now)
    drawn = [line("never", 0, _TALL, _WIDTH, _TALL)]
    for one in heard:
        x, width = _steps(max(one.since, start) - start), _steps(one.until - max(one.since, start))
        height = _TALL / 2 if one.ear == "partial" else _TALL
        what = f"{_named(one)}, {moment(one.since, timezone)} to {moment(one.until, timezone)}"
        tip = what + (f": {one.reason}" if one.reason and one.reason != PAUSED else "")
        drawn.append(rect(f"ear {style(one)}", x, _TALL - height, width, height, tip=tip))
    drawn += _days(start, now, timezone)
    # Whatever text it carries is escaped where it is drawn.
    return Markup(figure("strip", _WIDTH, _TALL + _LABELS, f"{source}: the last {DAYS} days, hour by hour", told(heard), drawn))  # noqa: S704


def hours(heard: Sequence[Heard]) -> dict[str, int]:
    """How many hours were heard, in part, not, or paused."""
    found = {"ok": 0, "partial": 0, "blind": 0, "paused": 0}
    for one in heard:
        found[style(one)] += round((one.until - one.since) / HOUR)
    return found


def told(heard: Sequence[Heard]) -> str:
    """The strip in a sentence."""
    found = hours(heard)
    never = max(0, DAYS * 24 - sum(found.values()))
    words = {"ok": "heard", "partial": "in part", "blind": "not heard", "paused": "paused"}
    said = [f"{counted(n, 'hour')} {words[name]}" for name, n in found.items() if n]
    return "; ".join([*said, *([f"{counted(never, 'hour')} never asked"] if never else [])])


def style(one: Heard) -> str:
    """What was heard as a class of the style sheet."""
    return "paused" if one.ear == "blind" and one.reason == PAUSED else one.ear


def _named(one: Heard) -> str:
    return {"ok": "Heard", "partial": "In part", "blind": "Not heard", "paused": "Paused"}[style(one)]


def _steps(time: timedelta) -> float:
    return time / HOUR * _A_STEP


def _days(start: datetime, now: datetime, timezone: str) -> list[str]:
    """A tick at each midnight of the brand, every second one with its day."""
    zone, drawn = ZoneInfo(timezone), []
    first = start.astimezone(zone).date()
    for at in range(1, DAYS + 1):
        day = first + timedelta(days=at)
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
        x = _steps(midnight - start)
        if midnight > now:
            break
        drawn.append(line("grid", x, 0, x, _TALL))
        if at % _TICKS == 1 and x < _WIDTH - 2 * _LABELS:
            drawn.append(text(x + 2, _TALL + _LABELS - 3, short_day(day), "tick"))
    return drawn
