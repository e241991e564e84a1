"""A series in a table: `timestamp,value` or `timestamp,negative,total`. Rows come in any order and leave as they came."""

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Final

from monitor.detection.series import Kind, Series, sentiment, volume
from monitor.errors import MonitorError

_DELIMITERS: Final = ",;\t|"
_REMEDY: Final = "give a table that begins with the line timestamp,value or timestamp,negative,total"


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that could not be read; `line` counts from 1."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was, and its series. `rows[order[i]]` is the row that the i-th of `series` was read from."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    series: Series
    order: tuple[int, ...]
    rejects: tuple[Reject, ...]


def read_table(file: IO[str]) -> Table:
    """Read a table. An empty count is a row that was not heard, and no reject.

    Raises:
        MonitorError: it is no such table, or has no row that can be read.
    """
    first = file.readline().lstrip("\ufeff")
    if not first.strip():
        raise MonitorError("the table is empty", remedy=_REMEDY)
    delimiter = max(_DELIMITERS, key=first.count)
    head = tuple(next(csv.reader([first], delimiter=delimiter)))
    kind, columns = _columns(head)
    rows: list[tuple[str, ...]] = []
    read: list[tuple[int, int, float, float]] = []
    rejects: list[Reject] = []
    for line, cells in _lines(file, delimiter):
        rows.append(tuple(cells))
        try:
            found = _row(cells, kind, columns)
        except ValueError as error:
            rejects.append(Reject(line, str(error)))
            continue
        if found is not None:
            read.append((found[0], len(rows) - 1, found[1], found[2]))
    if not read:
        why = f"line {rejects[0].line}: {rejects[0].reason}" if rejects else "there is no row in it"
        raise MonitorError(f"no row of the table can be read: {why}", remedy=_REMEDY)
    read.sort(key=lambda one: one[:2])
    at = [one[0] for one in read]
    observed, exposure = [one[2] for one in read], [one[3] for one in read]
    series = volume(at, observed) if kind == "volume" else sentiment(at, observed, exposure)
    return Table(head, tuple(rows), series, tuple(one[1] for one in read), tuple(rejects))


def _lines(file: IO[str], delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    reader = csv.reader(file, delimiter=delimiter)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise MonitorError(f"line {reader.line_num + 1} is no line of a table: {error}", remedy=_REMEDY) from error
        if any(cell.strip() for cell in cells):
            yield reader.line_num + 1, cells


def _columns(head: Sequence[str]) -> tuple[Kind, tuple[int, ...]]:
    names = [name.strip().casefold() for name in head]
    if "timestamp" not in names and len(names) == 2 and names[1] == "value":
        names[0] = "timestamp"
    for kind, wanted in (("sentiment", ("timestamp", "negative", "total")), ("volume", ("timestamp", "value"))):
        if all(name in names for name in wanted):
            return ("sentiment" if kind == "sentiment" else "volume"), tuple(names.index(name) for name in wanted)
    raise MonitorError(f"the first line is {', '.join(head)[:80]!r}", remedy=_REMEDY)


def _row(cells: Sequence[str], kind: Kind, columns: Sequence[int]) -> tuple[int, float, float] | None:
    """Seconds, count and exposure of a row; None where it says that nothing was heard."""
    if len(cells) <= max(columns):
        raise ValueError(f"{len(cells)} columns instead of {max(columns) + 1}")
    at = _seconds(cells[columns[0]])
    counts = [_count(cells[column]) for column in columns[1:]]
    if any(count is None for count in counts):
        return None
    observed, exposure = (counts[0] or 0.0), (counts[1] or 0.0) if kind == "sentiment" else 1.0
    if kind == "sentiment" and observed > exposure:
        raise ValueError(f"{observed:g} negative of {exposure:g} in all")
    return at, observed, exposure


def _seconds(cell: str) -> int:
    written = cell.strip()
    try:
        if written.replace(".", "", 1).isdigit() and len(written) != 8:
            value = float(written)
            moment = datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
        else:
            moment = datetime.fromisoformat(written)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError, OSError):
        return _other_date(written)


def _other_date(written: str) -> int:
    from sources.dates import DateReader  # noqa: PLC0415 - only where dates are not ISO 8601

    try:
        return int(DateReader().read(written).timestamp())
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{written!r} is no time; write it as 2026-03-31T14:00:00Z") from error


def _count(cell: str) -> float | None:
    written = cell.strip()
    if written.casefold() in ("", "nan", "null", "na", "none"):
        return None
    try:
        value = float(written)
    except ValueError:
        value = math.nan
    if not 0 <= value < 1e15:
        raise ValueError(f"{written!r} is no count")
    return value
