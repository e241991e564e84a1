"""What the places that answer in JSON have in common: whatever they are sent, nothing but a SourceError leaves them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.app_store import AppStoreOptions, AppStoreSource
from sources.hacker_news import HackerNewsOptions, HackerNewsSource
from sources.http import Gateway, Response
from sources.json_http import get_json, inner, moment_in, text_in
from sources.mastodon import MastodonOptions, MastodonSource
from sources.mention import Mention
from sources.parts import collect_parts
from sources.source import Batch, DeniedError, MalformedError, RateLimitedError, Source, SourceError
from tests.servers import Answer, Loopback

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
ATOMS = st.sampled_from([None, True, 7, -1, 1e300, "", "public", "2026-08-31T10:00:00Z", "<p>x", "\ud83d", "[dead]"]) | st.text(
    max_size=5
)
ANYTHING = ATOMS | st.lists(ATOMS, max_size=2) | st.dictionaries(st.sampled_from(["label", "name", "acct"]), ATOMS, max_size=2)
FIELDS = (
    "author",
    "title",
    "story_text",
    "comment_text",
    "parent_id",
    "story_id",
    "updated",
    "content",
    "account",
    "language",
    "url",
)
ITEM = st.fixed_dictionaries(
    {
        "objectID": st.sampled_from(["1", "2", 3]),
        "created_at_i": st.integers(1_785_000_000, 1_789_000_000) | ATOMS,
        "id": st.sampled_from(["1", "2", {"label": "1"}, {"label": "2"}, None]),
        "visibility": st.just("public"),
        "im:rating": st.just({"label": "3"}) | ANYTHING,
    },
    optional=dict.fromkeys(FIELDS, ANYTHING),
)
ITEMS = st.lists(ITEM | ANYTHING, max_size=3)


class Says(Gateway):
    """Says the same bytes whatever is asked."""

    def __init__(self, body: bytes, headers: dict[str, str] | None = None) -> None:
        super().__init__("ops@example.org")
        self._said = Response(200, "https://place.example/", headers or {}, body)

    def get(self, url: str, headers: Any, now: datetime) -> Response:
        return self._said

    def exchange(self, method: str, url: str, headers: Any, body: bytes = b"") -> Response:
        return self._said


PLACES: dict[str, tuple[Callable[[Gateway], Source], Callable[[Any], Any]]] = {
    "hacker_news": (lambda gateway: HackerNewsSource("p", HackerNewsOptions(("x",)), gateway), lambda items: {"hits": items}),
    "mastodon": (lambda gateway: MastodonSource("p", MastodonOptions("https://m.example", ("x",)), gateway), lambda items: items),
    "app_store": (lambda gateway: AppStoreSource("p", AppStoreOptions("12345"), gateway), lambda items: {"feed": {"entry": items}}),
}


@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=50)
@given(items=ITEMS | ANYTHING, shaped=st.sampled_from([True, True, True, False]), header=st.sampled_from(["", "3", "x"]))
def test_any_document_gives_mentions_or_a_source_error(place: str, items: Any, shaped: bool, header: str) -> None:
    opened, wrapped = PLACES[place]
    value = wrapped(items) if shaped else items
    headers = {"X-RateLimit-Remaining": header, "X-RateLimit-Reset": header, "Link": f'<?min_id={header}>; rel="prev"'}
    source = opened(Says(json.dumps(value).encode(), headers))
    try:
        batch = source.collect({}, NOW)
    except SourceError:
        return
    assert all(mention.external_id and mention.body and mention.published <= NOW for mention in batch.mentions)
    source.collect(json.loads(json.dumps(batch.cursor)), NOW + timedelta(hours=1))


@settings(max_examples=50)
@given(ITEMS | ANYTHING)
def test_a_recheck_of_mastodon_takes_any_document(value: Any) -> None:
    fates = MastodonSource("p", MastodonOptions("https://m.example", ("x",)), Says(json.dumps(value).encode())).recheck(["1"], NOW)
    assert set(fates) <= {"1"}


class TestDocuments:
    @pytest.mark.parametrize("body", [b"", b"<html>", b"{", b"\xff", b"[" * 100_000])
    def test_what_is_no_json_says_what_came_and_from_where(self, body: bytes, server: Loopback, gateway: Gateway) -> None:
        url = server.play("/api", Answer(200, body, {"Content-Type": "text/html; charset=utf-8"}))
        with pytest.raises(MalformedError, match=r"/api sent text/html") as raised:
            get_json(gateway, f"{url}?token=secret", NOW)
        assert "secret" not in f"{raised.value}{raised.value.remedy}"

    def test_ways_into_it_end_where_it_ends(self) -> None:
        value = {"a": {"b": " text ", "n": 7, "t": True}, "l": [1]}
        assert (text_in(value, "a", "b"), text_in(value, "a", "n"), text_in(value, "a", "t")) == ("text", "7", "")
        assert (inner(value, "a", "x", "y"), inner(value, "l", "0"), inner(None, "a")) == (None, None, None)

    @pytest.mark.parametrize(
        ("written", "moment"),
        [
            ("2026-09-01T12:00:00.123Z", NOW.replace(microsecond=123000)),
            ("2026-09-01T14:00:00+02:00", NOW),
            ("2026-09-01T12:00:00", NOW),
            (1788264000, NOW),
            (True, None),
            ("0001-01-01T00:00:00+14:00", None),
            (1e300, None),
            (-5, None),
            ("soon", None),
            (None, None),
        ],
    )
    def test_moments_are_utc_or_none(self, written: object, moment: datetime | None) -> None:
        assert moment_in({"at": written}, "at") == moment


class TestParts:
    def test_each_part_has_its_own_cursor_and_those_of_parts_no_longer_asked_go(self) -> None:
        seen: list[Any] = []

        def part(cursor: Any, now: datetime) -> Batch:
            seen.append(cursor)
            return Batch(cursor={"at": cursor.get("at", 0) + 1})

        first = collect_parts({"a": part, "b": part}, {}, NOW)
        second = collect_parts({"a": part}, first.cursor, NOW)
        assert (seen, second.cursor) == ([{}, {}, {"at": 1}], {"a": {"at": 2}})

    def test_the_first_part_that_brings_a_mention_has_it(self) -> None:
        def bringing(text: str) -> Callable[[Any, datetime], Batch]:
            return lambda cursor, now: Batch(mentions=(Mention("p", "1", text, NOW),))

        assert [one.text for one in collect_parts({"a": bringing("a"), "b": bringing("b")}, {}, NOW).mentions] == ["a"]

    def test_a_part_that_is_partly_heard_is_named(self) -> None:
        batch = collect_parts({"a": lambda cursor, now: Batch(heard="partial", reason="more")}, {}, NOW)
        assert (batch.heard, batch.reason) == ("partial", "a: more")

    def test_the_longest_wait_holds_for_all(self) -> None:
        def waiting(minutes: int) -> Callable[[Any, datetime], Batch]:
            return lambda cursor, now: Batch(wait=timedelta(minutes=minutes))

        assert collect_parts({"a": waiting(5), "b": waiting(1)}, {}, NOW).wait == timedelta(minutes=5)

    def test_when_none_is_heard_the_first_error_is_raised(self) -> None:
        def failing(error: SourceError) -> Callable[[Any, datetime], Batch]:
            def fail(cursor: Any, now: datetime) -> Batch:
                raise error

            return fail

        with pytest.raises(DeniedError):
            collect_parts({"a": failing(DeniedError("no")), "b": failing(RateLimitedError("wait"))}, {}, NOW)
