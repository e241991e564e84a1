"""Measure speed and memory, print a table and write it to docs/benchmarks.md.

    python -m benchmarks.run [--only NAME …] [--million N] [--feeds N]

Every figure is a whole process, or a ratio of two things that ran in this one run; machines are shared and noisy.
"""

import argparse
import atexit
import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
COMMAND = [str(Path(sys.executable).with_name("promisewatch"))]
SEED = 7


@dataclass(frozen=True)
class Result:
    what: str
    figure: str
    goal: str


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure promisewatch.")
    parser.add_argument("--only", nargs="+", choices=list(BENCHES), help="only these; nothing is written then")
    parser.add_argument("--million", type=int, default=1_000_000, help="how many readings the report benchmark stores")
    parser.add_argument("--feeds", type=int, default=1000, help="how many feeds the collecting benchmark serves")
    options = parser.parse_args()
    results: list[Result] = []
    sizes = {"collect": options.feeds}
    for name in options.only or BENCHES:
        print(f"{name}…", file=sys.stderr)
        results += BENCHES[name](sizes.get(name, options.million))
    table = "\n".join(f"| {one.what} | {one.figure} | {one.goal} |" for one in results)
    page = f"# Benchmarks\n\nWritten by `make bench` on {os.cpu_count()} cores.\n\n| what | measured | goal |\n|---|---|---|\n{table}\n"
    print(page)
    if not options.only:
        PAGE.write_text(page, encoding="utf-8")


@dataclass(frozen=True)
class Ran:
    seconds: float
    megabytes: float
    output: str


def run(arguments: list[str], *, folder: Path, given: str | None = None) -> Ran:
    """Run the program as a whole process; peak memory is that of the largest child so far, so run the small ones first."""
    began = time.monotonic()
    done = subprocess.run([*COMMAND, *arguments], cwd=folder, input=given, capture_output=True, text=True, check=True)
    return Ran(time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, done.stdout)


def best(measure: Callable[[], float], times: int = 3) -> float:
    """Return the shortest of several runs: noise only ever adds."""
    return min(measure() for _ in range(times))


TEXTS = (
    "my parcel came {n} days late and the box was crushed",
    "quick delivery again, ordered on {n} and here the next morning, well done",
    "does anybody know whether store {n} opens on sunday?",
    "Still on hold after {n} minutes. This is a joke, never buying here again",
    "the kettle survived move number {n} and still boils like new",
    "@acmeair gate {n} changed twice and nobody told us",
)


def texts(count: int) -> list[str]:
    chooser = random.Random(SEED)
    return [chooser.choice(TEXTS).format(n=chooser.randrange(1, 100_000)) for _ in range(count)]


def configuration(folder: Path) -> None:
    (folder / "promisewatch.toml").write_text(
        '[[brand]]\nid = "acme"\nname = "Acme"\nquery = "*"\n'
        + "".join(
            f'[[brand.promise]]\nid = "p{n}"\ntext = "{words}"\nstrength = "comparative"\n'
            for n, words in enumerate(
                ("We deliver in two days.", "Your call is answered.", "It lasts for years.", "Free returns.", "Fair prices.")
            )
        ),
        encoding="utf-8",
    )


def bench_start(_: int) -> list[Result]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        configuration(folder)
        run(["sources", "list"], folder=folder)
        rows = []

        def started(arguments: list[str]) -> Callable[[], float]:
            return lambda: run(arguments, folder=folder).seconds

        for arguments in (["--help"], ["sources", "list"], ["gap", "--format", "json"]):
            seconds = best(started(arguments), 5)
            rows.append(Result(f"start of `{' '.join(arguments)}` (empty store)", f"{seconds:.2f} s", "under 0.5 s, without torch"))
        return rows


def bench_import(_: int) -> list[Result]:
    count = 100_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        configuration(folder)
        day = datetime(2026, 1, 1, tzinfo=UTC)
        with (folder / "posts.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "text", "published", "author"])
            writer.writerows(
                [n, text, (day + timedelta(minutes=n)).isoformat(sep=" "), f"author{n % 30_000}"]
                for n, text in enumerate(texts(count))
            )
        ran = run(["import", "posts.csv", "--brand", "acme", "--format", "json"], folder=folder)
        again = run(["import", "posts.csv", "--brand", "acme", "--format", "json"], folder=folder)
        if json.loads(again.output)["unchanged"] != count:
            raise RuntimeError("importing twice was not idempotent")
        return [
            Result(f"`import` of {count:,} rows, whole process", f"{count / ran.seconds:,.0f} rows a second", "10,000 a second"),
            Result("the same file again (nothing new)", f"{count / again.seconds:,.0f} rows a second", "-"),
        ]


@cache
def filled(million: int) -> tuple[Path, float]:
    """A folder as a year's work would leave it, for all who look at one, and the seconds that filling it took."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    began = time.monotonic()
    subprocess.run([sys.executable, "-m", "benchmarks.fill_pages", folder.name, str(million)], check=True)
    return Path(folder.name), time.monotonic() - began


def bench_telling(million: int) -> list[Result]:
    from benchmarks.telling import measure

    folder, seconds = filled(million)
    return [
        *(Result(one.what, one.figure, one.goal) for one in measure(million, folder)),
        Result(
            f"storing {million:,} mentions with readings, complaints, cases and an index for it",
            f"{million / seconds:,.0f} a second",
            "-",
        ),
    ]


def bench_stories(million: int) -> list[Result]:
    imported = million // 20
    script = [sys.executable, "-m", "benchmarks.stories", str(million), str(imported)]
    found = json.loads(subprocess.run(script, check=True, capture_output=True, text=True).stdout)
    return [
        Result(
            f"finding and filing a near copy among {found['count']:,} stories of 60 words",
            f"{1000 * found['median']:.2f} ms (99 of 100 under {1000 * found['slowest']:.1f}), {found['found']:.0%} of edited copies found",
            "under 1 ms",
        ),
        Result(f"importing {imported:,} such stories", f"{found['filled']:,.0f} rows a second of one core", "-"),
    ]


def bench_classify(_: int) -> list[Result]:
    import torch
    from transformers import pipeline

    from models.calibration import BUNDLED
    from models.reader import TransformerReader
    from models.reading import Unread

    some = list(dict.fromkeys(texts(2400)))[:2000]
    reader = TransformerReader()
    reader.read([Unread(text) for text in some[:64]])
    one_by_one = pipeline("text-classification", model=str(BUNDLED), dtype=torch.float32, device="cpu")
    one_by_one(some[0])

    def ours() -> float:
        began = time.monotonic()
        reader.read([Unread(text) for text in some])
        return len(some) / (time.monotonic() - began)

    def theirs() -> float:
        began = time.monotonic()
        for text in some[:300]:
            one_by_one(text)
        return 300 / (time.monotonic() - began)

    # Taken in turns, so that a busy neighbour slows both alike.
    pairs = [(ours(), theirs()) for _ in range(3)]
    fast, slow = max(a for a, _ in pairs), max(b for _, b in pairs)
    with tempfile.TemporaryDirectory() as name:
        whole = run(["classify"], folder=Path(name), given="\n".join(some) + "\n")
    return [
        Result("reading short texts with language, passages and sentiment", f"{fast:,.0f} texts a second", "-"),
        Result("`transformers.pipeline`, one text at a time, same weights", f"{slow:,.0f} texts a second", "-"),
        Result("ratio of the two", f"{fast / slow:.1f}", "at least 4"),
        Result(f"`classify` on {len(some):,} texts, whole process with loading", f"{whole.seconds:.1f} s", "-"),
    ]


def bench_matching(_: int) -> list[Result]:
    from benchmarks.matching import BRANDS, measure

    one, many, spread = measure()
    return [
        Result("matching a mention against one brand", f"{one:.0f} µs", "-"),
        Result(f"against {BRANDS} brands, of which it names that one", f"{many:.0f} µs, {many / one:.1f} times", "at most 2 times"),
        Result(f"against {BRANDS} brands, of which it names any", f"{spread:.0f} µs", "-"),
    ]


def bench_collect(feeds: int) -> list[Result]:
    from benchmarks.collecting import measure

    rows = []
    for one in measure(feeds, texts(1000)):
        rows += [
            Result(f"`collect`: {one.what}", f"{one.ours:,.0f} feeds a second", "-"),
            Result("the library `reader` with 20 workers, likewise", f"{one.theirs:,.0f} feeds a second", "-"),
            Result("ratio of the two", f"{one.ours / one.theirs:.1f}", f"at least {one.goal:g}"),
        ]
    return rows


def bench_polls(_: int) -> list[Result]:
    from benchmarks.polls import measure

    samples = measure(polls=1000, feeds=12)
    early, last = samples[len(samples) // 10], samples[-1]
    grown = (last.resident - early.resident) / 1e6
    return [
        Result(
            f"memory of collecting after {last.polls:,} polls of 13 sources, some of which fail",
            f"{last.resident / 1e6:.0f} MB, {grown:+.1f} MB since poll {early.polls}",
            "flat",
        ),
        Result("open files meanwhile, at most", f"{max(one.files for one in samples)}", "flat"),
    ]


def bench_faults(_: int) -> list[Result]:
    from tests.trial.run import Size, trial

    with tempfile.TemporaryDirectory() as name:
        tried = trial(Path(name), Size())
    found = tried.verdict
    if found.problems:
        raise RuntimeError("the trial failed: " + "; ".join(found.problems[:5]))
    what = f"{tried.time / timedelta(hours=1):.0f} hours of a daemon's clock, {tried.requests:,} requests, {tried.faults:,} faults, {tried.kills} kills"
    came = tried.pairs - len(tried.unplayed)
    return [
        Result("ways to fail that came at each kind of request, in the trial below", f"{came} of {tried.pairs}", "all"),
        Result(f"{what}: mentions lost, doubled or changed of {found.served:,} that were served", "0", "0"),
        Result(f"likewise: mentions of {found.withheld:,} that rolled out of sight unheard, for which no hole is told", "0", "0"),
        Result(f"likewise: hours of {found.hours:,} in which every request failed, that the ledger does not name", "0", "0"),
    ]


def bench_pages(million: int) -> list[Result]:
    from benchmarks.pages import PATHS, measure

    found = measure(million, filled(million)[0])
    return [
        Result(
            f"the dashboard's {len(PATHS)} pages over {million:,} mentions while another process writes, 95th percentile",
            f"{found['p95']:.0f} ms",
            "under 200 ms",
        ),
        Result(f"the slowest of them, `{found['path']}`, likewise", f"{found['slowest']:.0f} ms", "under 200 ms"),
        Result("its first page right after the start", f"{found['first']:.1f} s", "-"),
        Result("its first page with style and script", f"{found['size'] / 1000:.0f} kB", "under 100 kB"),
    ]


def bench_idle(_: int) -> list[Result]:
    from benchmarks.idle import measure

    with tempfile.TemporaryDirectory() as name:
        one = measure(Path(name))
    return [
        Result("the daemon when it has nothing to do: share of a core", f"{one.share:.2%}", "under 1%"),
        Result("its memory then, all processes", f"{one.resting / 1e6:.0f} MB", "under 150 MB"),
        Result("its memory while the model is loaded, all processes", f"{one.reading / 1e6:.0f} MB", "-"),
    ]


def bench_cases(_: int) -> list[Result]:
    from benchmarks.cases import measure

    count = 100_000
    with tempfile.TemporaryDirectory() as name:
        took = measure(count, Path(name))
    return [
        Result(f"opening {count:,} cases at once", f"{took.opening:.1f} s", "-"),
        Result("the job of cases beside them, with nothing new", f"{took.idle:.2f} s of a core a minute", "under 1%"),
        Result("the same with ten new", f"{took.ten:.2f} s", "-"),
        Result("the queue of all of them, the most urgent first", f"{took.queue:.2f} s", "-"),
        Result("one warning for all of them", f"{took.warning:.2f} s", "-"),
    ]


def bench_ninety(_: int) -> list[Result]:
    from benchmarks.ninety import play

    with tempfile.TemporaryDirectory() as name:
        lived = play(Path(name))
    early, late = lived.memory
    return [
        Result(
            f"ninety days of the daemon, {lived.messages} messages, {lived.seconds:.0f} s",
            f"{len(lived.faults)} lost or repeated",
            "0",
        ),
        Result("its memory on the tenth day and on the last", f"{early / 1e6:.0f} MB, {late / 1e6:.0f} MB", "flat"),
        Result("its open files on these days", "{}, {}".format(*lived.files), "the same"),
    ]


def bench_kills(_: int) -> list[Result]:
    from benchmarks.kills import play

    with tempfile.TemporaryDirectory() as name:
        told = play(Path(name), 1000, SEED)
    where = ", ".join(f"{stage} {n}" for stage, n in sorted(told.killed.items()))
    counts = f"{told.mentions:,} mentions, {told.cases:,} cases, {told.messages:,} messages"
    for fault in told.faults:
        print(fault, file=sys.stderr)
    return [
        Result(f"daemons killed with signal 9 ({where}), {counts}", f"{len(told.faults)} lost, repeated or damaged", "0"),
        Result("messages that came again by the same name, because of a kill between arrival and note", f"{told.again}", "-"),
    ]


BENCHES: dict[str, Callable[[int], list[Result]]] = {
    "start": bench_start,
    "import": bench_import,
    "stories": bench_stories,
    "polls": bench_polls,
    "faults": bench_faults,
    "classify": bench_classify,
    "matching": bench_matching,
    "collect": bench_collect,
    "idle": bench_idle,
    "cases": bench_cases,
    "ninety": bench_ninety,
    "kills": bench_kills,
    "pages": bench_pages,
    "telling": bench_telling,  # after the pages: it ends with ten times as much
}

if __name__ == "__main__":
    main()
