from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.http import Gateway, Limits
from sources.kinds import Opening, find_kind
from sources.mention import Mention
from sources.reddit import RedditOptions, address, names
from sources.reddit_source import RedditSource
from sources.reddit_turns import PAUSE_BETWEEN_FEEDS, Turns
from sources.source import Batch, DeniedError, MalformedError, RateLimitedError, Recheckable, Source, TemporaryError
from tests.servers import Answer, Loopback, Play, drip_body, drip_headers, reset
from tests.sources.contract import SourceContract
from tests.sources.reddit_server import BLOCK_PAGE, CLIENT, PRIVATE, THROTTLED, TRUNCATED, Reddit, running_reddit

APP = {"PROMISEWATCH_REDDIT_CLIENT_ID": CLIENT[0], "PROMISEWATCH_REDDIT_CLIENT_SECRET": CLIENT[1]}
PERSONAL = {"PROMISEWATCH_REDDIT_FEED": "https://www.reddit.com/.rss?feed=0a1b2c&user=traveller"}
ITEMS = Answer(200, b"whatever the place holds")
GENTLE_FAULTS = [Answer(500), Answer(502), Answer(503), TRUNCATED, BLOCK_PAGE, reset]


@pytest.fixture(autouse=True)
def no_praw_ini(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import praw.config

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(praw.config.Config, "CONFIG", None)


@pytest.fixture
def server() -> Iterator[Reddit]:
    with running_reddit() as started:
        yield started


def opened(
    server: Loopback, gateway: Gateway, environment: Mapping[str, str] = APP, source: str = "reddit-travel", **options: Any
) -> RedditSource:
    given: dict[str, Any] = {"subreddits": ("travel",)} | options
    base = server.url("")
    made = RedditOptions(**given, reddit_url=base, oauth_url=base)
    found = find_kind("reddit").open(Opening(source, made, "customer", gateway, environment))
    assert isinstance(found, RedditSource)
    return found


def told(batch: Batch) -> dict[str, Mention]:
    return {mention.external_id: mention for mention in batch.mentions}


class _RedditContract(SourceContract):
    environment: Mapping[str, str] = APP
    first = "token"

    def source(self, server: Loopback, gateway: Gateway) -> Source:
        return opened(server, gateway, self.environment)

    def play(self, server: Loopback, answer: Play) -> None:
        assert isinstance(server, Reddit)
        if answer == ITEMS:
            post = server.post(1, "Acme Air lost my bag", "It took nine days.")
            server.post(2, "And again")
            server.comment(3, post, "Mine as well.")
        else:
            # Reddit gives a reason with a refusal; a 403 without one is its way to slow readers down.
            server.broken[self.first] = server.broken["feed"] = PRIVATE if answer == Answer(403) else answer

    def items(self) -> Answer:
        return ITEMS


class TestContractOfTheApi(_RedditContract):
    pass


class TestContractOfThePublicFeeds(_RedditContract):
    environment: Mapping[str, str] = {}
    first = "feed"


class TestApi:
    def test_it_brings_posts_and_comments_with_what_they_answer(self, server: Reddit, gateway: Gateway, now: datetime):
        post = server.post(10, "Acme Air", "Nine days & no bag.")
        first = server.comment(11, post, "Same here.")
        server.comment(12, first, "Did you get it back?", author="acmeair_help")
        found = told(opened(server, gateway).collect({}, now))
        assert set(found) == {"t3_p000010", "t1_c000011", "t1_c000012"}
        assert (found[post.id].title, found[post.id].text, found[post.id].parent) == ("Acme Air", "Nine days & no bag.", "")
        assert found[first.id].parent == "Acme Air\nNine days & no bag."
        answer = found["t1_c000012"]
        assert (answer.parent, answer.author) == ("Same here.", "acmeair_help")
        assert answer.url == "https://www.reddit.com/r/travel/comments/p000010/a_post/c000012/"
        assert answer.published == datetime.fromtimestamp(12, UTC)
        assert answer.attributes == {"subreddit": "travel", "parent": "t1_c000011"}

    def test_it_asks_for_parents_that_are_older_than_the_listing(self, server: Reddit, gateway: Gateway, now: datetime):
        post = server.post(1, "The post")
        old = server.comment(2, post, "The question", subreddit="travel")
        for number in range(3, 8):
            server.comment(number, old)
        server.listing_length = 3
        found = told(opened(server, gateway).collect({}, now))
        assert old.id not in found
        assert found["t1_c000007"].parent == "The question"

    def test_it_pages_through_a_whole_listing_at_first_and_then_reads_only_what_is_new(
        self, server: Reddit, gateway: Gateway, now: datetime
    ):
        for number in range(1, 351):
            server.post(number)
        source = opened(server, gateway, comments=False)
        first = source.collect({}, now)
        assert len(first.mentions) == 350
        server.post(351)
        server.kinds.clear()
        second = source.collect(first.cursor, now)
        assert "t3_p000351" in told(second)
        assert server.kinds == ["token", "new"]
        assert (second.heard, second.reason) == ("ok", "")

    def test_it_says_when_more_came_than_reddit_lists(self, server: Reddit, gateway: Gateway, now: datetime):
        server.post(1)
        source = opened(server, gateway, comments=False)
        cursor = source.collect({}, now).cursor
        for number in range(2, 1102):
            server.post(number)
        batch = source.collect(cursor, now)
        assert len(batch.mentions) == 1000
        assert batch.heard == "partial"
        assert "r/travel/new: more came since the last look than Reddit lists" in batch.reason

    def test_it_does_not_take_deleted_anchors_for_an_overflow(self, server: Reddit, gateway: Gateway, now: datetime):
        posts = [server.post(number) for number in range(1, 60)]
        source = opened(server, gateway, comments=False)
        cursor = source.collect({}, now).cursor
        for post in posts[-30:]:
            del server.entries[post.id]
        server.post(100)
        assert source.collect(cursor, now).heard == "ok"

    def test_it_sees_what_appears_late_below_the_newest(self, server: Reddit, gateway: Gateway, now: datetime):
        for number in range(10, 20):
            server.post(number)
        source = opened(server, gateway)
        cursor = source.collect({}, now).cursor
        late = server.post(15, "Approved by a moderator", created=15, author="late")
        server.entries[late.id + "x"] = late
        server.post(12, "Also late", author="late")
        assert told(source.collect(cursor, now))["t3_p000012"].title == "Also late"

    @pytest.mark.parametrize("notice", ["[removed]", "[deleted]", "[ Removed by Reddit ]", "[deleted by user]"])
    def test_it_never_reads_a_notice_as_text(self, notice: str, server: Reddit, gateway: Gateway, now: datetime):
        post = server.post(1, "Acme", "Some words")
        gone = server.comment(2, post, "Bad words", withdrawn=notice)
        server.comment(3, gone, "What did they say?")
        server.post(4, "Withdrawn", withdrawn=notice)
        batch = opened(server, gateway).collect({}, now)
        found = told(batch)
        assert set(found) == {"t3_p000001", "t1_c000003"}
        assert found["t1_c000003"].parent == ""
        assert [one.reason for one in batch.skipped] == ["its text was removed at Reddit"] * 2

    def test_it_knows_no_author_of_a_deleted_account(self, server: Reddit, gateway: Gateway, now: datetime):
        server.post(1, "Acme", "Some words", author=None)
        (found,) = opened(server, gateway).collect({}, now).mentions
        assert (found.author, found.text) == ("", "Some words")

    def test_what_stands_on_the_page_of_a_deleted_account_is_gone_with_it(self, server: Reddit, gateway: Gateway, now: datetime):
        post = server.post(1, "Acme", "Some words", author=None, subreddit="u_traveller")
        source = opened(server, gateway, subreddits=("u_traveller",))
        assert source.collect({}, now).mentions == ()
        assert source.recheck([post.id], now) == {post.id: "removed"}

    def test_it_tells_when_a_text_was_edited(self, server: Reddit, gateway: Gateway, now: datetime):
        server.post(10, "Acme", "Some words", edited=25)
        server.post(11, "Acme", "Other words")
        found = told(opened(server, gateway).collect({}, now))
        assert found["t3_p000010"].updated == datetime.fromtimestamp(25, UTC)
        assert found["t3_p000011"].updated is None

    def test_it_searches_all_of_reddit_and_reads_what_is_said_below(self, server: Reddit, gateway: Gateway, now: datetime):
        post = server.post(1, "Is Acme Air any good?", subreddit="flights")
        first = server.comment(2, post, "No.")
        server.comment(3, first, "Why not?")
        server.post(4, "Beta Bank", subreddit="money")
        source = opened(server, gateway, subreddits=(), search=("acme air",))
        batch = source.collect({}, now)
        assert set(told(batch)) == {"t3_p000001", "t1_c000002", "t1_c000003"}
        assert told(batch)["t1_c000003"].parent == "No."
        server.kinds.clear()
        again = source.collect(batch.cursor, now)
        assert "thread" not in server.kinds
        server.comment(5, post, "It was for me.")
        assert "t1_c000005" in told(source.collect(again.cursor, now))

    def test_a_late_comment_in_a_thread_that_the_newest_have_pushed_down_is_heard(
        self, server: Reddit, gateway: Gateway, now: datetime
    ):
        old = server.post(1, "Is Acme Air any good?", subreddit="flights")
        source = opened(server, gateway, subreddits=(), search=("acme air",))
        cursor = source.collect({}, now).cursor
        for number in range(2, 302):
            server.post(number, f"Acme Air once more, {number}", subreddit="flights")
        server.listing_length = 250
        cursor = source.collect(cursor, now).cursor
        server.comment(400, old, "They lost my bag.")
        server.kinds.clear()
        assert set(told(source.collect(cursor, now))) >= {"t1_c000400"}
        assert server.kinds.count("info") <= 5

    def test_it_says_when_it_cannot_learn_whether_older_threads_grew(self, server: Reddit, gateway: Gateway, now: datetime):
        for number in range(1, 60):
            server.post(number, f"Acme Air once more, {number}", subreddit="flights")
        source = opened(server, gateway, subreddits=(), search=("acme air",))
        cursor = source.collect({}, now).cursor
        server.broken["info"] = Answer(500)
        batch = source.collect(cursor, now)
        assert (batch.heard, "older threads: " in batch.reason) == ("partial", True)

    def test_a_thread_that_is_refused_is_asked_again_less_and_less_often_and_at_once_when_it_grows(
        self, server: Reddit, gateway: Gateway, now: datetime
    ):
        post = server.post(1, "Is Acme Air any good?", subreddit="flights")
        server.comment(2, post, "No.")
        server.broken["thread"] = PRIVATE
        source = opened(server, gateway, subreddits=(), search=("acme air",))
        cursor: Mapping[str, Any] = {}
        asked: list[int] = []
        for hour in range(6 * 24):
            server.kinds.clear()
            batch = source.collect(cursor, now + timedelta(hours=hour))
            cursor = batch.cursor
            if "thread" in server.kinds:
                asked.append(hour)
                assert (batch.heard, "thread t3_p000001" in batch.reason) == ("partial", True)
        assert asked == [0, 1, 3, 7, 15, 31, 55, 79]
        server.broken.clear()
        server.comment(3, post, "It was for me.")
        grown = source.collect(cursor, now + timedelta(hours=145))
        assert {"t1_c000002", "t1_c000003"} <= set(told(grown))

    def test_it_opens_folded_comments_and_says_how_many_it_left(self, server: Reddit, gateway: Gateway, now: datetime):
        post = server.post(1, "Acme Air", subreddit="flights")
        for number in range(2, 402):
            server.comment(number, post)
        every = opened(server, gateway, subreddits=(), search=("acme",), more_comments=8).collect({}, now)
        assert len(every.mentions) == 401
        assert every.heard == "ok"
        some = opened(server, gateway, subreddits=(), search=("acme",), more_comments=1).collect({}, now)
        assert len(some.mentions) == 1 + 50 + 100
        assert some.heard == "partial"
        assert "250 folded comments were not opened" in some.reason

    def test_it_listens_to_accounts(self, server: Reddit, gateway: Gateway, now: datetime):
        post = server.post(1, "We fly to Riga", author="acmeair", subreddit="flights")
        server.comment(2, post, "At last!")
        assert set(told(opened(server, gateway, subreddits=(), users=("AcmeAir",)).collect({}, now))) == {
            "t3_p000001",
            "t1_c000002",
        }

    def test_a_refusal_of_one_place_leaves_the_others(self, server: Reddit, gateway: Gateway, now: datetime):
        server.post(1)
        server.post(2, subreddit="flights")
        server.faults["new"] = [PRIVATE]
        batch = opened(server, gateway, subreddits=("travel", "flights"), comments=False).collect({}, now)
        assert set(told(batch)) == {"t3_p000002"}
        assert batch.heard == "partial"
        assert "r/travel/new" in batch.reason
        assert "is private (403)" in batch.reason

    def test_it_makes_its_token_anew_when_it_expired(self, server: Reddit, gateway: Gateway, now: datetime):
        def expire(handler: Any) -> None:
            server.revoke_tokens()
            Answer(401, b'{"message": "Unauthorized", "error": 401}')(handler)

        server.post(1)
        server.faults["new"] = [expire]
        assert set(told(opened(server, gateway, comments=False).collect({}, now))) == {"t3_p000001"}
        assert server.kinds == ["token", "new", "token", "new"]

    def test_it_stops_before_the_allowance_is_overdrawn(self, server: Reddit, gateway: Gateway, now: datetime):
        for number in range(1, 251):
            server.post(number)
        server.remaining = 3
        source = opened(server, gateway, comments=False)
        with pytest.raises(RateLimitedError) as raised:
            source.collect({}, now)
        assert raised.value.until == now + timedelta(seconds=300)
        assert len(server.kinds) == 3

    @pytest.mark.parametrize("kind", ["token", "new", "comments", "search", "info", "thread", "more"])
    @pytest.mark.parametrize("fault", GENTLE_FAULTS)
    def test_one_broken_answer_costs_nothing(self, fault: Play, kind: str, server: Reddit, gateway: Gateway, now: datetime):
        _everything(server)
        server.faults[kind] = [fault]
        batch = opened(server, gateway, search=("acme",)).collect({}, now)
        assert set(told(batch)) == set(server.entries)
        assert batch.heard == "ok"

    @pytest.mark.parametrize("kind", ["token", "new", "comments", "search", "info", "thread", "more"])
    @pytest.mark.parametrize(
        "fault",
        [
            *GENTLE_FAULTS,
            Answer(429, headers={"Retry-After": "60"}),
            THROTTLED,
            PRIVATE,
            Answer(200, b""),
            Answer(200, b'{"no": "thing"}'),
        ],
    )
    def test_whatever_breaks_nothing_is_lost_when_it_is_mended(
        self, fault: Play, kind: str, server: Reddit, gateway: Gateway, now: datetime
    ):
        _everything(server)
        server.broken[kind] = fault
        source = opened(server, gateway, search=("acme",))
        heard: set[str] = set()
        cursor: Mapping[str, Any] = {}
        with suppress(TemporaryError, DeniedError, MalformedError):
            batch = source.collect(cursor, now)
            heard, cursor = set(told(batch)), batch.cursor
            assert (batch.heard, bool(batch.reason)) == ("partial", True)
        server.broken.clear()
        mended = source.collect(cursor, now + timedelta(hours=1))
        assert heard | set(told(mended)) == set(server.entries)

    def test_a_403_without_a_reason_is_a_throttle_whose_wait_grows(self, server: Reddit, gateway: Gateway, now: datetime):
        server.post(1)
        source = opened(server, gateway)
        server.broken["comments"] = THROTTLED
        first = source.collect({}, now)
        second = source.collect(first.cursor, now)
        assert first.wait is not None
        assert second.wait == 2 * first.wait
        server.broken.clear()
        assert source.collect(second.cursor, now).wait is None
        server.broken["new"] = THROTTLED
        with pytest.raises(RateLimitedError) as raised:
            source.collect(second.cursor, now)
        assert raised.value.until is None

    def test_a_subreddit_that_is_not_there_is_said(self, server: Reddit, gateway: Gateway, now: datetime):
        server.broken["new"] = server.broken["comments"] = Answer(302, headers={"Location": "/subreddits/search?q=travel"})
        with pytest.raises(DeniedError, match="nothing at"):
            opened(server, gateway).collect({}, now)

    def test_its_requests_are_checked_like_all_others(self, server: Reddit, now: datetime):
        with pytest.raises(DeniedError, match="private address"):
            opened(server, Gateway("ops@example.org")).collect({}, now)

    @pytest.mark.parametrize(
        ("fault", "error"),
        [(drip_body, TemporaryError), (drip_headers, TemporaryError), (Answer(200, b"[" * 5000), MalformedError)],
    )
    def test_slow_and_endless_answers_are_cut(self, fault: Play, error: type[Exception], server: Reddit, now: datetime):
        server.broken["new"] = server.broken["comments"] = fault
        limits = Limits(connect=5, read=5, total=0.3, size=4000)
        with pytest.raises(error):
            opened(server, Gateway("ops@example.org", allow_private_addresses=True, limits=limits)).collect({}, now)

    def test_its_cursor_stays_small(self, server: Reddit, gateway: Gateway, now: datetime):
        for number in range(1, 900):
            server.post(number, f"Acme {number}", subreddit="flights")
        batch = opened(server, gateway, search=("acme",), subreddits=("travel",)).collect({}, now)
        assert len(str(batch.cursor)) < 40_000

    def test_what_it_is_to_listen_to_must_be_said(self, server: Reddit, gateway: Gateway, now: datetime):
        with pytest.raises(DeniedError, match="nothing to listen to"):
            opened(server, gateway, subreddits=()).collect({}, now)


def _everything(server: Reddit) -> None:
    """A place that makes a source ask every kind of question."""
    server.folded_after = 3
    post = server.post(1, "A question")
    old = server.comment(2, post, "An answer")
    server.comment(3, old)
    found = server.post(2, "Acme elsewhere", subreddit="flights")
    for number in range(100, 110):
        server.comment(number, found)


class TestLadder:
    def test_the_api_is_the_first_rung(self, server: Reddit, gateway: Gateway):
        assert opened(server, gateway).rung == "the API, with credentials"
        assert opened(server, gateway, PERSONAL).rung.startswith("the personal feed")
        assert opened(server, gateway, {}).rung.startswith("public feeds")

    def test_credentials_may_stand_in_files(self, server: Reddit, gateway: Gateway, now: datetime, tmp_path: Path):
        for name, value in APP.items():
            (tmp_path / name).write_text(f"{value}\n")
        files = {f"{name}_FILE": str(tmp_path / name) for name in APP}
        server.post(1)
        assert len(opened(server, gateway, files).collect({}, now).mentions) == 1
        assert "token" in server.kinds

    def test_credentials_may_stand_in_praw_ini(self, server: Reddit, gateway: Gateway, now: datetime, tmp_path: Path):
        (tmp_path / "praw.ini").write_text(f"[DEFAULT]\nclient_id={CLIENT[0]}\nclient_secret={CLIENT[1]}\n")
        server.post(1)
        source = opened(server, gateway, {})
        assert source.rung == "the API, with credentials"
        assert len(source.collect({}, now).mentions) == 1

    def test_refused_credentials_fall_to_the_next_rung_and_are_said(self, server: Reddit, gateway: Gateway, now: datetime):
        server.post(1)
        source = opened(server, gateway, {**APP, "PROMISEWATCH_REDDIT_CLIENT_SECRET": "wrong"})
        batch = source.collect({}, now)
        assert len(batch.mentions) == 1
        assert "public feeds" in batch.reason
        assert "does not take the credentials (401)" in batch.reason
        assert "does not take the credentials (401)" in source.rung

    def test_the_lower_rungs_are_said_in_every_batch(self, server: Reddit, gateway: Gateway, now: datetime):
        batch = opened(server, gateway, {}).collect({}, now)
        assert batch.heard == "ok"
        assert batch.reason.startswith("read by public feeds")

    def test_a_personal_feed_that_is_none_says_where_to_find_it(self, server: Reddit, gateway: Gateway, now: datetime):
        with pytest.raises(DeniedError) as raised:
            opened(server, gateway, {"PROMISEWATCH_REDDIT_FEED": "https://www.reddit.com/.rss"}).collect({}, now)
        assert "reddit.com/prefs/feeds" in raised.value.remedy


class TestFeeds:
    def test_a_mention_is_the_same_by_whichever_rung_it_comes(self, server: Reddit, gateway: Gateway, now: datetime):
        post = server.post(1, "Acme & others", "Nine days <b>no</b> bag.")
        server.comment(2, post, "Same here.")
        api = told(opened(server, gateway).collect({}, now))
        source = opened(server, gateway, {})
        first = source.collect({}, now)
        second = source.collect(first.cursor, now + PAUSE_BETWEEN_FEEDS)
        feed = {**told(first), **told(second)}
        assert set(feed) == set(api)
        for name, mention in feed.items():
            same = [(one.title, one.text, one.author, one.url, one.published) for one in (mention, api[name])]
            assert same[0] == same[1]
        assert feed["t1_c000002"].parent == "Acme & others"

    def test_public_feeds_are_asked_one_at_a_time_in_turn(self, server: Reddit, gateway: Gateway, now: datetime):
        source = opened(server, gateway, {}, search=("acme",), users=("acmeair",))
        cursor: Mapping[str, Any] = {}
        for _ in range(5):
            batch = source.collect(cursor, now)
            cursor, now = batch.cursor, now + PAUSE_BETWEEN_FEEDS
            assert batch.wait is not None
            assert batch.wait >= timedelta(minutes=1)
        paths = [asked.path.partition("?")[0] for asked in server.asked]
        assert paths == ["/r/travel/new/.rss", "/r/travel/comments/.rss", "/search.rss", "/user/acmeair/.rss", "/r/travel/new/.rss"]

    def test_a_personal_feed_goes_on_while_reddit_allows_it_and_its_token_is_never_told(
        self, server: Reddit, gateway: Gateway, now: datetime
    ):
        server.remaining = 2
        source = opened(server, gateway, PERSONAL, search=("acme",))
        batch = source.collect({}, now)
        assert len(server.asked) == 2
        assert all("feed=0a1b2c&user=traveller" in asked.path for asked in server.asked)
        assert batch.wait == timedelta(seconds=300)
        server.broken["feed"] = Answer(500)
        with pytest.raises(TemporaryError) as raised:
            source.collect(batch.cursor, now + PAUSE_BETWEEN_FEEDS)
        assert "0a1b2c" not in f"{raised.value}{batch.reason}{source.rung}{source.id}"

    def test_another_source_that_asked_just_now_is_waited_for(self, server: Reddit, gateway: Gateway, now: datetime):
        server.post(1)
        one, other = (opened(server, gateway, {}, source=name) for name in ("one", "other"))
        assert len(one.collect({}, now).mentions) == 1
        put_off = other.collect({"turn": 0}, now + timedelta(seconds=5))
        assert (put_off.put_off, put_off.cursor, put_off.wait) == (True, {"turn": 0}, timedelta(seconds=60))
        assert len(server.asked) == 1
        assert len(other.collect(put_off.cursor, now + PAUSE_BETWEEN_FEEDS).mentions) == 1

    @given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 200)), max_size=40))
    def test_however_sources_come_reddit_is_asked_once_a_minute_and_whoever_waits_has_a_turn(self, comes: list[tuple[str, int]]):
        turns, now, asked = Turns(), datetime(2026, 9, 1, tzinfo=UTC), []
        for source, later in comes:
            now += timedelta(seconds=later)
            wait = turns.take(source, now)
            assert wait <= 3 * PAUSE_BETWEEN_FEEDS
            if not wait:
                asked.append(now)
        assert all(later - earlier >= PAUSE_BETWEEN_FEEDS for earlier, later in pairwise(asked))

    def test_a_feed_that_rolled_over_is_said(self, server: Reddit, gateway: Gateway, now: datetime):
        server.post(1)
        source = opened(server, gateway, {}, comments=False)
        cursor = source.collect({}, now).cursor
        for number in range(2, 150):
            server.post(number)
        assert source.collect(cursor, now + PAUSE_BETWEEN_FEEDS).heard == "partial"

    @pytest.mark.parametrize(
        "fault", [Answer(200, b"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'><entry><id>t3"), BLOCK_PAGE]
    )
    def test_a_feed_that_is_cut_off_or_blocked_is_asked_again_later(
        self, fault: Answer, server: Reddit, gateway: Gateway, now: datetime
    ):
        server.broken["feed"] = fault
        with pytest.raises(TemporaryError):
            opened(server, gateway, {}).collect({}, now)


class TestRecheck:
    def test_it_says_what_became_of_things(self, server: Reddit, gateway: Gateway, now: datetime):
        kept, left = server.post(1, text="words"), server.post(2, text="words")
        orphan, removed = server.comment(3, kept), server.comment(4, kept)
        del server.entries[left.id]
        server.change(orphan, author=None)
        server.change(removed, withdrawn="[removed]")
        source = opened(server, gateway)
        assert isinstance(source, Recheckable)
        fates = source.recheck([kept.id, left.id, orphan.id, removed.id], now)
        assert fates == {kept.id: "kept", orphan.id: "anonymous", removed.id: "removed"}

    def test_it_asks_for_a_hundred_at_a_time(self, server: Reddit, gateway: Gateway, now: datetime):
        ids = [server.post(number).id for number in range(1, 251)]
        assert len(opened(server, gateway).recheck(ids, now)) == 250
        assert server.kinds == ["token", "info", "info", "info"]

    def test_it_does_not_believe_that_everything_is_gone(self, server: Reddit, gateway: Gateway, now: datetime):
        with pytest.raises(TemporaryError, match="not believed"):
            opened(server, gateway).recheck([f"t3_{number}" for number in range(20)], now)

    def test_without_credentials_it_says_what_is_needed(self, server: Reddit, gateway: Gateway, now: datetime):
        with pytest.raises(DeniedError) as raised:
            opened(server, gateway, {}).recheck(["t3_1"], now)
        assert "PROMISEWATCH_REDDIT_CLIENT_ID" in raised.value.remedy


class TestOptions:
    def test_names_are_taken_with_and_without_their_prefix(self):
        assert names(["r/travel", "/r/Flights/", "travel", "u/acme-air"]) == ("travel", "Flights", "acme-air")

    @pytest.mark.parametrize("wrong", ["two words", "a", "trävel", 3])
    def test_what_is_no_name_is_refused(self, wrong: object):
        with pytest.raises(ValueError, match="give a"):
            names([wrong])

    def test_its_address_says_what_is_listened_to(self):
        options = RedditOptions(subreddits=("travel", "flights"), search=("acme air",), users=("acmeair",))
        assert address(options) == "reddit: r/travel+flights, search acme air, u/acmeair"
