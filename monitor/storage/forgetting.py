"""Deleting: mentions of a source, of a brand, or older than a day, with all that was read of them."""

import json
from sqlite3 import Connection
from typing import NamedTuple

from monitor.storage.grouping import unlink

AT_ONCE = 2_000
"""Mentions a transaction: an interrupted deletion is taken up by running it again."""


class Chosen(NamedTuple):
    """Which mentions: of `source`, of `brand`, published before the stamp `before`; each is None where it makes no difference."""

    source: str | None = None
    brand: str | None = None
    before: str | None = None


_CHOSEN = """FROM mentions m JOIN sources s ON s.id = m.source
    WHERE s.name = coalesce(:source, s.name) AND m.published < coalesce(:before, '~')
        AND (:brand IS NULL OR EXISTS (SELECT 1 FROM matches a WHERE a.mention = m.id AND a.brand = :brand))"""


def count(connection: Connection, chosen: Chosen) -> int:
    """How many mentions are chosen."""
    return int(connection.execute(f"SELECT count(*) {_CHOSEN}", chosen._asdict()).fetchone()[0])


def delete(connection: Connection, chosen: Chosen) -> int:
    """Delete some of the chosen mentions; returns how many, 0 when none is left. What other brands match stays for them."""
    # Texts are overwritten in the file, not only unlinked.
    connection.execute("PRAGMA secure_delete = ON")
    rows = connection.execute(f"SELECT m.id, m.story {_CHOSEN} ORDER BY m.id LIMIT {AT_ONCE}", chosen._asdict()).fetchall()
    asked = {"mentions": json.dumps([row for row, _ in rows]), "brand": chosen.brand}
    some = "mention IN (SELECT value FROM json_each(:mentions)) AND brand = coalesce(:brand, brand)"
    connection.execute(f"INSERT OR IGNORE INTO rollup_stale SELECT brand, day FROM matches WHERE {some}", asked)  # noqa: S608 - constants
    for table in ("readings", "placements", "audits", "audit_stances", "corrected", "matches"):
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
