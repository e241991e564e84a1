"""Sources in the dashboard: how each fares, the hours that were heard, pausing."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.app import App
from monitor.doors import dashboard
from monitor.storage.ledger import Heard
from monitor.web.strip import start_of, strip, told
from sources.source import Batch, DeniedError
from tests.monitor.web.client import Client
from tests.monitor.web.conftest import NOW

HOUR = timedelta(hours=1)
SOURCES = """
[[source]]
kind = "feed"
id = "reviews"
url = "https://example.org/reviews.rss"

[[source]]
kind = "feed"
id = "late"
url = "https://example.org/late.rss"
"""


@pytest.fixture
def listening(app: App) -> App:
    """Two sources: one heard with a gap, one that is denied."""
    app.config_path.write_text(app.config_path.read_text(encoding="utf-8") + SOURCES, encoding="utf-8")
    found = replace(app)
    with found.open_store() as store:
        for at in (30 * HOUR, 29 * HOUR, HOUR):
            store.mentions.keep("reviews", Batch(()), lambda _mention: [], NOW - at, HOUR)
        store.sources.failed("late", DeniedError("403 <b>no</b>", remedy="give credentials <script>"), NOW - HOUR)
    return found


def test_what_needs_somebody_comes_first_with_its_remedy(listening: App) -> None:
    with dashboard(listening, "127.0.0.1", 0) as address:
        client = Client(address)
        page = client.get("/sources")
        assert page.words.index("denied") < page.words.index("active")
        assert "Give credentials <script>" in page.words
        assert "<script>" not in page.text.replace("<script src", "")
        assert "403 &lt;b&gt;no" in page.text
        assert "26 hours not heard" in page.words
        assert "promisewatch was not running" in page.words
        assert "late" not in client.get("/sources?state=active").words.replace("latest", "")
        client.pool.clear()


def test_a_source_is_paused_and_taken_up_again_and_the_trail_knows_who_did(listening: App) -> None:
    with dashboard(listening, "127.0.0.1", 0) as address:
        client = Client(address)
        client.get("/sources")
        assert client.post("/sources", source="reviews", do="pause").status == 303
        assert "1 paused" in client.get("/sources").words
        assert client.post("/sources", source="reviews", do="resume").status == 303
        assert "paused" not in client.get("/sources?state=active").words.replace("not heard paused never", "")
        assert "source reviews" in client.get("/settings").words
        client.get("/sources")
        assert client.post("/sources", source="nobody", do="pause").status == 404
        assert client.post("/sources", source="reviews", do="explode").status == 400
        client.pool.clear()


def test_sources_and_the_trail_can_be_taken_along(listening: App) -> None:
    with dashboard(listening, "127.0.0.1", 0) as address:
        client = Client(address)
        late, reviews = client.table("/sources.csv")
        assert (late["id"], late["error"], reviews["hours_blind"]) == ("late", "403 <b>no</b>", "26")
        client.get("/sources")
        client.post("/sources", source="reviews", do="pause")
        assert "/sources.csv?state=paused" in client.get("/sources?state=paused").text
        assert [row["id"] for row in client.table("/sources.csv?state=paused")] == ["reviews"]
        (step,) = json.loads(client.get("/settings/trail.json").text)
        assert (step["at"], step["who"], step["about"]) == ("2026-06-20T09:00:00Z", "local", "source reviews")
        assert client.get("/settings/trail.exe").status == 404
        client.pool.clear()


def test_without_sources_it_says_how_to_add_one(client: Client) -> None:
    assert "promisewatch sources add" in client.get("/sources").words


def test_the_strip_tells_every_hour_in_words_and_keeps_to_its_days() -> None:
    start = start_of(NOW)
    heard = (
        Heard(start - 5 * HOUR, start + 10 * HOUR, "ok", ""),
        Heard(start + 10 * HOUR, start + 12 * HOUR, "partial", "rolled <over>"),
        Heard(start + 12 * HOUR, start + 13 * HOUR, "blind", "timeout"),
        Heard(start + 13 * HOUR, start + 20 * HOUR, "blind", "paused"),
    )
    drawn = strip("feed", heard[1:], NOW, "Europe/Riga")
    assert told(heard[1:], NOW) == "2 hours in part; 1 hour not heard; 7 hours paused; 325 hours never asked"
    assert "rolled &lt;over&gt;" in drawn
    assert [name in drawn for name in ("ear partial", "ear blind", "ear paused", "ear ok")] == [True, True, True, False]


def test_the_ledger_joins_hours_that_are_alike_up_to_now(listening: App) -> None:
    with listening.open_store() as store:
        found = store.hearing.ledger(["reviews", "late", "nobody"], NOW - timedelta(days=3), NOW)
    assert [(one.ear, one.since.hour, (one.until - one.since) // HOUR) for one in found["reviews"]] == [
        ("ok", 3, 3), ("blind", 6, 26), ("ok", 8, 1),
    ]  # fmt: skip
    assert found["nobody"] == ()
    assert found["late"][0].since == datetime(2026, 6, 20, 8, tzinfo=UTC)
