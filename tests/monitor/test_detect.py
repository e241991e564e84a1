"""The detector: what it finds, what it leaves alone, and that no row knows what comes after it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.alert_worlds import DAY, HOUR, START, sentiment_world, volume_world
from monitor.detect import Judged, detect, sentiment, volume


def counts(per_hour: float, days: int, seed: int = 1, spacing: int = HOUR) -> tuple[np.ndarray, np.ndarray]:
    at = START + np.arange(0, days * DAY, spacing)
    rhythm = 1 + 0.8 * np.sin(at / DAY * 2 * np.pi)
    return at, np.random.default_rng(seed).poisson(per_hour * rhythm).astype(float)


def episodes(judged: Judged) -> int:
    return int((np.diff(judged.alert.astype(int), prepend=0) == 1).sum())


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.sampled_from(["volume", "sentiment"]), st.sampled_from([300, HOUR, DAY]), st.floats(0.2, 0.95))
def test_it_judges_each_row_from_itself_and_earlier_ones_alone(seed: int, kind: str, spacing: int, part: float) -> None:
    rng = np.random.default_rng(seed)
    days = 2 if spacing == 300 else 12 if spacing == HOUR else 150
    if kind == "volume":
        world = volume_world(rng, per_day=60, spacing=spacing, days=days, events=("surge",))
        whole, cut = volume(world.at, world.observed), int(len(world.at) * part)
        begun = volume(world.at[:cut], world.observed[:cut])
    else:
        world = sentiment_world(rng, per_day=60, spacing=spacing, days=days, events=("drop",))
        whole, cut = sentiment(world.at, world.observed, world.exposure), int(len(world.at) * part)
        begun = sentiment(world.at[:cut], world.observed[:cut], world.exposure[:cut])
    early, late = detect(begun), detect(whole)
    np.testing.assert_allclose(early.score, late.score[:cut], rtol=1e-6, atol=1e-9)
    assert (early.alert == late.alert[:cut]).all()


def test_it_finds_a_tripled_volume_within_two_hours() -> None:
    at, observed = counts(30, 42)
    observed[800:830] *= 3
    judged = detect(volume(at, observed))
    assert judged.alert[800:802].any()
    assert (judged.score[800:802] > 0.5).any()
    assert judged.score.max() <= 1


def test_it_is_no_more_often_wrong_than_was_asked_for_when_nothing_happens() -> None:
    months = [detect(volume(*counts(30, 60, seed)), 1.0) for seed in range(1, 7)]
    assert sum(episodes(judged) for judged in months) <= 1.5 * 12


def test_the_rhythm_of_day_and_night_is_no_news() -> None:
    at, observed = counts(100, 42)
    assert episodes(detect(volume(at, observed), direction="both")) <= 2


def test_it_finds_a_cluster_of_mentions_of_a_brand_that_few_speak_of() -> None:
    at = START + np.arange(0, 60 * DAY, HOUR)
    observed = np.random.default_rng(3).poisson(0.15, len(at)).astype(float)
    observed[1000:1003] = 3
    judged = detect(volume(at, observed))
    assert judged.alert[1000:1004].any()


def test_it_goes_on_for_days_and_not_for_weeks_once_there_is_a_new_normal() -> None:
    at, observed = counts(20, 70)
    observed[900:] *= 2.5
    judged = detect(volume(at, observed))
    assert judged.alert[900:912].any()
    assert not judged.alert[900 + 10 * 24 :].any()


def test_an_outlier_in_the_past_does_not_hide_the_next_event() -> None:
    at, observed = counts(20, 42)
    observed[600] = 5000
    observed[800:824] *= 3
    assert detect(volume(at, observed)).alert[800:806].any()


def test_a_hole_is_no_fall_and_no_rise() -> None:
    at, observed = counts(20, 42)
    heard = np.ones(len(at), dtype=bool)
    heard[700:780] = False
    judged = detect(volume(at[heard], observed[heard]), direction="both")
    assert not judged.alert[690:720].any()


def test_it_finds_silence_when_asked_for_what_falls() -> None:
    at, observed = counts(20, 42)
    observed[800:830] = 0
    assert not detect(volume(at, observed), direction="up").alert[800:830].any()
    assert detect(volume(at, observed), direction="down").alert[800:808].any()


@pytest.mark.parametrize("per_day", [50, 500])
def test_it_finds_a_drop_of_thirty_points_within_two_days(per_day: int) -> None:
    world = sentiment_world(np.random.default_rng(5), per_day=per_day, spacing=HOUR, days=60, events=("drop",), points=0.3)
    judged = detect(sentiment(world.at, world.observed, world.exposure))
    first = world.events[0].first
    assert judged.alert[first : first + 48].any()


def test_a_handful_of_mentions_is_no_drop() -> None:
    at = START + np.arange(0, 40 * DAY, DAY)
    negative, total = np.zeros(len(at)), np.full(len(at), 2.0)
    negative[30] = 2
    assert not detect(sentiment(at, negative, total)).alert.any()


def test_more_false_alarms_allowed_are_earlier_ones() -> None:
    world = volume_world(np.random.default_rng(4), per_day=200, spacing=HOUR, days=90, events=("surge", "surge"))
    few, many = (detect(volume(world.at, world.observed), wanted).alert.sum() for wanted in (0.1, 10))
    assert few < many


def test_rows_of_one_moment_are_each_judged() -> None:
    at, observed = counts(20, 20)
    twice = np.repeat(at, 2)
    assert len(detect(volume(twice, np.repeat(observed, 2))).score) == len(twice)


def test_an_empty_series_has_nothing_to_tell() -> None:
    assert len(detect(volume([], [])).score) == 0


def test_a_series_out_of_order_is_refused() -> None:
    with pytest.raises(ValueError, match="order of time"):
        volume([2, 1], [1, 1])
