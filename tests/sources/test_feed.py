from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.feed_source import FeedSource
from sources.http import Gateway, Response
from sources.mention import Mention
from sources.source import Batch, MalformedError, Source, SourceError
from tests.servers import Answer, Loopback, Play
from tests.sources.contract import SourceContract

RSS = b"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Reviews</title><link>https://reviews.example/</link><ttl>30</ttl>
<item>
  <title>Late &amp;amp; rude</title><link>https://reviews.example/1?utm_source=rss</link><guid isPermaLink="false">r-1</guid>
  <dc:creator>Ann</dc:creator><pubDate>Mon, 31 Aug 2026 10:00:00 +0200</pubDate>
  <description>Short&#8230;</description>
  <content:encoded><![CDATA[<p>We waited <b>two hours</b>.</p><p>Never again.</p><script>x()</script>]]></content:encoded>
</item>
<item><title>Fine</title><link>https://reviews.example/2#comment-7</link><description>On time, 5 &lt; 6.</description></item>
<item><link>https://reviews.example/3</link><pubDate>Mon, 31 Aug 2026 12:00:00 GMT</pubDate></item>
</channel></rss>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://old.example/"><title>Old</title><link>https://old.example/</link><description/></channel>
<item rdf:about="https://old.example/1"><title>One</title><link>https://old.example/1</link>
<description>First</description><dc:date>2026-08-30T08:00:00Z</dc:date><dc:creator>Ben</dc:creator></item>
</rdf:RDF>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Atom</title><id>urn:f</id><updated>2026-08-31T00:00:00Z</updated>
<entry><id>urn:1</id><title type="html">A &lt;i&gt;slow&lt;/i&gt; day</title><link href="/post/1"/><author><name>Cid</name></author>
<updated>2026-08-31T09:30:00+02:00</updated><summary>Short</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>All of it</p><p>and more</p></div></content></entry>
<entry><id>urn:2</id><title>Plain &lt;3</title><published>2026-08-31T07:00:00Z</published>
<updated>2026-09-01T07:00:00Z</updated><content type="text">a &lt; b</content></entry>
</feed>"""


def rss(items: str, channel: str = "") -> bytes:
    return f'<rss version="2.0"><channel><title>t</title>{channel}{items}</channel></rss>'.encode()


class TestContract(SourceContract):
    def source(self, server: Loopback, gateway: Gateway) -> Source:
        return FeedSource("reviews", server.url("/feed"), gateway)

    def play(self, server: Loopback, answer: Play) -> None:
        server.play("/feed", answer)

    def items(self) -> Answer:
        return Answer(200, RSS, {"Content-Type": "application/rss+xml"})


@pytest.fixture
def collect(server: Loopback, gateway: Gateway, now: datetime):
    def collected(body: bytes, *, kind: str = "application/xml", **headers: str) -> Batch:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        url = server.play("/feed", Answer(200, body, {"Content-Type": kind, **named}))
        return FeedSource("f", url, gateway).collect({}, now)

    return collected


class TestFormats:
    def test_it_reads_rss(self, collect):
        batch = collect(RSS)
        assert batch.mentions[0] == Mention(
            source="f",
            external_id="r-1",
            title="Late & rude",
            text="We waited two hours.\nNever again.",
            url="https://reviews.example/1?utm_source=rss",
            author="Ann",
            published=datetime(2026, 8, 31, 8, tzinfo=UTC),
            raw_published="Mon, 31 Aug 2026 10:00:00 +0200",
        )
        assert batch.mentions[1].text == "On time, 5 < 6."

    def test_it_reads_rdf(self, collect):
        (mention,) = collect(RDF).mentions
        assert (mention.title, mention.text, mention.author) == ("One", "First", "Ben")
        assert mention.published == datetime(2026, 8, 30, 8, tzinfo=UTC)

    def test_it_reads_atom(self, collect, server: Loopback):
        first, second = collect(ATOM).mentions
        assert (first.external_id, first.title, first.text, first.author) == ("urn:1", "A slow day", "All of it\nand more", "Cid")
        assert first.url == server.url("/post/1")
        assert (second.title, second.text) == ("Plain <3", "a < b")

    def test_it_speaks_with_the_voice_it_was_given(self, server: Loopback, gateway: Gateway, now: datetime):
        url = server.play("/feed", Answer(200, RSS))
        batch = FeedSource("f", url, gateway, "press").collect({}, now)
        assert {mention.voice for mention in batch.mentions} == {"press"}

    @pytest.mark.parametrize(
        ("encoding", "declared"), [("utf-8", "utf-8"), ("latin-1", "iso-8859-1"), ("cp1252", "windows-1252"), ("utf-16", "utf-16")]
    )
    def test_it_reads_any_declared_encoding(self, encoding: str, declared: str, collect):
        text = f'<?xml version="1.0" encoding="{declared}"?>' + rss("<item><title>Café für zwei</title></item>").decode()
        assert collect(text.encode(encoding)).mentions[0].title == "Café für zwei"

    def test_it_reads_what_contradicts_its_header(self, collect):
        body = b'<?xml version="1.0" encoding="utf-8"?>' + rss("<item><title>Café</title></item>")
        assert collect(body, kind="text/html; charset=iso-8859-1").mentions[0].title == "Café"


class TestIdentity:
    def test_without_an_id_it_is_the_address_with_the_anchor_of_a_comment(self, collect):
        assert collect(RSS).mentions[1].external_id == "https://reviews.example/2#comment-7"

    def test_without_id_and_address_it_comes_from_the_text(self, collect):
        one = collect(rss("<item><title>a</title><description>b</description></item>")).mentions[0].external_id
        other = collect(rss("<item><title>a</title><description>c</description></item>")).mentions[0].external_id
        assert one != other
        assert one == collect(rss("<item><title>a</title><description>b</description></item>")).mentions[0].external_id

    def test_a_second_entry_with_the_same_identity_is_skipped_and_said(self, collect):
        batch = collect(rss("<item><guid>1</guid><title>a</title></item><item><guid>1</guid><title>b</title></item>"))
        assert [mention.title for mention in batch.mentions] == ["a"]
        assert "same identity" in batch.skipped[0].reason


class TestDates:
    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("<pubDate>Mon, 31 Aug 2026 10:00:00 EST</pubDate>", "2026-08-31T15:00:00+00:00"),
            ("<pubDate>2026-08-31 10:00:00</pubDate>", "2026-08-31T10:00:00+00:00"),
            ("<pubDate>Aug 31, 2026 10:00 AM</pubDate>", "2026-08-31T10:00:00+00:00"),
            ("<pubDate>Tue, 01 Sep 2026 12:30:00 GMT</pubDate>", "2026-09-01T12:30:00+00:00"),
            ("<pubDate>Tue, 01 Sep 2026 14:00:00 GMT</pubDate>", "2026-09-01T12:00:00+00:00"),
            ("<pubDate>Fri, 01 Jan 2100 00:00:00 GMT</pubDate>", "2026-09-01T12:00:00+00:00"),
            ("<pubDate>1787000000</pubDate>", "2026-08-17T20:53:20+00:00"),
            ("<pubDate>1787000000000</pubDate>", "2026-08-17T20:53:20+00:00"),
            ("<pubDate>20260831T100000Z</pubDate>", "2026-08-31T10:00:00+00:00"),
            ("<pubDate>Mon, 31 Aug 2026 10:00:00 CET</pubDate>", "2026-08-31T10:00:00+00:00"),
            ("<pubDate>2026-08</pubDate>", "2026-08-01T00:00:00+00:00"),
            ("<pubDate>2026년 08월 31일</pubDate>", "2026-09-01T12:00:00+00:00"),
            ("<pubDate>03/04/2026</pubDate>", "2026-09-01T12:00:00+00:00"),
            ("<pubDate>03.04.26</pubDate>", "2026-09-01T12:00:00+00:00"),
            ("<pubDate>once upon a time</pubDate>", "2026-09-01T12:00:00+00:00"),
            ("", "2026-09-01T12:00:00+00:00"),
        ],
    )
    def test_it_is_utc_never_in_the_future_and_now_when_unknown(self, written: str, expected: str, collect):
        (mention,) = collect(rss(f"<item><title>a</title>{written}</item>")).mentions
        assert mention.published.isoformat() == expected
        assert mention.raw_published == written.removeprefix("<pubDate>").removesuffix("</pubDate>")

    def test_it_falls_back_to_the_update(self, collect):
        first, second = collect(ATOM).mentions
        assert first.published == datetime(2026, 8, 31, 7, 30, tzinfo=UTC)
        assert second.published == datetime(2026, 8, 31, 7, tzinfo=UTC)

    def test_it_says_when_an_entry_was_updated(self, collect):
        assert collect(ATOM).mentions[1].updated == datetime(2026, 9, 1, 7, tzinfo=UTC)
        assert collect(RSS).mentions[0].updated is None

    def test_one_date_settles_which_number_is_the_month(self, collect):
        items = (
            "<item><title>a</title><pubDate>03/04/2026</pubDate></item><item><title>b</title><pubDate>25/04/2026</pubDate></item>"
        )
        assert [mention.published.day for mention in collect(rss(items)).mentions] == [3, 25]

    def test_an_entry_without_a_date_keeps_the_moment_at_which_it_was_first_seen(
        self, server: Loopback, gateway: Gateway, now: datetime
    ):
        one, two = "<item><title>a</title></item>", "<item><title>b</title></item>"
        source = FeedSource("f", server.play("/feed", *(Answer(200, rss(items)) for items in (one, one + two, two))), gateway)
        first = source.collect({}, now)
        later = source.collect(first.cursor, now + timedelta(hours=1))
        last = source.collect(later.cursor, now + timedelta(hours=2))
        assert [mention.published - now for mention in later.mentions] == [timedelta(0), timedelta(hours=1)]
        assert [mention.published - now for mention in last.mentions] == [timedelta(hours=1)]
        assert len(last.cursor["undated"]) == 1


class TestBrokenFeeds:
    def test_a_broken_feed_yields_the_entries_that_it_has(self, collect):
        broken = RSS.replace(b"</channel></rss>", b"<item><title>cut & off")
        titles = [mention.title for mention in collect(broken).mentions]
        assert titles[:2] == ["Late & rude", "Fine"]

    def test_an_entry_without_words_is_skipped_with_the_reason(self, collect):
        (skipped,) = collect(RSS).skipped
        assert skipped.reason == "the entry has neither title nor text"
        assert skipped.item == "https://reviews.example/3"

    def test_a_feed_without_entries_is_quiet_not_broken(self, collect):
        batch = collect(rss(""))
        assert (batch.mentions, batch.heard) == ((), "ok")

    @pytest.mark.parametrize(
        ("body", "kind", "said"),
        [
            (b"", "application/xml", "an empty body"),
            (b"<!DOCTYPE html><html><body>Hello</body></html>", "text/html", "an HTML page"),
            (b'{"items": []}', "application/json", "JSON that is no feed"),
            (b"<?xml version='1.0'?><note>hi</note>", "application/xml", "XML without any readable entry"),
            (b"%PDF-1.7", "application/pdf", "application/pdf"),
            (b'<rss version="2.0"><channel><title>cut o', "application/xml", "XML without any readable entry"),
        ],
    )
    def test_what_is_no_feed_is_named(self, body: bytes, kind: str, said: str, collect):
        with pytest.raises(MalformedError, match=said) as raised:
            collect(body, kind=kind)
        assert "RSS or Atom" in raised.value.remedy

    def test_a_page_that_offers_its_feed_gives_the_remedy(self, collect, server: Loopback):
        page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/news.rss"></head></html>'
        with pytest.raises(MalformedError) as raised:
            collect(page, kind="text/html")
        assert server.url("/news.rss") in raised.value.remedy

    def test_control_characters_and_half_surrogates_come_no_further(self, collect):
        body = "<title>on\x01 time\0</title><description>o&#0;n &#xD800;time\0</description>"
        (mention,) = collect(rss(f"<item><guid isPermaLink='false'>a\0b</guid>{body}</item>")).mentions
        assert mention.external_id == "ab"
        assert mention.title == "on time"
        assert not set(mention.body) & {"\0", "\x01", "\ud800"}

    def test_markup_that_is_made_to_harm_is_no_text(self, collect):
        harm = "&lt;p onclick='x()'&gt;Fine&lt;script&gt;steal()&lt;/script&gt;&lt;style&gt;p {}&lt;/style&gt;&lt;/p&gt;"
        (mention,) = collect(rss(f"<item><title>a</title><description>{harm}</description></item>")).mentions
        assert mention.text == "Fine"

    def test_an_entity_bomb_does_no_harm(self, collect):
        bomb = b'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + b"".join(
            b'<!ENTITY a%d "%s">' % (n + 1, b"&a%d;" % n * 10 if n else b"&a;" * 10) for n in range(9)
        )
        try:
            size = sum(len(mention.body) for mention in collect(bomb + b"]>" + rss("<item><title>x &a9;</title></item>")).mentions)
        except SourceError:
            size = 0
        assert size < 1_000

    def test_a_feed_names_no_file_to_open(self, collect, tmp_path):
        (tmp_path / "feed.xml").write_bytes(RSS)
        with pytest.raises(MalformedError):
            collect(str(tmp_path / "feed.xml").encode(), kind="text/plain")

    @given(st.binary(max_size=300) | st.text(alphabet='<>/&;itemrsd "=![CDATA]', max_size=200).map(rss))
    def test_nothing_but_a_source_error_leaves_it(self, body: bytes):
        try:
            batch = FeedSource("f", "http://feed.example/", _Says(body)).collect({}, datetime(2026, 9, 1, tzinfo=UTC))
        except SourceError:
            return
        for mention in batch.mentions:
            mention.body.encode()


class _Says(Gateway):
    """Says the same bytes whatever is asked."""

    def __init__(self, body: bytes) -> None:
        super().__init__("ops@example.org")
        self._body_said = body

    def get(self, url, headers, now) -> Response:
        return Response(200, url, {"Content-Type": "application/xml"}, self._body_said)


class TestPoliteness:
    def test_it_asks_only_for_what_changed(self, server: Loopback, gateway: Gateway, now: datetime):
        stamps = {"ETag": '"abc"', "Last-Modified": "Mon, 31 Aug 2026 10:00:00 GMT"}
        url = server.play("/feed", Answer(200, RSS, stamps), Answer(304))
        source = FeedSource("f", url, gateway)
        first = source.collect({}, now)
        second = source.collect(first.cursor, now)
        assert "If-None-Match" not in server.asked[0].headers
        assert server.asked[1].headers["If-None-Match"] == '"abc"'
        assert server.asked[1].headers["If-Modified-Since"] == "Mon, 31 Aug 2026 10:00:00 GMT"
        assert second == Batch(cursor=first.cursor, wait=timedelta(minutes=30))

    def test_it_forgets_the_stamps_of_another_address(self, server: Loopback, gateway: Gateway, now: datetime):
        cursor = FeedSource("f", server.play("/old", Answer(200, RSS, {"ETag": '"abc"'})), gateway).collect({}, now).cursor
        FeedSource("f", server.play("/new", Answer(200, RSS)), gateway).collect(cursor, now)
        assert "If-None-Match" not in server.asked[1].headers

    @pytest.mark.parametrize(
        ("channel", "headers", "wait"),
        [
            ("", {}, None),
            ("", {"Cache_Control": "no-cache"}, None),
            ("", {"Cache_Control": "public, max-age=600"}, timedelta(minutes=10)),
            ("", {"Cache_Control": "max-age=600", "Age": "300"}, timedelta(minutes=5)),
            ("", {"Cache_Control": "s-max-age=600"}, None),
            ("", {"Retry_After": "900"}, timedelta(minutes=15)),
            ("<ttl>60</ttl>", {"Cache_Control": "max-age=600"}, timedelta(hours=1)),
            ("<ttl>99999999</ttl>", {}, timedelta(days=1)),
            ("<ttl>soon</ttl>", {}, None),
        ],
    )
    def test_it_waits_as_long_as_the_place_asks_up_to_a_day(self, channel: str, headers: dict[str, str], wait, collect):
        assert collect(rss("<item><title>a</title></item>", channel), **headers).wait == wait

    def test_it_says_where_the_feed_moved_for_good(self, server: Loopback, gateway: Gateway, now: datetime):
        server.play("/new", Answer(200, RSS))
        url = server.play("/old", Answer(301, headers={"Location": "/new"}))
        assert FeedSource("f", url, gateway).collect({}, now).moved_to == server.url("/new")
