"""Files of rows, as they come: compressed or not, in any usual encoding, delimiter and notation, one record at a time."""

import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from sources.source import DeniedError, MalformedError

_DELIMITERS = ",;\t|"
_SAMPLE = 50
_LONGEST_FIELD = 16 * 2**20
_STRAY = re.compile("[\udc80-\udcff]")
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1f\x7f]")
_BINARY = ("\udc89PNG", "%PDF-", "GIF8", "\udcff\udcd8")
_MAILBOX = re.compile(r"From \S+@|(Return-Path|Received|Delivered-To|Message-ID|MIME-Version): ", re.IGNORECASE)
_BROKEN_ARCHIVE = (EOFError, gzip.BadGzipFile, zlib.error)
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Record(NamedTuple):
    """One row. `number` counts as a spreadsheet does: the header of a CSV is row 1; in JSONL it is the line.

    `raw` is the row as it stood; `problem` says why `cells` cannot be used.
    """

    number: int
    cells: list[str]
    raw: Any
    problem: str = ""


@dataclass
class Records:
    """The rows of a file. `notices` are things a person should know about the whole file; more may come while reading."""

    columns: list[str]
    rows: Iterator[Record]
    notices: list[str]
    close: Callable[[], None]


def open_records(path: Path, wanted: Sequence[str] = ()) -> Records:
    """Open a CSV or JSONL file, gzipped or not; `wanted` columns help to tell the delimiter.

    Raises:
        DeniedError: the file cannot be opened.
        MalformedError: it is no table.
    """
    with ExitStack() as stack:
        lines, sample = _open(path, stack)
        first = next((line.strip() for line in sample if line.strip()), "")
        if not first:
            raise MalformedError(f"{path} is empty", remedy="give a CSV or JSONL file with rows")
        _refuse_other_kinds(path, first)
        notices: list[str] = []
        repaired = _Repaired(chain(sample, lines), notices)
        if first.startswith("{"):
            columns = _json_columns(sample)
            absent = [name for name in wanted if name not in columns]
            notices += [f"none of the first {len(sample)} lines has {name!r}" for name in absent]
            columns += absent
            rows = _json_rows(repaired, columns)
        else:
            csv.field_size_limit(_LONGEST_FIELD)
            reader = csv.reader(repaired, delimiter=_delimiter(sample, wanted))
            columns = _csv_header(reader, repaired, path)
            rows = _csv_rows(reader, repaired, len(columns))
        return Records(columns, _guarded(rows, repaired), notices, stack.pop_all().close)


def _refuse_other_kinds(path: Path, first: str) -> None:
    if first.startswith("["):
        raise MalformedError(f"{path} holds one JSON list", remedy="write one JSON object a line (jq -c '.[]')")
    if first.startswith("<"):
        raise MalformedError(f"{path} is a page or a feed, not a table", remedy="save it as CSV; a feed is a [[source]]")
    if _MAILBOX.match(first):
        raise MalformedError(f"{path} is a mailbox, not a table", remedy="export the mails as CSV or JSONL")
    if first.startswith(_BINARY) or _CONTROL.search(first):
        raise MalformedError(f"{path} is no text", remedy="give a CSV or JSONL file")


def json_records(lines: Sequence[str]) -> Records:
    """Return JSON objects, one a line, as they were sent: every line may add columns."""
    notices: list[str] = []
    columns = _json_columns(lines)
    repaired = _Repaired(iter(lines), notices)
    return Records(columns, _json_rows(repaired, columns), notices, lambda: None)


def _open(path: Path, stack: ExitStack) -> tuple[Iterator[str], list[str]]:
    """The lines after the first few, and the first few."""
    try:
        lines = _text_lines(_uncompressed(stack.enter_context(path.open("rb")), stack), stack)
        return lines, list(islice(lines, _SAMPLE))
    except _BROKEN_ARCHIVE as error:
        raise MalformedError(f"{path} is no sound gzip file: {error}", remedy="compress or copy it again") from error
    except OSError as error:
        remedy = "check the path and that the file may be read"
        raise DeniedError(f"{path} cannot be opened: {error.strerror or error}", remedy=remedy) from error


def _uncompressed(file: io.BufferedReader, stack: ExitStack) -> io.BufferedIOBase:
    start = file.peek(4)[:4]
    if start.startswith(b"PK"):
        raise MalformedError("this is a spreadsheet or a zip archive", remedy="save it as CSV (UTF-8), or unpack it")
    return stack.enter_context(gzip.open(file)) if start.startswith(b"\x1f\x8b") else file


def _text_lines(file: io.BufferedIOBase, stack: ExitStack) -> Iterator[str]:
    buffered = stack.enter_context(io.BufferedReader(file))
    start = buffered.peek(4)
    encoding = next((name for bom, name in _BOMS.items() if start.startswith(bom)), "utf-8")
    errors = "replace" if encoding == "utf-16" else "surrogateescape"
    return iter(stack.enter_context(io.TextIOWrapper(buffered, encoding, errors, newline="")))


class _Repaired:
    """Lines whose stray bytes are read as cp1252. `taken` are the lines since `start_record`; they can be given back."""

    def __init__(self, lines: Iterator[str], notices: list[str]) -> None:
        self._lines = lines
        self._notices = notices
        self._returned: list[str] = []
        self._told = False
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._returned.pop() if self._returned else self._repair(next(self._lines))
        self.taken.append(line)
        return line

    def start_record(self) -> int:
        """The number of the record that comes now."""
        self.taken = []
        self.number += 1
        return self.number

    def give_back(self, lines: list[str]) -> None:
        self._returned += reversed(lines)

    def _repair(self, line: str) -> str:
        if line.isascii() or not _STRAY.search(line):
            return line
        if not self._told:
            self._told = True
            self._notices.append("some bytes are not UTF-8; they were read as Windows-1252 (cp1252)")
        return _STRAY.sub(lambda stray: bytes([ord(stray[0]) - 0xDC00]).decode("cp1252", "replace"), line)


def _guarded(rows: Iterator[Record], lines: _Repaired) -> Iterator[Record]:
    """A file that breaks off is one more problem after the rows that came."""
    try:
        yield from rows
    except _BROKEN_ARCHIVE as error:
        yield Record(lines.number, [], "", f"the compressed file breaks off here: {error}")
    except OSError as error:
        yield Record(lines.number, [], "", f"the file cannot be read further: {error}")


def _delimiter(sample: list[str], wanted: Sequence[str]) -> str:
    def fit(delimiter: str) -> tuple[int, float, int]:
        try:
            rows = [row for row in csv.reader(sample, delimiter=delimiter) if row]
        except csv.Error:
            return (0, 0.0, 0)
        header = [name.strip() for name in rows[0]] if rows else []
        alike = sum(len(row) == len(header) for row in rows) / len(rows) if len(header) > 1 else 0.0
        return (len(set(wanted) & set(header)), alike, len(header))

    return max(_DELIMITERS, key=fit)


def _csv_header(reader: Any, lines: _Repaired, path: Path) -> list[str]:
    header: list[str] = []
    try:
        while not header:
            lines.start_record()
            header = [name.strip() for name in next(reader)]
    except csv.Error as error:
        raise MalformedError(f"the header of {path} cannot be taken apart: {error}", remedy="check the first line") from error
    return header


def _csv_rows(reader: Any, lines: _Repaired, width: int) -> Iterator[Record]:
    while True:
        number = lines.start_record()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _bad_record(number, [], lines, f"the row cannot be taken apart: {error}")
            continue
        if len(cells) > width and not any(cells[width:]):
            del cells[width:]
        taken = lines.taken
        if "\0" in taken[0] or (len(taken) > 1 and "\0" in "".join(taken)):
            yield _bad_record(number, cells, lines, "the row holds NUL bytes; the file may be damaged")
        elif len(cells) != width:
            if cells:
                yield _bad_record(number, cells, lines, f"the row has {len(cells)} fields where the header has {width}")
        elif len(taken) > 1 and "".join(taken).count('"') % 2:
            yield _bad_record(number, cells, lines, "the quotation marks do not pair up")
        else:
            yield Record(number, cells, cells)


def _bad_record(number: int, cells: list[str], lines: _Repaired, problem: str) -> Record:
    if len(lines.taken) == 1:
        return Record(number, [], cells or lines.taken[0].rstrip("\r\n"), problem)
    # A quotation mark that is never closed swallows the rows after it: only its own line is lost.
    lines.give_back(lines.taken[1:])
    return Record(number, [], lines.taken[0].rstrip("\r\n"), f"{problem}; a quotation mark may be missing in this line")


def _json_columns(sample: Sequence[str]) -> list[str]:
    names: dict[str, None] = {}
    for line in sample:
        value = _json_value(line)
        if isinstance(value, dict):
            names.update(dict.fromkeys(value))
    return list(names)


def _json_rows(lines: _Repaired, columns: list[str]) -> Iterator[Record]:
    while True:
        number = lines.start_record()
        line = next(lines, None)
        if line is None:
            return
        if not line.strip():
            continue
        value = _json_value(line)
        if not isinstance(value, dict):
            found = "broken JSON" if value is None else "JSON, but no object"
            yield Record(number, [], line.rstrip("\r\n"), f"the line is {found}")
            continue
        try:
            cells = [_cell(value.get(column)) for column in columns]
        except (ValueError, RecursionError):
            yield Record(number, [], line.rstrip("\r\n"), "the line holds a value that cannot be read")
            continue
        nul = any("\0" in cell for cell in cells)
        yield Record(number, cells, value, "the row holds NUL bytes; the file may be damaged" if nul else "")


def _json_value(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _cell(value: Any) -> str:
    if isinstance(value, str):
        # A lone surrogate ("\ud83d") can be neither encoded nor stored.
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    return json.dumps(value, ensure_ascii=False)
