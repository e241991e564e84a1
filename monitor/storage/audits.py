"""What people say of random samples."""

from collections.abc import Sequence
from datetime import datetime

from monitor.storage import auditing
from monitor.storage.auditing import AuditItem, AuditSummary, Draw
from monitor.storage.connection import stamp
from monitor.storage.door import Door
from monitor.storage.values import Audit
from reports.evidence import Window


class Audits:
    """The room of audits."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def draw(self, brand: str, window: Window, size: int, seed: int | None, now: datetime) -> Draw:
        """Draw a random sample of a window's units, to be labelled by a person."""
        with self._door.writing() as connection:
            return auditing.draw(connection, brand, window, size, seed, stamp(now))

    def items(self, brand: str, draw: int | None = None) -> list[AuditItem]:
        """What was drawn, with what people have said of it."""
        with self._door.reading() as connection:
            return auditing.items(connection, brand, draw)

    def drawn_for(self, mentions: Sequence[int]) -> dict[int, set[str]]:
        """For each stored one of `mentions`, the brands that it was drawn for."""
        with self._door.reading() as connection:
            return auditing.drawn_for(connection, mentions)

    def save(self, audits: Sequence[Audit], now: datetime) -> None:
        """Save what people said of mentions; a later word replaces the earlier one."""
        with self._door.writing() as connection:
            auditing.save(connection, audits, stamp(now))

    def forget(self, brand: str, mention: int) -> None:
        """Take back what was said of a mention."""
        with self._door.writing() as connection:
            auditing.forget(connection, brand, mention)

    def counts(self, brand: str, model: str) -> tuple[int, int]:
        """How many randomly drawn, audited mentions `model` has labelled, and how many of them right."""
        with self._door.reading() as connection:
            return auditing.counts(connection, brand, model)

    def summary(self, brand: str) -> AuditSummary:
        """What people said of the random samples beside what the model that reads now says."""
        with self._door.reading() as connection:
            return auditing.summary(connection, brand)
