"""The demo from end to end: the made-up feeds over HTTP, the real collector week by week, the real model, the real reports."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from models.reading import Reader
from monitor.alerts import recall, watch_due
from monitor.collecting import collect
from monitor.config import Config, load
from monitor.demo.configuration import configuration
from monitor.demo.server import DemoServer
from monitor.demo.world import World, generate
from monitor.digests import load_digest
from monitor.errors import MonitorError
from monitor.explained import gap_report
from monitor.pipeline import ReadResult, prepare, read
from monitor.storage.values import Kept
from monitor.store import Store
from reports.alert import Receipt
from reports.alert_text import alert_html, alert_text
from reports.documents import Digest, GapReport
from reports.evidence import Window
from reports.render import render_digest, render_gap
from sources.http import Gateway

SEED = 20261122
NEWEST = 150
"""Entries that a demo feed shows at a time: more than a week's, so that a weekly look misses nothing."""
CONFIG_FILE, STORE_FILE = "promisewatch.toml", "larkspur.db"
_MARK = "# The demo's configuration"


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo made. `files` are the documents by what they are."""

    world: World
    report: GapReport
    digest: Digest
    alert: Receipt | None
    kept: Kept
    read: ReadResult
    files: dict[str, Path]


def last_monday(today: date) -> date:
    """Return the Monday on or before `today`: the demo ends there, so that its weeks are calendar weeks."""
    return today - timedelta(days=today.weekday())


def clear(folder: Path) -> None:
    """Make room for the demo in `folder`; an earlier demo there is replaced, anything else is left alone.

    Raises:
        MonitorError: there is something in the folder that is not an earlier demo's.
    """
    config = folder / CONFIG_FILE
    earlier = config.is_file() and config.read_text(encoding="utf-8").startswith(_MARK)
    if folder.exists() and any(folder.iterdir()) and not earlier:
        raise MonitorError(f"{folder} holds something that is not a demo", remedy="give an empty folder: promisewatch demo FOLDER")
    folder.mkdir(parents=True, exist_ok=True)
    for suffix in ("", "-wal", "-shm"):
        (folder / f"{STORE_FILE}{suffix}").unlink(missing_ok=True)


def listen(store: Store, config: Config, server: DemoServer, world: World) -> Kept:
    """Collect every week of the world, as a reader of the feeds at that time would have."""
    gateway, total = Gateway(config.network.contact, config.network.allow_private_addresses), Kept()
    for week in range(1, world.weeks + 1):
        moment = datetime.combine(world.since + timedelta(weeks=week), time(), UTC)
        server.now = moment
        for outcome in collect(store, config, gateway, lambda: moment, workers=1):  # noqa: B023 - called before the week ends
            if outcome.heard != "ok":
                raise MonitorError(f"the demo's feed {outcome.source} could not be heard: {outcome.reason}", remedy=outcome.remedy)
            total += outcome.kept
    return total


def run_demo(
    folder: Path, today: date, reader: Callable[[], Reader], said: Callable[[str], None], progress: Callable[[int], None]
) -> Demo:
    """Run the demo into `folder`; the world ends on the Monday before `today`. `reader` is opened when it is needed."""
    clear(folder)
    world = generate(SEED, last_monday(today))
    end = datetime.combine(world.until, time(8), UTC)
    with DemoServer(world, end, newest=NEWEST) as server:
        config_path = folder / CONFIG_FILE
        config_path.write_text(configuration(world, server.url, STORE_FILE), encoding="utf-8")
        config = load(config_path)
        with Store(folder / STORE_FILE) as store:
            prepare(store, config)
            kept = listen(store, config, server, world)
            said(f"collected {kept.new + kept.copies:,} mentions in {world.weeks} weeks; reading them…")
            opened = reader()
            store.note_model(opened.version, opened.priors)
            result = read(store, config, opened, progress)
            window = Window(world.since, world.until)
            gap = gap_report(store, config.brand[0], window, "week", end)
            day = world.until - timedelta(days=1)
            digest = load_digest(store, world.brand, "daily", day, end)
            alert = watch(store, config, world)
    return Demo(world, gap, digest, alert, kept, result, write(folder, gap, digest, alert))


def watch(store: Store, config: Config, world: World) -> Receipt | None:
    """Let the watch look at the end of every week; returns the receipt of the first alert, if there is one."""
    for week in range(1, world.weeks + 1):
        watch_due(store, config, datetime.combine(world.since + timedelta(weeks=week), time(), UTC) - timedelta(hours=1))
    alerts = store.alerts.all(world.brand)
    return recall(alerts[-1], config.brand[0]) if alerts else None


def write(folder: Path, gap: GapReport, digest: Digest, alert: Receipt | None) -> dict[str, Path]:
    """Write report, digest and alert in their formats; return where they are."""
    documents = {
        "gap report": ("gap.html", render_gap(gap, "html")),
        "gap report, Markdown": ("gap.md", render_gap(gap, "md")),
        "gap report, JSON": ("gap.json", render_gap(gap, "json")),
        "digest": ("digest.html", render_digest(digest, "html")),
        "digest, text": ("digest.txt", render_digest(digest, "text")),
    }
    if alert is not None:
        documents |= {"alert": ("alert.html", alert_html(alert)), "alert, text": ("alert.txt", alert_text(alert))}
    for name, text in documents.values():
        (folder / name).write_text(text, encoding="utf-8")
    return {what: folder / name for what, (name, _) in documents.items()}
