"""Placements over time: one sighting of a promise in the brand's own voice. A page goes on saying what it says."""

from collections.abc import Iterator
from datetime import date, timedelta

from reports.evidence import Window


def sightings(captured: date, until: date, window: Window) -> Iterator[date]:
    """Days on which a page is taken to be seen that says the same from `captured` up to and without `until`.

    Once in every week of the window in which it stands, on the first day of that: a claim that stands for a month is as loud as
    four adverts.
    """
    day, end = max(captured, window.since), min(until, window.until)
    while day < end:
        yield day
        day += timedelta(days=7 - day.weekday())
