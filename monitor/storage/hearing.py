"""Which sources are heard, hour by hour, and who paused one."""

from collections.abc import Sequence
from datetime import datetime

from monitor.storage import ledger, listening
from monitor.storage.door import Door
from monitor.storage.ledger import Heard
from monitor.storage.people import note_in


class Hearing:
    """The room of the ledger."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def ledger(self, sources: Sequence[str], since: datetime, now: datetime) -> dict[str, tuple[Heard, ...]]:
        """What was heard of each of `sources` since then, in stretches of hours (see `ledger.heard_of`)."""
        with self._door.reading() as connection:
            return ledger.heard_of(connection, sources, since, now)

    def pause(self, source: str, who: str, now: datetime, *, paused: bool) -> bool:
        """Pause a source or take it up again, and note who did; False when it is not known."""
        with self._door.writing() as connection:
            known = listening.pause(connection, source, paused, now)
            if known:
                note_in(connection, who, "paused" if paused else "took up again", f"source {source}", now)
        return known
