"""Whether a broken promise rests on one story: what is left of its verdict without the largest one."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from reports.alert_promise import broken_without_largest
from reports.delivery import promise_gaps
from reports.evidence import StanceRow
from tests.reports.builders import ON_TIME, SINCE, TWELVE_WEEKS, evidence


def voices(stance: str, n: int, story: int = 0, day: int = 0) -> StanceRow:
    return StanceRow(SINCE + timedelta(days=day), ON_TIME.id, stance, n, story)  # type: ignore[arg-type]


def asked(*rows: StanceRow) -> bool | None:
    known = evidence(stances=rows)
    (gap,) = promise_gaps(known, TWELVE_WEEKS, "week", 1)
    assert gap.verdict == "broken"
    return broken_without_largest(known, TWELVE_WEEKS, ON_TIME.id)


@pytest.mark.parametrize(
    ("rows", "without"),
    [
        ([voices("kept", 30), voices("broken", 30), voices("broken", 6, story=7)], True),
        ([voices("kept", 40), voices("broken", 8), voices("broken", 5, story=7)], False),
        ([voices("kept", 20), voices("broken", 20)], None),
        ([voices("kept", 20), voices("broken", 20), voices("broken", 1, story=7)], None),
        ([voices("broken", 2, story=story) for story in range(1, 13)], False),
    ],
    ids=["many others say so", "the others are too few of many", "no copies", "a story of one voice", "too few are left to tell"],
)
def test_the_verdict_is_asked_again_without_the_largest_story_that_says_so(rows: Sequence[StanceRow], without: bool | None) -> None:
    assert asked(*rows) is without


def test_what_was_said_before_the_window_is_no_part_of_it() -> None:
    rows = [voices("kept", 20), voices("broken", 20), voices("broken", 50, story=7, day=-9), voices("broken", 2, story=8)]
    assert asked(*rows) is True
