"""For whom: segments, competitors, and the figures that promises name."""

import random
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.breakdown import Breakdown, MoodRow, QuantityRow, SideRow
from reports.change import halves, promise_changes
from reports.competitors import compared
from reports.delivery import stance_tables
from reports.evidence import AdvertisedPromise, Evidence, Label, ModelFacts, Stance, StanceRow
from reports.findings import NumericPromise, Segmentation
from reports.numbers_promised import numeric_promises
from reports.segments import MOST_SEGMENTS, segmentations
from reports.words_moved import quantity, quantity_range
from tests.reports.builders import ON_TIME, REFUND, SINCE, TWELVE_WEEKS, evidence, moods, weekly

BARE = ModelFacts("m")
TWO_DAYS = AdvertisedPromise("delivery", "Delivered in two days.", "product and service", "guarantee")


def mood(value: str, negative: int, positive: int, story: int = 0) -> list[MoodRow]:
    labels: tuple[tuple[Label, int], ...] = (("negative", negative), ("positive", positive))
    return [MoodRow("region", value, label, (0.9, 0.05, 0.05), n, story) for label, n in labels if n]


def side(value: str, kept: int, broken: int, promise: str = "on-time") -> list[SideRow]:
    stances: tuple[tuple[Stance, int], ...] = (("kept", kept), ("broken", broken))
    return [SideRow("region", value, promise, stance, n) for stance, n in stances if n]


def split(moods: list[MoodRow], sides: list[SideRow]) -> Segmentation:
    breakdown = Breakdown(*halves(TWELVE_WEEKS, "week"), dimensions=("region",), moods=tuple(moods), sides=tuple(sides))
    (found,) = segmentations(breakdown, [ON_TIME], BARE, np.random.default_rng(1))
    return found


class TestSegments:
    def test_each_value_has_its_figures_the_largest_first(self) -> None:
        found = split([*mood("north", 30, 70), *mood("south", 10, 30)], [*side("north", 40, 10), *side("south", 15, 5)])
        north, south = found.segments
        assert (north.value, north.n, south.value, south.n) == ("north", 100, "south", 40)
        assert [north.net.value, south.net.value] == pytest.approx([40, 50])
        assert north.delivery.value == pytest.approx(100 * (40 + 2 * 55 / 70) / 52)
        for figure in (north.net, south.net, north.delivery, south.delivery):
            assert figure.interval is not None
            assert figure.value is not None
            assert figure.interval[0] < figure.value < figure.interval[1]
            assert not figure.differs

    def test_a_segment_that_differs_from_everybody_else_is_marked(self) -> None:
        found = split(
            [*mood("north", 20, 180), *mood("south", 25, 175), *mood("west", 120, 80)],
            [*side("north", 80, 20), *side("south", 78, 22), *side("west", 20, 80)],
        )
        marked = {one.value: (one.net.differs, one.delivery.differs, one.promises[0].delivery.differs) for one in found.segments}
        assert marked["west"] == (True, True, True)
        assert found.segments[0].net.p is not None

    def test_segments_that_are_alike_are_seldom_marked(self) -> None:
        rng = np.random.default_rng(5)
        marked = 0
        for _ in range(20):
            rows = [row for at in range(6) for row in mood(f"r{at}", *rng.multinomial(80, [0.3, 0.7]).tolist())]
            sides = [row for at in range(6) for row in side(f"r{at}", *rng.multinomial(40, [0.8, 0.2]).tolist())]
            marked += any(one.net.differs or one.delivery.differs for one in split(rows, sides).segments)
        assert marked <= 4

    def test_a_small_segment_is_insufficient_evidence_and_never_zero(self) -> None:
        found = split([*mood("north", 30, 70), *mood("south", 2, 3)], [*side("north", 40, 10), *side("south", 1, 2)])
        south = found.segments[1]
        assert (south.n, south.net.value, south.net.p, south.delivery.value, south.delivery.n) == (5, None, None, None, 3)

    def test_what_has_no_value_and_what_is_too_much_is_counted(self) -> None:
        rows = [row for at in range(MOST_SEGMENTS + 3) for row in mood(f"r{at:02}", 10, 20)]
        found = split([*rows, *mood("", 4, 5)], [])
        assert (len(found.segments), found.left_out, found.nameless) == (MOST_SEGMENTS, 3, 9)

    def test_a_promise_that_nobody_speaks_of_has_no_figure(self) -> None:
        found = split(mood("north", 30, 70), [])
        assert found.segments[0].promises[0].delivery.value is None

    def test_the_order_of_rows_does_not_matter(self) -> None:
        rows = [*mood("north", 30, 70), *mood("south", 40, 30)]
        sides = [*side("north", 40, 10), *side("south", 15, 15)]
        random.Random(1).shuffle(turned := list(rows))
        assert [one.delivery for one in split(rows, sides).segments] == [
            one.delivery for one in split(turned, sides[::-1]).segments
        ]


def measured(*said: tuple[str, int], stance: Stance | None = "broken", promise: AdvertisedPromise = TWO_DAYS) -> NumericPromise:
    rows = [QuantityRow(promise.id, text, stance, n) for text, n in said]
    (found,) = numeric_promises([promise], rows, 1)
    return found


class TestPromisedFigures:
    def test_the_median_stands_beside_what_is_promised(self) -> None:
        found = measured(("three days", 10), ("6 days", 21), ("a week", 10))
        assert (found.advertised, found.unit, found.median, found.n) == (48, "hours", 144, 41)
        assert list(found.interval or ()) == [144, 144]
        assert found.within == 0
        assert found.sentence.replace("\N{NO-BREAK SPACE}", " ").startswith(
            "Promised two days; customers report a median of 6 days (6–6 days), n = 41."
        )

    def test_who_calls_it_broken_and_names_the_promised_figure_measures_nothing(self) -> None:
        assert measured(("two days", 30), ("6 days", 15)).n == 15
        assert measured(("two days", 30), ("6 days", 15), stance="kept").n == 45

    def test_other_kinds_of_quantity_do_not_count(self) -> None:
        assert measured(("£30", 20), ("6 days", 15)).n == 15

    def test_a_promise_without_a_figure_is_left_out_and_one_with_two_is_told_twice(self) -> None:
        both = replace(TWO_DAYS, text="Delivered in two days for £5.")
        rows = [QuantityRow("delivery", "6 days", "broken", 20), QuantityRow("delivery", "£12.50", "broken", 20)]
        found = numeric_promises([ON_TIME, both], rows, 1)
        assert [(one.advertised_text, one.median) for one in found] == [("two days", 144), ("£5", 12.5)]

    def test_few_measurements_are_insufficient_evidence(self) -> None:
        found = measured(("6 days", 11))
        assert (found.median, found.interval, found.within, found.n) == (None, None, None, 11)
        assert "insufficient evidence" in found.sentence

    def test_copies_of_one_story_are_one_measurement(self) -> None:
        rows = [QuantityRow("delivery", "6 days", "broken", 30, story=4), QuantityRow("delivery", "a day", "kept", 5)]
        (found,) = numeric_promises([TWO_DAYS], rows, 1)
        assert (found.n, found.median) == (35, None)

    @given(st.lists(st.tuples(st.integers(1, 60), st.integers(1, 9)), min_size=4, max_size=12))
    @settings(max_examples=25, deadline=None)
    def test_the_median_lies_within_its_interval_and_among_the_figures(self, said: list[tuple[int, int]]) -> None:
        found = measured(*[(f"{days} days", n) for days, n in said], stance=None)
        if found.median is None or found.interval is None:
            assert found.n_eff < 12
            return
        assert found.interval[0] <= found.median <= found.interval[1]
        assert 24 * min(days for days, _ in said) <= found.interval[0]
        assert found.interval[1] <= 24 * max(days for days, _ in said)

    @pytest.mark.parametrize(
        ("value", "unit", "said"),
        [
            (144, "hours", "6 days"), (24, "hours", "1 day"), (36, "hours", "36 hours"), (0.25, "hours", "15 minutes"),
            (1 / 60, "hours", "1 minute"), (0.01, "hours", "36 seconds"), (504, "hours", "3 weeks"), (8766, "hours", "1 year"),
            (12.5, "GBP", "£12.50"), (20, "EUR", "€20"), (15, "%", "15\N{NO-BREAK SPACE}%"), (0.4, "metres", "40 cm"),
        ],
    )  # fmt: skip
    def test_figures_read_as_people_say_them(self, value: float, unit: str, said: str) -> None:
        assert quantity(value, unit) == said

    def test_an_interval_names_its_unit_once_where_it_can(self) -> None:
        assert quantity_range((72, 120), "hours") == "3–5 days"
        assert quantity_range((96, 336), "hours") == "4 days to 2 weeks"


class TestChange:
    def test_each_promise_is_compared_between_the_windows_the_clearest_change_first(self) -> None:
        earlier, later = halves(TWELVE_WEEKS, "week")
        stances = [*weekly(ON_TIME, [(18, 2)] * 6 + [(6, 14)] * 6), *weekly(REFUND, [(10, 10)] * 12)]
        tables = stance_tables(stances, [ON_TIME, REFUND])
        found = promise_changes(
            [REFUND, ON_TIME],
            {id_: one.within(earlier) for id_, one in tables.items()},
            {id_: one.within(later) for id_, one in tables.items()},
            1,
        )
        assert [one.promise for one in found] == ["on-time", "refund"]
        assert found[0].delta == pytest.approx(-59, abs=2)
        assert found[0].interval is not None
        assert found[0].interval[0] < -59 < found[0].interval[1]
        assert found[0].p is not None
        assert found[0].p < 0.01
        assert found[1].p is not None
        assert found[1].p > 0.5

    def test_a_window_without_evidence_has_no_figure(self) -> None:
        empty = stance_tables([], [ON_TIME])
        full = stance_tables([StanceRow(SINCE, "on-time", "kept", 30)], [ON_TIME])
        (found,) = promise_changes([ON_TIME], empty, full, 1)
        assert (found.before, found.delta, found.interval, found.p) == (None, None, None, None)
        assert found.after == pytest.approx(100 * 31 / 32)


class TestCompetitors:
    def brands(self) -> tuple[Evidence, Evidence]:
        own = evidence(
            promises=[ON_TIME, REFUND],
            sentiment=moods(SINCE, 20, 10, 70),
            stances=[*weekly(ON_TIME, [(5, 5)] * 8), *weekly(REFUND, [(5, 1)] * 8)],
        )
        same_words = replace(ON_TIME, id="punctual", text="We depart on time — every time")
        rival = replace(
            evidence(promises=[same_words], sentiment=moods(SINCE, 100, 50, 150), stances=weekly(same_words, [(9, 1)] * 8)),
            brand="borealis",
            brand_name="Borealis",
        )
        return own, rival

    def test_the_brand_comes_first_with_shares_of_voice_that_sum_to_one(self) -> None:
        own, rival = self.brands()
        found = compared(own, [rival], 1)
        assert [(one.id, one.own, one.n) for one in found] == [("acme", True, 100), ("borealis", False, 300)]
        assert sum(one.share or 0 for one in found) == pytest.approx(1)
        assert found[0].share_interval == pytest.approx((0.21, 0.295), abs=0.005)

    def test_promises_of_the_same_words_are_compared(self) -> None:
        own, rival = self.brands()
        (promise,) = compared(own, [rival], 1)[1].promises
        assert promise.promise == "on-time"
        assert promise.delivery == pytest.approx(89, abs=2)
        assert promise.delta == pytest.approx(-39, abs=4)
        assert promise.delta_interval is not None
        assert promise.delta_interval[1] < 0

    def test_a_competitor_of_whom_little_is_heard_has_no_figures(self) -> None:
        own, rival = self.brands()
        quiet = replace(rival, sentiment=tuple(moods(SINCE + timedelta(days=1), 1, 1, 1)), stances=())
        found = compared(own, [quiet], 1)[1]
        assert (found.net, found.net_interval, found.promises[0].delivery, found.promises[0].p) == (None, None, None, None)
        assert found.share == pytest.approx(3 / 103)

    def test_without_competitors_there_is_no_comparison(self) -> None:
        assert compared(self.brands()[0], [], 1) == ()
