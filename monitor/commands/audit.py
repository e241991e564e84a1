"""`promisewatch audit`: a random sample of mentions, labelled by a person, says how well the model reads this brand."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from monitor.app import App, harmless, tell
from monitor.audit_session import ask
from monitor.audit_sheet import read_sheet, write_sheet
from monitor.commands.reports import BRAND, SINCE, UNTIL, choose_window
from monitor.errors import MonitorError
from monitor.output import JSON_OR_TEXT, show_json, show_table, write_document
from monitor.store import Audit, AuditSummary
from reports.statistics import wilson
from reports.typography import counted, percent_interval

_LABELS = ("negative", "neutral", "positive")
_STANCES = ("kept", "broken", "none")


@click.group("audit")
def audit_command() -> None:
    """Check a random sample of mentions by hand: reports are corrected by it, and say how often the model read right."""


@audit_command.command("draw")
@BRAND
@click.option("-n", "--size", type=click.IntRange(1, 10_000), default=100, show_default=True, help="How many mentions to draw.")
@SINCE
@UNTIL
@click.option("--seed", type=int, help="Draw the same from the same mentions [the number of the draw]")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="CSV to fill in [label here: audit label]")
@click.pass_obj
def draw_audit(
    app: App, brand: str | None, size: int, since: date | None, until: date | None, seed: int | None, output: Path | None
) -> None:
    """Draw mentions at random, each with the same chance; none is drawn twice."""
    chosen = app.brand(brand)
    app.spare(output)
    with app.open_store() as store:
        window = choose_window(store, chosen, since, until, app.clock())
        drawn = store.audits.draw(chosen.id, window, size, seed, app.clock())
        if output is not None:
            write_document(write_sheet(store.audits.items(chosen.id, drawn.id)), output)
    tell(f"drew {len(drawn.mentions):,} of {counted(drawn.units, 'voice')} from {window.since} until {window.until}")
    tell(f"fill in its column label and run: promisewatch audit import {output}" if output else "now run: promisewatch audit label")


@audit_command.command("label")
@BRAND
@click.pass_obj
def label_audit(app: App, brand: str | None) -> None:
    """Label what was drawn, one key each. Stop whenever you like; it goes on where it was."""
    chosen = app.brand(brand)
    words = {one.id: one.text for one in chosen.promise}
    with app.open_store() as store:
        left = [one for one in store.audits.items(chosen.id) if not one.done]
        if not left:
            tell("there is nothing to label; run: promisewatch audit draw")
            return
        done = ask(
            left,
            chosen.name,
            words,
            key=_key,
            show=lambda line: click.echo(harmless(line)),
            keep=lambda audit: store.audits.save([Audit(audit.mention, chosen.id, audit.label, audit.stances)], app.clock()),
            forget=lambda mention: store.audits.forget(chosen.id, mention),
        )
    tell(f"labelled {done:,}; {len(left) - done:,} are left")


def _key() -> str:
    """Wait for a key.

    Raises:
        MonitorError: there is no terminal to press it at.
    """
    try:
        return click.getchar()
    except OSError as error:
        raise MonitorError(
            "there is no terminal here to press keys at",
            remedy="run promisewatch audit label in a terminal, or fill in a table: promisewatch audit draw -o FILE.csv",
        ) from error


@audit_command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@BRAND
@click.option("--dry-run", is_flag=True, help="Say what would be taken and refused; keep nothing.")
@JSON_OR_TEXT
@click.pass_obj
def import_audit(app: App, file: Path, brand: str | None, dry_run: bool, format_: str) -> int:
    """Take back a CSV of `audit draw` that was filled in. Rows without a label are left for later."""
    only = app.brand(brand).id if brand or len(app.config.brand) == 1 else None
    sheet = read_sheet(file)
    with app.open_store() as store:
        known = store.audits.drawn_for([row.mention for row in sheet.rows])
        audits, refused = [], list(sheet.refused)
        for row in sheet.rows:
            brands = known.get(row.mention)
            if brands is None:
                refused.append((row.number, f"there is no mention {row.mention}"))
            elif only is None and len(brands) != 1:
                drawn_for = " and ".join(sorted(brands)) or "no brand"
                refused.append((row.number, f"mention {row.mention} was drawn for {drawn_for}: say --brand"))
            else:
                audits.append(Audit(row.mention, only or next(iter(brands)), row.label, row.stances))
        if not dry_run:
            store.audits.save(audits, app.clock())
    counting = sum(one.brand in known[one.mention] for one in audits)
    if format_ == "json":
        rows = [{"row": number, "reason": reason} for number, reason in sorted(refused)]
        show_json({"labels": len(audits), "random": counting, "empty": sheet.empty, "refused": rows, "dry_run": dry_run})
        return 1 if refused else 0
    for number, reason in sorted(refused):
        tell(f"row {number}: {reason}")
    took = "would take" if dry_run else "took"
    tell(f"{took} {counted(len(audits), 'label')}; {sheet.empty:,} rows have none yet, {len(refused):,} were refused")
    if counting < len(audits):
        tell(f"{len(audits) - counting:,} of them were not drawn at random: kept, but they do not say how well the model reads")
    return 1 if refused else 0


@audit_command.command("show")
@BRAND
@JSON_OR_TEXT
@click.pass_obj
def show_audit(app: App, brand: str | None, format_: str) -> None:
    """How often the model read this brand right: sentiment, and for each promise kept, broken or not about it."""
    chosen = app.brand(brand)
    with app.open_store() as store:
        found = store.audits.summary(chosen.id)
    total, right = _agreed(found.labels)
    if format_ == "json":
        show_json(_document(chosen.id, found))
        return
    if not total:
        next_step = "label" if found.drawn else "draw"
        tell(f"{counted(found.drawn, 'mention')} drawn, none labelled; run: promisewatch audit {next_step}")
        return
    sure = percent_interval(wilson(right, total))
    click.echo(f"read right: {right} of {total} audited, {sure} (model {found.model}, {found.drawn:,} drawn)")
    show_table(
        ("person \\ model", *_LABELS), [(said, *(found.labels.get((said, read), 0) for read in _LABELS)) for said in _LABELS]
    )
    if found.stances:
        click.echo()
        rows = []
        for promise, counts in found.stances.items():
            n, agreed = _agreed(counts)
            rows.append((promise, f"{agreed} of {n}", percent_interval(wilson(agreed, n))))
        show_table(("promise", "stance right", "95 %"), rows)


def _agreed(pairs: Mapping[tuple[str, str], int]) -> tuple[int, int]:
    """How many there are, and how many the model said as the person did."""
    return sum(pairs.values()), sum(n for (said, read), n in pairs.items() if said == read)


def _document(brand: str, found: AuditSummary) -> dict[str, Any]:
    return {
        "brand": brand,
        "model": found.model,
        "drawn": found.drawn,
        **_accuracy(found.labels, _LABELS),
        "promises": [{"promise": promise, **_accuracy(pairs, _STANCES)} for promise, pairs in found.stances.items()],
    }


def _accuracy(pairs: Mapping[tuple[str, str], int], names: Sequence[str]) -> dict[str, Any]:
    total, right = _agreed(pairs)
    return {
        "audited": total,
        "right": right,
        "accuracy": round(right / total, 3) if total else None,
        "interval": [round(bound, 3) for bound in wilson(right, total)] if total else None,
        "confusion": {said: {read: pairs.get((said, read), 0) for read in names} for said in names},
    }
