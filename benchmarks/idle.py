"""What a daemon takes that has read and has nothing to do: memory with and without the model, and its share of a core."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.servers import Answer, running

SECONDS = 120
CONFIG = """[network]
allow_private_addresses = true
[[brand]]
id = "acme"
name = "Acme"
query = "*"
[[source]]
kind = "feed"
url = "{feed}"
every = "1 minute"
[[alert]]
watch = "sentiment"
brand = "acme"
[digest]
to = ["json://127.0.0.1:9/"]
[health]
port = 0
"""


@dataclass(frozen=True)
class Idle:
    """Bytes of all processes while the model is there and after it was let go, and the share of a core then."""

    reading: int
    resting: int
    share: float
    files: int


def measure(folder: Path, items: int = 300) -> Idle:
    body = "".join(
        f"<item><guid isPermaLink='false'>{n}</guid><title>Acme took {n} days and nobody answers</title></item>"
        for n in range(items)
    )
    feed = Answer(body=f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{body}</channel></rss>'.encode())
    with running() as server:
        (folder / "promisewatch.toml").write_text(CONFIG.format(feed=server.play("/feed", feed)), encoding="utf-8")
        program = str(Path(sys.executable).with_name("promisewatch"))
        # Making a store loads what a store that is there does not need.
        subprocess.run([program, "sources", "list"], cwd=folder, check=True, capture_output=True)
        with subprocess.Popen([program, "run", "--log-format", "text"], cwd=folder, stderr=subprocess.PIPE, text=True) as one:
            try:
                if one.stderr is None or not any("read: read" in line for line in one.stderr):
                    raise RuntimeError("it read nothing")
                reading = sum(map(memory, family(one.pid)))
                while any("spawn_main" in said or not said for said in map(words, family(one.pid))):
                    time.sleep(5)
                began, used = time.monotonic(), sum(map(cpu, family(one.pid)))
                time.sleep(SECONDS)
                share = (sum(map(cpu, family(one.pid))) - used) / (time.monotonic() - began)
                resting, files = sum(map(memory, family(one.pid))), sum(1 for _ in Path(f"/proc/{one.pid}/fd").iterdir())
                return Idle(reading, resting, share, files)
            finally:
                one.terminate()


def family(pid: int) -> Iterator[int]:
    yield pid
    for thread in Path(f"/proc/{pid}/task").iterdir():
        for child in (thread / "children").read_text(encoding="ascii").split():
            yield from family(int(child))


def memory(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def words(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace")
