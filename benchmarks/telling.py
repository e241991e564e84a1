"""How long every report takes over a million readings of one brand, and over ten million; whether time grows with the window or with
history; and how long drawing takes.

python -m benchmarks.telling [COUNT] [--folder FOLDER]   (a folder that `benchmarks.fill_pages` has filled saves the filling)
"""

import argparse
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

COMMAND = [str(Path(sys.executable).with_name("promisewatch"))]
MILLION = 1_000_000
TENFOLD = 10
TIMES = 3
SECONDS, MEGABYTES, SECONDS_TENFOLD, DRAWING = 2.0, 400.0, 5.0, 0.3
REPORTS = {
    "`gap`": ["gap", "--format", "json"],
    "`gap --segment language`": ["gap", "--segment", "language", "--format", "json"],
    "`scorecard`": ["scorecard", "--format", "json"],
    "`causes`": ["causes", "--format", "json"],
    "`digest`": ["digest", "--format", "json"],
    "`digest --edition monthly`": ["digest", "--edition", "monthly", "--format", "json"],
}

# A process of its own, so that the peak is that of this one command.
_MEASURE = (
    "import resource,subprocess,sys;subprocess.run(sys.argv[1:],check=True,stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL);"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)


@dataclass(frozen=True)
class Took:
    """The shortest of several runs of a whole process, and the most memory that one of them took."""

    what: str
    seconds: float
    megabytes: float


def command(folder: Path, what: str, arguments: Sequence[str]) -> Took:
    """Run a command of the program some times."""
    seconds, megabytes = [], []
    for _ in range(TIMES):
        began = time.monotonic()
        run = [sys.executable, "-c", _MEASURE, *COMMAND, *arguments]
        peak = subprocess.run(run, cwd=folder, check=True, capture_output=True, text=True).stdout
        seconds.append(time.monotonic() - began)
        megabytes.append(int(peak) / 1024)
    return Took(what, min(seconds), max(megabytes))


def reports(folder: Path) -> list[Took]:
    """Every report over all that is stored: twelve weeks."""
    subprocess.run([*COMMAND, "gap", "--format", "json"], cwd=folder, check=True, capture_output=True)  # counts what is stale
    return [command(folder, what, arguments) for what, arguments in REPORTS.items()]


def windows(folder: Path) -> list[Took]:
    """The gap report of one week and of four, with the same history behind them."""
    until = datetime.now(UTC).date()
    return [
        command(folder, f"{weeks} of 12 weeks", ["gap", "--since", str(until - timedelta(weeks=weeks)), "--format", "json"])
        for weeks in (1, 4, 12)
    ]


def drawing(folder: Path) -> list[Took]:
    """What drawing the reports takes, without loading and computing them."""
    from monitor.app import App
    from monitor.cause_reports import causes_report
    from monitor.explained import gap_report
    from monitor.scorecards import scorecard_of
    from reports.evidence import Window
    from reports.render import render_gap
    from reports.render_causes import render_causes
    from reports.render_scorecard import render_scorecard

    now = datetime.now(UTC)
    window = Window((now - timedelta(weeks=12)).date(), (now + timedelta(days=1)).date())
    app = App(folder / "promisewatch.toml", lambda: now)
    (brand,) = app.config.brand
    with app.open_store() as store:
        gap = gap_report(store, app.config, brand, window, "week", now)
        scorecard = scorecard_of(store, brand, window, now)
        causes = causes_report(store, app.config.causes, brand.id, window, "week", now)
    drawers: dict[str, Callable[[], str]] = {}
    for kind in ("html", "md", "json", "csv"):
        drawers[f"gap as {kind}"] = lambda kind=kind: render_gap(gap, kind)  # type: ignore[misc]
    drawers["scorecard as html"] = lambda: render_scorecard(scorecard, "html")
    drawers["causes as html"] = lambda: render_causes(causes, "html")
    return [Took(what, _shortest(draw), 0.0) for what, draw in drawers.items()]


def _shortest(draw: Callable[[], str]) -> float:
    draw()  # loads templates once, as a process that serves does
    seconds = []
    for _ in range(TIMES):
        began = time.monotonic()
        draw()
        seconds.append(time.monotonic() - began)
    return min(seconds)


def tenfold(folder: Path) -> None:
    """Let the counted rows be what ten times as many mentions leave: ten times the counts, and lists and sets ten times as long.

    Rows are as many, but for texts that are shared by several: mentions of a day fall into the same cells however many they are.
    """
    with sqlite3.connect(folder / "promisewatch.db") as db:
        db.execute("DELETE FROM rollup_stale")
        db.execute("DELETE FROM cause_stale")
        db.execute(f"UPDATE mention_rollup SET n = n * {TENFOLD}, units = units * {TENFOLD}")
        db.execute(f"UPDATE hour_rollup SET units = units * {TENFOLD}, negative = negative * {TENFOLD}")
        for table in ("sentiment_rollup", "segment_rollup"):
            sums = ", ".join(f"{one} = {one} * {TENFOLD}" for one in ("n", "negative", "neutral", "positive"))
            db.execute(f"UPDATE {table} SET {sums}")
        for table in ("reading_rollup", "evidence_rollup", "pillar_rollup", "voice_rollup", "pillar_voice_rollup", "cause_rollup"):
            db.execute(f"UPDATE {table} SET n = n * {TENFOLD}")
        for table in ("segment_side_rollup", "quantity_rollup"):
            db.execute(f"UPDATE {table} SET n = n * {TENFOLD}")
        for row, names in db.execute("SELECT rowid, names FROM leader_rollup").fetchall():
            more = [f"{name} {place}" for place in range(TENFOLD) for name in json.loads(names)]
            db.execute("UPDATE leader_rollup SET names = ? WHERE rowid = ?", (json.dumps(more), row))
        for row, authors, stories in db.execute("SELECT rowid, authors, stories FROM cause_reach_rollup").fetchall():
            db.execute(
                "UPDATE cause_reach_rollup SET authors = ?, stories = ? WHERE rowid = ?", (_longer(authors), _longer(stories), row)
            )
    db.close()


def _longer(stored: bytes) -> bytes:
    from array import array

    found = array("q")
    found.frombytes(stored)
    return array("q", (one ^ (place << 40) for place in range(TENFOLD) for one in found)).tobytes()


@dataclass(frozen=True)
class Line:
    """A row of the table of benchmarks."""

    what: str
    figure: str
    goal: str


def measure(count: int, folder: Path) -> Iterator[Line]:
    """All of it, over the store in `folder`, which ends tenfold."""
    for one in reports(folder):
        yield Line(f"{one.what} over {count:,} readings, whole process", _figure(one), f"{SECONDS:g} s, {MEGABYTES:g} MB")
    for one in windows(folder):
        yield Line(f"`gap`: {one.what} of history", f"{one.seconds:.2f} s", "grows with the window")
    for one in drawing(folder):
        yield Line(f"drawing: {one.what}", f"{1000 * one.seconds:.0f} ms", f"under {1000 * DRAWING:g} ms")
    tenfold(folder)
    for one in reports(folder):
        yield Line(f"{one.what} over the counted rows of {TENFOLD * count:,}", _figure(one), f"{SECONDS_TENFOLD:g} s")


def _figure(one: Took) -> str:
    return f"{one.seconds:.2f} s, {one.megabytes:.0f} MB"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how long reports take.")
    parser.add_argument("count", type=int, nargs="?", default=MILLION)
    parser.add_argument("--folder", type=Path, help="a filled folder; it is copied")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.folder:
            for file in options.folder.iterdir():
                shutil.copy(file, folder)
        else:
            subprocess.run([sys.executable, "-m", "benchmarks.fill_pages", name, str(options.count)], check=True)
        for line in measure(options.count, folder):
            print(f"| {line.what} | {line.figure} | {line.goal} |", flush=True)


if __name__ == "__main__":
    main()
