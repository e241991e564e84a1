"""Where in a TOML text a key stands. The standard parser does not tell, and an error without its line costs a search."""

import re
from collections.abc import Iterator
from functools import lru_cache

Place = tuple[str | int, ...]
"""The keys and array indices that lead to a value."""

# Patterns are compiled when a line is asked for: a configuration without faults never needs them.
_HEADER = r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?"
_KEY = r"\s*([A-Za-z0-9_\"'.-]+)\s*="
_STRING = r'(?s)"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*'


def line_of(text: str, place: Place) -> int:
    """Return the 1-based line where the value at `place` begins, or of the nearest table around it; 0 if none.

    Array tables are counted as TOML nests them: `[[brand.promise]]` belongs to the latest `[[brand]]`.
    """
    nearest, depth = 0, 0
    for number, path in _places(text):
        if path[: len(place)] == place:
            return number
        if len(path) > depth and path == place[: len(path)]:
            nearest, depth = number, len(path)
    return nearest


def headers(text: str) -> Iterator[tuple[int, tuple[str, ...], bool]]:
    """Yield the line, the names and whether it has two brackets, of every table's header."""
    for number, line in enumerate(_without_long_strings(text).split("\n"), start=1):
        header = re.fullmatch(_HEADER, line)
        if header:
            yield number, _parts(header[2]), header[1] == "[["


@lru_cache(maxsize=1)
def _places(text: str) -> tuple[tuple[int, Place], ...]:
    """Return every header and key line with the place it stands for."""
    found: list[tuple[int, Place]] = []
    heads = {number: (names, is_array) for number, names, is_array in headers(text)}
    table: Place = ()
    counts: dict[Place, int] = {}
    for number, line in enumerate(_without_long_strings(text).split("\n"), start=1):
        if number in heads:
            table = _table(*heads[number], counts)
            found.append((number, table))
            continue
        key = re.match(_KEY, line)
        if key:
            found.append((number, (*table, *_parts(key[1]))))
    return tuple(found)


def _without_long_strings(text: str) -> str:
    """Return `text` with as many lines, but nothing in the strings that go over several: it only looks like keys."""
    return re.sub(_STRING, lambda found: "\n" * found[0].count("\n") or found[0], text)


def _table(names: tuple[str, ...], is_array: bool, counts: dict[Place, int]) -> Place:
    path: Place = ()
    for at, name in enumerate(names, start=1):
        path = (*path, name)
        if is_array and at == len(names):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in name.split("."))
