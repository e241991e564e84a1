"""What moved one promise, and how it is better made: no more than the figures say."""

from dataclasses import replace

import pytest

from reports.documents import GapReport, PromiseGap, Verdict
from reports.promise_story import promise_advice, promise_moved
from tests.reports import samples

REPORT = samples.gap_report()


def gap_of(verdict: str) -> PromiseGap:
    return next(gap for gap in REPORT.promises if gap.verdict == verdict)


def with_emphasis(gap: PromiseGap, placements: int, interval: tuple[float, float] | None) -> GapReport:
    """The report with another emphasis on one promise, and no claim at risk."""
    assert REPORT.weights is not None
    old = REPORT.weights.emphasis
    one = replace(next(one for one in old.gaps if one.promise.id == gap.promise.id), placements=placements, interval=interval)
    return replace(REPORT, weights=replace(REPORT.weights, emphasis=replace(old, gaps=(one,)), at_risk=()))


def test_a_broken_promise_is_withdrawn_in_the_words_of_the_claims_at_risk() -> None:
    told = promise_advice(REPORT, gap_of("broken"))
    assert told[0].startswith("Withdraw “We depart on time")


@pytest.mark.parametrize(
    ("verdict", "placements", "interval", "words"),
    [
        ("kept", 3, (-9.0, -2.0), "make it better known"),
        ("kept", 0, (-9.0, -2.0), "was not seen in your own voice"),
        ("broken", 41, (2.0, 9.0), "every further one is held against you"),
    ],
)
def test_loudness_beside_what_is_lived_asks_for_another(
    verdict: str, placements: int, interval: tuple[float, float], words: str
) -> None:
    gap = gap_of(verdict)
    assert any(words in line for line in promise_advice(with_emphasis(gap, placements, interval), gap))


@pytest.mark.parametrize(
    ("verdict", "interval"), [("kept", (-9.0, 2.0)), ("kept", None), ("broken", (-9.0, -2.0)), ("unclear", (2.0, 9.0))]
)
def test_nothing_is_said_of_loudness_that_may_be_chance_or_needs_no_change(
    verdict: Verdict, interval: tuple[float, float] | None
) -> None:
    gap = gap_of("broken") if verdict == "unclear" else gap_of(verdict)
    gap = replace(gap, verdict=verdict, interval=(50.0, 60.0), expectation=55.0)
    assert promise_advice(with_emphasis(gap, 5, interval), gap) == ()


def test_a_kept_promise_could_be_made_in_the_strongest_words_that_its_whole_interval_keeps() -> None:
    gap = replace(gap_of("kept"), expectation=60.0, interval=(90.5, 96.0))
    told = promise_advice(with_emphasis(gap, 5, None), gap)
    assert told == ("You could say it more strongly: an absolute claim promises 90, and you deliver 90–96.",)
    assert promise_advice(with_emphasis(gap, 5, None), replace(gap, expectation=90.0)) == ()


def test_without_delivery_there_is_no_advice() -> None:
    assert promise_advice(REPORT, gap_of("insufficient evidence")) == ()


def test_what_moved_is_told_of_this_promise_alone() -> None:
    told = " ".join(promise_moved(REPORT, gap_of("broken")))
    assert "Advertised 2 times a week before 12 October" in told
    assert "tree" not in told
