"""Feeds over a real network: in every encoding, and failing in every way."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.characters import decode
from sources.feed_source import FeedSource
from sources.http import Gateway, Limits
from sources.source import DeniedError, MalformedError, TemporaryError
from tests.servers import Answer, Loopback, Play
from tests.sources.feed_server import FAULTS, Item, atom, cut_off, gzipped, play_snapshots, rss

RUSSIAN = Item("1", "Поезд опоздал на два часа", "Никто ничего не объяснил, и больше я с ними не поеду.")
JAPANESE = Item("1", "電車が二時間遅れた", "誰も何も説明してくれなかった。もう二度と乗りません。")
FRENCH = Item("1", "Le train était en retard", "Personne n’a rien dit à la gare : c’était très gênant.")

EXPECTED = {
    "slow": TemporaryError,
    "endless": MalformedError,
    "truncated": TemporaryError,
    "reset": TemporaryError,
    "redirect loop": DeniedError,
    "wrong type": MalformedError,
    "broken gzip": TemporaryError,
    "gzip bomb": MalformedError,
}


@pytest.fixture
def hasty() -> Gateway:
    return Gateway("ops@example.org", allow_private_addresses=True, limits=Limits(connect=5, read=5, total=2, size=1_000_000))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_and_the_feed_heard_again_afterwards(fault: str, server: Loopback, hasty: Gateway, now: datetime) -> None:
    source = FeedSource("f", server.play("/feed", FAULTS[fault]()), hasty)
    with pytest.raises(EXPECTED[fault]) as raised:
        source.collect({}, now)
    assert raised.value.remedy or isinstance(raised.value, TemporaryError)
    server.play("/feed", Answer(200, rss([Item("1", "one")])))
    assert [mention.title for mention in source.collect({}, now).mentions] == ["one"]


LINES = [Item(str(n), f"title {n}", f"text {n} goes on to its end", f"https://a.example/{n}") for n in range(20)]


@pytest.mark.parametrize("body", [rss(LINES), atom(LINES)])
def test_a_feed_that_is_cut_off_brings_its_whole_entries_and_is_asked_for_again(
    body: bytes, server: Loopback, gateway: Gateway, now: datetime
) -> None:
    half = cut_off(body, body.index(b"text 9 goes") + 10, 'ETag: "whole"')
    source = FeedSource("f", server.play("/feed", half, *play_whole(body)), gateway)
    first = source.collect({}, now)
    assert ([one.title for one in first.mentions], first.heard) == ([f"title {n}" for n in range(9)], "partial")
    second = source.collect(first.cursor, now)
    assert [one.text for one in second.mentions] == [one.text for one in LINES]
    assert second.heard == "ok"


def play_whole(body: bytes) -> list[Play]:
    """What a place answers that knows `body` by one mark: all of it, or that it has not changed."""
    return [lambda handler: Answer(304 if handler.headers.get("If-None-Match") else 200, body, {"ETag": '"whole"'})(handler)]


def test_what_rolled_by_before_a_feed_was_cut_off_is_missed_afterwards(server: Loopback, gateway: Gateway, now: datetime) -> None:
    new = rss([Item(f"new {n}", f"new title {n}", link=f"https://a.example/new/{n}") for n in range(20)])
    answers = (Answer(200, rss(LINES)), cut_off(new, len(new) // 2), Answer(200, new))
    source, cursor, heard = FeedSource("f", server.play("/feed", *answers), gateway), {}, []
    for _ in answers:
        batch = source.collect(cursor, now)
        cursor = dict(batch.cursor)
        heard.append(batch.reason[:15])
    assert heard == ["", "the feed was cu", "every entry is "]


def test_a_feed_that_is_cut_off_in_its_first_entry_is_asked_again_later(server: Loopback, gateway: Gateway, now: datetime) -> None:
    body = rss(LINES)
    with pytest.raises(TemporaryError, match="cut off"):
        FeedSource("f", server.play("/feed", cut_off(body, body.index(b"text 0"))), gateway).collect({}, now)


def test_a_feed_that_never_closes_what_it_opened_is_whole(server: Loopback, gateway: Gateway, now: datetime) -> None:
    body = rss(LINES).replace(b"</channel></rss>", b"")
    batch = FeedSource("f", server.play("/feed", Answer(200, body)), gateway).collect({}, now)
    assert (len(batch.mentions), batch.heard) == (20, "ok")


def test_a_compressed_feed_is_read(server: Loopback, gateway: Gateway, now: datetime) -> None:
    url = server.play("/feed", gzipped(rss([RUSSIAN])))
    assert FeedSource("f", url, gateway).collect({}, now).mentions[0].title == RUSSIAN.title


@pytest.mark.parametrize("header", ["application/rss+xml", "text/xml", "text/html; charset=iso-8859-1", ""])
@pytest.mark.parametrize(
    ("item", "encoding", "declared"),
    [
        (RUSSIAN, "utf-8", None),
        (RUSSIAN, "utf-8-sig", "utf-8"),
        (RUSSIAN, "utf-16", None),
        (RUSSIAN, "windows-1251", None),
        (RUSSIAN, "koi8-r", None),
        (JAPANESE, "utf-8", None),
        (JAPANESE, "shift_jis", None),
        (JAPANESE, "euc_jp", None),
        (FRENCH, "windows-1252", "iso-8859-1"),
        (RUSSIAN, "utf-8", "iso-8859-1"),
        (JAPANESE, "utf-8", "windows-1252"),
        (FRENCH, "windows-1252", "utf-8"),
        (FRENCH, "windows-1252", "no-such-encoding"),
        (RUSSIAN, "utf-8", "utf-16"),
        (RUSSIAN, "utf-16-le", "utf-16"),
    ],
)
def test_it_reads_every_encoding_declared_rightly_or_wrongly(
    item: Item, encoding: str, declared: str | None, header: str, server: Loopback, gateway: Gateway, now: datetime
) -> None:
    url = server.play("/feed", Answer(200, rss([item], encoding, declared), {"Content-Type": header}))
    (mention,) = FeedSource("f", url, gateway).collect({}, now).mentions
    assert (mention.title, mention.text) == (item.title, item.text)


@pytest.mark.parametrize("item", [RUSSIAN, JAPANESE])
def test_it_tells_an_encoding_by_its_bytes_where_the_declared_one_cannot_be(
    item: Item, server: Loopback, gateway: Gateway, now: datetime
) -> None:
    encoding = "windows-1251" if item is RUSSIAN else "shift_jis"
    items = [Item(str(number), item.title, item.text) for number in range(5)]
    url = server.play("/feed", Answer(200, rss(items, encoding, "utf-8")))
    assert FeedSource("f", url, gateway).collect({}, now).mentions[0].title == item.title


def test_one_broken_byte_spoils_one_letter_and_not_the_feed(server: Loopback, gateway: Gateway, now: datetime) -> None:
    body = rss([RUSSIAN, Item("2", "Кофе в вагоне был хорош", "Спасибо проводнице.")]).replace(
        "Кофе".encode(), b"\xd0\x9a\xff\xd1\x84\xd0\xb5"
    )
    url = server.play("/feed", Answer(200, body))
    first, second = FeedSource("f", url, gateway).collect({}, now).mentions
    assert first.title == RUSSIAN.title
    assert second.title == "К\ufffdфе в вагоне был хорош"


@given(st.binary(max_size=200), st.text(max_size=40))
def test_any_bytes_under_any_header_become_text(body: bytes, header: str) -> None:
    decode(body, header)


@given(st.text(min_size=1).filter(lambda text: not text.startswith("\ufeff") and "\0" not in text))
def test_utf_8_stays_what_it_is(text: str) -> None:
    assert decode(text.encode("utf-8", "ignore")) == text.encode("utf-8", "ignore").decode()


def test_bytes_that_came_before_are_not_read_again(server: Loopback, gateway: Gateway, now: datetime) -> None:
    one, other = rss([Item("1", "one")]), rss([Item("1", "one"), Item("2", "two")])
    source = FeedSource("f", server.play("/feed", Answer(200, one), Answer(200, one), Answer(200, other)), gateway)
    first = source.collect({}, now)
    second = source.collect(first.cursor, now)
    third = source.collect(second.cursor, now)
    assert [len(batch.mentions) for batch in (first, second, third)] == [1, 0, 2]


def test_snapshots_are_asked_for_with_the_mark_of_the_last_one(server: Loopback, gateway: Gateway, now: datetime) -> None:
    one, other = rss([Item("1", "one")]), rss([Item("2", "two")])
    source = FeedSource("f", play_snapshots(server, "/feed", one, one, other, other), gateway)
    cursor, brought = {}, []
    for _ in range(4):
        batch = source.collect(cursor, now)
        cursor = dict(batch.cursor)
        brought.append([mention.title for mention in batch.mentions])
    assert brought == [["one"], [], ["two"], []]


@pytest.mark.parametrize(
    "body", [b"\0" * 50, b"<" * 5_000, b"{" * 50_000, b"<rss>" * 3_000, b"<?xml version='1.0' encoding='idna'?><note/>"]
)
def test_nonsense_is_a_malformed_feed(body: bytes, server: Loopback, gateway: Gateway, now: datetime) -> None:
    with pytest.raises(MalformedError):
        FeedSource("f", server.play("/feed", Answer(200, body)), gateway).collect({}, now)


@pytest.mark.parametrize(
    ("then", "heard"),
    [
        (range(20, 40), "partial"),
        (range(19, 39), "ok"),
        (range(20, 22), "ok"),
    ],
)
def test_a_full_feed_that_shows_nothing_of_what_it_showed_may_have_lost_entries(
    then: range, heard: str, server: Loopback, gateway: Gateway, now: datetime
) -> None:
    looks = [[Item(str(number), f"title {number}") for number in numbers] for numbers in (range(20), then)]
    source = FeedSource("f", server.play("/feed", *(Answer(200, rss(items)) for items in looks)), gateway)
    first = source.collect({}, now)
    assert first.heard == "ok"
    second = source.collect(first.cursor, now)
    assert (second.heard, "every" in second.reason) == (heard, heard == "partial")


def test_a_short_feed_that_shows_nothing_of_what_it_showed_may_have_lost_entries_too(
    server: Loopback, gateway: Gateway, now: datetime
) -> None:
    looks = [
        [Item(f"https://a.example/{n}", f"title {n}", link=f"https://a.example/{n}") for n in range(at, at + 5)] for at in (0, 5)
    ]
    source = FeedSource("f", server.play("/feed", *(Answer(200, rss(items)) for items in looks)), gateway)
    assert source.collect(source.collect({}, now).cursor, now).heard == "partial"


def test_a_feed_that_renames_its_entries_has_lost_none(server: Loopback, gateway: Gateway, now: datetime) -> None:
    looks = [[Item(f"{n}-{look}", f"title {n}", link=f"https://a.example/{n}") for n in range(20)] for look in (1, 2)]
    source = FeedSource("f", server.play("/feed", *(Answer(200, rss(items)) for items in looks)), gateway)
    assert source.collect(source.collect({}, now).cursor, now).heard == "ok"
