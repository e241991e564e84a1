"""The room of numbers about the store as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.storage import reading
from monitor.storage.door import Door


@dataclass(frozen=True, slots=True)
class Numbers:
    """How much the store holds. `bytes` is the file, without what is written and not yet in it."""

    mentions: int
    unread: int
    bytes: int
    sources: Mapping[str, int]
    outbox: Mapping[str, int]


class Vitals:
    """Counts."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def numbers(self) -> Numbers:
        """Count everything; a second or so where there are ten million mentions."""
        with self._door.reading() as connection:
            (mentions,) = connection.execute("SELECT count(*) FROM mentions").fetchone()
            unread = reading.count_unread(connection)
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            (size,) = connection.execute("PRAGMA page_size").fetchone()
            sources = dict(connection.execute("SELECT state, count(*) FROM sources WHERE due IS NOT NULL GROUP BY state"))
            outbox = dict(connection.execute("SELECT state, count(*) FROM outbox GROUP BY state"))
        return Numbers(mentions, unread, pages * size, sources, outbox)
