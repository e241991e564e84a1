"""Reddit: subreddits, searches and accounts, through its API or, without credentials, through its feeds."""

from dataclasses import dataclass
from typing import Annotated

from sources.kinds import Kind, Opening
from sources.options import shaped, text, texts, web_address, whole, yes_or_no
from sources.source import Source

_NAME = shaped(r"(?:/?[ru]/)?[A-Za-z0-9_-]{2,50}/?", 'give a name as in r/NAME, such as "travel"')


def names(value: object) -> tuple[str, ...]:
    """Names of subreddits or accounts, with or without r/ and u/; each once, whatever its case."""
    plain = [_NAME(one).strip("/").removeprefix("r/").removeprefix("u/") for one in texts(value)]
    return tuple({name.casefold(): name for name in plain}.values())


@dataclass(frozen=True)
class RedditOptions:
    """What a configuration says of Reddit.

    `search` looks through all of Reddit, whichever `subreddits` are listened to; `users` are accounts whose own posts and
    comments are read. `more_comments` is how many requests a long thread may cost beyond the first.
    """

    subreddits: Annotated[tuple[str, ...], names] = ()
    search: Annotated[tuple[str, ...], texts] = ()
    users: Annotated[tuple[str, ...], names] = ()
    comments: Annotated[bool, yes_or_no] = True
    more_comments: Annotated[int, whole(0, 200)] = 8
    praw_site: Annotated[str, text] = "DEFAULT"
    reddit_url: Annotated[str, web_address] = "https://www.reddit.com"
    oauth_url: Annotated[str, web_address] = "https://oauth.reddit.com"


def address(options: RedditOptions) -> str:
    """What is listened to, in a line."""
    places = [f"r/{'+'.join(options.subreddits)}"] if options.subreddits else []
    places += [f"search {term}" for term in options.search] + [f"u/{name}" for name in options.users]
    return f"reddit: {', '.join(places)}" if places else "reddit"


def open_source(opening: Opening) -> Source:
    """Return the source, on the highest rung of the ladder that its credentials reach."""
    from sources.reddit_source import RedditSource  # noqa: PLC0415 - PRAW is slow to load, and most commands collect nothing

    return RedditSource(opening)


KIND = Kind("reddit", RedditOptions, address, open_source)
