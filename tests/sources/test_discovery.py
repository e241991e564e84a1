from datetime import datetime

import pytest

from sources.discovery import WELL_KNOWN, discover
from sources.feed_document import offered_feeds
from sources.http import Gateway
from sources.source import DeniedError
from tests.servers import Answer, Loopback
from tests.sources.feed_server import Item, rss

FEED = Answer(200, rss([Item("1", "one")]), {"Content-Type": "application/rss+xml"})
HTML = {"Content-Type": "text/html"}


def page(head: str) -> Answer:
    return Answer(200, f"<!doctype html><html><head>{head}</head><body>Hello</body></html>".encode(), HTML)


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/news.rss">', ["https://a.example/news.rss"]),
        ('<link type="APPLICATION/ATOM+XML" rel="alternate home" href="x.atom"/>', ["https://a.example/b/x.atom"]),
        ("<link rel=alternate type=application/feed+json href=//c.example/f.json>", ["https://c.example/f.json"]),
        ('<base href="https://d.example/"><link rel="alternate" type="application/rss+xml" href="f">', ["https://d.example/f"]),
        ('<link rel="alternate" type="application/rss+xml" href="/f">' * 2, ["https://a.example/f"]),
        ('<link rel="stylesheet" type="application/rss+xml" href="/f">', []),
        ('<link rel="alternate" type="text/html" hreflang="de" href="/de">', []),
        ('<link rel="alternate" type="application/rss+xml" href="javascript:x">', []),
        ('<link rel="alternate" type="application/rss+xml" href="http://[broken">', []),
        ('<link rel="alternate" type="application/rss+xml">', []),
    ],
)
def test_it_finds_what_a_page_offers(head: str, found: list[str]) -> None:
    assert list(offered_feeds(head, "https://a.example/b/page")) == found


def test_a_page_gives_the_feeds_that_it_names(server: Loopback, gateway: Gateway, now: datetime) -> None:
    head = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{name}.rss">' for name in ("news", "comments"))
    url = server.play("/", page(head))
    assert discover(url, gateway, now) == (server.url("/news.rss"), server.url("/comments.rss"))
    assert len(server.asked) == 1


def test_a_feed_is_its_own(server: Loopback, gateway: Gateway, now: datetime) -> None:
    assert discover(server.play("/feed", FEED), gateway, now) == (server.url("/feed"),)


def test_a_feed_that_moved_for_good_is_where_it_moved_to(server: Loopback, gateway: Gateway, now: datetime) -> None:
    server.play("/new", FEED)
    old = server.play("/old", Answer(301, headers={"Location": "/new"}))
    assert discover(old, gateway, now) == (server.url("/new"),)


def test_a_page_that_names_none_is_asked_at_well_known_places_until_one_is_a_feed(
    server: Loopback, gateway: Gateway, now: datetime
) -> None:
    url = server.play("/blog/", page(""))
    server.play("/feed", page("the page of everything that is not there"))
    server.play("/atom.xml", FEED)
    assert discover(url, gateway, now) == (server.url("/atom.xml"),)
    assert [one.path for one in server.asked] == ["/blog/", "/feed", "/rss.xml", "/atom.xml"]


def test_a_place_without_a_feed_has_none(server: Loopback, gateway: Gateway, now: datetime) -> None:
    assert discover(server.play("/", page("")), gateway, now) == ()
    assert len(server.asked) == 1 + len(WELL_KNOWN)


def test_a_place_that_asks_to_wait_is_not_asked_on(server: Loopback, gateway: Gateway, now: datetime) -> None:
    url = server.play("/", page(""))
    server.play("/feed", Answer(429))
    assert discover(url, gateway, now) == ()
    assert len(server.asked) == 2


def test_a_page_that_cannot_be_had_says_why(server: Loopback, gateway: Gateway, now: datetime) -> None:
    with pytest.raises(DeniedError):
        discover(server.play("/", Answer(403)), gateway, now)
