"""What it costs to match mentions against the queries of many brands, beside one brand."""

import random
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from monitor.config import parse
from monitor.matching import Matcher
from sources.mention import Mention

BRANDS, MENTIONS, ROUNDS = 300, 5_000, 5
SYLLABLES = "ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo na ne ni no ra re ri ro sa se si so ta te ti to".split()
_WORDS = (
    "the a to and was for my it is on with that order came late good again service never they have this day help still phone bag"
)


def names() -> list[str]:
    chooser = random.Random(3)
    return list(dict.fromkeys("".join(chooser.choices(SYLLABLES, k=4)) for _ in range(2 * BRANDS)))[:BRANDS]


def matcher(brands: Sequence[str]) -> Matcher:
    tables = (
        f'[[brand]]\nid = "{name}"\nname = "{name}"\nquery = \'("{name} air" OR @{name} OR {name}*) NOT "{name} hardware"\'\n'
        for name in brands
    )
    config = parse('[match]\ndeny = ["giveaway", "site:spam.example"]\n' + "".join(tables))
    return Matcher(config.brand, config.match)


def mentions(named: Callable[[random.Random], str]) -> list[Mention]:
    """Posts of some thirty words, each of which names a brand."""
    chooser = random.Random(5)
    now = datetime(2026, 3, 1, tzinfo=UTC)
    found = []
    for number in range(MENTIONS):
        words = chooser.choices(_WORDS.split(), k=chooser.randrange(10, 50))
        words.insert(chooser.randrange(len(words)), named(chooser))
        found.append(Mention("forum", str(number), " ".join(words), now + timedelta(seconds=number), author=f"author{number}"))
    return found


def seconds(brands: Sequence[str], posts: Sequence[Mention]) -> float:
    """Seconds a mention."""
    match = matcher(brands).for_source()
    match(posts[0])  # the automaton is made when it is first used
    began = time.process_time()  # of this process alone: machines are shared
    for post in posts:
        match(post)
    return (time.process_time() - began) / len(posts)


def measure() -> tuple[float, float, float]:
    """Microseconds a mention with one brand and with all of them, where every post is about the first; and where posts are about all."""
    brands = names()
    of_one, of_all = mentions(lambda _: brands[0]), mentions(lambda chooser: chooser.choice(brands))
    # Taken in turns, so that a busy neighbour slows all alike.
    rounds = [(seconds(brands[:1], of_one), seconds(brands, of_one), seconds(brands, of_all)) for _ in range(ROUNDS)]
    one, many, spread = (min(column) * 1e6 for column in zip(*rounds, strict=True))
    return one, many, spread
