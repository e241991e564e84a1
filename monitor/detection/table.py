"""A series in a table: `timestamp,value` or `timestamp,negative,total`. Rows come in any order and leave as they came.

The rhythm of a series is that of the clock that its times are written in: with an offset, that of the place.
"""

import csv
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Final

from monitor.detection.series import Kind, Series, sentiment, volume
from monitor.errors import MonitorError
from reports.typography import counted

_DELIMITERS: Final = ",;\t|"
_REMEDY: Final = "give a table that begins with the line timestamp,value or timestamp,negative,total"
_TIMES: Final = ("timestamp", "time", "datetime", "date", "ts", "ds")
_VALUES: Final = ("value", "count", "mentions", "volume", "y")
_COMPACT: Final = re.compile(r"(19|20)\d{6}(\d{4}|\d{6})")
"""20260331140000 is a time, though it could be milliseconds of the 27th century."""
_UNITS: Final = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))
"""From which number on it counts nanoseconds, microseconds and milliseconds."""
_LEAST_SECONDS: Final = 1e8
"""A smaller number is that of a row, or a year: nobody watched a brand before March 1973."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that could not be read; `line` counts from 1."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was, and its series. `rows[order[i]]` is the row that the i-th of `series` was read from.

    `columns` are the places of the time and of the count, or of the time, the negative ones and all.
    """

    head: tuple[str, ...]
    columns: tuple[int, ...]
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
    read: list[tuple[int, int, int, float, float]] = []
    rejects: list[Reject] = []
    for line, cells in _lines(file, delimiter):
        rows.append(tuple(cells))
        try:
            found = _row(cells, kind, columns)
        except ValueError as error:
            rejects.append(Reject(line, str(error)))
            continue
        if found is not None:
            read.append((found[0], len(rows) - 1, *found[1:]))
    if not read:
        raise MonitorError(f"no row of the table can be read: {_why_none(rows, rejects)}", remedy=_REMEDY)
    read.sort(key=lambda one: one[:2])
    at, order, clock, observed, exposure = zip(*read, strict=True)
    series = volume(at, observed, clock) if kind == "volume" else sentiment(at, observed, exposure, clock)
    return Table(head, columns, tuple(rows), series, order, tuple(rejects))


def _why_none(rows: Sequence[tuple[str, ...]], rejects: Sequence[Reject]) -> str:
    if rejects:
        return f"line {rejects[0].line}: {rejects[0].reason}"
    return "none of them has a count" if rows else "there is no row in it"


def _lines(file: IO[str], delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    reader = csv.reader(file, delimiter=delimiter, strict=True)
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
    """What is counted, and where: by the documented names, else by usual ones, else the one column that is left is the time."""
    names = [name.strip().casefold() for name in head]
    is_sentiment = "negative" in names and "total" in names
    wanted = (("negative",), ("total",)) if is_sentiment else (_VALUES,)
    counts = tuple(_one_of(head, names, some, "count") for some in wanted)
    time = _one_of(head, names, _TIMES, "time")
    if time < 0 and len(names) == len(counts) + 1:
        time = next(place for place in range(len(names)) if place not in counts)
    if time < 0 or min(counts) < 0:
        raise MonitorError(f"the first line is {', '.join(head)[:80]!r}", remedy=_REMEDY)
    return "sentiment" if is_sentiment else "volume", (time, *counts)


def _one_of(head: Sequence[str], names: Sequence[str], wanted: Sequence[str], what: str) -> int:
    """The place of the column that has one of these names, the first of which goes before the others; -1 where there is none."""
    some = wanted[:1] if wanted[0] in names else wanted
    found = [place for place, name in enumerate(names) if name in some]
    if len(found) > 1:
        raise MonitorError(
            f"{' and '.join(f'“{head[place].strip()}”' for place in found)} may both be the {what}",
            remedy=f"call the one that is meant {wanted[0]}, and the other something else; {_REMEDY}",
        )
    return found[0] if found else -1


def _row(cells: Sequence[str], kind: Kind, columns: Sequence[int]) -> tuple[int, int, float, float] | None:
    """Seconds, the same as the clock of the place shows them, count and exposure; None where nothing was heard."""
    if len(cells) <= max(columns):
        raise ValueError(f"{counted(len(cells), 'column')} instead of {max(columns) + 1}")
    moment = _moment(cells[columns[0]])
    counts = [_count(cells[column]) for column in columns[1:]]
    if any(count is None for count in counts):
        return None
    observed, exposure = (counts[0] or 0.0), (counts[1] or 0.0) if kind == "sentiment" else 1.0
    if kind == "sentiment" and observed > exposure:
        raise ValueError(f"{observed:g} negative of {exposure:g} in all")
    offset = moment.utcoffset()
    at = int(moment.timestamp())
    return at, at + (int(offset.total_seconds()) if offset else 0), observed, exposure


def _moment(cell: str) -> datetime:
    """A time; UTC where it does not say."""
    written = cell.strip()
    try:
        if _COMPACT.fullmatch(written):
            moment = datetime.fromisoformat(f"{written[:8]}T{written[8:]}")
        elif written.replace(".", "", 1).isdigit() and len(written) != 8:
            value = float(written)
            if value < _LEAST_SECONDS:
                raise ValueError  # noqa: TRY301 - told below, as whatever else is no time
            unit = next((unit for least, unit in _UNITS if value > least), 1.0)
            moment = datetime.fromtimestamp(value / unit, UTC)
        else:
            moment = datetime.fromisoformat(written)
    except (ValueError, OverflowError, OSError):
        moment = _other_date(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _other_date(written: str) -> datetime:
    from sources.dates import DateReader  # noqa: PLC0415 - only where dates are not ISO 8601

    try:
        return DateReader().read(written)
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
