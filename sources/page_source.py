"""Web pages over time: a capture whenever what a page says has changed."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sources.address import canonical
from sources.feed_document import is_page
from sources.http import Gateway, Response, shown
from sources.mention import Mention
from sources.plain_text import page_text
from sources.source import Batch, Cursor, MalformedError, RateLimitedError, SourceError
from sources.whole_page import fetch_page


class PageSource:
    """Pages of one brand. A capture's identity is the page's address and a digest of all its wordings so far.

    So a wording that comes back after another one is a capture of its own, and one that stays is none.
    """

    def __init__(self, id: str, urls: Sequence[str], gateway: Gateway) -> None:  # noqa: A002 -- the contract's word
        self._id = id
        self._urls = tuple(dict.fromkeys(urls))
        self._gateway = gateway

    @property
    def id(self) -> str:
        """Stable identity of the set of pages."""
        return self._id

    def collect(self, cursor: Cursor, now: datetime) -> Batch:
        """Bring a capture of every page whose text changed since `cursor`. Pages that fail make the batch partial.

        Raises:
            SourceError: no page could be heard.
        """
        remembered: dict[str, Any] = {}
        captures: list[Mention] = []
        failures: list[SourceError] = []
        limited: dict[str, RateLimitedError] = {}
        for url in self._urls:
            known, host = cursor.get(url, {}), urlsplit(url).netloc
            remembered[url] = known
            if host in limited:
                failures.append(limited[host])
                continue
            try:
                title, text, remembered[url] = self._look(url, known, now)
            except SourceError as error:
                failures.append(error)
                if isinstance(error, RateLimitedError):
                    limited[host] = error
                continue
            if text:
                captures.append(self._capture(url, title, text, remembered[url]["version"], now))
        if len(failures) == len(self._urls):
            raise failures[0]
        reason = "; ".join(dict.fromkeys(map(str, failures)))
        wait = max((error.until - now for error in limited.values() if error.until), default=None)
        return Batch(tuple(captures), remembered, heard="partial" if failures else "ok", reason=reason, wait=wait)

    def _look(self, url: str, known: Mapping[str, str], now: datetime) -> tuple[str, str, Mapping[str, str]]:
        """Return a page's title and its text, empty where it has not changed, and what to remember of it."""
        asked = {"If-None-Match": known.get("etag"), "If-Modified-Since": known.get("last_modified")}
        sent = {"Accept": "text/html, application/xhtml+xml;q=0.9", **{name: value for name, value in asked.items() if value}}
        response, page = fetch_page(self._gateway, url, sent, now)
        if response.status == 304:
            return "", "", known
        title, text = _read(response, page)
        digest = _digest(text)
        made = {
            "etag": response.headers.get("ETag", ""),
            "last_modified": response.headers.get("Last-Modified", ""),
            "text": digest,
            "version": known.get("version", ""),
        }
        if digest == known.get("text"):
            return "", "", made
        return title, text, {**made, "version": _digest(f"{made['version']}\n{text}")}

    def _capture(self, url: str, title: str, text: str, version: str, now: datetime) -> Mention:
        return Mention(
            source=self._id,
            external_id=f"{canonical(url)} {version}",
            text=text,
            published=now,
            title=title,
            url=url,
            voice="brand",
        )


def _read(response: Response, page: str) -> tuple[str, str]:
    title, text = page_text(page) if is_page(response, page) else ("", "")
    if not text:
        raise MalformedError(
            f"{shown(response.url)} holds no text to read",
            remedy="give a page whose text stands in its HTML; one that only a script fills cannot be read",
        )
    return title, text


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
