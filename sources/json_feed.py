"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from sources.feed_entry import Date, Entry, Feed, NoFeedError
from sources.plain_text import one_line, plain_text, printable

_VERSION = "jsonfeed.org/version/"
_CONTENTS = ("content_html", "content_text")


def parse_json(document: str, url: str) -> Feed:
    """Read a feed that came from `url`. One without its version is known by the content of its items.

    Raises:
        NoFeedError: it is no JSON, or another kind of JSON.
    """
    try:
        found = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise NoFeedError(f"no JSON: {error}") from error
    items = found.get("items") if isinstance(found, dict) else None
    if not isinstance(items, list):
        raise NoFeedError("JSON without a list of items")
    items = [item for item in items if isinstance(item, dict)]
    if _VERSION not in _string(found, "version") and not any(name in item for item in items for name in _CONTENTS):
        raise NoFeedError("JSON of another kind")
    author = _author(found)
    return Feed(tuple(_entry(item, url, author) for item in items))


def _entry(item: Mapping[str, Any], base: str, author: str) -> Entry:
    contents = (plain_text(_string(item, "content_html")), _lines(_string(item, "content_text")))
    return Entry(
        id=_string(item, "id"),
        title=one_line(_string(item, "title")),
        text=max(contents, key=len) or _lines(_string(item, "summary")),
        link=_absolute(base, _string(item, "url") or _string(item, "external_url")),
        author=_author(item) or author,
        published=_date(item, "date_published"),
        updated=_date(item, "date_modified"),
    )


def _date(item: Mapping[str, Any], name: str) -> Date | None:
    raw = _string(item, name)
    return Date(raw) if raw else None


def _author(values: Mapping[str, Any]) -> str:
    """The first named author: a list since 1.1, one in 1.0."""
    authors = values.get("authors")
    named = [*authors, values.get("author")] if isinstance(authors, list) else [values.get("author")]
    return next((one_line(name) for one in named if isinstance(one, dict) and (name := _string(one, "name"))), "")


def _absolute(base: str, link: str) -> str:
    try:
        return urljoin(base, link) if link else ""
    except ValueError:
        return ""


def _lines(text: str) -> str:
    return "\n".join(line for line in map(one_line, text.splitlines()) if line)


def _string(values: Mapping[str, Any], name: str) -> str:
    """A text; a number as text, because many write ids so."""
    value = values.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        # Digits without end are a number to JSON, but not to str().
        return str(value) if abs(value) < 10**40 else ""
    return printable(value).strip() if isinstance(value, str) else ""
