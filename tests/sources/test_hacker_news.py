"""Hacker News over a server that searches as hn.algolia.com does: newest first, at most 1000 hits, numeric filters on the date."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sources.hacker_news import HackerNewsOptions, HackerNewsSource
from sources.http import Gateway
from sources.source import Batch, Source, TemporaryError
from tests.servers import Answer, Handler, Loopback, Play, reset
from tests.sources.contract import SourceContract

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
SEARCH = "/api/v1/search_by_date"


def story(id_: int, title: str, ago: timedelta, text: str | None = None, **more: Any) -> dict[str, Any]:
    return _hit(id_, ago, "story", {"title": title, "story_text": text, "url": f"https://example.org/{id_}", "points": 3, **more})


def comment(id_: int, text: str | None, ago: timedelta, parent: int = 1, story_id: int = 1, **more: Any) -> dict[str, Any]:
    answered = {"parent_id": parent, "story_id": story_id, "story_title": "Acme raises prices", "comment_text": text}
    return _hit(id_, ago, "comment", {**answered, **more})


def _hit(id_: int, ago: timedelta, tag: str, more: dict[str, Any]) -> dict[str, Any]:
    at = NOW - ago
    return {
        "objectID": str(id_),
        "author": "ann",
        "created_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "created_at_i": int(at.timestamp()),
        "_tags": [tag, "author_ann", f"story_{id_}"],
        **more,
    }


@dataclass
class Place:
    """Searches its items; `texts` are the comments that can be asked for one by one."""

    items: list[dict[str, Any]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    def open(self, server: Loopback) -> str:
        server.play(SEARCH, self.search)
        for id_, text in self.texts.items():
            server.play(f"/api/v1/items/{id_}", Answer(200, json.dumps({"id": int(id_), "text": text}).encode()))
        return server.url("")

    def search(self, handler: Handler) -> None:
        asked = {name: values[-1] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        bounds = dict(re.findall(r"created_at_i(>=|<=)(\d+)", asked["numericFilters"]))
        tags = asked["tags"].strip("()").split(",")
        found = [
            one
            for one in sorted(self.items, key=lambda one: -one["created_at_i"])
            if int(bounds[">="]) <= one["created_at_i"] <= int(bounds["<="]) and set(tags) & set(one["_tags"])
        ]
        size = min(int(asked["hitsPerPage"]), 1000)
        body = {"hits": found[:size], "nbHits": len(found), "page": 0, "hitsPerPage": size}
        Answer(200, json.dumps(body).encode(), {"Content-Type": "application/json"})(handler)


def source(server: Loopback, gateway: Gateway, *terms: str, comments: bool = True) -> HackerNewsSource:
    return HackerNewsSource("hn", HackerNewsOptions(terms or ("acme",), comments, server.url("/")), gateway)


def hour(count: float) -> timedelta:
    return timedelta(hours=count)


class TestContract(SourceContract):
    def source(self, server: Loopback, gateway: Gateway) -> Source:
        return source(server, gateway)

    def play(self, server: Loopback, answer: Play) -> None:
        server.play(SEARCH, answer)

    def items(self) -> Answer:
        hits = [story(1, "Acme raises prices", hour(2)), comment(2, "Never <i>again</i>.", hour(1))]
        return Answer(200, json.dumps({"hits": hits}).encode(), {"Content-Type": "application/json"})


def test_a_story_is_its_title_and_text_with_the_page_that_it_links_to(server: Loopback, gateway: Gateway) -> None:
    Place([story(1, "Ask HN: is Acme down?", hour(2), "<p>Since &#x27;noon&#x27;.<p>Here too.")]).open(server)
    (mention,) = source(server, gateway).collect({}, NOW).mentions
    assert (mention.title, mention.text, mention.author) == ("Ask HN: is Acme down?", "Since 'noon'.\nHere too.", "ann")
    assert mention.url == "https://news.ycombinator.com/item?id=1"
    assert mention.published == NOW - hour(2)
    assert mention.attributes == {"type": "story", "link": "https://example.org/1"}


def test_a_comment_has_the_title_of_its_thread_and_the_text_that_it_answers_as_context(server: Loopback, gateway: Gateway) -> None:
    Place([comment(3, "Mine broke, too.", hour(1), parent=2)], {"2": "<p>Acme is <i>great</i>"}).open(server)
    (mention,) = source(server, gateway).collect({}, NOW).mentions
    assert (mention.title, mention.text) == ("", "Mine broke, too.")
    assert mention.parent == "Acme raises prices\nAcme is great"
    assert mention.attributes == {"type": "comment", "parent": "2"}


def test_an_answer_to_the_story_itself_asks_for_no_parent(server: Loopback, gateway: Gateway) -> None:
    Place([comment(3, "Mine broke, too.", hour(1), parent=1)]).open(server)
    (mention,) = source(server, gateway).collect({}, NOW).mentions
    assert mention.parent == "Acme raises prices"
    assert len(server.asked) == 1


@pytest.mark.parametrize("answer", [Answer(404), Answer(429), Answer(200, b"<html>"), reset])
def test_a_parent_that_cannot_be_had_costs_one_request_and_no_comment(answer: Play, server: Loopback, gateway: Gateway) -> None:
    Place([comment(id_, f"text {id_}", hour(1), parent=9) for id_ in range(20, 25)]).open(server)
    server.play("/api/v1/items/9", answer)
    batch = source(server, gateway).collect({}, NOW)
    assert {mention.parent for mention in batch.mentions} == {"Acme raises prices"}
    assert (len(batch.mentions), batch.heard, len(server.asked)) == (5, "ok", 2)


def test_parents_are_asked_for_within_a_bound(server: Loopback, gateway: Gateway) -> None:
    Place([comment(id_, f"text {id_}", hour(1), parent=9) for id_ in range(100, 160)], {"9": "x"}).open(server)
    assert len(source(server, gateway).collect({}, NOW).mentions) == 60
    assert len(server.asked) <= 25


@pytest.mark.parametrize("text", [None, "", "[dead]", "[flagged]", "[deleted]"])
def test_what_is_dead_or_flagged_is_left_out_and_said_once(text: str | None, server: Loopback, gateway: Gateway) -> None:
    Place([comment(3, text, hour(1)), comment(4, "alive", hour(1))]).open(server)
    first = source(server, gateway).collect({}, NOW)
    assert [mention.text for mention in first.mentions] == ["alive"]
    assert [one.item for one in first.skipped] == ["https://news.ycombinator.com/item?id=3"]
    assert source(server, gateway).collect(first.cursor, NOW).skipped == ()


def test_comments_are_left_out_on_request(server: Loopback, gateway: Gateway) -> None:
    Place([story(1, "Acme", hour(2)), comment(3, "text", hour(1))]).open(server)
    batch = source(server, gateway, comments=False).collect({}, NOW)
    assert [mention.external_id for mention in batch.mentions] == ["1"]


class TestPolling:
    def test_what_was_brought_and_has_not_changed_is_not_brought_again(self, server: Loopback, gateway: Gateway) -> None:
        Place([comment(3, "text", hour(1))]).open(server)
        first = source(server, gateway).collect({}, NOW)
        assert source(server, gateway).collect(first.cursor, NOW + hour(1)) == Batch(cursor=first.cursor)

    def test_an_edit_within_the_hours_in_which_it_is_allowed_comes_under_the_same_identity(
        self, server: Loopback, gateway: Gateway
    ) -> None:
        place = Place([comment(3, "text", hour(1)), comment(4, "newer", hour(0.2))])
        place.open(server)
        first = source(server, gateway).collect({}, NOW)
        place.items[0]["comment_text"] = "text. EDIT: solved"
        (again,) = source(server, gateway).collect(first.cursor, NOW + hour(1)).mentions
        assert (again.external_id, again.text) == ("3", "text. EDIT: solved")

    def test_what_the_index_learns_late_is_heard(self, server: Loopback, gateway: Gateway) -> None:
        place = Place([comment(3, "first", hour(1))])
        place.open(server)
        first = source(server, gateway).collect({}, NOW)
        place.items.append(comment(2, "older, but indexed later", hour(3)))
        (late,) = source(server, gateway).collect(first.cursor, NOW + hour(9)).mentions
        assert late.external_id == "2"

    def test_nothing_is_lost_while_the_index_stands_still(self, server: Loopback, gateway: Gateway) -> None:
        place = Place([comment(3, "first", hour(1))])
        place.open(server)
        cursor = source(server, gateway).collect({}, NOW).cursor
        cursor = source(server, gateway).collect(cursor, NOW + hour(48)).cursor
        place.items.append(comment(4, "written on the first day", -hour(1)))
        assert len(source(server, gateway).collect(cursor, NOW + hour(49)).mentions) == 1

    def test_more_than_the_thousand_hits_of_a_search_are_reached_by_their_date(self, server: Loopback, gateway: Gateway) -> None:
        Place([comment(id_, f"text {id_}", timedelta(seconds=id_)) for id_ in range(1, 1801)]).open(server)
        batch = source(server, gateway).collect({}, NOW)
        assert (len(batch.mentions), batch.heard) == (1800, "ok")

    def test_more_than_can_be_asked_for_is_told_as_partial(self, server: Loopback, gateway: Gateway) -> None:
        Place([comment(id_, f"text {id_}", timedelta(minutes=1)) for id_ in range(1, 601)]).open(server)
        batch = source(server, gateway).collect({}, NOW)
        assert batch.heard == "partial"
        assert "acme: more than 500 hits" in batch.reason


class TestTerms:
    def test_an_item_under_two_terms_is_one_mention(self, server: Loopback, gateway: Gateway) -> None:
        Place([comment(3, "acme air", hour(1))]).open(server)
        assert len(source(server, gateway, "acme", "acme air").collect({}, NOW).mentions) == 1

    def test_a_term_that_fails_makes_the_batch_partial_and_keeps_its_place(self, server: Loopback, gateway: Gateway) -> None:
        place = Place([comment(3, "text", hour(1))])
        place.open(server)
        first = source(server, gateway, "one", "two").collect({}, NOW)
        server.play(SEARCH, place.search, Answer(503))
        second = source(server, gateway, "one", "two").collect(first.cursor, NOW)
        assert (second.heard, "two: " in second.reason) == ("partial", True)
        assert second.cursor["two"] == first.cursor["two"]

    def test_a_rate_limit_ends_the_round_and_is_waited_for(self, server: Loopback, gateway: Gateway) -> None:
        place = Place([comment(3, "text", hour(1))])
        place.open(server)
        server.play(SEARCH, place.search, Answer(429, headers={"Retry-After": "600"}), place.search)
        batch = source(server, gateway, "one", "two", "three").collect({}, NOW)
        assert (batch.heard, batch.wait, len(server.asked)) == ("partial", timedelta(minutes=10), 2)

    def test_all_terms_failing_is_a_failure(self, server: Loopback, gateway: Gateway) -> None:
        server.play(SEARCH, Answer(503))
        with pytest.raises(TemporaryError):
            source(server, gateway, "one", "two").collect({}, NOW)


@pytest.mark.parametrize(
    "odd", [{"objectID": None}, {"created_at_i": "soon"}, {"created_at_i": 1e400}, {"author": ["x"]}, {"comment_text": {}}]
)
def test_an_item_of_an_unexpected_shape_stops_nothing(odd: dict[str, Any], server: Loopback, gateway: Gateway) -> None:
    hits = [{**comment(3, "text", hour(1)), **odd}, comment(4, "fine", hour(1)), None, [], "x"]
    server.play(SEARCH, Answer(200, json.dumps({"hits": hits}).encode()))
    assert [mention.text for mention in source(server, gateway).collect({}, NOW).mentions] == ["fine"]
