"""How the complaints of a brand are counted by cause and day: a pure function of its complaints, matches and corrections.

Whatever changes a complaint, or which cause it belongs to, marks its day in `cause_stale`; what changes a day for all reports
counts it here, too. What is counted over several days without counting anyone twice, authors and stories, is kept as a set a day.
"""

from array import array
from collections.abc import Iterable
from hashlib import blake2b
from sqlite3 import Connection
from typing import Final

from monitor.storage.labelled import CORRECTED

TABLES: Final = ("cause_rollup", "cause_reach_rollup", "cause_quote_rollup")
QUOTES_OF_A_CAUSE: Final = 12
COMPLAINING: Final = 0
"""Counted as the cause of all who complain, of whatever."""

# Complaints that count: customers' units, unless a person said that the mention is not negative. The day comes first: left to
# itself SQLite walks through all complaints of a brand for each day.
_GATHER: Final = f"""CREATE TEMP TABLE complaints_of_day AS
    SELECT c.id, c.mention, c.promise, c.pillar, c.negative * (1 + c.likeness) AS weight, coalesce(k.merged_into, k.id) AS cause
    FROM matches a CROSS JOIN complaints c ON c.mention = a.mention AND c.brand = a.brand LEFT JOIN causes k ON k.id = c.cause
    WHERE a.brand = :brand AND a.day = :day AND a.unit = 1 AND a.voice = 'customer'
        AND coalesce({CORRECTED}, 'negative') = 'negative'"""  # noqa: S608 - a constant of ours

_COUNT: Final = (
    f"""INSERT INTO cause_rollup (brand, day, cause, kind, value, n)
    SELECT :brand, :day, {COMPLAINING}, kind, '', n FROM (
        SELECT 'all' AS kind, count(DISTINCT mention) AS n FROM complaints_of_day
        UNION ALL SELECT 'explained', count(DISTINCT mention) FROM complaints_of_day WHERE cause IS NOT NULL)
    WHERE n > 0""",  # noqa: S608 - constants of ours
    *(
        f"""INSERT INTO cause_rollup (brand, day, cause, kind, value, n)
        SELECT :brand, :day, cause, '{kind}', {value} AS value, count(DISTINCT mention) FROM complaints_of_day
        WHERE cause IS NOT NULL AND {where} GROUP BY cause, 5"""  # noqa: S608 - constants of ours
        for kind, value, where in (
            ("all", "''", "true"),
            ("promise", "promise", "promise <> ''"),
            ("pillar", "pillar", "pillar <> ''"),
        )
    ),
    """INSERT INTO cause_reach_rollup (brand, day, cause, authors, stories)
    SELECT :brand, :day, d.cause, set_of(author_key(m.author, m.id)), set_of(m.story)
    FROM (SELECT DISTINCT cause, mention FROM complaints_of_day WHERE cause IS NOT NULL) d JOIN mentions m ON m.id = d.mention
    GROUP BY d.cause""",
    f"""INSERT INTO cause_quote_rollup (brand, day, cause, place, complaint, weight)
    SELECT :brand, :day, cause, place, id, weight FROM (
        SELECT cause, id, weight, row_number() OVER (PARTITION BY cause ORDER BY weight DESC, id) AS place
        FROM complaints_of_day WHERE cause IS NOT NULL)
    WHERE place <= {QUOTES_OF_A_CAUSE}""",  # noqa: S608 - constants of ours
)


def count(connection: Connection, brand: str, day: str) -> None:
    """Count one day anew."""
    at = {"brand": brand, "day": day}
    connection.create_function("author_key", 2, _author_key, deterministic=True)
    connection.create_aggregate("set_of", 1, _SetOf)  # type: ignore[arg-type]  # a blob is a value, too
    for table in TABLES:
        connection.execute(f"DELETE FROM {table} WHERE brand = :brand AND day = :day", at)  # noqa: S608 - our own names
    connection.execute("DROP TABLE IF EXISTS temp.complaints_of_day")
    for statement in (_GATHER, *_COUNT):
        connection.execute(statement, at)
    connection.execute("DROP TABLE temp.complaints_of_day")


def distinct(stored: Iterable[bytes]) -> int:
    """How many members several stored sets have together."""
    import numpy as np  # noqa: PLC0415 - counting a day does without

    return int(np.unique(np.frombuffer(b"".join(stored), dtype=np.int64)).size)


def _author_key(author: str, mention: int) -> int:
    """What tells one author from another; who has no name is somebody else each time."""
    told = f"by {author}" if author else f"of {mention}"
    return int.from_bytes(blake2b(told.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


class _SetOf:
    """The distinct whole numbers of a group, in order, eight bytes each."""

    def __init__(self) -> None:
        self._found: set[int] = set()

    def step(self, value: int) -> None:
        """Take one in."""
        self._found.add(value)

    def finalize(self) -> bytes:
        """All of them."""
        return array("q", sorted(self._found)).tobytes()
