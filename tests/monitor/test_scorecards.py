"""Scorecards from the store: one vote a voice and pillar, and what people in the company said."""

import json
from datetime import date
from pathlib import Path

import pytest

from models.reading import Passage, PromiseMatch, Reading, Sentiment
from monitor.cli import run
from monitor.store import Brand, Store
from reports.evidence import AdvertisedPromise, VoiceRow
from reports.scorecard_records import RatedRow, SelfRating
from tests.monitor.store_builders import BAD, GOOD, JUNE, NOON, keep, mention, read, said

ACME = Brand("acme", "Acme Air", "UTC", (AdvertisedPromise("on-time", "We depart on time.", "friction"),))
DAY = date(2026, 6, 1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    with Store(tmp_path / "store.db") as opened:
        opened.brands.sync([ACME])
        yield opened


def passage(
    mood: Sentiment, pillar: str | None, *promises: PromiseMatch, experience: str | None = "first-hand", start: int = 0
) -> Passage:
    return Passage(start, start + 6, mood, pillar, experience, promises)


def reads(store: Store, *passages: Passage) -> None:
    read(store, Reading("en", GOOD, "", passages, "m1"))


def rows(store: Store) -> set[tuple[str, bool, int]]:
    return {(row.name, row.good, row.n) for row in store.scorecards.load("acme", JUNE, {}, (), NOON).pillars}


def test_a_passage_counts_for_the_pillar_it_speaks_of(store: Store) -> None:
    keep(store, mention("1"), mention("2"))
    reads(store, passage(BAD, "people"))
    assert rows(store) == {("people", False, 2)}


def test_a_promise_that_was_kept_counts_for_its_own_pillar_however_the_passage_feels(store: Store) -> None:
    keep(store, mention("1"))
    reads(store, passage(BAD, "people", said("on-time", "kept")))
    assert rows(store) == {("friction", True, 1)}


def test_a_voice_has_one_vote_for_a_pillar_and_may_speak_of_several(store: Store) -> None:
    keep(store, mention("1"))
    reads(store, passage(BAD, "people"), passage(Sentiment(0.0, 0.1, 0.9), "people", start=7), passage(BAD, "content", start=14))
    assert rows(store) == {("people", True, 1), ("content", False, 1)}


def test_the_mood_of_a_voice_stands_beside_the_pillars_that_it_speaks_well_or_badly_of(store: Store) -> None:
    keep(store, mention("1"), mention("2"))
    reads(store, passage(BAD, "people"), passage(BAD, None, said("on-time", "kept"), start=7))
    found = store.scorecards.load("acme", JUNE, {}, (), NOON).voices
    assert found == (VoiceRow("positive", (("friction", "kept"), ("people", "broken")), 2, 0),)


def test_hearsay_neutral_words_copies_and_the_brand_itself_do_not_count(store: Store) -> None:
    text = "Acme Air was late again today, and nobody there said a single word about it."
    keep(store, mention("1", text, author="jo"), mention("2", text, author="jo"))
    reads(store, passage(BAD, "people"))
    assert rows(store) == {("people", False, 1)}
    keep(store, mention("3"), mention("4", voice="brand"))
    reads(store, passage(BAD, "content", experience="news"), passage(Sentiment(0.1, 0.8, 0.1), "advertising", start=7))
    assert rows(store) == {("people", False, 1)}


def test_quotes_behind_a_pillar_are_the_surest_of_each_side(store: Store) -> None:
    keep(store, mention("1"))
    reads(store, passage(BAD, "people"))
    (quote,) = store.scorecards.load("acme", JUNE, {}, (), NOON).quotes["people"]
    assert (quote.passage, quote.label) == ("My bag", "negative")


def test_a_stage_is_told_by_the_promises_that_belong_to_it(store: Store) -> None:
    keep(store, mention("1"))
    reads(store, passage(GOOD, None, said("on-time", "kept")))
    assert store.scorecards.load("acme", JUNE, {"on-time": "receive"}, (), NOON).stages == (RatedRow(DAY, "receive", True, 1),)


def test_who_rates_twice_in_a_day_has_changed_their_mind(store: Store) -> None:
    store.scorecards.rate("acme", SelfRating("Anna", DAY, {"people": 2.0, "content": 3.0}))
    store.scorecards.rate("acme", SelfRating("Anna", DAY, {"people": 4.0}))
    assert store.scorecards.ratings("acme") == (SelfRating("Anna", DAY, {"people": 4.0}),)
    assert store.scorecards.forget_ratings("acme", "Anna") == 1
    assert store.scorecards.ratings("acme") == ()


CONFIG = """[[brand]]
id = "acme"
name = "Acme"
[[brand.promise]]
id = "on-time"
text = "We depart on time."
stage = "receive"
[[brand.assessment]]
by = "Ben"
on = 2026-11-01
ratings = { people = 2, "digital experience" = 4.5 }
"""


@pytest.fixture
def configured(here: Path) -> Path:
    (here / "promisewatch.toml").write_text(CONFIG, encoding="utf-8")
    return here / "promisewatch.toml"


@pytest.mark.usefixtures("configured")
def test_ratings_of_the_configuration_and_of_the_command_line_meet(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["assess", "rate", "--by", "Anna", "--set", "people=4"]) == 0
    capsys.readouterr()
    assert run(["scorecard", "--format", "json"]) == 0
    people = next(one for one in json.loads(capsys.readouterr().out)["pillars"] if one["name"] == "people")
    assert (people["own"], people["own_range"], people["raters"], people["customers"]) == (3.0, [2.0, 4.0], 2, None)
    assert run(["assess", "list", "--format", "json"]) == 0
    assert [one["by"] for one in json.loads(capsys.readouterr().out)] == ["Ben", "Anna"]
    assert run(["assess", "forget", "--by", "Anna"]) == 0
    assert run(["assess", "forget", "--by", "Anna"]) == 1


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize("given", ["people=6", "people", "kindness=3", "people="])
def test_a_rating_that_is_none_is_refused(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["assess", "rate", "--set", given]) == 2
    assert "Error" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wrong", "told"), [("people = 6", "1 (not at all)"), ("kindness = 3", "the ten are"), ("people = true", "1 (not at all)")]
)
def test_a_rating_in_the_configuration_is_checked(
    wrong: str, told: str, configured: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configured.write_text(CONFIG.replace("people = 2", wrong), encoding="utf-8")
    assert run(["scorecard"]) == 2
    assert told in capsys.readouterr().err
