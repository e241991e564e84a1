"""Stored mentions as queries see them."""

import json
from collections.abc import Sequence
from typing import Any

from monitor.storage.connection import moment
from sources.mention import Mention

QUERIED = "s.name, m.external_id, m.url, m.title, m.text, m.author, m.published, m.voice, m.language, m.attributes"
"""The columns of mention m of source s that `mention_of` takes."""


def mention_of(row: Sequence[Any]) -> Mention:
    """Return the mention of a row of `QUERIED`."""
    source, external_id, url, title, text, author, published, voice, language, attributes = row
    return Mention(
        source,
        external_id,
        text,
        moment(published),
        title=title,
        url=url,
        author=author,
        voice=voice,
        language=language,
        attributes=json.loads(attributes) if attributes != "{}" else {},
    )
