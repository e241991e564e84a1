"""Poll many times in one process and watch its memory and its open files: neither may grow.

python -m benchmarks.polls CONFIGURATION COUNT [--trace]
"""

import gc
import json
import os
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import NamedTuple

from monitor.app import App
from monitor.clock import Clock, utc_now
from monitor.collecting import collect
from tests.servers import Answer, Handler, Loopback, Play, reset, running
from tests.sources.feed_server import Item, broken_gzip, cut_off, rss, truncated
from tests.sources.reddit_server import CLIENT, Reddit, running_reddit

WINDOW = 30
SAMPLES = 20


class Sample(NamedTuple):
    """What the process holds after so many polls: resident memory and Python's own in bytes, open files, threads."""

    polls: int
    resident: int
    traced: int
    files: int
    threads: int


def measure(polls: int, feeds: int, *, trace: bool = False) -> list[Sample]:
    """Poll `feeds` feeds, some of which fail in turn, and a Reddit; returns some samples, evenly spaced."""
    with tempfile.TemporaryDirectory() as name, running() as server, running_reddit() as reddit:
        folder = Path(name)
        urls = [server.play(f"/{number}", _growing(number)) for number in range(feeds)]
        (folder / "promisewatch.toml").write_text(configuration(urls, reddit), encoding="utf-8")
        keys = ("PROMISEWATCH_REDDIT_CLIENT_ID", "PROMISEWATCH_REDDIT_CLIENT_SECRET")
        command = [sys.executable, "-m", "benchmarks.polls", str(folder / "promisewatch.toml"), str(polls), *["--trace"] * trace]
        environment = os.environ | dict(zip(keys, CLIENT, strict=True))
        found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment).stdout
    return [Sample(*json.loads(line)) for line in found.splitlines()]


def configuration(urls: list[str], reddit: Reddit) -> str:
    feeds = "".join(f'[[source]]\nkind = "feed"\nurl = "{url}"\nevery = "10 minutes"\n' for url in urls)
    network = '[network]\nallow_private_addresses = true\nper_host = 16\nspacing = "0 seconds"\n'
    places = f'reddit_url = "{reddit.url("")}"\noauth_url = "{reddit.url("")}"\nevery = "10 minutes"\n'
    return (
        f'{network}[[brand]]\nid = "acme"\nname = "Acme"\nquery = "*"\n{feeds}'
        f'[[source]]\nkind = "reddit"\nid = "reddit"\nsubreddits = ["travel"]\n{places}'
    )


def _growing(number: int) -> Play:
    """A feed with a new entry at every tenth look, and a fault at every seventh."""
    looks = count(number)

    def play(handler: Handler) -> None:
        look = next(looks)
        newest = WINDOW + look // 10
        body = rss(
            [Item(f"{number}-{n}", f"Title {n} of {number}", f"What item {n} says.") for n in range(newest, newest - WINDOW, -1)]
        )
        server: Loopback = handler.server
        server.asked.clear()
        faults = (Answer(503), reset, truncated(body), broken_gzip(body), cut_off(body, 900), Answer(200, b"no feed"))
        mark = f'"{newest}"'
        known = handler.headers.get("If-None-Match") == mark
        whole = Answer(304 if known else 200, b"" if known else body, {"ETag": mark}, stays=look % 2 == 0)
        (faults[look // 7 % len(faults)] if look % 7 == 0 else whole)(handler)

    return play


def _standing(now: datetime) -> Clock:
    return lambda: now


def poll(config: Path, times: int) -> Iterator[Sample]:
    """Collect from everything `times` times, an hour apart."""
    begin = utc_now()
    app = App(config)
    with app.open_store() as store:
        for number in range(1, times + 1):
            now = begin + timedelta(hours=number)
            for _ in collect(store, app.config, app.gateway(), _standing(now), everything=True):
                pass
            if number % max(1, times // SAMPLES) == 0:
                yield sample(number)


def sample(polls: int) -> Sample:
    gc.collect()
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
    resident, threads = int(status["VmRSS"].split()[0]) * 1024, int(status["Threads"])
    traced = tracemalloc.get_traced_memory()[0] if tracemalloc.is_tracing() else 0
    return Sample(polls, resident, traced, sum(1 for _ in Path("/proc/self/fd").iterdir()), threads)


def main() -> None:
    if "--trace" in sys.argv:
        tracemalloc.start()
    for one in poll(Path(sys.argv[1]), int(sys.argv[2])):
        print(json.dumps(one), flush=True)


if __name__ == "__main__":
    main()
