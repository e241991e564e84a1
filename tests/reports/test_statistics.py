import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.priors import estimate_priors
from reports.priors import bootstrap_priors
from reports.statistics import (
    TAILS,
    UNIFORM,
    BetaPrior,
    benjamini_hochberg,
    beta_interval,
    change_point,
    difference_of_draws,
    difference_of_shares,
    effective_size,
    fit_beta_prior,
    shrunk_share,
    trend,
    unusual_count,
    wilson,
)
from tests.reports.builders import calibrated

EQUAL = np.full(3, 1 / 3)


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


class TestWilson:
    @pytest.mark.parametrize(
        ("k", "n", "expected"),
        [(83, 100, (0.7445, 0.8911)), (0, 10, (0.0, 0.2775)), (10, 10, (0.7225, 1.0)), (50, 100, (0.4038, 0.5962))],
    )
    def test_it_gives_the_textbook_interval(self, k: int, n: int, expected: tuple[float, float]) -> None:
        assert wilson(k, n) == pytest.approx(expected, abs=5e-5)

    def test_it_knows_nothing_when_nothing_was_observed(self) -> None:
        assert wilson(0, 0) == (0.0, 1.0)

    @given(st.integers(1, 10_000), st.floats(0, 1))
    def test_it_holds_the_share_and_narrows_with_more_voices(self, n: int, part: float) -> None:
        k = round(part * n)
        low, high = wilson(k, n)
        more = wilson(2 * k, 2 * n)
        assert 0 <= low <= k / n <= high <= 1
        assert more[1] - more[0] < high - low


class TestEffectiveSize:
    def test_voices_of_their_own_all_count(self) -> None:
        assert effective_size(ints(7, 5), ints(0, 0)) == 12

    def test_a_story_of_many_voices_counts_as_one(self) -> None:
        assert effective_size(ints(7, 5), ints(9, 9)) == 1

    def test_it_is_kishs_ratio_for_a_mixture(self) -> None:
        assert effective_size(ints(6, 2, 2), ints(0, 3, 4)) == pytest.approx(10**2 / (6 + 4 + 4))

    def test_it_is_zero_without_rows(self) -> None:
        assert effective_size(ints(), ints()) == 0


class TestEstimatedPriors:
    @pytest.mark.parametrize("mix", [(0.8, 0.1, 0.1), (0.1, 0.2, 0.7), (0.3, 0.4, 0.3)])
    def test_it_recovers_the_mix_that_the_classifier_was_not_trained_on(self, mix: tuple[float, float, float]) -> None:
        probabilities = calibrated(rng(), mix, 40_000)
        naive = np.bincount(probabilities.argmax(axis=1), minlength=3) / 40_000
        estimate = estimate_priors(probabilities, np.ones(40_000), EQUAL)
        assert estimate == pytest.approx(mix, abs=0.02)
        assert np.abs(estimate - mix).max() < np.abs(naive - mix).max()

    def test_it_finds_the_mix_of_greatest_likelihood(self) -> None:
        probabilities = calibrated(rng(2), (0.5, 0.3, 0.2), 300)
        best = estimate_priors(probabilities, np.ones(300), EQUAL)

        def likelihood(mix: np.ndarray) -> float:
            return float(np.log(probabilities @ (mix * 3)).sum())

        others = rng(3).dirichlet(np.full(3, 2.0), size=500)
        near = 0.98 * best + 0.02 * others
        assert all(likelihood(best) >= likelihood(mix) - 1e-6 for mix in (*others, *near))

    def test_it_takes_the_priors_of_training_into_account(self) -> None:
        trained = np.array([0.2, 0.2, 0.6])
        shifted = calibrated(rng(4), (0.6, 0.2, 0.2), 40_000) * trained
        shifted /= shifted.sum(axis=1, keepdims=True)
        assert estimate_priors(shifted, np.ones(40_000), trained) == pytest.approx((0.6, 0.2, 0.2), abs=0.02)

    def test_it_keeps_the_training_priors_when_nothing_was_counted(self) -> None:
        trained = np.array([0.5, 0.3, 0.2])
        assert estimate_priors(np.array([[0.1, 0.2, 0.7]]), np.zeros(1), trained) == pytest.approx(trained)

    def test_many_samples_at_once_give_what_each_gives_alone(self) -> None:
        probabilities, counts = calibrated(rng(5), (0.2, 0.2, 0.6), 40), rng(6).poisson(2, size=(4, 40)).astype(float)
        together = estimate_priors(probabilities, counts, EQUAL)
        assert together == pytest.approx(np.array([estimate_priors(probabilities, row, EQUAL) for row in counts]), abs=1e-6)

    @given(
        st.lists(
            st.tuples(st.sampled_from([0.0, 1e-9, 0.3, 1.0]), st.sampled_from([0.0, 0.2, 1.0]), st.sampled_from([0.0, 1.0])),
            min_size=1,
            max_size=8,
        ),
        st.sampled_from([(1 / 3, 1 / 3, 1 / 3), (1.0, 0.0, 0.0), (0.0, 0.5, 0.5)]),
    )
    @settings(max_examples=50)
    def test_zeros_never_break_it(self, rows: list[tuple[float, float, float]], trained: tuple[float, float, float]) -> None:
        estimate = estimate_priors(np.array(rows), np.ones(len(rows)), np.array(trained))
        assert np.isfinite(estimate).all()
        assert estimate.sum() == pytest.approx(1)


class TestBootstrap:
    def test_its_interval_holds_the_truth_about_as_often_as_it_says(self) -> None:
        mix, held = (0.5, 0.2, 0.3), 0
        for seed in range(80):
            probabilities = calibrated(rng(seed), mix, 150)
            _, draws = bootstrap_priors(
                probabilities, np.ones(150, np.int64), np.zeros(150, np.int64), EQUAL, rng=rng(seed), replicates=200
            )
            low, high = np.quantile(draws[:, 2] - draws[:, 0], TAILS)
            held += low <= mix[2] - mix[0] <= high
        assert 70 <= held <= 80

    def test_shared_stories_widen_it_as_much_as_their_effective_size_says(self) -> None:
        probabilities, n = calibrated(rng(8), (0.3, 0.3, 0.4), 100), np.full(100, 9)
        alone = bootstrap_priors(probabilities, n, np.zeros(100, np.int64), EQUAL, rng=rng(9))[1]
        shared = bootstrap_priors(probabilities, n, np.arange(1, 101), EQUAL, rng=rng(9))[1]
        assert shared[:, 0].std() / alone[:, 0].std() == pytest.approx(3, rel=0.2)

    def test_a_story_is_drawn_as_a_whole_even_when_its_voices_were_read_differently(self) -> None:
        opposed = np.tile([[0.9, 0.05, 0.05], [0.05, 0.05, 0.9]], (40, 1))
        n = np.full(80, 5)
        paired = bootstrap_priors(opposed, n, np.repeat(np.arange(1, 41), 2), EQUAL, rng=rng(10))[1]
        apart = bootstrap_priors(opposed, n, np.arange(1, 81), EQUAL, rng=rng(10))[1]
        assert (paired[:, 2] - paired[:, 0]).std() < 0.2 * (apart[:, 2] - apart[:, 0]).std()

    def test_a_dozen_voices_who_all_agree_still_leave_an_interval(self) -> None:
        agreed = np.tile([[0.01, 0.04, 0.95]], (12, 1))
        _, draws = bootstrap_priors(agreed, np.ones(12, np.int64), np.zeros(12, np.int64), EQUAL, rng=rng(11))
        low, high = np.quantile(draws[:, 2] - draws[:, 0], TAILS)
        assert high - low > 0.05

    def test_the_order_of_rows_does_not_matter(self) -> None:
        probabilities, n, story = calibrated(rng(12), (0.3, 0.3, 0.4), 60), rng(13).integers(1, 9, 60), np.arange(60) % 7
        shuffled = rng(14).permutation(60)
        first = bootstrap_priors(probabilities, n, story, EQUAL, rng=rng(15), replicates=50)
        again = bootstrap_priors(probabilities[shuffled], n[shuffled], story[shuffled], EQUAL, rng=rng(15), replicates=50)
        assert again[0] == pytest.approx(first[0])
        assert again[1] == pytest.approx(first[1])


class TestBeta:
    def test_the_interval_is_that_of_the_known_distribution(self) -> None:
        assert beta_interval(0.5, 2) == pytest.approx((0.025, 0.975))
        assert beta_interval(2 / 3, 3) == pytest.approx((0.025**0.5, 0.975**0.5))

    def test_voices_who_all_agree_leave_a_doubt_as_in_jeffreys_interval(self) -> None:
        low, high = beta_interval(1.0, 60)
        assert low == pytest.approx(0.959, abs=0.001)
        assert high == 1

    @given(st.floats(0, 1), st.floats(1, 5000))
    def test_the_interval_holds_the_mean_and_stays_on_the_scale(self, mean: float, strength: float) -> None:
        low, high = beta_interval(mean, strength)
        assert 0 <= low <= mean <= high <= 1
        assert low < high

    def test_the_share_is_drawn_to_the_prior_by_as_many_voices_as_it_weighs(self) -> None:
        assert shrunk_share(8, 2, BetaPrior(0.5, 10)) == pytest.approx(13 / 20)

    def test_the_prior_is_uniform_where_fewer_than_three_promises_were_heard(self) -> None:
        assert fit_beta_prior(np.array([9.0, 40.0, 0.0]), np.array([1.0, 2.0, 0.0])) == UNIFORM

    def test_the_prior_weighs_little_when_promises_differ_and_much_when_they_are_alike(self) -> None:
        apart = fit_beta_prior(np.array([95.0, 10.0, 60.0, 90.0]), np.array([5.0, 90.0, 40.0, 10.0]))
        alike = fit_beta_prior(np.array([80.0, 79.0, 81.0, 80.0]), np.array([20.0, 21.0, 19.0, 20.0]))
        assert 1 <= apart.strength < 5
        assert 10 < alike.strength <= 20
        assert alike.mean == pytest.approx(0.8, abs=0.04)

    def test_the_prior_recovers_the_distribution_that_promises_were_drawn_from(self) -> None:
        rates = rng(16).beta(0.7 * 8, 0.3 * 8, size=400)
        kept = rng(17).binomial(200, rates).astype(float)
        prior = fit_beta_prior(kept, 200 - kept)
        assert prior.mean == pytest.approx(0.7, abs=0.03)
        assert prior.strength == pytest.approx(8, rel=0.2)


class TestDifference:
    def test_like_shares_do_not_differ(self) -> None:
        same = difference_of_shares(BetaPrior(0.7, 50), BetaPrior(0.7, 50), rng())
        assert same.p > 0.8
        assert same.interval[0] < 0 < same.interval[1]

    def test_its_interval_agrees_with_the_normal_one_for_many_voices(self) -> None:
        difference = difference_of_shares(BetaPrior(0.9, 1000), BetaPrior(0.6, 1000), rng())
        half = 1.96 * ((0.9 * 0.1 + 0.6 * 0.4) / 1000) ** 0.5
        assert difference.delta == pytest.approx(-0.3)
        assert difference.interval == pytest.approx((-0.3 - half, -0.3 + half), abs=0.004)
        assert difference.p < 0.001

    def test_p_is_never_zero(self) -> None:
        assert difference_of_draws(np.zeros(99), np.ones(99), 1.0).p == pytest.approx(0.02)


class TestBenjaminiHochberg:
    def test_it_adjusts_as_the_paper_does(self) -> None:
        assert benjamini_hochberg([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.02, 0.04, 0.04, 0.02))

    def test_it_takes_no_p_values(self) -> None:
        assert benjamini_hochberg([]) == ()

    @given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
    def test_adjusting_never_lowers_nor_reorders(self, p: list[float]) -> None:
        adjusted = benjamini_hochberg(p)
        assert all(a >= b - 1e-12 for a, b in zip(adjusted, p, strict=True))
        assert all(a <= 1 for a in adjusted)
        ordered = [adjusted[index] for index in np.argsort(p)]
        assert ordered == sorted(ordered)


class TestTrend:
    DAYS = np.arange(20)

    def test_it_agrees_with_cochran_and_armitage_on_independent_voices(self) -> None:
        day, kept, n = ints(0, 1, 2, 0, 1, 2), np.array([True] * 3 + [False] * 3), ints(30, 25, 15, 10, 15, 25)
        z, p = trend(day, kept, n, np.zeros(6, np.int64))
        share = 70 / 120
        score = (0 - 1) * (30 - 40 * share) + (2 - 1) * (15 - 40 * share)
        classic = score / (share * (1 - share) * 80) ** 0.5
        assert z == pytest.approx(classic, rel=0.03)
        assert p < 0.01

    def test_it_is_flat_when_all_was_kept(self) -> None:
        assert trend(self.DAYS, np.full(20, True), np.ones(20, np.int64), np.zeros(20, np.int64)) == (0.0, 1.0)

    def test_one_copied_story_makes_no_trend(self) -> None:
        day, kept = ints(*range(20), 19), np.array([True, False] * 10 + [False])
        n = ints(*[1] * 20, 40)
        assert trend(day, kept, n, np.zeros(21, np.int64))[1] < 0.05
        assert trend(day, kept, n, ints(*[0] * 20, 5))[1] > 0.2


class TestChangePoint:
    def test_it_finds_the_week_in_which_a_promise_broke(self) -> None:
        kept, broken = ints(9, 10, 9, 9, 10, 9, 10, 9, 4, 3, 4, 4), ints(1, 0, 1, 1, 0, 1, 0, 1, 6, 7, 6, 6)
        found = change_point(kept, broken, rng())
        assert found is not None
        assert found.index == 8
        assert found.p < 0.01

    def test_it_finds_a_perfect_break(self) -> None:
        found = change_point(ints(8, 8, 8, 0, 0), ints(0, 0, 0, 8, 8), rng())
        assert found is not None
        assert found.index == 3

    def test_it_names_the_first_bucket_with_evidence_after_a_silence(self) -> None:
        found = change_point(ints(20, 20, 0, 0, 2), ints(1, 1, 0, 0, 20), rng())
        assert found is not None
        assert found.index == 4

    def test_a_slow_drift_has_no_week_of_its_own(self) -> None:
        kept = ints(58, 56, 53, 51, 48, 46, 43, 41, 38, 36, 33, 31)
        assert change_point(kept, 60 - kept, rng()) is None

    def test_chance_alone_is_rarely_taken_for_a_change(self) -> None:
        alarms = 0
        for seed in range(100):
            kept = rng(seed).binomial(10, 0.85, size=12)
            found = change_point(kept, 10 - kept, rng(seed))
            alarms += found is not None and found.p < 0.05
        assert alarms <= 10

    def test_both_sides_need_evidence(self) -> None:
        assert change_point(ints(20, 20, 0), ints(0, 0, 5), rng()) is None

    def test_clustered_voices_need_more_of_it(self) -> None:
        kept, broken = ints(10, 10, 5, 5), ints(2, 2, 7, 7)
        alone, clustered = change_point(kept, broken, rng()), change_point(kept, broken, rng(), design_effect=3)
        assert alone is not None
        assert alone.p < 0.05
        assert clustered is None or clustered.p > 0.05


class TestUnusualCount:
    HISTORY = np.array([20, 25, 18, 22, 24, 8, 9] * 4)

    def test_a_day_like_the_others_is_not_unusual(self) -> None:
        assert unusual_count(21, self.HISTORY) > 0.3

    def test_a_flood_and_a_silence_are(self) -> None:
        assert unusual_count(90, self.HISTORY) < 0.001
        assert unusual_count(0, np.full(28, 20)) < 0.001

    def test_it_agrees_with_poisson_where_days_vary_no_more_than_that(self) -> None:
        assert unusual_count(0, np.full(28, 3)) == pytest.approx(2 * np.exp(-3))

    def test_it_says_nothing_without_history(self) -> None:
        assert unusual_count(50, np.zeros(28, np.int64)) == 1
        assert unusual_count(50, ints()) == 1
