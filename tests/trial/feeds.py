"""Many feeds of one world: people publish, edit and repeat themselves in them, ids change, and requests meet faults.

The place knows what it showed to whom: a snapshot counts as taken once the caller gives its mark back.
"""

import json
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from monitor.clock import Clock
from tests.servers import Answer, Handler, Loopback, Play
from tests.sources.feed_server import Item, atom, cut_off, rss
from tests.trial.faults import OF_FEEDS, Deck

KINDS = ("first look", "later look", "redirect", "article")
WINDOW = 20
_STAMP = "%Y-%m-%dT%H:%M:%SZ"


@dataclass
class Written:
    """One item over time: `versions` of its text, and what of it was shown and taken. `guid` changes, `number` stays."""

    number: int
    at: datetime
    guid: str
    versions: list[str]
    updated: datetime
    shown: set[str] = field(default_factory=set)
    taken: set[tuple[str, str]] = field(default_factory=set)

    @property
    def is_settled(self) -> bool:
        """Whether the caller has it as it is now."""
        return (self.guid, self.versions[-1]) in self.taken


@dataclass
class Feed:
    """One feed: what was written in it, how each request of it went (`""` for well), and when the first look was that was taken."""

    name: str
    form: str
    whole: bool
    items: list[Written] = field(default_factory=list)
    log: list[tuple[datetime, str]] = field(default_factory=list)
    snapshots: dict[str, tuple[datetime, list[tuple[Written, str, str]]]] = field(default_factory=dict)
    begun: datetime | None = None
    repeats: bool = False

    @property
    def visible(self) -> list[Written]:
        """What it shows, newest first."""
        return self.items[: -WINDOW - 1 : -1]


class FeedPlace(Loopback):
    """The server of all feeds. `tick` lets some time go by in the world."""

    daemon_threads = True

    def __init__(self, count: int, clock: Clock, share: float, eager: float, seed: int) -> None:
        super().__init__()
        self._chance, self._lock, self._clock = random.Random(seed), Lock(), clock
        self.deck = Deck(OF_FEEDS, KINDS, share, self._chance, eager)
        self.feeds = [Feed(f"f{n}", ("rss", "atom", "json")[n % 3], whole=n % 12 == 11) for n in range(count)]
        for feed in self.feeds:
            self._publish(feed, 12, clock())

    def address(self, feed: Feed) -> str:
        moved = int(feed.name[1:]) % 10 == 9
        return self.url(f"/{'moved' if moved else 'feed'}/{feed.name}")

    def tick(self, *, bursts: bool = True) -> None:
        """In each feed somebody may write, edit, change ids, or write more than it shows."""
        now, chance = self._clock(), self._chance
        with self._lock:
            for feed in self.feeds:
                what = chance.random()
                settled = [one for one in feed.visible if one.is_settled and not feed.whole]
                if what < 0.10:
                    self._publish(feed, chance.randrange(1, 4), now)
                elif what < 0.13 and settled:
                    one = chance.choice(settled)
                    one.versions.append(_words(feed, one.number, len(one.versions)))
                    one.updated = now
                elif what < 0.15 and settled:
                    one = chance.choice(settled)
                    one.guid = f"{feed.name}-{one.number}-{chance.randrange(10**6)}"
                elif what < 0.155 and bursts:
                    self._publish(feed, WINDOW + chance.randrange(5, 15), now)
                elif what < 0.16:
                    self.deck.begin_outage(feed.name, now + timedelta(hours=chance.randrange(1, 9)))
                feed.repeats = what > 0.9

    def _publish(self, feed: Feed, count: int, now: datetime) -> None:
        for number in range(len(feed.items), len(feed.items) + count):
            feed.items.append(Written(number, now, f"{feed.name}-{number}", [_words(feed, number, 0)], now))

    def next_answer(self, path: str) -> Play:
        _, kind, name, *rest = path.split("/")
        if kind == "loop":
            return Answer(302, headers={"Location": "/loop"})
        feed = self.feeds[int(name[1:])]
        return {"feed": self._feed, "moved": self._moved, "article": self._article}[kind](feed, *rest)

    def _feed(self, feed: Feed) -> Play:
        def play(handler: Handler) -> None:
            mark = handler.headers.get("If-None-Match", "")
            with self._lock:
                if mark in feed.snapshots:
                    at, former = feed.snapshots[mark]
                    feed.begun = feed.begun or at
                    for one, guid, text in former:
                        one.taken.add((guid, text))
                if fault := self.deck.deal("later look" if mark else "first look", feed.name, self._clock()):
                    feed.log.append((self._clock(), fault[0]))
                    answer, tag, shown = fault[1], "", []
                else:
                    shown = [(one, one.guid, one.versions[-1]) for one in feed.visible]
                    body, kind = _document(feed, shown, self.url(""))
                    tag = f'"{hash(body)}"'
                    headers = {"ETag": tag, "Content-Type": kind}
                    answer = Answer(304, headers=headers) if tag == mark else Answer(200, body, headers)
            answer(handler)
            if tag:
                with self._lock:
                    feed.snapshots.setdefault(tag, (self._clock(), shown))
                    feed.log.append((self._clock(), ""))
                    for one, _, text in shown:
                        one.shown.add(text)

        return play

    def _moved(self, feed: Feed) -> Play:
        if fault := self.deck.deal("redirect", feed.name, self._clock()):
            feed.log.append((self._clock(), fault[0]))
            return fault[1]
        return Answer(302, headers={"Location": f"/feed/{feed.name}"})

    def _article(self, feed: Feed, number: str) -> Play:
        text = "".join(f"<p>{feed.items[int(number)].versions[0]} And this is line {n} of it.</p>" for n in range(8))
        page = f"<!doctype html><html><body><main><article>{text}</article></main></body></html>"
        if fault := self.deck.deal("article", feed.name, self._clock()):
            return cut_off(page.encode(), len(page) // 2, kind="text/html") if fault[0] == "cut off" else fault[1]
        return Answer(200, page.encode(), {"Content-Type": "text/html"})


def link(feed: Feed, number: int, base: str) -> str:
    """The address of an item, which it keeps for ever."""
    return f"{base}/article/{feed.name}/{number}" if feed.whole else f"https://{feed.name}.example/{number}"


def _words(feed: Feed, number: int, version: int) -> str:
    return f"Item {number} of {feed.name} says what it has to say, in its version {version}, to the very end."


def _document(feed: Feed, shown: list[tuple[Written, str, str]], base: str) -> tuple[bytes, str]:
    items = [
        Item(
            guid,
            f"Title {one.number} of {feed.name}",
            text,
            link(feed, one.number, base),
            f"{one.at:{_STAMP}}",
            f"{one.updated:{_STAMP}}",
        )
        for one, guid, text in shown
    ]
    if feed.repeats:
        items += items[:2]
    if feed.form == "json":
        entries = [
            {"id": one.id, "title": one.title, "url": one.link, "content_text": one.text, "date_published": one.published}
            for one in items
        ]
        return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": entries}).encode(), "application/feed+json"
    if feed.form == "atom":
        return atom(items), "application/atom+xml"
    return rss(items), "application/rss+xml"
