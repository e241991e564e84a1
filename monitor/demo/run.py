"""The demo from end to end: the made-up feeds over HTTP, the real collector week by week, the real model, the real reports."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import get_args

from models.reading import Reader
from monitor.alerts import recall, watch_due
from monitor.case_watch import open_due_cases
from monitor.cause_reports import causes_report
from monitor.causes import bundled_embedder, find_due_causes
from monitor.collecting import collect
from monitor.config import Config, load
from monitor.demo.configuration import configuration
from monitor.demo.server import DemoServer
from monitor.demo.team import Team
from monitor.demo.world import World, generate
from monitor.digests import last_day, load_digest
from monitor.errors import MonitorError
from monitor.explained import gap_report
from monitor.pipeline import ReadResult, prepare, read
from monitor.scorecards import scorecard_of
from monitor.storage.values import Kept
from monitor.store import Store
from reports.alert import Receipt
from reports.alert_text import alert_html, alert_text
from reports.causes_records import CausesReport
from reports.claims import find_claims
from reports.digest_records import Edition
from reports.documents import Digest, GapReport
from reports.evidence import Window
from reports.render import render_digest, render_gap
from reports.render_causes import render_causes
from reports.render_scorecard import render_scorecard
from reports.scorecard_records import Scorecard
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
    card: Scorecard
    causes: CausesReport
    digests: Mapping[Edition, Digest]
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


def listen(store: Store, config: Config, gateway: Gateway, moment: datetime) -> Kept:
    """Collect what the feeds show at a moment, as a reader of them at that time would have.

    Raises:
        MonitorError: a feed could not be heard.
    """
    total = Kept()
    for outcome in collect(store, config, gateway, lambda: moment, workers=1):
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
            opened = reader()
            store.readings.note_model(opened.version, opened.priors, opened.errors)
            kept, result = live(store, config, server, world, opened, progress)
            said(f"collected {kept.new + kept.copies:,} mentions in {world.weeks} weeks and read them; writing the documents…")
            brand, window = config.brand[0], Window(world.since, world.until)
            store.placements.propose(brand.id, find_claims(store.placements.sentences(brand.id, window)))
            gap = gap_report(store, config, brand, window, "week", end)
            card = scorecard_of(store, brand, window, end)
            causes = causes_report(store, config.causes, world.brand, window, "week", end)
            digests = {
                edition: load_digest(store, world.brand, edition, last_day(edition, world.until), end)
                for edition in get_args(Edition)
            }
            alerts = store.alerts.all(world.brand)
            alert = recall(alerts[-1], brand) if alerts else None
    return Demo(world, gap, card, causes, digests, alert, kept, result, write(folder, gap, card, causes, digests, alert))


def live(
    store: Store, config: Config, server: DemoServer, world: World, reader: Reader, progress: Callable[[int], None]
) -> tuple[Kept, ReadResult]:
    """Let the program do its regular work at the end of every week, and people theirs."""
    gateway, embedder, team = Gateway(config.network.contact, allow_private_addresses=True), bundled_embedder(), Team(config)
    kept, read_, unscored = Kept(), 0, Counter[str]()
    for week in range(1, world.weeks + 1):
        moment = server.now = datetime.combine(world.since + timedelta(weeks=week), time(), UTC)
        kept += listen(store, config, gateway, moment)
        result = read(store, config, reader, progress)
        read_ += result.read
        unscored.update(result.unscored)
        watch_due(store, config, moment - timedelta(hours=1))
        find_due_causes(store, config, embedder, moment)
        open_due_cases(store, config, moment)
        team.work(store, world, week, moment)
    return kept, ReadResult(read_, dict(unscored))


def write(
    folder: Path,
    gap: GapReport,
    card: Scorecard,
    causes: CausesReport,
    digests: Mapping[Edition, Digest],
    alert: Receipt | None,
) -> dict[str, Path]:
    """Write report, scorecard, causes, digests and alert in their formats; return where they are."""
    documents = {
        "gap report": ("gap.html", render_gap(gap, "html")),
        "gap report, Markdown": ("gap.md", render_gap(gap, "md")),
        "gap report, JSON": ("gap.json", render_gap(gap, "json")),
        "scorecard": ("scorecard.html", render_scorecard(card, "html")),
        "causes": ("causes.html", render_causes(causes, "html")),
        "digest": ("digest.html", render_digest(digests["daily"], "html")),
        "digest, text": ("digest.txt", render_digest(digests["daily"], "text")),
        "digest of the week": ("digest-week.html", render_digest(digests["weekly"], "html")),
        "digest of the month": ("digest-month.html", render_digest(digests["monthly"], "html")),
    }
    if alert is not None:
        documents |= {"alert": ("alert.html", alert_html(alert)), "alert, text": ("alert.txt", alert_text(alert))}
    for name, text in documents.values():
        (folder / name).write_text(text, encoding="utf-8")
    return {what: folder / name for what, (name, _) in documents.items()}
