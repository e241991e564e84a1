"""A dashboard on loopback over a store of its own."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.app import App
from monitor.doors import dashboard
from tests.monitor.web.client import Client

NOW = datetime(2026, 6, 20, 9, tzinfo=UTC)
CONFIG = """[[brand]]
id = "acme"
name = "Acme Air"

[[brand.promise]]
id = "on-time"
text = "We depart on time."
"""


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path: Path, clock: Clock) -> App:
    path = tmp_path / "promisewatch.toml"
    path.write_text(CONFIG, encoding="utf-8")
    return App(path, clock)


@pytest.fixture
def client(app: App) -> Iterator[Client]:
    """A browser at a dashboard that nobody has an account for."""
    with dashboard(app, "127.0.0.1", 0) as address:
        found = Client(address)
        yield found
        found.pool.clear()
