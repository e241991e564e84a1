"""The coverage ledger: for every source and hour whether it was heard, in part, or not and why. Silence is not deafness."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from sqlite3 import Connection
from typing import Literal, NamedTuple, cast

from monitor.storage.connection import moment, stamp
from reports.evidence import Hole

Ear = Literal["ok", "partial", "blind"]
NOT_LISTENING = "nobody listened when it was due: promisewatch was not running"
PAUSED = "paused"
_HOUR = timedelta(hours=1)
_LONGEST_REASON = 500
_LONGEST = 400 * 24
"""Hours that are filled in at most: after a year of silence nobody asks which hour it was."""


class Heard(NamedTuple):
    """A stretch of hours in which a source was heard, in part or not, for one reason."""

    since: datetime
    until: datetime
    ear: Ear
    reason: str


class _Entry(NamedTuple):
    hour: datetime
    heard: str
    reason: str


class _Last(NamedTuple):
    """What is known of a source before now: its last entry, its state, and when it was to be asked next."""

    hour: str | None
    heard: str
    reason: str
    state: str
    due: str | None


_LAST = """c.hour, coalesce(c.heard, ''), coalesce(c.reason, ''), s.state, s.due FROM sources s LEFT JOIN coverage c
    ON c.source = s.id AND c.hour = (SELECT max(hour) FROM coverage WHERE source = s.id)"""


def cover(connection: Connection, source: int, now: datetime, heard: str, reason: str) -> None:
    """Enter what a collection heard, and the hours since the last one; to be called before the source's row changes.

    What was missed stays missed: later success in the same hour mends a blind hour, never a partial one. What more is
    missed then is told beside it.
    """
    bridge(connection, source, now)
    connection.execute(
        """INSERT INTO coverage VALUES (?, ?, ?, ?) ON CONFLICT (source, hour) DO UPDATE
        SET heard = excluded.heard, reason = excluded.reason WHERE heard <> 'partial'""",
        (source, _hour(now), heard, reason),
    )
    connection.execute(
        """UPDATE coverage SET reason = reason || '; ' || ?3
        WHERE source = ?1 AND hour = ?2 AND heard = 'partial' AND ?4 = 'partial'
            AND instr(reason, ?3) = 0 AND length(reason) < ?5""",
        (source, _hour(now), reason, heard, _LONGEST_REASON),
    )


def bridge(connection: Connection, source: int, now: datetime) -> None:
    """Enter the hours from the last entry up to, and without, the hour of `now`."""
    last = _Last(*connection.execute(f"SELECT {_LAST} WHERE s.id = ?", (source,)).fetchone())
    entries = [(source, _hour(one.hour), one.heard, one.reason) for one in _between(last, now)]
    if entries:
        connection.executemany("INSERT OR IGNORE INTO coverage VALUES (?, ?, ?, ?)", entries)


def holes(connection: Connection, brand: str, since: datetime, until: datetime, now: datetime) -> tuple[Hole, ...]:
    """Stretches between `since` and `until` in which a source of `brand` was not, or only partly, heard, for one reason each.

    The last hours may not be entered yet: who listens no more enters nothing.
    """
    of_brand = "(s.brands = '[]' OR EXISTS (SELECT 1 FROM json_each(s.brands) WHERE value = ?))"
    entered = connection.execute(
        f"""SELECT s.name, c.hour, c.heard, c.reason FROM sources s JOIN coverage c ON c.source = s.id
        WHERE {of_brand} AND c.hour >= ? AND c.hour < ?""",  # noqa: S608 - a constant
        (brand, _hour(since), stamp(until)),
    )
    rows = [(name, _Entry(moment(hour), heard, reason)) for name, hour, heard, reason in entered]
    for name, *last in connection.execute(f"SELECT s.name, {_LAST} WHERE {of_brand}", (brand,)):
        rows += [(name, entry) for entry in _between(_Last(*last), min(now, until)) if entry.hour >= moment(_hour(since))]
    rows.sort()
    return tuple(_stretches(rows))


def heard_of(connection: Connection, sources: Sequence[str], since: datetime, now: datetime) -> dict[str, tuple[Heard, ...]]:
    """What was heard of each of `sources` from the hour of `since` until now, in stretches; hours without any are left out.

    They were before anybody listened, or after the source was given up.
    """
    names = json.dumps(list(sources))
    of_them = "s.name IN (SELECT value FROM json_each(?))"
    entered = connection.execute(
        f"""SELECT s.name, c.hour, c.heard, c.reason FROM sources s JOIN coverage c ON c.source = s.id
        WHERE c.hour >= ? AND {of_them}""",  # noqa: S608 - a constant
        (_hour(since), names),
    )
    rows = [(name, _Entry(moment(hour), heard, reason)) for name, hour, heard, reason in entered]
    for name, *last in connection.execute(f"SELECT s.name, {_LAST} WHERE {of_them}", (names,)):
        rows += [(name, entry) for entry in _between(_Last(*last), now) if entry.hour >= moment(_hour(since))]
    found: dict[str, list[Heard]] = {name: [] for name in sources}
    for name, heard, reason, first, end in _runs(sorted(rows)):
        found[name].append(Heard(first, end, cast("Ear", heard), reason))
    return {name: tuple(stretches) for name, stretches in found.items()}


def _between(last: _Last, now: datetime) -> Iterator[_Entry]:
    """Yield the hours after the last entry and before that of `now`, and what is to be said of them.

    Until a source was due, it is as it was at the last collection; a partial hour told of what came before it.
    """
    if last.hour is None or last.due is None:
        return
    first, end = moment(last.hour) + _HOUR, moment(_hour(now))
    due = end if last.state == "gone" else moment(last.due)
    for at in range(min(_LONGEST, (end - first) // _HOUR)):
        hour = first + at * _HOUR
        if last.state == "paused":
            yield _Entry(hour, "blind", PAUSED)
        elif hour > due:
            yield _Entry(hour, "blind", NOT_LISTENING)
        else:
            yield _Entry(hour, "blind", last.reason) if last.heard == "blind" else _Entry(hour, "ok", "")


def _stretches(rows: Iterable[tuple[str, _Entry]]) -> Iterator[Hole]:
    """Yield runs of hours that follow each other, of one source, for one reason."""
    for name, heard, reason, first, end in _runs(rows):
        if heard != "ok":
            yield Hole(name, first, end, "partial" if heard == "partial" else "blind", reason)


def _runs(rows: Iterable[tuple[str, _Entry]]) -> Iterator[tuple[str, str, str, datetime, datetime]]:
    """Yield source, what was heard and why, first hour and end of runs of hours that are alike."""
    numbered = (((name, heard, reason, hour - at * _HOUR), hour) for at, (name, (hour, heard, reason)) in enumerate(rows))
    for (name, heard, reason, _run), group in groupby(numbered, key=itemgetter(0)):
        hours = [hour for _, hour in group]
        yield name, heard, reason, hours[0], hours[-1] + _HOUR


def _hour(now: datetime) -> str:
    return f"{stamp(now)[:13]}:00:00Z"
