"""The configuration as it is, with its file's lines; it is changed in the file."""

from typing import Final

from starlette.responses import Response

from monitor.config_file import read_text
from monitor.web.tables import table
from monitor.web.visit import Page, Visit

MOST_EXPORTED = 100_000
_PLACES: Final = {"mention": "/mentions", "case": "/cases", "cause": "/causes", "alert": "/alerts"}


def show(visit: Visit) -> Response:
    """The file, line by line, and the trail of changes."""
    lines = read_text(visit.app.config_path).splitlines()
    trail = [(step, _page_of(visit, step.about)) for step in visit.store.people.trail()]
    return visit.page("settings.html", path=visit.app.config_path, lines=lines, trail=trail)


def export(visit: Visit) -> Response:
    """The trail as a table."""
    rows = ({"at": one.at, "who": one.who, "what": one.what, "about": one.about} for one in visit.store.people.trail(MOST_EXPORTED))
    return table(visit, visit.path("kind"), "trail", ("at", "who", "what", "about"), rows)


def _page_of(visit: Visit, about: str) -> str:
    """Where that stands what a step was about; "" for nowhere."""
    what, _, number = about.partition(" ")
    return visit.link(f"{_PLACES[what]}/{number}") if what in _PLACES and number.isdigit() else ""


PAGES = (Page("/settings", show, needs="admin"), Page("/settings/trail.{kind}", export, needs="admin"))
