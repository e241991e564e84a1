"""Taking back what was deleted where it was published: the queue of what is to be looked at again, and the removal itself.

Of a removed mention only the identity stays, as a tombstone, so that a cache or another poll does not bring it back.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from sqlite3 import Connection

from monitor.storage.connection import stamp
from monitor.storage.door import Door
from monitor.storage.grouping import reassign, regroup, unlink
from monitor.storage.recognising import source_id
from monitor.storage.values import Retracted
from sources.source import Fate

_SECOND_LOOK = timedelta(hours=6)
"""What the place does not know is asked for once more after this time, before it counts as removed."""

# The plus signs keep SQLite from walking through all mentions of the source in place of the newest of all. Who answers whom is
# written at a mention's attributes; the text that it answers was somebody else's, who may delete it.
_QUEUE = (
    """INSERT OR IGNORE INTO contexts SELECT source, json_extract(attributes, '$.parent'), id FROM mentions
    WHERE +source = :source AND id > :queued AND parent <> '' AND json_extract(attributes, '$.parent') <> ''""",
    """INSERT OR IGNORE INTO rechecks (source, external_id, due)
    SELECT source, external_id, strftime(:form, collected, :shift) FROM mentions WHERE +source = :source AND id > :queued""",
    """INSERT OR IGNORE INTO rechecks (source, external_id, due)
    SELECT c.source, c.external_id, strftime(:form, m.collected, :shift) FROM mentions m JOIN contexts c ON c.mention = m.id
    WHERE +m.source = :source AND m.id > :queued""",
    """INSERT OR IGNORE INTO rechecks (source, external_id, due)
    SELECT source, external_id, strftime(:form, :now, :shift) FROM unmatched WHERE source = :source""",
    """INSERT OR IGNORE INTO rechecks (source, external_id, due)
    SELECT source, json_extract(mention, '$.attributes.parent'), strftime(:form, :now, :shift) FROM unmatched
    WHERE source = :source AND json_extract(mention, '$.attributes.parent') <> ''""",
    "UPDATE sources SET queued = (SELECT coalesce(max(id), 0) FROM mentions) WHERE id = :source",
)

_REMOVE = (
    """UPDATE mentions SET parent = ''
    WHERE id IN (SELECT mention FROM contexts WHERE source = ?1 AND external_id = ?2)""",
    "DELETE FROM contexts WHERE source = ?1 AND external_id = ?2",
    "DELETE FROM rechecks WHERE source = ?1 AND external_id = ?2",
    "DELETE FROM unmatched WHERE source = ?1 AND external_id = ?2",
    "DELETE FROM mentions WHERE source = ?1 AND external_id = ?2",
)


def queue(connection: Connection, source: str, within: timedelta, now: datetime) -> None:
    """Put what has come since the last call into the queue, due `within` after it was collected; also the texts it answers."""
    row = source_id(connection, source)
    (queued,) = connection.execute("SELECT queued FROM sources WHERE id = ?", (row,)).fetchone()
    shift = f"+{int(within.total_seconds())} seconds"
    values = {"source": row, "queued": queued, "now": stamp(now), "shift": shift, "form": "%Y-%m-%dT%H:%M:%SZ"}
    for statement in _QUEUE:
        connection.execute(statement, values)


def due(connection: Connection, source: str, now: datetime, limit: int) -> list[str]:
    """The identities whose turn it is, longest due first."""
    rows = connection.execute(
        "SELECT external_id FROM rechecks WHERE source = ? AND due <= ? ORDER BY due, external_id LIMIT ?",
        (source_id(connection, source), stamp(now), limit),
    )
    return [name for (name,) in rows]


def waiting(connection: Connection, source: str, now: datetime) -> int:
    """How many are due."""
    row = source_id(connection, source)
    return int(connection.execute("SELECT count(*) FROM rechecks WHERE source = ? AND due <= ?", (row, stamp(now))).fetchone()[0])


def settle(
    connection: Connection, source: str, asked: Sequence[str], fates: Mapping[str, Fate], within: timedelta, now: datetime
) -> Retracted:
    """Do what the place did: remove what it removed, forget authors whom it forgot, look again later at the rest.

    What it does not know any more is removed at the second time that it does not.
    """
    row = source_id(connection, source)
    strange = [name for name in asked if name not in fates]
    twice = _asked_before(connection, row, strange)
    removed = remove(connection, row, [name for name in asked if fates.get(name) == "removed" or name in twice], now)
    anonymous = _forget_authors(connection, row, [name for name in asked if fates.get(name) == "anonymous"])
    _look_again(connection, row, [name for name in asked if name in fates], now + within, unknown=False)
    _look_again(connection, row, [name for name in strange if name not in twice], now + _SECOND_LOOK, unknown=True)
    return Retracted(len(asked), removed, anonymous)


def remove(connection: Connection, source: int, names: Sequence[str], now: datetime) -> int:
    """Remove mentions by their identity, with all that was read of them and quoted from them; returns how many there were."""
    if not names:
        return 0
    # Texts are overwritten in the file, not only unlinked.
    connection.execute("PRAGMA secure_delete = ON")
    stories = list(_touched(connection, source, names).values())
    connection.execute(
        """DELETE FROM unmatched
        WHERE source = ? AND json_extract(mention, '$.attributes.parent') IN (SELECT value FROM json_each(?))""",
        (source, json.dumps(names)),
    )
    at = [(source, name) for name in names]
    for statement in _REMOVE:
        connection.executemany(statement, at)
    connection.executemany("INSERT OR IGNORE INTO tombstones VALUES (?, ?, ?)", [(*pair, stamp(now)) for pair in at])
    unlink(connection, stories)
    return len(stories)


def _forget_authors(connection: Connection, source: int, names: Sequence[str]) -> int:
    """Take the author, and an address that tells the author, from mentions; returns how many had one."""
    changed = _touched(connection, source, names, named=True)
    at = [(source, name) for name in names]
    connection.executemany(
        """UPDATE mentions SET url = CASE WHEN instr(lower(url), lower(author)) THEN '' ELSE url END, author = ''
        WHERE source = ? AND external_id = ? AND author <> ''""",
        at,
    )
    connection.executemany(
        "DELETE FROM unmatched WHERE source = ? AND external_id = ? AND json_extract(mention, '$.author') <> ''", at
    )
    regroup(connection, reassign(connection, changed))
    return len(changed)


def _touched(connection: Connection, source: int, names: Sequence[str], *, named: bool = False) -> dict[int, int]:
    """Mark the days of mentions, of those with an author if `named`, as stale; returns the story of each, by its number."""
    rows = connection.execute(
        "SELECT id, story, author FROM mentions WHERE source = ? AND external_id IN (SELECT value FROM json_each(?))",
        (source, json.dumps(names)),
    ).fetchall()
    found = {number: story for number, story, author in rows if author or not named}
    connection.executemany(
        "INSERT OR IGNORE INTO rollup_stale SELECT brand, day FROM matches WHERE mention = ?", [(number,) for number in found]
    )
    return found


def _asked_before(connection: Connection, source: int, names: Sequence[str]) -> set[str]:
    """Those that the place did not know the last time either."""
    rows = connection.execute(
        "SELECT external_id FROM rechecks WHERE source = ? AND unknown = 1 AND external_id IN (SELECT value FROM json_each(?))",
        (source, json.dumps(names)),
    )
    return {name for (name,) in rows}


def _look_again(connection: Connection, source: int, names: Sequence[str], due: datetime, *, unknown: bool) -> None:
    connection.executemany(
        "UPDATE rechecks SET due = ?, unknown = ? WHERE source = ? AND external_id = ?",
        [(stamp(due), unknown, source, name) for name in names],
    )
    # What was purged meanwhile needs no further look.
    connection.executemany(
        """DELETE FROM rechecks WHERE source = ?1 AND external_id = ?2
        AND NOT EXISTS (SELECT 1 FROM mentions WHERE source = ?1 AND external_id = ?2)
        AND NOT EXISTS (SELECT 1 FROM contexts WHERE source = ?1 AND external_id = ?2)
        AND NOT EXISTS (SELECT 1 FROM unmatched WHERE source = ?1 AND external_id = ?2)""",
        [(source, name) for name in names],
    )


class Rechecks:
    """The room of what is looked at again, because it may have been removed where it was published."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def queue(self, source: str, within: timedelta, now: datetime) -> None:
        """Put what has come of a source since the last call into the queue, due `within`."""
        with self._door.writing() as connection:
            queue(connection, source, within, now)

    def due(self, source: str, now: datetime, limit: int) -> list[str]:
        """At most `limit` identities of a source's items that are to be looked at again now."""
        with self._door.reading() as connection:
            return due(connection, source, now, limit)

    def count(self, source: str, now: datetime) -> int:
        """How many of a source's items are to be looked at again now."""
        with self._door.reading() as connection:
            return waiting(connection, source, now)

    def settle(self, source: str, asked: Sequence[str], fates: Mapping[str, Fate], within: timedelta, now: datetime) -> Retracted:
        """Remove what was removed at the place, forget its authors, and look at the rest again `within`, in one transaction."""
        with self._door.writing() as connection:
            return settle(connection, source, asked, fates, within, now)
