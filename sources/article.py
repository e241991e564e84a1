"""The whole article behind an entry of a feed that brings only summaries."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sources.feed_document import is_page
from sources.http import Gateway
from sources.mention import Mention
from sources.plain_text import one_line, printable
from sources.source import RateLimitedError, SourceError, TemporaryError
from sources.whole_page import fetch_page

Known = Mapping[str, Sequence[str | int]]
"""What is remembered of each entry: a digest of what the feed said of it, and how often its article was asked for in vain."""

AT_ONCE = 20
_TRIES = 3
_DONE = -1
_FAILURES_IN_A_ROW = 3


def main_text(page: str) -> str:
    """The article of an HTML page without what surrounds it, one line a paragraph; empty where none is found."""
    import trafilatura  # noqa: PLC0415 - slow to load, and most feeds bring their texts themselves

    try:
        found = trafilatura.extract(printable(page), include_comments=False)
    except (ValueError, TypeError, AttributeError, RecursionError, AssertionError):
        return ""
    return "\n".join(line for line in map(one_line, (found or "").splitlines()) if line)


def is_pending(known: Known) -> bool:
    """Tell whether an article is to be asked for again."""
    return any(0 <= int(tries) < _TRIES for _digest, tries in known.values())


def complete(
    mentions: Sequence[Mention], known: Known, gateway: Gateway, now: datetime
) -> tuple[tuple[Mention, ...], dict[str, Sequence[str | int]]]:
    """Fetch the articles of new and changed entries, up to `AT_ONCE` a time. Returns what is to be kept, and what to remember.

    An entry whose article was fetched before is left out, for it is kept already. One that fails keeps its summary; it is tried
    again twice, but not where the place refuses. A place that asks us to wait, or fails three times running, is left alone.
    """
    made: list[Mention] = []
    remembered: dict[str, Sequence[str | int]] = {}
    left, failures = AT_ONCE, 0
    for mention in mentions:
        key, digest = _digest(mention.external_id), _digest(f"{mention.title}\n{mention.text}")
        before = known.get(key, ("", 0))
        tries = int(before[1]) if before[0] == digest else 0
        whole = ""
        if mention.url and left and failures < _FAILURES_IN_A_ROW and 0 <= tries < _TRIES:
            left -= 1
            try:
                whole = _article(mention.url, gateway, now)
                tries, failures = (_DONE if whole else _TRIES), 0
            except SourceError as error:
                failures = _FAILURES_IN_A_ROW if isinstance(error, RateLimitedError) else failures + 1
                tries = tries + 1 if isinstance(error, TemporaryError) else _TRIES
        remembered[key] = [digest, tries if mention.url else _DONE]
        if whole or before[0] != digest:
            made.append(replace(mention, text=whole) if len(whole) > len(mention.text) else mention)
    return tuple(made), remembered


def _article(url: str, gateway: Gateway, now: datetime) -> str:
    response, page = fetch_page(gateway, url, {"Accept": "text/html, application/xhtml+xml;q=0.9"}, now)
    return main_text(page) if is_page(response, page) else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
