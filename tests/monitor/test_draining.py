"""SIGTERM in the middle of every job: whatever is slow, what is under way ends soon, and nothing new begins."""

import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from inspect import getsource
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import pytest

from models.reading import Promise, Unread
from monitor import daemon
from monitor.app import App
from monitor.causes import Embedder
from monitor.config import parse
from monitor.delivering import FAREWELL_SECONDS
from monitor.farewell import LOOKS_SECONDS, SECONDS
from monitor.jobs import Every, Job, Work, jobs
from monitor.model_process import ModelsHere
from monitor.signals import SECONDS_TO_STOP, Signals
from monitor.storage.outbox import Message
from sources.source import Batch, LocalError
from tests.monitor.fake_reader import FakeReader
from tests.monitor.mail_server import slow_mail_server
from tests.monitor.store_builders import NOON, matched, mention
from tests.servers import Handler, Loopback, drip_headers, running

BRANDS, DAYS = 4, 10
SHORT = ("index", "outbox", "backup")
"""A turn of these is one transaction, and what they do besides looks whether it is to stop."""
NETWORK = ("collect", "recheck", "deliver", "ping")
FEW = 3
"""Transactions that a job may take to come to its end, or to be done at all."""
SOON = 8.0
"""Seconds; farewells are shortened, and whatever is slow takes longer by itself."""
CONFIG = """
[network]
allow_private_addresses = true
spacing = "0 seconds"
[health]
port = 0
ping = "{server}/ping"
[backup]
folder = "copies"
[retention]
mentions = "4 days"
ledger = "4 days"
[digest]
to = ["mail"]
[[channel]]
name = "mail"
address = "{mail}"
"""
BRAND = """
[[brand]]
id = "b{n}"
name = "Brand {n}"
[[brand.promise]]
id = "bags"
text = "Your bags arrive with you."
[[alert]]
brand = "b{n}"
watch = "sentiment"
[[alert]]
brand = "b{n}"
watch = "promise"
[[source]]
kind = "feed"
id = "f{n}"
url = "{server}/feed"
"""


def configured(server: str = "http://127.0.0.1:9", mail: str = "mailto://127.0.0.1:9/a@b.example?from=c@d.example") -> str:
    return CONFIG.format(server=server, mail=mail) + "".join(BRAND.format(n=n, server=server) for n in range(BRANDS))


NAMES = [one.name for one in jobs(parse(configured()))]


class Stopping(Signals):
    """Asked to stop in the middle of a job: by a slow `place` that was asked, or else at its first transaction or second look."""

    def __init__(self, *, by_place: bool = False) -> None:
        super().__init__()
        self._by_place, self._begun, self._looks = by_place, False, 0
        self.steps, self.stopped_at = 0, 0.0

    def begin(self) -> None:
        self._begun = True

    def stopped(self) -> bool:
        if self._begun and not self._by_place:
            self._looks += 1
            if self._looks > 1:
                self.stop()
        return super().stopped()

    def traced(self, statement: str) -> None:
        if statement.startswith("BEGIN IMMEDIATE"):
            self.steps += 1
            if not self._by_place:
                self.stop()

    def stop(self) -> None:
        self.stopped_at = self.stopped_at or monotonic()
        super().stop()

    def wait(self, seconds: float) -> None:
        """The job has had a whole turn: nothing in it was slow."""
        super().stop()


class Unstoppable(Stopping):
    """Only counts, and lets the job have one whole turn."""

    def stop(self) -> None:
        pass


class Weightless(ModelsHere):
    """Reads and embeds without weights."""

    def reader(self, app: App) -> FakeReader:
        return FakeReader(App.model_version(app))

    def embedder(self, app: App) -> Embedder:
        return Embedder("e1", lambda texts: np.eye(384, dtype=np.float32)[np.arange(len(texts)) % 384])


@contextmanager
def silent_mail_server(asked: Callable[[], None]) -> Iterator[str]:
    """Takes a mail and never says that it has it, which may last two minutes."""
    over = threading.Event()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                self.wfile.write(b"220 slow\r\n")
                while (line := self.rfile.readline()) and not line.lower().startswith(b"data"):
                    self.wfile.write(b"250 fine\r\n")
                self.wfile.write(b"354 go on\r\n")
                while (line := self.rfile.readline()) and line != b".\r\n":
                    pass
                asked()
                over.wait()

    with slow_mail_server(Session, over) as address:
        yield address


class Rechecked:
    """A source that looks again at what it brought, at a place that never answers."""

    def __init__(self, id_: str, gateway: Any, url: str) -> None:
        self.id, self._gateway, self._url = id_, gateway, url

    def collect(self, cursor: Any, now: Any) -> Batch:
        raise LocalError("it is not collected from", remedy="")

    def recheck(self, asked: Any, now: Any) -> Any:
        return self._gateway.get(self._url, {}, now)


class Bench:
    """A store in which every job has much to do, and places that never answer and are asked to stop the daemon."""

    def __init__(self, folder: Path, server: Loopback) -> None:
        self.asked, self._again = 0, server.url("/again")
        self._signals: Stopping | None = None
        self.app = App(folder / "promisewatch.toml", clock=lambda: NOON)
        self._server = server.url("")

    def configure(self, mail: str) -> None:
        self.app.config_path.write_text(configured(self._server, mail), encoding="utf-8")

    def was_asked(self) -> None:
        """A place was asked, in whichever thread it answers."""
        self.asked += 1
        if self._signals is not None:
            self._signals.stop()

    def fill(self, name: str) -> None:
        with self.app.open_store() as store:
            for n in range(BRANDS):
                said = [
                    mention(
                        f"{n}-{day}-{at}",
                        f"My bags were bad, refund please, number {n} {day} {at}.",
                        source=f"f{n}",
                        published=NOON - timedelta(days=day, minutes=at),
                    )
                    for day in range(DAYS)
                    for at in range(3)
                ]
                store.mentions.keep(f"f{n}", Batch(tuple(said)), matched(f"b{n}"), NOON - timedelta(days=DAYS))
            if name not in {"read", "index"}:
                reader = FakeReader(self.app.model_version())
                while tasks := store.readings.unread(reader.version, 500):
                    texts = [Unread(one.text, one.target, (Promise("bags", "Your bags arrive with you."),)) for one in tasks]
                    store.readings.save(zip(tasks, reader.read(texts), strict=True))
            store.outbox.queue("mail", Message("k", "alert", "b0", "subject", "text"), NOON)

    def live(self, name: str, signals: Stopping) -> None:
        def watched(app: App) -> tuple[Job, ...]:
            (job,) = (one for one in jobs(app.config) if one.name == name)

            def begun(work: Work) -> str:
                work.store.door.connection.set_trace_callback(signals.traced)
                signals.begin()
                return job.run(work)

            return (Job(name, Every(timedelta(0)), begun),)

        self._signals = signals
        daemon.run(self.app, signals, jobs_of=watched, models=Weightless())
        self._signals = None

    def rechecked(self, entry: Any, _state: Any, gateway: Any) -> Rechecked:
        return Rechecked(entry.source_id, gateway, self._again)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    for name, value in {
        "monitor.farewell.SECONDS": 0.2,
        "monitor.farewell.LOOKS_SECONDS": 0.05,
        "monitor.collecting.LOOKS_SECONDS": 0.05,
        "monitor.delivering.LOOKS_SECONDS": 0.05,
        "monitor.delivering.FAREWELL_SECONDS": 0.2,
        "monitor.pipeline.READ_AT_ONCE": 8,
        "monitor.storage.cases.AT_ONCE": 8,
        "monitor.storage.complaints.READINGS_AT_ONCE": 8,
        "monitor.storage.forgetting.AT_ONCE": 8,
    }.items():
        monkeypatch.setattr(name, value)
    with running() as server:
        made = Bench(tmp_path, server)

        def tell_and_drip(handler: Handler) -> None:
            made.was_asked()
            drip_headers(handler)

        for path in ("/feed", "/ping", "/again"):
            server.play(path, tell_and_drip)
        monkeypatch.setattr("monitor.rechecking.open_source", made.rechecked)
        with silent_mail_server(made.was_asked) as mail:
            made.configure(mail)
            yield made


@pytest.mark.parametrize("name", NAMES)
def test_a_job_that_is_asked_to_stop_ends_soon_and_begins_nothing_more(name: str, bench: Bench) -> None:
    bench.fill(name)
    with Stopping(by_place=name in NETWORK) as signals:
        bench.live(name, signals)
        took = monotonic() - signals.stopped_at
    assert signals.stopped_at
    assert took < SOON
    if name in NETWORK:
        assert bench.asked
        return
    with Unstoppable() as patient:
        bench.live(name, patient)
    assert signals.steps <= FEW
    assert patient.steps > signals.steps or name in SHORT


def test_every_job_is_tried() -> None:
    assert set(re.findall(r'Job\("(\w+)"', getsource(jobs))) == set(NAMES)


def test_every_farewell_leaves_time_to_close_the_house() -> None:
    assert max(SECONDS, FAREWELL_SECONDS) + 2 * LOOKS_SECONDS < SECONDS_TO_STOP - 2
