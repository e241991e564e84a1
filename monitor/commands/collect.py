"""`promisewatch collect`."""

import click

from monitor.app import App, tell
from monitor.collecting import Collected, collect, due_sources
from monitor.output import JSON_OR_TEXT, progress, show_json, show_table
from monitor.rounds import explain


@click.command()
@click.option("--all", "everything", is_flag=True, help="Every source now, not only those that are due.")
@JSON_OR_TEXT
@click.pass_obj
def collect_command(app: App, everything: bool, format_: str) -> int:
    """Collect from the sources that are due and keep what speaks of a brand."""
    outcomes = []
    with app.open_store() as store:
        due = [one.source_id for one in due_sources(store, app.config, app.clock(), everything=everything)]
        with progress("sources heard:", len(due)) as shown:
            for outcome in collect(store, app.config, app.gateway(), app.clock, everything=everything):
                outcomes.append(outcome)
                shown.advance(1)
    place = {name: at for at, name in enumerate(due)}
    outcomes.sort(key=lambda one: place.get(one.source, len(place)))
    for outcome in outcomes:
        explain(outcome)
    if format_ == "json":
        show_json([_document(one) for one in outcomes])
    elif outcomes:
        show_table(
            ("source", "heard", "new", "copies", "edited", "unchanged", "unmatched", "skipped"),
            [(one.source, one.heard, *_counts(one).values()) for one in outcomes],
        )
    else:
        tell("nothing is due; --all collects from every source now" if app.config.source else "no [[source]] is configured")
    return 1 if any(one.heard == "blind" for one in outcomes) else 0


def _counts(one: Collected) -> dict[str, int]:
    kept = one.kept
    return {
        "new": kept.new,
        "copies": kept.copies,
        "edited": kept.edited,
        "unchanged": kept.unchanged,
        "unmatched": kept.unmatched,
        "skipped": kept.skipped,
    }


def _document(one: Collected) -> dict[str, object]:
    return {
        "source": one.source,
        "heard": one.heard,
        "reason": one.reason,
        "remedy": one.remedy,
        "state": one.state,
        **_counts(one),
    }
