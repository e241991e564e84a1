"""The causes report in its formats: nothing of a customer's text gets out of its place, and nothing is said of nothing."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from reports.causes import build_causes, news
from reports.causes_records import CauseEvidence, CauseReach, CauseRow, KnownCause
from reports.evidence import AdvertisedPromise, ModelFacts, Quote, Window
from reports.render_causes import render_causes

SINCE = date(2026, 6, 1)
WINDOW = Window(SINCE, SINCE + timedelta(weeks=12))
EVIL = '<script>alert("1")</script> | =1+1 [x](http://evil.example)'


def evidence(name: str = "The courier left it in the rain", covered: date | None = None) -> CauseEvidence:
    days = [SINCE + timedelta(days=day) for day in range(84)]
    quote = Quote(1, name, name, "https://example.org/1", "reviews", "ann", datetime(2026, 8, 1, tzinfo=UTC), 0.9)
    rows = [CauseRow(day, 1, 1) for day in days[::4]] + [CauseRow(day, 2, 2) for day in days[70:]]
    return CauseEvidence(
        brand="acme",
        brand_name="Acme Air",
        timezone="Europe/Riga",
        window=WINDOW,
        every="week",
        generated=datetime(2026, 8, 24, tzinfo=UTC),
        causes=(
            KnownCause(1, name, "covered" if covered else "open", SINCE, covered, "A box at the door" if covered else ""),
            KnownCause(2, "Nobody answers the phone", "open", days[70]),
        ),
        rows=tuple(rows),
        heard=dict.fromkeys(days, 20),
        reach={1: CauseReach(20, 21, {"bags": 3}, {"friction": 3}), 2: CauseReach(28, 28, {}, {})},
        quotes={1: (quote,)},
        complaining=45,
        explained=44,
        promises=(AdvertisedPromise("bags", "Your bags arrive with you."),),
        model=ModelFacts("m1"),
        cost=35.0,
        currency="EUR",
    )


def test_the_larger_cause_comes_first_and_what_is_new_is_told() -> None:
    report = build_causes(evidence())
    assert [(one.id, one.voices, one.stage) for one in report.causes] == [(2, 28, "new"), (1, 21, "steady")]
    assert [one.id for one in news(evidence())] == [2]
    assert report.unexplained == 1
    assert "Nobody answers the phone" in report.headlines[0]
    assert [(one.pillar, one.cause.id) for one in report.improvements] == [("friction", 1), ("", 2)]


def test_every_figure_has_its_interval_and_the_cost_follows_the_voices() -> None:
    for one in build_causes(evidence()).causes:
        assert one.share_interval is not None
        assert one.rate_interval is not None
        assert one.cost_interval is not None
        assert one.share is not None
        assert one.cost == 35 * one.voices
        assert one.share_interval[0] < one.share < one.share_interval[1]
        assert one.cost_interval[0] < one.cost < one.cost_interval[1]


def test_without_a_cost_in_the_configuration_no_format_speaks_of_money() -> None:
    report = build_causes(replace(evidence(), cost=None, currency=""))
    assert ">Cost<" not in render_causes(report, "html")
    assert "| cost |" not in render_causes(report, "md")
    assert json.loads(render_causes(report, "json"))["causes"][0]["cost"] is None


@pytest.mark.parametrize("format_", ["html", "md", "json", "csv"])
def test_a_brand_of_which_nobody_complains_has_a_report(format_: str) -> None:
    nothing = replace(evidence(), causes=(), rows=(), heard={}, reach={}, quotes={}, complaining=0, explained=0)
    text = render_causes(build_causes(nothing), format_)
    assert "nan" not in text.lower().replace("nano", "")
    if format_ in {"html", "md"}:
        assert "Nobody complained in this time." in text


def test_customers_words_stay_text_in_every_format() -> None:
    report = build_causes(evidence(EVIL))
    page = render_causes(report, "html")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "[x](http" not in render_causes(report, "md")
    rows = list(csv.DictReader(io.StringIO(render_causes(build_causes(evidence("=1+1")), "csv"))))
    assert [row["name"] for row in rows] == ["Nobody answers the phone", "'=1+1"]
    assert json.loads(render_causes(report, "json"))["causes"][1]["name"] == EVIL


def test_a_cover_is_told_with_its_proof_and_stands_in_the_chart() -> None:
    report = build_causes(evidence(covered=SINCE + timedelta(weeks=6)))
    told = next(one for one in report.causes if one.id == 1)
    assert told.proof is not None
    page = render_causes(report, "html")
    assert "A box at the door" in page
    assert "covered 13 Jul" in page
    assert json.loads(render_causes(report, "json"))["causes"][1]["proof"]["verdict"] == told.proof.proof


def test_the_order_of_rows_changes_nothing() -> None:
    given = evidence()
    turned = replace(given, rows=given.rows[::-1], heard=dict(reversed(list(given.heard.items()))))
    assert build_causes(turned) == build_causes(given)
