"""Prediction-powered inference and re-estimated shares, held against the implementations of others and against simulation."""

import warnings

import numpy as np
import pytest

from models.priors import estimate_priors
from reports.ppi import NET, Labelled, Population, Powered, powered_shares
from reports.priors import adjusted
from tests.reports.builders import SHARP, signs, truths

EQUAL = np.full(3, 1 / 3)
MIXES = [(0.85, 0.1, 0.05), (0.6, 0.2, 0.2), (0.3, 0.4, 0.3), (0.2, 0.2, 0.6), (0.05, 0.1, 0.85)]


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def of_sample(seed: int, mix: tuple[float, float, float], size: int, audited: int) -> tuple[Labelled, Population, Powered]:
    """A world in which `audited` of `size` units, each with a text of its own, are labelled."""
    random = rng(seed)
    truth = truths(random, mix, size)
    shown = signs(random, truth, SHARP)
    posteriors = (SHARP / SHARP.sum(axis=0)).T
    counts = np.bincount(shown, minlength=len(posteriors))
    means = adjusted(posteriors, EQUAL, estimate_priors(posteriors, counts.astype(float), EQUAL))
    labelled = Labelled(truth[:audited], means[shown[:audited]], np.zeros(audited, int), np.ones(audited))
    everyone = Population(means, counts, np.zeros(len(means), int))
    return labelled, everyone, powered_shares(labelled, everyone)


def net_of(found: Powered) -> tuple[float, float]:
    return float(NET @ found.shares), float(np.sqrt(NET @ found.covariance @ NET))


@pytest.mark.timeout(900)  # a first import of what they bring along takes minutes on a busy machine
class TestAgainstOthers:
    @pytest.mark.parametrize("mix", MIXES)
    def test_it_agrees_with_the_authors_own_package(self, mix: tuple[float, float, float]) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what the package itself depends on
            from ppi_py import ppi_mean_ci, ppi_mean_pointestimate
        labelled, everyone, found = of_sample(1, mix, 3000, 600)
        said, read = np.eye(3)[labelled.label] @ NET, labelled.predicted @ NET
        rest = np.repeat(everyone.predicted @ NET, everyone.n)
        for value in read:
            rest = np.delete(rest, np.flatnonzero(np.isclose(rest, value))[0])
        net, spread = net_of(found)
        (theirs,) = np.atleast_1d(ppi_mean_pointestimate(said, read, rest))
        low, high = (float(np.squeeze(end)) for end in ppi_mean_ci(said, read, rest, alpha=0.05))
        assert net == pytest.approx(theirs, abs=0.003)
        assert 1.96 * spread == pytest.approx((high - low) / 2, rel=0.04)

    @pytest.mark.parametrize("mix", MIXES)
    def test_re_estimated_shares_agree_with_quapy(self, mix: tuple[float, float, float]) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from quapy.method.aggregative import EMQ
        random = rng(2)
        posteriors = ((SHARP / SHARP.sum(axis=0)).T)[signs(random, truths(random, mix, 2000), SHARP)]
        theirs, their_posteriors = EMQ.EM(EQUAL, posteriors, epsilon=1e-7)
        ours = estimate_priors(posteriors, np.ones(2000), EQUAL, tolerance=1e-8, iterations=5000)
        assert ours == pytest.approx(theirs, abs=2e-4)
        assert adjusted(posteriors, EQUAL, ours) == pytest.approx(their_posteriors, abs=2e-3)


class TestSimulation:
    def test_with_a_hundred_audited_it_errs_by_at_most_four_points_and_its_interval_covers_as_often_as_it_says(self) -> None:
        errors, covered = [], []
        for place, mix in enumerate(MIXES):
            for seed in range(240):
                net, spread = net_of(of_sample(1000 * place + seed, mix, 2000, 100)[2])
                errors.append(abs(net - (mix[2] - mix[0])))
                covered.append(errors[-1] <= 1.984 * spread)
        assert np.mean(errors) <= 0.04
        assert 0.93 <= np.mean(covered) <= 0.97

    def test_without_labels_re_estimation_errs_by_at_most_five_points_where_counting_errs_by_more(self) -> None:
        errors, counted = [], []
        posteriors = (SHARP / SHARP.sum(axis=0)).T
        for place, mix in enumerate(MIXES):
            for seed in range(60):
                random = rng(1000 * place + seed)
                shown = signs(random, truths(random, mix, 400), SHARP)
                estimate = estimate_priors(posteriors, np.bincount(shown, minlength=6).astype(float), EQUAL)
                labels = np.bincount(posteriors.argmax(axis=1)[shown], minlength=3) / 400
                errors.append(abs((estimate - mix) @ NET))
                counted.append(abs((labels - mix) @ NET))
        assert np.mean(errors) <= 0.05 < np.mean(counted)


class TestPower:
    POPULATION = Population(np.array([[0.9, 0.05, 0.05], [0.05, 0.05, 0.9]]), np.array([600, 400]), np.zeros(2, int))

    def labelled(self, label: list[int], read: list[int], **changes: list[int]) -> Labelled:
        size = len(label)
        return Labelled(
            np.array(label),
            self.POPULATION.predicted[read],
            np.array(changes.get("story", [0] * size)),
            np.array(changes.get("weight", [1] * size), float),
        )

    def test_a_model_that_says_nothing_leaves_the_labels_alone(self) -> None:
        found = powered_shares(self.labelled([0, 2] * 50, [0, 0, 1, 1] * 25), self.POPULATION)
        assert found.power == pytest.approx(0, abs=1e-9)
        assert found.shares == pytest.approx([0.5, 0, 0.5])

    def test_a_model_that_is_always_right_makes_up_for_an_uneven_sample(self) -> None:
        labels = [0] * 50 + [2] * 50
        found = powered_shares(self.labelled(labels, [label // 2 for label in labels]), self.POPULATION)
        assert found.power == pytest.approx(1)
        assert found.shares == pytest.approx([0.6, 0, 0.4], abs=0.02)

    def test_it_is_surer_than_the_labels_alone(self) -> None:
        random = rng(3)
        truth = truths(random, (0.6, 0.0, 0.4), 100)
        read = np.where(random.random(100) < 0.9, truth // 2, 1 - truth // 2)
        found = powered_shares(self.labelled(truth.tolist(), read.tolist()), self.POPULATION)
        said = np.eye(3)[truth] @ NET
        assert net_of(found)[1] < 0.75 * said.std() / 10

    def test_labels_who_all_agree_with_the_model_leave_a_doubt(self) -> None:
        one = Population(np.array([[1.0, 0.0, 0.0]]), np.array([1000]), np.zeros(1, int))
        found = powered_shares(Labelled(np.zeros(40, int), np.eye(3)[[0] * 40], np.zeros(40, int), np.ones(40)), one)
        assert net_of(found)[0] == pytest.approx(-1)
        assert net_of(found)[1] > 0.01

    def test_voices_who_share_a_story_weigh_as_one(self) -> None:
        labels, read = [0, 0, 2, 2] * 30, [0, 1, 0, 1] * 30
        alone = powered_shares(self.labelled(labels, read), self.POPULATION)
        # Four voices with one opinion in each story; the population has them in stories, too.
        ordered = sorted(range(120), key=lambda one: (labels[one], read[one]))
        shared = self.labelled(
            [labels[one] for one in ordered], [read[one] for one in ordered], story=[1 + i // 4 for i in range(120)]
        )
        assert net_of(powered_shares(shared, self.POPULATION))[1] > 1.7 * net_of(alone)[1]

    def test_a_stratum_that_was_sampled_more_counts_no_more_than_its_units(self) -> None:
        random = rng(4)
        read = random.integers(0, 2, 120)
        label = [0] * 90 + [2] * 30
        weighed = powered_shares(self.labelled(label, read.tolist(), weight=[1] * 90 + [3] * 30), self.POPULATION)
        assert weighed.shares == pytest.approx([0.5, 0, 0.5], abs=0.02)

    def test_an_audit_of_everything_is_the_count_of_the_labels(self) -> None:
        label, read = [0] * 30 + [1] * 10 + [2] * 20, [0] * 40 + [1] * 20
        everyone = Population(self.POPULATION.predicted, np.array([40, 20]), np.zeros(2, int))
        assert powered_shares(self.labelled(label, read), everyone).shares == pytest.approx([1 / 2, 1 / 6, 1 / 3])
