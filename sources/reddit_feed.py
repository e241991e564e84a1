"""Reddit's feeds: what the places of the ladder below the API let everybody read."""

import calendar
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import feedparser

from sources.http import Gateway, Response
from sources.plain_text import one_line, plain_text
from sources.reddit import RedditOptions
from sources.reddit_network import Allowance, check
from sources.reddit_things import Thing, author_name, is_withdrawn, permalink
from sources.source import DeniedError, MalformedError, TemporaryError

FEED = "PROMISEWATCH_REDDIT_FEED"
FULL_FEED = 25
"""A feed that shows fewer than these shows all there is."""

_WRITTEN = re.compile(r"<!-- SC_OFF -->(.*?)<!-- SC_ON -->", re.DOTALL)
_FULL_NAME = re.compile(r"t[13]_[a-z0-9]+")
_ABOUT = re.compile(r"^/?u/\S+ on ", re.IGNORECASE)
_PARSER_FAILURES = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)


def feeds(options: RedditOptions) -> dict[str, tuple[str, Mapping[str, str]]]:
    """Return every feed that the options ask for: its name, its path and its parameters."""
    joined = "+".join(options.subreddits)
    found: dict[str, tuple[str, Mapping[str, str]]] = {}
    if joined:
        found[f"r/{joined}/new"] = (f"/r/{joined}/new/.rss", {})
    if joined and options.comments:
        found[f"r/{joined}/comments"] = (f"/r/{joined}/comments/.rss", {})
    found |= {f"search {term}": ("/search.rss", {"q": term, "sort": "new"}) for term in options.search}
    return found | {f"u/{user}": (f"/user/{user}/.rss", {}) for user in options.users}


def token(private_address: str) -> dict[str, str]:
    """Return the parameters that make a feed personal, from an address that reddit.com/prefs/feeds shows.

    Raises:
        DeniedError: the address holds none.
    """
    given = parse_qs(urlsplit(private_address.strip()).query)
    if not given.get("feed") or not given.get("user"):
        raise DeniedError(
            f"{FEED} holds no personal feed",
            remedy="copy the whole address of an RSS feed from reddit.com/prefs/feeds: it has feed= and user=",
        )
    return {"feed": given["feed"][0], "user": given["user"][0]}


class RedditFeeds:
    """One collection's readings of feeds."""

    def __init__(self, options: RedditOptions, gateway: Gateway, now: datetime, personal: Mapping[str, str]) -> None:
        self._base = options.reddit_url.rstrip("/")
        self._gateway = gateway
        self._now = now
        self._personal = personal
        self.allowance = Allowance()

    def things(self, path: str, parameters: Mapping[str, str]) -> list[Thing]:
        """Return the posts or comments that a feed shows, newest first."""
        self.allowance.check(self._now)
        query = urlencode({**parameters, "limit": "100", **self._personal})
        answer = self._gateway.exchange("GET", f"{self._base}{path}?{query}", {"Accept": "application/atom+xml"})
        self.allowance.heard(answer.headers, self._now)
        check(answer, self._now)
        return [_thing(entry, self._now) for entry in _entries(answer) if _FULL_NAME.fullmatch(str(entry.get("id", "")))]


def _entries(answer: Response) -> list[Any]:
    start = answer.body.lstrip()[:200].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise TemporaryError("Reddit answered with a page for people instead of a feed")
    try:
        parsed = feedparser.parse(_Body(answer.body), sanitize_html=False, resolve_relative_uris=False)
    except _PARSER_FAILURES as error:
        raise MalformedError("what came is no feed", remedy="check reddit_url") from error
    if not start.startswith(b"<") or not parsed.get("version"):
        raise MalformedError("what came is no feed", remedy="check reddit_url")
    if not answer.body.rstrip().endswith(b">") or (parsed.get("bozo") and b"</feed>" not in answer.body[-200:]):
        raise TemporaryError("the feed was cut off")
    return list(parsed["entries"])


class _Body:
    """Bytes as a file: feedparser fetches nothing and opens nothing when it is given one."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def read(self) -> bytes:
        return self._body


def _thing(entry: Any, now: datetime) -> Thing:
    stamp = entry.get("published_parsed") or entry.get("updated_parsed")
    html = next((str(one.get("value", "")) for one in entry.get("content") or ()), "")
    text = "\n".join(map(plain_text, _WRITTEN.findall(html)))
    title = one_line(str(entry.get("title", "")))
    identity = str(entry["id"])
    post = identity.startswith("t3_")
    subreddit = next((str(one.get("term", "")) for one in entry.get("tags") or ()), "")
    return Thing(
        id=identity,
        created=datetime.fromtimestamp(calendar.timegm(stamp), UTC) if stamp else now,
        author=author_name(entry.get("author")),
        title=title if post else "",
        text=text,
        url=permalink(entry.get("link")),
        subreddit=subreddit,
        # A feed tells only the title of what a comment stands under.
        parent="" if post else _ABOUT.sub("", title),
        removed=is_withdrawn(text) or (post and is_withdrawn(title)),
    )
