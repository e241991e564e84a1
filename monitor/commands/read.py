"""`promisewatch read`."""

import time

import click

from monitor.app import App, tell
from monitor.output import JSON_OR_TEXT, progress, show_json
from monitor.pipeline import ReadResult, read
from reports.typography import counted


@click.command()
@JSON_OR_TEXT
@click.pass_obj
def read_command(app: App, format_: str) -> None:
    """Read what the present model has not read: sentiment, promises, stance. Interrupt it freely; it goes on where it was."""
    with app.open_store() as store:
        reader = app.reader()
        store.readings.note_model(reader.version, reader.priors, reader.errors)
        store.readings.unread(reader.version, 1)  # it is the one that reads from here on, and all that it has not read waits
        if again := store.versions.rereading():
            tell(f"{again.version} reads history again, newest first; reports stay with the earlier version until it is through")
        waiting = store.readings.count_unread()
        began = time.monotonic()
        with progress("reading", waiting) as shown:
            result = read(store, app.config, reader, shown.advance)
    if format_ == "json":
        show_json({"read": result.read, "unscored": dict(result.unscored), "model": reader.version})
    tell(summary(result, time.monotonic() - began))


def summary(result: ReadResult, seconds: float) -> str:
    """Return what reading did, in one line."""
    if not result.read:
        return "nothing to read"
    left_out = "".join(
        f"; {count:,} not scored: {reason}" for reason, count in sorted(result.unscored.items(), key=lambda one: -one[1])
    )
    return f"read {counted(result.read, 'mention')} in {seconds:.0f} s{left_out}"
