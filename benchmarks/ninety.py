"""Ninety days of the daemon in minutes, by a clock of ours: each digest exactly once, memory and open files flat.

A feed that shows news every day, a real mail server and a real receiver on loopback; an hour passes in every round. The clocks of the
brand's city change in between.
"""

import multiprocessing
import os
import sqlite3
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.kills import CONFIG, Weightless
from monitor import daemon
from monitor.app import App
from monitor.jobs import Job
from monitor.signals import Signals
from tests.monitor.mail_server import Mailbox, mail_server
from tests.servers import Answer, Handler, Loopback, running

START = datetime(2026, 9, 1, 3, 30, tzinfo=UTC)
STEP = timedelta(hours=1)
NEW_A_DAY = 12
ZONE = 'timezone = "Europe/Riga"\n'


@dataclass(frozen=True)
class Lived:
    """What so many days came to; memory in bytes after a ninth of the time and at the end. `faults` is to be empty."""

    seconds: float
    messages: int
    memory: tuple[int, int]
    files: tuple[int, int]
    faults: list[str]


class Days(Signals):
    """Lets an hour pass in every round, and tells once a day how much memory and how many files are open."""

    def __init__(self, days: int, pipe: Connection) -> None:
        super().__init__()
        self.now, self._end, self._pipe, self._told = START, START + timedelta(days=days), pipe, START.date()

    def wait(self, _seconds: float) -> None:
        self.now += STEP
        if self.now.date() != self._told:
            self._told = self.now.date()
            self._pipe.send((self.now, memory(), sum(1 for _ in Path("/proc/self/fd").iterdir())))
        if self.now >= self._end:
            self.stop()


def memory() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def live(config: Path, days: int, pipe: Connection) -> None:
    def jobs_of(app: App) -> tuple[Job, ...]:
        return tuple(one for one in daemon.jobs_of(app) if one.name != "causes")

    os.dup2(os.open(config.with_name("life.log"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    with Days(days, pipe) as signals:
        daemon.run(App(config, clock=lambda: signals.now), signals, lambda _: None, jobs_of, models=Weightless())  # type: ignore[arg-type]


def play(folder: Path, days: int = 90) -> Lived:
    with running() as server, mail_server() as box:
        now = START

        def feed(handler: Handler) -> None:
            items = "".join(
                f"<item><guid isPermaLink='false'>{day}-{n}</guid><title>Acme parcel {day}x{n} was {'bad' if n % 3 else 'good'}</title>"
                f"<author>a{day}x{n}</author><pubDate>{format_datetime(START + timedelta(days=day))}</pubDate></item>"
                for day in range(max(0, (now - START).days - 2), (now - START).days + 1)
                for n in range(NEW_A_DAY)
            )
            body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{items}</channel></rss>'
            Answer(body=body.encode(), headers={"Content-Type": "application/rss+xml"})(handler)

        server.play("/feed", feed)
        hook = server.play("/hook", Answer(204)).replace("://", "://:secret@")
        text = CONFIG.format(feed=server.url("/feed"), mail=box.address("ann@acme.example"), hook=f"webhook+{hook}")
        config = folder / "promisewatch.toml"
        config.write_text(text.replace('name = "Acme"\n', f'name = "Acme"\n{ZONE}'), encoding="utf-8")
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe(duplex=False)
        process = spawn.Process(target=live, args=(config, days, theirs))
        began = time.monotonic()
        process.start()
        theirs.close()
        seen = []
        with closing(ours):
            while True:
                try:
                    now, held, files = ours.recv()
                except EOFError:
                    break
                seen.append((held, files))
        process.join()
        if process.exitcode:
            raise RuntimeError((folder / "life.log").read_text(encoding="utf-8")[-2000:])
        early, late = seen[len(seen) // 9], seen[-1]
        faults, messages = judge(folder, days, server, box)
        return Lived(time.monotonic() - began, messages, (early[0], late[0]), (early[1], late[1]), faults)


def judge(folder: Path, days: int, server: Loopback, box: Mailbox) -> tuple[list[str], int]:
    """Hold what arrived against the calendar; return what is wrong, and how many messages there were."""
    first = START.date()
    daily = [first + timedelta(days=n) for n in range(days)]
    wanted = {f"digest:acme:daily:{day - timedelta(days=1)}" for day in daily[1:]}
    with closing(sqlite3.connect(folder / "promisewatch.db")) as db:
        rows = db.execute("SELECT channel, key, state FROM outbox").fetchall()
        heard = db.execute("SELECT count(*), count(DISTINCT external_id) FROM mentions").fetchone()
    faults = [f"{channel} {key} is {state}" for channel, key, state in rows if state != "sent"]
    for channel in ("mail", "hook"):
        found = Counter(key for one, key, _ in rows if one == channel and key.startswith("digest:acme:daily:"))
        faults += [f"{channel}: no {key}" for key in sorted(wanted - set(found))]
    names = Counter(mail["Message-ID"] for mail in box.mails)
    posts = Counter({k.lower(): v for k, v in one.headers.items()}["webhook-id"] for one in server.asked if one.path == "/hook")
    faults += [f"{name} came {times} times" for name, times in (names | posts).items() if times > 1]
    faults += [f"{len(rows)} were queued and {names.total() + posts.total()} arrived"] * (
        len(rows) != names.total() + posts.total()
    )
    faults += [f"{heard[0]} mentions of {heard[1]}"] * (heard[0] != heard[1] or heard[0] < NEW_A_DAY * (days - 1))
    return faults, len(rows)
