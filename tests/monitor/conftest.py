"""What the tests of the store share."""

from collections.abc import Iterator

import pytest

from monitor.store import Store
from tests.monitor.store_builders import fresh


@pytest.fixture
def store() -> Iterator[Store]:
    """A store in memory that knows two brands."""
    with fresh() as opened:
        yield opened
