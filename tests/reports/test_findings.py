"""What the findings look like in every format: nothing missing reads as 0, nothing of a customer's text gets out of its place."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest

from reports.breakdown import Breakdown, MoodRow, QuantityRow, SideRow, TopicRow
from reports.change import halves
from reports.charts import NARROW, WIDE, delivery_chart
from reports.charts_moved import beyond, measured_row, movement_chart, number_chart
from reports.docket import Docket
from reports.documents import GapReport
from reports.findings import Findings, Measured
from reports.gap import build_gap
from reports.reader import read_in
from reports.render import render_gap
from reports.render_docket import DocketFormat, render_docket
from reports.rival_words import rival_lines
from tests.reports import samples
from tests.reports.builders import ON_TIME, SINCE, TWELVE_WEEKS, evidence, moods, weekly
from tests.reports.test_render import Page, words

REPORT = samples.gap_report()
FINDINGS = REPORT.findings


def docket() -> Docket:
    gap = REPORT.promises[0]
    return Docket("acme", "Acme Air", "Europe/Riga", REPORT.window, datetime(2026, 11, 16, 6, tzinfo=UTC), "m-1", gap, gap.quotes)


def explained() -> tuple[Breakdown, GapReport]:
    before, after = halves(TWELVE_WEEKS, "week")
    sure = (0.9, 0.05, 0.05)
    breakdown = Breakdown(
        before,
        after,
        topics_before=(TopicRow("shop", "on-time", "negative", sure, 30), TopicRow("shop", "", "positive", (0.02, 0.08, 0.9), 60)),
        topics_after=(TopicRow("shop", "on-time", "negative", sure, 60), TopicRow("shop", "", "positive", (0.02, 0.08, 0.9), 30)),
        dimensions=("region",),
        moods=(MoodRow("region", "north", "negative", sure, 90), MoodRow("region", "south", "positive", (0.02, 0.08, 0.9), 90)),
        sides=(SideRow("region", "north", "on-time", "broken", 40), SideRow("region", "south", "on-time", "kept", 60)),
        quantities=(QuantityRow("on-time", "2 hours", "broken", 20),),
    )
    given = evidence(
        sentiment=[*moods(SINCE, 30, 0, 60), *moods(after.since, 60, 0, 30)], stances=weekly(ON_TIME, [(8, 2)] * 6 + [(2, 8)] * 6)
    )
    return breakdown, build_gap(given, breakdown=breakdown)


class TestTogether:
    def test_a_report_without_a_breakdown_explains_nothing(self) -> None:
        assert build_gap(evidence(stances=weekly(ON_TIME, [(8, 2)] * 6))).findings == Findings()

    def test_everything_that_was_loaded_is_explained(self) -> None:
        _, report = explained()
        found = report.findings
        assert found.movement is not None
        assert found.movement.delta == pytest.approx(-66, abs=8)
        assert [one.between for one in found.consistency] == ["week", "region"]
        assert all(one.p is not None and one.p < 0.01 for one in found.consistency)
        assert [segment.net.differs for segment in found.segmentations[0].segments] == [True, True]
        assert [one.n for one in found.concentration] == [90, 60]
        assert found.numbers == ()

    def test_the_same_evidence_gives_the_same_findings(self) -> None:
        assert explained()[1].findings == explained()[1].findings


class TestFormats:
    @pytest.mark.parametrize("kind", ["html", "md"])
    def test_sentences_and_figures_of_every_finding_are_told(self, kind: str) -> None:
        written = render_gap(REPORT, kind)  # type: ignore[arg-type]
        text = words(Page(written).text if kind == "html" else re.sub(r"\\(.)", r"\1", written))
        assert FINDINGS.movement is not None
        for sentence in (FINDINGS.movement.sentence, FINDINGS.numbers[0].sentence, FINDINGS.concentration[0].sentence):
            assert words(sentence) in text
        for told in ("−10.6", "By region", "Cirrus", "north and", "±21"):
            assert told in text

    def test_a_competitor_that_differs_is_told_in_a_sentence_and_one_that_may_not_is_none(self) -> None:
        (line,) = rival_lines(REPORT)
        assert "keeps “We depart on time, every time” better than Acme Air: in 83 of 100 cases against 74" in line
        assert "(−9, −16 to −1; n = 190 and 307)" in line
        alike = replace(FINDINGS.competitors[1], promises=tuple(replace(one, p=0.2) for one in FINDINGS.competitors[1].promises))
        findings = replace(FINDINGS, competitors=(FINDINGS.competitors[0], alike))
        assert not list(rival_lines(replace(REPORT, findings=findings)))

    def test_without_findings_their_sections_are_left_out(self) -> None:
        page = Page(render_gap(replace(REPORT, findings=Findings()), "html"))
        assert not {"moved", "numbers", "segments-1", "competitors", "reliance"} & {
            one["id"] for _, one in page.elements if "id" in one
        }
        assert "## What moved" not in render_gap(replace(REPORT, findings=Findings()), "md")

    def test_json_has_null_for_what_is_insufficient_and_terms_that_sum(self) -> None:
        found = json.loads(render_gap(REPORT, "json"))["findings"]
        moved = found["moved"]
        assert sum(term["points"] for term in moved["terms"]) == pytest.approx(moved["delta"], abs=0.002)
        assert found["numbers"][1]["median"] is None
        assert found["concentration"][2]["authors"] is None
        assert found["consistency"][2]["spread"] is None
        assert found["segments"][0]["segments"][2]["net"] == {"value": None, "interval": None, "n": 5, "p": None, "differs": False}
        assert found["competitors"][2]["share"] is None

    def test_csv_has_a_cell_for_every_column_and_none_for_what_is_insufficient(self) -> None:
        rows = list(csv.DictReader(io.StringIO(render_gap(REPORT, "csv"))))
        assert all(None not in row and None not in row.values() for row in rows)
        by_id = {row["id"]: row for row in rows}
        assert (by_id["on-time"]["window_delta"], by_id["carbon"]["window_delta"]) == ("-36.8", "")
        assert (by_id["answers"]["median_figure"], by_id["answers"]["figure_unit"], by_id["bags"]["median_figure"]) == (
            "0.1",
            "hours",
            "",
        )


class TestCharts:
    def test_the_bars_of_a_change_are_told_in_words_too(self) -> None:
        assert FINDINGS.movement is not None
        for size in (WIDE, NARROW):
            chart = movement_chart(FINDINGS.movement, size)
            assert "tone −10.6 (−14 to −7)" in chart
            assert chart.count('<rect class="term') == 4
        assert movement_chart(replace(FINDINGS.movement, delta=None, interval=None)) == ""

    def test_a_segment_without_evidence_has_no_mark(self) -> None:
        assert "<circle" in measured_row(Measured(40.0, (30.0, 50.0), 90), -100, 100, "north")
        empty = measured_row(Measured(None, None, 5), -100, 100, "north")
        assert "<circle" not in empty
        assert "insufficient evidence, n = 5" in empty.replace("\N{NO-BREAK SPACE}", " ")

    def test_figures_far_off_are_counted_and_not_drawn(self) -> None:
        found = FINDINGS.numbers[0]
        chart = number_chart(found)
        assert beyond(found) == 1
        assert chart.count('class="bar"') == 6
        assert "median 6 minutes" in chart
        assert number_chart(FINDINGS.numbers[1]) == ""

    def test_every_place_of_a_drawing_lies_within_it(self) -> None:
        rng = np.random.default_rng(2)
        for _ in range(30):
            values = tuple(
                sorted((float(value), int(n)) for value, n in zip(rng.lognormal(2, 3, 8), rng.integers(1, 9, 8), strict=True))
            )
            middle = values[4][0]
            chart = number_chart(replace(FINDINGS.numbers[0], values=values, median=middle, interval=(middle, middle * 1.5)))
            width = float(re.findall(r'viewBox="0 0 (\d+)', chart)[0])
            assert all(-1 <= float(x) <= width for x in re.findall(r'(?: x| x1| x2)="([-\d.]+)"', chart))

    @pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
    def test_words_beside_a_drawing_have_room_in_every_language(self, locale: str) -> None:
        assert FINDINGS.movement is not None
        rng = np.random.default_rng(3)
        with read_in(locale):
            drawn = [movement_chart(FINDINGS.movement, size) for size in (WIDE, NARROW)]
            drawn += [delivery_chart(gap, "week", size) for gap in REPORT.promises for size in (WIDE, NARROW)]
            for _ in range(30):
                low, middle = sorted(rng.lognormal(-1, 2, 2))
                measured = replace(FINDINGS.numbers[0], median=low, interval=(low, middle), values=((low, 3), (middle, 2)))
                drawn.append(number_chart(measured))
        for chart in drawn:
            _, _, width, _ = map(float, re.findall(r'viewBox="([^"]+)"', chart)[0].split())
            for start, end, _ in labels(chart):
                assert start >= 0
                assert end <= width

    def test_no_two_ticks_of_a_figure_touch_and_its_median_keeps_off_the_promised_line(self) -> None:
        for hours in (0.02, 0.05, 0.2, 1.0, 3.0, 40.0):
            found = replace(
                FINDINGS.numbers[0], median=hours, interval=(hours, 1.2 * hours), values=((0.004, 2), (hours, 3), (60, 1))
            )
            chart = number_chart(found)
            ticks = sorted(one for one in labels(chart, "tick"))
            assert all(first[1] <= second[0] for first, second in pairwise(ticks))
            (promised,) = (float(x) for x in re.findall(r'class="expected" x1="([-\d.]+)"', chart))
            ((start, end, _),) = labels(chart, "label strong")
            assert not start < promised < end


def labels(chart: str, style: str = 'label[^"]*') -> list[tuple[float, float, str]]:
    """Where each label begins and ends, at 6.5 units a letter: as wide as a browser sets them."""
    found = []
    for x, anchor, said in re.findall(rf'<text class="{style}" x="([-\d.]+)" y="[^"]*" text-anchor="(\w+)">([^<]*)<', chart):
        wide = 6.5 * len(said)
        start = float(x) - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        found.append((start, start + wide, said))
    return found


class TestDocket:
    @pytest.mark.parametrize("kind", ["html", "md", "json", "csv"])
    def test_every_quote_stands_in_every_format(self, kind: DocketFormat) -> None:
        written = render_docket(docket(), kind)
        text = words(Page(written).text if kind == "html" else re.sub(r"\\(.)", r"\1", written))
        for quote in docket().quotes[:4]:
            assert words(quote.passage) in text.replace("**", "")

    def test_a_page_escapes_what_customers_wrote_and_links_to_the_web_alone(self) -> None:
        written = render_docket(docket(), "html")
        assert "<script>alert" not in written
        assert not [one["href"] for one in Page(written).all("a") if not one["href"].startswith("https://")]

    def test_a_spreadsheet_runs_no_formula_of_a_customer(self) -> None:
        nasty = replace(docket().quotes[0], passage="=HYPERLINK(1)", author="@SUM(A1)")
        (row,) = csv.DictReader(io.StringIO(render_docket(replace(docket(), quotes=(nasty,)), "csv")))
        assert (row["quote"], row["author"]) == ("'=HYPERLINK(1)", "'@SUM(A1)")

    def test_a_promise_of_which_nobody_speaks_says_so(self) -> None:
        empty = replace(docket(), quotes=())
        assert "Nobody said so." in render_docket(empty, "md")
        assert Page(render_docket(empty, "html")).text.count("Nobody said so.") == 2
