"""What holds of every report, whatever the evidence: more of it narrows, nothing turns over, no page shows what is no number."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import worlds
from models.known_errors import KnownErrors, PromiseErrors
from reports.documents import PromiseGap
from reports.evidence import AdvertisedPromise, ModelFacts, StanceRow
from reports.gap import build_gap
from reports.render import GAP_FORMATS, render_gap
from tests.reports.builders import FRIENDLY, ON_TIME, REFUND, SINCE, evidence

KNOWN = KnownErrors(9.0, tuple(PromiseErrors(f"trade {at % 3}", (9, 1, 2, 8, 2, 3)) for at in range(9)))
NO_NUMBER = re.compile(r"(?<![a-z])(nan|inf|infinity)(?![a-z])", re.IGNORECASE)
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
