"""A Reddit in which people write, edit, delete and leave, and whose every kind of request meets faults."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from monitor.clock import Clock
from tests.servers import Play
from tests.sources.reddit_server import Entry, Reddit
from tests.trial.faults import OF_REDDIT, Deck

KINDS = ("token", "new", "comments", "search", "user", "info", "thread", "more", "feed")
FAN = "acme_fan"


@dataclass
class BusyReddit(Reddit):
    """`tick` lets some time go by. `versions` are the texts that an entry had; `log` tells how each request went."""

    clock: Clock = datetime.now
    share: float = 0.1
    eager: float = 0.1
    seed: int = 0
    burst: int = 1100
    versions: dict[str, list[str]] = field(default_factory=dict)
    log: list[tuple[datetime, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._chance = random.Random(self.seed)
        self._number, self._under = 0, defaultdict[str, dict[str, None]](dict)
        self.deck = Deck(OF_REDDIT, KINDS, self.share, self._chance, self.eager)
        for _ in range(5):
            self.write()

    def fault(self, kind: str) -> Play | None:
        super().fault(kind)
        dealt = self.deck.deal(kind, "reddit", self.clock())
        self.log.append((self.clock(), kind, dealt[0] if dealt else ""))
        return dealt[1] if dealt else None

    def tick(self) -> None:
        chance = self._chance
        for _ in range(chance.choice((0, 1, 2, 3))):
            self.write()
        recent = [one for one in self.newest(self.entries.values())[:20] if not one.withdrawn and one.author]
        one = chance.choice(recent)
        what = chance.random()
        if what < 0.15:
            self._tell(self.change(one, text=f"{one.text} Edited {len(self.versions[one.id])}.", edited=self._now()))
        elif what < 0.20:
            self.change(one, withdrawn="[removed]")
        elif what < 0.25:
            self.change(one, author=None, withdrawn="[deleted]" if what < 0.22 else "")
        elif what < 0.30:
            self.revoke_tokens()
        elif what < 0.31:
            self.deck.begin_outage("reddit", self.clock() + timedelta(hours=chance.randrange(1, 6)))

    def flood(self) -> None:
        """More at once than Reddit lists."""
        for _ in range(self.burst):
            self._post("travel", f"Flood {self._following()}")

    def write(self) -> None:
        """A post where we listen, one elsewhere that a search finds, what is said under them, and what an account says."""
        number = self._following()
        what = self._chance.random()
        if what < 0.4:
            post = self._post("travel", f"Post {number}")
            for _ in range(self._chance.randrange(4)):
                self._answer(post)
        elif what < 0.7:
            talked = [one for one in self.newest(self.entries.values()) if self.is_found(one)][:15]
            post = self._chance.choice([*talked, self._post("flights", f"Acme elsewhere {number}")])
            for _ in range(self._chance.randrange(12)):
                self._answer(post)
        elif what < 0.85:
            self._post("flights", f"Post {number} of an account", author=FAN)
        else:
            here = [one for one in self.newest(self.entries.values())[:30] if one.subreddit == "travel" and not one.withdrawn]
            if here:
                self._answer(self._chance.choice(here))

    @staticmethod
    def is_found(post: Entry) -> bool:
        """Whether a search leads to a post, or the account that we listen to."""
        return (post.title.startswith("Acme") and not post.withdrawn) or post.author == FAN

    def is_listed(self, entry: Entry) -> bool:
        """Whether anything that we listen to leads to an entry."""
        return entry.subreddit == "travel" or self.is_found(self.entries[entry.post or entry.id])

    def _post(self, subreddit: str, title: str, **rest: Any) -> Entry:
        number = self._following()
        text = f"What post {number} says."
        return self._tell(self.post(number, title, text, subreddit=subreddit, created=self._now(), **rest))

    def _answer(self, under: Entry) -> Entry:
        return self._tell(self.comment(self._following(), under, created=self._now()))

    def comments_of(self, post: str) -> list[Entry]:
        return [self.entries[name] for name in list(self._under[post])]

    def _publish(self, entry: Entry) -> Entry:
        if entry.post:
            self._under[entry.post][entry.id] = None
        return super()._publish(entry)

    def _tell(self, entry: Entry) -> Entry:
        self.versions.setdefault(entry.id, []).append(entry.text)
        return entry

    def _following(self) -> int:
        self._number += 1
        return self._number

    def _now(self) -> int:
        return int(self.clock().timestamp())
