"""A dashboard on loopback over a store of its own."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.app import App
from monitor.doors import dashboard
from monitor.storage.people import Person, Role
from monitor.web.guard import hashed
from tests.monitor.web.client import Client

NOW = datetime(2026, 6, 20, 9, tzinfo=UTC)
CONFIG = """[[brand]]
id = "acme"
name = "Acme Air"

[[brand.promise]]
id = "on-time"
text = "We depart on time."
"""


ShownBy = Callable[[str, Role], dict[str, str]]


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


TOKEN = "t" * 43


@pytest.fixture
def shown_by(app: App) -> ShownBy:
    """Lets somebody in; what their program shows with every request."""

    def shown(name: str, role: Role) -> dict[str, str]:
        with app.open_store() as store:
            store.people.add(Person(name, role, ""), NOW)
            store.people.set_token(name, hashed(TOKEN), NOW)
        return {"Authorization": f"Bearer {TOKEN}"}

    return shown


@pytest.fixture
def client(app: App) -> Iterator[Client]:
    """A browser at a dashboard that nobody has an account for."""
    with dashboard(app, "127.0.0.1", 0) as address:
        found = Client(address)
        yield found
        found.pool.clear()
