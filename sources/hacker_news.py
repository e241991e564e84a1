"""Hacker News through its public search (https://hn.algolia.com/api): stories and comments that hold a term."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote, urlencode

from sources.json_http import get_json, inner, moment_in, text_in
from sources.kinds import Kind, Opening
from sources.mention import Mention, Voice
from sources.options import each, shaped, web_address, yes_or_no
from sources.parts import collect_parts
from sources.plain_text import one_line, plain_text
from sources.source import Batch, Cursor, MalformedError, Skipped, Source, SourceError

if TYPE_CHECKING:
    from sources.http import Gateway

_PAGE = 500
_MOST_PAGES = 10
_MOST_PARENTS = 20
_FIRST_LOOK = timedelta(days=30)
# Texts may be edited for two hours after they were published, and the index runs some minutes behind.
_OVERLAP = timedelta(hours=3)
_DEAD = frozenset({"[dead]", "[deleted]", "[flagged]", "[removed]", "[flagged] [dead]"})


@dataclass(frozen=True)
class HackerNewsOptions:
    """What a configuration says of Hacker News. `search` holds terms; one in double quotes is a phrase."""

    search: Annotated[tuple[str, ...], each(shaped(r"(?s).*\w.*", "give a term"), 'give terms, such as ["acme air"]')]
    comments: Annotated[bool, yes_or_no] = True
    url: Annotated[str, web_address] = "https://hn.algolia.com"


class HackerNewsSource:
    """Whatever is published under some terms, found newest first and back to where the last collection ended."""

    def __init__(self, id: str, options: HackerNewsOptions, gateway: "Gateway", voice: Voice = "customer") -> None:  # noqa: A002 -- the contract's word
        self._id = id
        self._options = options
        self._gateway = gateway
        self._voice = voice

    @property
    def id(self) -> str:
        """Stable identity of the search."""
        return self._id

    def collect(self, cursor: Cursor, now: datetime) -> Batch:
        """Bring what is new or edited under each term; what was brought before and has not changed is left out.

        Raises:
            SourceError: no term could be asked for.
        """
        return collect_parts({term: partial(self._collect_term, term) for term in self._options.search}, cursor, now)

    def _collect_term(self, term: str, cursor: Cursor, now: datetime) -> Batch:
        newest = cursor.get("newest")
        since = int(((now - _FIRST_LOOK).timestamp() if newest is None else newest) - _OVERLAP.total_seconds())
        hits, reason = self._hits(term, since, now)
        known = cursor.get("seen") or {}
        seen = {id_: _digest(hit) for id_, hit in hits.items()}
        mentions, skipped = self._mentions({id_: hit for id_, hit in hits.items() if known.get(id_) != seen[id_]}, now)
        latest = min(max([since + int(_OVERLAP.total_seconds()), *map(_created, hits.values())]), int(now.timestamp()))
        return Batch(
            mentions=tuple(mentions),
            skipped=tuple(skipped),
            cursor={
                "newest": latest,
                "seen": {id_: seen[id_] for id_, hit in hits.items() if _created(hit) >= latest - _OVERLAP.total_seconds()},
            },
            heard="partial" if reason else "ok",
            reason=reason,
        )

    def _hits(self, term: str, since: int, now: datetime) -> tuple[dict[str, Any], str]:
        """All hits since a moment (Unix seconds), and why some are missing. The search gives no more than its first 1000 hits.

        So it is asked again for what is older than the oldest hit, instead of for the next page.
        """
        hits: dict[str, Any] = {}
        until = int(now.timestamp())
        for _page in range(_MOST_PAGES):
            page = self._page(term, since, until, now)
            fresh = {text_in(hit, "objectID"): hit for hit in page} | hits
            found_none, hits = len(fresh) == len(hits), fresh
            if len(page) < _PAGE:
                return hits, ""
            if found_none:
                break
            until = min(map(_created, page))
        return hits, f"more than {len(hits):,} hits since the last look; older ones were not seen"

    def _page(self, term: str, since: int, until: int, now: datetime) -> list[Any]:
        asked = {
            "query": term,
            "tags": "(story,poll,comment)" if self._options.comments else "(story,poll)",
            "numericFilters": f"created_at_i>={since},created_at_i<={until}",
            "hitsPerPage": _PAGE,
            "typoTolerance": "false",
        }
        document = get_json(self._gateway, f"{self._options.url.rstrip('/')}/api/v1/search_by_date?{urlencode(asked)}", now)
        hits = inner(document.value, "hits")
        if not isinstance(hits, list):
            raise MalformedError("the search of Hacker News answered without hits", remedy="check `url`")
        return [hit for hit in hits if text_in(hit, "objectID") and _created(hit)]

    def _mentions(self, hits: Mapping[str, Any], now: datetime) -> tuple[list[Mention], list[Skipped]]:
        mentions, skipped, parents = [], [], _MOST_PARENTS
        for id_, hit in hits.items():
            mention = self._mention(id_, hit, now)
            if not mention.author or not mention.body or {mention.text, mention.title} & _DEAD:
                skipped.append(Skipped("dead, flagged or deleted at Hacker News", mention.url))
                continue
            answers = text_in(hit, "parent_id")
            if answers and answers != text_in(hit, "story_id") and parents:
                try:
                    mention = _answering(mention, self._text_of(answers, now))
                    parents -= 1
                except SourceError:  # it is context only: no parent is worth losing what was said
                    parents = 0
            mentions.append(mention)
        return mentions, skipped

    def _mention(self, id_: str, hit: Any, now: datetime) -> Mention:
        is_comment = bool(text_in(hit, "parent_id") or inner(hit, "comment_text"))
        link = text_in(hit, "url")
        published = moment_in(hit, "created_at_i") or now
        attributes = {"type": "comment" if is_comment else "story", "link": link, "parent": text_in(hit, "parent_id")}
        return Mention(
            source=self._id,
            external_id=id_,
            title="" if is_comment else one_line(text_in(hit, "title")),
            text=plain_text(text_in(hit, "comment_text" if is_comment else "story_text")),
            url=f"https://news.ycombinator.com/item?id={quote(id_)}",
            author=one_line(text_in(hit, "author")),
            published=min(published, now),
            raw_published=text_in(hit, "created_at"),
            voice=self._voice,
            parent=one_line(text_in(hit, "story_title")) if is_comment else "",
            attributes={name: value for name, value in attributes.items() if value},
        )

    def _text_of(self, item: str, now: datetime) -> str:
        document = get_json(self._gateway, f"{self._options.url.rstrip('/')}/api/v1/items/{quote(item, safe='')}", now)
        return plain_text(text_in(document.value, "text"))


def _answering(mention: Mention, text: str) -> Mention:
    return replace(mention, parent="\n".join(part for part in (mention.parent, text) if part))


def _created(hit: Any) -> int:
    moment = moment_in(hit, "created_at_i")
    return int(moment.timestamp()) if moment else 0


def _digest(hit: Any) -> str:
    said = "\n".join(text_in(hit, name) for name in ("author", "title", "story_text", "comment_text"))
    return hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=8).hexdigest()


def address(options: HackerNewsOptions) -> str:
    """The terms that are searched for."""
    return f"news.ycombinator.com: {', '.join(options.search)}"


def open_source(opening: Opening) -> Source:
    """Return the search."""
    return HackerNewsSource(opening.id, opening.options, opening.gateway, opening.voice)


KIND = Kind("hacker_news", HackerNewsOptions, address, open_source)
