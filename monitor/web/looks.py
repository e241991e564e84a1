"""Templates and files of the dashboard. They share the design, the filters and the charts of the reports."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from monitor.storage.searching import Found
from monitor.web.marking import excerpt, linked, marked
from monitor.web.visit import Visit
from reports.render_html import environment as report_environment

NAVIGATION = (
    ("Overview", "/"),
    ("Promises", "/promises"),
    ("Pillars", "/pillars"),
    ("Causes", "/causes"),
    ("Mentions", "/mentions"),
    ("Cases", "/cases"),
    ("Alerts", "/alerts"),
    ("Audit", "/audit"),
    ("Sources", "/sources"),
    ("Settings", "/settings"),
)
_FILES = {
    "design.css": ("reports", "templates/design.css", "text/css; charset=utf-8"),
    "findings.css": ("reports", "templates/findings.css", "text/css; charset=utf-8"),
    "promises.css": ("reports", "templates/_promises.css", "text/css; charset=utf-8"),
    "scorecard.css": ("reports", "templates/scorecard.css", "text/css; charset=utf-8"),
    "causes.css": ("reports", "templates/causes.css", "text/css; charset=utf-8"),
    "web.css": ("monitor.web", "static/web.css", "text/css; charset=utf-8"),
    "icon.svg": ("monitor.web", "static/icon.svg", "image/svg+xml"),
    "web.js": ("monitor.web", "static/web.js", "text/javascript; charset=utf-8"),
}


def render(visit: Visit, template: str, values: Mapping[str, Any]) -> str:
    """Return a page as text."""
    shown = {"visit": visit, "navigation": NAVIGATION, "said": visit.said} | dict(values)
    return environment().get_template(template).render(shown)


def plain_message(status: int, title: str, remedy: str = "") -> Response:
    """Return a page that needs nobody to be signed in."""
    return HTMLResponse(environment().get_template("plain.html").render(title=title, remedy=remedy), status)


def is_for_programs(request: Request) -> bool:
    """Whether a program asks, which reads JSON."""
    return request.url.path.startswith("/api/")


def json_error(status: int, error: str, remedy: str = "") -> Response:
    """Say to a program what is wrong."""
    return JSONResponse({"error": error, "remedy": remedy}, status)


def told(request: Request, status: int, title: str, remedy: str = "") -> Response:
    """Say what is wrong, to a person or to a program."""
    return json_error(status, title, remedy) if is_for_programs(request) else plain_message(status, title, remedy)


@cache
def environment() -> Environment:
    """Our templates, with the reports' own behind them."""
    made = report_environment().overlay(loader=ChoiceLoader([PackageLoader("monitor.web"), PackageLoader("reports")]))
    made.globals = {**made.globals, "static": static_address}
    made.filters = {**made.filters, "marked": marked, "linked": linked, "excerpt_of": _excerpt}
    return made


def _excerpt(found: Found) -> Markup:
    spans = [(span[0], span[1]) for span in found.spans or found.matched if len(span) == 2]
    return excerpt(found.body, spans)


@cache
def _file(name: str) -> tuple[bytes, str, str]:
    package, path, kind = _FILES[name]
    content = files(package).joinpath(path).read_bytes()
    return content, kind, hashlib.sha256(content).hexdigest()[:12]


def static_address(name: str) -> str:
    """The address of a file, another one whenever its content is: browsers may keep it for good."""
    return f"/static/{name}?v={_file(name)[2]}"


async def static(request: Request) -> Response:
    """Answer with a file."""
    name = request.path_params["name"]
    if name not in _FILES:
        return Response(status_code=404)
    content, kind, _ = _file(name)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=kind, headers=headers)
