"""An audit as a table to send to somebody: one drawn mention a row, with cells to fill in."""

import csv
import io
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from models.reading import LABELS, Label
from monitor.errors import MonitorError
from monitor.storage.auditing import AuditItem, SaidStance
from sources.records import Record, open_records
from sources.source import SourceError

WANTED = "?"
"""What stands in a cell of a promise that the model found in the text; the other promises' cells stay empty."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PROMISE = "promise:"
_STANCES: Mapping[str, SaidStance] = {"kept": "kept", "broken": "broken", "none": "none", "not about it": "none"}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that was filled in; `number` as a spreadsheet counts."""

    number: int
    mention: int
    label: Label
    stances: Mapping[str, SaidStance]


@dataclass
class Sheet:
    """What was filled in, how many rows have no label yet, and the rows (number, reason) that cannot be taken."""

    rows: list[SheetRow] = field(default_factory=list)
    empty: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def write_sheet(items: Sequence[AuditItem]) -> str:
    """Return the table: mention, text, label, and a column for each promise that the model found in some text."""
    promises = list(dict.fromkeys(promise for item in items for promise in item.found))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["mention", "text", "label", *(f"{_PROMISE}{promise}" for promise in promises)])
    for item in items:
        # A spreadsheet would run a text that begins like a formula.
        text = f"'{item.text}" if item.text.startswith(_FORMULA) else item.text
        asked = [item.stances.get(promise, WANTED) if promise in item.found else "" for promise in promises]
        writer.writerow([item.mention, text, item.label or "", *asked])
    return out.getvalue()


def read_sheet(path: Path) -> Sheet:
    """Read a table that was filled in; a row that cannot be taken is told and stops no other.

    Raises:
        MonitorError: it is no such table.
    """
    try:
        records = open_records(path, ("mention", "label"))
    except SourceError as error:
        raise MonitorError(str(error), remedy=error.remedy) from error
    with closing(records):
        missing = [name for name in ("mention", "label") if name not in records.columns]
        if missing:
            raise MonitorError(f"{path} has no column {missing[0]!r}", remedy="give the file that promisewatch audit draw wrote")
        sheet = Sheet()
        try:
            for record in records.rows:
                _take(sheet, records.columns, record)
        except SourceError as error:
            raise MonitorError(str(error), remedy=error.remedy) from error
    return sheet


def _take(sheet: Sheet, columns: Sequence[str], record: Record) -> None:
    if record.problem:
        sheet.refused.append((record.number, record.problem))
        return
    cells = {name: cell.strip() for name, cell in zip(columns, record.cells, strict=False)}
    label = cells["label"].casefold()
    stances = {
        name.removeprefix(_PROMISE): cell.casefold()
        for name, cell in cells.items()
        if name.startswith(_PROMISE) and cell not in {"", WANTED}
    }
    odd = next((cell for cell in stances.values() if cell not in _STANCES), None)
    if not label:
        sheet.empty += 1
    elif label not in LABELS:
        sheet.refused.append((record.number, f"label {cells['label']!r} is none of {', '.join(LABELS)}"))
    elif odd is not None:
        sheet.refused.append((record.number, f"{odd!r} is none of kept, broken, none (not about it)"))
    elif not (cells["mention"].isascii() and cells["mention"].isdigit() and len(cells["mention"]) < 19):
        sheet.refused.append((record.number, f"mention {cells['mention']!r} is no number of a mention"))
    else:
        found = {promise: _STANCES[cell] for promise, cell in stances.items()}
        sheet.rows.append(SheetRow(record.number, int(cells["mention"]), label, found))
