"""Reddit in small, on loopback: tokens that expire, listings in pages, searches, threads with folded branches, feeds, faults."""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import escape
from itertools import islice
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.servers import Answer, Asked, Handler, Loopback, Play, listening

PAGE = 100
CLIENT = ("the-client", "the-secret")
PRIVATE = Answer(403, b'{"reason": "private", "message": "Forbidden", "error": 403}')
THROTTLED = Answer(403, b"<html><body>You've been blocked by network security.</body></html>")
BLOCK_PAGE = Answer(200, b"<!doctype html><html><body>Whoa there, pardner!</body></html>")
TRUNCATED = Answer(200, b'{"kind": "Listing", "data": {"after": null, "children": [{"kind": "t3", "da')


@dataclass(frozen=True)
class Entry:
    """A post (no parent) or a comment. `withdrawn` is what stands in the place of its text; `author` is None for a lost account."""

    id: str
    created: int
    author: str | None
    text: str = ""
    title: str = ""
    subreddit: str = "travel"
    parent: str = ""
    post: str = ""
    withdrawn: str = ""
    edited: int = 0

    @property
    def path(self) -> str:
        name = self.id[3:]
        return f"/r/{self.subreddit}/comments/{self.post[3:] or name}/a_post/{f'{name}/' if self.parent else ''}"

    @property
    def html(self) -> str | None:
        words = self.withdrawn or self.text
        return f'<!-- SC_OFF --><div class="md"><p>{escape(words)}</p>\n</div><!-- SC_ON -->' if words else None

    def api(self, comments: int) -> dict[str, Any]:
        shared: dict[str, Any] = {
            "id": self.id[3:],
            "name": self.id,
            "author": self.author or "[deleted]",
            "created_utc": float(self.created),
            "edited": float(self.edited) if self.edited else False,
            "permalink": self.path,
            "subreddit": self.subreddit,
        }
        if self.parent:
            written = {"body": self.withdrawn or self.text, "body_html": self.html, "parent_id": self.parent, "link_id": self.post}
            return {"kind": "t1", "data": {**shared, **written, "replies": ""}}
        written = {
            "title": self.title,
            "selftext": self.withdrawn or self.text,
            "selftext_html": self.html,
            "num_comments": comments,
        }
        removed = "moderator" if self.withdrawn == "[removed]" else None
        return {"kind": "t3", "data": {**shared, **written, "removed_by_category": removed}}

    def atom(self, above: str) -> str:
        said = (
            f'{self.html or ""} submitted by <a href="https://www.reddit.com/user/x">/u/x</a> <span><a href="#">[link]</a></span>'
        )
        stamp = datetime.fromtimestamp(self.created, UTC).isoformat()
        author = f"<author><name>/u/{self.author}</name></author>" if self.author else ""
        title = f"/u/{self.author} on {above}" if self.parent else self.title
        return (
            f'<entry>{author}<category term="{self.subreddit}"/><content type="html">{escape(said)}</content>'
            f'<id>{self.id}</id><link href="https://www.reddit.com{self.path}"/><updated>{stamp}</updated>'
            f"<published>{stamp}</published><title>{escape(title)}</title></entry>"
        )


@dataclass
class Reddit(Loopback):
    """The place and its server. `faults` are played, each once, to the requests of a kind, the last of `broken` ever after.

    Kinds: token, new, comments, search, user, info, thread, more, feed.
    """

    listing_length: int = 1000
    folded_after: int = 50
    remaining: float = 600
    reset: int = 300
    faults: dict[str, list[Play]] = field(default_factory=dict)
    broken: dict[str, Play] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.RequestHandlerClass = RedditHandler
        self._lock = Lock()

    def post(self, number: int, title: str = "", text: str = "", **rest: Any) -> Entry:
        """Publish a post; `number` is its time and identity."""
        fields = {"author": f"traveller_{number}"} | rest
        title = title or f"Post number {number}"
        return self._publish(Entry(f"t3_p{number:06d}", fields.pop("created", number), text=text, title=title, **fields))

    def comment(self, number: int, under: Entry, text: str = "", **rest: Any) -> Entry:
        """Publish a comment under a post or a comment."""
        fields = {"author": f"traveller_{number}", "subreddit": under.subreddit, "text": text or f"Comment number {number}"} | rest
        return self._publish(
            Entry(f"t1_c{number:06d}", fields.pop("created", number), parent=under.id, post=under.post or under.id, **fields)
        )

    def _publish(self, entry: Entry) -> Entry:
        self.entries[entry.id] = entry
        return entry

    def change(self, entry: Entry, **rest: Any) -> Entry:
        """Edit, remove (`withdrawn`) or orphan (`author=None`) what was published."""
        return self._publish(replace(self.entries[entry.id], **rest))

    def revoke_tokens(self) -> None:
        """Let every token that was given expire."""
        self.tokens.clear()

    def newest(self, entries: Iterable[Entry]) -> list[Entry]:
        return sorted(entries, key=lambda one: (one.created, one.id), reverse=True)

    def comments_of(self, post: str) -> list[Entry]:
        return [one for one in list(self.entries.values()) if one.post == post]

    def fault(self, kind: str) -> Play | None:
        with self._lock:
            self.kinds.append(kind)
            waiting = self.faults.get(kind)
            return waiting.pop(0) if waiting else self.broken.get(kind)


class RedditHandler(Handler):
    """Answers as Reddit does."""

    server: Reddit

    def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
        self._answer(b"")

    def do_POST(self) -> None:  # noqa: N802 - likewise
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def _answer(self, body: bytes) -> None:
        self.server.asked.append(Asked(self.path, dict(self.headers.items())))
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query + "&" + body.decode()).items()}
        steps = parts.path.strip("/").split("/")
        kind = _kind(steps)
        fault = self.server.fault(kind)
        if fault is not None:
            fault(self)
        elif "promisewatch" not in self.headers.get("User-Agent", ""):
            Answer(429, b"Too Many Requests")(self)
        elif kind == "token":
            self._token()
        elif kind == "feed":
            self._feed(steps, asked)
        elif self.headers.get("Authorization", "").removeprefix("bearer ") not in self.server.tokens:
            Answer(401, b'{"message": "Unauthorized", "error": 401}')(self)
        else:
            self._api(kind, steps, asked)

    def _token(self) -> None:
        wanted = base64.b64encode(":".join(CLIENT).encode()).decode()
        if self.headers.get("Authorization") != f"Basic {wanted}":
            Answer(401, b'{"message": "Unauthorized", "error": 401}')(self)
            return
        token = f"token-{len(self.server.kinds)}"
        self.server.tokens.append(token)
        self._json({"access_token": token, "token_type": "bearer", "expires_in": 86400, "scope": "*"})

    def _api(self, kind: str, steps: list[str], asked: Mapping[str, str]) -> None:
        here = list(self.server.entries.values())
        if kind == "info":
            names = asked["id"].split(",")
            known = [self.server.entries[name] for name in names[:PAGE] if name in self.server.entries]
            self._json(self._listing(known, {"limit": str(PAGE)}))
        elif kind == "thread":
            self._thread(steps[1])
        elif kind == "more":
            found = [self.server.entries[f"t1_{name}"] for name in asked["children"].split(",")]
            self._json({"json": {"errors": [], "data": {"things": [one.api(0) for one in found]}}})
        else:
            self._json(self._listing(self.server.newest(_matching(kind, steps, asked, here)), asked))

    def _listing(self, entries: list[Entry], asked: Mapping[str, str]) -> dict[str, Any]:
        entries = entries[: self.server.listing_length]
        names = [one.id for one in entries]
        start = names.index(asked["after"]) + 1 if asked.get("after") in names else 0
        page = entries[start : start + min(PAGE, int(asked.get("limit", "25")))]
        more = start + len(page) < len(entries)
        children = [one.api(len(self.server.comments_of(one.id))) for one in page]
        return {"kind": "Listing", "data": {"after": page[-1].id if more and page else None, "children": children}}

    def _thread(self, name: str) -> None:
        post = self.server.entries[f"t3_{name}"]
        comments = self.server.newest(self.server.comments_of(post.id))[::-1]
        shown, folded = comments[: self.server.folded_after], comments[self.server.folded_after :]
        things = [one.api(0) for one in shown]
        by_name = {one["data"]["name"]: one for one in things}
        top = []
        for one in things:
            above = by_name.get(one["data"]["parent_id"])
            if above is None:
                top.append(one)
            elif above["data"]["replies"]:
                above["data"]["replies"]["data"]["children"].append(one)
            else:
                above["data"]["replies"] = {"kind": "Listing", "data": {"after": None, "children": [one]}}
        rest = iter(folded)
        while branch := list(islice(rest, PAGE)):
            ids = [one.id[3:] for one in branch]
            top.append(
                {
                    "kind": "more",
                    "data": {"count": len(ids), "children": ids, "id": ids[0], "name": f"t1_{ids[0]}", "parent_id": post.id},
                }
            )
        listing = {"kind": "Listing", "data": {"after": None, "children": top}}
        self._json([self._listing([post], {}), listing])

    def _feed(self, steps: list[str], asked: Mapping[str, str]) -> None:
        kind = "search" if steps[0] == "search.rss" else "user" if steps[0] == "user" else steps[2]
        found = self.server.newest(_matching(kind, steps, asked, list(self.server.entries.values())))[
            : int(asked.get("limit", "25"))
        ]
        entries = "".join(one.atom(self.server.entries[one.post].title if one.post else "") for one in found)
        body = f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>r</title>{entries}</feed>'
        self._send(body.encode(), "application/atom+xml; charset=UTF-8")

    def _json(self, value: object) -> None:
        self._send(json.dumps(value).encode(), "application/json; charset=UTF-8")

    def _send(self, body: bytes, kind: str) -> None:
        with self.server._lock:
            self.server.remaining = max(0.0, self.server.remaining - 1)
            limits = {
                "X-Ratelimit-Remaining": f"{self.server.remaining:.1f}",
                "X-Ratelimit-Used": "1",
                "X-Ratelimit-Reset": str(self.server.reset),
            }
        Answer(200, body, {"Content-Type": kind, **limits})(self)


def _kind(steps: list[str]) -> str:
    if steps[-1].endswith(".rss"):
        return "feed"
    if steps[0] == "api":
        return {"v1": "token", "info": "info", "morechildren": "more"}[steps[1]]
    return {"comments": "thread", "user": "user"}.get(steps[0]) or steps[2]


def _matching(kind: str, steps: list[str], asked: Mapping[str, str], entries: list[Entry]) -> Iterator[Entry]:
    names = {name.casefold() for name in (steps[1].split("+") if len(steps) > 1 else ())}
    for one in entries:
        if kind == "search":
            fits = not one.parent and asked["q"].casefold() in f"{one.title} {one.text}".casefold()
        elif kind == "user":
            fits = one.author is not None and one.author.casefold() in names
        else:
            fits = bool(one.parent) is (kind == "comments") and one.subreddit.casefold() in names
        if fits and not (one.withdrawn and kind == "search"):
            yield one


def running_reddit(**settings: Any) -> AbstractContextManager[Reddit]:
    """A Reddit that listens until the block ends."""
    return listening(Reddit(**settings))
