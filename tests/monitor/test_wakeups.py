"""Quiet sources are asked less often, and failing ones later and later."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.wakeups import interval, pause_after

EVERY = st.timedeltas(timedelta(seconds=10), timedelta(days=366))
QUIET = st.timedeltas(timedelta(0), timedelta(days=3660))


@given(EVERY, QUIET)
def test_the_interval_lies_between_every_and_eight_times_that(every: timedelta, quiet: timedelta) -> None:
    assert every <= interval(every, quiet) <= 8 * every


@given(EVERY)
def test_a_source_that_has_just_brought_something_is_asked_as_often_as_configured(every: timedelta) -> None:
    assert interval(every, timedelta(0)) == every


@given(EVERY, QUIET, QUIET)
def test_the_longer_the_silence_the_longer_the_interval(every: timedelta, one: timedelta, other: timedelta) -> None:
    assert interval(every, min(one, other)) <= interval(every, max(one, other))


@given(EVERY, QUIET)
def test_news_come_at_most_a_tenth_later_than_they_took(every: timedelta, quiet: timedelta) -> None:
    assert interval(every, quiet) <= max(every, quiet / 10)


def test_a_long_silence_reaches_eight_times() -> None:
    assert interval(timedelta(minutes=10), timedelta(days=1)) == timedelta(minutes=80)


@given(st.integers(0, 10_000), st.booleans(), st.floats(0, 1, exclude_max=True))
def test_a_pause_is_never_longer_than_a_day_nor_shortened_by_more_than_a_quarter(
    failures: int, denied: bool, chance: float
) -> None:
    whole = pause_after(failures, denied=denied)
    assert 0.75 * whole <= pause_after(failures, denied=denied, chance=chance) <= whole <= timedelta(days=1)


def test_each_failure_doubles_the_pause() -> None:
    assert [pause_after(n) for n in range(4)] == [timedelta(minutes=n) for n in (1, 2, 4, 8)]
    assert pause_after(0, denied=True) == timedelta(hours=1)
