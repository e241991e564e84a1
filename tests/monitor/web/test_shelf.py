"""The shelf: what was computed a moment ago is not computed again, unless somebody changed what it is about."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from threading import Event

import pytest

from monitor.web.shelf import Look, Shelf
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


def test_what_was_begun_before_a_change_is_not_kept(shelf: Shelf) -> None:
    for about in ((), ("gap",)):

        def make(about: tuple[str, ...] = about) -> str:
            shelf.forget(*about)
            return "of the past"

        assert shelf.get(("gap", "acme"), make, NOW) == "of the past"
        assert shelf.get(("gap", "acme"), lambda: "of now", NOW) == "of now"
        shelf.forget()


def test_what_is_made_anew_behind_the_scenes_gives_way_to_a_change(shelf: Shelf) -> None:
    begun, changed = Event(), Event()

    def slow() -> str:
        begun.set()
        changed.wait(10)
        return "of the past"

    shelf.get(("gap", "acme"), lambda: "first", NOW)
    assert shelf.get(("gap", "acme"), slow, NOW + timedelta(minutes=1)) == "first"
    assert begun.wait(10)
    shelf.forget("gap")
    assert shelf.get(("gap", "acme"), lambda: "of now", NOW) == "of now"
    changed.set()
    shelf.close()
    assert shelf.get(("gap", "acme"), lambda: "anew", NOW) == "of now"


def test_without_a_subject_everything_is_forgotten(shelf: Shelf) -> None:
    made: list[str] = []
    for _ in range(2):
        take(shelf, made, "gap")
        shelf.forget()
    assert made == ["gap", "gap"]


def test_somebody_who_does_not_wait_is_shown_what_was_before_and_told_so() -> None:
    with closing(Shelf(patience=timedelta(milliseconds=1))) as shelf:
        changed, look = Event(), Look(shelf)

        def slow() -> str:
            changed.wait(10)
            return "of now"

        assert look.get(("gap", "acme"), lambda: "before", NOW) == "before"
        look.forget("gap")
        assert (look.get(("gap", "acme"), slow, NOW), look.outdated) == ("before", True)
        changed.set()
        while (later := Look(shelf)).get(("gap", "acme"), slow, NOW) != "of now":
            pass
        assert not later.outdated


def test_what_is_made_in_time_is_shown_as_it_is_now() -> None:
    with closing(Shelf(patience=timedelta(seconds=60))) as shelf:
        look = Look(shelf)
        look.get(("gap", "acme"), lambda: "before", NOW)
        look.forget()
        assert (look.get(("gap", "acme"), lambda: "of now", NOW), look.outdated) == ("of now", False)


def test_what_fails_behind_the_scenes_is_made_by_whoever_asks() -> None:
    def fail() -> str:
        raise ValueError("no store")

    with closing(Shelf(patience=timedelta(seconds=60))) as shelf:
        shelf.get(("gap", "acme"), lambda: "before", NOW)
        shelf.forget()
        with pytest.raises(ValueError, match="no store"):
            shelf.get(("gap", "acme"), fail, NOW)
