"""Deleting: mentions of a source, of a brand, or older than a day, with all that was read of them."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from sqlite3 import Connection
from typing import NamedTuple

from monitor.storage.grouping import unlink
from monitor.storage.recognising import source_id
from monitor.storage.retracting import remove

AT_ONCE = 2_000
"""Mentions a transaction: an interrupted deletion is taken up by running it again."""

_PAGES_AT_ONCE = 2_000


class Chosen(NamedTuple):
    """Which mentions: of `source`, of `brand`, published before the stamp `before`; each is None where it makes no difference."""

    source: str | None = None
    brand: str | None = None
    before: str | None = None


_CHOSEN = """FROM mentions m JOIN sources s ON s.id = m.source
    WHERE s.name = coalesce(:source, s.name) AND m.published < coalesce(:before, '~')
        AND (:brand IS NULL OR EXISTS (SELECT 1 FROM matches a WHERE a.mention = m.id AND a.brand = :brand))"""


# By age alone, SQLite would walk through all mentions in the order of their numbers for each transaction.
_OLD = "FROM mentions m WHERE m.published < :before"


def count(connection: Connection, chosen: Chosen) -> int:
    """How many mentions are chosen."""
    return int(connection.execute(f"SELECT count(*) {_which(chosen)}", chosen._asdict()).fetchone()[0])


def _which(chosen: Chosen) -> str:
    return _OLD if chosen.before and not (chosen.source or chosen.brand) else _CHOSEN


def delete(connection: Connection, chosen: Chosen) -> int:
    """Delete some of the chosen mentions; returns how many, 0 when none is left. What other brands match stays for them."""
    # Texts are overwritten in the file, not only unlinked.
    connection.execute("PRAGMA secure_delete = ON")
    rows = connection.execute(f"SELECT m.id, m.story {_which(chosen)} LIMIT {AT_ONCE}", chosen._asdict()).fetchall()
    asked = {"mentions": json.dumps([row for row, _ in rows]), "brand": chosen.brand}
    some = "mention IN (SELECT value FROM json_each(:mentions)) AND brand = coalesce(:brand, brand)"
    connection.execute(f"INSERT OR IGNORE INTO rollup_stale SELECT brand, day FROM matches WHERE {some}", asked)  # noqa: S608 - constants
    for table in (
        "readings",
        "complaints",
        "placements",
        "claims",
        "audits",
        "audit_stances",
        "corrected",
        "case_mentions",
        "case_answers",
        "matches",
    ):
        connection.execute(f"DELETE FROM {table} WHERE {some}", asked)  # noqa: S608 - our own names
    connection.execute(
        """DELETE FROM mentions WHERE id IN (SELECT value FROM json_each(:mentions))
        AND (:brand IS NULL OR NOT EXISTS (SELECT 1 FROM matches a WHERE a.mention = mentions.id))""",
        asked,
    )
    unlink(connection, {story for _, story in rows})
    return len(rows)


def forget_source(connection: Connection, source: str) -> None:
    """Let a source whose mentions are gone begin anew: it remembers nothing. One that only ever was an import is no more."""
    row = connection.execute("SELECT id, kind FROM sources WHERE name = ?", (source,)).fetchone()
    if row is None:
        return
    for table in ("exclusions", "unmatched", "rechecks", "contexts"):
        connection.execute(f"DELETE FROM {table} WHERE source = ?", row[:1])  # noqa: S608 - our own names
    connection.execute("UPDATE sources SET cursor = '{}', seen = '' WHERE id = ?", row[:1])
    if row[1] == "import":
        for table in ("coverage", "runs", "tombstones"):
            connection.execute(f"DELETE FROM {table} WHERE source = ?", row[:1])  # noqa: S608 - our own names
        connection.execute("DELETE FROM sources WHERE id = ?", row[:1])


def written_by(connection: Connection, authors: Sequence[str], source: str | None) -> dict[str, list[str]]:
    """The identities of all that was stored or put by of these authors, and their further names, by source. Reads every mention."""
    asked = {"authors": json.dumps(authors), "source": source}
    rows = connection.execute(
        """WITH mine AS (
            SELECT m.id, m.source, m.external_id FROM mentions m WHERE m.author IN (SELECT value FROM json_each(:authors))
        )
        SELECT s.name, found.external_id FROM (
            SELECT source, external_id FROM mine
            UNION SELECT i.source, i.external_id FROM identities i WHERE i.mention IN (SELECT id FROM mine)
            UNION SELECT source, external_id FROM unmatched
                WHERE json_extract(mention, '$.author') IN (SELECT value FROM json_each(:authors))
        ) found JOIN sources s ON s.id = found.source WHERE s.name = coalesce(:source, s.name) ORDER BY 1, 2""",
        asked,
    ).fetchall()
    found: dict[str, list[str]] = {}
    for name, external_id in rows:
        found.setdefault(name, []).append(external_id)
    return found


def erase(connection: Connection, source: str, names: Sequence[str], now: datetime) -> int:
    """Delete what has these identities, stored or put by, for good; returns how many mentions those were."""
    row = source_id(connection, source)
    before = _put_by(connection, row)
    removed = remove(connection, row, names, now)
    return removed + before - _put_by(connection, row)


def _put_by(connection: Connection, source: int) -> int:
    return int(connection.execute("SELECT count(*) FROM unmatched WHERE source = ?", (source,)).fetchone()[0])


def forget_ledger(connection: Connection, source: int, before: str) -> int:
    """Delete what the ledger has of a source before the stamp `before`, but for its last run; returns how many entries."""
    entries = connection.execute("DELETE FROM coverage WHERE source = ? AND hour < ?", (source, before)).rowcount
    connection.execute("DELETE FROM rungs WHERE source = ? AND day < substr(?, 1, 10)", (source, before))
    last = "(SELECT max(at) FROM runs WHERE source = ?1)"
    query = f"DELETE FROM runs WHERE source = ?1 AND at < ?2 AND at < {last}"  # noqa: S608 - a constant
    return int(entries + connection.execute(query, (source, before)).rowcount)


def disguise_stored(connection: Connection, how: Callable[[str], str], after: int) -> tuple[int, int | None]:
    """Replace the authors of some mentions beyond row `after`; returns how many, and the last row, None when there are no more.

    Brands' own voices keep their names.
    """
    rows = connection.execute(
        f"SELECT id, author, voice FROM mentions WHERE id > ? ORDER BY id LIMIT {AT_ONCE}",  # noqa: S608 - a constant
        (after,),
    ).fetchall()
    changed = [(new, row) for row, author, voice in rows if voice != "brand" and (new := how(author)) != author]
    connection.execute("PRAGMA secure_delete = ON")
    connection.executemany("UPDATE mentions SET author = ? WHERE id = ?", changed)
    return len(changed), rows[-1][0] if rows else None


def merge_index(connection: Connection, *, first: bool) -> bool:
    """Rewrite some of the full-text index, in which deleted words stay until then; False when all of it is done.

    `first` begins a whole pass (https://sqlite.org/fts5.html#the_merge_command).
    """
    connection.execute("PRAGMA secure_delete = ON")
    before = connection.total_changes
    pages = -_PAGES_AT_ONCE if first else _PAGES_AT_ONCE
    connection.execute("INSERT INTO mention_words (mention_words, rank) VALUES ('merge', ?)", (pages,))
    return connection.total_changes - before >= 2
