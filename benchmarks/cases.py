"""A hundred thousand customers who wait for an answer: what the regular job, the queue and its page take."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from models.reading import Passage, Reading, Sentiment
from monitor.case_watch import by_urgency, open_due_cases, warn_of_breaches
from monitor.config import parse
from monitor.pipeline import prepare
from monitor.store import Match, Store
from sources.mention import Mention

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
CONFIG = '[[brand]]\nid = "acme"\nname = "Acme"\n[cases]\nto = ["mailto://m.example?from=a@b.example&to=c@d.example"]\nhand_off_to = ["mailto://m.example?from=a@b.example&to=t@d.example"]\nhand_off_from = 100\n'
UNHAPPY = Sentiment(0.9, 0.05, 0.05)
READING = Reading("en", UNHAPPY, "", (Passage(0, 40, UNHAPPY),), "m1")


@dataclass(frozen=True)
class Took:
    """Seconds: opening all cases, the job when nothing and when ten are new, the queue in its order, and warning of all."""

    opening: float
    idle: float
    ten: float
    queue: float
    warning: float


def measure(count: int, folder: Path) -> Took:
    config = parse(CONFIG)
    with Store(folder / "promisewatch.db") as store:
        prepare(store, config)
        heard(store, count)
        opening = seconds(lambda: open_due_cases(store, config, NOW))
        idle = min(seconds(lambda: open_due_cases(store, config, NOW)) for _ in range(3))
        heard(store, 10, first=count)
        ten = seconds(lambda: open_due_cases(store, config, NOW))
        queue = min(seconds(lambda: by_urgency(store.cases.select(("new",), "acme"), NOW)) for _ in range(3))
        warning = seconds(lambda: warn_of_breaches(store, config, NOW))
    return Took(opening, idle, ten, queue, warning)


def heard(store: Store, count: int, first: int = 0) -> None:
    """Take in complaints of so many people and read them."""

    def rows() -> Iterator[tuple[Mention, list[Match]]]:
        for n in range(first, first + count):
            published = NOW - timedelta(seconds=86_400 * 6 * (n + 1) / (first + count))
            text = f"order {n}: where is my refund? still waiting, this is the worst shop of day {n % 977}"
            yield Mention("posts", str(n), text, published, author=f"author{n}"), [Match("acme", published.date())]

    store.mentions.import_rows(rows(), NOW)
    while tasks := store.readings.unread("m1", 20_000):
        store.readings.save((task, READING) for task in tasks)


def seconds(work: Callable[[], Any]) -> float:
    began = time.process_time()  # of one core: neighbours make no difference
    work()
    return time.process_time() - began
