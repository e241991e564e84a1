"""Vectors that say the same find together; what is noise finds no company."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.clusters import Likeness, Middles, alike, groups, joining, middles, packed, special, spread, unpacked, voices

WIDTH = 384


def bunches(sizes: list[int], noise: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors around as many random directions, and which direction each is of."""
    rng = np.random.default_rng(seed)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    directions = np.linalg.qr(rng.normal(size=(WIDTH, len(sizes))))[0].T
    vectors = directions[owner] + noise / np.sqrt(WIDTH) * rng.normal(size=(len(owner), WIDTH))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), owner


def test_groups_are_the_planted_ones_where_these_are_apart() -> None:
    vectors, owner = bunches([30, 20, 12, 6], noise=0.8)
    found = groups(special(vectors, vectors.mean(axis=0)), Likeness(), 5)
    assert [len(rows) for rows in found if len(rows) >= 5] == [30, 20, 12, 6]
    assert all(len(set(owner[rows])) == 1 for rows in found)


def test_what_has_nothing_in_common_makes_no_group() -> None:
    noise = np.random.default_rng(1).normal(size=(60, WIDTH)).astype(np.float32)
    found = groups(special(noise, noise.mean(axis=0)), Likeness(), 5)
    assert max(map(len, found)) < 5


@pytest.mark.parametrize("count", [0, 1])
def test_one_vector_or_none_is_grouped_without_complaint(count: int) -> None:
    assert [len(rows) for rows in groups(np.ones((count, WIDTH), np.float32), Likeness(), 5)] == [1] * count


def test_a_vector_joins_the_group_that_it_belongs_to_and_a_strange_one_waits() -> None:
    vectors, owner = bunches([25, 25, 10], noise=0.8)
    known = middles(vectors, [np.flatnonzero(owner == 0)[:20], np.flatnonzero(owner == 1)[:20]])
    late = np.concatenate([np.flatnonzero(owner == one)[20:] for one in (0, 1)])
    near, _, takes = joining(vectors[late], known, Likeness())
    assert takes.all()
    assert (near == owner[late]).all()
    assert not joining(vectors[owner == 2], known, Likeness())[2].any()


def test_nothing_joins_where_there_is_no_group_yet() -> None:
    vectors, _ = bunches([4], noise=0.5)
    assert not joining(vectors, middles(vectors, []), Likeness())[2].any()


@pytest.mark.parametrize("noise", [0.5, 1.5, 2.5])
def test_sameness_is_one_within_a_group_and_none_between_groups_whatever_the_noise(noise: float) -> None:
    vectors, owner = bunches([200, 200], noise)
    halves = middles(vectors, [np.flatnonzero(owner == 0)[::2], np.flatnonzero(owner == 0)[1::2], np.flatnonzero(owner == 1)])
    same = halves.sameness(halves)
    assert same[0, 1] == pytest.approx(1, abs=0.15)
    assert abs(same[0, 2]) < 0.2


def test_large_groups_that_are_one_are_told_and_small_ones_are_left() -> None:
    vectors, owner = bunches([80, 40], noise=1.0)
    first, second = np.flatnonzero(owner == 0)[::2], np.flatnonzero(owner == 0)[1::2]
    assert alike(middles(vectors, [np.flatnonzero(owner == 1), first, second]), Likeness()) == [(1, 2)]
    assert alike(middles(vectors, [first[:8], second[:8]]), Likeness()) == []


def test_a_group_and_further_ones_are_compared_as_one_list() -> None:
    vectors, owner = bunches([5, 7], noise=0.5)
    one, two = (middles(vectors, [np.flatnonzero(owner == at)]) for at in (0, 1))
    both = one.plus(two)
    assert isinstance(both, Middles)
    assert list(both.sizes) == [5, 7]
    assert both.centres.shape == (2, WIDTH)


def test_packing_keeps_directions() -> None:
    vectors, _ = bunches([50], noise=2.0)
    assert (unpacked(packed(vectors)) * vectors).sum(axis=1).min() > 0.9995
    assert packed(np.zeros((1, WIDTH), np.float32)).tolist() == [[0] * WIDTH]


@given(st.integers(0, 5000), st.integers(1, 400))
def test_a_sample_is_spread_over_all_and_no_larger_than_asked(count: int, limit: int) -> None:
    rows = spread(count, limit)
    assert len(rows) == min(count, limit) == len(set(rows))
    if count:
        assert rows[0] == 0
        assert limit == 1 or rows[-1] == count - 1


def test_one_person_with_many_stories_is_one_voice_and_so_is_one_story_of_many() -> None:
    assert voices([1, 2, 3, 4], ["ann"] * 4) == 1
    assert voices([1, 1, 1], ["ann", "bo", "cy"]) == 1
    assert voices([1, 2, 3], ["", "", "ann"]) == 3
