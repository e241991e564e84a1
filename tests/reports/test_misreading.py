"""Delivery corrected by what people said of a random sample: what was meant behind what a model that errs has read."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.documents import PromiseGap
from reports.evidence import StanceAuditRow
from reports.gap import build_gap
from reports.misreading import Misreading, misreadings
from reports.statistics import UNIFORM, BetaPrior, beta_interval
from tests.reports.builders import ON_TIME, REFUND, evidence, weekly

RIGHT = (("kept", "kept", 60), ("broken", "broken", 40))
HARSH = (("kept", "kept", 40), ("kept", "broken", 20), ("broken", "broken", 40))
"""A third of what is kept is taken for broken."""
IMAGINED = (("kept", "kept", 30), ("broken", "broken", 20), ("none", "broken", 50))
"""Half of what it finds says nothing of the promise, and all of that it calls broken."""


def audits(*cells: tuple[str, str, int], promise: str = ON_TIME.id, story: int = 0) -> list[StanceAuditRow]:
    return [StanceAuditRow(promise, said, read, story) for said, read, n in cells for _ in range(n)]  # type: ignore[arg-type]


def gap(rows: Sequence[StanceAuditRow], kept: int = 40, broken: int = 60) -> PromiseGap:
    """On-time, read as kept and broken so often in each of ten weeks, a tenth of it in each."""
    planted = evidence(stances=weekly(ON_TIME, [(kept, broken)] * 10))
    (found,) = build_gap(replace(planted, stance_audits=tuple(rows))).promises
    return found


class TestDelivery:
    def test_a_model_that_is_always_right_changes_nothing_but_the_doubt(self) -> None:
        plain, audited = gap([]), gap(audits(*RIGHT))
        assert plain.delivery == pytest.approx(40, abs=1)
        assert audited.delivery == pytest.approx(40, abs=3)
        assert audited.interval is not None
        assert plain.interval is not None
        assert audited.interval[1] - audited.interval[0] > plain.interval[1] - plain.interval[0]

    def test_what_is_kept_and_read_as_broken_is_put_right(self) -> None:
        found = gap(audits(*HARSH))
        assert found.raw == pytest.approx(40)
        assert found.delivery == pytest.approx(60, abs=3)
        assert (found.method, found.audited) == ("audited", 100)

    def test_voices_that_say_nothing_of_the_promise_count_for_neither_side(self) -> None:
        assert gap(audits(*IMAGINED), kept=30, broken=70).delivery == pytest.approx(60, abs=4)

    def test_few_audits_and_audits_that_share_a_story_correct_nothing(self) -> None:
        plain = gap([])
        for few in (audits(*HARSH)[:29], audits(*HARSH, story=7)):
            assert gap(few) == plain
        assert plain.method == "raw"

    def test_every_week_is_moved_as_the_whole_is(self) -> None:
        for point in gap(audits(*HARSH)).trend[:10]:
            assert point.delivery == pytest.approx(60, abs=6)

    def test_a_promise_without_audits_of_its_own_borrows_from_the_others(self) -> None:
        borrowed = misreadings(audits(*HARSH), [ON_TIME.id, REFUND.id])[REFUND.id].posterior(40, 60, UNIFORM)
        own = misreadings(audits(*HARSH, promise=REFUND.id), [ON_TIME.id, REFUND.id])[REFUND.id].posterior(40, 60, UNIFORM)
        assert borrowed.mean == pytest.approx(own.mean, abs=0.1)
        assert borrowed.strength < own.strength


@given(
    st.lists(st.integers(0, 60), min_size=6, max_size=6),
    st.floats(0, 2000),
    st.floats(0, 2000),
    st.floats(0.01, 0.99),
    st.floats(0.1, 20),
)
def test_whatever_was_audited_the_share_lies_in_its_interval(
    cells: list[int], kept: float, broken: float, mean: float, strength: float
) -> None:
    pairs = [(said, read) for said in ("kept", "broken", "none") for read in ("kept", "broken")]
    rows = audits(*((said, read, n) for (said, read), n in zip(pairs, cells, strict=True)))
    for misread in misreadings(rows, [ON_TIME.id]).values():
        share = misread.posterior(kept, broken, BetaPrior(mean, strength))
        low, high = beta_interval(share.mean, share.strength)
        assert 0 <= low <= share.mean <= high <= 1


def test_more_that_is_read_as_kept_never_means_less_kept() -> None:
    misread = misreadings(audits(*HARSH), [ON_TIME.id])[ON_TIME.id]
    means = [misread.posterior(kept, 100 - kept, UNIFORM).mean for kept in range(0, 101, 5)]
    assert means == sorted(means)


def test_a_model_that_is_known_exactly_gives_back_the_posterior_of_the_counts() -> None:
    exact = Misreading(np.tile([1.0, 0.0, 0.5, 0.0], (4, 1)))
    found = exact.posterior(30, 10, BetaPrior(0.5, 2.0))
    assert found.mean == pytest.approx(31 / 42, abs=0.002)
    assert found.strength == pytest.approx(42, rel=0.02)
