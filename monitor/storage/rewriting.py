"""Writing what has changed of a stored mention: the earlier text is kept, and what was made of it is forgotten."""

from datetime import datetime
from sqlite3 import Connection
from zoneinfo import ZoneInfo

from monitor.storage.changes import Change, Stored, columns
from monitor.storage.connection import stamp
from monitor.storage.match_rows import insert_matches, local
from monitor.storage.storable import Item
from monitor.stories import address_key
from sources.mention import Mention


def rewrite(connection: Connection, stored: Stored, item: Item, change: Change, sources: dict[str, int], now: str) -> None:
    """Write what has changed, keep the earlier text, and forget what was matched and read of what is no more."""
    if change.earlier is not None:
        keep_text(connection, stored.id, change.earlier, now)
    if change.mention is None:
        return
    mention, row = change.mention, (stored.id,)
    names = Stored._fields[2:]
    connection.execute(
        f"UPDATE mentions SET {', '.join(f'{name} = ?' for name in names)} WHERE id = ?",  # noqa: S608 - our own names
        (*columns(mention), stored.id),
    )
    if mention.url and mention.url != stored.url:
        connection.execute("INSERT OR IGNORE INTO addresses VALUES (?, ?)", (address_key(mention.url), stored.id))
    if change.kind == "edited":
        connection.execute(
            "DELETE FROM revisions WHERE mention = ? AND title = ? AND text = ?", (*row, mention.title, mention.text)
        )
        _forget_readings(connection, stored.id)
        # What people said, they said of the earlier text; what was drawn at random stays drawn.
        for table in ("audits", "audit_stances", "corrected"):
            connection.execute(f"DELETE FROM {table} WHERE mention = ?", row)  # noqa: S608 - our own names
    if change.kind in {"edited", "corrected"}:
        _match_anew(connection, stored.id, item, mention, sources, edited=change.kind == "edited")
    elif stamp(mention.published) != stored.published:
        _move_days(connection, stored.id, mention.published)


def earlier_texts(connection: Connection, mention: int) -> set[tuple[str, str]]:
    """Titles and texts that a mention had before."""
    return set(connection.execute("SELECT title, text FROM revisions WHERE mention = ?", (mention,)))


def keep_text(connection: Connection, mention: int, earlier: tuple[str, str], now: str) -> None:
    """Keep a title and text that a mention had, once."""
    if earlier not in earlier_texts(connection, mention):
        connection.execute("INSERT INTO revisions VALUES (?, ?, ?, ?)", (mention, *earlier, now))


def _forget_readings(connection: Connection, mention: int, brand: str | None = None) -> None:
    for table in ("readings", "complaints", "placements"):
        connection.execute(f"DELETE FROM {table} WHERE mention = ? AND brand = coalesce(?, brand)", (mention, brand))  # noqa: S608 - our own names


def _match_anew(connection: Connection, row: int, item: Item, mention: Mention, sources: dict[str, int], *, edited: bool) -> None:
    """Replace the matches of a mention. What was read of the same text in the same voice stays read."""
    before = connection.execute("SELECT brand, unread, voice FROM matches WHERE mention = ?", (row,)).fetchall()
    connection.execute("INSERT OR IGNORE INTO rollup_stale SELECT brand, day FROM matches WHERE mention = ?", (row,))
    connection.execute("DELETE FROM matches WHERE mention = ?", (row,))
    matches = local(connection, item, mention.published)
    insert_matches(connection, [(row, mention, matches)], sources)
    if edited:
        return
    for brand, unread, voice in before:
        kept = next((one for one in matches if one.brand == brand and (one.voice or mention.voice) == voice), None)
        if kept is None:
            _forget_readings(connection, row, brand)
        else:
            connection.execute("UPDATE matches SET unread = ? WHERE mention = ? AND brand = ?", (unread, row, brand))
            connection.execute("UPDATE placements SET day = ? WHERE mention = ? AND brand = ?", (kept.day.isoformat(), row, brand))


def _move_days(connection: Connection, row: int, published: datetime) -> None:
    """Give the matches of a mention the days on which it is published, after all."""
    brands = connection.execute(
        "SELECT a.brand, b.timezone FROM matches a JOIN brands b ON b.id = a.brand WHERE a.mention = ?", (row,)
    ).fetchall()
    stale = "INSERT OR IGNORE INTO rollup_stale SELECT brand, day FROM matches WHERE mention = ?"
    connection.execute(stale, (row,))
    for brand, zone in brands:
        day = published.astimezone(ZoneInfo(zone)).date().isoformat()
        for table in ("matches", "placements"):
            connection.execute(f"UPDATE {table} SET day = ? WHERE mention = ? AND brand = ?", (day, row, brand))  # noqa: S608 - our own names
    connection.execute(stale, (row,))
