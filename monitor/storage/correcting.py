"""What people put right: the sentiment of single mentions, or of all that a rule's query matches, also of those yet to come.

A correction stands beside the readings, so that it outlives them. Mentions corrected one by one come before rules, later
corrections before earlier ones.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Connection
from typing import Literal

from monitor.storage.connection import moment, stamp
from monitor.storage.labelled import labelled
from monitor.storage.reading import body
from reports.evidence import Label, Window
from sources.query import compile_query


@dataclass(frozen=True, slots=True)
class Correction:
    """Something that was put right. `query` chose the mentions; it is empty where they were named one by one."""

    id: int
    brand: str
    kind: Literal["mentions", "rule"]
    query: str
    label: Label
    made: datetime
    mentions: int


@dataclass(frozen=True, slots=True)
class Labelled:
    """A mention of a brand, with the label that counts now."""

    mention: int
    text: str
    label: Label


_NEWEST = """(SELECT v.id FROM readings o JOIN models v ON v.id = o.model WHERE o.mention = a.mention AND o.brand = a.brand
    ORDER BY v.used DESC LIMIT 1)"""


def labels(
    connection: Connection, brand: str, window: Window | None = None, mentions: Sequence[int] | None = None
) -> Iterator[Labelled]:
    """The mentions of a brand that have a label, in the newest model's reading of each: of `window`, or those named, or all."""
    if mentions is not None:
        only = f"a.mention IN ({','.join(str(int(one)) for one in mentions)})"
    else:
        only = "a.day >= :since AND a.day < :until"
    rows = connection.execute(
        f"""SELECT l.mention, m.title, m.text, l.label FROM (
            {labelled(f"a.brand = :brand AND {only} AND r.model = {_NEWEST}", units=False)}
        ) l JOIN mentions m ON m.id = l.mention ORDER BY l.day DESC, l.mention DESC""",  # noqa: S608 - constants and whole numbers
        {
            "brand": brand,
            "since": window.since.isoformat() if window else "",
            "until": window.until.isoformat() if window else "~",
        },
    )
    for mention, title, text, label in rows:
        yield Labelled(mention, body(title, text), label)


def correct(connection: Connection, brand: str, mentions: Sequence[int], label: Label, query: str, made: str) -> int:
    """Correct `mentions`; returns the correction's number. `query` is what they were selected by, if anything."""
    number = _made(connection, brand, "mentions", query, label, made)
    _count_again(connection, brand, mentions)
    connection.executemany(
        "INSERT INTO corrected (brand, mention, by_rule, correction, label) VALUES (?, ?, 0, ?, ?)",
        [(brand, mention, number, label) for mention in mentions],
    )
    return number


def add_rule(connection: Connection, brand: str, query: str, label: Label, matching: Sequence[int], made: str) -> int:
    """Correct what `query` matches from now on; `matching` are those that it matches already. Returns the rule's number."""
    _count_again(connection, brand, matching)
    return _made(connection, brand, "rule", query, label, made)


def undo(connection: Connection, number: int) -> Correction | None:
    """Take a correction back; what it was, or None when there is no such number."""
    found = next(iter(made(connection, number=number)), None)
    if found is not None:
        rows = connection.execute("SELECT mention FROM corrected WHERE correction = ?", (number,)).fetchall()
        _count_again(connection, found.brand, [mention for (mention,) in rows])
        if found.kind == "mentions" and not found.query:
            connection.execute(
                """DELETE FROM audits WHERE brand = ? AND label = ? AND labelled = ?
                AND mention IN (SELECT mention FROM corrected WHERE correction = ?)""",
                (found.brand, found.label, stamp(found.made), number),
            )
        connection.execute("DELETE FROM corrections WHERE id = ?", (number,))
    return found


def standing(connection: Connection, brand: str, mention: int) -> Correction | None:
    """The correction that counts for a mention; None where there is none."""
    row = connection.execute(
        "SELECT correction FROM corrected WHERE brand = ? AND mention = ? ORDER BY by_rule, correction DESC LIMIT 1",
        (brand, mention),
    ).fetchone()
    return None if row is None else made(connection, number=row[0])[0]


def made(connection: Connection, brand: str | None = None, number: int | None = None) -> list[Correction]:
    """Every correction that stands, or the one of a number, with how many mentions it touches; a rule's as last counted."""
    rows = connection.execute(
        """SELECT id, brand, kind, query, label, made, (SELECT count(*) FROM corrected WHERE correction = id)
        FROM corrections WHERE brand = coalesce(?, brand) AND id = coalesce(?, id) ORDER BY id""",
        (brand, number),
    )
    return [
        Correction(number, whose, kind, query, label, moment(at), mentions)
        for number, whose, kind, query, label, at, mentions in rows
    ]


def apply_rules(connection: Connection, brand: str, day: str) -> None:
    """Let the rules of a brand take what they match on one of its days, before that day is counted."""
    rules = connection.execute("SELECT id, query, label FROM corrections WHERE brand = ? AND kind = 'rule'", (brand,)).fetchall()
    if not rules:
        return
    compiled = [(number, compile_query(query), label) for number, query, label in rules]
    rows = connection.execute(
        "SELECT m.id, m.title, m.text FROM matches a JOIN mentions m ON m.id = a.mention WHERE a.brand = ? AND a.day = ?",
        (brand, day),
    ).fetchall()
    connection.executemany(
        "DELETE FROM corrected WHERE brand = ? AND mention = ? AND by_rule = 1", [(brand, row[0]) for row in rows]
    )
    connection.executemany(
        "INSERT INTO corrected (brand, mention, by_rule, correction, label) VALUES (?, ?, 1, ?, ?)",
        [
            (brand, mention, number, label)
            for mention, title, text in rows
            for number, query, label in compiled
            if query.match(body(title, text)) is not None
        ],
    )


def _made(connection: Connection, brand: str, kind: str, query: str, label: Label, made_at: str) -> int:
    row = connection.execute(
        "INSERT INTO corrections (brand, kind, query, label, made) VALUES (?, ?, ?, ?, ?) RETURNING id",
        (brand, kind, query, label, made_at),
    ).fetchone()
    return int(row[0])


def _count_again(connection: Connection, brand: str, mentions: Sequence[int]) -> None:
    connection.executemany(
        "INSERT OR IGNORE INTO rollup_stale SELECT brand, day FROM matches WHERE brand = ? AND mention = ?",
        [(brand, mention) for mention in mentions],
    )
