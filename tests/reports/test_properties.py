"""What holds of every report, whatever the evidence: more of it narrows, nothing turns over, no page shows what is no number."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import worlds
from models.known_errors import KnownErrors, PromiseErrors
from reports.documents import Interval, PromiseGap, Verdict
from reports.evidence import AdvertisedPromise, ModelFacts, StanceRow
from reports.gap import build_gap
from reports.render import GAP_FORMATS, render_gap
from tests.reports.builders import FRIENDLY, ON_TIME, REFUND, SINCE, evidence

KNOWN = KnownErrors(9.0, tuple(PromiseErrors(f"trade {at % 3}", (9, 1, 2, 8, 2, 3)) for at in range(9)))
NO_NUMBER = re.compile(r"(?<![a-z])(nan|inf|infinity)(?![a-z])", re.IGNORECASE)
RANK: dict[Verdict, int] = {"broken": 0, "at risk": 1, "unclear": 1, "kept": 2}
PROMISES = st.sampled_from([ON_TIME, REFUND, FRIENDLY])


def measured(promise: AdvertisedPromise, kept: int, broken: int) -> PromiseGap:
    """One promise on one day, with a model of which it is known how it errs elsewhere."""
    rows = [StanceRow(SINCE, promise.id, "kept", kept), StanceRow(SINCE, promise.id, "broken", broken)]
    found = evidence(promises=[promise], stances=rows)
    return build_gap(replace(found, model=replace(found.model, errors=KNOWN))).promises[0]


@given(PROMISES, st.integers(0, 80), st.integers(0, 80), st.integers(2, 5))
@settings(max_examples=25, deadline=None)
def test_more_of_the_same_evidence_narrows_the_interval_and_never_takes_a_verdict_back(
    promise: AdvertisedPromise, kept: int, broken: int, times: int
) -> None:
    before, after = measured(promise, kept, broken), measured(promise, kept * times, broken * times)
    if before.interval is None:
        return
    assert after.interval is not None
    assert after.interval[1] - after.interval[0] < before.interval[1] - before.interval[0]
    if before.verdict in {"kept", "broken"}:
        assert after.verdict == before.verdict


def worsened(promise: AdvertisedPromise) -> list[tuple[Verdict, Verdict]]:
    """Pairs of verdicts of which the second has more voices kept out of forty and is the worse one all the same."""
    ladder = [measured(promise, kept, 40 - kept).verdict for kept in range(0, 41, 4)]
    return [(first, second) for first, second in pairwise(ladder) if RANK[second] < RANK[first]]


def taken_back(promise: AdvertisedPromise) -> list[tuple[Verdict, Verdict]]:
    """Pairs of verdicts of which the second has the same evidence several times over and is no longer certain."""
    found = []
    for kept, broken in ((30, 0), (28, 2), (15, 15), (2, 28)):
        ladder = [measured(promise, kept * times, broken * times).verdict for times in (1, 2, 4, 8)]
        found += [(first, second) for first, second in pairwise(ladder) if first in {"kept", "broken"} and second != first]
    return found


@pytest.mark.parametrize("promise", [ON_TIME, REFUND, FRIENDLY], ids=lambda promise: promise.id)
def test_verdicts_are_monotone_in_evidence(promise: AdvertisedPromise) -> None:
    assert worsened(promise) == []
    assert taken_back(promise) == []


def _suspects_the_best(interval: Interval, expected: float, _: object) -> Verdict:
    return "broken" if interval[1] < expected or interval[0] > 85 else "unclear"


def _doubts_what_is_certain(interval: Interval, expected: float, _: object) -> Verdict:
    return "broken" if interval[1] < expected and interval[1] - interval[0] > 12 else "unclear"


@pytest.mark.parametrize(("rule", "planted"), [(worsened, _suspects_the_best), (taken_back, _doubts_what_is_certain)])
def test_a_verdict_that_turns_back_would_be_seen(
    monkeypatch: pytest.MonkeyPatch, rule: Callable[[AdvertisedPromise], list[object]], planted: Callable[..., Verdict]
) -> None:
    monkeypatch.setattr("reports.delivery._verdict", planted)
    assert rule(ON_TIME)


@pytest.mark.timeout(240)
@given(st.integers(0, 10_000), st.integers(1, 150), st.sampled_from([0.0, 0.1, 1.0]), st.booleans())
@settings(max_examples=8, deadline=None)
def test_no_page_shows_what_is_no_number_however_little_was_heard(seed: int, voices: int, copied: float, known: bool) -> None:
    rng = np.random.default_rng(seed)
    world = worlds.plant(rng)
    lived = worlds.live(world, rng, voices, copied)
    found = worlds.evidence(world, lived, rng, audited=voices // 2)
    model = ModelFacts("m", worlds.EVEN, errors=KNOWN if known else None)
    report = build_gap(replace(found, model=model), 1, worlds.breakdown(world, lived))
    for form in GAP_FORMATS:
        page = render_gap(report, form)
        assert NO_NUMBER.findall(re.sub(r"data:[^\"')]+", "", page)) == []
        if form == "json":
            json.loads(page, parse_constant=pytest.fail)
