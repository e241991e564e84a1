"""Alerts in the dashboard: what is open, its receipt, who looks after it, other settings, and the feed."""

from datetime import timedelta
from typing import Any

import feedparser
import pytest

from monitor.alert_state import Alert
from monitor.app import App
from monitor.pipeline import prepare
from reports.alert_text import alert_json
from tests import receipts
from tests.monitor.store_builders import BAD, keep, mention, read, reading
from tests.monitor.web.client import Client
from tests.monitor.web.conftest import NOW, TOKEN, ShownBy

HOSTILE = "<script>alert(1)</script> it burns"
SINCE = NOW - timedelta(hours=5)


def receipt(**rest: Any) -> dict[str, Any]:
    title = "75 % of mentions negative, usually 31 % <script>alert(2)</script>"
    return alert_json(receipts.receipt(title=title, since=SINCE, until=NOW)) | rest


@pytest.fixture
def filled(app: App, client: Client) -> Client:
    """One alert is open, with a story of hostile words; another one is over."""
    with app.open_store() as store:
        prepare(store, app.config)
        keep(store, mention("1", HOSTILE, author="<b>jo", published=NOW, url="javascript:alert(1)"), now=NOW)
        read(store, reading(BAD))
        over = NOW - timedelta(days=3)
        gone = Alert("acme", "volume", "", "resolved", over, over, over, opened=over, resolved=over + timedelta(hours=8))
        store.alerts.save(gone, lambda _: (), NOW, receipt(watch="volume", title="Four times as many mentions as usual"))
        live = Alert("acme", "sentiment", "", "open", SINCE, SINCE, NOW, opened=SINCE)
        store.alerts.save(live, lambda _: (), NOW, receipt(), [(1, 12)])
    return client


def test_without_alerts_it_says_how_to_watch(client: Client) -> None:
    page = client.get("/alerts")
    assert "Nothing is watched yet." in page.words
    assert "[[alert]]" in page.text


def test_what_is_open_stands_before_what_is_over(filled: Client) -> None:
    page = filled.get("/alerts")
    assert page.words.index("75 % of mentions negative") < page.words.index("Four times as many")
    assert page.text.count("<h1") == 1
    assert "Four times" not in filled.get("/alerts?before=1").words
    assert filled.get("/alerts?before=x").status == 400


def test_an_alert_tells_what_to_do_and_leads_to_what_was_said(filled: Client) -> None:
    page = filled.get("/alerts/2")
    assert "answer the customers in them" in page.words
    assert "30 of 40 customers' mentions were negative (75 %)" in page.words
    assert "this alert would be here, too" in page.words
    assert 'href="/mentions/1"' in page.text
    assert "/mentions?label=negative&amp;since=2026-06-20&amp;until=2026-06-21" in page.text
    assert filled.get("/alerts/99").status == 404


def test_somebody_looks_after_it_leaves_it_alone_and_says_that_it_is_over(filled: Client) -> None:
    filled.get("/alerts/2")
    for fields, said in (
        ({"do": "acknowledge"}, "Acknowledged"),
        ({"do": "snooze", "for": "4"}, "left alone until 20 June 2026, 13:00"),
        ({"do": "resolve"}, "Resolved"),
    ):
        assert filled.post("/alerts/2", **fields).status == 303
        assert said in filled.get("/alerts/2").words
    assert filled.post("/alerts/2", do="resolve").status == 400
    assert "looked after alert 2" in filled.get("/settings").words
    assert "Nothing is watched yet" in filled.get("/alerts").words


def test_from_the_list_one_comes_back_to_the_list(filled: Client) -> None:
    filled.get("/alerts")
    sent = filled.post("/alerts/2", do="acknowledge", back="list")
    assert sent.headers["Location"].startswith("/alerts?said=")


@pytest.mark.parametrize("fields", [{"do": "snooze", "for": "99999"}, {"do": "burn"}, {}])
def test_what_cannot_be_is_refused_and_changes_nothing(fields: dict[str, str], filled: Client) -> None:
    filled.get("/alerts/2")
    assert filled.post("/alerts/2", **fields).status == 400
    assert filled.post("/alerts/99", do="resolve").status == 404
    assert "left alone" not in filled.get("/alerts/2").words


def test_hostile_words_stay_words(filled: Client) -> None:
    filled.assert_harmless("/alerts", "/alerts/2", "/alerts.rss", "/alerts/backtest?watch=%3Cscript%3Ealert")
    assert "<script>alert(1)</script> it burns" in filled.get("/alerts/2").words


def test_history_is_replayed_with_other_settings(filled: Client) -> None:
    assert "Replay" in filled.get("/alerts/backtest").words
    words = filled.get("/alerts/backtest?watch=volume&false_alarms_per_month=3").words
    assert "0 alerts" in words
    assert "false_alarms_per_month = 3" in words


@pytest.mark.parametrize("watch", ["sentiment", "volume", "promise", "silence"])
def test_everything_that_is_watched_can_be_replayed(watch: str, filled: Client) -> None:
    assert "0 alerts" in filled.get(f"/alerts/backtest?watch={watch}").words


@pytest.mark.parametrize(
    "asked",
    ["watch=weather", "watch=volume&since=2026-06-20&until=2026-06-20", "watch=volume&until=soon", "false_alarms_per_month=nan"],
)
def test_what_cannot_be_replayed_is_told(asked: str, filled: Client) -> None:
    assert filled.get(f"/alerts/backtest?{asked}").status == 400


def test_the_feed_is_one_that_readers_understand_and_holds_no_customer_s_words(filled: Client) -> None:
    answer = filled.get("/alerts.rss")
    assert answer.headers["Content-Type"].startswith("application/rss+xml")
    feed = feedparser.parse(answer.text)
    assert not feed.bozo
    assert feed.feed.title == "Acme Air: alerts"
    newest, _ = feed.entries
    assert newest.id == "promisewatch:alert:2"
    assert newest.link == f"{filled.address}/alerts/2"
    assert newest.published_parsed[:4] == (2026, 6, 20, 4)
    assert "burns" not in answer.text


def test_the_feed_lets_in_who_shows_a_token_in_its_address_and_nothing_else_does(filled: Client, shown_by: ShownBy) -> None:
    shown_by("feed", "reader")
    assert filled.get(f"/alerts.rss?key={TOKEN}").status == 200
    assert filled.get("/alerts.rss").status == 303
    assert filled.get(f"/alerts.rss?key={TOKEN}x").status == 401
    assert filled.get(f"/alerts?key={TOKEN}").status == 303


def test_a_reader_sees_and_changes_nothing(filled: Client, shown_by: ShownBy) -> None:
    show = shown_by("feed", "reader")
    assert "I look after it" not in filled.get("/alerts", **show).words
    assert "I look after it" not in filled.get("/alerts/2", **show).words
    assert filled.post("/alerts/2", csrf="", headers=show, do="resolve").status == 403


def test_alerts_can_be_taken_along(filled: Client) -> None:
    assert '"watch":"sentiment"' in filled.get("/alerts.json").text.replace(" ", "")
    newest, _ = filled.table("/alerts.csv")
    assert newest["id"] == "2"
    assert newest["title"]
    assert filled.get("/alerts/backtest.json?watch=volume").text == "[]"
    assert filled.get("/alerts/backtest.csv?watch=weather").status == 400
    assert filled.get("/alerts.exe").status == 404
