"""Counted rows, so that a report over millions of readings loads some thousands.

A rollup is a pure function of the base rows of one brand and day. Whoever writes base rows marks their days in `rollup_stale`;
`refresh` counts exactly those days again. Only units count, except in `mention_rollup` and `reading_rollup`.
"""

from sqlite3 import Connection

from monitor.storage.connection import writing
from monitor.storage.reading import RELEVANT

GRID = 20
QUOTES_OF_A_STANCE = 12
QUOTES_OF_A_LABEL = 20

TABLES = ("mention_rollup", "reading_rollup", "sentiment_rollup", "evidence_rollup", "quote_rollup")

# How sure a vote is: that the passage speaks of the promise, and that it takes this side.
_VOTES = f"""
    SELECT a.brand, a.day, e.model, e.promise, e.stance, e.relevance * e.confidence AS confidence, e.mention, e.passage, a.voice,
        a.source, a.cluster, row_number() OVER (
            PARTITION BY e.model, e.promise, e.mention ORDER BY e.relevance * e.confidence DESC, e.passage) AS choice
    FROM matches a JOIN evidence e ON e.mention = a.mention AND e.brand = a.brand JOIN passages p ON p.id = e.passage
    WHERE a.brand = :brand AND a.day = :day AND a.unit = 1 AND e.stance IS NOT NULL AND e.relevance >= {RELEVANT}
        AND (p.experience IS NULL OR p.experience = 'first-hand')
"""  # noqa: S608 - a constant of ours

_LABELLED = """
    SELECT a.brand, a.day, r.model, r.id, r.mention, r.label, r.negative, r.neutral, r.positive, a.voice, a.source, a.cluster
    FROM matches a JOIN readings r ON r.mention = a.mention AND r.brand = a.brand
    WHERE a.brand = :brand AND a.day = :day AND a.unit = 1 AND r.label IS NOT NULL
"""

_COUNT = (
    """INSERT INTO mention_rollup (brand, day, voice, source, story, units, n)
    SELECT brand, day, voice, source, cluster, sum(unit), count(*) FROM matches WHERE brand = :brand AND day = :day
    GROUP BY voice, source, cluster""",
    """INSERT INTO reading_rollup (brand, day, model, reason, n)
    SELECT a.brand, a.day, r.model, CASE WHEN r.label IS NULL THEN r.reason ELSE '' END AS why, count(*)
    FROM matches a JOIN readings r ON r.mention = a.mention AND r.brand = a.brand WHERE a.brand = :brand AND a.day = :day
    GROUP BY r.model, why""",
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
)


def refresh(connection: Connection, brand: str | None = None) -> int:
    """Count every stale day again (of `brand`, or of all), each in a transaction of its own. Returns how many there were."""
    query = "SELECT brand, day FROM rollup_stale WHERE brand = coalesce(?, brand) ORDER BY brand, day"
    stale = connection.execute(query, (brand,)).fetchall()
    for stale_brand, day in stale:
        with writing(connection):
            _recount(connection, stale_brand, day)
    return len(stale)


def _recount(connection: Connection, brand: str, day: str) -> None:
    at = {"brand": brand, "day": day}
    for table in TABLES:
        connection.execute(f"DELETE FROM {table} WHERE brand = :brand AND day = :day", at)  # noqa: S608 - our own names
    for statement in _COUNT:
        connection.execute(statement, at)
    connection.execute("DELETE FROM rollup_stale WHERE brand = :brand AND day = :day", at)


def mark_everything(connection: Connection) -> None:
    """Let the next refresh count every day from nothing, days without mentions too."""
    connection.execute("INSERT OR IGNORE INTO rollup_stale SELECT DISTINCT brand, day FROM matches")
    for table in TABLES:
        connection.execute(f"INSERT OR IGNORE INTO rollup_stale SELECT DISTINCT brand, day FROM {table}")  # noqa: S608 - our own names
