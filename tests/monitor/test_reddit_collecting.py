"""Reddit from end to end: whatever breaks, everything is stored once in the end, and the ledger names what was missed."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.collecting import Collected, collect
from monitor.config import Config, parse
from monitor.pipeline import prepare
from monitor.store import Store
from reports.evidence import Rung, Window
from reports.phrases import heard
from sources.http import Gateway, Limits
from tests.monitor.store_builders import NOON
from tests.servers import Answer, reset
from tests.sources.reddit_server import BLOCK_PAGE, CLIENT, THROTTLED, TRUNCATED, Reddit, running_reddit

CONFIG = """
[network]
allow_private_addresses = true
spacing = "0 seconds"
[[brand]]
id = "acme"
name = "Acme"
query = "*"
own_accounts = ["reddit:AcmeAir_Help"]
[[brand]]
id = "beta"
name = "Beta"
query = "*"
[[source]]
kind = "reddit"
id = "reddit"
subreddits = ["travel"]
search = ["acme"]
every = "10 minutes"
reddit_url = "{url}"
oauth_url = "{url}"
"""
FAULTS = [
    *(Answer(500), Answer(503), Answer(429, headers={"Retry-After": "30"}), Answer(401, b"{}"), Answer(200, b"")),
    *(THROTTLED, TRUNCATED, BLOCK_PAGE, reset),
]
KINDS = ["token", "new", "comments", "search", "info", "thread", "more"]


@pytest.fixture
def reddit(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reddit]:
    monkeypatch.setenv("PROMISEWATCH_REDDIT_CLIENT_ID", CLIENT[0])
    monkeypatch.setenv("PROMISEWATCH_REDDIT_CLIENT_SECRET", CLIENT[1])
    with running_reddit(folded_after=3) as started:
        yield started


@pytest.fixture
def config(reddit: Reddit) -> Config:
    return parse(CONFIG.format(url=reddit.url("")))


@pytest.fixture
def store(config: Config, tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.db") as opened:
        prepare(opened, config)
        yield opened


def round_at(store: Store, config: Config, now: datetime) -> list[Collected]:
    gateway = Gateway("ops@example.org", allow_private_addresses=True, limits=Limits(connect=5, read=5, total=20))
    return list(collect(store, config, gateway, lambda: now, chance=lambda: 0.5))


def grow(reddit: Reddit, number: int) -> None:
    post = reddit.post(number, f"Post {number}")
    first = reddit.comment(number + 1, post)
    reddit.comment(number + 2, first)
    found = reddit.post(number + 3, f"Acme elsewhere {number}", subreddit="flights")
    for more in range(4, 10):
        reddit.comment(number + more, found)


@pytest.mark.parametrize("seed", range(3))
def test_with_faults_at_every_kind_of_request_everything_is_stored_once(seed: int, reddit: Reddit, config: Config, store: Store):
    chance = random.Random(seed)
    now, missed = NOON, set[datetime]()
    for round_ in range(8):
        grow(reddit, 100 * round_ + 1)
        for kind in KINDS:
            reddit.faults[kind] = [chance.choice(FAULTS) for _ in range(chance.randrange(3))]
        missed |= {now for one in round_at(store, config, now) if one.heard != "ok"}
        now += timedelta(hours=1)
    reddit.faults.clear()
    for _ in range(2):
        now += timedelta(days=2)
        assert [one.heard for one in round_at(store, config, now)] == ["ok"]
    assert sorted(one.external_id for one in store.mentions.each()) == sorted(reddit.entries)
    week = Window(NOON.date(), NOON.date() + timedelta(days=7))
    holes = store.evidence.load("acme", week, generated=now).coverage.holes
    assert missed
    assert all(any(hole.since <= hour < hole.until and hole.reason for hole in holes) for hour in missed)


def test_two_sources_without_credentials_take_turns_and_neither_is_deaf(
    reddit: Reddit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("PROMISEWATCH_REDDIT_CLIENT_ID")
    reddit.post(1)
    text = (
        CONFIG.format(url=reddit.url("")).replace('search = ["acme"]\n', "comments = false\n").replace('"10 minutes"', '"1 hour"')
    )
    other = text[text.index("[[source]]") :].replace('id = "reddit"', 'id = "other"')
    config, gateway = parse(text + other), Gateway("ops@example.org", allow_private_addresses=True)
    with Store(tmp_path / "two.db") as store:
        prepare(store, config)
        for at in (NOON, NOON + timedelta(seconds=30), NOON + timedelta(seconds=65), NOON + timedelta(minutes=30)):
            list(collect(store, config, gateway, lambda at=at: at))
        heard = {one.id: one.collected for one in store.sources.states()}
        week = Window(NOON.date(), NOON.date() + timedelta(days=7))
        holes = store.evidence.load("acme", week, generated=NOON + timedelta(minutes=40)).coverage.holes
    assert heard == {"reddit": NOON, "other": NOON + timedelta(seconds=65)}
    assert (len(reddit.asked), holes) == (2, ())


def test_reports_tell_which_way_it_was_heard(reddit: Reddit, config: Config, store: Store, monkeypatch: pytest.MonkeyPatch):
    reddit.post(1)
    for hours in (0, 2, 30):
        round_at(store, config, NOON + timedelta(hours=hours))
    monkeypatch.delenv("PROMISEWATCH_REDDIT_CLIENT_ID")
    round_at(store, config, NOON + timedelta(hours=40))
    week = Window(NOON.date(), NOON.date() + timedelta(days=7))
    coverage = store.evidence.load("acme", week, generated=NOON + timedelta(days=2)).coverage
    assert coverage.rungs == (Rung("reddit", "the API", 2), Rung("reddit", "public feeds", 1))
    assert heard(coverage).endswith("; reddit read through the API on 2 days and public feeds on 1 day")
    later = Window(NOON.date() + timedelta(days=7), NOON.date() + timedelta(days=8))
    assert store.evidence.load("acme", later, generated=NOON + timedelta(days=8)).coverage.rungs == ()


def test_the_brands_own_answer_is_its_voice_and_nobody_elses(reddit: Reddit, config: Config, store: Store):
    post = reddit.post(1, "Where is my bag?")
    reddit.comment(2, post, "We are looking for it.", author="acmeair_help")
    round_at(store, config, NOON)
    rows = store.door.connection.execute(
        "SELECT m.external_id, a.brand, a.voice FROM matches a JOIN mentions m ON m.id = a.mention ORDER BY 1, 2"
    ).fetchall()
    assert rows == [
        ("t1_c000002", "acme", "brand"),
        ("t1_c000002", "beta", "customer"),
        ("t3_p000001", "acme", "customer"),
        ("t3_p000001", "beta", "customer"),
    ]
