"""Reddit's API through PRAW: listings, threads and the fate of single things, as plain records."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from configparser import Error as IniError
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar, cast

import praw
from praw.exceptions import DuplicateReplaceException, MissingRequiredAttributeException, PRAWException
from praw.models import MoreComments
from prawcore.exceptions import OAuthException, PrawcoreException

from sources.http import Gateway
from sources.kinds import secret
from sources.reddit import RedditOptions
from sources.reddit_network import CREDENTIALS_REMEDY, CheckedRequestor, CredentialsError, TokenExpiredError
from sources.reddit_things import Thing, from_api
from sources.source import MalformedError, Skipped

CLIENT_ID, CLIENT_SECRET = "PROMISEWATCH_REDDIT_CLIENT_ID", "PROMISEWATCH_REDDIT_CLIENT_SECRET"
FULL_LISTING, FULL_SEARCH = 500, 150
"""Reddit's listings end at about 1000 things and searches at about 250, less what was removed of them."""

_Found = TypeVar("_Found")
# What PRAW raises when JSON is well formed but no answer of Reddit.
_NOT_REDDIT = (KeyError, IndexError, ValueError, TypeError, AttributeError, AssertionError, OverflowError)


@dataclass(frozen=True, slots=True)
class Thread:
    """A post with its comments, and how many of these stayed unopened."""

    comments: tuple[Thing, ...]
    unopened: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A place that lists things, newest first. One that lists fewer than `full` lists all there is."""

    open: Callable[[praw.Reddit], Iterable[Any]]
    full: int


def listings(options: RedditOptions) -> dict[str, Listing]:
    """Return every listing that the options ask for, by its name."""
    found: dict[str, Listing] = {}
    for name in options.subreddits:
        found[f"r/{name}/new"] = Listing(partial(_new_posts, name), FULL_LISTING)
        if options.comments:
            found[f"r/{name}/comments"] = Listing(partial(_new_comments, name), FULL_LISTING)
    found |= {f"search {term}": Listing(partial(_found, term), FULL_SEARCH) for term in options.search}
    return found | {f"u/{name}": Listing(partial(_said_by, name), FULL_LISTING) for name in options.users}


def _new_posts(name: str, reddit: praw.Reddit) -> Iterable[Any]:
    return cast("Iterable[Any]", reddit.subreddit(name).new(limit=None))


def _new_comments(name: str, reddit: praw.Reddit) -> Iterable[Any]:
    return cast("Iterable[Any]", reddit.subreddit(name).comments(limit=None))


def _found(term: str, reddit: praw.Reddit) -> Iterable[Any]:
    return cast("Iterable[Any]", reddit.subreddit("all").search(term, sort="new", limit=None))


def _said_by(name: str, reddit: praw.Reddit) -> Iterable[Any]:
    return cast("Iterable[Any]", reddit.redditor(name).new(limit=None))


class RedditApi:
    """One collection's conversation with the API. A token that expires in between is renewed, once a question."""

    def __init__(self, options: RedditOptions, environment: Mapping[str, str], gateway: Gateway, now: datetime) -> None:
        self._open: Callable[[], praw.Reddit] = lambda: _reddit(options, environment, gateway, now)
        self._reddit = self._open()
        self.skipped: list[Skipped] = []

    def listing(self, listing: Listing, read: Callable[[Iterable[Thing]], _Found]) -> _Found:
        """Have `read` go through a listing, newest first, as far as it wants to."""
        return self._asked(lambda reddit: read(self._things(vars(one) for one in listing.open(reddit))))

    def info(self, ids: Iterable[str]) -> dict[str, Thing]:
        """Return the things with these full names, as far as Reddit knows them."""
        asked = list(dict.fromkeys(ids))
        things = self._asked(lambda reddit: [vars(one) for one in reddit.info(fullnames=asked)]) if asked else []
        return {thing.id: thing for thing in self._things(things)}

    def with_parents(self, things: Sequence[Thing]) -> tuple[Thing, ...]:
        """Return the things with the texts that they answer: out of their own number, or asked for."""
        here = {thing.id: thing for thing in things}
        missing = [one.parent_id for one in things if one.parent_id and one.parent_id not in here and not one.removed]
        here |= self.info(missing)
        return tuple(_answering(thing, here.get(thing.parent_id)) for thing in things)

    def thread(self, post: str, more: int) -> Thread:
        """Return the comments of a post, opening at most `more` folded branches."""

        def read(reddit: praw.Reddit) -> Thread:
            submission = reddit.submission(post.removeprefix("t3_"))
            submission.comment_sort = "new"
            forest = submission.comments
            folded = cast("Any", forest).replace_more(limit=more)
            top = from_api(vars(submission))
            flat: list[Any] = cast("Any", forest).list()
            found = [vars(one) for one in flat if not isinstance(one, MoreComments)]
            comments = tuple(self._things(found))
            here = {thing.id: thing for thing in (top, *comments)}
            answered = tuple(_answering(thing, here.get(thing.parent_id)) for thing in comments)
            return Thread(answered, sum(max(1, one.count) for one in folded))

        return self._asked(read)

    def _things(self, found: Iterable[Mapping[str, Any]]) -> Iterator[Thing]:
        for values in found:
            try:
                yield from_api(values)
            except (KeyError, TypeError, ValueError, OverflowError) as error:
                self.skipped.append(Skipped(f"no post and no comment: {error}", str(values.get("name", ""))))

    def _asked(self, what: Callable[[praw.Reddit], _Found]) -> _Found:
        try:
            with _explained():
                return what(self._reddit)
        except TokenExpiredError:
            self._reddit = self._open()
        try:
            with _explained():
                return what(self._reddit)
        except TokenExpiredError as error:
            raise CredentialsError("Reddit takes none of the access tokens that it gives", remedy=CREDENTIALS_REMEDY) from error


def has_credentials(options: RedditOptions, environment: Mapping[str, str]) -> bool:
    """Tell whether there are credentials for the API: in the environment or in praw.ini."""
    if secret(environment, CLIENT_ID):
        return True
    try:
        praw.Reddit(options.praw_site, user_agent="promisewatch", check_for_updates=False)
    except MissingRequiredAttributeException:
        return False
    except (IniError, OSError, ValueError) as error:
        raise CredentialsError(f"praw.ini: {error}", remedy="mend praw.ini, or name one of its sections as praw_site") from error
    return True


def _reddit(options: RedditOptions, environment: Mapping[str, str], gateway: Gateway, now: datetime) -> praw.Reddit:
    given: dict[str, Any] = {}
    if client_id := secret(environment, CLIENT_ID):
        # An app without a secret is an "installed" one; PRAW wants to be told so.
        given = {"client_id": client_id, "client_secret": secret(environment, CLIENT_SECRET) or None}
    return praw.Reddit(
        None if given else options.praw_site,
        requestor_class=CheckedRequestor,
        requestor_kwargs={"gateway": gateway, "now": now},
        user_agent="promisewatch",
        check_for_updates=False,
        check_for_async=False,
        # Given here, so that a praw.ini lying about cannot send the credentials elsewhere.
        oauth_url=options.oauth_url,
        reddit_url=options.reddit_url,
        **given,
    )


def _answering(thing: Thing, parent: Thing | None) -> Thing:
    return thing if parent is None else replace(thing, parent=parent.context)


@contextmanager
def _explained() -> Iterator[None]:
    """PRAW's own errors in the words of the contract; what the requestor raises is of the contract already."""
    try:
        yield
    except OAuthException as error:
        raise CredentialsError(f"Reddit does not take the credentials: {error}", remedy=CREDENTIALS_REMEDY) from error
    except (PrawcoreException, PRAWException, DuplicateReplaceException, *_NOT_REDDIT) as error:
        what = f"{type(error).__name__}: {error}"
        raise MalformedError(f"an answer that is not Reddit's ({what})", remedy="check reddit_url and oauth_url") from error
