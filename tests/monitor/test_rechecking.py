"""What is deleted where it was published is deleted here: the queue, the removal, and the way back that is closed."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.app import App
from monitor.config import Config, parse
from monitor.jobs import Work
from monitor.pipeline import prepare
from monitor.rechecking import AT_ONCE, WITHIN, recheck
from monitor.rounds import look_again
from monitor.storage.values import Excluded, Match, Matched
from monitor.store import Store
from sources.http import Gateway
from sources.source import Batch
from tests.monitor.store_builders import (
    ACME,
    BAD,
    NOON,
    PRESS_TEXT,
    content,
    keep,
    matched,
    mention,
    read,
    reading,
    rollups,
    said,
)
from tests.servers import Answer
from tests.sources.reddit_server import CLIENT, Reddit, running_reddit

LATER = NOON + WITHIN
SOON = timedelta(hours=6)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.db") as opened:
        opened.brands.sync([ACME])
        yield opened


def looked_again(store: Store, now: datetime = LATER, **fates: Any) -> Any:
    store.rechecks.queue("feed", WITHIN, now)
    asked = store.rechecks.due("feed", now, 100)
    return store.rechecks.settle(
        "feed", asked, {name: fates.get(f"id{name}", "kept") for name in asked if fates.get(f"id{name}") != "?"}, WITHIN, now
    )


def everything_in(store: Store, path: Path) -> str:
    with sqlite3.connect(path) as connection:
        dump = "\n".join(connection.iterdump())
    connection.close()
    return dump


class TestQueue:
    def test_every_stored_item_is_due_once_within_the_time(self, store: Store):
        keep(store, mention("1"), mention("2"))
        store.rechecks.queue("feed", WITHIN, NOON)
        assert store.rechecks.due("feed", LATER - timedelta(seconds=1), 100) == []
        assert store.rechecks.due("feed", LATER, 100) == ["1", "2"]
        looked_again(store)
        assert store.rechecks.due("feed", LATER + WITHIN - timedelta(seconds=1), 100) == []
        assert store.rechecks.due("feed", LATER + WITHIN, 100) == ["1", "2"]

    def test_what_comes_later_joins_even_when_numbers_are_given_again(self, store: Store):
        keep(store, mention("1"), mention("2"), mention("3"))
        looked_again(store, id2="removed", id3="removed")
        keep(store, mention("4"), mention("5"), now=LATER)
        store.rechecks.queue("feed", WITHIN, LATER)
        assert store.rechecks.due("feed", LATER + WITHIN, 100) == ["1", "4", "5"]

    def test_the_sources_of_others_stay_out(self, store: Store):
        store.mentions.keep("other", Batch((mention("9", source="other"),)), matched(), NOON)
        store.rechecks.queue("feed", WITHIN, LATER)
        assert store.rechecks.due("feed", LATER, 100) == []
        assert store.rechecks.count("other", LATER + WITHIN) == 0

    def test_what_speaks_of_no_brand_and_was_put_by_is_looked_at_too(self, store: Store, tmp_path: Path):
        store.mentions.keep(
            "feed",
            Batch((mention("1", "A private matter of nobody's concern."),)),
            lambda _: Matched([], [], timedelta(days=7)),
            NOON,
        )
        looked_again(store, NOON)
        looked_again(store, LATER, id1="removed")
        assert "private matter" not in everything_in(store, tmp_path / "store.db")


class TestRemoval:
    def test_a_removed_text_leaves_nothing_behind_but_its_identity(self, store: Store, tmp_path: Path):
        keep(store, mention("1", "Secret words of a traveller.", author="t_raveller", url="https://r.example/secret"))
        keep(store, mention("1", "Other secret words of a traveller.", author="t_raveller", url="https://r.example/secret"))
        read(store, reading(BAD, said("bags", "broken")))
        store.evidence.refresh()
        assert looked_again(store, id1="removed").removed == 1
        store.evidence.refresh()
        dump = everything_in(store, tmp_path / "store.db")
        assert "secret" not in dump.lower()
        assert "t_raveller" not in dump
        assert "INSERT INTO \"tombstones\" VALUES(1,'1','2026-06-03T04:00:00Z')" in dump
        assert store.file.integrity_check() == []

    def test_reports_are_as_if_it_had_never_been(self, tmp_path: Path):
        with Store(tmp_path / "one.db") as one, Store(tmp_path / "two.db") as two:
            for opened, items in ((one, "123"), (two, "13")):
                opened.brands.sync([ACME])
                keep(opened, *(mention(name, PRESS_TEXT) for name in items))
                read(opened, reading(BAD, said("bags", "broken")))
            looked_again(one, id2="removed")
            one.evidence.refresh()
            two.evidence.refresh(everything=True)
            assert content(one) == content(two)
            assert rollups(one) == rollups(two)

    def test_it_does_not_come_back(self, store: Store):
        keep(store, mention("1"))
        looked_again(store, id1="removed")
        kept = keep(store, mention("1"), mention("2"))
        assert (kept.new, kept.unchanged) == (1, 1)
        assert [one.external_id for one in store.mentions.each()] == ["2"]

    def test_a_text_that_others_quote_as_their_parent_goes_too(self, store: Store):
        keep(store, mention("1", parent="The secret question", attributes={"parent": "t1_gone"}))
        looked_again(store, idt1_gone="removed")
        (parent,) = store.door.connection.execute("SELECT parent FROM mentions").fetchone()
        assert parent == ""
        assert [one.external_id for one in store.mentions.each()] == ["1"]

    def test_an_author_who_is_gone_is_forgotten_and_the_text_stays(self, store: Store):
        keep(
            store,
            mention("1", author="Ann", url="https://www.reddit.com/user/ann/comments/1"),
            mention("2", author="Ben", url="https://r.example/2"),
        )
        counts = looked_again(store, id1="anonymous", id2="anonymous")
        assert (counts.removed, counts.anonymous) == (0, 2)
        assert [(one.author, one.url) for one in store.mentions.each()] == [("", ""), ("", "https://r.example/2")]
        assert looked_again(store, LATER + WITHIN, id1="anonymous").anonymous == 0

    def test_what_the_place_does_not_know_is_asked_for_twice(self, store: Store):
        keep(store, mention("1"), mention("2"))
        assert looked_again(store, id1="?", id2="?").removed == 0
        assert looked_again(store, LATER + SOON, id1="?").removed == 1
        assert [one.external_id for one in store.mentions.each()] == ["2"]

    def test_one_that_is_known_again_has_two_looks_again(self, store: Store):
        keep(store, mention("1"))
        for hours, fate in ((0, "?"), (6, "kept"), (46, "?")):
            assert looked_again(store, LATER + timedelta(hours=hours), id1=fate).removed == 0

    def test_the_identity_that_a_query_left_out_does_no_harm(self, store: Store):
        left_out = Matched([], [Excluded("acme", NOON.date(), "NOT spam")], timedelta(days=1))
        store.mentions.keep("feed", Batch((mention("1"),)), lambda _: left_out, NOON)
        looked_again(store, NOON)
        looked_again(store, LATER, id1="removed")
        store.mentions.keep(
            "feed", Batch((mention("1"),)), lambda one: Matched([Match("acme", one.published.date())], [], timedelta(0)), LATER
        )
        assert list(store.mentions.each()) == []


CONFIG = """
[network]
allow_private_addresses = true
[[brand]]
id = "acme"
name = "Acme"
query = "acme"
[[source]]
kind = "reddit"
id = "reddit"
subreddits = ["travel"]
reddit_url = "{url}"
oauth_url = "{url}"
"""


@pytest.fixture
def reddit(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reddit]:
    monkeypatch.setenv("PROMISEWATCH_REDDIT_CLIENT_ID", CLIENT[0])
    monkeypatch.setenv("PROMISEWATCH_REDDIT_CLIENT_SECRET", CLIENT[1])
    with running_reddit() as started:
        yield started


@pytest.fixture
def config(reddit: Reddit) -> Config:
    return parse(CONFIG.format(url=reddit.url("")))


class TestStep:
    """The step of the pipeline, against a Reddit on loopback."""

    gateway = Gateway("ops@example.org", allow_private_addresses=True)

    def collected(self, store: Store, config: Config, *, now: datetime = NOON) -> None:
        from monitor.collecting import collect

        prepare(store, config)
        list(collect(store, config, self.gateway, lambda: now, everything=True))

    def test_what_was_deleted_at_reddit_is_gone_within_48_hours(self, reddit: Reddit, config: Config, store: Store):
        post = reddit.post(1, "Acme lost my bag", "Nine days.")
        comment = reddit.comment(2, post, "Acme again?")
        orphan = reddit.comment(3, post, "Acme, as always.")
        self.collected(store, config)
        assert list(recheck(store, config, self.gateway, lambda: NOON)) == []
        reddit.change(post, withdrawn="[deleted]")
        reddit.change(orphan, author=None)
        (outcome,) = recheck(store, config, self.gateway, lambda: NOON + timedelta(hours=47))
        assert (outcome.done.asked, outcome.done.removed, outcome.done.anonymous, outcome.waiting) == (3, 1, 1, 0)
        assert {one.external_id: one.author for one in store.mentions.each()} == {comment.id: "traveller_2", orphan.id: ""}
        assert store.door.connection.execute("SELECT max(parent) FROM mentions").fetchone() == ("",)

    def test_an_outage_leaves_all_of_it_due_and_says_so(self, reddit: Reddit, config: Config, store: Store):
        for number in range(AT_ONCE + 50):
            reddit.post(number, f"Acme {number}")
        self.collected(store, config)
        reddit.broken["info"] = Answer(502)
        (outcome,) = recheck(store, config, self.gateway, lambda: LATER)
        assert (outcome.done.asked, outcome.waiting) == (0, AT_ONCE + 50)
        assert "502" in outcome.reason
        reddit.broken.clear()
        (mended,) = recheck(store, config, self.gateway, lambda: LATER)
        assert (mended.done.asked, mended.waiting, mended.reason) == (AT_ONCE + 50, 0, "")

    def test_without_credentials_it_says_what_waits_and_what_to_do(
        self, reddit: Reddit, config: Config, store: Store, monkeypatch: pytest.MonkeyPatch
    ):
        reddit.post(1, "Acme lost my bag")
        self.collected(store, config)
        monkeypatch.delenv("PROMISEWATCH_REDDIT_CLIENT_ID")
        monkeypatch.setenv("HOME", "/nonexistent")
        (outcome,) = recheck(store, config, self.gateway, lambda: LATER)
        assert outcome.waiting == 1
        assert "PROMISEWATCH_REDDIT_CLIENT_ID" in outcome.remedy

    def test_the_daemon_says_what_it_removed(self, reddit: Reddit, config: Config, store: Store, tmp_path: Path):
        (tmp_path / "promisewatch.toml").write_text(CONFIG.format(url=reddit.url("")))
        post = reddit.post(1, "Acme lost my bag")
        self.collected(store, config)
        reddit.change(post, withdrawn="[deleted]")
        said = look_again(Work(App(tmp_path / "promisewatch.toml", clock=lambda: LATER), store, LATER))
        assert said == "reddit: removed 1 text and 0 authors that were deleted there"
        assert list(store.mentions.each()) == []
