"""HTML pages that came whole, as far as anybody can tell."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sources.characters import decode
from sources.feed_document import is_page
from sources.http import Gateway, Response, shown
from sources.plain_text import page_text
from sources.source import TemporaryError

_TAG = re.compile(r"<(/?[a-zA-Z][\w-]*)")
_LAST_TAGS = 10
# HTML lets nobody leave out the ends of these.
_CLOSED = ("article", "div", "main", "nav", "ol", "section", "table", "ul")


def fetch_page(gateway: Gateway, url: str, headers: Mapping[str, str], now: datetime) -> tuple[Response, str]:
    """Fetch what is at `url`; returns the answer and its characters.

    A page whose length the place does not say ends where the connection does, and so does one that was cut off. It counts as
    whole when it ends as HTML does or, asked for once more, says the same or ends with the same tags and closes what it opened.

    Raises:
        SourceError: as `Gateway.get`; TemporaryError also where two answers end in two places.
    """
    response, page = _fetch(gateway, url, headers, now)
    if _may_be_cut_off(response, page):
        former = page
        response, page = _fetch(gateway, url, headers, now)
        if _may_be_cut_off(response, page) and not _end_alike(former, page) and page_text(page) != page_text(former):
            raise TemporaryError(f"{shown(url)} was cut off")
    return response, page


def _fetch(gateway: Gateway, url: str, headers: Mapping[str, str], now: datetime) -> tuple[Response, str]:
    response = gateway.get(url, headers, now)
    return response, decode(response.body, response.headers.get("Content-Type", ""))


def _may_be_cut_off(response: Response, page: str) -> bool:
    says_its_length = response.status == 304 or "Content-Length" in response.headers or "Transfer-Encoding" in response.headers
    return not says_its_length and is_page(response, page[:100]) and "</html" not in page.lower()


def _end_alike(former: str, page: str) -> bool:
    """Whether both end with the same tags, nothing after them and nothing left open.

    What cuts a page off seldom does so there, let alone twice; but a page that comes row by row ends after a row.
    """
    tags, former_tags = ([name.lower() for name in _TAG.findall(one)] for one in (page, former))
    ends = all(one.rstrip().endswith(">") for one in (former, page))
    return ends and tags[-_LAST_TAGS:] == former_tags[-_LAST_TAGS:] and all(map(_is_closed, (tags, former_tags)))


def _is_closed(tags: Sequence[str]) -> bool:
    count = Counter(tags)
    return all(count[name] <= count[f"/{name}"] for name in _CLOSED)
