"""Cases in the dashboard: the queue, and what people do with a case; hostile words stay words."""

import json
from datetime import timedelta

import pytest

from monitor.app import App
from monitor.case_watch import open_due_cases
from monitor.config import load
from monitor.pipeline import prepare
from tests.monitor.store_builders import BAD, keep, mention, read, reading
from tests.monitor.web.client import Client
from tests.monitor.web.conftest import CONFIG, NOW, Clock, ShownBy

HOSTILE = "<script>alert(1)</script> how do I cancel?"
DESK = """[[brand]]
id = "beta"
name = "Beta Bank"
[[channel]]
name = "desk"
address = "webhook+https://tickets.example/in?key=secret"
[cases]
hand_off_to = ["desk"]
"""
LATE, SOON = NOW - timedelta(days=2), NOW - timedelta(hours=1)


@pytest.fixture
def app(app: App) -> App:
    app.config_path.write_text(CONFIG + DESK, encoding="utf-8")
    assert load(app.config_path).cases.hand_off_to == ("desk",)
    return app


@pytest.fixture
def filled(app: App, client: Client) -> Client:
    """Two customers wait, one of them since the day before yesterday."""
    with app.open_store() as store:
        prepare(store, app.config)
        waiting = mention("1", "Where is my bag, Acme?", author="ann", published=LATE)
        hostile = mention("2", HOSTILE, author="<b>jo", published=SOON, url="javascript:alert(1)")
        keep(store, waiting, hostile, now=NOW)
        read(store, reading(BAD))
        open_due_cases(store, app.config, NOW)
    return client


def history(client: Client) -> str:
    return client.get("/cases/1").words.partition("What was done")[2]


def test_without_cases_it_says_how_they_come(client: Client) -> None:
    words = client.get("/cases").words
    assert "Nobody waits for an answer" in words
    assert "promisewatch cases preview" in words


def test_the_most_urgent_comes_first_and_who_waits_too_long_is_told(filled: Client) -> None:
    page = filled.get("/cases")
    assert "2 customers wait for an answer. 1 waits longer than promised." in page.words
    assert page.words.index("Where is my bag") < page.words.index("how do I cancel")
    assert page.text.count("<h1") == 1
    assert "Time to answer: insufficient evidence" in page.words


def test_filters_stand_in_the_address(filled: Client) -> None:
    filled.get("/cases/1")
    filled.post("/cases/1", do="take")
    assert "Where is my bag" in filled.get("/cases?owner=local").words
    assert "how do I cancel" not in filled.get("/cases?owner=local").words
    assert "Where is my bag" not in filled.get("/cases?owner=-").words
    assert "There is no such case" in filled.get("/cases?status=closed").words
    assert filled.get("/cases?status=lost").status == 400
    assert filled.get("/cases?from=x").status == 400


def test_a_case_shows_what_was_said_why_it_is_one_and_until_when(filled: Client) -> None:
    words = filled.get("/cases/1").words
    assert "Where is my bag, Acme?" in words
    assert "Waits since 18 June 2026, 09:00; to be answered until 18 June 2026, 17:00" in words
    assert "Waits for something" in words
    assert filled.get("/cases/99").status == 404


def test_every_act_is_in_its_history_with_who_did_it(filled: Client) -> None:
    filled.get("/cases/1")
    for fields in (
        {"do": "take"},
        {"do": "note", "text": "rang her"},
        {"do": "answer", "link": "https://acme.example/answer", "at": "2026-06-19T10:00"},
        {"do": "close", "why": "she has it"},
        {"do": "reopen", "why": "not hers"},
        {"do": "give"},
    ):
        assert filled.post("/cases/1", **fields).status == 303
    told = history(filled)
    for said in (
        "Taken: local",
        "Noted: rang her",
        "19 June 2026, 10:00 local Answered",
        "Closed: she has it",
        "Reopened: not hers",
    ):
        assert said in told
    assert 'href="https://acme.example/answer"' in filled.get("/cases/1").text
    assert "nobody has it" in filled.get("/cases/1").words
    assert "opened again case 1" in filled.get("/settings").words


def test_a_case_is_given_to_a_colleague_who_may_answer(filled: Client, shown_by: ShownBy) -> None:
    shown_by("rita", "reader")
    show = shown_by("eva", "editor")
    words = filled.get("/cases/1", **show).words
    assert "Give it to eva Give" in words
    assert filled.post("/cases/1", csrf="", headers=show, do="give", owner="eva").status == 303
    assert "eva has it" in filled.get("/cases/1", **show).words
    assert "eva Taken: eva" in filled.get("/cases/1", **show).words


def test_what_was_answered_waits_no_more(filled: Client) -> None:
    filled.get("/cases/1")
    filled.post("/cases/1", do="answer")
    assert "1 customer waits for an answer." in filled.get("/cases").words


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "note", "text": " "},
        {"do": "answer", "at": "2026-06-21T10:00"},
        {"do": "answer", "at": "2026-06-01T10:00"},
        {"do": "answer", "at": "soon"},
        {"do": "hand off", "to": "https://elsewhere.example"},
        {"do": "burn"},
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(fields: dict[str, str], filled: Client) -> None:
    before = history(filled)
    assert filled.post("/cases/1", **fields).status == 400
    assert history(filled) == before
    assert filled.post("/cases/99", do="take").status == 404


def test_a_case_is_handed_off_once_and_no_address_is_shown(app: App, filled: Client) -> None:
    assert "tickets.example" not in filled.get("/cases/1").text
    assert filled.post("/cases/1", do="hand off", to="desk").status == 303
    again = filled.post("/cases/1", do="hand off", to="")
    assert again.status == 400
    assert "handed off before" in again.words
    with app.open_store() as store:
        assert [one.message.key for one in store.outbox.messages()] == ["case:1:1"]


def test_a_breach_is_seen_as_time_goes_by(clock: Clock, filled: Client) -> None:
    clock.now = NOW + timedelta(days=1, hours=5)
    assert "2 customers wait" in filled.get("/cases").words
    clock.now = NOW + timedelta(days=2, hours=7, minutes=30)
    assert "Time runs out for 1." in filled.get("/cases").words
    clock.now = NOW + timedelta(days=2, hours=9)
    assert "2 wait longer than promised" in filled.get("/cases").words


def test_an_address_without_its_brand_leads_to_it(filled: Client) -> None:
    assert filled.get("/cases/1?brand=acme").status == 200
    other = filled.get("/cases/1?brand=beta")
    assert (other.status, other.headers["Location"]) == (303, "/cases/1?brand=acme")


def test_hostile_words_stay_words(filled: Client) -> None:
    filled.get("/cases/2")
    filled.post("/cases/2", do="note", text="<script>alert(2)</script>")
    filled.post("/cases/2", do="give", owner="<script>alert(3)</script>")
    filled.post("/cases/2", do="answer", link="javascript:alert(4)")
    filled.assert_harmless("/cases", "/cases/2", "/cases?owner=%3Cscript%3Ealert&status=")
    assert "<script>alert(1)</script> how do I cancel?" in filled.get("/cases/2").words


def test_the_queue_can_be_taken_along(filled: Client) -> None:
    rows = filled.table("/cases.csv")
    assert [row["author"] for row in rows] == ["ann", "<b>jo"]
    assert [one["id"] for one in json.loads(filled.get("/cases.json").text)] == [1, 2]
    assert filled.get("/cases.exe").status == 404
    filled.get("/cases/1")
    filled.post("/cases/1", do="note", text="=1+1")
    assert "/cases/1/history.csv" in filled.get("/cases/1").text
    assert [(row["who"], row["what"], row["detail"]) for row in filled.table("/cases/1/history.csv")] == [
        ("promisewatch", "opened", ""),
        ("local", "noted", "'=1+1"),
    ]
    assert filled.get("/cases/99/history.csv").status == 404
