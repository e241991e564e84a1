"""Pillars in the dashboard: the scorecard, and the page on which people rate their own company."""

from datetime import date

import pytest

from monitor.app import App
from monitor.doors import dashboard
from monitor.storage.people import Person
from monitor.web.passwords import hash_password
from tests.monitor.web.client import Client
from tests.monitor.web.conftest import NOW
from tests.monitor.web.test_overview import fill


@pytest.fixture
def filled(app: App, client: Client) -> Client:
    text = app.config_path.read_text(encoding="utf-8")
    assert "pillar" not in text
    fill(app)
    return client


def test_the_scorecard_and_the_ten_questions_are_shown(filled: Client) -> None:
    page = filled.get("/pillars")
    assert page.status == 200
    assert "not rated by the company yet" in page.words
    assert page.text.count("<fieldset>") == 10
    assert page.text.count("<h1") == 1


def test_a_rating_is_saved_shown_and_filled_in_again(app: App, filled: Client) -> None:
    filled.get("/pillars")
    answers = {"people": "4", "customer service": "2", "friction": "", "by": "Ann <b>"}
    sent = filled.post("/pillars", csrf=None, headers=None, **answers)
    assert sent.status == 303
    page = filled.get("/pillars")
    assert "rated by Ann <b>" in page.words
    assert 'name="people" value="4" checked' in page.text
    assert "<b>&#34;" not in page.text
    with app.open_store() as store:
        (kept,) = store.scorecards.ratings("acme")
    assert (kept.by, kept.on, dict(kept.ratings)) == ("Ann <b>", date(2026, 6, 20), {"people": 4.0, "customer service": 2.0})
    assert "rated 2 pillars" in filled.get("/settings").words


@pytest.mark.parametrize("answer", ["", "6", "4.5", "well"])
def test_what_is_no_rating_is_told_and_nothing_is_saved(answer: str, app: App, filled: Client) -> None:
    filled.get("/pillars")
    assert filled.post("/pillars", people=answer).status == 400
    with app.open_store() as store:
        assert store.scorecards.ratings("acme") == ()


def test_a_person_with_an_account_rates_under_that_name_and_a_reader_not_at_all(app: App) -> None:
    with app.open_store() as store:
        for name, role in (("anna", "editor"), ("ben", "reader")):
            store.people.add(Person(name, role, hash_password("correct horse", b"1" * 16)), NOW)  # type: ignore[arg-type]
    with dashboard(app, "127.0.0.1", 0) as address:
        for name, status in (("anna", 303), ("ben", 403)):
            one = Client(address)
            one.get("/sign-in")
            one.post("/sign-in", name=name, password="correct horse")
            page = one.get("/pillars")
            assert ("<fieldset>" in page.text) == (status == 303)
            assert one.post("/pillars", people="5", by="the boss").status == status
            one.pool.clear()
    with app.open_store() as store:
        assert [one.by for one in store.scorecards.ratings("acme")] == ["anna"]


def test_the_scorecard_can_be_taken_along(filled: Client) -> None:
    rows = filled.table("/pillars.csv")
    assert len([row for row in rows if row["kind"] == "pillar"]) == 10
    assert filled.get("/pillars.exe").status == 404
