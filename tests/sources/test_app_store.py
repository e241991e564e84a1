"""App Store reviews over a server that answers as Apple's feed does: pages of fifty, ten of them, in shapes that vary."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sources.app_store import KIND, AppStoreOptions, AppStoreSource
from sources.http import Gateway
from sources.source import Source, TemporaryError
from tests.servers import Answer, Handler, Loopback, Play
from tests.sources.contract import SourceContract

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
APP = "284882215"
ITSELF = {"id": {"label": "https://apps.apple.com/us/app/x"}, "im:name": {"label": "Acme"}, "title": {"label": "Acme - Acme Inc"}}


def review(id_: int, ago: timedelta, text: str = "It crashes.", stars: str = "1", **more: Any) -> dict[str, Any]:
    at = (NOW - ago).isoformat().replace("+00:00", "-00:00")
    return {
        "author": {"uri": {"label": f"https://itunes.apple.com/us/reviews/id{id_}"}, "name": {"label": f"user {id_}"}, "label": ""},
        "updated": {"label": at},
        "im:rating": {"label": stars},
        "im:version": {"label": "5.1"},
        "id": {"label": str(id_)},
        "title": {"label": "Bad"},
        "content": {"label": text, "attributes": {"type": "text"}},
        "link": {"attributes": {"rel": "related", "href": "https://itunes.apple.com/us/review?id=1"}},
        **more,
    }


@dataclass
class Store:
    """The reviews of each country, newest first, as the feed gives them."""

    reviews: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    head: tuple[dict[str, Any], ...] = ()

    def open(self, server: Loopback) -> None:
        for country in self.reviews:
            for page in range(1, 12):
                server.play(path(country, page), self.page)

    def page(self, handler: Handler) -> None:
        country, number = re.findall(r"^/(\w+)/.*page=(\d+)/", handler.path)[0]
        if int(number) > 10:
            Answer(400, b"CustomerReviews RSS page depth is limited to 10")(handler)
            return
        newest_first = sorted(self.reviews[country], key=lambda one: one["updated"]["label"], reverse=True)
        entries: Any = [*self.head, *newest_first[(int(number) - 1) * 50 : int(number) * 50]]
        feed = {"author": {}, "updated": {}, **({"entry": entries[0] if len(entries) == 1 else entries} if entries else {})}
        Answer(200, json.dumps({"feed": feed}).encode(), {"Content-Type": "text/javascript; charset=utf-8"})(handler)


def path(country: str, page: int) -> str:
    return f"/{country}/rss/customerreviews/page={page}/id={APP}/sortby=mostrecent/json"


def source(server: Loopback, gateway: Gateway, *countries: str) -> AppStoreSource:
    return AppStoreSource("app", AppStoreOptions(APP, countries or ("us",), url=server.url("/")), gateway)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


class TestContract(SourceContract):
    def source(self, server: Loopback, gateway: Gateway) -> Source:
        server.play(path("us", 2), Answer(200, b'{"feed": {}}'))
        return source(server, gateway)

    def play(self, server: Loopback, answer: Play) -> None:
        server.play(path("us", 1), answer)

    def items(self) -> Answer:
        return Answer(200, json.dumps({"feed": {"entry": [review(1, hours(1)), review(2, hours(2))]}}).encode())


def test_a_review_is_its_words_stars_version_and_country(server: Loopback, gateway: Gateway) -> None:
    Store({"gb": [review(7, hours(1), stars="4")]}).open(server)
    (mention,) = source(server, gateway, "gb").collect({}, NOW).mentions
    assert (mention.external_id, mention.title, mention.text, mention.author) == ("7", "Bad", "It crashes.", "user 7")
    assert (mention.rating, mention.attributes) == (0.8, {"country": "gb", "version": "5.1"})
    assert (mention.published, mention.updated) == (NOW - hours(1), NOW - hours(1))
    assert mention.url == "https://itunes.apple.com/us/reviews/id7"


def test_reviews_are_about_the_brand_of_the_app_without_naming_it(server: Loopback, gateway: Gateway) -> None:
    Store({"us": [review(7, hours(1))]}).open(server)
    options = AppStoreOptions(APP, brand="acme", url=server.url("/"))
    (mention,) = AppStoreSource("app", options, gateway).collect({}, NOW).mentions
    assert mention.about == "acme"


def test_dates_with_the_offset_of_cupertino_become_utc(server: Loopback, gateway: Gateway) -> None:
    Store({"us": [review(7, hours(1), updated={"label": "2026-08-31T10:00:00-07:00"})]}).open(server)
    (mention,) = source(server, gateway).collect({}, NOW).mentions
    assert mention.published == datetime(2026, 8, 31, 17, tzinfo=UTC)


@pytest.mark.parametrize("count", [1, 2, 120])
def test_every_shape_of_the_feed_is_read_and_the_app_itself_is_no_review(count: int, server: Loopback, gateway: Gateway) -> None:
    Store({"us": [review(id_, timedelta(minutes=id_)) for id_ in range(1, count + 1)]}, head=(ITSELF,)).open(server)
    assert len(source(server, gateway).collect({}, NOW).mentions) == count
    Store({"us": [review(id_, timedelta(minutes=id_)) for id_ in range(1, count + 1)]}).open(server)
    assert len(source(server, gateway).collect({}, NOW).mentions) == count


def test_an_app_without_reviews_is_quiet(server: Loopback, gateway: Gateway) -> None:
    Store({"us": []}).open(server)
    batch = source(server, gateway).collect({}, NOW)
    assert (batch.mentions, batch.heard) == ((), "ok")


class TestPolling:
    def test_the_first_look_takes_all_that_apple_shows_and_claims_no_hole(self, server: Loopback, gateway: Gateway) -> None:
        Store({"us": [review(id_, timedelta(minutes=id_)) for id_ in range(1, 701)]}).open(server)
        batch = source(server, gateway).collect({}, NOW)
        assert (len(batch.mentions), batch.heard, len(server.asked)) == (500, "ok", 10)

    def test_later_looks_stop_where_the_known_begins(self, server: Loopback, gateway: Gateway) -> None:
        store = Store({"us": [review(id_, timedelta(minutes=id_)) for id_ in range(1, 301)]})
        store.open(server)
        cursor = source(server, gateway).collect({}, NOW).cursor
        server.asked.clear()
        store.reviews["us"] += [review(1000 + id_, -timedelta(minutes=id_)) for id_ in range(1, 61)]
        batch = source(server, gateway).collect(cursor, NOW + hours(2))
        assert {str(1000 + id_) for id_ in range(1, 61)} <= {mention.external_id for mention in batch.mentions}
        assert (batch.heard, len(server.asked)) == ("ok", 2)

    def test_more_new_reviews_than_apple_shows_are_told_as_partial(self, server: Loopback, gateway: Gateway) -> None:
        store = Store({"us": [review(1, hours(1))]})
        store.open(server)
        cursor = source(server, gateway).collect({}, NOW).cursor
        store.reviews["us"] += [review(1000 + id_, -timedelta(seconds=id_)) for id_ in range(1, 602)]
        batch = source(server, gateway).collect(cursor, NOW + hours(2))
        assert (batch.heard, "us: more reviews" in batch.reason) == ("partial", True)
        again = source(server, gateway).collect(batch.cursor, NOW + hours(3))
        assert again.heard == "ok"

    def test_an_edited_review_comes_to_the_top_under_its_identity(self, server: Loopback, gateway: Gateway) -> None:
        store = Store({"us": [review(id_, hours(id_)) for id_ in range(1, 101)]})
        store.open(server)
        cursor = source(server, gateway).collect({}, NOW).cursor
        store.reviews["us"][90] = review(91, -hours(1), "Fixed now, thanks.", "5")
        mentions = {one.external_id: one for one in source(server, gateway).collect(cursor, NOW + hours(2)).mentions}
        assert (mentions["91"].text, mentions["91"].rating) == ("Fixed now, thanks.", 1.0)

    def test_a_feed_that_comes_empty_all_of_a_sudden_is_no_silence(self, server: Loopback, gateway: Gateway) -> None:
        store = Store({"us": [review(1, hours(1))]})
        store.open(server)
        cursor = source(server, gateway).collect({}, NOW).cursor
        store.reviews["us"].clear()
        with pytest.raises(TemporaryError, match="held reviews before"):
            source(server, gateway).collect(cursor, NOW + hours(1))

    def test_a_country_that_fails_leaves_the_others_heard(self, server: Loopback, gateway: Gateway) -> None:
        Store({"us": [review(1, hours(1))]}).open(server)
        batch = source(server, gateway, "us", "zz").collect({}, NOW)
        assert (len(batch.mentions), batch.heard, batch.reason[:3]) == (1, "partial", "zz:")
        assert set(batch.cursor) == {"us"}


@pytest.mark.parametrize(
    "odd",
    [
        {"author": None},
        {"updated": {"label": "soon"}},
        {"im:rating": {"label": "eleven"}},
        {"title": []},
        {"author": {"uri": {"label": "javascript:x"}}},
    ],
)
def test_a_review_of_an_unexpected_shape_stops_nothing(odd: dict[str, Any], server: Loopback, gateway: Gateway) -> None:
    server.play(
        path("us", 1),
        Answer(200, json.dumps({"feed": {"entry": [{**review(1, hours(1)), **odd}, review(2, hours(2)), None, 7]}}).encode()),
    )
    server.play(path("us", 2), Answer(200, b'{"feed": {}}'))
    mentions = source(server, gateway).collect({}, NOW).mentions
    assert [mention.external_id for mention in mentions] == ["1", "2"]
    assert not mentions[0].url.startswith("javascript")


def test_a_review_without_words_is_skipped_and_said(server: Loopback, gateway: Gateway) -> None:
    Store({"us": [review(1, hours(1), "", title={"label": " "})]}).open(server)
    batch = source(server, gateway).collect({}, NOW)
    assert (batch.mentions, [one.item for one in batch.skipped]) == ((), ["1"])


def test_it_is_shown_by_app_and_countries() -> None:
    assert KIND.address(AppStoreOptions(APP, ("us", "gb"))) == "apps.apple.com: 284882215 (us, gb)"
