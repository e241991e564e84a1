"""Collecting from many local feeds, against the library `reader` on the same feeds in the same run; nginx serves both."""

import json
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import NamedTuple

ENTRIES = 30
ROUNDS = 3

_OURS = """
import sys, time
from pathlib import Path
from monitor.app import App
from monitor.collecting import collect
app = App(Path(sys.argv[1]))
with app.open_store() as store:
    for _ in range(2):
        began = time.monotonic()
        heard = [one.heard for one in collect(store, app.config, app.gateway(), app.clock, everything=True)]
        print(time.monotonic() - began)
        assert set(heard) == {"ok"}, set(heard)
"""

_THEIRS = """
import sys, time
from reader import make_reader
reader = make_reader(sys.argv[1])
for url in sys.argv[2:]:
    reader.add_feed(url)
for _ in range(2):
    began = time.monotonic()
    reader.update_feeds(workers=20, scheduled=False)
    print(time.monotonic() - began)
assert reader.get_feed_counts(broken=True).total == 0
"""


class Rates(NamedTuple):
    """Feeds a second."""

    what: str
    ours: float
    theirs: float
    goal: float


def measure(feeds: int, texts: list[str]) -> list[Rates]:
    """First fetch, and a refresh with nothing new; each the best of a few rounds that take turns."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx's workers are somebody else
        write_feeds(folder / "feeds", feeds, texts)
        python = install_reader(folder / "venv")
        ours, theirs = [], []
        with serving(folder) as base:
            urls = [f"{base}/{n}.xml" for n in range(feeds)]
            for number in range(ROUNDS):
                config = folder / f"round{number}" / "promisewatch.toml"
                config.parent.mkdir()
                config.write_text(configuration(urls), encoding="utf-8")
                ours.append(timed([sys.executable, "-c", _OURS, str(config)]))
                theirs.append(timed([str(python), "-c", _THEIRS, str(folder / f"reader{number}.db"), *urls]))
    goals = ((f"first fetch of {feeds:,} feeds of {ENTRIES} entries", 1.5), ("refresh of them with nothing new", 2.0))
    return [
        Rates(what, feeds / min(one[at] for one in ours), feeds / min(one[at] for one in theirs), goal)
        for at, (what, goal) in enumerate(goals)
    ]


def timed(command: list[str]) -> tuple[float, float]:
    """Run a script that prints the seconds of a first fetch and of a refresh."""
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    first, again = done.stdout.split()
    return float(first), float(again)


def write_feeds(folder: Path, count: int, texts: list[str]) -> None:
    folder.mkdir()
    chooser, day = random.Random(7), datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(count):
        items = "".join(
            f"<item><guid>{number}-{n}</guid><link>https://example.org/{number}/{n}</link><title>{text}</title><author>a{n}@example.org</author>"
            f"<pubDate>{format_datetime(day + timedelta(minutes=chooser.randrange(100_000)))}</pubDate>"
            f"<description>&lt;p&gt;{text}&lt;/p&gt;&lt;p&gt;More of {number}-{n}.&lt;/p&gt;</description></item>"
            for n, text in enumerate(chooser.sample(texts, ENTRIES))
        )
        document = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Feed {number}</title><link>https://example.org</link>{items}</channel></rss>'
        (folder / f"{number}.xml").write_text(document, encoding="utf-8")


def configuration(urls: list[str]) -> str:
    sources = "".join(f'[[source]]\nkind = "feed"\nurl = {json.dumps(url)}\n' for url in urls)
    network = '[network]\nallow_private_addresses = true\nper_host = 16\nspacing = "0 seconds"\n'
    return f'{network}[[brand]]\nid = "acme"\nname = "Acme"\nquery = "*"\n{sources}'


def install_reader(folder: Path) -> Path:
    """An environment of its own: the library is measured, not depended on."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", "reader", "sgmllib3k"], check=True)
    return python


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve the feeds by nginx, so that the server is not the limit."""
    if shutil.which("nginx") is None:
        subprocess.run(["apt-get", "install", "--yes", "--quiet", "nginx-light"], check=True, stdout=subprocess.DEVNULL)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "nginx.conf").write_text(
        f"""
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 512; }}
http {{
    access_log off;
    types {{ application/rss+xml xml; }}
    server {{ listen 127.0.0.1:{port}; root {folder}/feeds; keepalive_requests 100000; }}
}}
""",
        encoding="utf-8",
    )
    with subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)], stderr=subprocess.DEVNULL) as server:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
