"""What people put right, one by one or by a rule."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from monitor.storage import auditing, correcting, rollups
from monitor.storage.connection import stamp
from monitor.storage.correcting import Correction, Labelled
from monitor.storage.door import Door
from reports.evidence import Label, Window


class Corrections:
    """The room of corrections."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def labels(self, brand: str, window: Window | None = None, mentions: Sequence[int] | None = None) -> Iterator[Labelled]:
        """Mentions of a brand with the label that counts now, the newest first."""
        with self._door.explained() as connection:
            yield from correcting.labels(connection, brand, window, mentions)

    def correct(self, brand: str, mentions: Sequence[int], label: Label, now: datetime, query: str = "") -> int:
        """Put mentions right; returns the correction's number.

        Of those that were named, what an audit said is changed, too. None becomes audited: who corrects picks what is wrong, and
        a sample of which just that is labelled would not be random.
        """
        with self._door.writing() as connection:
            number = correcting.correct(connection, brand, mentions, label, query, stamp(now))
            if not query:
                auditing.relabel(connection, brand, mentions, label, stamp(now))
        return number

    def add_rule(self, brand: str, query: str, label: Label, matching: Sequence[int], now: datetime) -> int:
        """Put right what `query` matches, now and in future; `matching` are those that it matches now. Returns its number."""
        with self._door.writing() as connection:
            return correcting.add_rule(connection, brand, query, label, matching, stamp(now))

    def made(self, brand: str | None = None) -> list[Correction]:
        """What was put right and stands."""
        with self._door.explained() as connection:
            rollups.refresh(connection, brand)
        with self._door.reading() as connection:
            return correcting.made(connection, brand)

    def of(self, brand: str, mention: int) -> Correction | None:
        """The correction that counts for a mention; None where the model's word does."""
        with self._door.reading() as connection:
            return correcting.standing(connection, brand, mention)

    def undo(self, number: int) -> Correction | None:
        """Take a correction back; None when there is no such number. A card whose label it changed is asked again."""
        with self._door.writing() as connection:
            return correcting.undo(connection, number)
