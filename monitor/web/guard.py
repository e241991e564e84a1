"""Who is asking, and may they? Sign-in by session or by a trusted proxy, forged posts refused, guesses slowed down."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response

from monitor.config_web import WebConfig
from monitor.errors import MonitorError
from monitor.inbound_server import Allowance
from monitor.serving import LOOPBACK
from monitor.storage.people import Person, Role
from monitor.store import Store
from monitor.web import looks
from monitor.web.passwords import is_password
from monitor.web.visit import RANK, Page

COOKIE = "promisewatch"
MOST_POSTED = 2**20
GUESSES_A_MINUTE = 6
"""From one address for one name: whoever guesses elsewhere locks nobody out."""
GUESSES_OF_AN_ADDRESS = 30
BEARER = "bearer "
FEED = "/alerts.rss"
NOBODY = "scrypt$16384$8$5$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
"""Checked where there is no such person, so that guessing a name takes as long as guessing a password."""


class RefusedError(Exception):
    """A request that is answered before any page sees it."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


@dataclass(frozen=True)
class Seen:
    """Who asks. `token` is what their browser shows; `is_new` when it has none yet."""

    person: str
    role: Role
    token: str
    is_new: bool

    @property
    def csrf(self) -> str:
        """What a form must bring back: nobody else's page knows it."""
        return hmac.new(self.token.encode(), b"csrf", hashlib.sha256).hexdigest()


def hashed(token: str) -> str:
    """What the store knows of a session: a thief of the store cannot sign in with it."""
    return hashlib.sha256(token.encode()).hexdigest()


async def read_form(request: Request) -> dict[str, list[str]]:
    """Return the fields of a posted form.

    Raises:
        RefusedError: it is no form, or too large.
    """
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in {"application/x-www-form-urlencoded", ""}:
        raise RefusedError(looks.plain_message(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Only forms are taken here"))
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_POSTED:
                raise RefusedError(looks.plain_message(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "That is too much at once"))
    except ClientDisconnect as error:
        raise RefusedError(Response(status_code=400)) from error
    return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=5000)


class Guard:
    """Stands before every page."""

    def __init__(self, config: WebConfig, *, is_local: bool) -> None:
        self._config = config
        self._is_local = is_local
        self._guesses = Allowance(GUESSES_A_MINUTE)
        self._guessers = Allowance(GUESSES_OF_AN_ADDRESS)

    def check_start(self, store: Store, host: str) -> None:
        """Refuse to serve others without accounts.

        Raises:
            MonitorError: anybody who reaches `host`, or a proxy that asks for one of `names`, could read and change everything.
        """
        known = next((name for name in self._config.names if name not in LOOPBACK), "" if self._is_local else host)
        if known and not store.people.all():
            raise MonitorError(
                f"{known} can be reached by others, and nobody has an account",
                remedy="add one: promisewatch users add NAME --role admin; or serve at 127.0.0.1",
            )

    def recognise(self, request: Request, store: Store, page: Page, form: Mapping[str, list[str]], now: datetime) -> Seen:
        """Return who asks.

        Raises:
            RefusedError: they must sign in first, may not do this, or the post comes from elsewhere.
        """
        shown = _bearer(request) or request.cookies.get(COOKIE, "")
        token = shown if len(shown) >= 32 else secrets.token_urlsafe(32)
        is_program = bool(_bearer(request))
        person = store.people.bearer(hashed(shown)) if is_program else self._person(request, store, token, now)
        is_post = request.method == "POST"
        wanted = page.acts if is_post else page.needs
        if page.path == "/sign-in":
            seen = Seen(person.name if person else "", person.role if person else "reader", token, token != shown)
        elif person is None:
            raise RefusedError(self._sign_in_first(request))
        elif RANK[person.role] < RANK[wanted]:
            raise RefusedError(
                looks.told(request, HTTPStatus.FORBIDDEN, f"This needs the role {wanted}", f"You are {person.role}.")
            )
        else:
            seen = Seen(person.name, person.role, token, token != shown and not is_program)
        # No page of somebody else can make a browser send a token along.
        if is_post and not is_program:
            _check_origin(request, seen, form)
        return seen

    def sign_in(self, request: Request, store: Store, name: str, password: str, now: datetime) -> str:
        """Check name and password; return the new session's token.

        Raises:
            RefusedError: too many guesses.
            MonitorError: they are wrong.
        """
        place = _client(request)
        wait = self._guessers.wait(place, now) or self._guesses.wait(f"{place} {name}", now)
        if wait:
            answer = looks.plain_message(HTTPStatus.TOO_MANY_REQUESTS, "Too many tries", f"Wait {int(wait) + 1} seconds.")
            answer.headers["Retry-After"] = str(int(wait) + 1)
            raise RefusedError(answer)
        person = store.people.find(name)
        if not is_password(password, person.password if person else NOBODY) or person is None:
            raise MonitorError("Name or password is wrong")
        token = secrets.token_urlsafe(32)
        store.people.open_session(hashed(token), person.name, now, self._config.session)
        return token

    def remember(self, response: Response, request: Request, seen: Seen) -> None:
        """Let a browser keep its token; one that signed in or out has been given another already."""
        if seen.is_new and "set-cookie" not in response.headers:
            self.set_token(response, request, seen.token)

    def set_token(self, response: Response, request: Request, token: str) -> None:
        """Give a browser its token: out of reach of scripts, never sent along from other sites."""
        response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=request.url.scheme == "https", path="/")

    def _person(self, request: Request, store: Store, token: str, now: datetime) -> Person | None:
        header = self._config.sign_in_header
        if header and _peer(request) in self._config.trusted_proxies and header in request.headers:
            return store.people.find(request.headers[header])
        found = store.people.session(hashed(token), now)
        if found is None and self._is_local and not _is_forwarded(request) and not store.people.all():
            return Person("local", "admin", "")
        return found

    def _sign_in_first(self, request: Request) -> Response:
        if _bearer(request) or looks.is_for_programs(request):
            remedy = "make a token: promisewatch users token NAME; and send it as Authorization: Bearer TOKEN"
            answer = looks.json_error(
                HTTPStatus.UNAUTHORIZED, "this token lets nobody in" if _bearer(request) else "sign in first", remedy
            )
            answer.headers["WWW-Authenticate"] = "Bearer"
            return answer
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?{urlencode({'back': back})}", 303)


def _check_origin(request: Request, seen: Seen, form: Mapping[str, list[str]]) -> None:
    origin = request.headers.get("Origin", "")
    foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
    foreign |= bool(origin) and origin != "null" and urlsplit(origin).netloc != request.headers.get("Host", "")
    given = form.get("csrf", [""])[0]
    if foreign or not hmac.compare_digest(given.encode(), seen.csrf.encode()):
        raise RefusedError(
            looks.plain_message(HTTPStatus.FORBIDDEN, "This form is out of date", "Go back, load the page again, and send it anew.")
        )


def _bearer(request: Request) -> str:
    """The token that a program shows; "" where none does. Feed readers send no headers: they show it in the address."""
    given = request.headers.get("Authorization", "")
    if given.lower().startswith(BEARER):
        return given[len(BEARER) :].strip()
    return request.query_params.get("key", "") if request.url.path == FEED else ""


def _peer(request: Request) -> str:
    """Who is connected: a proxy itself."""
    return str(getattr(request.state, "peer", ""))


def _is_forwarded(request: Request) -> bool:
    """Whether a proxy asks for somebody who may be anywhere."""
    return any(name in request.headers for name in ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via"))


def _client(request: Request) -> str:
    """Who asks, by the word of a proxy of this machine where there is one; of IPv6 the network, since it is one customer's."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(IPv6Address(int(address) >> 64 << 64)) if isinstance(address, IPv6Address) else host
