"""The whole trial: feeds and a Reddit with faults, a daemon that is killed again and again, and the verdict."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from tests.servers import listening
from tests.sources.reddit_server import CLIENT
from tests.trial.feeds import FeedPlace
from tests.trial.hurry import SharedClock
from tests.trial.reddit import FAN, BusyReddit
from tests.trial.verdict import REDDIT, Judge, Verdict

ROOT = Path(__file__).resolve().parents[2]
BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)
STEP = timedelta(minutes=10)
LONG_DOWN = timedelta(days=2)
SHORT_DOWNS = (timedelta(0), timedelta(0), timedelta(hours=3), timedelta(hours=7))
PATIENCE = 600.0
"""Seconds within which the daemon must have done what is due, on however slow a machine."""


@dataclass(frozen=True)
class Size:
    """How many feeds there are and how often each is asked, for how many steps of the clock, and what share of requests fails.

    `eager` is that share where a kind of request has not met every fault yet (see `Deck`). There are up to three times as many
    steps until every fault has come at every kind of request, where that is `thorough`. In the end all is `calm`.
    """

    feeds: int = 200
    every: timedelta = timedelta(hours=6)
    steps: int = 60
    kills: int = 6
    share: float = 0.12
    reddit_share: float = 0.12
    eager: float = 0.8
    thorough: bool = True
    flood: int = 1100
    calm: timedelta = timedelta(hours=8)
    seed: int = 1


@dataclass(frozen=True)
class Tried:
    """What a trial led to. `pairs` are the faults that may come, each at each kind of request; `unplayed` never came."""

    verdict: Verdict
    faults: int
    pairs: int
    unplayed: list[tuple[str, str]]
    requests: int
    kills: int
    time: timedelta


class Daemon:
    """The daemon's process, started again after each kill."""

    def __init__(self, config: Path, clock: SharedClock, clock_file: Path, log: IO[bytes]) -> None:
        self._config, self._clock, self._clock_file, self._log = config, clock, clock_file, log
        self.downs: list[tuple[datetime, datetime]] = []
        self._process = self._start(with_credentials=True)

    def _start(self, *, with_credentials: bool) -> "subprocess.Popen[bytes]":
        names = ("PROMISEWATCH_REDDIT_CLIENT_ID", "PROMISEWATCH_REDDIT_CLIENT_SECRET")
        given = dict(zip(names, CLIENT, strict=True)) if with_credentials else {}
        command = [sys.executable, "-m", "tests.trial.hurry", str(self._config), str(self._clock_file)]
        environment = os.environ | {"PYTHONPATH": str(ROOT)} | given
        return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stderr=self._log, cwd=self._config.parent)

    def work(self, at_most: float = PATIENCE) -> bool:
        """Let it do what is due; False when it has not done so after so many seconds."""
        end = time.monotonic() + at_most
        while not self._clock.rested:
            if self._process.poll() is not None:
                raise RuntimeError("the daemon has ended by itself")
            if time.monotonic() > end:
                return False
            time.sleep(0.005)
        return True

    def kill(self, down: timedelta, *, with_credentials: bool = True) -> None:
        """End it without a word, and start another one after so long a time, with credentials for Reddit or without."""
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate()
        since = self._clock()
        self._clock.forward(down)
        self.downs.append((since, self._clock()))
        self._process = self._start(with_credentials=with_credentials)

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        status = self._process.wait(PATIENCE)
        self._process.communicate()
        if status != 0:
            raise RuntimeError(f"the daemon ended with {status}")


def trial(folder: Path, size: Size) -> Tried:
    """Run it: the world and the clock go on step by step, and in some steps the daemon dies in the middle of its work."""
    clock_file, config = folder / "clock", folder / "promisewatch.toml"
    clock, chance = SharedClock.begun(clock_file, BEGIN), random.Random(size.seed)
    with ExitStack() as opened:
        place = opened.enter_context(listening(FeedPlace(size.feeds, clock, size.share, size.eager, size.seed)))
        reddit = opened.enter_context(listening(_reddit(size, clock)))
        config.write_text(configuration(place, reddit, size), encoding="utf-8")
        daemon = Daemon(config, clock, clock_file, opened.enter_context((folder / "daemon.log").open("ab")))
        deaths = set(chance.sample(range(2, size.steps), size.kills))
        for step in range(3 * size.steps):
            if step >= size.steps and not (size.thorough and place.deck.unplayed + reddit.deck.unplayed):
                break
            if step % size.steps in deaths:
                daemon.work(chance.random())
                daemon.kill(chance.choice(SHORT_DOWNS), with_credentials=len(daemon.downs) % 2 == 1)
            _expect(daemon.work())
            place.tick()
            reddit.tick()
            if step in (size.steps // 3, 2 * size.steps // 3):
                reddit.flood()
            clock.forward(STEP)
        place.deck.over = reddit.deck.over = True
        daemon.kill(LONG_DOWN)
        end = clock() + size.calm
        while clock() < end:
            _expect(daemon.work())
            clock.forward(3 * STEP)
        daemon.stop()
        verdict = Judge(folder / "promisewatch.db", clock(), BEGIN, daemon.downs, size.every).judge(place, reddit)
    return Tried(
        verdict,
        place.deck.dealt.total() + reddit.deck.dealt.total(),
        place.deck.pairs + reddit.deck.pairs,
        place.deck.unplayed + reddit.deck.unplayed,
        len(place.asked) + len(reddit.asked),
        len(daemon.downs),
        clock() - BEGIN,
    )


def _expect(done: bool) -> None:
    if not done:
        raise RuntimeError(f"the daemon was not done after {PATIENCE:g} seconds")


def _reddit(size: Size, clock: SharedClock) -> BusyReddit:
    return BusyReddit(
        clock=clock,
        share=size.reddit_share,
        eager=size.eager,
        seed=size.seed,
        burst=size.flood,
        folded_after=5,
        remaining=1e6,
    )


def configuration(place: FeedPlace, reddit: BusyReddit, size: Size) -> str:
    every = f"{size.every // timedelta(minutes=1)} minutes"
    feeds = "".join(
        f'[[source]]\nkind = "feed"\nid = "{one.name}"\nurl = "{place.address(one)}"\nevery = "{every}"\n'
        + ("full_text = true\n" if one.whole else "")
        for one in place.feeds
    )
    network = '[network]\nallow_private_addresses = true\nspacing = "0 seconds"\nworkers = 32\nper_host = 32\n'
    return f"""{network}[[brand]]
id = "acme"
name = "Acme"
query = "*"
{feeds}[[source]]
kind = "reddit"
id = "{REDDIT}"
subreddits = ["travel"]
search = ["acme"]
users = ["{FAN}"]
every = "10 minutes"
reddit_url = "{reddit.url("")}"
oauth_url = "{reddit.url("")}"
"""
