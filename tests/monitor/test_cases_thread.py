"""A case from end to end, on a Reddit on loopback: a complaint, the brand's answer, and what the customer says then.

Neither the answer nor the thanks names the brand: that they belong to it is known from the thread alone.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.case_watch import open_due_cases
from monitor.collecting import collect
from monitor.config import Config, parse
from monitor.pipeline import prepare, read
from monitor.storage.cases import CaseFile
from monitor.store import Store
from sources.http import Gateway
from tests.monitor.fake_reader import FakeReader
from tests.monitor.store_builders import NOON
from tests.sources.reddit_server import CLIENT, Entry, Reddit, running_reddit

CONFIG = """
[network]
allow_private_addresses = true
spacing = "0 seconds"
[[brand]]
id = "acme"
name = "Acme"
timezone = "Europe/Riga"
own_accounts = ["reddit:AcmeAir_Help"]
[[source]]
kind = "reddit"
id = "reddit"
subreddits = ["travel"]
every = "10 minutes"
reddit_url = "{url}"
oauth_url = "{url}"
"""
HOUR = timedelta(hours=1)


class Story:
    """What people write, and what the program makes of it an hour at a time."""

    def __init__(self, reddit: Reddit, store: Store, config: Config) -> None:
        self.reddit, self.store, self.config = reddit, store, config
        self._written = 0

    def asks(self, text: str = "Bad flight. Nobody answers the phone.") -> Entry:
        self._written += 1
        return self.reddit.post(self._written, "Where is my bag, Acme?", text, author="ann", created=self.at(0))

    def answers(self, hours: float, under: Entry, text: str, author: str = "AcmeAir_Help") -> Entry:
        self._written += 1
        return self.reddit.comment(self._written, under, text, author=author, created=self.at(hours))

    def at(self, hours: float) -> int:
        return int((NOON + hours * HOUR).timestamp())

    def round(self, hours: float) -> None:
        gateway, now = Gateway("ops@example.org", allow_private_addresses=True), NOON + hours * HOUR
        list(collect(self.store, self.config, gateway, lambda: now, everything=True))
        for _ in range(3):
            read(self.store, self.config, FakeReader())
            open_due_cases(self.store, self.config, now)

    def case(self) -> CaseFile:
        found = self.store.cases.find(1)
        assert found is not None
        return found


@pytest.fixture
def story(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Story]:
    monkeypatch.setenv("PROMISEWATCH_REDDIT_CLIENT_ID", CLIENT[0])
    monkeypatch.setenv("PROMISEWATCH_REDDIT_CLIENT_SECRET", CLIENT[1])
    with running_reddit() as reddit, Store(tmp_path / "store.db") as store:
        config = parse(CONFIG.format(url=reddit.url("")))
        prepare(store, config)
        yield Story(reddit, store, config)


def test_a_complaint_is_answered_and_the_customer_turns_happy(story: Story):
    post = story.asks()
    story.round(0.5)
    assert (story.case().case.status, story.case().case.author) == ("new", "ann")
    reply = story.answers(2, post, "Sorry! We are looking for it.")
    story.round(2.5)
    assert (story.case().case.status, story.case().case.answered) == ("answered", NOON + 2 * HOUR)
    story.answers(20, reply, "Thank you, it came. All good now.", author="ann")
    story.round(20.5)
    case = story.case()
    assert (case.case.status, case.case.ended) == ("recovered", NOON + 20 * HOUR)
    assert [(turn.role, turn.label) for turn in case.turns] == [
        ("customer", "negative"),
        ("answer", None),
        ("customer", "positive"),
    ]
    assert [event.what for event in case.events] == ["opened", "is answered", "joined", "is recovered"]


def test_what_others_write_below_belongs_to_nobodys_case(story: Story):
    post = story.asks()
    other = story.answers(1, post, "Same here, bad luck.", author="bob")
    story.answers(2, other, "Sorry, bob!")
    story.round(3)
    assert story.case().case.status == "new"
    assert len(list(story.store.mentions.each())) == 1


def test_an_answer_that_is_deleted_at_reddit_is_deleted_here_and_the_case_keeps_its_time(story: Story):
    post = story.asks()
    reply = story.answers(2, post, "Sorry! We are looking for it.")
    story.round(2.5)
    story.store.rechecks.settle("reddit", [reply.id], {reply.id: "removed"}, HOUR, NOON)
    assert [turn.role for turn in story.case().turns] == ["customer"]
    story.store.cases.act(1, "noted", "eva", "gone", lambda *_: (NOON, NOON), NOON + 3 * HOUR)
    assert (story.case().case.status, story.case().case.answered) == ("answered", NOON + 2 * HOUR)
