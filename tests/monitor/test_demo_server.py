"""The demo's server: real feeds over real HTTP, as they stood at any moment of the twelve weeks."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import feedparser
import pytest
import requests

from monitor.demo.feeds import identity
from monitor.demo.server import DemoServer
from monitor.demo.world import Item, World, generate
from sources.feed_source import FeedSource
from sources.http import Gateway

END = date(2026, 11, 16)
AFTER = datetime.combine(END, time(), UTC)
FEEDS = ("posts", "reviews", "forum", "press", "newsroom", "adverts")


@pytest.fixture(scope="module")
def world() -> World:
    return generate(1, END)


@pytest.fixture
def server(world: World) -> Iterator[DemoServer]:
    with DemoServer(world, AFTER, newest=10_000) as server:
        yield server


def get(url: str, **headers: str) -> requests.Response:
    return requests.get(url, headers={name.replace("_", "-"): value for name, value in headers.items()}, timeout=10)


def said_in(world: World, feed: str) -> list[Item]:
    return [item for item in world.items if item.feed == feed]


@pytest.mark.parametrize("feed", FEEDS)
def test_it_serves_every_entry_as_a_valid_feed(server: DemoServer, world: World, feed: str) -> None:
    parsed = feedparser.parse(get(server.url(feed)).content)
    assert not parsed.bozo
    assert [entry["id"] for entry in parsed.entries] == [identity(item) for item in reversed(said_in(world, feed))]


def test_it_speaks_rss_and_atom_and_rdf(server: DemoServer) -> None:
    versions = {feed: feedparser.parse(get(server.url(feed)).content).version for feed in ("posts", "reviews", "forum")}
    assert versions == {"posts": "rss20", "reviews": "atom10", "forum": "rss10"}


@pytest.mark.parametrize("feed", FEEDS)
def test_the_real_collector_brings_back_what_was_written(server: DemoServer, world: World, feed: str) -> None:
    source = FeedSource(feed, server.url(feed), Gateway("demo@larkspur.example", allow_private_addresses=True))
    batch = source.collect({}, AFTER)
    assert batch.skipped == ()
    brought = {mention.external_id: (mention.title, mention.text, mention.author, mention.published) for mention in batch.mentions}
    assert brought == {identity(item): (item.title, item.text, item.author, item.published) for item in said_in(world, feed)}
    assert {mention.url for mention in batch.mentions} == {server.base + item.url for item in said_in(world, feed)}
    assert source.collect(batch.cursor, AFTER).mentions == ()


@pytest.mark.parametrize("feed", FEEDS)
def test_it_shows_only_what_was_published_by_then(server: DemoServer, world: World, feed: str) -> None:
    server.now = AFTER - timedelta(weeks=6)
    shown = {entry["id"] for entry in feedparser.parse(get(server.url(feed)).content).entries}
    assert shown == {identity(item) for item in said_in(world, feed) if item.published < server.now}


def test_it_shows_the_newest_entries_when_there_are_more(server: DemoServer, world: World) -> None:
    server.newest = 25
    entries = feedparser.parse(get(server.url("posts")).content).entries
    assert [entry["id"] for entry in entries] == [identity(item) for item in said_in(world, "posts")[:-26:-1]]


def test_a_weekly_visit_misses_nothing_with_the_ordinary_number_of_entries(server: DemoServer, world: World) -> None:
    server.newest = 400
    seen: dict[str, set[str]] = {feed: set() for feed in FEEDS}
    for week in range(1, 13):
        server.now = datetime.combine(world.since + timedelta(weeks=week), time(), UTC)
        for feed in FEEDS:
            seen[feed] |= set(re.findall(r"tag:larkspur\.example,\d+:\w+-\d+", get(server.url(feed)).text))
    assert seen == {feed: {identity(item) for item in said_in(world, feed)} for feed in FEEDS}


def test_it_serves_an_empty_feed_before_anything_was_said(server: DemoServer, world: World) -> None:
    server.now = datetime.combine(world.since, time(), UTC)
    for feed in FEEDS:
        parsed = feedparser.parse(get(server.url(feed)).content)
        assert (parsed.entries, parsed.bozo, parsed.version != "") == ([], False, True)


def test_it_says_not_modified_to_who_knows_the_etag(server: DemoServer) -> None:
    first = get(server.url("posts"))
    again = get(server.url("posts"), If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert get(server.url("posts"), If_None_Match='"other"').status_code == 200


def test_it_says_not_modified_to_who_knows_the_date(server: DemoServer) -> None:
    first = get(server.url("forum"))
    assert get(server.url("forum"), If_Modified_Since=first.headers["Last-Modified"]).status_code == 304
    assert get(server.url("forum"), If_Modified_Since="Mon, 05 Jan 2026 08:00:00 GMT").status_code == 200
    assert get(server.url("forum"), If_Modified_Since="yesterday").status_code == 200


def test_it_serves_the_feed_again_when_something_new_was_said(server: DemoServer) -> None:
    server.now = AFTER - timedelta(days=7)
    first = get(server.url("reviews"))
    server.now = AFTER
    again = get(server.url("reviews"), If_None_Match=first.headers["ETag"], If_Modified_Since=first.headers["Last-Modified"])
    assert again.status_code == 200
    assert again.headers["ETag"] != first.headers["ETag"]


def test_it_serves_the_same_bytes_every_time(server: DemoServer) -> None:
    assert [get(server.url(feed)).content for feed in FEEDS] == [get(server.url(feed)).content for feed in FEEDS]


def test_it_serves_the_page_behind_every_link(server: DemoServer, world: World) -> None:
    for feed in FEEDS:
        item = said_in(world, feed)[0]
        page = get(server.base + item.url)
        assert page.status_code == 200
        assert page.headers["Content-Type"].startswith("text/html")
        assert item.text.split("\n")[0][:20] in page.text


def test_it_serves_nothing_else(server: DemoServer) -> None:
    for path in ("/", "/feed/", "/feed/other", "/item/other", "/posts", "/item/"):
        assert get(server.base + path).status_code == 404


def test_it_lists_items_in_the_order_of_their_time(world: World) -> None:
    assert all(earlier.published <= later.published for earlier, later in pairwise(world.items))
