"""How evenly promises are kept, and on whom the complaints rest."""

import numpy as np
import pytest

from reports.breakdown import LeaderRow
from reports.concentration import concentrations
from reports.consistency import consistencies, spread_of_shares
from reports.delivery import StanceTable
from reports.evidence import AdvertisedPromise
from reports.findings import Consistency
from tests.reports.builders import FRIENDLY, ON_TIME


def stances(kept: int, broken: int, story: int = 0) -> StanceTable:
    return StanceTable(
        np.zeros(2, dtype=np.int64), np.array([True, False]), np.array([kept, broken]), np.full(2, story, dtype=np.int64)
    )


def only(groups: dict[str, StanceTable], promise: AdvertisedPromise = ON_TIME) -> Consistency:
    (found,) = consistencies([promise], {"source": {promise.id: groups}}, 1)
    return found


class TestSpread:
    @pytest.mark.parametrize("spread", [0.0, 0.08, 0.2])
    def test_the_interval_covers_the_planted_spread(self, spread: float) -> None:
        rng = np.random.default_rng(7)
        strength = 0.7 * 0.3 / spread**2 - 1 if spread else 0.0
        covered = 0
        for _ in range(40):
            share = rng.beta(0.7 * strength, 0.3 * strength, size=12) if spread else np.full(12, 0.7)
            n = np.full(12, 40.0)
            low, high = spread_of_shares(rng.binomial(40, share).astype(np.float64), n, rng).interval
            covered += low <= spread <= high
        assert covered >= 35

    def test_chance_alone_is_seldom_taken_for_a_difference(self) -> None:
        rng = np.random.default_rng(8)
        p = [spread_of_shares(rng.binomial(30, 0.8, size=6).astype(np.float64), np.full(6, 30.0), rng).p for _ in range(100)]
        assert sum(value < 0.05 for value in p) <= 12

    def test_it_holds_its_bounds_in_order_also_where_all_agree(self) -> None:
        found = spread_of_shares(np.array([30.0, 30.0, 30.0]), np.array([30.0, 30.0, 30.0]), np.random.default_rng(1))
        assert (found.spread, found.interval[0]) == (0, 0)
        assert found.interval[1] > 0
        assert found.p > 0.5


class TestConsistency:
    def test_places_that_deliver_differently_are_named(self) -> None:
        found = only({"shop": stances(90, 10), "forum": stances(20, 80), "reviews": stances(55, 45)})
        assert found.spread is not None
        assert found.interval is not None
        assert found.interval[0] < found.spread < found.interval[1]
        assert found.p is not None
        assert found.p < 0.01
        assert found.low is not None
        assert found.high is not None
        assert (found.low[0], found.high[0], found.groups, found.n) == ("forum", "shop", 3, 300)

    def test_one_text_copied_often_says_little(self) -> None:
        apart, copied = stances(30, 0), stances(30, 0, story=5)
        assert only({"shop": apart, "forum": stances(15, 15)}).spread is not None
        assert only({"shop": copied, "forum": stances(15, 15)}).spread is None

    @pytest.mark.parametrize("groups", [{}, {"shop": stances(50, 50)}, {"shop": stances(3, 3), "forum": stances(2, 3)}])
    def test_too_little_is_insufficient_evidence(self, groups: dict[str, StanceTable]) -> None:
        found = consistencies(
            [ON_TIME, FRIENDLY], {"source": {"on-time": groups, "friendly": {"a": stances(9, 9), "b": stances(9, 9)}}}, 1
        )
        assert (found[0].spread, found[0].interval, found[0].p, found[0].low) == (None, None, None, None)

    def test_a_dimension_of_one_value_is_left_out(self) -> None:
        assert consistencies([ON_TIME], {"language": {"on-time": {"en": stances(50, 50)}}}, 1) == ()


def leaders(promise: str, *voices: int, kind: str = "author") -> list[LeaderRow]:
    return [LeaderRow(promise, kind, n) for n in voices]  # type: ignore[arg-type]


class TestConcentration:
    def test_shares_of_the_top_authors_are_told(self) -> None:
        (found,) = concentrations(leaders("", 10, 5, 3, 2), {"": 40}, {"": ""})
        assert found.authors == pytest.approx((0.25, 0.45, (20 + 6) / 40))
        assert found.sentence == "10 of the 40 negative mentions come from one customer: read this number with care."

    def test_people_without_a_name_are_one_voice_each(self) -> None:
        (found,) = concentrations([], {"": 50}, {"": ""})
        assert found.authors == pytest.approx((0.02, 0.06, 0.2))
        assert found.sentence == ""

    def test_a_promise_that_one_thread_calls_broken_says_so(self) -> None:
        rows = [*leaders("on-time", 1, 1, 1), *leaders("on-time", 9, 1, kind="thread")]
        found = concentrations(rows, {"": 100, "on-time": 20}, {"": "", "on-time": ON_TIME.text})
        assert found[1].threads == pytest.approx((0.45, 0.5, 0.5))
        told = "9 of the 20 complaints that “We depart on time, every time” was broken stand in one thread"
        assert found[1].sentence.startswith(told)

    def test_three_customers_who_wrote_half_of_it_are_told(self) -> None:
        (found,) = concentrations(leaders("", 4, 4, 4, 1), {"": 24}, {"": ""})
        assert found.sentence == "12 of the 24 negative mentions come from three customers: read this number with care."

    def test_few_voices_have_no_share_but_one_customer_behind_them_is_told(self) -> None:
        (found,) = concentrations(leaders("", 5, 1), {"": 6}, {"": ""})
        assert (found.authors, found.threads) == (None, None)
        assert found.sentence.startswith("5 of the 6 negative mentions come from one customer")

    def test_one_complaint_of_each_rests_on_nobody(self) -> None:
        (found,) = concentrations(leaders("", 1, 1, 1), {"": 3}, {"": ""})
        assert found.sentence == ""
