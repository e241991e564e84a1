"""Fill a store with made-up mentions and readings, the way the pipeline would, for the report benchmark.

python -m benchmarks.fill FOLDER COUNT
"""

import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from models.reading import Passage, PromiseMatch, Reading, Sentiment
from monitor.config import load
from monitor.pipeline import prepare
from monitor.store import Match, Store
from sources.mention import Mention

MODEL = "benchmark-model"
DAYS = 84


def mentions(count: int, now: datetime) -> Iterator[tuple[Mention, list[Match]]]:
    chooser = random.Random(1)
    for n in range(count):
        published = now - timedelta(days=DAYS) + timedelta(seconds=DAYS * 86_400 * n / count)
        text = f"mention number {n} says something of its own about the parcel that came on day {n % 977}"
        mention = Mention(f"source{n % 4}", str(n), text, published, author=f"author{chooser.randrange(count // 3 + 1)}")
        yield mention, [Match("acme", published.date())]


def reading(chooser: random.Random) -> Reading:
    negative = chooser.random()
    neutral = (1 - negative) * chooser.random()
    feeling = Sentiment(round(negative, 4), round(neutral, 4), round(1 - round(negative, 4) - round(neutral, 4), 4))
    matches: tuple[PromiseMatch, ...] = ()
    if chooser.random() < 0.4 and feeling.label != "neutral":
        matches = (PromiseMatch(f"p{chooser.randrange(5)}", 0.9, "kept" if feeling.label == "positive" else "broken", 0.8),)
    return Reading("en", feeling, "", (Passage(0, 40, feeling, promises=matches),), MODEL)


def main() -> None:
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    now = datetime.now(UTC)
    config = load(folder / "promisewatch.toml")
    chooser = random.Random(2)
    with Store(folder / config.store.path) as store:
        prepare(store, config)
        store.import_rows(mentions(count, now), now)
        while tasks := store.unread(MODEL, 20_000):
            some = iter(tasks)
            while chunk := list(islice(some, 5_000)):
                store.save_readings((task, reading(chooser)) for task in chunk)
        store.refresh_rollups()


if __name__ == "__main__":
    main()
