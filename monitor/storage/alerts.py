"""The room of alerts: the hourly counts that they watch, what drove them, and how each stands.

What a mention said is not kept with an alert, only which mention it was: deleting it takes its words everywhere.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from sqlite3 import Connection
from typing import Any, Literal

from monitor.alert_state import LIVE, Alert
from monitor.storage import ledger, rollups
from monitor.storage.alert_words import Spoken, quotes, spoken
from monitor.storage.connection import moment, stamp
from monitor.storage.door import Door
from monitor.storage.labelled import labelled
from monitor.storage.outbox import Message, queue_in
from reports.evidence import Hole, Quote

_COLUMNS = """id, brand, watch, subject, state, since, first_seen, seen, opened, acknowledged, resolved, by_hand, snoozed,
    escalated, story, grouped, note"""
_LIVE = ", ".join(f"'{state}'" for state in LIVE)
_MOST_DRIVERS = 200
Compose = Callable[[Alert], Sequence[tuple[str, Message]]]


@dataclass(frozen=True, slots=True)
class HourCount:
    """An hour of a brand (its beginning, UTC): story-voices that spoke, and how many of the customers' `read` were negative."""

    hour: datetime
    spoke: int
    read: int
    negative: int


@dataclass(frozen=True, slots=True)
class Driver:
    """A story within a stretch of time: `story` (0: a single mention), its first mention, and its voices by the hour."""

    story: int
    mention: int
    voices: Mapping[datetime, int]

    @property
    def count(self) -> int:
        """All its voices."""
        return sum(self.voices.values())


@dataclass(frozen=True, slots=True)
class StoredAlert:
    """An alert with its receipt, whose quotes are what is left of the mentions that drove it; `told` whether it was sent."""

    alert: Alert
    receipt: Mapping[str, Any]
    stories: tuple[tuple[int, Quote], ...] = ()
    told: bool = False


class Alerts:
    """Alerts, and what they are made from."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def hours(self, brand: str, since: date) -> list[HourCount]:
        """The hours, from a day on, in which somebody spoke of a brand, in order."""
        with rollups.up_to_date(self._door, brand) as connection:
            rows = connection.execute(
                """SELECT hour, sum(units * (model = 0)), sum(units * (model = :model)), sum(negative * (model = :model))
                FROM hour_rollup WHERE brand = :brand AND day >= :since AND model IN (0, :model) GROUP BY hour ORDER BY hour""",
                {"brand": brand, "since": since.isoformat(), "model": _model(connection)},
            ).fetchall()
        return [HourCount(_hour(hour), spoke, read, negative) for hour, spoke, read, negative in rows]

    def is_read_again(self, brand: str, since: date) -> bool:
        """Whether the version that reads now has still to read what another one has read of a brand from a day on."""
        with self._door.reading() as connection:
            found = connection.execute(
                """SELECT 1 FROM reading_rollup r WHERE brand = :brand AND day >= :since AND model <> :model GROUP BY model, day
                HAVING sum(n) > (SELECT coalesce(sum(o.n), 0) FROM reading_rollup o
                    WHERE o.brand = :brand AND o.day = r.day AND o.model = :model) LIMIT 1""",
                {"brand": brand, "since": since.isoformat(), "model": _model(connection)},
            ).fetchone()
        return found is not None

    def shares(self, brand: str, since: date) -> dict[str, float]:
        """Which share of a brand's mentions each source has brought from a day on."""
        with rollups.up_to_date(self._door, brand) as connection:
            rows = connection.execute(
                """SELECT s.name, sum(n) FROM mention_rollup JOIN sources s ON s.id = source
                WHERE brand = ? AND day >= ? GROUP BY s.name""",
                (brand, since.isoformat()),
            ).fetchall()
        total = sum(count for _, count in rows)
        return {name: count / total for name, count in rows} if total else {}

    def holes(self, brand: str, since: datetime, until: datetime, now: datetime) -> tuple[Hole, ...]:
        """Where sources of a brand were not, or only partly, heard."""
        with self._door.reading() as connection:
            return ledger.holes(connection, brand, since, until, now)

    def drivers(self, brand: str, watch: Literal["volume", "sentiment"], since: datetime, until: datetime) -> list[Driver]:
        """The stories of a stretch of time, the largest first: of all voices, the newest before the older, or of the negative ones,
        the surest before the doubtful."""
        at = {"brand": brand, "since": stamp(since), "until": stamp(until), "from": stamp(since)[:10], "to": stamp(until)[:10]}
        # A brand's day may begin most of a day before or after that of UTC.
        days = "a.brand = :brand AND a.day BETWEEN date(:from, '-1 day') AND date(:to, '+1 day')"
        if watch == "volume":
            found = (
                f"SELECT a.mention, a.cluster, 0.0 AS negative FROM matches a WHERE {days} AND a.unit = 1 AND a.voice <> 'brand'"  # noqa: S608 - a constant
            )
        else:
            found = f"""SELECT mention, cluster, negative FROM ({labelled(days)}) WHERE model = :model AND label = 'negative'
                AND voice = 'customer'"""  # noqa: S608 - a constant
        query = f"""WITH found AS ({found}), stories AS (
                SELECT iif(f.cluster = 0, -f.mention, f.cluster) AS story, f.mention, f.negative, m.published FROM found f
                JOIN mentions m ON m.id = f.mention WHERE m.published >= :since AND m.published < :until),
            largest AS (SELECT story, count(*) AS voices, max(negative) AS worst, max(published) AS last FROM stories GROUP BY story
                ORDER BY voices DESC, worst DESC, last DESC LIMIT {_MOST_DRIVERS})
            SELECT s.story, s.mention, substr(s.published, 1, 13) FROM largest l JOIN stories s USING (story)
            ORDER BY l.voices DESC, l.worst DESC, l.last DESC, s.story, s.published, s.mention"""  # noqa: S608 - constants
        drivers: dict[int, tuple[int, dict[datetime, int]]] = {}
        with self._door.reading() as connection:
            for story, mention, hour in connection.execute(query, {**at, "model": _model(connection)}):
                voices = drivers.setdefault(story, (mention, {}))[1]
                voices[_hour(hour)] = voices.get(_hour(hour), 0) + 1
        return [Driver(max(story, 0), mention, voices) for story, (mention, voices) in drivers.items()]

    def quotes(self, brand: str, mentions: Sequence[int]) -> dict[int, Quote]:
        """What mentions say, with the passage that is worst of each for this brand."""
        with self._door.reading() as connection:
            return quotes(connection, brand, _model(connection), mentions)

    def spoken(self, brand: str, drivers: Sequence[Driver]) -> Spoken:
        """What the stories that drove something speak of, where and in which tone."""
        with self._door.reading() as connection:
            return spoken(connection, brand, _model(connection), {one.mention: one.count for one in drivers})

    def live(self, brand: str) -> list[Alert]:
        """The newest alert of everything that is watched of a brand, over or not."""
        with self._door.reading() as connection:
            newest = "SELECT max(id) FROM alerts WHERE brand = ? GROUP BY watch, subject"
            rows = connection.execute(f"SELECT {_COLUMNS} FROM alerts WHERE id IN ({newest})", (brand,))  # noqa: S608 - constants
            return [_alert(row) for row in rows]

    def told_since(self, brand: str, since: datetime) -> list[datetime]:
        """When alerts of a brand were opened and sent since then."""
        with self._door.reading() as connection:
            rows = connection.execute(
                "SELECT opened FROM alerts WHERE brand = ? AND told = 1 AND opened > ? ORDER BY opened", (brand, stamp(since))
            )
            return [moment(opened) for (opened,) in rows]

    def find(self, number: int) -> StoredAlert | None:
        """An alert by its number."""
        return next(iter(self.found("id = ?", (number,))), None)

    def all(
        self, brand: str | None = None, *, live: bool = False, limit: int = 100, before: int | None = None
    ) -> list[StoredAlert]:
        """Alerts (with a number under `before`), the newest first; those that wait only to be opened are left out."""
        where = "state <> 'pending' AND brand = coalesce(?, brand)" + (f" AND state IN ({_LIVE})" if live else "")
        return self.found(f"{where} AND id < coalesce(?, id + 1) ORDER BY id DESC LIMIT ?", (brand, before, limit))

    def found(self, where: str, values: tuple[object, ...]) -> list[StoredAlert]:
        """The alerts of which a condition of ours holds."""
        with self._door.reading() as connection:
            rows = connection.execute(f"SELECT {_COLUMNS}, told, receipt FROM alerts WHERE {where}", values).fetchall()  # noqa: S608 - our own words
            return [
                StoredAlert(_alert(row[:-2]), json.loads(row[-1] or "{}"), _stories(connection, row[0], row[1]), bool(row[-2]))
                for row in rows
            ]

    def save(
        self,
        alert: Alert,
        compose: Compose,
        now: datetime,
        receipt: Mapping[str, Any] | None = None,
        stories: Iterable[tuple[int, int]] = (),
        *,
        told: bool = False,
    ) -> tuple[Alert, int]:
        """Save an alert and queue what `compose` makes of it, in one transaction; returns it, and how many are queued.

        `stories` are mentions with how many voices each stands for. Without a receipt, the former one and its stories stay.
        """
        with self._door.writing() as connection:
            alert = _write(connection, alert)
            if receipt is not None:
                connection.execute("UPDATE alerts SET receipt = ? WHERE id = ?", (json.dumps(receipt, default=str), alert.id))
                connection.execute("DELETE FROM alert_stories WHERE alert = ?", (alert.id,))
                connection.executemany(
                    "INSERT INTO alert_stories SELECT ?, ?, id, ? FROM mentions WHERE id = ?",
                    [(alert.id, place, count, mention) for place, (mention, count) in enumerate(stories)],
                )
            if told:
                connection.execute("UPDATE alerts SET told = 1 WHERE id = ?", (alert.id,))
            queued = sum(queue_in(connection, channel, message, now) for channel, message in compose(alert))
        return alert, queued

    def drop(self, alert: Alert) -> None:
        """Forget an alert that came to nothing before it was opened."""
        with self._door.writing() as connection:
            connection.execute("DELETE FROM alerts WHERE id = ? AND state = 'pending'", (alert.id,))

    def memory(self, brand: str, watch: str) -> dict[str, str]:
        """What a watcher remembers of its subjects."""
        with self._door.reading() as connection:
            rows = connection.execute("SELECT subject, value FROM alert_memory WHERE brand = ? AND watch = ?", (brand, watch))
            return dict(rows.fetchall())

    def remember(self, brand: str, watch: str, values: Mapping[str, str]) -> None:
        """Remember a value of each of these subjects."""
        if values:
            with self._door.writing() as connection:
                connection.executemany(
                    "INSERT OR REPLACE INTO alert_memory VALUES (?, ?, ?, ?)",
                    [(brand, watch, subject, value) for subject, value in values.items()],
                )


def _model(connection: Connection) -> int:
    row = connection.execute("SELECT id FROM models ORDER BY used DESC, id DESC LIMIT 1").fetchone()
    return row[0] if row else -1


def _hour(written: str) -> datetime:
    return moment(f"{written}:00:00Z")


def _stamped(when: datetime | None) -> str | None:
    return None if when is None else stamp(when)


def _write(connection: Connection, alert: Alert) -> Alert:
    values = (
        *(alert.brand, alert.watch, alert.subject, alert.state, stamp(alert.since), stamp(alert.first_seen), stamp(alert.seen)),
        *map(_stamped, (alert.opened, alert.acknowledged, alert.resolved)),
        *(int(alert.by_hand), _stamped(alert.snoozed), int(alert.escalated), alert.story, alert.group, alert.note),
    )
    (number,) = connection.execute(
        f"""INSERT INTO alerts ({_COLUMNS}) VALUES ({", ".join("?" * 17)}) ON CONFLICT (id) DO UPDATE SET
            state = excluded.state, since = excluded.since, seen = excluded.seen, opened = excluded.opened,
            acknowledged = excluded.acknowledged, resolved = excluded.resolved, by_hand = excluded.by_hand,
            snoozed = excluded.snoozed, escalated = excluded.escalated, story = excluded.story, grouped = excluded.grouped,
            note = excluded.note RETURNING id""",  # noqa: S608 - constants
        (alert.id or None, *values),
    ).fetchone()
    return _alert((number, *values))


def _alert(row: Sequence[Any]) -> Alert:
    number, brand, watch, subject, state, since, first, seen, opened, acknowledged, resolved, by_hand, snoozed, escalated, *rest = (
        row
    )
    opened, acknowledged, resolved, snoozed = (moment(one) if one else None for one in (opened, acknowledged, resolved, snoozed))
    return Alert(
        brand=brand,
        watch=watch,
        subject=subject,
        state=state,
        since=moment(since),
        first_seen=moment(first),
        seen=moment(seen),
        id=number,
        opened=opened,
        acknowledged=acknowledged,
        resolved=resolved,
        by_hand=bool(by_hand),
        snoozed=snoozed,
        escalated=bool(escalated),
        story=rest[0],
        group=rest[1],
        note=rest[2],
    )


def _stories(connection: Connection, alert: int, brand: str) -> tuple[tuple[int, Quote], ...]:
    rows = connection.execute("SELECT mention, mentions FROM alert_stories WHERE alert = ? ORDER BY place", (alert,)).fetchall()
    found = quotes(connection, brand, _model(connection), [mention for mention, _ in rows])
    return tuple((count, found[mention]) for mention, count in rows if mention in found)
