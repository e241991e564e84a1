"""Rates of complaints before and after, and what they prove of a cover (metric 18)."""

from datetime import date, timedelta
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.cause_rates import Daily, count_interval, dispersion, prove, rate_change

COVERED = date(2026, 6, 1)
WEEK = timedelta(days=7)


def series(before: int, after: int, weeks_after: int = 12, heard: int = 100) -> Daily:
    """So many complaints a week before and after the cover, spread over its days."""
    complaints: dict[date, int] = {}
    voices: dict[date, int] = {}
    for week in range(-12, weeks_after):
        start = COVERED + WEEK * week
        voices |= {start + timedelta(days=day): heard for day in range(7)}
        for one in range(before if week < 0 else after):
            day = start + timedelta(days=one % 7)
            complaints[day] = complaints.get(day, 0) + 1
    return Daily(complaints, voices)


def proof(daily: Daily, weeks: int = 12, settle: int = 7) -> str:
    return prove(daily, COVERED - timedelta(days=200), COVERED, settle, COVERED + WEEK * weeks).proof


def test_the_exact_test_agrees_with_the_binomial_one() -> None:
    change = rate_change((20, 1000), (5, 1000))
    assert change is not None
    # scipy.stats.binomtest(5, 25, 0.5): p and Clopper–Pearson bounds, as odds
    assert change.p == pytest.approx(0.00407731, rel=1e-5)
    assert change.interval == pytest.approx((0.06831147 / 0.93168853, 0.40703743 / 0.59296257), rel=0.1)
    assert change.ratio == pytest.approx(0.25)


@given(st.integers(0, 200), st.integers(1, 5000), st.integers(0, 200), st.integers(1, 5000), st.floats(1, 5))
def test_the_interval_holds_the_ratio_and_turning_time_round_turns_it_over(a: int, n: int, b: int, m: int, scatter: float) -> None:
    change, back = rate_change((a, n), (b, m), scatter), rate_change((b, m), (a, n), scatter)
    if a + b == 0:
        assert change is None
        return
    assert change is not None
    assert back is not None
    low, high = change.interval
    assert 0 <= low <= change.ratio * 1.000001
    assert high * 1.000001 >= (change.ratio if change.ratio != inf else 0)
    assert change.p == pytest.approx(back.p, abs=1e-9)
    assert 0 <= change.p <= 1


def test_intervals_of_rates_cover_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(7)
    hits = 0
    for before, after in zip(rng.poisson(20, 1000), rng.poisson(10, 1000), strict=True):
        change = rate_change((int(before), 1000), (int(after), 1000))
        assert change is not None
        hits += change.interval[0] <= 0.5 <= change.interval[1]
    assert hits >= 940


def test_scatter_widens_and_a_step_is_no_scatter() -> None:
    assert dispersion([(10, 100)] * 8) == 1.0
    assert dispersion([(2, 100)] * 6 + [(20, 100)] * 6) < 2
    assert dispersion([(2, 100), (20, 100)] * 6) > 5
    assert count_interval(10, 3.0)[1] > count_interval(10)[1]
    assert count_interval(0) == pytest.approx((0.0, 3.689), abs=0.001)


def test_a_cover_holds_when_complaints_stay_away() -> None:
    assert proof(series(5, 0)) == "holds"
    assert proof(series(8, 1)) == "holds"


def test_a_cover_recurs_when_complaints_come_as_before() -> None:
    assert proof(series(5, 5)) == "recurs"


def test_it_is_too_early_while_the_old_rate_would_have_brought_little() -> None:
    assert proof(series(1, 0), weeks=3) == "too early"
    assert proof(series(5, 0), weeks=1) == "too early"


def test_silence_alone_never_reopens_a_cause() -> None:
    assert proof(series(1, 0), weeks=6) != "recurs"


def test_a_hole_in_what_is_heard_proves_nothing() -> None:
    daily = series(5, 0)
    deaf = Daily(daily.complaints, {day: n for day, n in daily.heard.items() if day < COVERED})
    assert proof(deaf) == "too early"


def test_days_right_after_the_cover_count_for_neither_side() -> None:
    daily = series(5, 0)
    daily = Daily(dict(daily.complaints) | {COVERED + timedelta(days=day): 3 for day in range(7)}, daily.heard)
    assert proof(daily, settle=7) == "holds"
    assert proof(daily, weeks=4, settle=0) == "recurs"


def test_what_held_for_long_and_comes_back_recurs() -> None:
    daily = series(5, 0, weeks_after=30)
    late = {COVERED + WEEK * week: 6 for week in range(26, 30)}
    assert proof(Daily(dict(daily.complaints) | late, daily.heard), weeks=30) == "recurs"
    assert proof(daily, weeks=30) == "holds"
