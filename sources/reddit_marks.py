"""How far a listing was heard: what was seen last, and whether something rolled out of sight meanwhile."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sources.reddit_things import Thing

ANCHORS = 20
"""So many of the newest are remembered: some will be deleted until the next look."""
OVERLAP = 50
"""So many known ones are read again: moderators let things appear late, and people edit."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The newest things that were seen in a listing, and the creation time of the newest."""

    known: tuple[str, ...]
    newest: datetime

    def to_json(self) -> dict[str, Any]:
        """As a cursor keeps it."""
        return {"known": list(self.known), "newest": self.newest.timestamp()}


def mark_from_json(values: object) -> Mark | None:
    """What `to_json` wrote; None where it is something else."""
    try:
        if isinstance(values, Mapping):
            return Mark(tuple(map(str, values["known"])), datetime.fromtimestamp(values["newest"], UTC))
    except (KeyError, TypeError, ValueError, OverflowError):
        pass
    return None


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at a listing brought; `complete` is False when things between this look and the last were out of sight."""

    things: tuple[Thing, ...]
    mark: Mark | None
    complete: bool


def look(listing: Iterable[Thing], mark: Mark | None, full: int) -> Look:
    """Read a listing, newest first, until what is known.

    A listing shorter than `full` is all there is. One that is longer, and reached nothing that was known or as old, has
    rolled over.
    """
    things: list[Thing] = []
    known = set(mark.known) if mark else set()
    reached = 0
    for thing in listing:
        things.append(thing)
        reached += thing.id in known or (mark is not None and thing.created <= mark.newest)
        if reached > OVERLAP:
            break
    return Look(tuple(things), _advanced(things, mark), mark is None or reached > 0 or len(things) < full)


def _advanced(things: list[Thing], mark: Mark | None) -> Mark:
    if not things:
        # A place that was empty is known to have been: whatever it lists later is new.
        return mark or Mark((), datetime.fromtimestamp(0, UTC))
    seen = dict.fromkeys([thing.id for thing in things[:ANCHORS]] + list(mark.known if mark else ()))
    newest = max(thing.created for thing in things)
    return Mark(tuple(seen)[:ANCHORS], max(newest, mark.newest) if mark else newest)
