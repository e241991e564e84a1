"""Every way in which a place can fail, dealt out so that each comes at each kind of request."""

import random
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from datetime import datetime

from tests.servers import Answer, Play, drip_body, drip_headers, reset, silence
from tests.sources.feed_server import Item, broken_gzip, cut_off, endless, gzip_bomb, rss, truncated
from tests.sources.reddit_server import BLOCK_PAGE, THROTTLED, TRUNCATED

SOME = rss([Item("1", "one")])
NETWORK: Mapping[str, Play] = {
    "slow headers": drip_headers,
    "slow body": drip_body,
    "silent": silence,
    "endless": endless,
    "truncated": truncated(SOME),
    "reset": reset,
    "redirect loop": Answer(302, headers={"Location": "/loop"}),
    "wrong type": Answer(200, b"%PDF-1.7", {"Content-Type": "application/pdf"}),
    "empty": Answer(200, b""),
    "broken gzip": broken_gzip(SOME),
    "gzip bomb": gzip_bomb(3_000_000),
    "403": Answer(403, b"no"),
    "429": Answer(429, headers={"Retry-After": "900"}),
    "500": Answer(500),
    "503": Answer(503),
}
"""What any place may do."""

OF_FEEDS = {**NETWORK, "cut off": cut_off(rss([Item(str(n), f"{n}") for n in range(3)]), 150)}
OF_REDDIT = {
    **NETWORK,
    "403": THROTTLED,
    "cut JSON": TRUNCATED,
    "page for people": BLOCK_PAGE,
    "expired token": Answer(401, b'{"message": "Unauthorized", "error": 401}'),
}


class Deck:
    """Deals faults: at each kind of request the one that came least so far, as often as chance has it.

    A kind that has not met every fault yet meets one with probability `eager` after a request that went well, so that the place
    is not given up; any other with `share`.
    """

    def __init__(self, faults: Mapping[str, Play], kinds: Sequence[str], share: float, chance: random.Random, eager: float) -> None:
        self._faults, self._share, self._eager, self._chance = faults, share, eager, chance
        self.pairs = len(faults) * len(kinds)
        self._left = Counter({kind: len(faults) for kind in kinds})
        self._failed = dict.fromkeys(kinds, False)
        self._turns: dict[str, deque[str]] = {}
        for kind in kinds:
            names = list(faults)
            chance.shuffle(names)
            self._turns[kind] = deque(names)
        self.dealt = Counter[tuple[str, str]]()
        self._out: dict[str, tuple[datetime, str]] = {}
        self.over = False

    def begin_outage(self, place: str, until: datetime) -> None:
        """From now on a place only fails, for so long."""
        self._out[place] = until, self._chance.choice(list(self._faults))

    def deal(self, kind: str, place: str, now: datetime) -> tuple[str, Play] | None:
        """The fault that a request of this kind meets, or None: it is answered."""
        until, name = self._out.get(place, (now, ""))
        share = self._eager if self._left[kind] and not self._failed[kind] else self._share
        self._failed[kind] = not self.over and (now < until or self._chance.random() < share)
        if not self._failed[kind]:
            return None
        if now >= until:
            name = self._turns[kind][0]
            self._turns[kind].rotate(-1)
        self._left[kind] -= not self.dealt[kind, name]
        self.dealt[kind, name] += 1
        return name, self._faults[name]

    @property
    def unplayed(self) -> list[tuple[str, str]]:
        """Faults that have not come yet, each with its kind of request."""
        return [(kind, name) for kind in self._turns for name in self._faults if not self.dealt[kind, name]]
