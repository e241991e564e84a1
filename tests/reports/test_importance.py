"""METRICS 11 and 12: what each promise contributes to overall sentiment, and what to do about it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.charts_priority import priority_chart
from reports.evidence import Label, Side, VoiceRow
from reports.gap import build_gap
from reports.importance import contributions
from reports.priority import quadrant
from reports.promise_records import Importance, Standing
from tests.reports.builders import FRIENDLY, ON_TIME, REFUND, evidence, weekly

PROMISES = (ON_TIME, REFUND, FRIENDLY)
STANCES = (*weekly(ON_TIME, [(6, 14)] * 10), *weekly(REFUND, [(14, 6)] * 10), *weekly(FRIENDLY, [(14, 6)] * 10))


def found(rows: Sequence[VoiceRow], stances: Sequence[object] = STANCES, promises: Sequence[object] = PROMISES) -> Importance:
    report = build_gap(replace(evidence(promises=promises, stances=stances), voices=tuple(rows)))  # type: ignore[arg-type]
    assert report.weights is not None
    return report.weights.importance


def standing(importance: Importance, promise: object) -> Standing:
    return next(one for one in importance.standings if one.promise == promise)


def driven_by(promise: str, others: Sequence[str], n: int = 60) -> list[VoiceRow]:
    """Voices whose mood follows one promise and has nothing to do with the others."""
    sides: tuple[tuple[Side, Label], ...] = (("kept", "positive"), ("broken", "negative"))
    rows = [VoiceRow(label, ((promise, side),), n) for side, label in sides]
    labels: tuple[Label, ...] = ("positive", "negative")
    rows += [VoiceRow(label, ((other, side),), n // 2) for other in others for side, _ in sides for label in labels]
    return rows


class TestImportance:
    def test_the_promise_that_moods_follow_has_it(self) -> None:
        importance = found(driven_by("on-time", ["refund", "friendly"]))
        assert standing(importance, ON_TIME).importance == pytest.approx(1, abs=0.01)
        assert standing(importance, REFUND).importance == pytest.approx(0, abs=0.01)
        assert importance.explained == pytest.approx(1 / 3)

    def test_it_is_no_count_of_mentions(self) -> None:
        rows = driven_by("on-time", ["refund"], n=40)
        rows += [VoiceRow(label, (("refund", side),), 300) for label in ("positive", "negative") for side in ("kept", "broken")]  # type: ignore[arg-type]
        importance = found(rows)
        assert (standing(importance, ON_TIME).importance or 0) > 0.9

    def test_shares_sum_to_one_and_lie_within_their_intervals(self) -> None:
        rows = [*driven_by("on-time", ["refund"]), *driven_by("refund", ["friendly"]), *driven_by("friendly", ["on-time"], n=20)]
        shares = [one for one in found(rows).standings if one.importance is not None]
        assert sum(one.importance or 0 for one in shares) == pytest.approx(1)
        assert len(shares) == 3
        for one in shares:
            assert one.interval is not None
            assert one.interval[0] <= (one.importance or 0) <= one.interval[1]

    def test_more_voices_narrow_the_interval(self) -> None:
        few, many = (
            standing(found([*driven_by("on-time", ["refund"], n), *driven_by("refund", ["on-time"], n)]), ON_TIME).interval
            for n in (12, 400)
        )
        assert few is not None
        assert many is not None
        assert few[1] - few[0] > 2 * (many[1] - many[0])

    def test_a_promise_without_enough_evidence_takes_no_part(self) -> None:
        stances = [*weekly(ON_TIME, [(10, 10)] * 6), *weekly(REFUND, [(10, 10)] * 6), *weekly(FRIENDLY, [(2, 2)])]
        importance = found(driven_by("on-time", ["refund", "friendly"]), stances)
        assert standing(importance, FRIENDLY).importance is None
        assert standing(importance, FRIENDLY).quadrant is None

    def test_a_mood_that_never_varies_explains_nothing(self) -> None:
        importance = found([VoiceRow("positive", (("on-time", "kept"),), 50), VoiceRow("positive", (("refund", "broken"),), 50)])
        assert importance.explained is None
        assert {one.importance for one in importance.standings} == {None}

    def test_without_voices_there_is_no_number(self) -> None:
        importance = found([])
        assert importance.explained is None
        assert "Too few promises" in importance.sentence

    def test_copies_of_a_text_are_one_draw(self) -> None:
        base = [*driven_by("on-time", ["refund"], 30), *driven_by("refund", ["on-time"], 30)]
        copied = [*base[1:], replace(base[0], story=9)]
        alone, shared = (standing(found(rows), ON_TIME).interval for rows in (base, copied))
        assert alone is not None
        assert shared is not None
        assert shared[1] - shared[0] > alone[1] - alone[0]


@given(st.integers(0, 10_000), st.integers(2, 5))
def test_contributions_are_the_shapley_values_of_explained_variance(seed: int, parts: int) -> None:
    from itertools import combinations, permutations
    from math import factorial

    columns = np.random.default_rng(seed).normal(size=(40, parts + 1))
    columns[:, -1] += columns[:, 0] + 0.5 * columns[:, 1]
    columns -= columns.mean(axis=0)
    moments = columns.T @ columns

    def r2(subset: tuple[int, ...]) -> float:
        if not subset:
            return 0.0
        at = list(subset)
        return float(moments[-1, at] @ np.linalg.solve(moments[np.ix_(at, at)], moments[at, -1]) / moments[-1, -1])

    values = []
    for part in range(parts):
        others = [one for one in range(parts) if one != part]
        values.append(
            sum(
                factorial(size) * factorial(parts - size - 1) / factorial(parts) * (r2((*subset, part)) - r2(subset))
                for size in range(parts)
                for subset in combinations(others, size)
            )
        )
    shares, explained = contributions(moments[None], np.array(list(permutations(range(parts)))))
    assert explained[0] == pytest.approx(r2(tuple(range(parts))), abs=1e-6)
    assert shares[0] == pytest.approx(np.array(values) / sum(values), abs=1e-6)


def test_a_part_that_is_another_one_shares_its_contribution() -> None:
    moments = np.array([[[4.0, 4.0, 2.0], [4.0, 4.0, 2.0], [2.0, 2.0, 4.0]]])
    shares, explained = contributions(moments, np.array([[0, 1], [1, 0]]))
    assert shares[0] == pytest.approx([0.5, 0.5])
    assert explained[0] == pytest.approx(0.25)


class TestPriority:
    def test_each_corner_has_its_name(self) -> None:
        assert quadrant(0.6, 20, 0.3, 50) == "fix first"
        assert quadrant(0.6, 80, 0.3, 50) == "keep up"
        assert quadrant(0.1, 20, 0.3, 50) == "low priority"
        assert quadrant(0.1, 80, 0.3, 50) == "possible overkill"

    def test_what_matters_and_is_not_delivered_stands_first(self) -> None:
        importance = found(driven_by("on-time", ["refund", "friendly"]))
        first = importance.standings[0]
        assert (first.promise, first.quadrant, first.clear) == (ON_TIME, "fix first", True)
        assert importance.mean_importance == pytest.approx(1 / 3)
        assert importance.sentence.startswith("Fix “We depart on time, every time” first: 100")

    def test_it_says_so_where_an_interval_holds_the_dividing_mean(self) -> None:
        stances = [*weekly(ON_TIME, [(2, 3)] * 3), *weekly(REFUND, [(3, 2)] * 3)]
        importance = found([*driven_by("on-time", ["refund"], 12), *driven_by("refund", ["on-time"], 12)], stances)
        assert {one.clear for one in importance.standings if one.quadrant} == {False}

    def test_one_measured_promise_has_nothing_beside_it(self) -> None:
        importance = found(driven_by("on-time", []), weekly(ON_TIME, [(10, 10)] * 6), [ON_TIME])
        assert importance.mean_delivery is None
        assert importance.standings[0].quadrant is None
        assert priority_chart(importance) == ""

    def test_the_chart_names_every_promise_and_tells_its_figures(self) -> None:
        drawn = priority_chart(found([*driven_by("on-time", ["refund", "friendly"]), *driven_by("refund", ["friendly"], n=20)]))
        for promise in PROMISES:
            assert f">{promise.id}</text>" in drawn
        assert "We depart on time, every time. fix first: importance" in drawn

    def test_what_may_matter_is_to_be_looked_at_where_all_that_does_was_put_right(self) -> None:
        fixed = [
            *weekly(ON_TIME, [(0, 20)] * 8 + [(20, 0)] * 4),
            *weekly(REFUND, [(8, 12)] * 12),
            *weekly(FRIENDLY, [(18, 2)] * 12),
        ]
        mixed = [*driven_by("on-time", ["refund", "friendly"], 30), *driven_by("refund", ["on-time", "friendly"], 16)]
        importance = found(mixed, fixed)
        told = next(one for one in importance.standings if one.promise == REFUND)
        assert (told.quadrant, told.clear) == ("low priority", False)
        assert "may matter more than average" in importance.sentence

    def test_what_was_put_right_meanwhile_is_not_to_be_fixed_first(self) -> None:
        stances = [
            *weekly(ON_TIME, [(0, 20)] * 8 + [(20, 0)] * 4),
            *weekly(REFUND, [(14, 6)] * 12),
            *weekly(FRIENDLY, [(14, 6)] * 12),
        ]
        importance = found(driven_by("on-time", ["refund", "friendly"]), stances)
        assert importance.standings[0].quadrant == "fix first"
        assert importance.sentence.startswith("“We depart on time, every time” was put right on 24 August: 0 before, 98 since.")
