"""Kill the daemon a thousand times, with signal 9, in every stage, against real servers on loopback; then see what is there.

Every life is a process of its own, forked from one that has loaded the program already, that lives through a day: it collects what a
feed shows, matches, reads (without weights), opens cases, looks for alerts, queues and sends digests, hand-offs and warnings, backs up.
The stage to be killed in is drawn, and the moment within what that stage has taken before. Stores of a version before are upgraded
likewise.
"""

import hashlib
import json
import multiprocessing
import os
import random
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from monitor import daemon, migrations
from monitor.app import App
from monitor.jobs import Job, Work
from monitor.matching import Matcher
from monitor.signals import Signals
from monitor.storage import outbox
from tests.monitor.fake_reader import FakeReader
from tests.monitor.mail_server import Mailbox, mail_server
from tests.servers import Answer, Handler, Loopback, running

START = datetime(2024, 1, 1, 9, tzinfo=UTC)
STAGES = ("open", "collect", "match", "read", "cases", "index", "digest", "alerts", "queue", "deliver", "backup")
"""Where a daemon is killed: in a job, or in what a job does from its first call of something on."""
NEW_A_DAY = 6
SHOWN_DAYS = 60
"""For how many days the feed shows an item: longer than any row of lives that are all killed before they have heard it."""
PRELOADED = [
    "apprise", "feedparser", "monitor.alerts", "monitor.backups", "monitor.case_watch", "monitor.collecting", "monitor.commands.run",
    "monitor.delivering", "monitor.digests", "monitor.mail", "monitor.webhooks", "reports.digest", "reports.render",
    "reports.render_mail", "sources.feed", "benchmarks.kills", "benchmarks.kills_warm",
]  # fmt: skip
CONFIG = """[network]
allow_private_addresses = true
spacing = "0 seconds"
[[brand]]
id = "acme"
name = "Acme"
[[brand.promise]]
id = "refund"
text = "Refunds within two days."
[[source]]
kind = "feed"
id = "feed"
url = "{feed}"
brands = ["acme"]
every = "1 minute"
[[channel]]
name = "mail"
address = "{mail}"
[[channel]]
name = "hook"
address = "{hook}"
[delivery]
per_hour = 3600
[digest]
at = "08:00"
to = ["mail", "hook"]
editions = ["daily", "weekly"]
[cases]
to = ["mail"]
hand_off_to = ["hook"]
hand_off_from = 60
hours = "daily 00:00-24:00"
[[alert]]
watch = "volume"
brand = "acme"
to = ["hook"]
[[alert]]
watch = "sentiment"
brand = "acme"
to = ["mail"]
[backup]
folder = "backups"
at = "03:30"
keep = 3
"""


@dataclass
class Told:
    """What a thousand kills came to. `faults` names what was lost, repeated or damaged; it is to be empty."""

    lives: int = 0
    killed: Counter[str] = field(default_factory=Counter)
    mentions: int = 0
    cases: int = 0
    messages: int = 0
    again: int = 0
    backups: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def kills(self) -> int:
        return self.killed.total()


# A life


class Day(Signals):
    """Lets a daemon live through a few rounds at the given time."""

    def __init__(self, now: datetime, rounds: int) -> None:
        super().__init__()
        self.now, self._left = now, rounds

    def wait(self, _seconds: float) -> None:
        self.now += timedelta(seconds=20)
        self._left -= 1
        if self._left <= 0:
            self.stop()


class Weightless:
    """Models without weights."""

    def reader(self, app: App) -> FakeReader:
        return FakeReader(app.model_version())

    def rest(self) -> None:
        pass


class Stages:
    """Tells which stage begins, and when a job ends. A part of a job begins with the first call of something."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._parts: set[str] = set()

    def begin(self, name: str) -> None:
        self._pipe.send(name)

    def job(self, job: Job) -> Job:
        def run(work: Work) -> str:
            self.begin(job.name)
            said = job.run(work)
            self._parts.clear()
            self._pipe.send("")
            return said

        return replace(job, run=run)

    def part(self, name: str, owner: Any, method: str) -> None:
        call = getattr(owner, method)

        def told(*arguments: Any, **named: Any) -> Any:
            if name not in self._parts:
                self._parts.add(name)
                self.begin(name)
            return call(*arguments, **named)

        setattr(owner, method, told)


def live(config: Path, now: datetime, rounds: int, pipe: Connection) -> None:
    """Be a daemon for a day; tell which stage it is in."""
    stages = Stages(pipe)
    stages.part("match", Matcher, "for_source")
    stages.part("queue", outbox, "channel_id")

    def jobs_of(app: App) -> tuple[Job, ...]:
        return tuple(stages.job(one) for one in daemon.jobs_of(app) if one.name != "causes")

    os.dup2(os.open(config.with_name("life.log"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    stages.begin("open")
    with Day(now, rounds) as signals:
        app = App(config, clock=lambda: signals.now)
        daemon.run(app, signals, lambda _outcome: None, jobs_of, models=Weightless())  # type: ignore[arg-type]


def upgrade(store: Path, pipe: Connection) -> None:
    """Open a store as a later version does."""
    from monitor.store import Store

    migrations.STEPS = (*migrations.STEPS, what_a_later_version_changes)
    pipe.send("migrate")
    Store(store).close()
    pipe.send("")


def what_a_later_version_changes(db: Any) -> None:
    for statement in (
        "ALTER TABLE mentions ADD COLUMN later TEXT NOT NULL DEFAULT ''",
        "UPDATE mentions SET later = upper(text)",
        "CREATE TABLE later AS SELECT id, later FROM mentions",
        "CREATE INDEX mentions_later ON mentions (later)",
    ):
        db.execute(statement)


# Whoever kills


class Killer:
    """Starts lives, and ends most of them in the stage that was drawn, at a moment within what that stage takes."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._fork = multiprocessing.get_context("forkserver")
        self._fork.set_forkserver_preload(PRELOADED)
        self._takes: dict[str, float] = {}

    def let(self, target: Callable[..., None], *arguments: Any, stage: str = "") -> str:
        """Let one live; returns the stage in which it was killed, "" where it came to its end."""
        ours, theirs = self._fork.Pipe(duplex=False)
        process = self._fork.Process(target=target, args=(*arguments, theirs))
        process.start()
        theirs.close()
        at, began = "", 0.0
        killed = ""
        with closing(ours):
            while True:
                try:
                    name = ours.recv()
                except EOFError:
                    break
                now = time.monotonic()
                if at:
                    self._takes[at] = 0.7 * self._takes.get(at, now - began) + 0.3 * (now - began)
                at, began = name, now
                # Till the pipe speaks again, or the moment has come.
                if name and name == stage and not killed and not ours.poll(self._moment(name)):
                    process.kill()
                    killed = name
        process.join()
        code = process.exitcode
        process.close()
        if not killed and code != 0:
            raise RuntimeError(f"a life that nobody ended failed in {at or 'the beginning'}: exit status {code}")
        return killed

    def _moment(self, stage: str) -> float:
        return self._chance.random() * self._takes.get(stage, 0.05) * 1.1


class World:
    """A folder with a configuration, a feed that shows more every day, and receivers."""

    def __init__(self, folder: Path, server: Loopback, box: Mailbox, killer: Killer) -> None:
        self.folder, self._server, self._box, self._killer = folder, server, box, killer
        self.now, self._days = START, 0
        hook = server.play("/hook", Answer(204)).replace("://", "://:secret@")
        server.play("/feed", self._feed)
        text = CONFIG.format(feed=server.url("/feed"), mail=box.address("ann@acme.example"), hook=f"webhook+{hook}")
        self.config = folder / "promisewatch.toml"
        self.config.write_text(text, encoding="utf-8")
        self.told = Told()

    @property
    def store(self) -> Path:
        return self.folder / "promisewatch.db"

    def day(self, stage: str = "", rounds: int = 2) -> None:
        """Let a day pass; the daemon of that day is killed in `stage`, if it comes to that."""
        self._days += 1
        self.now += timedelta(days=1)
        self.told.lives += 1
        killed = self._killer.let(live, self.config, self.now, rounds, stage=stage)
        self.told.killed.update([killed] if killed else [])

    def upgrades(self, times: int) -> None:
        """Kill upgrades of a copy of the store; each must be all there or not at all, and go through afterwards."""
        before = _rows(self.store)
        done = 0
        while done < times:
            copy = self.folder / "later.db"
            for one in self.folder.glob("later.db*"):
                one.unlink()
            shutil.copy(self.store, copy)
            killed = self._killer.let(upgrade, copy, stage="migrate")
            self.told.lives += 1
            done += bool(killed)
            self.told.killed.update([killed] if killed else [])
            half = _shape(copy)
            if half not in {(False, False), (True, True)}:
                self.told.faults.append(f"an upgrade stayed half done: {half}")
            if killed:
                self._killer.let(upgrade, copy)
                self.told.lives += 1
            if _shape(copy) != (True, True) or _rows(copy) != before or _damage(copy):
                self.told.faults.append("an upgrade that was killed lost something")
            kept = Path(f"{copy}.before-upgrade")
            if not kept.exists() or _rows(kept) != before or _damage(kept):
                self.told.faults.append("the copy from before an upgrade is not whole")

    def judge(self) -> None:
        """Hold what is stored against what the feed showed, and what arrived against what was queued."""
        told, faults = self.told, self.told.faults
        faults += [f"the store is damaged: {one}" for one in _damage(self.store)]
        with closing(sqlite3.connect(self.store)) as db:

            def ask(query: str) -> list[tuple[Any, ...]]:
                return db.execute(query).fetchall()

            heard = Counter(name for (name,) in ask("SELECT external_id FROM mentions"))
            wanted = {f"{day}-{n}" for day in range(1, self._days + 1) for n in range(NEW_A_DAY)}
            _differ(faults, "mentions", set(heard), wanted)
            told.mentions, told.cases = heard.total(), ask("SELECT count(*) FROM cases")[0][0]
            if heard.total() != len(heard) or ask("SELECT count(*) FROM matches WHERE unread = 1")[0][0]:
                faults.append("a mention is there twice, or was never read")
            askers = {name for (name,) in ask("SELECT m.external_id FROM case_mentions c JOIN mentions m ON m.id = c.mention")}
            _differ(faults, "cases", askers, {one for one in wanted if one.endswith(("-0", "-1"))})
            if ask("SELECT count(*) FROM case_events WHERE what = 'handed off' GROUP BY case_id HAVING count(*) > 1"):
                faults.append("a case was handed off twice")
            rows = ask("SELECT channel, key, state FROM outbox")
            told.messages = len(rows)
            faults += [f"not sent: {channel} {key} ({state})" for channel, key, state in rows if state != "sent"][:5]
            names = {channel: {_name(c, key) for c, key, _ in rows if c == channel} for channel in ("mail", "hook")}
            kept = ask("SELECT count(*) FROM outbox WHERE key LIKE 'case:%'")[0][0]
            if kept != told.cases:
                faults.append(f"{told.cases} cases and {kept} hand-offs")
        hooks = [({k.lower(): v for k, v in one.headers.items()}, one.body) for one in self._server.asked if one.path == "/hook"]
        arrived: dict[str, list[tuple[str, object]]] = {
            # Whoever is killed while it speaks leaves half a request, which nobody takes for a message.
            "hook": [
                (head["webhook-id"].removeprefix("msg_"), body) for head, body in hooks if len(body) == int(head["content-length"])
            ],
            "mail": [(mail["Message-ID"][1:].partition("@")[0], _words(mail)) for mail in self._box.mails],
        }
        for channel, letters in arrived.items():
            _differ(faults, f"messages at {channel}", {name for name, _ in letters}, names[channel])
            told.again += len(letters) - len({name for name, _ in letters})
            if len(set(letters)) != len({name for name, _ in letters}):
                faults.append(f"what came twice at {channel} by one name was not the same")
        copies = sorted((self.folder / "backups").glob("*.db"))
        told.backups = len(copies)
        faults += [f"{one.name} is not whole" for one in copies if _damage(one)]

    def _feed(self, handler: Handler) -> None:
        items = []
        for day in range(max(1, self._days - SHOWN_DAYS), self._days + 1):
            at = format_datetime(START + timedelta(days=day, hours=-1))
            for n in range(NEW_A_DAY):
                words = "bad: where is my refund? I am still waiting" if n < 2 else "it was good" if n % 2 else "it was bad"
                title = f"Acme took parcel {hashlib.sha256(f'{day}-{n}'.encode()).hexdigest()[:12]}, {words}"
                items.append(
                    f"<item><guid isPermaLink='false'>{day}-{n}</guid><title>{title}</title><author>a{day}x{n}</author>"
                    f"<pubDate>{at}</pubDate></item>"
                )
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{"".join(items)}</channel></rss>'
        Answer(body=body.encode(), headers={"Content-Type": "application/rss+xml"})(handler)


def play(folder: Path, kills: int, seed: int, progress: Callable[[int], None] = lambda _: None) -> Told:
    """Kill so many times, a tenth of them upgrades, and tell what came of it."""
    chance = random.Random(seed)
    with running() as server, mail_server() as box:
        world = World(folder, server, box, Killer(chance))
        for _ in range(2):  # how long each stage takes, and something to tell of
            world.day()
        upgrades = kills // 10
        while world.told.kills < kills - upgrades:
            world.day(chance.choice(STAGES))
            progress(world.told.kills)
        for _ in range(3):  # what was left is done, and claims of the killed have run out
            world.day(rounds=4)
        world.judge()
        world.upgrades(upgrades)
        return world.told


def _differ(faults: list[str], what: str, found: set[str], wanted: set[str]) -> None:
    if lost := wanted - found:
        faults.append(f"{what}: {len(lost)} lost, such as {min(lost)}")
    if more := found - wanted:
        faults.append(f"{what}: {len(more)} that nobody sent, such as {min(more)}")


def _name(channel: str, key: str) -> str:
    return hashlib.sha256(f"{channel}\n{key}".encode()).hexdigest()[:32]


def _words(mail: Any) -> str:
    return json.dumps([mail["Subject"], *(part.get_content() for part in mail.walk() if part.get_content_type() == "text/plain")])


def _damage(store: Path) -> list[str]:
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as db:
        found = [row[0] for row in db.execute("PRAGMA integrity_check(3)") if row[0] != "ok"]
        return found + ["rows refer to missing rows"] * bool(db.execute("PRAGMA foreign_key_check").fetchall())


def _rows(store: Path) -> Sequence[Any]:
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as db:
        return [
            db.execute("SELECT id, external_id, text FROM mentions ORDER BY id").fetchall(),
            *(db.execute(f"SELECT count(*) FROM {table}").fetchone() for table in ("matches", "readings", "outbox", "case_events")),
        ]


def _shape(store: Path) -> tuple[bool, bool]:
    """Whether the later version's step is noted, and whether its table is there."""
    with closing(sqlite3.connect(store)) as db:
        noted = what_a_later_version_changes.__name__ in (migrations.applied(db) or [])
        return noted, db.execute("SELECT 1 FROM sqlite_master WHERE name = 'mentions_later'").fetchone() is not None
