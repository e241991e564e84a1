"""Charts the size of a word: well-formed, within their box, and nothing where nothing is known."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.charts_small import delivery_spark, net_spark
from reports.documents import PromiseGap
from tests.reports import samples
from tests.reports.test_charts import places


@pytest.mark.parametrize("gap", samples.promises(), ids=lambda gap: gap.verdict)
def test_every_promise_is_drawn_within_the_box_in_as_many_runs_as_it_was_heard_in(gap: PromiseGap) -> None:
    root = ET.fromstring(delivery_spark(gap))
    assert all(0 <= x <= 120 and 0 <= y <= 34 for x, y in places(root))
    known = [point.delivery is not None for point in gap.trend]
    runs = sum(now and not before for before, now in zip([False, *known], known, strict=False))
    assert len(root.findall("polyline")) == runs
    assert len(root.findall("circle")) == (1 if runs else 0)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(-100, 100)), max_size=30))
def test_net_sentiment_stays_within_the_box_whatever_it_is(values: list[float | None]) -> None:
    point = samples.sentiment().trend[0]
    root = ET.fromstring(net_spark([replace(point, net=value) for value in values]))
    assert all(0 <= x <= 120 and 0 <= y <= 34 for x, y in places(root))


def test_words_say_what_is_drawn_and_cannot_leave_their_place() -> None:
    gap = samples.promises()[0]
    hostile = replace(gap, promise=replace(gap.promise, text=samples.HOSTILE.replace("\x1b", "")))
    root = ET.fromstring(delivery_spark(hostile))
    assert samples.HOSTILE[:8] in root.findtext("title", "")
    assert f"promised {gap.expectation:g}" in root.findtext("desc", "")
    nothing = replace(gap, trend=tuple(replace(point, delivery=None) for point in gap.trend))
    assert ET.fromstring(delivery_spark(nothing)).findtext("desc") == "too few voices at any time"
