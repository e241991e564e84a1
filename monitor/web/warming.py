"""What is slow to make is made before somebody asks: the reports of every brand on the shelf, and the index of the search."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request

from monitor.app import App, tell
from monitor.store import Store
from monitor.web import looks
from monitor.web.pages import cases, causes, overview, pillars, promises
from monitor.web.shelf import Look, Shelf
from monitor.web.visit import Visit

FIRST: Final = (overview.show, promises.show, causes.show, pillars.show, cases.show)
AGAIN: Final = timedelta(minutes=20)
"""Sooner than a report on the shelf is too old to be shown."""
INDEX_EVERY: Final = timedelta(minutes=1)


@contextmanager
def kept_warm(app: App, shelf: Shelf) -> Iterator[None]:
    """Make what is slow now, and anew from time to time, in a thread while the block runs."""
    stopped = threading.Event()
    thread = threading.Thread(target=_keep, args=(app, shelf, stopped), name="warming", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def warm(app: App, shelf: Shelf, stopped: threading.Event) -> None:
    """Look at the slow pages of every brand as somebody would, and throw them away."""
    for brand in app.config.brand:
        for show in FIRST:
            if stopped.is_set():
                return
            query = urlencode({"brand": brand.id}).encode()
            asked = Request({"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": query})
            with Store(app.store_path) as store:
                show(Visit(asked, app, store, Look(shelf), app.clock(), "", "reader", "", {}, looks.render))


def _keep(app: App, shelf: Shelf, stopped: threading.Event) -> None:
    turn, turns = 0, AGAIN // INDEX_EVERY
    while not stopped.is_set():
        try:
            if turn % turns == 0:
                warm(app, shelf, stopped)
            with Store(app.store_path) as store:
                while not stopped.is_set() and store.searching.index_due():
                    pass
        except Exception as error:  # noqa: BLE001 - whoever asks for the page makes it then, and is told
            tell(f"dashboard: what is slow could not be made ahead: {type(error).__name__}: {error}")
        turn += 1
        stopped.wait(INDEX_EVERY.total_seconds())
