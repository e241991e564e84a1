"""The quotes of each week and of each segment, chosen from those of a day, so that no other mention is looked at."""

import json
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from sqlite3 import Connection

from monitor.storage import loading
from reports.dockets import OVER_TIME, PartOf
from reports.evidence import Quote

_LANGUAGE = """coalesce((SELECT r.language FROM readings r WHERE r.mention = q.mention AND r.brand = q.brand AND r.model = q.model),
    '')"""


def load(
    connection: Connection, at: loading.At, starts: Sequence[str], dimensions: Sequence[str], most: int
) -> Mapping[PartOf, tuple[Quote, ...]]:
    """Of each part and side (or mood) so many of its newest days; `starts` are the first days of the parts of time, ascending."""
    # What nobody asked for is not looked up: columns lie behind long texts.
    language = _LANGUAGE if "language" in dimensions else "''"
    columns = "m.attributes" if set(dimensions) - {"source", "language"} else "'{}'"
    rows = connection.execute(
        f"""SELECT q.promise, q.side, q.day, q.mention, q.passage, q.confidence, s.name, {language}, {columns}
        FROM quote_rollup q JOIN mentions m ON m.id = q.mention JOIN sources s ON s.id = m.source
        WHERE q.brand = :brand AND q.day >= :since AND q.day < :until AND q.model = :model
            AND (q.promise = '' OR q.{loading.ADVERTISED})
        ORDER BY q.day DESC, q.place""",  # noqa: S608 - constants
        at,
    )
    chosen: dict[tuple[str, str, int], tuple[str, str, int, int | None, float]] = {}
    parts: defaultdict[PartOf, list[tuple[str, str, int]]] = defaultdict(list)
    taken: Counter[tuple[PartOf, str]] = Counter()
    for promise, side, day, mention, passage, confidence, source, spoken, attributes in rows:
        values = {**json.loads(attributes), "source": source, "language": spoken}
        place = bisect_right(starts, day)
        values[OVER_TIME] = starts[place - 1] if place else ""
        for dimension in (OVER_TIME, *dimensions):
            part = promise, dimension, str(values.get(dimension, "")).strip()
            if part[2] and taken[part, side] < most:
                taken[part, side] += 1
                parts[part].append((promise, side, mention))
                chosen[promise, side, mention] = (promise, side, mention, passage, confidence)
    quotes = loading.chosen_quotes(connection, list(chosen.values()))
    return {part: tuple(quotes[one] for one in ones if one in quotes) for part, ones in parts.items()}
