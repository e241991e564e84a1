"""What each voice says of the promises, counted: which it calls kept, broken, or speaks of without a side, and its own mood.

`said` is a list such as "+answer !returns ~forest": kept (+), broken (-), broken and said to have been promised (!), no side (~).
"""

from functools import cache
from sqlite3 import Connection
from typing import Final

from models.outright import says_outright
from monitor.storage.labelled import labelled
from monitor.storage.reading import RELEVANT, body
from reports.evidence import Side, VoiceRow

_SIDES: Final[dict[str, Side]] = {"+": "kept", "-": "broken", "!": "outright", "~": "none"}

# The side is that of the vote that counts as evidence; a passage without a side says only that the promise is spoken of.
_SPOKEN = f"""
    SELECT e.mention, e.model, e.promise, e.stance, e.passage, p.start, p.stop, row_number() OVER (
        PARTITION BY e.model, e.mention, e.promise ORDER BY e.stance IS NULL, e.relevance * e.confidence DESC, e.passage) AS choice
    FROM matches a JOIN evidence e ON e.mention = a.mention AND e.brand = a.brand JOIN passages p ON p.id = e.passage
    WHERE a.brand = :brand AND a.day = :day AND a.unit = 1 AND a.voice = 'customer' AND e.relevance >= {RELEVANT}
        AND (p.experience IS NULL OR p.experience = 'first-hand')
"""  # noqa: S608 - a constant of ours
# Grouped, not windowed: SQLite gives only the former an index to be joined by, and a day of 12,000 voices is squared without.
_SIGNED = f"""
    SELECT mention, model, group_concat(side || promise, ' ') AS said FROM (
        SELECT s.mention, s.model, s.promise, CASE s.stance WHEN 'kept' THEN '+'
            WHEN 'broken' THEN iif(says_outright(m.title, m.text, s.start, s.stop), '!', '-') ELSE '~' END AS side
        FROM ({_SPOKEN}) s LEFT JOIN mentions m ON m.id = s.mention AND s.stance = 'broken' WHERE s.choice = 1
        ORDER BY s.model, s.mention, s.promise)
    GROUP BY model, mention
"""  # noqa: S608 - a constant of ours
COUNT: Final = f"""
    INSERT INTO voice_rollup (brand, day, model, label, said, story, n)
    SELECT l.brand, l.day, l.model, l.label, coalesce(s.said, '') AS heard, l.cluster, count(*)
    FROM ({labelled("a.brand = :brand AND a.day = :day")}) l
    LEFT JOIN ({_SIGNED}) s ON s.mention = l.mention AND s.model = l.model
    WHERE l.voice = 'customer' GROUP BY l.model, l.label, heard, l.cluster
"""  # noqa: S608 - a constant of ours
"""Counts the voices of one day, once `teach` was called."""


def teach(connection: Connection) -> None:
    """Give the connection the function that `COUNT` asks."""
    connection.create_function("says_outright", 4, _says_outright, deterministic=True)


def _says_outright(title: str, text: str, start: int, stop: int) -> bool:
    return says_outright(body(title, text), start, stop)


def load(connection: Connection, at: dict[str, str | int], advertised: frozenset[str]) -> tuple[VoiceRow, ...]:
    """The voices of a window, with what they say of the promises that are `advertised`."""
    rows = connection.execute(
        """SELECT label, said, story, sum(n) FROM voice_rollup
        WHERE brand = :brand AND day >= :since AND day < :until AND model = :model GROUP BY label, said, story""",
        at,
    )

    @cache
    def parsed(said: str) -> tuple[tuple[str, Side], ...]:
        return tuple((one[1:], _SIDES[one[0]]) for one in said.split() if one[1:] in advertised)

    return tuple(VoiceRow(label, parsed(said), n, story) for label, said, story, n in rows)
