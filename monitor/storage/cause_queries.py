"""Questions about causes, asked within a transaction."""

from collections.abc import Sequence
from datetime import date
from sqlite3 import Connection
from typing import Any

from monitor.storage.cause_events import histories
from monitor.storage.connection import StoreError
from reports.causes_records import CauseEvent, KnownCause

NAMED = "coalesce(nullif(k.title, ''), (SELECT name FROM cause_words WHERE cause = k.id), 'Cause ' || k.id)"
"""The name of cause k: a person's, else a customer's words, else its number."""
WORDS_OF = "iif(k.title = '', (SELECT mention FROM cause_words WHERE cause = k.id), NULL)"
"""The mention whose words the name of cause k is."""
MEMBERS = "c.cause IN (SELECT id FROM causes WHERE id = k.id OR merged_into = k.id)"
"""The complaints c of cause k and of those that were merged into it."""


def known(connection: Connection, brand: str) -> list[KnownCause]:
    """The causes of a brand that have complaints, or once had and were put right; those merged into others left out."""
    rows = connection.execute(
        f"""SELECT k.id, {NAMED}, k.status, (SELECT min(c.day) FROM complaints c WHERE {MEMBERS}), k.covered, k.done, k.formed,
        {WORDS_OF} FROM causes k WHERE k.brand = ? AND k.merged_into IS NULL ORDER BY k.id""",  # noqa: S608 - constants of ours
        (brand,),
    ).fetchall()
    told = histories(connection, brand)
    return [_cause(row, told.get(row[0], ())) for row in rows if row[3] is not None or row[4] is not None]


def found(connection: Connection, cause: int) -> KnownCause:
    """One cause, without its history.

    Raises:
        StoreError: there is none with that number, or it was merged into another.
    """
    row = connection.execute(
        f"""SELECT k.id, {NAMED}, k.status, (SELECT min(c.day) FROM complaints c WHERE {MEMBERS}), k.covered, k.done, k.formed,
        {WORDS_OF}, k.merged_into FROM causes k WHERE k.id = ?""",  # noqa: S608 - constants of ours
        (cause,),
    ).fetchone()
    if row is None:
        raise StoreError(f"there is no cause {cause}", remedy="promisewatch causes lists them with their numbers")
    *columns, merged = row
    if merged is not None:
        raise StoreError(
            f"cause {cause} is part of cause {merged}",
            remedy=f"name {merged} instead, or take it apart with: promisewatch causes unmerge {cause}",
        )
    return _cause(columns)


def _cause(columns: Sequence[Any], events: Sequence[CauseEvent] = ()) -> KnownCause:
    number, name, status, first, covered, done, formed, words_of = columns
    day = None if covered is None else date.fromisoformat(covered)
    return KnownCause(number, name, status, date.fromisoformat(first or formed[:10]), day, done, tuple(events), words_of)
