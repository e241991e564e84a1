"""Text as SQLite can hold it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

from monitor.storage.values import Match
from monitor.stories import is_nobody
from sources.mention import Mention

Item = tuple[Mention, Sequence[Match]]
_WRITTEN = ("external_id", "title", "text", "author", "url", "parent", "raw_published", "language")
_written = attrgetter(*_WRITTEN)
_UNSTORABLE = {0: " ", **dict.fromkeys(range(0xD800, 0xE000), "?")}


def storable(text: str) -> str:
    """Return `text` as SQLite can hold it, equally long: half a surrogate pair becomes "?", a NUL byte a space."""
    return text if _is_storable(text) else text.translate(_UNSTORABLE)


def _is_storable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def storable_items(items: Iterable[Item]) -> list[Item]:
    """What cannot be stored as it came is mended, and "Anonymous" is many people, not one author."""
    items = [(replace(one, author=""), matches) if is_nobody(one.author) else (one, matches) for one, matches in items]
    parts = [part or "" for one, _ in items for part in _written(one)]
    parts += [part for one, _ in items if one.attributes for pair in one.attributes.items() for part in pair]
    return items if _is_storable("".join(parts)) else [(_mended(one), matches) for one, matches in items]


def _mended(mention: Mention) -> Mention:
    said: dict[str, Any] = {name: storable(value) for name in _WRITTEN if (value := getattr(mention, name))}
    return replace(mention, **said, attributes={storable(name): storable(value) for name, value in mention.attributes.items()})
