"""The scorecard: what customers say of ten pillars, beside what the company says of itself."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.reading import PILLARS
from reports.evidence import Coverage, ModelFacts, Quote, VoiceRow, Window
from reports.render_scorecard import render_scorecard
from reports.scorecard import MOST_FIRST, build_scorecard, latest_ratings
from reports.scorecard_records import RatedRow, ScorecardEvidence, SelfRating

DAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)


def evidence(*rows: RatedRow, ratings: tuple[SelfRating, ...] = (), stages: tuple[RatedRow, ...] = ()) -> ScorecardEvidence:
    window = Window(date(2026, 9, 1), date(2026, 11, 22))
    coverage, model = Coverage(900, 880, 20), ModelFacts("test-1")
    return ScorecardEvidence("acme", "Acme Air", "Europe/Riga", window, NOW, rows, stages, ratings, {}, coverage, model)


def voices(name: str, good: int, bad: int) -> tuple[RatedRow, RatedRow]:
    return RatedRow(DAY, name, True, good), RatedRow(DAY, name, False, bad)


def rating(by: str, on: date = DAY, **ratings: float) -> SelfRating:
    return SelfRating(by, on, {name.replace("_", " "): value for name, value in ratings.items()})


def pillar(card: object, name: str) -> object:
    return next(one for one in card.pillars if one.name == name)  # type: ignore[attr-defined]


def test_all_ten_pillars_stand_in_their_own_order_whatever_was_heard() -> None:
    assert tuple(one.name for one in build_scorecard(evidence()).pillars) == PILLARS


def test_a_pillar_of_which_half_speak_well_is_a_three() -> None:
    card = build_scorecard(evidence(*voices("people", 500, 500)))
    score = pillar(card, "people")
    assert score.customers == pytest.approx(3.0, abs=0.02)
    assert score.interval[0] < 3.0 < score.interval[1]


def test_too_few_voices_give_no_score_and_never_a_one() -> None:
    score = pillar(build_scorecard(evidence(*voices("people", 0, 11))), "people")
    assert (score.customers, score.interval, score.difference) == (None, None, None)
    assert "insufficient evidence" in score.sentence


def test_a_copied_text_weighs_as_one_voice() -> None:
    rows = tuple(RatedRow(DAY, "people", False, 1000, story=7) for _ in range(1))
    assert pillar(build_scorecard(evidence(*rows)), "people").customers is None


def test_the_own_rating_is_the_mean_of_the_latest_of_each_person() -> None:
    given = (rating("Anna", date(2026, 1, 1), people=1), rating("anna", people=4), rating("Ben", people=5))
    score = pillar(build_scorecard(evidence(ratings=given)), "people")
    assert (score.own, score.own_range, score.raters) == (4.5, (4, 5), 2)
    assert len(latest_ratings(given)) == 2


def test_the_difference_is_how_much_higher_the_company_rates_itself() -> None:
    card = build_scorecard(evidence(*voices("people", 300, 300), ratings=(rating("Anna", people=5),)))
    assert pillar(card, "people").difference == pytest.approx(2.0, abs=0.02)
    assert any("people" in line.lower() and "widest difference" in line for line in card.headlines)


def test_totals_are_over_the_same_pillars() -> None:
    """A company that rates ten pillars is not set against customers who speak of two."""
    everything = SelfRating("Anna", DAY, dict.fromkeys(PILLARS, 5.0))
    card = build_scorecard(evidence(*voices("people", 500, 500), *voices("friction", 500, 500), ratings=(everything,)))
    assert (card.total.own, card.total.most, card.own_total) == (10, 10, 50)
    assert card.total.customers == pytest.approx(6.0, abs=0.05)
    assert card.total.interval[0] < card.total.customers < card.total.interval[1]


def test_without_a_rating_of_each_measured_pillar_there_is_no_own_total() -> None:
    card = build_scorecard(evidence(*voices("people", 50, 50), *voices("friction", 50, 50), ratings=(rating("Anna", people=3),)))
    assert card.total.own is None
    assert "has not rated itself" in card.headlines[0]


def test_what_customers_care_about_is_worked_on_first() -> None:
    rows = (*voices("people", 200, 100), *voices("friction", 200, 100), *voices("content", 200, 100))
    moods: list[VoiceRow] = []
    for name in ("people", "friction", "content"):
        # Of friction the mood follows what was lived; of the others it has nothing to do with it.
        for side, label, n in (("kept", "positive", 100), ("broken", "negative", 100)):
            other = label if name == "friction" else "negative" if label == "positive" else "positive"
            moods += [VoiceRow(label, ((name, side),), n), VoiceRow(other, ((name, side),), n)]  # type: ignore[arg-type]
    card = build_scorecard(replace(evidence(*rows), voices=tuple(moods)))
    assert card.first[0] == "friction"
    assert 2 <= len(card.first) <= MOST_FIRST
    weights = {one.name: one.importance for one in card.pillars if one.importance is not None}
    assert sum(weights.values()) == pytest.approx(1)
    assert weights["friction"] > 0.9
    for one in card.pillars:
        assert (one.importance is None) == (one.importance_interval is None)
        if one.importance is not None:
            assert one.importance_interval[0] <= one.importance <= one.importance_interval[1]


def test_pillars_that_are_not_measured_have_no_importance_and_moods_that_never_vary_explain_nothing() -> None:
    told = (VoiceRow("negative", (("people", "broken"),), 40), VoiceRow("positive", (("content", "kept"),), 5))
    card = build_scorecard(replace(evidence(*voices("people", 20, 20), *voices("content", 5, 0)), voices=told))
    assert pillar(card, "content").importance is None
    flat = build_scorecard(replace(evidence(*voices("people", 20, 20)), voices=told[:1]))
    assert pillar(flat, "people").importance is None


def test_a_pillar_that_surely_does_well_is_not_worked_on() -> None:
    assert "people" not in build_scorecard(evidence(*voices("people", 990, 10), *voices("friction", 100, 100))).first


def test_stages_are_rated_as_pillars_are() -> None:
    card = build_scorecard(evidence(stages=voices("receive", 300, 300)))
    (receive,) = (one for one in card.stages if one.name == "receive")
    assert receive.customers == pytest.approx(3.0, abs=0.02)
    assert build_scorecard(evidence()).stages == ()


@given(st.lists(st.tuples(st.sampled_from(PILLARS), st.booleans(), st.integers(0, 60), st.integers(0, 3)), max_size=40))
def test_whatever_is_heard_scores_lie_between_one_and_five_inside_their_intervals(rows: list[tuple[str, bool, int, int]]) -> None:
    card = build_scorecard(evidence(*(RatedRow(DAY, *row) for row in rows)))
    for score in card.pillars:
        assert (score.customers is None) == (score.interval is None)
        if score.customers is not None:
            assert 1 <= score.interval[0] <= score.customers <= score.interval[1] <= 5
    assert (card.total.customers is None) == (card.total.pillars == 0)


def full() -> ScorecardEvidence:
    quote = Quote(
        1, "<b>Late</b> again | and rude", "<b>Late</b> again", "https://x.example/1", "forum", "jo", NOW, 0.9, label="negative"
    )
    rows = (*voices("people", 30, 70), *voices("friction", 80, 20))
    return replace(evidence(*rows, ratings=(rating("Anna <x>", people=5, friction=4),)), quotes={"people": (quote,)})


def test_the_page_shows_both_columns_and_lets_no_markup_through() -> None:
    page = render_scorecard(build_scorecard(full()), "html")
    assert "<b>Late</b>" not in page
    assert "&lt;b&gt;Late" in page
    assert "Anna &lt;x&gt;" in page
    assert "work on first" in page


def test_markdown_json_and_csv_say_the_same_numbers() -> None:
    card = build_scorecard(full())
    people = pillar(card, "people")
    shown = json.loads(render_scorecard(card, "json"))
    assert next(one for one in shown["pillars"] if one["name"] == "people")["customers"] == round(people.customers, 2)
    assert next(one for one in shown["pillars"] if one["name"] == "content")["customers"] is None
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(render_scorecard(card, "csv")))}
    assert rows["people"]["customers"] == str(round(people.customers, 2))
    assert rows["content"]["customers"] == ""
    assert f"| people | 5.0 | {people.customers:.1f}" in render_scorecard(card, "md")
