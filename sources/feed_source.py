"""One feed over time: fetched only when it changed, read, and made into mentions."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sources.address import permalink
from sources.apart import Apart, here
from sources.article import complete, is_pending
from sources.dates import DateError, DateReader, is_plausible, settle_order
from sources.feed_document import parse_feed
from sources.feed_entry import Date, Entry
from sources.http import Gateway, Response, retry_after
from sources.mention import Mention, Voice
from sources.source import Batch, Cursor, Skipped, TemporaryError

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, application/xml;q=0.8,"
    " text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
_LONGEST_WAIT = timedelta(days=1)
_CLOCK_SKEW = timedelta(hours=1)
_REMEMBERED = 200
_CUT = "the feed was cut off: the entries before that were read, the others are asked for again"
_FULL = 4
_MAX_AGE = re.compile(r"(?<![\w-])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


class FeedSource:
    """One feed. With `full_text`, the page behind each entry is fetched, too."""

    def __init__(
        self,
        id: str,  # noqa: A002 -- the contract's word
        url: str,
        gateway: Gateway,
        voice: Voice = "customer",
        *,
        full_text: bool = False,
        apart: Apart = here,
    ) -> None:
        self._id = id
        self._url = url
        self._gateway = gateway
        self._voice = voice
        self._full_text = full_text
        self._apart = apart

    @property
    def id(self) -> str:
        """Stable identity of the feed."""
        return self._id

    def collect(self, cursor: Cursor, now: datetime) -> Batch:
        """Bring the feed's entries, or nothing when it has not changed since `cursor`.

        Raises:
            SourceError: the feed could not be fetched, or what came is no feed.
        """
        articles = cursor.get("articles", {}) if self._full_text else {}
        known = cursor if cursor.get("url") == self._url and not is_pending(articles) else {}
        response = self._gateway.get(self._url, {"Accept": _ACCEPT, **_conditions(known)}, now)
        body = "" if response.status == 304 else hashlib.sha256(response.body).hexdigest()
        if response.status == 304 or body == known.get("body"):
            # Many places give no validators, or new ones for the same bytes.
            stamps = {} if response.status == 304 else _stamps(response)
            wait = _wait(response, int(known.get("ttl", 0)), now)
            return Batch(cursor={**cursor, **stamps}, wait=wait, moved_to=response.permanent_url)
        ttl, cut, mentions, skipped, undated = self._apart(_read, response, self._id, self._voice, cursor.get("undated", {}), now)
        if cut and not mentions:
            raise TemporaryError("the feed was cut off before its first entry was whole")
        shown = _shown(mentions)
        missed = _CUT if cut else _rolled_over(cursor.get("shown", ()), shown)
        made: dict[str, Any] = {
            "url": self._url,
            "body": body,
            "ttl": ttl,
            "undated": undated,
            "shown": shown,
            **_stamps(response),
        }
        if cut:
            # Half a feed is not to be known by the marks of the whole one, nor the next one compared with it.
            made |= {"body": "", "shown": cursor.get("shown", []), "etag": "", "last_modified": ""}
        if self._full_text:
            mentions, made["articles"] = complete(mentions, articles, self._gateway, now)
        return Batch(
            mentions,
            made,
            skipped,
            heard="partial" if missed else "ok",
            reason=missed,
            wait=_wait(response, ttl, now),
            moved_to=response.permanent_url,
        )


def _conditions(cursor: Cursor) -> dict[str, str]:
    asked = {"If-None-Match": cursor.get("etag"), "If-Modified-Since": cursor.get("last_modified")}
    return {header: str(value) for header, value in asked.items() if value}


def _stamps(response: Response) -> dict[str, str]:
    return {"etag": response.headers.get("ETag", ""), "last_modified": response.headers.get("Last-Modified", "")}


def _wait(response: Response, ttl: int, now: datetime) -> timedelta | None:
    """The longest of the waits that the place asks for, up to a day. `ttl` is in minutes (RSS 2.0)."""
    waits = [retry_after(response.headers.get("Retry-After", ""), now), timedelta(minutes=ttl)]
    fresh = _MAX_AGE.search(response.headers.get("Cache-Control", ""))
    if fresh:
        age = response.headers.get("Age", "").strip()
        waits.append(timedelta(seconds=max(0, int(fresh[1]) - (int(age[:9]) if age.isdecimal() else 0))))
    longest = max((wait for wait in waits if wait), default=None)
    return None if longest is None else min(longest, _LONGEST_WAIT)


def _read(
    response: Response, source: str, voice: Voice, undated: Mapping[str, str], now: datetime
) -> tuple[int, bool, tuple[Mention, ...], tuple[Skipped, ...], dict[str, str]]:
    """The feed's `ttl`, whether it was cut off, and what `_mentions` makes of its entries."""
    feed = parse_feed(response)
    return feed.ttl, feed.cut, *_mentions(feed.entries, source, voice, undated, now)


def _mentions(
    entries: Sequence[Entry], source: str, voice: Voice, undated: Mapping[str, str], now: datetime
) -> tuple[tuple[Mention, ...], tuple[Skipped, ...], dict[str, str]]:
    """The entries as mentions; those that are left out, and why; and when those without a date of their own were first seen."""
    reader = DateReader(order=settle_order(date.raw for entry in entries for date in entry.dates))
    mentions: dict[str, Mention] = {}
    skipped: list[Skipped] = []
    first_seen: dict[str, str] = {}
    for entry in entries:
        url = permalink(entry.link) if entry.link.lower().startswith(("http://", "https://")) else ""
        identity = entry.id or url or hashlib.sha256(f"{entry.title}\n{entry.text}".encode()).hexdigest()[:32]
        if not (entry.title or entry.text):
            skipped.append(Skipped("the entry has neither title nor text", url or identity))
            continue
        if identity in mentions:
            skipped.append(Skipped("another entry of the feed has the same identity", identity))
            continue
        published, raw = _published(entry, reader, now)
        if published is None:
            key = _key(identity)
            first_seen[key] = undated.get(key, now.isoformat())
            published = datetime.fromisoformat(first_seen[key])
        mentions[identity] = Mention(
            source=source,
            external_id=identity,
            text=entry.text,
            title=entry.title,
            url=entry.link if url else "",
            author=entry.author,
            published=published,
            raw_published=raw,
            updated=_moment(entry.updated, reader) if entry.updated else None,
            voice=voice,
        )
    return tuple(mentions.values()), tuple(skipped), first_seen


def _shown(mentions: Sequence[Mention]) -> list[str]:
    """Short digests of what a feed shows, by identity and by address, for either may change."""
    names = {name for one in mentions[:_REMEMBERED] for name in (one.external_id, permalink(one.url)) if name}
    return sorted(_key(name)[:8] for name in names)


def _rolled_over(before: Sequence[str], shown: Sequence[str]) -> str:
    """Why entries may have come and gone between two looks, or "": a full feed that shows nothing of what it showed."""
    if len(before) < _FULL or len(shown) < len(before) or not set(before).isdisjoint(shown):
        return ""
    return "every entry is new since the last look, and others may have come and gone in between; ask more often with `every`"


def _key(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def _published(entry: Entry, reader: DateReader, now: datetime) -> tuple[datetime | None, str]:
    """When the entry was published, falling back to updated; and the date as the feed wrote it. A date yet to come is none."""
    for date in entry.dates:
        moment = _moment(date, reader)
        if moment is not None:
            return (moment if moment <= now + _CLOCK_SKEW else None), date.raw
    return None, next((date.raw for date in entry.dates), "")


def _moment(date: Date, reader: DateReader) -> datetime | None:
    try:
        return reader.read(date.raw)
    except DateError:
        return date.guess if date.guess is not None and is_plausible(date.guess) else None
