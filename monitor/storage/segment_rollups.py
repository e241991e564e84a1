"""How the days of a brand are counted by topic, language and imported column, by author and thread, and by quantity.

Statements for `rollups`, each a pure function of the base rows of one brand and day.
"""

from monitor.storage.reading import RELEVANT

TABLES = ("segment_rollup", "segment_side_rollup", "leader_rollup", "quantity_rollup")
MOOD_GRID = 10
"""Cells of a tenth: what is told by segments is re-estimated from their means, and there are many segments."""
THREAD_LENGTH = 120

_TOPIC = f"""coalesce((SELECT e.promise FROM evidence e WHERE e.mention = u.mention AND e.brand = u.brand AND e.model = u.model
    AND e.relevance >= {RELEVANT} ORDER BY e.relevance DESC, e.promise LIMIT 1), '')"""  # noqa: S608 - a constant of ours
_LANGUAGE = """coalesce((SELECT r.language FROM readings r WHERE r.mention = u.mention AND r.brand = u.brand AND r.model = u.model),
    '')"""
_COLUMN = """coalesce((SELECT trim(j.value) FROM mentions m, json_each(m.attributes) j WHERE m.id = u.mention
    AND j.key = d.dimension), '')"""
_COLUMNS = "SELECT name AS dimension FROM segment_columns WHERE brand = :brand"


def statements(labelled: str, votes: str) -> tuple[str, ...]:
    """Count one brand and day, given its `labelled` mentions and the `votes` on its promises (the first choice counts)."""
    cell = f"CAST(round(negative * {MOOD_GRID}) AS INTEGER) * {MOOD_GRID + 1} + CAST(round(positive * {MOOD_GRID}) AS INTEGER)"
    sums = ", ".join(f"sum(CAST(round({label} * 1e6) AS INTEGER))" for label in ("negative", "neutral", "positive"))
    return (
        f"""INSERT INTO segment_rollup
        (brand, day, model, dimension, value, source, cell, label, story, n, negative, neutral, positive)
        SELECT brand, day, model, dimension, value, source, {cell} AS cell, label, cluster, count(*), {sums} FROM (
            SELECT u.*, d.dimension, CASE d.dimension WHEN 'topic' THEN {_TOPIC} WHEN 'language' THEN {_LANGUAGE}
                ELSE {_COLUMN} END AS value
            FROM ({labelled}) u, (SELECT 'topic' AS dimension UNION ALL SELECT 'language' UNION ALL {_COLUMNS}) d
            WHERE u.voice = 'customer')
        GROUP BY model, dimension, value, source, cell, label, cluster""",  # noqa: S608 - constants of ours
        f"""INSERT INTO segment_side_rollup (brand, day, model, dimension, value, promise, stance, story, n)
        SELECT brand, day, model, dimension, value, promise, stance, cluster, count(*) FROM (
            SELECT u.*, d.dimension, CASE d.dimension WHEN 'language' THEN {_LANGUAGE} ELSE {_COLUMN} END AS value
            FROM ({votes}) u, (SELECT 'language' AS dimension UNION ALL {_COLUMNS}) d
            WHERE u.choice = 1 AND u.voice = 'customer')
        GROUP BY model, dimension, value, promise, stance, cluster""",  # noqa: S608 - constants of ours
        f"""INSERT INTO leader_rollup (brand, day, model, promise, kind, names)
        SELECT brand, day, model, promise, kind, json_group_array(name) FROM (
            SELECT u.brand, u.day, u.model, u.promise, k.kind,
                iif(k.kind = 'author', m.author, substr(m.parent, 1, {THREAD_LENGTH})) AS name
            FROM (
                SELECT brand, day, model, '' AS promise, mention FROM ({labelled}) WHERE voice = 'customer' AND label = 'negative'
                UNION ALL
                SELECT brand, day, model, promise, mention FROM ({votes})
                WHERE choice = 1 AND voice = 'customer' AND stance = 'broken') u
            JOIN mentions m ON m.id = u.mention, (SELECT 'author' AS kind UNION ALL SELECT 'thread') k
            WHERE name <> '' ORDER BY name)
        GROUP BY model, promise, kind""",  # noqa: S608 - constants of ours
        f"""INSERT INTO quantity_rollup (brand, day, model, promise, quantity, stance, story, n)
        SELECT brand, day, model, promise, quantity, stance, cluster, count(*) FROM (
            SELECT a.brand, a.day, e.model, e.promise, e.quantity, coalesce(e.stance, '') AS stance, a.cluster, row_number() OVER (
                PARTITION BY e.model, e.promise, e.mention
                ORDER BY e.stance IS NULL, e.relevance * e.confidence DESC, e.passage) AS choice
            FROM matches a JOIN evidence e ON e.mention = a.mention AND e.brand = a.brand JOIN passages p ON p.id = e.passage
            WHERE a.brand = :brand AND a.day = :day AND a.unit = 1 AND a.voice = 'customer' AND e.quantity <> ''
                AND e.relevance >= {RELEVANT} AND (p.experience IS NULL OR p.experience = 'first-hand'))
        WHERE choice = 1 GROUP BY model, promise, quantity, stance, cluster""",  # noqa: S608 - a constant of ours
    )
