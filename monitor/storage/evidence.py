"""What reports take, counted again where days have changed."""

from collections.abc import Callable
from datetime import date, datetime

from monitor.storage import loading, rollups
from monitor.storage.door import Door
from monitor.storage.values import Concentration
from reports.evidence import Every, Evidence, Label, Window


class CountedEvidence:
    """The room of evidence."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def refresh(self, *, everything: bool = False, stopped: Callable[[], bool] = lambda: False) -> int:
        """Count again the days that changed, or every day; returns how many brand-days that were. Once `stopped`, no more."""
        if everything:
            with self._door.writing() as connection:
                rollups.mark_everything(connection)
        with self._door.explained() as connection:
            return rollups.refresh(connection, stopped=stopped)

    def load(
        self,
        brand: str,
        window: Window,
        every: Every = "week",
        *,
        model: str | None = None,
        generated: datetime,
        moods_since: date | None = None,
    ) -> Evidence:
        """What reports take, of one model version: the one that reads now unless `model` names another.

        Praise and complaints are quoted from the last day, or from all days since `moods_since`.
        """
        with rollups.up_to_date(self._door, brand) as connection:
            return loading.load_evidence(connection, brand, window, every, model, generated, moods_since)

    def concentration(
        self, brand: str, window: Window, label: Label = "negative", *, model: str | None = None, top: int = 10
    ) -> Concentration:
        """On how many authors the customers' units with `label` rest."""
        with rollups.up_to_date(self._door, brand) as connection:
            return loading.concentration(connection, brand, window, label, model, top)
