"""Collecting, matching, keeping and reading, over a real server on loopback."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.collecting import Collected, collect
from monitor.config import Config, parse
from monitor.pipeline import prepare, read
from monitor.store import Store
from reports.evidence import Window
from sources.http import Gateway
from tests.monitor.fake_reader import FakeReader
from tests.servers import Answer, Loopback, reset, running

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ITEM = (
    "<item><guid>{n}</guid><title>{text}</title><author>a{n}@example.org</author>"
    "<pubDate>Mon, 02 Mar 2026 0{n}:00:00 GMT</pubDate></item>"
)


def feed(*texts: str) -> Answer:
    items = "".join(ITEM.format(n=n, text=text) for n, text in enumerate(texts))
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{items}</channel></rss>'
    return Answer(body=body.encode(), headers={"Content-Type": "application/rss+xml"})


@pytest.fixture
def server() -> Iterator[Loopback]:
    with running() as found:
        yield found


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "test.db") as found:
        yield found


def configured(*urls: str, brand: str = "", source: str = "") -> Config:
    text = f'[[brand]]\nid = "acme"\nname = "Acme"\n{brand}\n[[brand.promise]]\nid = "time"\ntext = "We depart on time."\n'
    return parse(text + "".join(f'[[source]]\nkind = "feed"\nid = "s{n}"\nurl = "{url}"\n{source}\n' for n, url in enumerate(urls)))


def collected(store: Store, config: Config, now: datetime = NOW, *, everything: bool = False) -> list[Collected]:
    prepare(store, config)
    gateway = Gateway("test@example.org", allow_private_addresses=True)
    return sorted(collect(store, config, gateway, lambda: now, everything=everything), key=lambda one: one.source)


def test_what_speaks_of_a_brand_is_kept_and_the_rest_is_counted(server: Loopback, store: Store) -> None:
    config = configured(server.play("/f", feed("Acme was good", "nothing to do with it")))
    (outcome,) = collected(store, config)
    assert (outcome.kept.new, outcome.kept.unmatched) == (1, 1)
    assert [mention.title for mention in store.mentions.each()] == ["Acme was good"]


def test_collecting_twice_changes_nothing(server: Loopback, store: Store) -> None:
    config = configured(server.play("/f", feed("Acme was good")))
    collected(store, config)
    (outcome,) = collected(store, config, NOW + timedelta(hours=1))
    assert (outcome.heard, outcome.kept.new, outcome.kept.edited) == ("ok", 0, 0)
    assert len(list(store.mentions.each())) == 1


def test_a_dead_source_stops_no_other(server: Loopback, store: Store) -> None:
    config = configured(server.play("/dead", reset), server.play("/f", feed("Acme was good")))
    dead, living = collected(store, config)
    assert dead.heard == "blind"
    assert dead.reason
    assert living.kept.new == 1


def test_a_source_is_collected_when_it_is_due_and_not_before(server: Loopback, store: Store) -> None:
    config = configured(server.play("/f", feed("Acme was good")), source='every = "30 minutes"')
    assert len(collected(store, config)) == 1
    assert collected(store, config, NOW + timedelta(minutes=29)) == []
    assert len(collected(store, config, NOW + timedelta(minutes=30))) == 1
    assert len(collected(store, config, NOW + timedelta(minutes=31), everything=True)) == 1


def test_a_place_that_asks_to_be_left_alone_is_left_alone(server: Loopback, store: Store) -> None:
    url = server.play("/f", Answer(429, headers={"Retry-After": "7200"}))
    config = configured(url)
    assert collected(store, config)[0].heard == "blind"
    assert collected(store, config, NOW + timedelta(minutes=119)) == []
    assert len(collected(store, config, NOW + timedelta(minutes=121))) == 1


def test_a_feed_that_is_gone_is_asked_no_more(server: Loopback, store: Store) -> None:
    config = configured(server.play("/f", Answer(410)))
    collected(store, config)
    assert collected(store, config, NOW + timedelta(days=2), everything=True) == []


def test_what_the_brand_says_itself_is_its_own_voice(server: Loopback, store: Store) -> None:
    url = server.play("/f", feed("We depart on time"))
    collected(store, configured(url, source='voice = "brand"\nbrands = ["acme"]'))
    (mention,) = store.mentions.each()
    assert (mention.voice, mention.brands) == ("brand", ("acme",))


def test_the_brands_own_account_speaks_in_its_voice(server: Loopback, store: Store) -> None:
    config = configured(server.play("/f", feed("Acme is good")), brand='own_accounts = ["feed:a0@example.org"]')
    collected(store, config)
    assert [mention.voice for mention in store.mentions.each()] == ["brand"]


def test_a_day_is_the_brands_own_day(server: Loopback, store: Store) -> None:
    config = configured(server.play("/f", feed("Acme was good")), brand='timezone = "America/Los_Angeles"')
    collected(store, config)
    assert str(store.brands.newest_day("acme")) == "2026-03-01"


def test_reading_drains_what_is_unread_and_reports_see_it(server: Loopback, store: Store) -> None:
    config = configured(server.play("/f", feed("Acme was good on time", "Acme was bad on time", "hola Acme")))
    collected(store, config)
    assert store.readings.count_unread() == 3
    result = read(store, config, FakeReader())
    assert (result.read, result.unscored) == (3, {"language es not trained for": 1})
    assert store.readings.count_unread() == 0
    window = Window(NOW.date(), NOW.date() + timedelta(days=1))
    evidence = store.evidence.load("acme", window, generated=NOW)
    assert sorted((row.promise, row.stance, row.n) for row in evidence.stances) == [("time", "broken", 1), ("time", "kept", 1)]
    assert sum(row.n for row in evidence.sentiment) == 2


def test_a_new_model_reads_history_again(server: Loopback, store: Store) -> None:
    config = configured(server.play("/f", feed("Acme was good")))
    collected(store, config)
    assert read(store, config, FakeReader("fake-1")).read == 1
    assert read(store, config, FakeReader("fake-1")).read == 0
    assert read(store, config, FakeReader("fake-2")).read == 1


def test_new_promises_make_a_brands_mentions_unread(server: Loopback, store: Store) -> None:
    url = server.play("/f", feed("Acme was good, the bags came"))
    collected(store, configured(url))
    read(store, configured(url), FakeReader())
    wider = configured(url, brand='[[brand.promise]]\nid = "bags"\ntext = "Your bags arrive with you."')
    prepare(store, wider)
    assert read(store, wider, FakeReader()).read == 1
    prepare(store, wider)
    assert store.readings.count_unread() == 0


def test_new_aliases_make_a_brands_mentions_unread_and_are_asked_about(server: Loopback, store: Store) -> None:
    url = server.play("/f", feed("Acme was good"))
    collected(store, configured(url))
    read(store, configured(url), FakeReader())
    wider, reader = configured(url, brand='aliases = ["AA", "Double A"]'), FakeReader()
    prepare(store, wider)
    assert read(store, wider, reader).read == 1
    assert reader.names == [("Acme", "AA", "Double A")]


def test_a_broken_declaration_in_one_feed_stops_nothing(server: Loopback, store: Store) -> None:
    config = configured(server.play("/a", feed("Acme a &lt;![ b")), server.play("/b", feed("Acme was good")))
    first, second = collected(store, config)
    assert (first.heard, second.heard) == ("ok", "ok")
    assert (first.kept.new, second.kept.new) == (1, 1)


def test_a_year_in_which_nobody_wrote_is_no_date(server: Loopback, store: Store) -> None:
    body = feed("Acme was good").body.replace(b"Mon, 02 Mar 2026 00:00:00 GMT", b"0001-01-01T00:30:00Z")
    answer = Answer(body=body, headers={"Content-Type": "application/rss+xml"})
    config = configured(server.play("/f", answer), brand='timezone = "America/Sao_Paulo"')
    assert collected(store, config)[0].kept.new == 1
    assert [mention.published for mention in store.mentions.each()] == [NOW]
