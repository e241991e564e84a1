"""Imported by the process that lives are forked from: whatever a day does without the network, it has done once. It starts no thread."""

import io
import tempfile
from contextlib import redirect_stderr
from datetime import timedelta
from pathlib import Path

from benchmarks import kills
from monitor import daemon
from monitor.app import App
from monitor.channels import find_channel, open_channel, surroundings
from sources.mention import Mention
from sources.source import Batch
from tests.monitor.store_builders import matched


def live_once(folder: Path) -> None:
    text = kills.CONFIG.format(
        feed="http://127.0.0.1:9/", mail="mailto://127.0.0.1/a@b.example?from=c@d.example", hook="webhook+http://:s@127.0.0.1:9/"
    )
    path = folder / "promisewatch.toml"
    path.write_text(text, encoding="utf-8")
    for days in (1, 2):
        live_day(path, days)


def live_day(path: Path, days: int) -> None:
    with kills.Day(kills.START + timedelta(days=days), 1) as signals:
        app = App(path, clock=lambda: signals.now)
        with app.open_store() as store:
            one = Mention(
                "feed", str(days), f"Acme: where is my bad refund {days}?", signals.now - timedelta(hours=2), author=f"a{days}"
            )
            store.mentions.keep("feed", Batch((one,)), matched(), signals.now)
        offline = tuple(one for one in daemon.jobs_of(app) if one.name not in {"causes", "collect", "deliver", "recheck"})
        daemon.run(app, signals, jobs_of=lambda _: offline, models=kills.Weightless())  # type: ignore[arg-type]
        open_channel(find_channel(app.config, "mail"), surroundings(app.config, {}))


with tempfile.TemporaryDirectory() as made, redirect_stderr(io.StringIO()):
    live_once(Path(made))
