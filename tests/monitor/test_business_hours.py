"""Business hours: what a week says, when a question is due, and what a change of the clock does to it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.business_hours import BusinessHours, Shift, parse_week

OFFICE = parse_week("Mon-Fri 09:00-17:00")
RIGA = ZoneInfo("Europe/Riga")
HOUR = timedelta(hours=1)


def at(text: str, zone: ZoneInfo = RIGA) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def hours(week: str = "Mon-Fri 09:00-17:00", zone: ZoneInfo = RIGA, *holidays: date) -> BusinessHours:
    return BusinessHours(parse_week(week), zone, frozenset(holidays))


class TestWeek:
    def test_days_and_times_are_read(self):
        assert parse_week("Mon-Tue 09:00-12:00 13:00-17:00, sat 10:00-14:00") == (
            Shift(0, 540, 720),
            Shift(0, 780, 1020),
            Shift(1, 540, 720),
            Shift(1, 780, 1020),
            Shift(5, 600, 840),
        )

    def test_a_week_may_run_over_its_end_and_a_night_over_midnight(self):
        assert [one.weekday for one in parse_week("Sunday-Monday 09:00-10:00")] == [0, 6]
        assert parse_week("Fri 22:00-06:00") == (Shift(4, 1320, 1800),)
        assert len(parse_week("daily 00:00-24:00")) == 7

    @pytest.mark.parametrize(
        "text", ["", "always", "Mon-Fri", "Mon-Fri 9-17", "Mon 25:00-26:00", "Mon 09:00-09:00", "Moo 09:00-10:00"]
    )
    def test_what_is_no_week_is_refused(self, text: str):
        with pytest.raises(ValueError, match="no"):
            parse_week(text)


class TestSameDay:
    def test_what_comes_in_the_morning_is_due_when_the_day_ends(self):
        assert hours().due(at("2026-11-18 10:30")) == at("2026-11-18 17:00")

    def test_what_comes_before_work_belongs_to_that_day(self):
        assert hours().due(at("2026-11-18 03:00")) == at("2026-11-18 17:00")

    def test_what_comes_after_work_is_due_on_the_next_working_day(self):
        assert hours().due(at("2026-11-18 17:00")) == at("2026-11-19 17:00")
        assert hours().due(at("2026-11-20 18:00")) == at("2026-11-23 17:00")

    def test_nobody_works_on_a_holiday(self):
        assert hours("Mon-Fri 09:00-17:00", RIGA, date(2026, 11, 18)).due(at("2026-11-18 10:30")) == at("2026-11-19 17:00")

    def test_a_break_does_not_end_the_day(self):
        assert hours("Mon-Fri 09:00-12:00 13:00-17:00").due(at("2026-11-18 11:59")) == at("2026-11-18 17:00")

    def test_a_night_shift_ends_in_the_morning(self):
        assert hours("Fri 22:00-06:00").due(at("2026-11-21 02:00")) == at("2026-11-21 06:00")

    def test_each_brand_has_its_own_clock(self):
        asked = datetime(2026, 11, 18, 16, tzinfo=UTC)
        assert hours(zone=RIGA).due(asked) == at("2026-11-19 17:00")
        assert hours(zone=ZoneInfo("America/New_York")).due(asked) == datetime(2026, 11, 18, 22, tzinfo=UTC)


class TestWorkingTime:
    def test_it_counts_while_somebody_is_there(self):
        assert hours().due(at("2026-11-20 16:00"), 2 * HOUR) == at("2026-11-23 10:00")
        assert hours().before(at("2026-11-23 10:00"), 2 * HOUR) == at("2026-11-20 16:00")
        assert hours().between(at("2026-11-20 16:00"), at("2026-11-23 10:00")) == 2 * HOUR

    def test_a_day_that_loses_an_hour_has_one_less(self):
        through = hours("daily 00:00-24:00", ZoneInfo("Europe/Riga"))
        assert through.between(at("2026-03-29 00:00"), at("2026-03-30 00:00")) == 23 * HOUR
        assert through.between(at("2026-10-25 00:00"), at("2026-10-26 00:00")) == 25 * HOUR

    def test_the_clock_of_the_wall_stays_when_it_changes(self):
        week = hours("daily 09:00-17:00")
        assert week.due(at("2026-03-28 12:00")) == datetime(2026, 3, 28, 15, tzinfo=UTC)
        assert week.due(at("2026-03-29 12:00")) == datetime(2026, 3, 29, 14, tzinfo=UTC)

    def test_hours_that_a_day_skips_are_no_working_time(self):
        assert hours("Sun 03:15-03:45").between(at("2026-03-29 00:00"), at("2026-03-30 00:00")) <= HOUR / 2

    def test_shifts_that_overlap_count_once(self):
        assert hours("Mon-Fri 09:00-17:00, Mon 16:00-18:00").between(at("2026-11-23 00:00"), at("2026-11-24 00:00")) == 9 * HOUR

    def test_somebody_who_is_never_there_is_waited_for_without_end(self):
        days = [date(2026, 1, 1) + timedelta(days=one) for one in range(1500)]
        never = hours("daily 09:00-17:00", RIGA, *days)
        assert never.due(at("2026-11-18 10:30")) > at("2028-01-01 00:00")
        assert never.after(at("2026-11-18 10:30"), HOUR) > at("2028-01-01 00:00")
        assert never.before(at("2028-11-18 10:30"), HOUR) < at("2027-11-18 10:30")

    @given(
        st.integers(0, 365 * 24 * 3600).map(lambda seconds: at("2026-01-01 00:00") + timedelta(seconds=seconds)),
        st.timedeltas(timedelta(minutes=1), timedelta(hours=90)),
        st.sampled_from(["Mon-Fri 09:00-17:00", "daily 00:00-24:00", "Fri-Sun 22:00-06:00, Mon 09:00-12:00 13:00-15:00"]),
        st.sampled_from(["Europe/Riga", "America/St_Johns", "Australia/Lord_Howe", "UTC"]),
    )
    def test_so_much_time_after_is_so_much_time_between(self, asked: datetime, worked: timedelta, week: str, zone: str):
        calendar = hours(week, ZoneInfo(zone))
        due = calendar.after(asked, worked)
        assert calendar.between(asked, due) == worked
        assert calendar.between(calendar.before(due, worked), due) == worked
