"""The dashboard: every request is checked, answered in a thread with a store of its own, and leaves safely dressed."""

import threading
from collections.abc import Callable, Iterable
from importlib import import_module

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from monitor.app import App, tell
from monitor.errors import MonitorError
from monitor.serving import LOOPBACK
from monitor.store import Store
from monitor.web import looks
from monitor.web.guard import Guard, RefusedError, read_form
from monitor.web.shelf import Look, Shelf
from monitor.web.visit import Page, Visit

ROOMS = (
    "overview",
    "claims",
    "promises",
    "busiest",
    "pillars",
    "causes",
    "mentions",
    "cases",
    "alerts",
    "audit",
    "sources",
    "settings",
    "api",
    "sign_in",
)
"""The modules of `monitor/web/pages/`, each with its `PAGES`."""

_DRESS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def build(app: App, host: str, shelf: Shelf | None = None) -> Starlette:
    """Return the application for an address of this machine.

    Raises:
        MonitorError: `host` can be reached by others, and nobody has an account.
    """
    guard = Guard(app.config.web, is_local=host in LOOPBACK)
    with app.open_store() as store:
        guard.check_start(store, host)
    # A brand's report is computed once, however many ask for it.
    kept = shelf or Shelf()
    routes: list[BaseRoute] = [Route("/static/{name}", looks.static)]
    routes += [Route(page.path, _endpoint(app, guard, kept, page), methods=_methods(page)) for page in pages()]
    names = [*LOOPBACK, "[::1]", host, *app.config.web.names]
    if host in {"0.0.0.0", "::"} and not app.config.web.names:  # noqa: S104 - compared, not bound
        names = ["*"]
    built = Starlette(
        routes=routes,
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False)],
        exception_handlers={HTTPException: _lost, 500: _broken},
    )
    built.state.guard = guard
    return built


def pages() -> Iterable[Page]:
    """Every page there is."""
    for room in ROOMS:
        yield from import_module(f"monitor.web.pages.{room}").PAGES


def _methods(page: Page) -> list[str]:
    return [*(["GET", "HEAD"] if page.show else []), *(["POST"] if page.act else [])]


def _endpoint(app: App, guard: Guard, shelf: Shelf, page: Page) -> Callable[[Request], object]:
    async def endpoint(request: Request) -> Response:
        try:
            form = await read_form(request) if request.method == "POST" else {}
            response = await run_in_threadpool(_answer, app, guard, shelf, page, request, form)
        except RefusedError as error:
            response = error.response
        return dressed(response)

    return endpoint


def _answer(app: App, guard: Guard, shelf: Shelf, page: Page, request: Request, form: dict[str, list[str]]) -> Response:
    now = app.clock()
    with Store(app.store_path) as store:
        seen = guard.recognise(request, store, page, form, now)
        visit = Visit(request, app, store, Look(shelf), now, seen.person, seen.role, seen.csrf, form, looks.render)
        handler = page.act if request.method == "POST" else page.show
        try:
            response = _without_brand(visit) or (handler(visit) if handler else visit.nothing("page"))
        except MonitorError as error:
            if looks.is_for_programs(request):
                response = looks.json_error(503, str(error), error.remedy)
            else:
                response = visit.page("message.html", 503, title=str(error), remedy=error.remedy)
        guard.remember(response, request, seen)
        return response


def _without_brand(visit: Visit) -> Response | None:
    """What is answered where the address names a brand that there is not; the API says so itself."""
    name, config = visit.asked("brand"), visit.app.config
    if not name or looks.is_for_programs(visit.request) or config.find_brand(name):
        return None
    known = ", ".join(one.name for one in config.brand)
    return visit.nothing("brand", f"Known: {known}." if known else "None is configured yet.")


def dressed(response: Response) -> Response:
    """Return a response with the headers that keep browsers from doing what nobody meant."""
    for name, value in _DRESS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


async def _lost(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    title = "There is no such page" if status == 404 else str(getattr(error, "detail", "That cannot be"))
    remedy = "See what there is: /api/v1/openapi.json" if looks.is_for_programs(request) else "Go to the overview."
    answer = looks.told(request, status, title, remedy)
    answer.headers.update(getattr(error, "headers", None) or {})
    return dressed(answer)


async def _broken(request: Request, error: Exception) -> Response:
    tell(f"dashboard: {request.method} {request.url.path}: {type(error).__name__}: {error} ({threading.current_thread().name})")
    return dressed(looks.told(request, 500, "This page is broken", "Nothing was changed. The program's log says more."))
