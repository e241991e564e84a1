"""Measure the dashboard: how long each page takes at the server over a full store while another process writes, and how large it is.

python -m benchmarks.pages [COUNT] [--folder FOLDER]   (a folder that `benchmarks.fill_pages` has filled saves the filling)
"""

import argparse
import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import urllib3

from benchmarks.fill_pages import mention, read
from monitor.app import App
from sources.source import Batch

PROGRAM = str(Path(sys.executable).with_name("promisewatch"))
ROUNDS = 12
WRITTEN_AT_ONCE, EVERY = 50, 1.0
PATHS = (
    "/",
    "/promises",
    "/promises/two-days",
    "/pillars",
    "/causes",
    "/causes/2",
    "/mentions",
    "/mentions?q=refund",
    "/mentions?q=kettle+NEAR%2F6+support&label=negative",
    "/mentions?promise=two-days&stance=broken",
    "/mentions?label=positive&pillar=friction",
    "/mentions?cause=2",
    "/mentions?label=none",
    "/mentions?voice=press",
    "/mentions?author=author77",
    "/busiest?promise=two-days",
    "/mentions/5000",
    "/cases",
    "/cases/1",
    "/alerts",
    "/alerts/1",
    "/audit",
    "/audit?result=1",
    "/sources",
    "/settings",
    "/api/v1/mentions?limit=100",
)
ASSETS = re.compile(r'(?:href|src)="(/static/[^"]+)"')


def measure(count: int, folder: Path | None = None) -> dict[str, Any]:
    """Times in milliseconds (95th percentile of all requests, and of the slowest page), the first page in bytes."""
    with tempfile.TemporaryDirectory() as name:
        where = folder or Path(name)
        if folder is None:
            subprocess.run([sys.executable, "-m", "benchmarks.fill_pages", name, str(count)], check=True)
        with (
            served(where) as (address, pool),
            subprocess.Popen([sys.executable, "-m", __spec__.name, "--write", str(where)]) as writer,
        ):
            try:
                return measured(address, pool)
            finally:
                writer.terminate()


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, urllib3.PoolManager]]:
    command = [PROGRAM, "serve", "--port", "0"]
    with (
        subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as server,
        urllib3.PoolManager(timeout=120) as pool,
    ):
        assert server.stderr is not None
        found = next(match[1] for line in server.stderr if (match := re.search(r"(http://[\d.:]+)", line)))
        try:
            yield found, pool
        finally:
            server.terminate()


def measured(address: str, pool: urllib3.PoolManager) -> dict[str, Any]:
    began = time.monotonic()
    page = pool.request("GET", f"{address}/").data.decode()
    first = time.monotonic() - began
    size = len(page) + sum(len(pool.request("GET", address + asset).data) for asset in set(ASSETS.findall(page)))
    # Whatever is made ahead is made before the rounds begin, as on any day.
    for path in PATHS:
        pool.request("GET", address + path)
    times: dict[str, list[float]] = {path: [] for path in PATHS}
    chooser = random.Random(1)
    for _ in range(ROUNDS):
        for path in chooser.sample(PATHS, len(PATHS)):
            began = time.monotonic()
            answer = pool.request("GET", address + path)
            times[path].append(1000 * (time.monotonic() - began))
            if answer.status != 200:
                raise RuntimeError(f"{path}: {answer.status}")
    for path, found in sorted(times.items(), key=lambda pair: -late(pair[1])):
        print(f"{late(found):8.1f} ms  {statistics.median(found):8.1f} ms  {path}", file=sys.stderr)
    slowest = max(PATHS, key=lambda path: late(times[path]))
    everything = [one for found in times.values() for one in found]
    return {"p95": late(everything), "slowest": late(times[slowest]), "path": slowest, "first": first, "size": size}


def late(times: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def write(folder: Path) -> None:
    """Go on as the daemon does: some mentions a second are kept and read, until somebody ends it."""
    app, number = App(folder / "promisewatch.toml", lambda: datetime.now(UTC)), 10**9
    with app.open_store() as store:
        while True:
            now = datetime.now(UTC)
            found = [mention(number + at, 10**6, now - timedelta(minutes=1)) for at in range(WRITTEN_AT_ONCE)]
            number += len(found)
            matches = {one.external_id: match for one, match in found}
            for source in {one.source for one, _ in found}:
                batch = Batch(tuple(one for one, _ in found if one.source == source))
                store.mentions.keep(source, batch, lambda one: matches[one.external_id], now)  # noqa: B023 - called before the turn ends
            read(store)
            time.sleep(EVERY)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the dashboard's pages.")
    parser.add_argument("count", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.write:
        write(options.write)
    print(json.dumps(measure(options.count, options.folder)))


if __name__ == "__main__":
    main()
