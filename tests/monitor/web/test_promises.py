"""Promises in the dashboard: one by one, over a window of one's choice, with their docket."""

import csv
import io
import json
from datetime import timedelta
from html import unescape

import pytest

from models.reading import Passage, Reading
from monitor.app import App
from monitor.causes import find_due_causes
from monitor.pipeline import prepare
from tests.monitor.store_builders import BAD, keep, mention, read, reading, said
from tests.monitor.test_causes import embedder
from tests.monitor.web.client import Client
from tests.monitor.web.conftest import NOW
from tests.monitor.web.test_overview import fill


@pytest.fixture
def filled(app: App, client: Client) -> Client:
    fill(app)
    return client


def test_all_are_listed_with_what_to_do(filled: Client) -> None:
    page = filled.get("/promises")
    assert page.status == 200
    assert "1 broken" in page.words
    assert 'href="/promises/on-time"' in page.text
    assert page.text.count("<h1") == 1


def test_numbers_of_every_part_lead_to_the_mentions_behind_them(filled: Client) -> None:
    page = unescape(filled.get("/promises").text)
    of_window = "/mentions?voice=customer&since=2026-03-29&until=2026-06-21&"
    for behind in ("source=feed", "label=negative", "promise=on-time&stance=broken"):
        assert f'href="{of_window}{behind}"' in page
        assert "refund number" in filled.get(of_window + behind).words


def test_one_shows_its_weeks_and_quotes_that_lead_to_their_mentions(filled: Client) -> None:
    page = filled.get("/promises/on-time")
    assert page.status == 200
    assert "30 broken" in page.words
    assert "Withdraw “We depart on time”, or deliver it" in page.words
    assert "Nobody said so in this time." in page.words
    assert 'href="/mentions/1"' in page.text or 'href="/mentions/2"' in page.text
    assert "since=2026-06-15&amp;until=2026-06-21" in page.text


def test_the_window_and_its_steps_stand_in_the_address_and_stay_in_the_links(filled: Client) -> None:
    page = filled.get("/promises/on-time?since=2026-01-01&until=2026-02-01&every=day")
    assert "insufficient evidence" in page.words
    assert "/promises/on-time/docket.csv?since=2026-01-01&amp;until=2026-02-01&amp;every=day" in page.text
    assert "1 January 2026" in page.words


@pytest.mark.parametrize(
    "query",
    ["since=yesterday", "since=2026-02-01&until=2026-01-01", "every=hour", "since=0001-01-01", "since=1990-01-01&every=day"],
)
@pytest.mark.parametrize("path", ["/promises", "/promises/on-time", "/promises.csv", "/promises/on-time/docket.csv", "/pillars"])
def test_a_window_that_cannot_be_is_told(query: str, path: str, filled: Client) -> None:
    assert filled.get(f"{path}?{query}").status == 400


def test_a_promise_that_is_not_made_is_not_found(filled: Client) -> None:
    assert filled.get("/promises/cheap").status == 404
    assert filled.get("/promises/cheap/docket.csv").status == 404
    assert filled.get("/promises.exe").status == 404


def test_reports_and_dockets_can_be_taken_along(filled: Client) -> None:
    answer = filled.get("/promises/on-time/docket.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="acme-on-time.csv"'
    assert len(list(csv.DictReader(io.StringIO(answer.text)))) == 30
    assert json.loads(filled.get("/promises.json").text)["brand"] == "acme"


def test_the_causes_behind_a_broken_promise_are_named_and_lead_to_their_pages(app: App, client: Client) -> None:
    with app.open_store() as store:
        prepare(store, app.config)
        said_so = [f"Nobody answers the phone, call {at}" for at in range(8)]
        keep(store, *(mention(f"early {at}", published=NOW - timedelta(days=30 + at)) for at in range(40)), now=NOW)
        read(store, reading(None, reason="too short"))
        keep(store, *(mention(str(at), text, published=NOW - timedelta(days=3)) for at, text in enumerate(said_so)), now=NOW)
        broken = (said("on-time", "broken"),)
        read(store, lambda task: Reading("en", BAD, "", (Passage(0, len(task.text), BAD, None, None, broken),), "m1"))
        find_due_causes(store, app.config, embedder(), NOW)
    page = client.get("/promises/on-time")
    assert "What they complain of" in page.words
    assert 'href="/causes/1"' in page.text
    rows = "/mentions?voice=customer&since=2026-03-29&until=2026-06-21&promise=on-time&cause=1"
    assert rows.replace("&", "&amp;") in page.text
    assert "call 3" in client.get(rows).words
    assert 'href="/causes/1"' in client.get("/").text


def test_hostile_words_stay_words(filled: Client) -> None:
    page = filled.get("/promises/on-time")
    assert "refund number" in page.words
    assert "<script>alert" not in page.text
    assert "<b>1" not in page.text


def test_an_empty_store_says_what_to_do_first(client: Client) -> None:
    assert "promisewatch collect --all" in client.get("/promises").words
    assert "insufficient evidence" in client.get("/promises/on-time").words


def test_only_the_newest_quotes_of_each_side_are_loaded_for_a_page(app: App, filled: Client) -> None:
    from reports.evidence import Window

    day = NOW.date()
    with app.open_store() as store:
        window = Window(day - timedelta(days=7), day)
        some = store.segments.docket("acme", "on-time", window, most=5)
        assert some == store.segments.docket("acme", "on-time", window)[:5]
    assert filled.get("/promises/on-time").text.count("<blockquote") == 13
