"""Brands and their promises, as configured; and the calendar that makes a brand's days."""

from collections.abc import Iterable
from datetime import date
from sqlite3 import Connection
from typing import cast
from zoneinfo import ZoneInfo

from monitor.storage.connection import StoreError, moment
from monitor.storage.door import Door
from monitor.storage.rollups import mark_everything
from monitor.storage.values import Brand
from reports.evidence import AdvertisedPromise, Strength


def unlike_brands(connection: Connection, configured: Iterable[Brand]) -> bool:
    """Whether brands or their promises differ from what the configuration says."""
    known = {row[0]: row[1:] for row in connection.execute("SELECT id, name, timezone, read_for FROM brands")}
    return any(
        known.get(brand.id) != (brand.name, brand.timezone, brand.read_for) or promises(connection, brand.id) != brand.promises
        for brand in configured
    )


def sync_brands(connection: Connection, configured: Iterable[Brand]) -> None:
    """Make brands and promises what the configuration says. What it no longer names keeps its history, inactive."""
    for brand in configured:
        known = connection.execute("SELECT timezone, read_for FROM brands WHERE id = ?", (brand.id,)).fetchone()
        connection.execute(
            """INSERT INTO brands VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE
            SET name = excluded.name, timezone = excluded.timezone, read_for = excluded.read_for""",
            (brand.id, brand.name, brand.timezone, brand.read_for),
        )
        if known is not None and known[0] != brand.timezone:
            _move_days(connection, brand)
        if known is not None and known[1] != brand.read_for:
            # What was read stays visible until it is replaced, so that a report in between is stale, not empty.
            connection.execute("UPDATE matches SET unread = 1 WHERE brand = ?", (brand.id,))
        connection.execute("UPDATE promises SET active = 0 WHERE brand = ?", (brand.id,))
        connection.executemany(
            """INSERT INTO promises (brand, id, text, pillar, strength, expectation, since, weight, active, position)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?) ON CONFLICT (brand, id) DO UPDATE SET text = excluded.text,
            pillar = excluded.pillar, strength = excluded.strength, expectation = excluded.expectation, since = excluded.since,
            weight = excluded.weight, active = 1, position = excluded.position""",
            [
                (
                    *(brand.id, promise.id, promise.text, promise.pillar, promise.strength, promise.expectation),
                    *(None if promise.since is None else promise.since.isoformat(), promise.weight, place),
                )
                for place, promise in enumerate(brand.promises)
            ],
        )


def _move_days(connection: Connection, brand: Brand) -> None:
    """A brand that moves to another time zone has other days: give its mentions theirs."""
    zone = ZoneInfo(brand.timezone)
    connection.create_function(
        "day_there", 1, lambda published: moment(published).astimezone(zone).date().isoformat(), deterministic=True
    )
    mark_everything(connection)
    for table in ("matches", "placements"):
        connection.execute(
            f"UPDATE {table} SET day = day_there((SELECT published FROM mentions WHERE id = mention)) WHERE brand = ?",  # noqa: S608 - our own names
            (brand.id,),
        )
    mark_everything(connection)


def known_brand(connection: Connection, brand: str) -> tuple[str, str]:
    """Name and time zone of a brand.

    Raises:
        StoreError: the store has never heard of it.
    """
    row = connection.execute("SELECT name, timezone FROM brands WHERE id = ?", (brand,)).fetchone()
    if row is None:
        known = [name for (name,) in connection.execute("SELECT id FROM brands ORDER BY id")]
        raise StoreError(
            f"the store knows no brand {brand!r}", remedy=f"use one of: {', '.join(known)}" if known else "collect or import first"
        )
    return str(row[0]), str(row[1])


def promises(connection: Connection, brand: str) -> tuple[AdvertisedPromise, ...]:
    """The promises that a brand makes now, in the order of its configuration."""
    rows = connection.execute(
        """SELECT id, text, pillar, strength, expectation, since, weight FROM promises
        WHERE brand = ? AND active = 1 ORDER BY position, id""",
        (brand,),
    )
    return tuple(
        AdvertisedPromise(
            id, text, pillar, cast("Strength", strength), expectation, None if since is None else date.fromisoformat(since), weight
        )
        for id, text, pillar, strength, expectation, since, weight in rows  # noqa: A001 - the column's name
    )


def newest_day(connection: Connection, brand: str, until: date) -> date | None:
    """The last day of the brand's calendar, up to and with `until`, on which somebody spoke of it."""
    query = "SELECT max(day) FROM matches WHERE brand = ? AND day <= ?"
    (day,) = connection.execute(query, (brand, until.isoformat())).fetchone()
    return None if day is None else date.fromisoformat(day)


class Brands:
    """The room of brands and what they promise."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def sync(self, configured: Iterable[Brand]) -> None:
        """Make brands and promises what the configuration says; history stays."""
        wanted = list(configured)
        with self._door.reading() as connection:
            unlike = unlike_brands(connection, wanted)
        if unlike:
            with self._door.writing() as connection:
                sync_brands(connection, wanted)

    def promises(self, brand: str) -> tuple[AdvertisedPromise, ...]:
        """The promises that a brand makes now."""
        with self._door.reading() as connection:
            return promises(connection, brand)

    def newest_day(self, brand: str, until: date = date.max) -> date | None:
        """The last day, up to and with `until`, on which somebody spoke of the brand: imported dates may lie in the future."""
        with self._door.reading() as connection:
            return newest_day(connection, brand, until)
