"""The shelf: what was computed a moment ago is not computed again, unless somebody changed what it is about."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from monitor.web.shelf import Shelf
from tests.monitor.web.conftest import NOW


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with closing(Shelf()) as opened:
        yield opened


def take(shelf: Shelf, made: list[str], subject: str) -> None:
    shelf.get((subject, "acme"), lambda: made.append(subject), NOW)


def test_what_is_kept_is_not_made_again(shelf: Shelf) -> None:
    made: list[str] = []
    take(shelf, made, "gap")
    take(shelf, made, "gap")
    assert made == ["gap"]


def test_only_what_a_change_is_about_is_forgotten(shelf: Shelf) -> None:
    made: list[str] = []
    for _ in range(2):
        take(shelf, made, "gap")
        take(shelf, made, "queue")
        shelf.forget("queue")
    assert made == ["gap", "queue", "queue"]


def test_without_a_subject_everything_is_forgotten(shelf: Shelf) -> None:
    made: list[str] = []
    for _ in range(2):
        take(shelf, made, "gap")
        shelf.forget()
    assert made == ["gap", "gap"]
