"""The first page: today in one page, each number leading to its rows; hostile words stay words."""

from datetime import timedelta

import pytest

from monitor.alert_state import Alert
from monitor.app import App
from monitor.pipeline import prepare
from monitor.web.marking import linked
from tests.monitor.store_builders import BAD, keep, mention, read, reading, said
from tests.monitor.web.client import Client
from tests.monitor.web.conftest import NOW

HOSTILE = '<script>alert("1")</script>'


def fill(app: App, broken: int = 30, kept: int = 6) -> None:
    """The brand's promise is broken to most of those who speak of it, this week."""
    with app.open_store() as store:
        prepare(store, app.config)
        texts = {
            str(at): f"{HOSTILE} refund number {at}" if at < broken else f"on time, flight {at}" for at in range(broken + kept)
        }
        day = NOW - timedelta(days=2)
        keep(store, *(mention(id_, text, published=day, author=f"<b>{id_}") for id_, text in texts.items()), now=NOW)
        read(
            store,
            lambda task: reading(BAD, said("on-time", "broken")) if "refund" in task.text else reading(None, reason="too short"),
        )


@pytest.fixture
def filled(app: App, client: Client) -> Client:
    fill(app)
    return client


def test_without_a_mention_it_says_what_to_do_first(client: Client) -> None:
    page = client.get("/")
    assert page.status == 200
    assert "promisewatch collect --all" in page.words


def test_a_broken_promise_stands_first_with_its_gap_and_the_way_to_its_page(filled: Client) -> None:
    page = filled.get("/")
    assert "broken" in page.words
    assert 'href="/promises/on-time"' in page.text
    assert page.text.count("<h1") == 1


def test_the_headline_leads_to_the_promise_that_it_names(filled: Client) -> None:
    assert '“<a href="/promises/on-time">We depart on time</a>” is broken' in filled.get("/").text


def test_names_become_links_the_longest_first_and_words_stay_words() -> None:
    found = linked("“On time & <b>fast” beats “On time”.", [("On time", "/1"), ("On time & <b>fast", "/2"), ("", "/3")])
    assert found == '“<a href="/2">On time &amp; &lt;b&gt;fast</a>” beats “<a href="/1">On time</a>”.'


def test_numbers_lead_to_the_mentions_behind_them(filled: Client) -> None:
    link = "/mentions?voice=customer&since=2026-03-29&until=2026-06-21&promise=on-time"
    assert link.replace("&", "&amp;") in filled.get("/").text
    assert "refund number 3" in filled.get(link).words


def test_it_says_what_could_not_be_read_and_that_nothing_is_watched(filled: Client) -> None:
    words = filled.get("/").words
    assert "6 without a reading: too short (6)." in words
    assert "Nothing is watched yet" in words
    assert "Nobody waits for an answer." in words


def test_an_open_alert_is_named(app: App, filled: Client) -> None:
    with app.open_store() as store:
        alert = Alert("acme", "volume", "", "open", NOW, NOW, NOW, opened=NOW)
        store.alerts.save(alert, lambda _: (), NOW, {"title": f"Loud {HOSTILE}"})
    page = filled.get("/")
    assert "Loud <script>" in page.words
    assert 'href="/alerts/1"' in page.text


def test_hostile_words_stay_words(filled: Client) -> None:
    assert "<script>alert" not in filled.get("/").text
