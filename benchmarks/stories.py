"""Fill a store with long texts and look up near copies, as `keep` does.

python -m benchmarks.stories COUNT
"""

import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.storage import grouping
from monitor.store import Brand, Match, Store
from sources.mention import Mention

START = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = [
    f"{first}{vowel}{last}" for first in "bcdfghklmnprstvw" for vowel in "aeiou" for last in ("n", "rd", "st", "ll", "x", "m", "ck")
]


def prose(chooser: random.Random, words: int) -> str:
    return " ".join(chooser.choices(WORDS, k=words))


def mentions(count: int) -> Iterator[tuple[Mention, list[Match]]]:
    chooser = random.Random(1)
    for n in range(count):
        at = START + timedelta(minutes=n)
        yield Mention("press", str(n), prose(chooser, 60), at, author=f"author {n}"), [Match("acme", at.date())]


def copy(chooser: random.Random, text: str) -> str:
    words = text.split()
    return f"{prose(chooser, 8)} {' '.join(words[4 : chooser.randrange(50, 60)])}"


def main() -> None:
    count = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as name, Store(Path(name) / "stories.db") as store:
        store.sync_brands([Brand("acme", "Acme", "UTC")])
        began = time.process_time()
        store.import_rows(mentions(count), START)
        filled = count / (time.process_time() - began)
        chooser = random.Random(2)
        known = [one for one, _ in mentions(min(count, 2000))]
        copies = [Mention("copy", one.external_id, copy(chooser, one.text), one.published, author="x") for one in known]
        connection = store.door.connection  # no command looks up without keeping
        connection.execute("BEGIN")
        took, found = [], 0
        for one in copies:
            began = time.process_time()
            found += grouping.assign(connection, [one], ["2026-01-01T00:00:00Z"]).copies
            took.append(time.process_time() - began)
        connection.execute("ROLLBACK")
        connection.execute("PRAGMA wal_checkpoint")
        megabytes = (Path(name) / "stories.db").stat().st_size / 1e6
    took.sort()
    print(
        json.dumps(
            {"count": count, "filled": filled, "median": took[len(took) // 2], "found": found / len(copies), "megabytes": megabytes}
        )
    )


if __name__ == "__main__":
    main()
