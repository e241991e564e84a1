"""Why net sentiment moved: the terms sum to the change, whatever the rows, and say what was planted."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.breakdown import Breakdown, TopicRow
from reports.change import halves, previous
from reports.decomposition import split, spread_of_products
from reports.evidence import Label, ModelFacts, Window
from reports.findings import Movement
from reports.movement import MOST_SOURCES, OTHERS, movement
from reports.net import estimate_net
from reports.sentiment_table import LABELS, SentimentTable
from tests.reports.builders import BLUNT, SINCE, TWELVE_WEEKS, truths

CALIBRATED = ModelFacts("m", (1 / 3, 1 / 3, 1 / 3))
BARE = ModelFacts("m")
LABEL_NAMES: tuple[Label, ...] = ("negative", "neutral", "positive")
SURE: dict[Label, tuple[float, float, float]] = {
    "negative": (0.96, 0.03, 0.01),
    "neutral": (0.02, 0.96, 0.02),
    "positive": (0.01, 0.03, 0.96),
}
NAMES = {"bags": "Your bags arrive with you.", "crew": "A crew that smiles."}


def voices(source: str, topic: str, negative: int, positive: int, story: int = 0) -> list[TopicRow]:
    labels: tuple[tuple[Label, int], ...] = (("negative", negative), ("positive", positive))
    return [TopicRow(source, topic, label, SURE[label], n, story) for label, n in labels if n]


def table(rows: Sequence[TopicRow]) -> SentimentTable:
    return SentimentTable(
        np.zeros(len(rows), dtype=np.int64),
        np.array([LABELS[row.label] for row in rows], dtype=np.int64),
        np.array([row.probabilities for row in rows], dtype=np.float64).reshape(-1, 3),
        np.array([row.n for row in rows], dtype=np.int64),
        np.array([row.story for row in rows], dtype=np.int64),
    )


def moved(before: Sequence[TopicRow], after: Sequence[TopicRow], model: ModelFacts = BARE) -> Movement:
    windows = halves(TWELVE_WEEKS, "week")
    breakdown = Breakdown(*windows, topics_before=tuple(before), topics_after=tuple(after))
    rng = np.random.default_rng(1)
    nets = [estimate_net(table(rows), model, rng).sentiment for rows in (before, after)]
    return movement(breakdown, (nets[0], nets[1]), model, NAMES, (), rng)


def terms(found: Movement) -> dict[str, float]:
    return {term.name: term.points for term in found.terms}


SHARES = st.lists(st.integers(0, 9), min_size=12, max_size=12).filter(any)
RATES = st.lists(st.floats(-100, 100), min_size=12, max_size=12)


def grid(values: Sequence[float]) -> np.ndarray:
    return np.array(values, dtype=np.float64).reshape(3, 4)


class TestSplit:
    @given(SHARES, RATES, SHARES, RATES)
    def test_the_terms_sum_to_the_change(
        self, n_before: list[int], before: list[float], n_after: list[int], after: list[float]
    ) -> None:
        shares = [grid(n) / sum(n) for n in (n_before, n_after)]
        change = (shares[1] * grid(after)).sum() - (shares[0] * grid(before)).sum()
        found = split(shares[0], grid(before), shares[1], grid(after))
        assert float(found.first + found.second + found.rate) == pytest.approx(change, abs=1e-9)

    @given(SHARES, RATES, SHARES, RATES)
    def test_exchanging_the_sides_changes_every_sign(
        self, n_before: list[int], before: list[float], n_after: list[int], after: list[float]
    ) -> None:
        sides = (grid(n_before) / sum(n_before), grid(before)), (grid(n_after) / sum(n_after), grid(after))
        there, back = split(*sides[0], *sides[1]), split(*sides[1], *sides[0])
        assert [float(one) for one in there] == pytest.approx([-float(one) for one in back], abs=1e-9)

    @given(SHARES, RATES, SHARES, RATES, st.permutations(range(3)), st.permutations(range(4)))
    def test_the_order_of_groups_does_not_matter_and_exchanging_the_factors_exchanges_their_terms(
        self,
        n_before: list[int],
        before: list[float],
        n_after: list[int],
        after: list[float],
        rows: list[int],
        columns: list[int],
    ) -> None:
        arrays = (grid(n_before) / sum(n_before), grid(before), grid(n_after) / sum(n_after), grid(after))
        plain = [float(one) for one in split(*arrays)]
        dealt = split(*(array[np.ix_(rows, columns)] for array in arrays))
        turned = split(*(array.T for array in arrays))
        assert [float(one) for one in dealt] == pytest.approx(plain, abs=1e-9)
        assert [float(turned.second), float(turned.first), float(turned.rate)] == pytest.approx(plain, abs=1e-9)

    def test_equal_mixes_leave_all_of_it_to_the_rates(self) -> None:
        share = grid([1, 2, 3, 4] * 3) / 30
        found = split(share, grid(range(12)), share, grid(range(12)) + 5)
        assert [float(one) for one in found] == pytest.approx([0, 0, 5])

    def test_equal_rates_leave_nothing_to_them(self) -> None:
        rate = grid([10] * 4 + [20] * 4 + [60] * 4)
        before, after = grid([1] * 8 + [0] * 4) / 8, grid([0] * 4 + [1] * 8) / 8
        found = split(before, rate, after, rate)
        assert [float(one) for one in found] == pytest.approx([25, 0, 0])

    def test_many_samples_are_split_at_once(self) -> None:
        rng = np.random.default_rng(1)
        share, rate = rng.dirichlet(np.ones(12), size=(2, 7)).reshape(2, 7, 3, 4), rng.normal(size=(2, 7, 3, 4))
        found = split(share[0], rate[0], share[1], rate[1])
        assert found.rate.shape == (7,)
        alone = split(share[0, 3], rate[0, 3], share[1, 3], rate[1, 3])
        assert [float(one[3]) for one in found] == pytest.approx([float(one) for one in alone])


class TestTerms:
    def test_a_place_that_comes_to_be_heard_is_source_mix(self) -> None:
        kind, harsh = voices("shop", "bags", 20, 80), voices("forum", "bags", 80, 20)
        found = moved(kind, [*kind, *harsh])
        assert terms(found) == pytest.approx({"source mix": -60, "topic mix": 0, "tone": 0})
        assert found.delta == pytest.approx(-60)

    def test_speaking_of_other_things_is_topic_mix(self) -> None:
        good, bad = voices("shop", "crew", 10, 90), voices("shop", "bags", 70, 30)
        found = moved([*good, *good, *bad], [*good, *bad, *bad])
        assert terms(found) == pytest.approx({"source mix": 0, "topic mix": -40, "tone": 0})

    def test_judging_the_same_thing_differently_is_tone_and_its_topic_is_named(self) -> None:
        quiet = voices("shop", "crew", 20, 80)
        found = moved([*quiet, *voices("shop", "bags", 10, 90)], [*quiet, *voices("shop", "bags", 90, 10)])
        assert terms(found) == pytest.approx({"source mix": 0, "topic mix": 0, "tone": -80})
        first = next(one for one in found.drivers if one.kind == "topic")
        assert (first.promise, first.n_before, first.n_after) == ("bags", 100, 100)
        assert first.points == pytest.approx(-80)
        assert "fell" in found.sentence
        assert "(tone)" in found.sentence
        assert "“Your bags arrive with you” lowered it by 80" in found.sentence

    @given(
        st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["bags", "crew", ""]), *[st.integers(0, 40)] * 4), min_size=3)
    )
    @settings(max_examples=25, deadline=None)
    def test_terms_and_drivers_sum_to_the_change_in_net_sentiment(self, planted: list[tuple[str, str, int, int, int, int]]) -> None:
        before = [row for source, topic, bad, good, _, _ in planted for row in voices(source, topic, bad, good)]
        after = [row for source, topic, _, _, bad, good in planted for row in voices(source, topic, bad, good)]
        found = moved(before, after, CALIBRATED)
        if found.delta is None:
            assert found.terms == ()
            return
        assert found.net_before is not None
        assert found.net_after is not None
        assert found.delta == pytest.approx(found.net_after - found.net_before)
        for parts in (
            terms(found).values(),
            *([d.points for d in found.drivers if d.kind == kind] for kind in ("source", "topic")),
        ):
            assert sum(parts) == pytest.approx(found.delta, abs=1e-6)

    def test_the_order_of_rows_does_not_matter(self) -> None:
        before = [*voices("shop", "bags", 30, 70), *voices("forum", "crew", 40, 20)]
        after = [*voices("forum", "bags", 50, 40), *voices("shop", "", 30, 70)]
        straight, turned = moved(before, after, CALIBRATED), moved(before[::-1], after[::-1], CALIBRATED)
        assert terms(straight) == pytest.approx(terms(turned), abs=1e-6)

    def test_an_interval_holds_its_point_and_widens_where_voices_share_a_story(self) -> None:
        rng = np.random.default_rng(3)
        alone = [row for _ in range(60) for row in voices("shop", "bags", *(4, 0) if rng.random() < 0.4 else (0, 4))]
        shared = [TopicRow(row.source, row.topic, row.label, row.probabilities, row.n, at + 1) for at, row in enumerate(alone)]
        later = voices("shop", "bags", 30, 200)
        widths = []
        for before in (alone, shared):
            found = moved(before, later)
            assert found.interval is not None
            assert all(term.interval[0] <= term.points <= term.interval[1] for term in found.terms)
            widths.append(found.interval[1] - found.interval[0])
        assert widths[1] > 1.5 * widths[0]

    def test_small_sources_are_told_together(self) -> None:
        before = [row for at in range(20) for row in voices(f"place {at:02}", "bags", 10 + at, 30)]
        found = moved(before, before)
        sources = [one.name for one in found.drivers if one.kind == "source"]
        assert len(sources) == MOST_SOURCES + 1
        assert OTHERS in sources

    def test_too_few_voices_are_insufficient_evidence(self) -> None:
        found = moved(voices("shop", "bags", 3, 2), voices("shop", "bags", 30, 20))
        assert (found.net_before, found.delta, found.interval, found.terms, found.drivers) == (None, None, None, (), ())
        assert "insufficient evidence" in found.sentence


def test_the_interval_of_the_change_covers_the_truth() -> None:
    """Forty worlds whose tone falls by 30 points, read by a model that errs: the interval holds the truth in nearly all."""
    rng = np.random.default_rng(11)
    posteriors = (BLUNT / BLUNT.sum(axis=0)).T
    covered = 0
    for _ in range(40):
        sides = []
        for mix in ((0.2, 0.2, 0.6), (0.35, 0.2, 0.45)):
            truth = truths(rng, mix, 1500)
            sign = (rng.random(truth.size)[:, None] > np.cumsum(BLUNT, axis=1)[truth]).sum(axis=1)
            kinds, counts = np.unique(sign, return_counts=True)
            sides.append(
                [
                    TopicRow("shop", "bags", LABEL_NAMES[int(posteriors[kind].argmax())], tuple(posteriors[kind]), int(n))
                    for kind, n in zip(kinds, counts, strict=True)
                ]
            )
        tone = moved(sides[0], sides[1], CALIBRATED).terms[2]
        covered += tone.interval[0] <= -30 <= tone.interval[1]
    assert covered >= 35


class TestWindows:
    def test_halves_are_parted_between_two_weeks(self) -> None:
        earlier, later = halves(TWELVE_WEEKS, "week")
        assert (earlier.since, earlier.until, later.until) == (SINCE, later.since, TWELVE_WEEKS.until)
        assert later.since.weekday() == 0
        assert (later.since - earlier.since).days == 42

    def test_a_single_day_has_no_halves(self) -> None:
        day = Window(SINCE, SINCE.replace(day=30))
        assert halves(day, "day") == (day, day)

    def test_the_previous_window_is_as_long_and_ends_where_this_one_begins(self) -> None:
        before = previous(TWELVE_WEEKS)
        assert before.until == TWELVE_WEEKS.since
        assert before.until - before.since == TWELVE_WEEKS.until - TWELVE_WEEKS.since


def test_a_product_of_two_estimates_scatters_as_much_as_it_is_said_to() -> None:
    """The first is nothing but noise, as a mix that did not change: the variance of the product is 1² + 0² + 1."""
    rng = np.random.default_rng(3)
    estimates = rng.normal([0.0, 1.0], 1.0, size=(400, 2))
    told, plain = [], []
    for one, other in estimates:
        ones, others = one + rng.standard_normal(400), other + rng.standard_normal(400)
        both = ones * others - one * other
        plain.append(both.var())
        told.append(spread_of_products(both, (ones - one) * other, one * (others - other)).var())
    assert np.mean(told) == pytest.approx(2.0, rel=0.25)
    assert np.mean(plain) > 3.0


def test_products_that_never_vary_have_no_spread() -> None:
    nothing = np.zeros(5)
    assert spread_of_products(nothing, nothing, nothing).tolist() == [0.0] * 5
