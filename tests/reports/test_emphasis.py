"""METRICS 7, 8, 9: how loudly promises are made, how many say so outright, and all gaps as one."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.emphasis import divergence, emphasis
from reports.evidence import AdvertisedPromise, Label, PlacementRow, Side, VoiceRow
from reports.gap import build_gap
from reports.outright import outright_rates
from reports.overall import overall_gaps
from reports.promise_records import Emphasis, OverallGap
from reports.statistics import wilson
from reports.voices import voice_table
from tests.reports.builders import FRIENDLY, ON_TIME, REFUND, SINCE, evidence, weekly

PROMISES = (ON_TIME, REFUND, FRIENDLY)
IDS = [promise.id for promise in PROMISES]


def voices(promise: AdvertisedPromise, n: int, side: Side = "kept", label: Label = "positive", story: int = 0) -> VoiceRow:
    return VoiceRow(label, ((promise.id, side),), n, story)


def measured(placements: tuple[int, ...], *rows: VoiceRow, seed: int = 1) -> Emphasis:
    table = voice_table(rows, IDS)
    return emphasis("Acme Air", PROMISES, placements, table, np.random.default_rng(seed))


def gap_of(found: Emphasis, promise: AdvertisedPromise) -> float | None:
    return next(one.gap for one in found.gaps if one.promise == promise)


class TestEmphasisGap:
    def test_it_is_the_share_of_placements_minus_the_share_of_what_customers_speak_of(self) -> None:
        found = measured((60, 20, 20), voices(ON_TIME, 20), voices(REFUND, 20, "broken"), voices(FRIENDLY, 60, "none"))
        assert gap_of(found, ON_TIME) == pytest.approx(40)
        assert gap_of(found, REFUND) == pytest.approx(0)
        assert gap_of(found, FRIENDLY) == pytest.approx(-40)
        assert "louder about “We depart on time, every time”" in found.sentence
        assert "Customers are louder about “A crew that smiles”" in found.sentence

    def test_like_mixes_are_told_to_be_alike(self) -> None:
        found = measured((20, 20, 20), voices(ON_TIME, 200), voices(REFUND, 200), voices(FRIENDLY, 200))
        assert found.sentence == "Acme Air advertises its promises about as much as customers speak of them."
        assert found.divergence == pytest.approx(0, abs=1e-9)

    def test_mixes_without_anything_in_common_are_one_bit_apart(self) -> None:
        assert measured((50, 0, 0), voices(REFUND, 50)).divergence == pytest.approx(1)

    @pytest.mark.parametrize(
        ("placements", "n"), [((3, 4, 4), 100), ((30, 40, 40), 11)], ids=["too few placements", "too few voices"]
    )
    def test_too_little_evidence_is_no_number(self, placements: tuple[int, ...], n: int) -> None:
        found = measured(placements, voices(ON_TIME, n))
        assert found.divergence is None
        assert found.interval is None
        assert {one.gap for one in found.gaps} == {None}
        assert sum(one.placements for one in found.gaps) == sum(placements)

    def test_voices_who_share_a_text_are_few(self) -> None:
        assert measured((30, 30, 30), voices(ON_TIME, 500, story=7)).divergence is None

    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(st.integers(0, 80), min_size=3, max_size=3).filter(lambda counts: sum(counts) >= 12),
        st.lists(st.integers(0, 80), min_size=3, max_size=3).filter(lambda counts: sum(counts) >= 12),
    )
    def test_gaps_sum_to_nothing_and_lie_within_their_intervals(self, placed: list[int], spoken: list[int]) -> None:
        found = measured(tuple(placed), *(voices(promise, n) for promise, n in zip(PROMISES, spoken, strict=True)))
        assert sum(one.gap or 0.0 for one in found.gaps) == pytest.approx(0, abs=1e-9)
        for one in found.gaps:
            assert one.gap is not None
            assert one.interval is not None
            assert one.interval[0] <= one.gap <= one.interval[1]
        assert found.divergence is not None
        assert 0 <= found.divergence <= 1

    def test_the_order_of_rows_makes_no_difference(self) -> None:
        rows = [voices(promise, n, story=story) for promise in PROMISES for n, story in ((9, 0), (4, 3), (2, 5))]
        assert measured((5, 9, 9), *rows) == measured((5, 9, 9), *rows[::-1])

    def test_the_interval_covers_the_truth_as_often_as_it_says(self) -> None:
        rng = np.random.default_rng(3)
        said, spoken = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.3, 0.5])
        covered = 0
        for seed in range(60):
            placed, heard = rng.multinomial(80, said), rng.multinomial(150, spoken)
            rows = [voices(promise, int(n)) for promise, n in zip(PROMISES, heard, strict=True)]
            found = measured(tuple(int(n) for n in placed), *rows, seed=seed)
            interval = next(one.interval for one in found.gaps if one.promise == ON_TIME)
            assert interval is not None
            covered += interval[0] <= 30 <= interval[1]
        assert covered >= 53


@given(st.lists(st.floats(0.001, 1), min_size=4, max_size=4), st.lists(st.floats(0.001, 1), min_size=4, max_size=4))
def test_divergence_is_symmetric_and_nothing_of_a_mix_from_itself(one: list[float], other: list[float]) -> None:
    first, second = (np.array(shares) / sum(shares) for shares in (one, other))
    assert divergence(first, second) == pytest.approx(float(divergence(second, first)), abs=1e-12)
    assert divergence(first, first) == pytest.approx(0, abs=1e-12)


class TestOutright:
    def test_it_is_the_share_of_those_who_take_a_side(self) -> None:
        rows = [voices(ON_TIME, 60), voices(ON_TIME, 30, "broken"), voices(ON_TIME, 10, "outright"), voices(ON_TIME, 40, "none")]
        (found, *_) = outright_rates(PROMISES, voice_table(rows, IDS))
        assert (found.said, found.n, found.share) == (10, 100, 0.1)
        assert found.interval == pytest.approx(wilson(10, 100))

    def test_copies_of_one_text_widen_the_interval(self) -> None:
        alone = outright_rates(PROMISES, voice_table([voices(ON_TIME, 60), voices(ON_TIME, 20, "outright")], IDS))[0]
        shared = outright_rates(PROMISES, voice_table([voices(ON_TIME, 60), voices(ON_TIME, 20, "outright", story=3)], IDS))[0]
        assert shared.share == alone.share
        assert shared.interval is not None
        assert alone.interval is not None
        assert shared.interval[1] - shared.interval[0] > alone.interval[1] - alone.interval[0]

    def test_under_twelve_voices_it_is_no_number(self) -> None:
        found = outright_rates(PROMISES, voice_table([voices(ON_TIME, 11, "outright")], IDS))[0]
        assert (found.said, found.n, found.share, found.interval) == (11, 11, None, None)


class TestOverallGap:
    rows = (*weekly(ON_TIME, [(10, 10)] * 6), *weekly(REFUND, [(10, 0)] * 12), *weekly(FRIENDLY, [(1, 1)]))

    def overall(self, placements: Mapping[str, int], *promises: AdvertisedPromise) -> dict[str, OverallGap]:
        gaps = build_gap(evidence(promises=promises or PROMISES, stances=self.rows)).promises
        return {one.weighting: one for one in overall_gaps(gaps, placements, np.random.default_rng(1))}

    def test_promises_count_alike_or_by_placements_or_by_voices(self) -> None:
        found = self.overall({"on-time": 30, "refund": 10})
        gaps = {gap.promise.id: gap.gap for gap in build_gap(evidence(promises=PROMISES, stances=self.rows)).promises}
        late, back = gaps["on-time"], gaps["refund"]
        assert late is not None
        assert back is not None
        assert found["unweighted"].gap == pytest.approx((late + back) / 2)
        assert found["placements"].gap == pytest.approx((30 * late + 10 * back) / 40)
        assert found["voices"].gap == pytest.approx((late + back) / 2)
        assert {one.promises for one in found.values()} == {2}
        for one in found.values():
            assert one.interval is None or (one.gap is not None and one.interval[0] < one.gap < one.interval[1])

    def test_the_companys_weights_count_where_it_gives_any(self) -> None:
        assert self.overall({})["stated"].gap is None
        found = self.overall({}, replace(ON_TIME, weight=0.0), replace(REFUND, weight=3.0), FRIENDLY)
        alone = build_gap(evidence(promises=PROMISES, stances=self.rows)).promises
        assert found["stated"].gap == pytest.approx(next(gap.gap for gap in alone if gap.promise == REFUND))

    def test_what_was_never_advertised_has_no_weight_by_placements(self) -> None:
        assert self.overall({})["placements"].gap is None

    def test_without_a_measured_promise_there_is_no_number(self) -> None:
        gaps = build_gap(evidence(promises=PROMISES)).promises
        assert {one.gap for one in overall_gaps(gaps, {"on-time": 3}, np.random.default_rng(1))} == {None}


def test_placements_outside_the_window_do_not_count() -> None:
    days = (SINCE.replace(month=5), SINCE)
    rows = [voices(ON_TIME, 30), voices(REFUND, 30)]
    placed = tuple(PlacementRow(day, ON_TIME.id, 20) for day in days)
    report = build_gap(replace(evidence(promises=PROMISES), placements=placed, voices=tuple(rows)))
    assert report.weights is not None
    assert report.weights.emphasis.placements == 20
