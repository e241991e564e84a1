"""Ids of rows: whether a column is one, and what is none."""

import hashlib
import re
from array import array
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from sources.records import open_records

_TOLD_EVERY = 20_000
_ROUNDED = re.compile(r"\d[.,]\d+[Ee]\+\d+")


def is_rounded(name: str) -> bool:
    """Whether a spreadsheet that rounds long numbers has made one id of many ("5.70306E+17")."""
    return "+" in name and _ROUNDED.fullmatch(name) is not None


def shared_id(path: Path, column: str, progress: Callable[[int], None] = lambda _rows: None) -> str | None:
    """An id that several rows share which are not the same row again, or None where `column` is a good id.

    `progress` hears how many rows are looked at. Sixteen bytes a row are held, so that a table may be as long as it likes.

    Raises:
        SourceError: the table cannot be read.
    """
    import numpy as np  # noqa: PLC0415 - only tables with an id need it

    names, rows = array("Q"), array("Q")
    for name, cells in _named_rows(path, column):
        names.append(_digest(name))
        rows.append(_digest("\x1f".join(cells)))
        if not len(names) % _TOLD_EVERY:
            progress(len(names))
    order = np.argsort(np.array(names), kind="stable")
    name_of, row_of = np.array(names)[order], np.array(rows)[order]
    differing = order[1:][(name_of[1:] == name_of[:-1]) & (row_of[1:] != row_of[:-1])]
    if not differing.size:
        return None
    return next((name for name, _ in islice(_named_rows(path, column), int(differing.min()), None)), None)


def _named_rows(path: Path, column: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the good rows that have an id, with it; what a spreadsheet has rounded is none."""
    records = open_records(path, [column])
    at = records.columns.index(column)
    try:
        for record in records.rows:
            name = "" if record.problem else record.cells[at].strip()
            if name and not is_rounded(name):
                yield name, record.cells
    finally:
        records.close()


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest())
