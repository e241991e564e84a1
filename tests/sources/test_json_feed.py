import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.feed_entry import Date, Entry, NoFeedError
from sources.feed_source import FeedSource
from sources.http import Gateway
from sources.json_feed import parse_json
from sources.source import MalformedError, Source
from tests.servers import Answer, Loopback, Play
from tests.sources.contract import SourceContract

URL = "https://blog.example/feed.json"
FEED: dict[str, Any] = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Blog",
    "authors": [{"name": "The editors"}],
    "items": [
        {
            "id": "https://blog.example/1",
            "url": "/1",
            "title": "Late  again",
            "content_html": "<p>We waited <b>two hours</b>.</p><p>Never again.</p>",
            "summary": "Short",
            "date_published": "2026-08-31T10:00:00+02:00",
            "date_modified": "2026-08-31T12:00:00Z",
            "authors": [{"url": "https://ann.example"}, {"name": "Ann"}],
        },
        {"id": 2, "content_text": "On time,\n\n5 < 6.", "external_url": "https://other.example/2"},
    ],
}


class TestContract(SourceContract):
    def source(self, server: Loopback, gateway: Gateway) -> Source:
        return FeedSource("blog", server.url("/feed.json"), gateway)

    def play(self, server: Loopback, answer: Play) -> None:
        server.play("/feed.json", answer)

    def items(self) -> Answer:
        return Answer(200, json.dumps(FEED).encode(), {"Content-Type": "application/feed+json"})


def feed(*items: Any, **rest: Any) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1", "items": items} | rest)


def test_it_reads_version_1_1() -> None:
    first, second = parse_json(json.dumps(FEED), URL).entries
    assert first == Entry(
        id="https://blog.example/1",
        title="Late again",
        text="We waited two hours.\nNever again.",
        link="https://blog.example/1",
        author="Ann",
        published=Date("2026-08-31T10:00:00+02:00"),
        updated=Date("2026-08-31T12:00:00Z"),
    )
    assert second == Entry("2", "", "On time,\n5 < 6.", "https://other.example/2", "The editors")


def test_it_reads_the_author_of_version_1_0() -> None:
    (entry,) = parse_json(feed({"id": "1", "content_text": "a", "author": {"name": "Ben"}}), URL).entries
    assert entry.author == "Ben"


def test_it_takes_the_fuller_content_and_the_summary_last() -> None:
    entries = parse_json(
        feed(
            {"id": "1", "content_html": "<p>all of it</p>", "content_text": "all"},
            {"id": "2", "summary": "short"},
        ),
        URL,
    ).entries
    assert [entry.text for entry in entries] == ["all of it", "short"]


def test_a_feed_without_its_version_is_known_by_its_items() -> None:
    assert parse_json('{"items": [{"id": "1", "content_text": "a"}]}', URL).entries[0].text == "a"


def test_items_that_are_none_are_passed_over() -> None:
    assert [entry.id for entry in parse_json(feed(None, 7, {"id": "1", "title": "a"}), URL).entries] == ["1"]


@pytest.mark.parametrize("document", ["", "[]", "{}", '{"items": 1}', '{"items": [{"name": "a"}]}', '{"items": [', "[" * 100_000])
def test_other_json_is_no_feed(document: str) -> None:
    with pytest.raises(NoFeedError):
        parse_json(document, URL)


def test_it_is_read_as_any_feed(server: Loopback, gateway: Gateway, now: datetime) -> None:
    url = server.play("/feed.json", Answer(200, json.dumps(FEED).encode("utf-16"), {"Content-Type": "application/json"}))
    first, second = FeedSource("blog", url, gateway).collect({}, now).mentions
    assert (first.external_id, first.author, first.url) == ("https://blog.example/1", "Ann", server.url("/1"))
    assert (first.published, first.updated) == (datetime(2026, 8, 31, 8, tzinfo=UTC), datetime(2026, 8, 31, 12, tzinfo=UTC))
    assert (second.external_id, second.published) == ("2", now)


def test_a_truncated_one_is_malformed(server: Loopback, gateway: Gateway, now: datetime) -> None:
    url = server.play("/feed.json", Answer(200, json.dumps(FEED).encode()[:200], {"Content-Type": "application/feed+json"}))
    with pytest.raises(MalformedError):
        FeedSource("blog", url, gateway).collect({}, now)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(["id", "url", "title", "content_html", "content_text", "summary", "date_published", "author", "authors"])


@given(st.lists(st.dictionaries(names, values, max_size=9), max_size=3), values)
def test_whatever_stands_in_it_an_entry_is_text(items: list[dict[str, Any]], authors: Any) -> None:
    for entry in parse_json(feed(*items, authors=authors), URL).entries:
        for part in (entry.id, entry.title, entry.text, entry.link, entry.author, *(date.raw for date in entry.dates)):
            assert "\0" not in part.encode().decode()
