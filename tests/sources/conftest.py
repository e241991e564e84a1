from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from sources.http import Gateway, Limits
from tests.servers import Loopback, running


@pytest.fixture
def server() -> Iterator[Loopback]:
    with running() as started:
        yield started


@pytest.fixture
def gateway() -> Gateway:
    return Gateway("ops@example.org", allow_private_addresses=True, limits=Limits(connect=5, read=5, total=20, size=1_000_000))


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 9, 1, 12, tzinfo=UTC)
