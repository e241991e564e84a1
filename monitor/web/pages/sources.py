"""Sources: how each fares, what was heard hour by hour, and pausing one."""

from typing import Final

from starlette.responses import Response

from monitor.commands.sources import source_values
from monitor.storage.ledger import Heard
from monitor.storage.values import SourceCondition, SourceState
from monitor.web.strip import DAYS, hours, start_of, strip, style, told
from monitor.web.tables import table
from monitor.web.visit import Page, Visit

A_PAGE = 40
STATES: Final[tuple[SourceCondition, ...]] = ("denied", "gone", "failing", "limited", "paused", "active")
"""Those that need somebody come first."""
HOLES = 12
_HOURS = ("hours_ok", "hours_partial", "hours_blind", "hours_paused")
COLUMNS = ("id", "kind", "url", "state", "collected", "news", "not_before", "failures", "error", "remedy", "brands", *_HOURS)
"""The hours are those of the last `DAYS` days."""


def show(visit: Visit) -> Response:
    """Every source, those that need somebody first."""
    known = _known(visit)
    state, after = visit.asked("state"), visit.asked("after", "0")
    chosen = [one for one in known if state in {"", one.state}]
    first = int(after) if after.isascii() and after.isdigit() and len(after) < 9 else 0
    shown = chosen[first : first + A_PAGE]
    zone = visit.brand.timezone if visit.brand else "UTC"
    ledger = visit.store.hearing.ledger([one.id for one in shown], start_of(visit.now), visit.now)
    return visit.page(
        "sources.html",
        sources=[
            (one, strip(one.id, ledger[one.id], visit.now, zone), told(ledger[one.id], visit.now), _holes(ledger[one.id]))
            for one in shown
        ],
        counts=[(name, n) for name in STATES for n in [sum(one.state == name for one in known)] if n],
        total=len(known),
        state=state,
        rest=first + A_PAGE if len(chosen) > first + A_PAGE else None,
        zone=zone,
        days=DAYS,
        most_holes=HOLES,
    )


def export(visit: Visit) -> Response:
    """The same sources with the hours that were heard, as a table."""
    known = [one for one in _known(visit) if visit.asked("state") in {"", one.state}]
    ledger = visit.store.hearing.ledger([one.id for one in known], start_of(visit.now), visit.now)
    rows = ({**source_values(one), **{f"hours_{name}": n for name, n in hours(ledger[one.id]).items()}} for one in known)
    return table(visit, visit.path("kind"), "sources", COLUMNS, rows)


def change(visit: Visit) -> Response:
    """Pause a source, or take it up again."""
    source, what = visit.given("source"), visit.given("do")
    if what not in {"pause", "resume"}:
        return visit.wrong("Nothing was chosen", "Choose pause or resume.")
    if source not in {one.source_id for one in visit.app.config.source}:
        return visit.nothing("source", "It may have been taken out of the configuration.")
    visit.store.hearing.pause(source, visit.person, visit.now, paused=what == "pause")
    visit.shelf.forget()
    return visit.go(
        "/sources", f"{source} is {'paused' if what == 'pause' else 'taken up again'}", state=visit.asked("state") or None
    )


def _known(visit: Visit) -> list[SourceState]:
    """The configured sources, those that need somebody first."""
    configured = {one.source_id for one in visit.app.config.source}
    found = (one for one in visit.store.sources.states() if one.id in configured)
    return sorted(found, key=lambda one: (STATES.index(one.state), one.id))


def _holes(heard: tuple[Heard, ...]) -> list[tuple[Heard, str]]:
    """What was not heard, the latest first."""
    return [(one, style(one)) for one in reversed(heard) if one.ear != "ok"]


PAGES = (Page("/sources", show, change), Page("/sources.{kind}", export))
