"""Where in a TOML text a key stands. The standard parser does not tell, and an error without its line costs a search."""

import re
from collections.abc import Sequence

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\"'.-]+)\s*=")


def line_of(text: str, place: Sequence[str | int]) -> int:
    """Return the 1-based line of the value at `place` (keys and array indices), or of the nearest table around it; 0 if none.

    Array tables are counted as TOML nests them: `[[brand.promise]]` belongs to the latest `[[brand]]`.
    """
    best, best_depth = 0, 0
    for number, path in _places(text):
        if path[:-1] == list(place) and isinstance(path[-1], int):
            return number  # the first entry of an array of tables that is wrong as a whole
        depth = _shared(path, place)
        if depth > best_depth:
            best, best_depth = number, depth
        if depth == len(place):
            return number
    return best


def _places(text: str) -> list[tuple[int, list[str | int]]]:
    """Return every header and key line with the place it stands for."""
    found: list[tuple[int, list[str | int]]] = []
    table: list[str | int] = []
    counts: dict[tuple[str | int, ...], int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header:
            table = _table(header[2], header[1] == "[[", counts)
            found.append((number, list(table)))
            continue
        key = _KEY.match(line)
        if key:
            found.append((number, [*table, *_parts(key[1])]))
    return found


def _table(name: str, is_array: bool, counts: dict[tuple[str | int, ...], int]) -> list[str | int]:
    path: list[str | int] = []
    parts = _parts(name)
    for at, part in enumerate(parts):
        path.append(part)
        key = tuple(path)
        if is_array and at == len(parts) - 1:
            counts[key] = counts.get(key, -1) + 1
        if key in counts:
            path.append(counts[key])
    return path


def _parts(name: str) -> list[str]:
    return [part.strip().strip("\"'") for part in name.split(".")]


def _shared(path: Sequence[str | int], place: Sequence[str | int]) -> int:
    """Return how many leading parts agree, or 0 where `path` leads elsewhere."""
    if len(path) > len(place) or list(path) != list(place[: len(path)]):
        return 0
    return len(path)
