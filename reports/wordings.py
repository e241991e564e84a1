"""The words in which a promise is made: near-identical sentences are one wording."""

import re
from collections.abc import Sequence
from dataclasses import replace

from reports.evidence import WordingRow

_ALIKE = 0.7


def alike(one: str, other: str) -> bool:
    """Whether two sentences are the same but for a word or two: most of the shorter one's words are in the longer one."""
    first, second = (set(re.findall(r"\w+", text.casefold())) for text in (one, other))
    return len(first & second) >= _ALIKE * max(1, min(len(first), len(second)))


def distinct(rows: Sequence[WordingRow]) -> list[WordingRow]:
    """One row a wording, in its most frequent words and with the place where it was seen last; the most frequent first."""
    found: list[WordingRow] = []
    for row in sorted(rows, key=lambda one: (-one.n, one.words)):
        at = next((at for at, known in enumerate(found) if alike(row.words, known.words)), None)
        if at is None:
            found.append(row)
            continue
        known = found[at]
        last = max(known, row, key=lambda one: (one.last, one.url))
        first = min(known.first, row.first)
        found[at] = replace(known, first=first, last=last.last, n=known.n + row.n, source=last.source, url=last.url)
    return sorted(found, key=lambda one: (-one.n, one.first, one.words))
