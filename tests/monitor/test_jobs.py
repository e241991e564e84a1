"""When jobs are due: at intervals, at a time of day in a zone, across missed turns, summer time and clocks that jump."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import parse
from monitor.jobs import jobs
from monitor.storage.jobs import JobRecord
from monitor.store import Store
from monitor.timetable import Daily, Every, When, daily, due_since, following, is_due, turn

RIGA = ZoneInfo("Europe/Riga")
HOUR = timedelta(hours=1)
moments = st.integers(1_704_067_200, 1_830_297_600).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
zones = st.sampled_from(["UTC", "Europe/Riga", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"])
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
whens = st.one_of(
    st.integers(0, 10**6).map(lambda seconds: Every(timedelta(seconds=seconds))),
    st.builds(lambda at, zone: Daily(at, ZoneInfo(zone)), times, zones),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=RIGA).astimezone(UTC)


class TestDaily:
    def test_it_is_due_once_its_time_has_come_in_its_zone(self) -> None:
        morning = daily("08:00", "Europe/Riga")
        last = at("2026-06-01 08:00")
        assert not is_due(morning, last, at("2026-06-02 07:59"))
        assert is_due(morning, last, at("2026-06-02 08:00"))
        assert following(morning, last, at("2026-06-02 07:59")) == datetime(2026, 6, 2, 5, tzinfo=UTC)

    def test_it_begins_with_the_turn_after_it_was_first_seen(self) -> None:
        morning = daily("08:00", "Europe/Riga")
        assert not is_due(morning, None, at("2026-06-02 09:00"))
        assert following(morning, None, at("2026-06-02 09:00")) == at("2026-06-03 08:00")

    @pytest.mark.parametrize(
        ("day", "runs_at"),
        [
            (date(2026, 3, 29), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # 03:30 is skipped: 04:30 summer time
            (date(2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # 03:30 comes twice: the first
        ],
    )
    def test_it_runs_once_on_the_days_on_which_the_clock_changes(self, day: date, runs_at: datetime) -> None:
        night = daily("03:30", "Europe/Riga")
        midnight = datetime.combine(day, time(), RIGA).astimezone(UTC)
        last, ran = turn(night, midnight), []
        for minutes in range(0, 26 * 60, 10):
            now = midnight + timedelta(minutes=minutes)
            if is_due(night, last, now):
                ran.append(now)
                last = turn(night, now)
        assert ran == [runs_at]

    def test_what_was_noted_by_a_clock_far_ahead_does_not_hold_it_up(self) -> None:
        morning = daily("08:00", "Europe/Riga")
        assert is_due(morning, at("2031-01-01 08:00"), at("2026-06-02 09:00"))
        assert not is_due(morning, at("2026-06-02 08:00"), at("2026-06-02 07:50"))


class TestEvery:
    def test_it_is_due_when_its_span_is_over_and_at_first(self) -> None:
        now = at("2026-06-02 09:00")
        assert is_due(Every(HOUR), None, now)
        assert not is_due(Every(HOUR), now - timedelta(minutes=59), now)
        assert is_due(Every(HOUR), now - HOUR, now)

    def test_a_clock_that_is_put_back_begins_a_new_span(self) -> None:
        now = at("2026-06-02 09:00")
        assert is_due(Every(HOUR), now + timedelta(seconds=1), now)


class TestProperties:
    @given(whens, moments)
    def test_a_turn_that_was_taken_is_not_due_again_at_once(self, when: When, now: datetime) -> None:
        if when != Every(timedelta(0)):
            assert not is_due(when, turn(when, now), now)

    @given(whens, moments, moments)
    def test_what_follows_is_due_then_and_not_before(self, when: When, last: datetime, now: datetime) -> None:
        last = turn(when, last)
        soon = following(when, last, now)
        assert is_due(when, last, soon)
        assert (soon == now) == is_due(when, last, now)
        if soon > now:
            assert not is_due(when, last, max(now, soon - timedelta(seconds=1)))

    @given(whens, moments, moments)
    def test_it_has_been_due_since_some_moment_up_to_now_if_it_is(self, when: When, last: datetime, now: datetime) -> None:
        since = due_since(when, turn(when, last), now)
        assert (since is not None) == is_due(when, turn(when, last), now)
        assert since is None or since <= now

    @given(st.builds(lambda at, zone: Daily(at, ZoneInfo(zone)), times, zones), moments)
    def test_a_day_has_a_turn_at_least_every_second_day(self, when: Daily, now: datetime) -> None:
        assert now - timedelta(hours=49) < turn(when, now) <= now


def test_every_record_of_a_job_comes_back_as_it_was_noted(tmp_path: Path) -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    record = JobRecord("digest acme", noon, noon + HOUR, noon - HOUR, 1.25, 9, 4, 2, "the disk is full")
    with Store(tmp_path / "store.db") as store:
        store.jobs.note(JobRecord("digest acme"))
        store.jobs.note(record)
        assert store.jobs.all() == {"digest acme": record}


def test_jobs_have_names_of_their_own_and_those_that_nobody_asked_for_do_not_run() -> None:
    few = [one.name for one in jobs(parse(""))]
    many = [
        one.name
        for one in jobs(
            parse(
                '[health]\nping = "https://ping.example/1"\n[backup]\nfolder = "b"\n[retention]\nmentions = "400 days"\n'
                '[[brand]]\nid = "a"\nname = "A"\n[[brand]]\nid = "b"\nname = "B"\n'
            )
        )
    ]
    assert {"backup", "purge", "ping"} & set(few) == set()
    assert {"collect", "read", "recheck", "backup", "purge", "ping"} <= set(many)
    assert len(many) == len(set(many))
