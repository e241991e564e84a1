"""What holds of every chart: it is well-formed, stays within its own view box, and draws nothing where nothing is known."""

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import charts
from reports.charts import NARROW, WIDE, Size, delivery_chart, net_chart, overview_row
from reports.documents import DeliveryPoint, NetPoint, PromiseGap
from tests.reports import samples

UNHURRIED = settings(max_examples=50, deadline=None)
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=lambda size: size.name)
EACH_PROMISE = pytest.mark.parametrize("gap", samples.promises(), ids=lambda gap: gap.verdict)


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def with_style(root: ET.Element, style: str, tag: str = "*") -> list[ET.Element]:
    return [element for element in root.iter() if element.get("class") == style and tag in {"*", element.tag}]


def places(root: ET.Element) -> Iterator[tuple[float, float]]:
    """Every point that the chart draws at, in units of its view box."""
    for element in root.iter():
        for pair in element.get("points", "").split():
            x, y = pair.split(",")
            yield float(x), float(y)
        for x, y in (("x1", "y1"), ("x2", "y2"), ("cx", "cy"), ("x", "y")):
            if element.get(x) is not None:
                yield float(element.get(x, "")), float(element.get(y, ""))
        if element.tag == "rect":
            yield (
                float(element.get("x", "")) + float(element.get("width", "")),
                float(element.get("y", "")) + float(element.get("height", "")),
            )


def assert_within_view_box(svg: str) -> None:
    root = parsed(svg)
    _, _, width, height = map(float, root.get("viewBox", "").split())
    for x, y in places(root):
        assert math.isfinite(x)
        assert math.isfinite(y)
        assert 0 <= x <= width
        assert 0 <= y <= height


def week(number: int) -> date:
    return date(2026, 8, 24) + timedelta(weeks=number)


@st.composite
def delivery_trends(draw: st.DrawFn) -> tuple[DeliveryPoint, ...]:
    points = []
    for number in range(draw(st.integers(0, 15))):
        value = draw(st.none() | st.floats(0, 100))
        bounds = None if value is None else (draw(st.floats(0, value)), draw(st.floats(value, 100)))
        points.append(DeliveryPoint(week(number), value, bounds, draw(st.integers(0, 10**6)), draw(st.integers(0, 50))))
    return tuple(points)


@SIZES
@UNHURRIED
@given(trend=delivery_trends(), expectation=st.floats(0, 100))
def test_it_draws_delivery_within_its_view_box(trend: tuple[DeliveryPoint, ...], expectation: float, size: Size) -> None:
    gap = replace(samples.promises()[0], trend=trend, expectation=expectation)

    assert_within_view_box(delivery_chart(gap, "week", size))


@SIZES
@UNHURRIED
@given(
    nets=st.lists(st.none() | st.tuples(st.floats(-100, 100), st.floats(-100, 100), st.floats(-100, 100)).map(sorted), max_size=15)
)
def test_it_draws_net_sentiment_within_its_view_box(nets: list[list[float] | None], size: Size) -> None:
    trend = [
        NetPoint(week(number), None, None, number)
        if values is None
        else NetPoint(week(number), values[1], (values[0], values[2]), number)
        for number, values in enumerate(nets)
    ]

    assert_within_view_box(net_chart(trend, "week", size))


@SIZES
@EACH_PROMISE
def test_it_has_a_title_and_says_every_bucket_in_words(gap: PromiseGap, size: Size) -> None:
    root = parsed(delivery_chart(gap, "week", size))

    assert root.get("role") == "img"
    assert gap.promise.text in (root.findtext("title") or "")
    assert all(f"n = {point.n}".replace(" ", "\xa0") in (root.findtext("desc") or "") for point in gap.trend)


def test_it_draws_a_missing_week_as_a_gap_in_line_and_band() -> None:
    missing_one = samples.promises()[1]

    root = parsed(delivery_chart(missing_one, "week"))

    assert [len(line.get("points", "").split()) for line in with_style(root, "line")] == [4, 7]
    assert [len(band.get("points", "").split()) for band in with_style(root, "band")] == [8, 14]
    assert len(with_style(root, "dot")) == 11


def test_it_draws_a_lone_week_as_a_dot_with_a_whisker() -> None:
    gap = replace(samples.promises()[0], trend=(DeliveryPoint(week(0), 60.0, (40.0, 80.0), 9),), change=None)

    root = parsed(delivery_chart(gap, "week"))

    assert len(with_style(root, "dot")) == 1
    assert len(with_style(root, "whisker")) == 1
    assert not with_style(root, "line")


def test_it_draws_no_delivery_and_no_scale_when_no_week_has_enough_voices_but_still_counts_them() -> None:
    insufficient = samples.promises()[4]

    root = parsed(delivery_chart(insufficient, "week"))

    assert not with_style(root, "dot")
    assert not with_style(root, "grid")
    assert with_style(root, "bar")


def test_it_marks_the_change_between_the_bucket_before_and_the_one_from_which_it_holds() -> None:
    broken = samples.promises()[0]

    root = parsed(delivery_chart(broken, "week"))

    (line,) = with_style(root, "change")
    dots = [float(dot.get("cx", "")) for dot in with_style(root, "dot")]
    assert dots[7] < float(line.get("x1", "")) < dots[8]
    assert [text.text for text in with_style(root, "label change")] == ["19 Oct: 92 before, 37 since"]


@SIZES
@UNHURRIED
@given(delivery=st.floats(0, 100), expectation=st.floats(0, 100))
def test_the_labels_at_the_end_of_the_lines_never_overlap(delivery: float, expectation: float, size: Size) -> None:
    gap = replace(
        samples.promises()[0], trend=(DeliveryPoint(week(0), delivery, (0.0, 100.0), 9),), expectation=expectation, change=None
    )

    root = parsed(delivery_chart(gap, "week", size))

    heights = [float(text.get("y", "")) for text in root.iter("text") if text.get("class", "").startswith("label")]
    assert len(heights) == 2
    assert abs(heights[0] - heights[1]) >= 14.8


@SIZES
@pytest.mark.parametrize("buckets", [1, 2, 12, 31, 90, 365])
def test_the_dates_under_the_axis_do_not_touch(buckets: int, size: Size) -> None:
    trend = tuple(DeliveryPoint(date(2026, 1, 1) + timedelta(days=day), 50.0, (40.0, 60.0), 9) for day in range(buckets))

    root = parsed(delivery_chart(replace(samples.promises()[0], trend=trend), "day", size))

    dates = [float(text.get("x", "")) for text in root.iter("text") if text.get("text-anchor") == "middle"]
    assert dates
    assert all(later - earlier >= 40 for earlier, later in pairwise(dates))


@EACH_PROMISE
def test_a_row_of_the_overview_shows_delivery_only_where_there_is_evidence(gap: PromiseGap) -> None:
    root = parsed(overview_row(gap))

    (tick,) = with_style(root, "expected")
    assert tick.get("x1") == f"{gap.expectation:g}%"
    assert len(with_style(root, "range")) == (gap.delivery is not None)
    assert [mark.get("x") for mark in root.iter("svg") if mark is not root] == ([f"{gap.delivery:g}%"] if gap.delivery else [])


def test_every_verdict_has_a_mark_of_its_own_shape() -> None:
    marks = [charts.verdict_mark(gap.verdict) for gap in samples.promises()]

    assert len(set(marks)) == 5
    assert all(parsed(mark).get("aria-hidden") == "true" for mark in marks)


def test_it_escapes_the_words_of_a_promise() -> None:
    gap = samples.promises()[0]
    hostile = replace(gap, promise=replace(gap.promise, text="<script>&\"'"))

    assert parsed(overview_row(hostile)).findtext("title") == "<script>&\"'"
    assert "<script>&\"'" in (parsed(delivery_chart(hostile, "week")).findtext("title") or "")
