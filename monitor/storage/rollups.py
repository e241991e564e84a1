"""Counted rows, so that a report over millions of readings loads some thousands.

A rollup is a pure function of the base rows of one brand and day. Whoever writes base rows marks their days in `rollup_stale`;
`refresh` counts exactly those days again. Only units count, except in `mention_rollup` and `reading_rollup`.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from sqlite3 import Connection

from monitor.storage import cause_rollups, segment_rollups, voices
from monitor.storage.connection import writing
from monitor.storage.correcting import apply_rules
from monitor.storage.door import Door
from monitor.storage.labelled import CORRECTED, labelled
from monitor.storage.reading import RELEVANT

GRID = 20
QUOTES_OF_A_STANCE = 12
QUOTES_OF_A_LABEL = 20

TABLES = (
    *("mention_rollup", "reading_rollup", "sentiment_rollup", "evidence_rollup", "quote_rollup", "pillar_rollup"),
    "pillar_voice_rollup",
    *("voice_rollup", "hour_rollup"),
    *segment_rollups.TABLES,
)
_HIDDEN = (*TABLES, *cause_rollups.TABLES, "corrected")
"""What is counted beside the stored rows where nobody may write."""

# How sure a vote is: that the passage speaks of the promise, and that it takes this side.
_VOTES = f"""
    SELECT a.brand, a.day, e.model, e.promise, e.stance, e.relevance * e.confidence AS confidence, e.mention, e.passage, a.voice,
        a.source, a.cluster, row_number() OVER (
            PARTITION BY e.model, e.promise, e.mention ORDER BY e.relevance * e.confidence DESC, e.passage) AS choice
    FROM matches a JOIN evidence e ON e.mention = a.mention AND e.brand = a.brand JOIN passages p ON p.id = e.passage
    WHERE a.brand = :brand AND a.day = :day AND a.unit = 1 AND e.stance IS NOT NULL AND e.relevance >= {RELEVANT}
        AND (p.experience IS NULL OR p.experience = 'first-hand')
"""  # noqa: S608 - a constant of ours

# A passage speaks of its own pillar, or, where it says that a promise was kept or broken, of that promise's.
_PILLAR_VOTES = f"""
    SELECT *, row_number() OVER (PARTITION BY model, pillar, mention ORDER BY confidence DESC, passage) AS choice FROM (
        SELECT v.brand, v.day, v.model, t.pillar, v.stance = 'kept' AS good, v.confidence, v.mention, v.passage, v.voice, v.cluster
        FROM ({_VOTES}) v JOIN promises t ON t.brand = v.brand AND t.id = v.promise WHERE t.pillar <> ''
        UNION ALL
        SELECT a.brand, a.day, r.model, p.pillar, p.label = 'positive', max(p.negative, p.positive), a.mention, p.id, a.voice,
            a.cluster
        FROM matches a JOIN readings r ON r.mention = a.mention AND r.brand = a.brand JOIN passages p ON p.reading = r.id
        WHERE a.brand = :brand AND a.day = :day AND a.unit = 1 AND p.pillar IS NOT NULL AND p.label <> 'neutral'
            AND (p.experience IS NULL OR p.experience = 'first-hand') AND NOT EXISTS (
                SELECT 1 FROM evidence e WHERE e.passage = p.id AND e.stance IS NOT NULL AND e.relevance >= {RELEVANT}))
"""  # noqa: S608 - a constant of ours

_LABELLED = labelled("a.brand = :brand AND a.day = :day")

_COUNT = (
    # Model 0: who spoke at all, read or not.
    """INSERT INTO hour_rollup (brand, day, model, hour, units, negative)
    SELECT a.brand, a.day, 0, substr(m.published, 1, 13) AS hour, count(*), 0 FROM matches a JOIN mentions m ON m.id = a.mention
    WHERE a.brand = :brand AND a.day = :day AND a.unit = 1 AND a.voice <> 'brand' GROUP BY hour""",
    f"""INSERT INTO hour_rollup (brand, day, model, hour, units, negative)
    SELECT l.brand, l.day, l.model, substr(m.published, 1, 13) AS hour, count(*), sum(l.label = 'negative')
    FROM ({_LABELLED}) l JOIN mentions m ON m.id = l.mention WHERE l.voice = 'customer' GROUP BY l.model, hour""",  # noqa: S608 - a constant of ours
    """INSERT INTO mention_rollup (brand, day, voice, source, story, units, n)
    SELECT brand, day, voice, source, cluster, sum(unit), count(*) FROM matches WHERE brand = :brand AND day = :day
    GROUP BY voice, source, cluster""",
    f"""INSERT INTO reading_rollup (brand, day, model, reason, n)
    SELECT a.brand, a.day, r.model, iif(coalesce({CORRECTED}, r.label) IS NULL, r.reason, '') AS why, count(*)
    FROM matches a JOIN readings r ON r.mention = a.mention AND r.brand = a.brand WHERE a.brand = :brand AND a.day = :day
    GROUP BY r.model, why""",  # noqa: S608 - a constant of ours
    f"""INSERT INTO sentiment_rollup (brand, day, model, voice, source, cell, label, story, n, negative, neutral, positive)
    SELECT brand, day, model, voice, source,
        CAST(round(negative * {GRID}) AS INTEGER) * {GRID + 1} + CAST(round(positive * {GRID}) AS INTEGER) AS cell,
        label, cluster, count(*), sum(CAST(round(negative * 1e6) AS INTEGER)), sum(CAST(round(neutral * 1e6) AS INTEGER)),
        sum(CAST(round(positive * 1e6) AS INTEGER))
    FROM ({_LABELLED}) GROUP BY model, voice, source, cell, label, cluster""",  # noqa: S608 - a constant of ours
    f"""INSERT INTO evidence_rollup (brand, day, model, promise, voice, source, stance, story, n)
    SELECT brand, day, model, promise, voice, source, stance, cluster, count(*) FROM ({_VOTES}) WHERE choice = 1
    GROUP BY model, promise, voice, source, stance, cluster""",  # noqa: S608 - a constant of ours
    f"""INSERT INTO quote_rollup (brand, day, model, promise, side, place, mention, passage, confidence)
    SELECT * FROM (
        SELECT brand, day, model, promise, stance,
            row_number() OVER (PARTITION BY model, promise, stance ORDER BY confidence DESC, mention) AS place,
            mention, passage, confidence
        FROM ({_VOTES}) WHERE choice = 1 AND voice = 'customer')
    WHERE place <= {QUOTES_OF_A_STANCE}""",  # noqa: S608 - a constant of ours
    f"""INSERT INTO quote_rollup (brand, day, model, promise, side, place, mention, passage, confidence)
    SELECT brand, day, model, '', label, place, mention,
        (SELECT p.id FROM passages p WHERE p.reading = best.id AND p.label = best.label
         ORDER BY CASE p.label WHEN 'negative' THEN p.negative ELSE p.positive END DESC, p.id LIMIT 1), confidence
    FROM (
        SELECT *, row_number() OVER (PARTITION BY model, label ORDER BY confidence DESC, mention) AS place
        FROM (SELECT *, CASE label WHEN 'negative' THEN negative ELSE positive END AS confidence FROM ({_LABELLED}))
        WHERE voice = 'customer' AND label <> 'neutral') AS best
    WHERE place <= {QUOTES_OF_A_LABEL}""",  # noqa: S608 - a constant of ours
    f"""INSERT INTO pillar_rollup (brand, day, model, pillar, good, story, n, best, passage, confidence)
    SELECT brand, day, model, pillar, good, cluster, count(*), mention, passage, max(confidence) FROM ({_PILLAR_VOTES})
    WHERE choice = 1 AND voice = 'customer' GROUP BY model, pillar, good, cluster""",  # noqa: S608 - a constant of ours
    # A list such as "+people,-friction"; pillars in one order, so that voices who say the same are one row.
    f"""INSERT INTO pillar_voice_rollup (brand, day, model, label, said, story, n)
    SELECT l.brand, l.day, l.model, l.label, coalesce(s.said, '') AS heard, l.cluster, count(*) FROM ({_LABELLED}) l
    LEFT JOIN (
        SELECT mention, model, group_concat(iif(good, '+', '-') || pillar) AS said FROM (
            SELECT mention, model, good, pillar FROM ({_PILLAR_VOTES}) WHERE choice = 1 AND voice = 'customer'
            ORDER BY model, mention, pillar)
        GROUP BY model, mention) s ON s.mention = l.mention AND s.model = l.model
    WHERE l.voice = 'customer' GROUP BY l.model, l.label, heard, l.cluster""",  # noqa: S608 - a constant of ours
    voices.COUNT,
    *segment_rollups.statements(_LABELLED, _VOTES),
)


def refresh(connection: Connection, brand: str | None = None, stopped: Callable[[], bool] = lambda: False) -> int:
    """Count every stale day again (of `brand`, or of all), each in a transaction of its own. Returns how many there were.

    Once `stopped`, the rest stays stale.
    """
    query = "SELECT brand, day FROM rollup_stale WHERE brand = coalesce(?, brand) ORDER BY brand, day"
    stale = connection.execute(query, (brand,)).fetchall()
    for stale_brand, day in stale:
        if stopped():
            break
        with writing(connection):
            _recount(connection, stale_brand, day)
    query = "SELECT brand, day FROM cause_stale WHERE brand = coalesce(?, brand) ORDER BY brand, day"
    for stale_brand, day in connection.execute(query, (brand,)).fetchall():
        if stopped():
            break
        with writing(connection):
            cause_rollups.count(connection, stale_brand, day)
            connection.execute("DELETE FROM cause_stale WHERE brand = ? AND day = ?", (stale_brand, day))
    return len(stale)


def try_refresh(connection: Connection, brand: str) -> bool:
    """Count the stale days of `brand` again, unless another process writes now or nobody may. Returns whether all are counted."""
    (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        refresh(connection, brand)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY}:
            raise
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")
    return True


@contextmanager
def counted(connection: Connection, brand: str, *, beside: bool) -> Iterator[None]:
    """Within it, with `beside`, stale days are counted in temporary tables that hide the stored ones: readers never wait."""
    if not beside:
        yield
        return
    at = {"brand": brand}
    try:
        for table in _HIDDEN:
            connection.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM main.{table} WHERE brand = :brand", at)  # noqa: S608 - our own names
        for (day,) in connection.execute("SELECT day FROM rollup_stale WHERE brand = :brand", at).fetchall():
            _count(connection, brand, day)
        for (day,) in connection.execute("SELECT day FROM cause_stale WHERE brand = :brand", at).fetchall():
            cause_rollups.count(connection, brand, day)
        yield
    finally:
        for table in _HIDDEN:
            connection.execute(f"DROP TABLE IF EXISTS temp.{table}")


@contextmanager
def up_to_date(door: Door, brand: str) -> Iterator[Connection]:
    """One snapshot in which every day of a brand is counted, stored or beside what is."""
    with door.explained() as connection:
        written = try_refresh(connection, brand)
    with door.reading() as connection, counted(connection, brand, beside=not written):
        yield connection


def _recount(connection: Connection, brand: str, day: str) -> None:
    _count(connection, brand, day)
    for table in ("rollup_stale", "cause_stale"):
        connection.execute(f"DELETE FROM {table} WHERE brand = ? AND day = ?", (brand, day))  # noqa: S608 - our own names


def _count(connection: Connection, brand: str, day: str) -> None:
    at = {"brand": brand, "day": day}
    apply_rules(connection, brand, day)
    voices.teach(connection)
    for table in TABLES:
        connection.execute(f"DELETE FROM {table} WHERE brand = :brand AND day = :day", at)  # noqa: S608 - our own names
    for statement in _COUNT:
        connection.execute(statement, at)
    cause_rollups.count(connection, brand, day)


def mark_everything(connection: Connection) -> None:
    """Let the next refresh count every day from nothing, days without mentions too."""
    connection.execute("INSERT OR IGNORE INTO rollup_stale SELECT DISTINCT brand, day FROM matches")
    for table in (*TABLES, *cause_rollups.TABLES):
        connection.execute(f"INSERT OR IGNORE INTO rollup_stale SELECT DISTINCT brand, day FROM {table}")  # noqa: S608 - our own names
