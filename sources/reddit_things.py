"""Reddit's "things": posts (t3_) and comments (t1_), whichever way they came, and how they become mentions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sources.mention import Mention, Voice
from sources.plain_text import one_line, plain_text
from sources.source import Fate, Skipped

SITE = "https://www.reddit.com"
LONGEST_PARENT = 2000
"""Characters of context that a comment carries along."""

_CLOCK_SKEW = timedelta(hours=1)
_WITHDRAWN = re.compile(
    r"\[\s*(?:deleted|removed)(?:\s+by\s+(?:the\s+)?(?:user|reddit|moderators?|author|[\w-]+))?[^\]\n]{0,40}\]", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Thing:
    """One post or comment. `id` is its full name, such as t1_k3j9; `author` is "" when the account is gone.

    `removed` when Reddit shows a notice in the place of its text. `comments` is how many a post has.
    """

    id: str
    created: datetime
    author: str = ""
    title: str = ""
    text: str = ""
    url: str = ""
    subreddit: str = ""
    parent_id: str = ""
    parent: str = ""
    removed: bool = False
    comments: int = 0
    edited: datetime | None = None

    @property
    def context(self) -> str:
        """What an answer to this one carries as its parent's text; nothing of what was removed."""
        return "" if self.removed else "\n".join(filter(None, (self.title, self.text)))[:LONGEST_PARENT]

    @property
    def fate(self) -> Fate:
        """What became of it at Reddit."""
        if self.removed or self._is_of_a_lost_profile:
            return "removed"
        return "kept" if self.author else "anonymous"

    @property
    def _is_of_a_lost_profile(self) -> bool:
        """Whether it stands on the page of an account that is gone: everything there tells the name."""
        return not self.author and self.subreddit.startswith("u_")

    def mention(self, source: str, voice: Voice, now: datetime) -> Mention | Skipped:
        """Return it as a mention, or why it is none."""
        if self.fate == "removed":
            return Skipped("its text was removed at Reddit", self.url or self.id)
        if not self.title and not self.text:
            return Skipped("it has neither title nor text", self.url or self.id)
        attributes = {"subreddit": self.subreddit, "parent": self.parent_id}
        return Mention(
            source=source,
            external_id=self.id,
            text=self.text,
            title=self.title,
            url=self.url,
            author=self.author,
            published=self.created if self.created <= now + _CLOCK_SKEW else now,
            raw_published=self.created.isoformat(),
            voice=voice,
            parent=self.parent,
            attributes={name: value for name, value in attributes.items() if value},
            updated=self.edited,
        )


def is_withdrawn(text: str) -> bool:
    """Tell whether a text is only Reddit's notice that there was one: [removed], [deleted by user], [ Removed by Reddit ]."""
    return _WITHDRAWN.fullmatch(text.strip()) is not None


def from_api(values: Mapping[str, Any]) -> Thing:
    """Return the thing that the attributes of a PRAW object, or the API's own fields, describe.

    Raises:
        KeyError, TypeError, ValueError, OverflowError: they describe none.
    """
    name = values.get("name")
    fullname = name if isinstance(name, str) and name[:3] in ("t1_", "t3_") else _full_name(values)
    created = float(values["created_utc"])
    # `false`, a time, or, for edits of long ago, `true`.
    edited = float(values.get("edited") or 0)
    edited = edited if edited > created else 0.0
    post = fullname.startswith("t3_")
    title = _words(values.get("title")) if post else ""
    written = values.get("selftext" if post else "body")
    html = values.get("selftext_html" if post else "body_html")
    text = plain_text(html) if isinstance(html, str) else _lines(written)
    return Thing(
        id=fullname,
        created=_moment(created),
        author=author_name(values.get("author")),
        title=title,
        text=text,
        url=permalink(values.get("permalink")),
        subreddit=_clean(str(values.get("subreddit") or "")),
        parent_id="" if post else str(values.get("parent_id") or ""),
        removed=is_withdrawn(text) or is_withdrawn(title) or (post and bool(values.get("removed_by_category"))),
        comments=int(values.get("num_comments") or 0),
        edited=_moment(edited) if edited else None,
    )


def author_name(author: object) -> str:
    """Return an account's name without u/; "" for an account that is gone."""
    name = one_line(_clean(str(author or ""))).removeprefix("/").removeprefix("u/")
    return "" if is_withdrawn(name) else name


def permalink(path: object) -> str:
    """Return the address that a post or comment has for everyone, "" for what is no address of Reddit."""
    if not isinstance(path, str):
        return ""
    try:
        path = urlsplit(path).path
    except ValueError:
        return ""
    return f"{SITE}{_clean(path)}" if path.startswith("/") else ""


def _full_name(values: Mapping[str, Any]) -> str:
    identity = values["id"]
    if not isinstance(identity, str) or not identity:
        raise ValueError("no identity")
    return f"{'t1' if 'parent_id' in values else 't3'}_{identity}"


def _words(value: object) -> str:
    return one_line(_clean(value)) if isinstance(value, str) else ""


def _lines(value: object) -> str:
    return "\n".join(filter(None, map(one_line, _clean(value).splitlines()))) if isinstance(value, str) else ""


def _clean(text: str) -> str:
    """Half a surrogate pair, which JSON can carry, can be neither hashed nor stored."""
    return text.encode("utf-8", "replace").decode()


def _moment(seconds: float) -> datetime:
    """Return Unix seconds as a moment; what no clock shows is a ValueError, whatever the platform calls it."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except OSError as error:
        raise ValueError(f"{seconds} is no time") from error
