"""Look up near copies among many long texts, as `keep` does.

python -m benchmarks.stories COUNT [IMPORTED]

The first IMPORTED texts come in as rows of a table; the others are filed straight into the index, which holds the same of them.
"""

import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from sqlite3 import Connection

import numpy as np
from numpy.typing import NDArray

from monitor.near_copies import sign
from monitor.storage import grouping
from monitor.storage.grouping import next_id
from monitor.store import Brand, Match, Store
from sources.mention import Mention

START = datetime(2026, 1, 1, tzinfo=UTC)
STAMP = "2026-01-01T00:00:00Z"
WORDS = [
    f"{first}{vowel}{last}" for first in "bcdfghklmnprstvw" for vowel in "aeiou" for last in ("n", "rd", "st", "ll", "x", "m", "ck")
]
LOOKUPS = 2000
AT_ONCE = 10_000


def prose(chooser: random.Random, words: int) -> str:
    return " ".join(chooser.choices(WORDS, k=words))


def mentions(count: int) -> Iterator[tuple[Mention, list[Match]]]:
    chooser = random.Random(1)
    for n in range(count):
        at = START + timedelta(minutes=n)
        yield Mention("press", str(n), prose(chooser, 60), at, author=f"author {n}"), [Match("acme", at.date())]


def file_more(connection: Connection, count: int) -> None:
    """File `count` more texts that are copies of nothing: their stories and signatures, and at the end the bands of all in order."""
    chooser = random.Random(3)
    story, text = next_id(connection, "stories"), next_id(connection, "story_texts")
    filed: list[NDArray[np.int64]] = []
    texts = iter(prose(chooser, 60) for _ in range(count))
    while some := sign(list(islice(texts, AT_ONCE))):
        connection.executemany(
            "INSERT INTO stories VALUES (?, ?, ?, 1)", [(story + n, -story - n, STAMP) for n in range(len(some))]
        )
        rows = [(text + n, story + n, one.shingles, one.minima) for n, one in enumerate(some)]
        connection.executemany("INSERT INTO story_texts (id, story, shingles, minima) VALUES (?, ?, ?, ?)", rows)
        filed.append(np.array([(band, text + n) for n, one in enumerate(some) for band in one.bands()], dtype=np.int64))
        story, text = story + len(some), text + len(some)
    if filed:
        bands = np.concatenate(filed)
        bands = bands[np.lexsort((bands[:, 1], bands[:, 0]))]
        for at in range(0, len(bands), AT_ONCE):
            connection.executemany("INSERT OR IGNORE INTO story_bands VALUES (?, ?)", bands[at : at + AT_ONCE].tolist())


def copy(chooser: random.Random, text: str) -> str:
    words = text.split()
    return f"{prose(chooser, 8)} {' '.join(words[4 : chooser.randrange(50, 60)])}"


def main() -> None:
    count = int(sys.argv[1])
    imported = min(count, int(sys.argv[2]) if len(sys.argv) > 2 else count)
    with tempfile.TemporaryDirectory() as name, Store(Path(name) / "stories.db") as store:
        store.brands.sync([Brand("acme", "Acme", "UTC")])
        began = time.process_time()
        store.mentions.import_rows(mentions(imported), START)
        filled = imported / (time.process_time() - began)
        with store.door.writing() as connection:
            file_more(connection, count - imported)
        chooser = random.Random(2)
        known = [one for one, _ in mentions(min(imported, LOOKUPS))]
        copies = [Mention("copy", one.external_id, copy(chooser, one.text), one.published, author="x") for one in known]
        connection = store.door.connection  # no command looks up without keeping
        connection.execute("BEGIN")
        took, found = [], 0
        for one in copies:
            began = time.process_time()
            found += grouping.assign(connection, [one], [STAMP]).copies
            took.append(time.process_time() - began)
        connection.execute("ROLLBACK")
        connection.execute("PRAGMA wal_checkpoint")
        megabytes = (Path(name) / "stories.db").stat().st_size / 1e6
    took.sort()
    print(
        json.dumps(
            {
                "count": count,
                "filled": filled,
                "median": took[len(took) // 2],
                "slowest": took[len(took) * 99 // 100],
                "found": found / len(copies),
                "megabytes": megabytes,
            }
        )
    )


if __name__ == "__main__":
    main()
