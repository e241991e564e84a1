"""RSS, RDF and Atom in all their broken variants, through feedparser."""

import calendar
import re
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import feedparser

from sources.feed_entry import Date, Entry, Feed, NoFeedError
from sources.plain_text import closed, one_line, plain_text, printable

_MARKUP = ("text/html", "application/xhtml+xml")
_YEAR_TOLD = re.compile(r"^\d{4}(?:-[\dWw-]+)?$|^[ -~]*\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[ -~]*$", re.IGNORECASE)
_LONGEST_DATE = 100
_CLOSED = re.compile(r"</(?:[\w.-]+:)?(?:feed|rss|rdf)\s*>\s*\Z", re.IGNORECASE)
_FRAME = re.compile(r"<(/?)(?:[\w.-]+:)?(?:(item|entry)|channel|feed|rss|rdf)\b(?![^<>]*/>)", re.IGNORECASE)
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));")
_PARSER_FAILURES = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)


def parse_xml(document: str, url: str) -> Feed:
    """Read a feed that came from `url`. One that is broken yields the entries that can be read, one that is cut off the whole ones.

    Raises:
        NoFeedError: it is no feed, or broken before its first entry.
    """
    # We make plain text ourselves, so markup need not be made harmless and addresses within it need not be made absolute:
    # that takes three quarters of the time. Bytes in a file object are never taken for an address or a path.
    end = _cut(document)
    document = document[:end]
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        parsed = feedparser.parse(
            BytesIO(_REFERENCE.sub(_valid, printable(closed(document))).encode()),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
        entries = tuple(_entry(one) for one in parsed["entries"])
        ttl = _string(parsed["feed"], "ttl")
    except _PARSER_FAILURES as error:
        raise NoFeedError(f"the parser failed: {error}") from error
    if not entries and end is None and (not parsed.get("version") or parsed.get("bozo")):
        raise NoFeedError("no entry can be read") from parsed.get("bozo_exception")
    return Feed(entries, int(ttl[:9]) if ttl.isdecimal() else 0, cut=end is not None)


def _cut(document: str) -> int | None:
    """Where the item begins in whose midst the document ends; None where it ends outside of one."""
    if _CLOSED.search(document[-200:]):
        return None
    last = next(iter(deque(_FRAME.finditer(document), maxlen=1)), None)
    return last.start() if last is not None and last[2] and not last[1] else None


def _valid(reference: re.Match[str]) -> str:
    """A reference to a character that XML allows; one to half a surrogate would cost the whole feed."""
    code = int(reference[1][:9], 16) if reference[1] else int(reference[2][:9])
    allowed = code in (0x9, 0xA, 0xD) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
    return reference[0] if allowed else ""


def _entry(entry: Any) -> Entry:
    text = max((_text(content) for content in entry.get("content") or ()), key=len, default="")
    if not text:
        text = _text(entry.get("summary_detail") or {"value": _string(entry, "summary"), "type": "text/html"})
    detail = entry.get("author_detail") or {}
    return Entry(
        id=_string(entry, "id"),
        title=one_line(_text(entry.get("title_detail") or {"value": _string(entry, "title"), "type": "text/plain"})),
        text=text,
        link=_string(entry, "link"),
        author=one_line(_string(detail, "name") or _string(entry, "author")),
        published=_date(entry, "published"),
        updated=_date(entry, "updated"),
    )


def _date(entry: Any, name: str) -> Date | None:
    # feedparser warns when a missing "updated" is read; `in` does not.
    if name not in entry:
        return None
    raw, parsed = _string(entry, name), entry.get(f"{name}_parsed")
    # feedparser finds a date in nearly anything: 1725000000 is 30 November 1724 to it.
    if parsed is None or len(raw) > _LONGEST_DATE or not _YEAR_TOLD.search(raw) or str(parsed[0]) not in raw:
        return Date(raw)
    try:
        return Date(raw, datetime.fromtimestamp(calendar.timegm(parsed), UTC))
    except (ValueError, OverflowError, OSError):
        return Date(raw)


def _text(detail: Mapping[str, Any]) -> str:
    value = _string(detail, "value")
    if detail.get("type") in _MARKUP:
        return plain_text(value)
    return "\n".join(line for line in map(one_line, value.splitlines()) if line)


def _string(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return printable(value).strip() if isinstance(value, str) else ""
