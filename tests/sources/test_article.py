from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.article import AT_ONCE, main_text
from sources.feed import KIND, FeedOptions
from sources.feed_source import FeedSource
from sources.http import Gateway
from sources.kinds import Opening
from sources.source import Batch
from tests.servers import Answer, Loopback, Play
from tests.sources.feed_server import Item, cut_off, rss

WHOLE = "The flight from Riga was delayed by two hours, and nobody told the passengers anything about it until the evening."
MORE = "Those who asked at the counter were sent away, and the promised vouchers never came."


def article(*paragraphs: str) -> Answer:
    text = "".join(f"<p>{one}</p>" for one in paragraphs)
    page = (
        f"<html><body><nav><a href='/'>Home</a></nav><article><h1>Late</h1>{text}</article><footer>Imprint</footer></body></html>"
    )
    return Answer(200, page.encode(), {"Content-Type": "text/html"})


@pytest.fixture
def feed(server: Loopback, gateway: Gateway, now: datetime):
    """Collects a feed whose entries lie at /1, /2… of the same server; each call one look later."""

    def collect(items: int = 1, cursor: Mapping[str, Any] | None = None, summary: str = "Short.", hours: int = 0) -> Batch:
        entries = [
            Item(str(n), f"Late {n}", summary, server.url(f"/{n}"), "Mon, 31 Aug 2026 10:00:00 GMT") for n in range(1, items + 1)
        ]
        url = server.play("/feed", Answer(200, rss(entries)))
        return FeedSource("f", url, gateway, full_text=True).collect(cursor or {}, now + timedelta(hours=hours))

    return collect


def asked(server: Loopback) -> list[str]:
    return [one.path for one in server.asked if one.path != "/feed"]


def test_it_brings_the_whole_article_without_what_surrounds_it(feed, server: Loopback) -> None:
    server.play("/1", article(WHOLE, MORE))
    (mention,) = feed().mentions
    assert WHOLE in mention.text
    assert MORE in mention.text
    assert "Imprint" not in mention.text


def test_only_a_feed_that_asks_for_it_has_its_articles_fetched(server: Loopback, gateway: Gateway, now: datetime) -> None:
    url = server.play("/feed", Answer(200, rss([Item("1", "Late", "Short.", server.url("/1"))])))
    for full_text, paths in ((False, []), (True, ["/1"])):
        KIND.open(Opening("f", FeedOptions(url, full_text), "press", gateway, {})).collect({}, now)
        assert asked(server) == paths


def test_an_article_is_fetched_once(feed, server: Loopback) -> None:
    for path in ("/1", "/2"):
        server.play(path, article(WHOLE, MORE))
    first = feed(1)
    second = feed(2, first.cursor, hours=1)
    third = feed(2, second.cursor, hours=2)
    assert [[one.external_id for one in batch.mentions] for batch in (first, second, third)] == [["1"], ["2"], []]
    assert asked(server) == ["/1", "/2"]


def test_an_entry_that_was_edited_is_fetched_again(feed, server: Loopback) -> None:
    server.play("/1", article(WHOLE), article(WHOLE, MORE))
    first = feed()
    (edited,) = feed(cursor=first.cursor, summary="Short, and corrected.").mentions
    assert MORE in edited.text


def test_a_page_that_fails_leaves_the_summary_and_is_tried_twice_again(feed, server: Loopback) -> None:
    server.play("/1", Answer(500))
    batches = [feed()]
    for hours in range(1, 5):
        batches.append(feed(cursor=batches[-1].cursor, hours=hours))
    assert [[one.text for one in batch.mentions] for batch in batches] == [["Short."], [], [], [], []]
    assert len(asked(server)) == 3


def test_a_page_that_is_heard_later_completes_its_entry(feed, server: Loopback) -> None:
    server.play("/1", Answer(500), article(WHOLE, MORE))
    first = feed()
    (completed,) = feed(cursor=first.cursor, hours=1).mentions
    assert completed.external_id == "1"
    assert MORE in completed.text


def test_an_article_that_was_cut_off_is_asked_for_again(feed, server: Loopback) -> None:
    body = article(WHOLE, MORE).body
    at = body.index(MORE.encode())
    server.play("/1", cut_off(body, at, kind="text/html"), cut_off(body, at + 20, kind="text/html"), article(WHOLE, MORE))
    first = feed()
    second = feed(cursor=first.cursor, hours=1)
    assert [one.text for one in first.mentions] == ["Short."]
    assert MORE in second.mentions[0].text


@pytest.mark.parametrize(
    "answer", [Answer(403), Answer(404), Answer(200, b"%PDF", {"Content-Type": "application/pdf"}), article(), article("No.")]
)
def test_a_page_that_refuses_or_has_nothing_to_add_is_not_asked_again(answer: Play, feed, server: Loopback) -> None:
    server.play("/1", answer)
    first = feed(summary="A summary that says everything there is to say about it, at length.")
    feed(cursor=first.cursor, summary="A summary that says everything there is to say about it, at length.", hours=1)
    assert [one.text[:9] for one in first.mentions] == ["A summary"]
    assert asked(server) == ["/1"]


def test_a_place_that_asks_to_wait_is_left_alone(feed, server: Loopback) -> None:
    server.play("/1", Answer(429))
    batch = feed(4)
    assert [one.text for one in batch.mentions] == ["Short."] * 4
    assert asked(server) == ["/1"]


def test_many_entries_are_fetched_some_at_a_time_and_none_is_forgotten(feed, server: Loopback) -> None:
    for number in range(1, 31):
        server.play(f"/{number}", article(WHOLE, MORE))
    first = feed(30)
    second = feed(30, first.cursor, hours=1)
    assert [sum(MORE in one.text for one in batch.mentions) for batch in (first, second)] == [AT_ONCE, 30 - AT_ONCE]
    assert len(first.mentions) == 30
    assert sorted(asked(server)) == sorted(f"/{number}" for number in range(1, 31))


@given(st.text(max_size=200) | st.text(alphabet="<>/p!-[]& ;#0xhtml\"'=\0", max_size=200))
def test_any_page_gives_a_text_without_empty_lines(page: str) -> None:
    assert all(line.strip() for line in main_text(page).splitlines())
