"""Causes in the dashboard: seen, sized, covered, opened again and renamed; hostile words stay words."""

import re
from datetime import timedelta

import pytest

from monitor.app import App
from monitor.causes import find_due_causes
from monitor.pipeline import prepare
from tests.monitor.store_builders import keep, mention, read
from tests.monitor.test_causes import embedder, negative
from tests.monitor.web.client import Client
from tests.monitor.web.conftest import NOW

PHONE = "Nobody answers the phone, call {}"
HOSTILE = "<script>alert(1)</script> refund never came, ticket {}"


@pytest.fixture
def filled(app: App, client: Client) -> Client:
    """Eight complain of the phone and, in hostile words, six of refunds."""
    with app.open_store() as store:
        prepare(store, app.config)
        said = [*(PHONE.format(at) for at in range(8)), *(HOSTILE.format(at) for at in range(6))]
        told = [
            mention(str(at), text, author=f"<b>jo {at}", published=NOW - timedelta(days=3), url=f"javascript:alert({at})")
            for at, text in enumerate(said)
        ]
        keep(store, *told, now=NOW)
        read(store, negative)
        find_due_causes(store, app.config, embedder(), NOW)
    return client


def test_without_complaints_it_says_what_to_do_first(app: App, client: Client) -> None:
    assert "promisewatch collect --all" in client.get("/causes").words
    with app.open_store() as store:
        keep(store, mention("1", published=NOW - timedelta(days=3)), now=NOW)
    words = client.get("/causes").words
    assert "No cause is shared by enough customers yet" in words
    assert "promisewatch causes find" in words


def test_causes_are_listed_with_their_size_and_lead_to_who_complains(filled: Client) -> None:
    page = filled.get("/causes")
    assert "Nobody answers the phone" in page.words
    assert "8 33–79 %" in page.words
    rows = "/mentions?voice=customer&since=2026-03-29&until=2026-06-21&cause=1"
    assert rows.replace("&", "&amp;") in page.text
    found = filled.get(rows).words
    assert "call 3" in found
    assert "ticket" not in found


def test_a_window_stands_in_the_address(filled: Client) -> None:
    assert "Nobody complained" in filled.get("/causes?since=2026-01-01&until=2026-02-01").words
    assert filled.get("/causes?since=2026-02-01&until=2026-01-01").status == 400


def test_a_cause_shows_its_words_and_where_they_stand(filled: Client) -> None:
    page = filled.get("/causes/1")
    assert page.text.count("<h1") == 1
    assert "8 customers, 57 % of all who complained" in page.words
    assert re.search(r'href="/mentions/[1-8]">.*Nobody answers the phone, call', page.text)
    assert "Formed" in page.words


def test_a_cause_that_is_not_there_is_told(filled: Client) -> None:
    page = filled.get("/causes/99")
    assert page.status == 404
    assert "There is no cause 99" in page.words
    filled.get("/causes/1")
    assert filled.post("/causes/99", do="reopen").status == 404


def test_a_cause_outside_its_window_is_still_there(filled: Client) -> None:
    assert "Nobody complained of it" in filled.get("/causes/1?since=2026-01-01&until=2026-02-01").words


def test_a_cover_is_written_down_with_who_did_what_and_taken_back(filled: Client) -> None:
    filled.get("/causes/1")
    sent = filled.post("/causes/1", do="cover", what="Two more <b>people</b> at the phone", on="2026-06-19")
    assert sent.status == 303
    words = filled.get(sent.headers["Location"]).words
    assert "Put right on 19 June 2026: Two more <b>people</b> at the phone." in words
    assert "Nothing was heard since that could tell" in words
    assert "local Covered: 2026-06-19" in words
    assert "covered since 19 June 2026" in filled.get("/settings").words
    filled.post("/causes/1", do="reopen")
    assert "Open again" in filled.get("/causes/1").words


def test_what_was_put_right_long_ago_is_proven_at_once(app: App, client: Client) -> None:
    before, since = NOW - timedelta(days=50), NOW - timedelta(days=10)
    with app.open_store() as store:
        prepare(store, app.config)
        complaints = [mention(f"old {at}", PHONE.format(at), published=before) for at in range(30)]
        quiet = [mention(f"new {at}", f"What a great day number {at}", published=since) for at in range(60)]
        keep(store, *complaints, *quiet, now=NOW)
        read(store, negative)
        find_due_causes(store, app.config, embedder(), NOW)
    client.get("/causes/1")
    client.post("/causes/1", do="cover", what="Two more people at the phone", on="2026-05-10")
    words = client.get("/causes/1").words
    assert "Covered, confirmed" in words
    assert "It holds: 0 complaints since 17 May 2026" in words


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "cover", "what": " "},
        {"do": "cover", "what": "x", "on": "2026-06-21"},
        {"do": "cover", "what": "x", "on": "soon"},
        {"do": "burn"},
        {"do": "merge"},
        {"do": "merge", "other": "1"},
        {"do": "merge", "other": "99"},
        {"do": "part", "other": "2"},
        {},
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(fields: dict[str, str], filled: Client) -> None:
    filled.get("/causes/1")
    assert filled.post("/causes/1", **fields).status == 400
    assert "Nothing yet. Once its root is put right" in filled.get("/causes/1").words


def test_a_cause_is_renamed_and_gets_its_own_words_back(filled: Client) -> None:
    filled.get("/causes/1")
    filled.post("/causes/1", do="rename", name="Nobody at the phone")
    assert "Nobody at the phone" in filled.get("/causes").words
    filled.post("/causes/1", do="rename", name="")
    assert "Nobody at the phone" not in filled.get("/causes").words


def test_two_causes_become_one_and_are_taken_apart_again(filled: Client) -> None:
    filled.get("/causes/1")
    assert filled.post("/causes/1", do="merge", other="2").status == 303
    one = filled.get("/causes/1").words
    assert "14 customers" in one
    assert "Merged: with cause 2" in one
    assert filled.get("/causes/2").headers["Location"].startswith("/causes/1?said=")
    assert "one with cause 2 now" in filled.get("/settings").words
    filled.get("/causes/1")
    assert filled.post("/causes/1", do="part", other="2").status == 303
    assert "6 customers" in filled.get("/causes/2").words


def test_hostile_words_stay_words(filled: Client) -> None:
    for path in ("/causes", "/causes/2", "/causes?since=%3Cscript%3E", "/mentions?cause=%3Cscript%3Ealert"):
        filled.assert_harmless(path)
    assert "<script>" in filled.get("/causes/2").words


def test_the_report_can_be_taken_along(filled: Client) -> None:
    rows = filled.table("/causes.csv")
    assert [row["voices"] for row in rows] == ["8", "6"]
    assert filled.get("/causes.exe").status == 404
    assert "/causes/1/history.csv" in filled.get("/causes/1").text
    assert [row["what"] for row in filled.table("/causes/1/history.csv")] == ["formed"]
    assert filled.get("/causes/99/history.csv").status == 404
