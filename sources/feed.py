"""RSS, RDF and Atom feeds in all their broken variants."""

import calendar
import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import feedparser

from sources.address import permalink
from sources.dates import DateError, DateReader, is_plausible
from sources.http import Gateway, Response, retry_after
from sources.mention import Mention, Voice
from sources.plain_text import one_line, plain_text
from sources.source import Batch, Cursor, MalformedError, Skipped

_ACCEPT = "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"
_LONGEST_WAIT = timedelta(days=1)
_CLOCK_SKEW = timedelta(hours=1)
_MAX_AGE = re.compile(r"(?<![\w-])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_MARKUP = ("text/html", "application/xhtml+xml")
_PARSER_FAILURES = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)


class FeedSource:
    """One feed, fetched only when it changed."""

    def __init__(self, id: str, url: str, gateway: Gateway, voice: Voice = "customer") -> None:  # noqa: A002 -- the contract's word
        self._id = id
        self._url = url
        self._gateway = gateway
        self._voice = voice

    @property
    def id(self) -> str:
        """Stable identity of the feed."""
        return self._id

    def collect(self, cursor: Cursor, now: datetime) -> Batch:
        """Bring the feed's entries, or nothing when it has not changed since `cursor`.

        Raises:
            SourceError: the feed could not be fetched, or what came is no feed.
        """
        known = cursor if cursor.get("url") == self._url else {}
        response = self._gateway.get(self._url, {"Accept": _ACCEPT, **_conditions(known)}, now)
        if response.status == 304:
            return Batch(cursor=dict(known), wait=_wait(response, "", now), moved_to=response.permanent_url)
        parsed = _parse(response)
        mentions, skipped = _mentions(parsed["entries"], self._id, self._voice, now)
        return Batch(
            mentions=mentions,
            skipped=skipped,
            cursor={
                "url": self._url,
                "etag": response.headers.get("ETag", ""),
                "last_modified": response.headers.get("Last-Modified", ""),
            },
            wait=_wait(response, _string(parsed["feed"], "ttl"), now),
            moved_to=response.permanent_url,
        )


def _conditions(cursor: Cursor) -> dict[str, str]:
    asked = {"If-None-Match": cursor.get("etag"), "If-Modified-Since": cursor.get("last_modified")}
    return {header: str(value) for header, value in asked.items() if value}


def _wait(response: Response, ttl: str, now: datetime) -> timedelta | None:
    """The longest of the waits that the place asks for, up to a day. `ttl` is in minutes (RSS 2.0)."""
    waits = [retry_after(response.headers.get("Retry-After", ""), now)]
    fresh = _MAX_AGE.search(response.headers.get("Cache-Control", ""))
    if fresh:
        age = response.headers.get("Age", "").strip()
        waits.append(timedelta(seconds=max(0, int(fresh[1]) - (int(age[:9]) if age.isdecimal() else 0))))
    if ttl.isdecimal():
        waits.append(timedelta(minutes=int(ttl[:9])))
    longest = max((wait for wait in waits if wait), default=None)
    return None if longest is None else min(longest, _LONGEST_WAIT)


def _parse(response: Response) -> Any:
    headers = {"content-type": response.headers.get("Content-Type", ""), "content-location": response.url}
    try:
        parsed = feedparser.parse(_Body(response.body), response_headers=headers)
    except _PARSER_FAILURES as error:
        raise _malformed(response) from error
    if parsed["entries"]:
        return parsed
    broken = parsed.get("bozo_exception")
    encoding_only = isinstance(broken, feedparser.CharacterEncodingOverride | feedparser.NonXMLContentType)
    if not parsed.get("version") or (broken is not None and not encoding_only):
        raise _malformed(response) from broken
    return parsed


class _Body:
    """Bytes as a file: feedparser fetches nothing and opens nothing when it is given one."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def read(self) -> bytes:
        return self._body


def _mentions(entries: list[Any], source: str, voice: Voice, now: datetime) -> tuple[tuple[Mention, ...], tuple[Skipped, ...]]:
    mentions: dict[str, Mention] = {}
    skipped: list[Skipped] = []
    for entry in entries:
        mention = _mention(entry, source, voice, now)
        if not mention.body:
            skipped.append(Skipped("the entry has neither title nor text", mention.url or mention.external_id))
        elif mention.external_id in mentions:
            skipped.append(Skipped("another entry of the feed has the same identity", mention.external_id))
        else:
            mentions[mention.external_id] = mention
    return tuple(mentions.values()), tuple(skipped)


def _mention(entry: Any, source: str, voice: Voice, now: datetime) -> Mention:
    title = one_line(_text(entry.get("title_detail") or {"value": _string(entry, "title"), "type": "text/plain"}))
    text = max((_text(content) for content in entry.get("content") or ()), key=len, default="")
    if not text:
        text = _text(entry.get("summary_detail") or {"value": _string(entry, "summary"), "type": "text/html"})
    link = _string(entry, "link")
    url = permalink(link) if link.lower().startswith(("http://", "https://")) else ""
    published, raw_published = _published(entry, now)
    return Mention(
        source=source,
        external_id=_string(entry, "id") or url or hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()[:32],
        text=text,
        title=title,
        url=url,
        author=one_line(_author(entry)),
        published=published,
        raw_published=raw_published,
        voice=voice,
    )


def _published(entry: Any, now: datetime) -> tuple[datetime, str]:
    """When the entry was published, falling back to updated, then to `now`; and the date as the feed wrote it."""
    raw_first = ""
    for name in ("published", "updated"):
        # feedparser warns when a missing "updated" is read; `in` does not.
        if name not in entry:
            continue
        raw = _string(entry, name)
        raw_first = raw_first or raw
        moment = _moment(entry.get(f"{name}_parsed"), raw)
        if moment is not None:
            return (moment if moment <= now + _CLOCK_SKEW else now), raw
    return now, raw_first


def _moment(parsed: Any, raw: str) -> datetime | None:
    try:
        if parsed is not None:
            moment = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
            return moment if is_plausible(moment) else None
        return DateReader().read(raw)
    except (DateError, ValueError, OverflowError, OSError):
        return None


def _author(entry: Any) -> str:
    detail = entry.get("author_detail") or {}
    return _string(detail, "name") or _string(entry, "author")


def _text(detail: Mapping[str, Any]) -> str:
    value = _string(detail, "value")
    if detail.get("type") in _MARKUP:
        return plain_text(value)
    return "\n".join(line for line in map(one_line, value.splitlines()) if line)


def _string(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    # A lone surrogate from a broken character reference can be neither hashed nor stored.
    return value.strip().encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _malformed(response: Response) -> MalformedError:
    start = response.body[:200_000].lstrip(b"\xef\xbb\xbf \t\r\n").decode("utf-8", "replace")
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    remedy = "give the address of an RSS or Atom feed"
    if not start:
        return MalformedError("an empty body came instead of a feed", remedy="open the address in a browser; " + remedy)
    if start.lower().startswith(("<!doctype html", "<html")) or kind == "text/html":
        offered = ", ".join(_offered_feeds(start, response.url))
        return MalformedError(
            "an HTML page came instead of a feed", remedy=f"the page offers these feeds: {offered}" if offered else remedy
        )
    if start[0] in "{[":
        return MalformedError("JSON came instead of a feed", remedy=remedy)
    if start.startswith("<"):
        return MalformedError("XML without any readable entry came instead of a feed", remedy=remedy)
    return MalformedError(f"{kind or 'something without a content type'} came instead of a feed", remedy=remedy)


def _offered_feeds(page: str, base: str) -> Iterator[str]:
    finder = _FeedLinks()
    with suppress(AssertionError):  # a page with a broken declaration offers what was found before it
        finder.feed(page)
    for link in finder.found[:3]:
        try:
            yield urljoin(base, link)
        except ValueError:
            continue


class _FeedLinks(HTMLParser):
    """Collects `<link rel="alternate" type="application/rss+xml">` (RSS autodiscovery)."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "link" and given.get("type", "").lower() in ("application/rss+xml", "application/atom+xml") and given.get("href"):
            self.found.append(given["href"])
