"""Mastodon over plain HTTP: hashtags, searches and public timelines of one instance."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import quote, unquote, urlencode, urlsplit

from sources.json_http import Document, get_json, inner, moment_in, parsed, text_in
from sources.kinds import Kind, Opening, secret
from sources.mention import Mention, Voice
from sources.options import one_of, optional, shaped, texts, web_address
from sources.parts import Collect, collect_parts
from sources.plain_text import one_line, plain_text
from sources.source import Batch, Cursor, DeniedError, Fate, MalformedError, RateLimitedError, Skipped, Source

if TYPE_CHECKING:
    from sources.http import Gateway

_PAGE = 40
_MOST_PAGES = 25
_PAGES_AT_FIRST = 5
_SPARE_REQUESTS = 10
# Posts of other instances come late, under the id of the moment when they were written.
_OVERLAP = timedelta(hours=1)
_ID_MILLISECOND = 2**16
_RECHECKED_AT_ONCE = 20
_FATES: Mapping[int, Fate] = {200: "kept", 404: "removed", 410: "removed"}
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_].*)?", re.IGNORECASE)


@dataclass(frozen=True)
class MastodonOptions:
    """What a configuration says of an instance. `token` names the environment variable that holds this instance's token."""

    instance: Annotated[str, web_address]
    tags: Annotated[tuple[str, ...], texts] = ()
    search: Annotated[tuple[str, ...], texts] = ()
    timeline: Annotated[Literal["", "local", "public"], optional(one_of("local", "public"))] = ""
    token: Annotated[str, optional(shaped(r"[A-Z][A-Z0-9_]*", "give the name of an environment variable, not the token"))] = ""


@dataclass(frozen=True, slots=True)
class _Listing:
    """One list of posts that is asked for page by page; `inside` says where in the answer it lies."""

    path: str
    asked: Mapping[str, str]
    inside: tuple[str, ...] = ()


class MastodonSource:
    """What an instance knows of some tags, words or of everything, oldest first from where the last collection ended."""

    def __init__(
        self,
        id: str,  # noqa: A002 -- the contract's word
        options: MastodonOptions,
        gateway: "Gateway",
        voice: Voice = "customer",
        token: Callable[[], str] = str,
    ) -> None:
        self._id = id
        self._options = options
        self._gateway = gateway
        self._voice = voice
        self._token = token
        self._host = urlsplit(options.instance).netloc.rpartition("@")[2]

    @property
    def id(self) -> str:
        """Stable identity of what is listened to."""
        return self._id

    def collect(self, cursor: Cursor, now: datetime) -> Batch:
        """Bring new posts, and once more those of the last hour, which may have been edited.

        Raises:
            SourceError: no list of posts could be heard.
        """
        token = self._token()
        parts: dict[str, Collect] = {}
        for name, listing in self._listings().items():
            if listing.inside and not token:
                parts[name] = _needs_token
            else:
                parts[name] = partial(self._collect_listing, listing, token)
        if not parts:
            raise DeniedError("nothing is asked of this instance", remedy="name `tags`, `search` or a `timeline` of it")
        return collect_parts(parts, cursor, now)

    def recheck(self, ids: Sequence[str], now: datetime) -> Mapping[str, Fate]:
        """Ask what became of posts. A list that leaves one out proves nothing: such a post is asked for by itself.

        Raises:
            SourceError: the instance could not be asked, or wants to be left alone.
        """
        fates: dict[str, Fate] = {}
        for start in range(0, len(ids), _RECHECKED_AT_ONCE):
            some = ids[start : start + _RECHECKED_AT_ONCE]
            status, posts = self._asked_for(f"?{urlencode([('id[]', id_) for id_ in some])}", now)
            listed = posts if status == 200 and isinstance(posts, list) else []
            there = {text_in(post, "id") for post in listed}
            for id_ in some:
                status = 200 if id_ in there else self._asked_for(f"/{quote(id_, safe='')}", now)[0]
                if status in _FATES:
                    fates[id_] = _FATES[status]
        return fates

    def _asked_for(self, path: str, now: datetime) -> tuple[int, Any]:
        url = f"{self._options.instance.rstrip('/')}/api/v1/statuses{path}"
        answer = self._gateway.exchange("GET", url, _bearer(self._token()))
        if answer.status == 429:
            reset = moment_in(answer.headers, "X-RateLimit-Reset")
            raise RateLimitedError(f"{self._host} asks us to wait (429)", until=reset and max(reset, now))
        return answer.status, parsed(answer.body)

    def _listings(self) -> dict[str, _Listing]:
        found = {}
        for tag in self._options.tags:
            name = tag.strip().removeprefix("#")
            found[f"#{name}"] = _Listing(f"/api/v1/timelines/tag/{quote(name, safe='')}", {})
        for term in self._options.search:
            found[term] = _Listing("/api/v2/search", {"type": "statuses", "q": term}, ("statuses",))
        if self._options.timeline:
            local = {"local": "true"} if self._options.timeline == "local" else {}
            found[f"{self._options.timeline} timeline"] = _Listing("/api/v1/timelines/public", local)
        return found

    def _collect_listing(self, listing: _Listing, token: str, cursor: Cursor, now: datetime) -> Batch:
        newest, behind = str(cursor.get("newest") or ""), bool(cursor.get("behind"))
        walk = self._forward if newest else self._backward
        posts, reached, wait = walk(listing, token, newest if behind else _before(newest), now)
        mentions, skipped = self._mentions(posts, now)
        latest = max([newest, *(text_in(post, "id") for post in posts)], key=_in_order)
        return Batch(
            mentions=mentions,
            skipped=skipped,
            cursor={"newest": latest, "behind": not reached},
            wait=wait,
        )

    def _forward(self, listing: _Listing, token: str, since: str, now: datetime) -> tuple[list[Any], bool, timedelta | None]:
        """Posts after the one of id `since`, whether they are all of them, and how long the instance wants to be left alone.

        What is left is no loss: the next collection begins where this one ended.
        """
        posts: list[Any] = []
        for _page in range(_MOST_PAGES):
            page, document = self._page(listing, token, {"min_id": since}, now)
            posts += page
            following = _linked(document, "prev", "min_id") or max([since, *(text_in(post, "id") for post in page)], key=_in_order)
            if not page or following == since:
                return posts, True, _wait(document, now)
            since = following
            if _wait(document, now) is not None:
                break
        return posts, False, _wait(document, now)

    def _backward(self, listing: _Listing, token: str, _since: str, now: datetime) -> tuple[list[Any], bool, timedelta | None]:
        """The newest posts of a list that is met for the first time."""
        posts: list[Any] = []
        asked: dict[str, str] = {}
        for _page in range(_PAGES_AT_FIRST):
            page, document = self._page(listing, token, asked, now)
            posts += page
            oldest = _linked(document, "next", "max_id") or (text_in(page[-1], "id") if page else "")
            if not oldest or {"max_id": oldest} == asked or _wait(document, now) is not None:
                break
            asked = {"max_id": oldest}
        return posts, True, _wait(document, now)

    def _page(self, listing: _Listing, token: str, asked: Mapping[str, str], now: datetime) -> tuple[list[Any], Document]:
        query = urlencode({**listing.asked, "limit": str(_PAGE), **asked})
        url = f"{self._options.instance.rstrip('/')}{listing.path}?{query}"
        document = get_json(self._gateway, url, now, _bearer(token))
        posts = inner(document.value, *listing.inside)
        if not isinstance(posts, list):
            raise MalformedError(f"{self._host} answered without posts", remedy="check that `instance` is a Mastodon server")
        return [post for post in posts if text_in(post, "id")], document

    def _mentions(self, posts: list[Any], now: datetime) -> tuple[tuple[Mention, ...], tuple[Skipped, ...]]:
        mentions: dict[str, Mention] = {}
        for post in posts:
            # A boost is another's post once more, and what is not public was not written for us.
            if inner(post, "reblog") is None and text_in(post, "visibility") == "public":
                mention = self._mention(post, now)
                mentions[mention.external_id] = mention
        skipped = [Skipped("the post has no text", one.url) for one in mentions.values() if not one.body]
        return tuple(one for one in mentions.values() if one.body), tuple(skipped)

    def _mention(self, post: Any, now: datetime) -> Mention:
        account, language = text_in(post, "account", "acct"), _LANGUAGE.fullmatch(text_in(post, "language"))
        link = text_in(post, "url") or text_in(post, "uri")
        attributes = {"bot": "yes" * (inner(post, "account", "bot") is True), "parent": text_in(post, "in_reply_to_id")}
        return Mention(
            source=self._id,
            external_id=text_in(post, "id"),
            title=one_line(text_in(post, "spoiler_text")),
            text=plain_text(text_in(post, "content")),
            url=link if link.lower().startswith(("http://", "https://")) else "",
            author=account if "@" in account or not account else f"{account}@{self._host}",
            published=min(moment_in(post, "created_at") or now, now),
            raw_published=text_in(post, "created_at"),
            voice=self._voice,
            language=language[1].lower() if language else None,
            attributes={name: value for name, value in attributes.items() if value},
            updated=moment_in(post, "edited_at"),
        )


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _needs_token(_cursor: Cursor, _now: datetime) -> Batch:
    raise DeniedError(
        "instances search the texts of posts only for those who are logged in",
        remedy="make an application with the right read:search there, and let `token` name the variable that holds its token",
    )


def _before(id_: str) -> str:
    """The id that a post of an hour before would have; ids of other software than Mastodon hold no time, and stay as they are."""
    if not (id_.isascii() and id_.isdecimal()):
        return id_
    return str(max(0, int(id_) - int(_OVERLAP.total_seconds() * 1000) * _ID_MILLISECOND))


def _in_order(id_: str) -> tuple[int, str]:
    return len(id_), id_


def _linked(document: Document, relation: str, parameter: str) -> str:
    """The id that a page's Link header gives for its neighbour. Only the id: a link could lead our token elsewhere."""
    pattern = rf'<[^<>]*[?&]{parameter}=([^&<>]+)[^<>]*>\s*;\s*rel="?{relation}\b'
    found = re.search(pattern, document.headers.get("Link", ""))
    return unquote(found[1]) if found else ""


def _wait(document: Document, now: datetime) -> timedelta | None:
    """How long to leave the instance alone when nearly all requests that it allows are used up."""
    remaining = document.headers.get("X-RateLimit-Remaining", "").strip()
    reset = moment_in(document.headers, "X-RateLimit-Reset")
    if not remaining.isdecimal() or int(remaining[:9]) > _SPARE_REQUESTS or reset is None:
        return None
    return max(reset - now, timedelta(0))


def address(options: MastodonOptions) -> str:
    """The instance, and what is asked of it."""
    asked = [*(f"#{tag.removeprefix('#')}" for tag in options.tags), *options.search, options.timeline]
    return f"{urlsplit(options.instance).netloc.rpartition('@')[2]}: {', '.join(one for one in asked if one)}"


def open_source(opening: Opening) -> Source:
    """Return the instance; the token is read when it is needed, so that a changed file counts."""
    options: MastodonOptions = opening.options
    token = partial(secret, opening.environment, options.token) if options.token else str
    return MastodonSource(opening.id, options, opening.gateway, opening.voice, token)


KIND = Kind("mastodon", MastodonOptions, address, open_source)
