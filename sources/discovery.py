"""Finding the feeds of a web page."""

from contextlib import suppress
from datetime import datetime
from urllib.parse import urljoin

from sources.characters import decode
from sources.feed_document import is_page, offered_feeds, parse_feed
from sources.http import Gateway, Response
from sources.source import DeniedError, GoneError, MalformedError, RateLimitedError

WELL_KNOWN = ("/feed", "/rss.xml", "/atom.xml", "/feed.json")


def discover(url: str, gateway: Gateway, now: datetime) -> tuple[str, ...]:
    """Return the feed addresses of a page: its own when it is a feed, those that it names, else the first well-known one.

    Well-known paths are asked one after the other, and no more once one is a feed or the place asks us to wait.

    Raises:
        SourceError: the page could not be fetched.
    """
    response = gateway.get(url, {"Accept": "text/html, */*;q=0.5"}, now)
    page = decode(response.body, response.headers.get("Content-Type", ""))
    if not is_page(response, page) and _is_feed(response):
        return (response.permanent_url or url,)
    return offered_feeds(page, response.url) or _well_known(response.url, gateway, now)


def _well_known(base: str, gateway: Gateway, now: datetime) -> tuple[str, ...]:
    for path in WELL_KNOWN:
        try:
            response = gateway.get(urljoin(base, path), {}, now)
        except RateLimitedError:
            break
        except (DeniedError, GoneError, MalformedError):
            continue
        if _is_feed(response):
            return (response.permanent_url or urljoin(base, path),)
    return ()


def _is_feed(response: Response) -> bool:
    with suppress(MalformedError):
        return parse_feed(response) is not None
    return False
