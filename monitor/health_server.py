"""The doors that say how the daemon fares: /healthz (it lives), /readyz (it does its work), /metrics (its numbers)."""

import threading
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from monitor.health import Health
from monitor.metrics import KIND, render
from monitor.storage.vitals import Numbers
from monitor.store import Store, StoreError
from monitor.tokens import shows

TOKEN = "PROMISEWATCH_HEALTH_TOKEN"  # noqa: S105 - the name of a variable
BUSY_SECONDS = 2.0
COUNTED_EVERY = timedelta(minutes=1)
_HEAD = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def build(health: Health, store: Path, token: str = "") -> Starlette:
    """Return the application that answers. It opens the store for each question, and counts at most once a minute.

    Where there is a `token`, whoever asks for more than a sign of life must show it.
    """
    one_at_a_time = threading.Lock()
    counted: tuple[datetime, Numbers] | None = None

    def problems() -> list[str]:
        with one_at_a_time:
            try:
                with Store(store, busy_seconds=BUSY_SECONDS) as opened:
                    return health.problems(opened)
            except StoreError as error:
                return [f"the store cannot be opened: {error}"]

    def page() -> bytes:
        nonlocal counted
        now = health.clock()
        with one_at_a_time, Store(store, busy_seconds=BUSY_SECONDS) as opened:
            if counted is None or not counted[0] <= now < counted[0] + COUNTED_EVERY:
                counted = (now, opened.vitals.numbers())
            ready = not health.problems(opened)
            planned = {one.job.name for one in health.planner.planned}
            records = [one for name, one in sorted(health.planner.records.items()) if name in planned]
            return render(counted[1], records, ready=ready, last_round=health.planner.last_round)

    async def alive(_request: Request) -> Response:
        return PlainTextResponse("alive\n", headers=_HEAD)

    def ready() -> Response:
        found = problems()
        return JSONResponse({"ready": not found, "problems": found}, 503 if found else 200, _HEAD)

    def metrics() -> Response:
        try:
            return Response(page(), headers=_HEAD, media_type=KIND)
        except StoreError as error:
            return PlainTextResponse(f"{error}\n", 503, _HEAD)

    routes = [Route("/healthz", alive), Route("/readyz", _for_those_who_show(token, ready))]
    return Starlette(routes=[*routes, Route("/metrics", _for_those_who_show(token, metrics))])


def _for_those_who_show(token: str, answer: Callable[[], Response]) -> Callable[[Request], Awaitable[Response]]:
    async def answered(request: Request) -> Response:
        if token and not shows(request.headers.get("Authorization", ""), token):
            return PlainTextResponse("send `Authorization: Bearer TOKEN`\n", 401, {**_HEAD, "WWW-Authenticate": "Bearer"})
        return await run_in_threadpool(answer)

    return answered
