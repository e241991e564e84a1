"""The configuration as it is, with its file's lines; it is changed in the file."""

from starlette.responses import Response

from monitor.config_file import read_text
from monitor.web.visit import Page, Visit


def show(visit: Visit) -> Response:
    """The file, line by line, and the trail of changes."""
    lines = read_text(visit.app.config_path).splitlines()
    return visit.page("settings.html", path=visit.app.config_path, lines=lines, trail=visit.store.people.trail())


PAGES = (Page("/settings", show, needs="admin"),)
