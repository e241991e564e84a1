"""The ledger knows for every hour whether a source was heard: silence is not deafness."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.store import Brand, Listening, Store
from reports.evidence import Window
from sources.source import Batch, GoneError, TemporaryError

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
EVERY = timedelta(minutes=30)
NOT_RUNNING = "nobody listened when it was due: promisewatch was not running"
FEED = Listening("feed", "feed", "https://a.example/f")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path / "test.db") as found:
        yield found


def opened(path: Path | str) -> Store:
    store = Store(path)
    store.brands.sync([Brand("acme", "Acme", "UTC", (), "x")])
    store.sources.sync([FEED])
    return store


def hear(store: Store, hours: float, batch: Batch = Batch(), every: timedelta = EVERY) -> None:  # noqa: B008 - a frozen value
    store.sources.unchanged([("feed", batch, NOON + timedelta(minutes=round(60 * hours)), every)])


def holes(store: Store, hours: float = 48) -> list[tuple[float, float, str, str]]:
    """What a report made so many hours after noon says: from, until, how and why."""
    window = Window(date(2026, 6, 1), date(2026, 6, 8))
    found = store.evidence.load("acme", window, generated=NOON + hours * HOUR).coverage.holes
    return [((one.since - NOON) / HOUR, (one.until - NOON) / HOUR, one.heard, one.reason) for one in found]


def test_a_source_that_is_heard_whenever_it_is_due_has_no_hole(store: Store) -> None:
    for hours in (0, 0.5, 1, 1.5):
        hear(store, hours)
    assert holes(store, 2) == []


def test_what_more_is_missed_in_a_partial_hour_is_told_beside_the_rest_once(store: Store) -> None:
    for minutes, reason in ((0, "one place failed"), (0.2, "another rolled over"), (0.4, "one place failed"), (0.6, "")):
        hear(store, minutes, Batch(heard="partial" if reason else "ok", reason=reason))
    assert holes(store, 0.9) == [(0, 1, "partial", "one place failed; another rolled over")]


def test_hours_in_which_nothing_was_due_were_heard(store: Store) -> None:
    hear(store, 0, every=timedelta(hours=6))
    hear(store, 6, every=timedelta(hours=6))
    assert holes(store, 7) == []


def test_a_daemon_that_was_down_leaves_a_hole_from_the_hour_after_it_was_due(store: Store) -> None:
    hear(store, 0)
    hear(store, 5)
    assert holes(store, 5) == [(1, 5, "blind", NOT_RUNNING)]


def test_a_daemon_that_is_down_now_is_a_hole_already(store: Store) -> None:
    hear(store, 0)
    assert holes(store, 5) == [(1, 5, "blind", NOT_RUNNING)]


def test_a_failing_source_is_blind_until_it_is_tried_again(store: Store) -> None:
    for _ in range(9):
        store.sources.failed("feed", TemporaryError("reset"), NOON)
    hear(store, 4)
    assert holes(store, 4) == [(0, 4, "blind", "reset")]


def test_a_place_that_is_gone_is_a_hole_without_end(store: Store) -> None:
    store.sources.failed("feed", GoneError("410"), NOON)
    assert holes(store, 20) == [(0, 20, "blind", "410")]


def test_a_paused_source_says_that_it_was_paused(store: Store) -> None:
    hear(store, 0)
    store.sources.pause("feed", NOON)
    assert holes(store, 3) == [(1, 3, "blind", "paused")]
    store.sources.pause("feed", NOON + 5 * HOUR, paused=False)
    hear(store, 5)
    assert holes(store, 5) == [(1, 5, "blind", "paused")]


def test_an_overflow_is_a_hole_of_its_own_hour(store: Store) -> None:
    hear(store, 0, Batch(heard="partial", reason="more than 100 new"), timedelta(hours=2))
    hear(store, 2)
    assert holes(store, 2) == [(0, 1, "partial", "more than 100 new")]


def test_reasons_are_told_apart(store: Store) -> None:
    store.sources.failed("feed", TemporaryError("reset"), NOON)
    store.sources.failed("feed", TemporaryError("503"), NOON + HOUR)
    assert [one[3] for one in holes(store, 1)] == ["reset", "503"]


def test_a_source_that_is_configured_no_more_is_missed_by_nobody(store: Store) -> None:
    hear(store, 0)
    store.sources.sync([])
    assert holes(store, 40) == []


@given(st.lists(st.tuples(st.integers(6, 1800), st.sampled_from(["ok", "fail", "pause", "resume"])), max_size=8))
def test_every_hour_is_heard_or_in_exactly_one_hole(steps: list[tuple[int, str]]) -> None:
    with opened(":memory:") as store:
        hear(store, 0)
        minutes = 0
        for wait, step in steps:
            minutes += wait
            now = minutes / 60
            if step == "ok":
                hear(store, now)
            elif step == "fail":
                store.sources.failed("feed", TemporaryError("x"), NOON + timedelta(minutes=minutes))
            else:
                store.sources.pause("feed", NOON + timedelta(minutes=minutes), paused=step == "pause")
        now = minutes / 60
        hear(store, now)
        window = Window(date(2026, 6, 1), date(2026, 9, 1))
        found = store.evidence.load("acme", window, generated=NOON + timedelta(minutes=minutes)).coverage.holes
        (heard,) = store.door.connection.execute("SELECT count(*) FROM coverage WHERE heard = 'ok'").fetchone()
    assert all(one.until <= following.since for one, following in pairwise(found))
    assert heard + sum((hole.until - hole.since) / HOUR for hole in found) == minutes // 60 + 1
