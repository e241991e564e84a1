"""Delivery corrected by what people said of a random sample: what was meant behind what a model that errs has read."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.known_errors import KnownErrors, PromiseErrors
from reports.documents import PromiseGap
from reports.evidence import StanceAuditRow
from reports.gap import build_gap
from reports.misreading import Misreading, elsewhere, misreadings
from reports.render import render_gap
from reports.statistics import UNIFORM, BetaPrior, beta_interval, difference_of_shares
from tests.reports.builders import ON_TIME, REFUND, evidence, weekly

RIGHT = (("kept", "kept", 60), ("broken", "broken", 40))
HARSH = (("kept", "kept", 40), ("kept", "broken", 20), ("broken", "broken", 40))
"""A third of what is kept is taken for broken."""
IMAGINED = (("kept", "kept", 30), ("broken", "broken", 20), ("none", "broken", 50))
"""Half of what it finds says nothing of the promise, and all of that it calls broken."""


def audits(*cells: tuple[str, str, int], promise: str = ON_TIME.id, story: int = 0) -> list[StanceAuditRow]:
    return [StanceAuditRow(promise, said, read, story) for said, read, n in cells for _ in range(n)]  # type: ignore[arg-type]


def gap(rows: Sequence[StanceAuditRow], kept: int = 40, broken: int = 60, known: KnownErrors | None = None) -> PromiseGap:
    """On-time, read as kept and broken so often in each of ten weeks, a tenth of it in each."""
    planted = evidence(stances=weekly(ON_TIME, [(kept, broken)] * 10))
    model = replace(planted.model, errors=known)
    (found,) = build_gap(replace(planted, stance_audits=tuple(rows), model=model)).promises
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


HARD = KnownErrors(0.0, tuple(PromiseErrors(f"trade {at % 6}", (10, 5, 0, 15, 0, 0)) for at in range(42)))
"""A third of what is kept is taken for broken."""


def unlike(trades: int) -> KnownErrors:
    """The same errors all in all, but in each trade of its own kind."""
    sides = ((20, 0, 0, 20, 0, 0), (0, 20, 0, 20, 0, 0), (10, 10, 0, 20, 0, 0))
    return KnownErrors(0.0, tuple(PromiseErrors(f"trade {at % trades}", sides[at % trades % 3]) for at in range(42)))


def doubt(found: PromiseGap) -> tuple[float, float]:
    assert found.doubt is not None
    return found.doubt


class TestDoubt:
    def test_how_the_model_errs_elsewhere_says_how_far_off_delivery_may_be_and_does_not_move_it(self) -> None:
        plain, doubted = gap([]), gap([], known=HARD)
        assert replace(doubted, doubt=None) == plain
        assert doubt(doubted)[0] > 40
        assert doubt(doubted)[0] < 60 < doubt(doubted)[1]

    def test_a_model_that_errs_in_other_ways_about_other_trades_leaves_more_doubt(self) -> None:
        alike, different = doubt(gap([], known=HARD)), doubt(gap([], known=unlike(6)))
        assert different[1] - different[0] > 1.5 * (alike[1] - alike[0])

    def test_enough_audits_make_an_end_of_it(self) -> None:
        assert gap(audits(*HARSH), known=HARD) == gap(audits(*HARSH))

    def test_a_model_of_which_nothing_was_measured_says_nothing_of_it(self) -> None:
        assert gap([]).doubt is None
        assert gap([], known=KnownErrors(3.0, ())).doubt is None

    def test_the_report_says_that_nothing_was_corrected_and_where_delivery_may_lie(self) -> None:
        planted = evidence(stances=weekly(ON_TIME, [(40, 60)] * 10))
        page = render_gap(build_gap(replace(planted, model=replace(planted.model, errors=HARD))), "md")
        assert "not corrected: too few of its readings are audited; if the model errs here as it does about other brands, " in page


def test_before_and_after_are_misread_alike_so_that_their_difference_is_surer_than_either() -> None:
    misread = elsewhere(unlike(6))
    assert misread is not None
    sides = ((300.0, 700.0), (700.0, 300.0))
    together = misread.difference(sides, (UNIFORM, UNIFORM), np.random.default_rng(1))
    before, after = (misread.posterior(*side, UNIFORM) for side in sides)
    apart = difference_of_shares(before, after, np.random.default_rng(1))
    assert together.delta == pytest.approx(apart.delta)
    assert together.interval[0] <= together.delta <= together.interval[1]
    assert together.p < apart.p
