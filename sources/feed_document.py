"""A feed from an answer of the network: which format it is, and what it is when it is none."""

from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from urllib.parse import urljoin

from sources.characters import decode
from sources.feed_entry import Feed, NoFeedError
from sources.http import Response
from sources.plain_text import closed
from sources.source import MalformedError

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")
_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_START = 200_000


def parse_feed(response: Response) -> Feed:
    """Read the feed that an answer holds.

    Raises:
        MalformedError: it holds none; says what it holds, and which feeds a page offers.
    """
    from sources.json_feed import parse_json  # noqa: PLC0415 - a kind of feed is loaded when one comes
    from sources.xml_feed import parse_xml  # noqa: PLC0415 - feedparser is slow to load

    content_type = response.headers.get("Content-Type", "").lower()
    document = decode(response.body, content_type).lstrip("\ufeff \t\r\n")
    parse = parse_json if "json" in content_type or document.startswith("{") else parse_xml
    try:
        return parse(document, response.url)
    except NoFeedError as error:
        raise _malformed(response, document[:_START]) from error


def offered_feeds(page: str, base: str) -> tuple[str, ...]:
    """Addresses of the feeds that an HTML page offers with `<link rel="alternate">`, in its order."""
    reader = _FeedLinks()
    with suppress(AssertionError):  # what stands before a declaration that the parser gives up on is kept
        reader.feed(closed(page))
    return tuple(dict.fromkeys(_absolute(reader.base, base, reader.found)))


def media_type(response: Response) -> str:
    """The content type without its parameters; empty where the place gives none."""
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def is_page(response: Response, start: str) -> bool:
    """Whether an answer whose text begins so is an HTML page."""
    return media_type(response) in _PAGE_TYPES or start.lstrip()[:15].lower().startswith(("<!doctype html", "<html"))


def _malformed(response: Response, start: str) -> MalformedError:
    remedy = "give the address of an RSS or Atom feed, or of a JSON feed"
    if not response.body:
        return MalformedError("an empty body came instead of a feed", remedy="open the address in a browser; " + remedy)
    if is_page(response, start):
        offered = ", ".join(offered_feeds(start, response.url)[:3])
        return MalformedError(
            "an HTML page came instead of a feed", remedy=f"the page offers these feeds: {offered}" if offered else remedy
        )
    if start.startswith(("{", "[")):
        return MalformedError("JSON that is no feed came instead of a feed", remedy=remedy)
    if start.startswith("<"):
        return MalformedError("XML without any readable entry came instead of a feed", remedy=remedy)
    return MalformedError(f"{media_type(response) or 'something without a content type'} came instead of a feed", remedy=remedy)


def _absolute(base: str, url: str, links: list[str]) -> Iterator[str]:
    for link in links:
        with suppress(ValueError):
            found = urljoin(urljoin(url, base), link)
            if found.startswith(("http://", "https://")):
                yield found


class _FeedLinks(HTMLParser):
    """Collects the links of RSS autodiscovery, and the page's `<base>`."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.base = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: (value or "").strip() for name, value in attrs}
        if tag == "base":
            self.base = self.base or given.get("href", "")
        if tag == "link" and given.get("type", "").lower() in _FEED_TYPES and given.get("href"):
            rel = given.get("rel", "alternate").lower().split()
            if "alternate" in rel or "feed" in rel:
                self.found.append(given["href"])
