"""Is the clock right? Held against what was noted, and against the clocks of the places that are listened to."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from monitor.app import App
from monitor.findings import Finding
from monitor.store import Store
from monitor.wakeups import CLOCK_GRACE
from sources.http import Gateway, Limits, Response
from sources.source import SourceError

_ASKED_AT_MOST = 3
_LIMITS = Limits(connect=5.0, read=5.0, total=8.0, size=64 * 1024)
_REMEDY = "set the clock of this machine, and keep it right with NTP: timedatectl set-ntp true"


def check_clock(app: App, store: Store, now: datetime) -> Finding:
    """Return what is found about the clock. Each of a few places is asked for its headers, until one tells the time."""
    # One that was put back shows by what was noted in its future.
    noted = [one.collected for one in store.sources.states() if one.collected]
    noted += [one.began for one in store.jobs.all().values() if one.began]
    newest = max(noted, default=now)
    here = f"{now:%Y-%m-%d %H:%M} UTC"
    if newest > now + CLOCK_GRACE:
        return Finding("clock", "error", f"it is {here} here, and something was noted at {newest:%Y-%m-%d %H:%M}", _REMEDY)
    for place, there in _told_elsewhere(app):
        off = app.clock() - there
        if abs(off) > CLOCK_GRACE:
            said = f"it is {here} here, and {there:%Y-%m-%d %H:%M} at {place}"
            return Finding("clock", "error", said, _REMEDY)
        return Finding("clock", "ok", f"{here}, {abs(off).total_seconds():.0f} s from that of {place}")
    return Finding("clock", "ok", f"{here}, later than all that was noted")


def _told_elsewhere(app: App) -> Iterator[tuple[str, datetime]]:
    """Yield places and what time it is there."""
    network = app.config.network
    gateway = Gateway(network.contact, network.allow_private_addresses, _LIMITS)
    for place in list(_places(one.address for one in app.config.source))[:_ASKED_AT_MOST]:
        try:
            answer = gateway.exchange("HEAD", f"{place}/", {})
        except SourceError:
            continue
        if (there := _time_of(answer)) is not None:
            yield urlsplit(place).netloc, there


def _places(addresses: Iterable[str]) -> dict[str, None]:
    """Return scheme and host of web addresses, those with TLS first: nobody on the way can tell another time."""
    parts = [urlsplit(one) for one in addresses if one.startswith(("https://", "http://"))]
    found = [f"{one.scheme}://{one.netloc.rpartition('@')[2]}" for one in parts]
    return dict.fromkeys(sorted(found, key=lambda place: not place.startswith("https")))


def _time_of(answer: Response) -> datetime | None:
    """Return when an answer was given, by the clock of who gave it; one from a cache says how old it is."""
    try:
        told = parsedate_to_datetime(answer.headers.get("Date", ""))
        age = timedelta(seconds=int(answer.headers.get("Age", "0")))
    except (ValueError, TypeError, OverflowError):
        return None
    return (told if told.tzinfo else told.replace(tzinfo=UTC)) + age
