"""What was said in the mentions that drove an alert: the passage to read, what they speak of, where, and in which tone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from monitor.storage.connection import moment
from monitor.storage.reading import body
from reports.evidence import Quote

Counted = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """What mentions speak of, the most voices first: pillars that are complained of, promises said to be broken, and places.

    `negative` of the `read` ones are negative; `main` are the mentions that complain of the first pillar.
    """

    pillars: Counted = ()
    broken: Counted = ()
    places: Counted = ()
    negative: int = 0
    read: int = 0
    main: frozenset[int] = frozenset()


def spoken(connection: Connection, brand: str, model: int, voices: Mapping[int, int]) -> Spoken:
    """What mentions speak of, each standing for so many voices."""
    marks, at = ", ".join("?" * len(voices)), (brand, model, *voices)
    of = f"brand = ? AND model = ? AND mention IN ({marks})"
    worst = f"""SELECT mention, pillar, max(p.negative) FROM readings JOIN passages p ON p.reading = readings.id
        WHERE {of} AND p.label = 'negative' AND pillar IS NOT NULL GROUP BY mention"""  # noqa: S608 - question marks
    broken = f"SELECT DISTINCT mention, promise FROM evidence WHERE {of} AND stance = 'broken'"  # noqa: S608 - as above
    labels = f"SELECT mention, label FROM readings WHERE {of} AND label IS NOT NULL"  # noqa: S608 - as above
    places = f"SELECT m.id, s.name FROM mentions m JOIN sources s ON s.id = m.source WHERE m.id IN ({marks})"  # noqa: S608 - as above
    tones = _counted(connection.execute(labels, at).fetchall(), voices)
    complaints = [(mention, pillar) for mention, pillar, _ in connection.execute(worst, at)]
    pillars = _counted(complaints, voices)
    return Spoken(
        pillars,
        _counted(connection.execute(broken, at).fetchall(), voices),
        _counted(connection.execute(places, tuple(voices)).fetchall(), voices),
        dict(tones).get("negative", 0),
        sum(count for _, count in tones),
        frozenset(mention for mention, pillar in complaints if pillar == pillars[0][0]),
    )


def _counted(rows: Sequence[tuple[int, str]], voices: Mapping[int, int]) -> Counted:
    found: Counter[str] = Counter()
    for mention, name in sorted(rows):
        found[name] += voices[mention]
    return tuple(found.most_common())


def quotes(connection: Connection, brand: str, model: int, mentions: Sequence[int]) -> dict[int, Quote]:
    """What mentions say, with the passage that is worst of each for this brand: one that names two is read for both."""
    found = {}
    for mention in mentions:
        row = connection.execute(
            """SELECT m.title, m.text, m.url, s.name, m.author, m.published, t.copies, p.start, p.stop, p.label, p.negative
            FROM mentions m JOIN sources s ON s.id = m.source JOIN stories t ON t.id = m.story
            LEFT JOIN readings r ON r.mention = m.id AND r.brand = ? AND r.model = ?
            LEFT JOIN passages p ON p.reading = r.id WHERE m.id = ? ORDER BY p.negative DESC LIMIT 1""",
            (brand, model, mention),
        ).fetchone()
        if row is not None:
            title, text, url, source, author, published, copies, start, stop, label, negative = row
            whole = body(title, text)
            passage = whole if start is None else whole[start:stop]
            found[mention] = Quote(
                mention, whole, passage, url, source, author, moment(published), negative or 0.0, label=label, copies=copies
            )
    return found
