"""`promisewatch export`."""

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import click

from monitor.app import App
from monitor.store import StoredMention

COLUMNS = tuple(one.name for one in fields(StoredMention) if one.name not in {"rating", "attributes"})
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@click.command()
@click.argument("what", type=click.Choice(["mentions"]))
@click.option("--brand", help="Only this brand [all]")
@click.option("--format", "format_", type=click.Choice(["jsonl", "csv"]), default="jsonl", help="[jsonl]")
@click.pass_obj
def export_command(app: App, what: str, brand: str | None, format_: str) -> None:  # noqa: ARG001 - `what` is there for what follows
    """Write what is stored to standard output: mentions."""
    chosen = app.brand(brand).id if brand else None
    with app.open_store() as store:
        documents = (as_document(mention) for mention in store.mentions.each(chosen))
        write_csv(documents) if format_ == "csv" else write_jsonl(documents)


def as_document(mention: StoredMention) -> dict[str, Any]:
    """Return a mention as it is exported."""
    values = {name: getattr(mention, name) for name in COLUMNS}
    return {name: _time(value) if isinstance(value, datetime) else value for name, value in values.items()}


def write_jsonl(documents: Iterable[dict[str, Any]]) -> None:
    """Write one JSON document a line."""
    for one in documents:
        sys.stdout.write(json.dumps(one, ensure_ascii=False) + "\n")


def write_csv(documents: Iterable[dict[str, Any]], columns: Sequence[str] = COLUMNS) -> None:
    """Write a table; a cell that a spreadsheet would run as a formula gets an apostrophe."""
    writer = csv.writer(sys.stdout)
    writer.writerow(columns)
    for one in documents:
        writer.writerow([cell(value) for value in one.values()])


def cell(value: Any) -> Any:
    """Return a value as a cell of a table that no spreadsheet runs."""
    if isinstance(value, tuple):
        value = " ".join(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
