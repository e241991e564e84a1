"""Markdown (CommonMark with GitHub tables) from values of others: escaped, so that nothing of them can begin a line or a link."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from reports.typography import clean

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>|~&#$]|(?<=:)//|(?<=www)\.)")
_LEADING: Final = re.compile(r"^(\d*)([-+=.)])")


def escape(text: str) -> str:
    """Text that Markdown shows as it is: one line, no markup, no list or rule at its start, no link made of a bare address."""
    return _LEADING.sub(r"\1\\\2", escaped(clean(text)))


def escaped(line: str) -> str:
    """A part of a line, likewise."""
    return _SPECIAL.sub(r"\\\1", line)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are escaped already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
