"""The door for what is posted to us: who may come in, how much and how often; what is then done is `monitor/inbound.py`."""

import asyncio
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, get_args

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from monitor.clock import Clock
from monitor.inbound import Inbox, TooMuchError, UnreadableError, Verdict, Word, read_wishes
from monitor.store import StoreError
from monitor.tokens import read_token as read
from monitor.tokens import shows

TOKEN = "PROMISEWATCH_INBOUND_TOKEN"  # noqa: S105 - the name of a variable
PATH = "/v1/mentions"
_KINDS = ("application/json", "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines")
_MOST_CLIENTS = 10_000
_MOST_THROWN_AWAY = 64 * 2**20


@dataclass(frozen=True)
class Bounds:
    """What one client may do: bytes a request, seconds to send them, requests a minute."""

    size: int = 10 * 2**20
    seconds: float = 30.0
    a_minute: int = 120


@dataclass
class Allowance:
    """How many requests each client has left: `a_minute` at once, and as many more every minute (a token bucket)."""

    a_minute: int
    _left: dict[str, tuple[float, datetime]] = field(default_factory=dict)

    def wait(self, client: str, now: datetime) -> float:
        """Take one request; return the seconds to wait where none is left, else 0."""
        left, at = self._left.pop(client, (float(self.a_minute), now))
        left = min(float(self.a_minute), left + max(now - at, timedelta(0)).total_seconds() * self.a_minute / 60)
        if len(self._left) >= _MOST_CLIENTS:
            del self._left[next(iter(self._left))]
        self._left[client] = (max(left - 1, 0.0) if left >= 1 else left, now)
        return 0.0 if left >= 1 else (1 - left) * 60 / self.a_minute


class _RefusedError(Exception):
    def __init__(self, status: int, error: str, remedy: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(error)
        self.answer = _refusal(status, error, remedy, headers)


def read_token(environment: Mapping[str, str]) -> str:
    """Return the token that senders must know.

    Raises:
        ConfigError: there is none, or it is too short to keep anybody out.
    """
    return read(environment, TOKEN, "whoever posts mentions must show a token")


def build(inbox: Inbox, token: str, clock: Clock, bounds: Bounds = Bounds()) -> Starlette:
    """Return the application that answers posts."""
    allowance = Allowance(bounds.a_minute)
    one_at_a_time = threading.Lock()

    def take(body: bytes, asked: Mapping[str, str]) -> list[Verdict]:
        wishes = read_wishes(asked)
        with one_at_a_time:
            return inbox.take(body, wishes, clock())

    async def post(request: Request) -> Response:
        try:
            _let_in(request, allowance, token, clock())
            body = await _body(request, bounds)
            return _answer(await run_in_threadpool(take, body, request.query_params))
        except _RefusedError as error:
            return error.answer
        except TooMuchError as error:
            return _refusal(413, str(error), error.remedy)
        except UnreadableError as error:
            return _refusal(422, str(error), error.remedy)
        except StoreError as error:
            return _refusal(503, str(error), error.remedy, {"Retry-After": "10"})

    async def explain(_request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = error.headers if isinstance(error, HTTPException) else None
        detail = error.detail if isinstance(error, HTTPException) else "a defect; nothing of the request was kept"
        return _refusal(status, detail, f"POST to {PATH}", headers)

    return Starlette(routes=[Route(PATH, post, methods=["POST"])], exception_handlers={HTTPException: explain, 500: explain})


def _let_in(request: Request, allowance: Allowance, token: str, now: datetime) -> None:
    """Check who asks, how often, and what is sent, before a byte of it is read."""
    wait = allowance.wait(request.client.host if request.client else "", now)
    if wait:
        raise _RefusedError(429, "too many requests", "send more rows at a time", {"Retry-After": str(int(wait) + 1)})
    if not shows(request.headers.get("Authorization", ""), token):
        remedy = "send `Authorization: Bearer TOKEN` with the token of this program"
        raise _RefusedError(401, "the token is missing or wrong", remedy, {"WWW-Authenticate": "Bearer"})
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in _KINDS:
        raise _RefusedError(415, f"{kind or 'a body without a type'} is not taken", f"send one of {', '.join(_KINDS[:2])}")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise _RefusedError(415, "compressed bodies are not taken", "send the body as it is")


async def _body(request: Request, bounds: Bounds) -> bytes:
    remedy = f"send at most {bounds.size:,} bytes at a time"
    announced = request.headers.get("Content-Length", "0")
    too_large = announced.isdecimal() and int(announced[:15]) > bounds.size
    body, size = bytearray(), 0
    try:
        async with asyncio.timeout(bounds.seconds):
            # Whoever is hung up on while sending hears no answer; one who waits for leave to send has it at once.
            if not (too_large and "Expect" in request.headers):
                async for chunk in request.stream():
                    size += len(chunk)
                    too_large = too_large or size > bounds.size
                    if size > _MOST_THROWN_AWAY:
                        break
                    body += b"" if too_large else chunk
        if too_large:
            raise _RefusedError(413, "the body is too large", remedy, {"Connection": "close"})
    except TimeoutError as error:
        raise _RefusedError(408, "the body came too slowly", "send less at a time", {"Connection": "close"}) from error
    except ClientDisconnect as error:
        raise _RefusedError(400, "the body broke off", "send it again: nothing of it was kept") from error
    return bytes(body)


def _answer(verdicts: list[Verdict]) -> Response:
    counts = Counter(one.verdict for one in verdicts)
    rows = [{name: value for name, value in asdict(one).items() if value} for one in verdicts]
    status = 422 if counts["rejected"] == len(verdicts) else 200
    return _json({**{word: counts[word] for word in get_args(Word)}, "rows": rows}, status)


def _refusal(status: int, error: str, remedy: str, headers: Mapping[str, str] | None = None) -> Response:
    return _json({"error": error, "remedy": remedy}, status, headers)


def _json(document: dict[str, Any], status: int, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(document, status, {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **(headers or {})})
