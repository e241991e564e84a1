"""Time to answer: the median of those who wait, with those who still do, and the shares of a day and of the service level."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.answering import Asked, answering, duration, kaplan_meier_median, sentence

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def asked(days_ago: float, hours: float | None = None, ended: float | None = None) -> Asked:
    at = NOW - timedelta(days=days_ago)
    return Asked(at, at + 8 * HOUR, None if hours is None else at + hours * HOUR, None if ended is None else at + ended * HOUR)


class TestMedian:
    def test_it_is_the_published_one(self):
        """Remission times of 21 patients on 6-MP (Freireich et al. 1963), median 23, the textbook example of the method."""
        ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
        censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
        median, interval = kaplan_meier_median([*((one, True) for one in ended), *((one, False) for one in censored)])
        assert median == 23
        assert interval == (13, None)

    def test_without_anybody_waiting_it_is_the_plain_one(self):
        assert kaplan_meier_median([(float(hours), True) for hours in range(1, 22)])[0] == 11

    def test_it_is_unknown_while_more_than_half_wait(self):
        assert kaplan_meier_median([(1.0, True), *[(50.0, False)] * 9]) == (None, None)
        assert kaplan_meier_median([]) == (None, None)

    @given(st.lists(st.tuples(st.integers(0, 99).map(float), st.booleans()), max_size=60), st.floats(0, 50))
    def test_who_waits_longer_never_makes_it_shorter(self, waits: list[tuple[float, bool]], more: float):
        longer = [(at + (0 if answered else more), answered) for at, answered in waits]
        before, after = (math.inf if one is None else one for one, _ in map(kaplan_meier_median, (waits, longer)))
        assert after >= before

    @given(st.lists(st.tuples(st.integers(0, 99).map(float), st.booleans()), max_size=60))
    def test_the_interval_holds_the_median(self, waits: list[tuple[float, bool]]):
        median, interval = kaplan_meier_median(waits)
        if median is not None and interval is not None:
            assert interval[0] <= median
            assert interval[1] is None or median <= interval[1]


class TestShares:
    def test_who_still_waits_is_counted_and_who_asked_today_may_yet_be_answered(self):
        found = answering([*[asked(3, 2)] * 9, *[asked(3)] * 6, asked(0.1)], "UTC", NOW)
        assert (found.n, found.answered, found.waiting) == (16, 9, 7)
        assert (found.same_day.k, found.same_day.n) == (9, 15)
        assert found.same_day.value == pytest.approx(0.6)
        assert (found.in_time.k, found.in_time.n) == (9, 15)

    def test_the_day_is_the_brands_own(self):
        late = Asked(datetime(2026, 11, 17, 21, tzinfo=UTC), NOW, datetime(2026, 11, 17, 23, tzinfo=UTC))
        assert answering([late] * 12, "UTC", NOW).same_day.value == 1
        assert answering([late] * 12, "Europe/Riga", NOW).same_day.value == 0

    def test_what_was_closed_without_an_answer_is_not_answered_and_nobody_waits(self):
        found = answering([asked(3, None, 5)] * 12, "UTC", NOW)
        assert (found.answered, found.waiting, found.median, found.same_day.value) == (0, 0, None, 0)

    def test_under_twelve_there_is_no_number(self):
        found = answering([asked(3, 2)] * 11, "UTC", NOW)
        assert (found.median, found.same_day.value) == (None, None)
        assert "insufficient evidence (11 of the 12 that it needs)" in sentence(found)


class TestSentence:
    def test_it_says_the_median_the_shares_and_how_sure_they_are(self):
        said = sentence(answering([*[asked(3, hours) for hours in range(1, 20)], asked(3)], "UTC", NOW)).replace(
            "\N{NO-BREAK SPACE}", " "
        )
        assert said.startswith(
            "20 customers asked for an answer; 1 still waits. Half of them were answered within 10 hours (5 hours to"
        )
        assert "% in time (" in said
        assert "n = 20)" in said

    def test_it_says_when_there_is_nothing_to_say(self):
        assert sentence(answering([], "UTC", NOW)) == "Nobody asked for an answer in this time."
        assert "no median" in sentence(answering([asked(3)] * 12, "UTC", NOW))

    @pytest.mark.parametrize(("hours", "words"), [(0.5, "30 minutes"), (1, "1 hour"), (3.46, "3.5 hours"), (100, "4 days")])
    def test_times_read_as_one_says_them(self, hours: float, words: str):
        assert duration(hours).replace("\N{NO-BREAK SPACE}", " ") == words
