"""Identities of what was deleted where it was published, so that a cache or a repeated import does not bring it back."""

import json
from collections.abc import Iterable
from sqlite3 import Connection


def buried(connection: Connection, identities: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of `identities`, each a source's name and an external id, that must not come back."""
    if connection.execute("SELECT 1 FROM tombstones LIMIT 1").fetchone() is None:
        return set()
    rows = connection.execute(
        """SELECT s.name, t.external_id FROM json_each(?) asked JOIN sources s ON s.name = json_extract(asked.value, '$[0]')
        JOIN tombstones t ON t.source = s.id AND t.external_id = json_extract(asked.value, '$[1]')""",
        (json.dumps(list(identities)),),
    )
    return {(source, external_id) for source, external_id in rows}
