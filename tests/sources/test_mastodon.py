"""Mastodon over a server that pages as an instance does: ids hold their time, `min_id` goes forwards, `max_id` backwards, links."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sources.http import Gateway
from sources.kinds import Opening
from sources.mastodon import KIND, MastodonOptions, MastodonSource
from sources.source import DeniedError, RateLimitedError, Source, TemporaryError
from tests.servers import Answer, Handler, Loopback, Play
from tests.sources.contract import SourceContract

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
TAG = "/api/v1/timelines/tag/acme"
PUBLIC = "/api/v1/timelines/public"
SEARCH = "/api/v2/search"
STATUSES = "/api/v1/statuses"


def post(
    ago: timedelta = timedelta(minutes=5), text: str = "<p>Late again, <a href='#'>#<span>acme</span></a></p>", **more: Any
) -> dict[str, Any]:
    at = NOW - ago
    id_ = str(int(at.timestamp() * 1000) << 16)
    return {
        "id": id_,
        "uri": f"https://far.example/users/ann/statuses/{id_}",
        "url": f"https://far.example/@ann/{id_}",
        "created_at": at.isoformat(),
        "edited_at": None,
        "content": text,
        "spoiler_text": "",
        "visibility": "public",
        "language": "en",
        "reblog": None,
        "account": {"acct": "ann@far.example", "bot": False},
        **more,
    }


@dataclass
class Instance:
    """Gives its posts in pages of at most `size`; `headers` go with every answer."""

    posts: list[dict[str, Any]] = field(default_factory=list)
    size: int = 40
    headers: dict[str, str] = field(default_factory=dict)
    links: bool = True

    def open(self, server: Loopback) -> str:
        for path in (TAG, PUBLIC):
            server.play(path, self.timeline)
        server.play(SEARCH, self.search)
        server.play(STATUSES, self.listed)
        return server.url("")

    def timeline(self, handler: Handler) -> None:
        page = self._page(handler)
        links = ""
        if page and self.links:
            address = f"http://elsewhere.example{handler.path.partition('?')[0]}?limit=40"
            links = f'<{address}&max_id={page[-1]["id"]}>; rel="next", <{address}&min_id={page[0]["id"]}>; rel="prev"'
        _say(handler, page, {**self.headers, **({"Link": links} if links else {})})

    def search(self, handler: Handler) -> None:
        _say(handler, {"accounts": [], "statuses": self._page(handler), "hashtags": []}, self.headers)

    def listed(self, handler: Handler) -> None:
        wanted = parse_qs(urlsplit(handler.path).query)["id[]"]
        _say(handler, [one for one in self.posts if one["id"] in wanted], self.headers)

    def _page(self, handler: Handler) -> list[dict[str, Any]]:
        asked = {name: int(values[-1]) for name, values in parse_qs(urlsplit(handler.path).query).items() if values[-1].isdecimal()}
        posts = sorted(self.posts, key=lambda one: -int(one["id"]))
        size = min(self.size, asked["limit"])
        if "min_id" in asked:
            return [one for one in posts if int(one["id"]) > asked["min_id"]][-size:]
        return [one for one in posts if int(one["id"]) < asked.get("max_id", 2**80)][:size]


def _say(handler: Handler, value: Any, headers: dict[str, str]) -> None:
    Answer(200, json.dumps(value).encode(), {"Content-Type": "application/json", **headers})(handler)


def source(server: Loopback, gateway: Gateway, token: str = "", **options: Any) -> MastodonSource:
    chosen = MastodonOptions(server.url("/"), **(options or {"tags": ("#acme",)}))
    return MastodonSource("m", chosen, gateway, token=lambda: token)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


class TestContract(SourceContract):
    def source(self, server: Loopback, gateway: Gateway) -> Source:
        return source(server, gateway)

    def play(self, server: Loopback, answer: Play) -> None:
        server.play(TAG, answer)

    def items(self) -> Answer:
        return Answer(200, json.dumps([post(minutes(1)), post(minutes(2))]).encode(), {"Content-Type": "application/json"})


class TestPosts:
    def test_a_post_is_its_text_author_address_and_language(self, server: Loopback, gateway: Gateway) -> None:
        one = post(
            text='<p>Late again, <a href="x">#<span>acme</span></a></p><p>See <span class="invisible">https://</span>x.org</p>'
        )
        Instance([one]).open(server)
        (mention,) = source(server, gateway).collect({}, NOW).mentions
        assert (mention.title, mention.text) == ("", "Late again, #acme\nSee https://x.org")
        assert (mention.author, mention.language, mention.url) == ("ann@far.example", "en", one["url"])
        assert mention.published == NOW - minutes(5)

    def test_a_local_author_has_the_instance_in_the_name(self, server: Loopback, gateway: Gateway) -> None:
        Instance([post(account={"acct": "bob"})]).open(server)
        (mention,) = source(server, gateway).collect({}, NOW).mentions
        assert mention.author == f"bob@127.0.0.1:{server.server_address[1]}"

    def test_an_answer_says_which_post_it_answers(self, server: Loopback, gateway: Gateway) -> None:
        Instance([post(minutes(1)), post(minutes(2), in_reply_to_id="17")]).open(server)
        found = source(server, gateway).collect({}, NOW).mentions
        assert [one.attributes for one in found] == [{}, {"parent": "17"}]

    def test_a_content_warning_is_the_title(self, server: Loopback, gateway: Gateway) -> None:
        Instance([post(spoiler_text="rant about trains")]).open(server)
        assert source(server, gateway).collect({}, NOW).mentions[0].title == "rant about trains"

    @pytest.mark.parametrize("odd", [{"reblog": {"id": "1"}}, {"visibility": "unlisted"}, {"visibility": "private"}])
    def test_boosts_and_what_is_not_public_are_left_out(self, odd: dict[str, Any], server: Loopback, gateway: Gateway) -> None:
        Instance([post(minutes(1), **odd), post(minutes(2))]).open(server)
        assert len(source(server, gateway).collect({}, NOW).mentions) == 1

    def test_a_picture_without_words_is_skipped_and_said(self, server: Loopback, gateway: Gateway) -> None:
        Instance([post(text="")]).open(server)
        batch = source(server, gateway).collect({}, NOW)
        assert (batch.mentions, batch.skipped[0].reason) == ((), "the post has no text")

    @pytest.mark.parametrize(
        "odd", [{"account": None}, {"language": 7}, {"created_at": "soon"}, {"content": None}, {"url": "javascript:x"}]
    )
    def test_a_post_of_an_unexpected_shape_stops_nothing(self, odd: dict[str, Any], server: Loopback, gateway: Gateway) -> None:
        Instance([post(minutes(1), **odd), post(minutes(2))]).open(server)
        mentions = source(server, gateway).collect({}, NOW).mentions
        assert mentions[-1].author == "ann@far.example"
        assert all(not mention.url.startswith("javascript") for mention in mentions)


class TestPaging:
    def test_the_first_look_takes_some_pages_of_the_past(self, server: Loopback, gateway: Gateway) -> None:
        Instance([post(minutes(count)) for count in range(1, 500)]).open(server)
        assert len(source(server, gateway).collect({}, NOW).mentions) == 200

    @pytest.mark.parametrize("links", [True, False])
    def test_everything_since_is_brought_however_much_it_is(self, links: bool, server: Loopback, gateway: Gateway) -> None:
        instance = Instance([post(minutes(1))], links=links)
        instance.open(server)
        first = source(server, gateway).collect({}, NOW)
        instance.posts += [post(-minutes(count)) for count in range(1, 301)]
        batch = source(server, gateway).collect(first.cursor, NOW + minutes(301))
        assert ({one["id"] for one in instance.posts}, batch.heard) == ({one.external_id for one in batch.mentions}, "ok")

    def test_a_flood_is_caught_up_with_over_several_looks_without_a_gap(self, server: Loopback, gateway: Gateway) -> None:
        instance = Instance([post(minutes(1))], size=3)
        instance.open(server)
        cursor = source(server, gateway).collect({}, NOW).cursor
        instance.posts += [post(-timedelta(seconds=count)) for count in range(1, 200)]
        found: set[str] = set()
        for _look in range(4):
            batch = source(server, gateway).collect(cursor, NOW + minutes(10))
            found |= {one.external_id for one in batch.mentions}
            cursor = batch.cursor
        assert {one["id"] for one in instance.posts[1:]} <= found

    def test_a_post_that_another_instance_delivers_late_is_heard(self, server: Loopback, gateway: Gateway) -> None:
        instance = Instance([post(minutes(1))])
        instance.open(server)
        cursor = source(server, gateway).collect({}, NOW).cursor
        instance.posts.append(post(minutes(30)))
        late = source(server, gateway).collect(cursor, NOW + minutes(5)).mentions
        assert instance.posts[-1]["id"] in {one.external_id for one in late}

    def test_an_edited_post_keeps_its_identity_and_says_when(self, server: Loopback, gateway: Gateway) -> None:
        instance = Instance([post(minutes(1))])
        instance.open(server)
        first = source(server, gateway).collect({}, NOW)
        instance.posts[0] |= {"content": "<p>On time after all</p>", "edited_at": NOW.isoformat()}
        (edited,) = source(server, gateway).collect(first.cursor, NOW + minutes(5)).mentions
        assert (edited.external_id, edited.text, edited.updated) == (first.mentions[0].external_id, "On time after all", NOW)

    def test_the_ids_of_other_software_are_followed_as_they_are(self, server: Loopback, gateway: Gateway) -> None:
        server.play(TAG, Answer(200, json.dumps([post(id="01J6ABCD")]).encode()), Answer(200, b"[]"))
        first = source(server, gateway).collect({}, NOW)
        source(server, gateway).collect({"#acme": {"newest": "01J6ABCD", "behind": False}}, NOW)
        assert first.cursor["#acme"]["newest"] == "01J6ABCD"
        assert "min_id=01J6ABCD" in server.asked[-1].path

    def test_each_tag_has_its_own_place(self, server: Loopback, gateway: Gateway) -> None:
        Instance([post(minutes(1))]).open(server)
        server.play("/api/v1/timelines/tag/fl%C3%BCge", Answer(200, json.dumps([post(minutes(9))]).encode()))
        batch = source(server, gateway, tags=("acme", "#flüge")).collect({}, NOW)
        assert set(batch.cursor) == {"#acme", "#flüge"}
        assert len(batch.mentions) == 2

    def test_a_tag_that_fails_leaves_the_others_heard(self, server: Loopback, gateway: Gateway) -> None:
        Instance([post(minutes(1))]).open(server)
        server.play("/api/v1/timelines/tag/other", Answer(500))
        batch = source(server, gateway, tags=("acme", "other")).collect({}, NOW)
        assert (len(batch.mentions), batch.heard, "#other" in batch.reason) == (1, "partial", True)


class TestListings:
    def test_the_local_timeline_is_asked_for_as_such(self, server: Loopback, gateway: Gateway) -> None:
        Instance([post()]).open(server)
        assert len(source(server, gateway, timeline="local").collect({}, NOW).mentions) == 1
        assert "local=true" in server.asked[0].path

    def test_a_search_goes_with_the_token(self, server: Loopback, gateway: Gateway) -> None:
        Instance([post()]).open(server)
        assert len(source(server, gateway, "s3cret", search=("acme air",)).collect({}, NOW).mentions) == 1
        assert server.asked[0].headers["Authorization"] == "Bearer s3cret"

    def test_a_search_without_a_token_says_how_to_get_one(self, server: Loopback, gateway: Gateway) -> None:
        with pytest.raises(DeniedError, match="logged in") as raised:
            source(server, gateway, search=("acme",)).collect({}, NOW)
        assert "read:search" in raised.value.remedy
        assert server.asked == []

    def test_nothing_to_ask_for_says_what_can_be(self, server: Loopback, gateway: Gateway) -> None:
        with pytest.raises(DeniedError) as raised:
            source(server, gateway, tags=()).collect({}, NOW)
        assert "tags" in raised.value.remedy

    def test_the_token_comes_from_the_variable_that_is_named(self, server: Loopback, gateway: Gateway, tmp_path) -> None:
        (tmp_path / "token").write_text("from-a-file\n", encoding="utf-8")
        Instance([post()]).open(server)
        options = MastodonOptions(server.url("/"), tags=("acme",), token="HOME_TOKEN")
        opening = Opening("m", options, "press", gateway, {"HOME_TOKEN_FILE": str(tmp_path / "token"), "OTHER": "x"})
        (mention,) = KIND.open(opening).collect({}, NOW).mentions
        assert (mention.voice, server.asked[0].headers["Authorization"]) == ("press", "Bearer from-a-file")
        server.asked.clear()
        KIND.open(replace(opening, options=replace(options, token=""))).collect({}, NOW)
        assert "Authorization" not in server.asked[0].headers

    def test_it_is_shown_by_its_instance_and_what_is_asked(self) -> None:
        options = MastodonOptions("https://me:pw@toots.example/", ("#acme",), ("acme air",), "local")
        assert KIND.address(options) == "toots.example: #acme, acme air, local"


class TestPoliteness:
    def test_it_stops_and_waits_when_the_allowed_requests_run_out(self, server: Loopback, gateway: Gateway) -> None:
        reset = (NOW + minutes(4)).isoformat().replace("+00:00", "Z")
        Instance(
            [post(minutes(count)) for count in range(1, 200)], headers={"X-RateLimit-Remaining": "3", "X-RateLimit-Reset": reset}
        ).open(server)
        batch = source(server, gateway).collect({}, NOW)
        assert (batch.wait, len(server.asked)) == (minutes(4), 1)

    def test_what_a_limit_cut_off_comes_next_time(self, server: Loopback, gateway: Gateway) -> None:
        instance = Instance([post(minutes(1))])
        instance.open(server)
        cursor = source(server, gateway).collect({}, NOW).cursor
        instance.posts += [post(-minutes(count)) for count in range(1, 101)]
        instance.headers = {"X-RateLimit-Remaining": "3", "X-RateLimit-Reset": (NOW + minutes(4)).isoformat()}
        found: list[str] = []
        for _look in range(4):
            batch = source(server, gateway).collect(cursor, NOW + minutes(101))
            found += [one.external_id for one in batch.mentions]
            cursor = batch.cursor
        assert {one["id"] for one in instance.posts} == set(found)

    def test_a_429_is_waited_for_until_the_reset_that_it_names(self, server: Loopback, gateway: Gateway) -> None:
        server.play(TAG, Answer(429, headers={"X-RateLimit-Reset": "2026-09-01T12:03:00.000000Z"}))
        with pytest.raises(RateLimitedError) as raised:
            source(server, gateway).collect({}, NOW)
        assert raised.value.until == NOW + minutes(3)


class TestRecheck:
    def test_posts_that_are_gone_are_told_from_those_that_are_there(self, server: Loopback, gateway: Gateway) -> None:
        there, gone = post(minutes(1)), post(minutes(2))
        Instance([there]).open(server)
        server.play(f"{STATUSES}/{gone['id']}", Answer(404))
        fates = source(server, gateway).recheck([there["id"], gone["id"]], NOW)
        assert fates == {there["id"]: "kept", gone["id"]: "removed"}

    def test_an_instance_that_has_closed_its_doors_makes_nothing_removed(self, server: Loopback, gateway: Gateway) -> None:
        server.play(STATUSES, Answer(200, b"[]"))
        server.play(f"{STATUSES}/1", Answer(401))
        server.play(f"{STATUSES}/2", Answer(503))
        assert source(server, gateway).recheck(["1", "2"], NOW) == {}

    def test_a_server_without_lists_is_asked_one_by_one(self, server: Loopback, gateway: Gateway) -> None:
        server.play(STATUSES, Answer(404))
        server.play(f"{STATUSES}/1", Answer(200, json.dumps(post()).encode()))
        assert source(server, gateway).recheck(["1"], NOW) == {"1": "kept"}

    def test_a_limit_ends_it_until_the_reset(self, server: Loopback, gateway: Gateway) -> None:
        server.play(STATUSES, Answer(429, headers={"X-RateLimit-Reset": (NOW + minutes(3)).isoformat()}))
        with pytest.raises(RateLimitedError) as raised:
            source(server, gateway).recheck(["1"], NOW)
        assert raised.value.until == NOW + minutes(3)

    def test_a_broken_connection_is_said(self, server: Loopback, gateway: Gateway) -> None:
        url = server.url("/")
        server.shutdown()
        server.server_close()
        with pytest.raises(TemporaryError):
            MastodonSource("m", MastodonOptions(url, ("acme",)), gateway).recheck(["1"], NOW)
