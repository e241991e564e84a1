"""Which of the items that come are stored already: under their id, under another one, or by another item of the same batch."""

from itertools import islice
from sqlite3 import Connection

from monitor.storage.changes import Stored, as_mention, is_same_item
from monitor.storage.storable import Item
from monitor.stories import address_key
from sources.mention import Mention

_STORED = ", ".join(f"m.{name}" for name in Stored._fields)


def identity(item: Item) -> tuple[str, str]:
    """What an item is known by: its source and its id there."""
    return item[0].source, item[0].external_id


def source_id(connection: Connection, name: str) -> int:
    """The row of the source `name`, made as an import where nothing is known of it."""
    row = connection.execute("SELECT id FROM sources WHERE name = ?", (name,)).fetchone()
    if row is None:
        row = connection.execute(
            "INSERT INTO sources (name, kind, address, brands) VALUES (?, 'import', '', '[]') RETURNING id", (name,)
        ).fetchone()
    return int(row[0])


def known_among(connection: Connection, items: list[Item], sources: dict[str, int]) -> dict[tuple[str, str], Stored]:
    """Return what is stored under the ids of `items`."""
    known = {}
    renamed = connection.execute("SELECT 1 FROM identities LIMIT 1").fetchone() is not None
    for name, source in sources.items():
        ids = iter([mention.external_id for mention, _ in items if mention.source == name])
        while some := list(islice(ids, 1000)):
            marks = ",".join("?" * len(some))
            queries = [f"SELECT external_id, {_STORED} FROM mentions m WHERE source = ? AND external_id IN ({marks})"]  # noqa: S608 - our own names
            if renamed:
                queries.append(
                    f"SELECT i.external_id, {_STORED} FROM identities i JOIN mentions m ON m.id = i.mention"  # noqa: S608 - our own names
                    f" WHERE i.source = ? AND i.external_id IN ({marks})"
                )
            for query in queries:
                for external_id, *rest in connection.execute(query, (source, *some)):
                    known[name, external_id] = Stored(*rest)
    return known


def moved(connection: Connection, items: list[Item], sources: dict[str, int]) -> dict[tuple[str, str], Stored]:
    """Items under a new id that are known under another: the same author's same words at the same address. The id is noted."""
    query = f"""SELECT {_STORED} FROM addresses a JOIN mentions m ON m.id = a.mention
        WHERE a.key = ? AND m.source = ? AND m.title = ? AND m.text = ? AND m.author = ? ORDER BY m.id"""  # noqa: S608 - our own names
    moved = {}
    for mention, _ in items:
        if not mention.url:
            continue
        at = (address_key(mention.url), sources[mention.source], mention.title, mention.text, mention.author)
        for row in connection.execute(query, at).fetchall():
            stored = Stored(*row)
            if is_same_item(as_mention(stored, mention.source, ""), mention):
                moved[mention.source, mention.external_id] = stored
                connection.execute(
                    "INSERT INTO identities VALUES (?, ?, ?)", (sources[mention.source], mention.external_id, stored.id)
                )
                break
    return moved


def told_apart(items: list[Item]) -> tuple[list[Item], list[Item]]:
    """Part new items from those that are the same again, under another id."""
    first: dict[tuple[str, int, str, str, str], Mention] = {}
    fresh, twice = [], []
    for item in items:
        one = item[0]
        if one.url:
            known = first.setdefault((one.source, address_key(one.url), one.title, one.text, one.author), one)
            if known is not one and is_same_item(known, one):
                twice.append(item)
                continue
        fresh.append(item)
    return fresh, twice
