"""Signing in and out."""

from starlette.responses import RedirectResponse, Response

from monitor.errors import MonitorError
from monitor.web.guard import COOKIE, Guard, hashed
from monitor.web.visit import Page, Visit


def show(visit: Visit) -> Response:
    """The form."""
    return visit.page("sign_in.html", back=_inside(visit.asked("back")), wrong="")


def sign_in(visit: Visit) -> Response:
    """Check name and password."""
    guard: Guard = visit.request.app.state.guard
    back = _inside(visit.given("back"))
    try:
        password = visit.form.get("password", [""])[0]
        token = guard.sign_in(visit.request, visit.store, visit.given("name"), password, visit.now)
    except MonitorError as error:
        return visit.page("sign_in.html", 403, back=back, wrong=str(error))
    response = RedirectResponse(back, 303)
    guard.set_token(response, visit.request, token)
    return response


def sign_out(visit: Visit) -> Response:
    """End the session."""
    visit.store.people.close_session(hashed(visit.request.cookies.get(COOKIE, "")))
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(COOKIE, path="/")
    return response


def _inside(back: str) -> str:
    """Only ways back into this dashboard."""
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) and back.isprintable() else "/"


PAGES = (Page("/sign-in", show, sign_in, acts="reader"), Page("/sign-out", None, sign_out, acts="reader"))
