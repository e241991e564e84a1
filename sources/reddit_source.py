"""The ladder: the API with credentials, then a personal feed, then the public feeds; each shows less than the one above."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal

from sources.kinds import Opening, secret
from sources.reddit import RedditOptions
from sources.reddit_api import RedditApi, has_credentials, listings
from sources.reddit_feed import FEED, FULL_FEED, RedditFeeds, feeds, token
from sources.reddit_marks import Look, Mark, look, mark_from_json
from sources.reddit_network import CREDENTIALS_REMEDY, CredentialsError
from sources.reddit_round import Round
from sources.reddit_threads import Threads
from sources.reddit_turns import PAUSE_BETWEEN_FEEDS, turns_of
from sources.source import Batch, Cursor, DeniedError, Fate, Skipped, TemporaryError

Rung = Literal["api", "personal feed", "public feeds"]
_UNBELIEVABLE = 10
_NAMES: Mapping[Rung, str] = {"api": "the API", "personal feed": "a personal feed", "public feeds": "public feeds"}
_WORDS: Mapping[Rung, str] = {
    "api": "the API, with credentials",
    "personal feed": "the personal feed, about a request a minute: the newest of each place, without parents",
    "public feeds": "public feeds, about a request a minute: the newest of each place, without parents",
}


class RedditSource:
    """Subreddits, searches and accounts of one configuration entry."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._options: RedditOptions = opening.options
        self._used: Rung | None = None
        self._refused = ""

    @property
    def id(self) -> str:
        """Stable identity of the source."""
        return self._opening.id

    @property
    def rung(self) -> str:
        """The rung of the ladder that is stood on, in words, with the reason when a higher one refused us."""
        said = _WORDS[self._used or self._rungs()[0]]
        return f"{said}; {self._refused}" if self._refused else said

    def collect(self, cursor: Cursor, now: datetime) -> Batch:
        """Bring what is new, from the highest rung that takes us.

        Raises:
            SourceError: no place could be heard.
        """
        options = self._options
        if not (options.subreddits or options.search or options.users):
            raise DeniedError("nothing to listen to", remedy="give subreddits, search or users")
        *upper, lowest = self._rungs()
        self._refused = ""
        for rung in upper:
            try:
                return self._collect(rung, cursor, now)
            except CredentialsError as error:
                self._refused = str(error)
        return self._collect(lowest, cursor, now)

    def recheck(self, ids: Sequence[str], now: datetime) -> Mapping[str, Fate]:
        """Ask the API what became of things.

        Raises:
            SourceError: there are no credentials, or nothing was learnt.
        """
        if self._rungs()[0] != "api":
            raise DeniedError("only Reddit's API says what was deleted there", remedy=CREDENTIALS_REMEDY)
        found = self._api(now).info(ids)
        if not found and len(ids) >= _UNBELIEVABLE:
            raise TemporaryError(f"Reddit knows none of {len(ids)} things that it once showed; that is not believed")
        return {identity: thing.fate for identity, thing in found.items()}

    def _rungs(self) -> tuple[Rung, ...]:
        rungs: list[Rung] = ["api"] if has_credentials(self._options, self._opening.environment) else []
        if secret(self._opening.environment, FEED):
            rungs.append("personal feed")
        return (*rungs, "public feeds")

    def _api(self, now: datetime) -> RedditApi:
        return RedditApi(self._options, self._opening.environment, self._opening.gateway, now)

    def _collect(self, rung: Rung, cursor: Cursor, now: datetime) -> Batch:
        self._used = rung
        round_ = Round(_marks(cursor, [*listings(self._options), *feeds(self._options)]))
        if rung == "api":
            return self._batch(round_, cursor, now, self._ask_api(round_, cursor, now), None)
        personal = token(secret(self._opening.environment, FEED)) if rung == "personal feed" else {}
        later = turns_of(self._opening.gateway).take(self.id, now)
        if later:
            reason = f"Reddit serves a feed a minute, and other sources came first: its turn is at {now + later:%H:%M:%S} UTC"
            return Batch(cursor=cursor, reason=reason, wait=later, put_off=True)
        return self._batch(round_, cursor, now, *self._ask_feeds(round_, cursor, now, personal))

    def _ask_api(self, round_: Round, cursor: Cursor, now: datetime) -> Mapping[str, Any]:
        api = self._api(now)

        def hear(place: str) -> Look:
            listing = listings(self._options)[place]
            seen = api.listing(listing, partial(look, mark=round_.marks.get(place), full=listing.full))
            return Look(api.with_parents(seen.things), seen.mark, seen.complete)

        for place in listings(self._options):
            round_.attend(place, partial(hear, place))
        threads = Threads(_mapping(cursor, "threads"))
        if self._options.comments:
            self._read_threads(api, round_, threads, now)
        round_.skipped += api.skipped
        return {"threads": threads.to_json()}

    def _read_threads(self, api: RedditApi, round_: Round, threads: Threads, now: datetime) -> None:
        """Read what is said under posts outside the subreddits, as far as it grew."""
        listened = {name.casefold() for name in self._options.subreddits}
        posts = [one for one in round_.things.values() if one.id.startswith("t3_") and one.subreddit.casefold() not in listened]
        older = threads.out_of_sight({post.id for post in posts})
        if older and round_.heard:
            round_.attend("older threads", partial(self._look_after, api, threads, older))
        for post in posts:
            threads.see(post)
        for name in threads.due(now):
            threads.note(name, round_.attend(f"thread {name}", partial(self._read_thread, api, round_, name)), now)

    def _look_after(self, api: RedditApi, threads: Threads, names: Sequence[str]) -> Look:
        """Learn how many comments threads have that no listing has shown."""
        for post in api.info(names).values():
            threads.see(post)
        return Look((), None, complete=True)

    def _read_thread(self, api: RedditApi, round_: Round, name: str) -> Look:
        thread = api.thread(name, self._options.more_comments)
        if thread.unopened:
            round_.missed.append(f"thread {name}: {thread.unopened} folded comments were not opened; raise more_comments")
        return Look(thread.comments, None, complete=True)

    def _ask_feeds(
        self, round_: Round, cursor: Cursor, now: datetime, personal: Mapping[str, str]
    ) -> tuple[Mapping[str, Any], timedelta]:
        """Read the feed whose turn it is, and others as long as Reddit says that it allows it."""
        reader = RedditFeeds(self._options, self._opening.gateway, now, personal)
        wanted = feeds(self._options)
        turn = int(cursor.get("turn", 0)) % len(wanted)
        asked = 0
        for place in [*list(wanted)[turn:], *list(wanted)[:turn]]:
            if asked and not (personal and reader.allowance.left):
                break
            hear = partial(reader.things, *wanted[place])
            mark = round_.marks.get(place)
            round_.attend(place, lambda hear=hear, mark=mark: look(hear(), mark, FULL_FEED))  # type: ignore[misc] # mypy knows no types of such defaults
            asked += 1
        until = reader.allowance.until
        return {"turn": (turn + asked) % len(wanted)}, max(PAUSE_BETWEEN_FEEDS, until - now) if until else PAUSE_BETWEEN_FEEDS

    def _batch(self, round_: Round, cursor: Cursor, now: datetime, following: Mapping[str, Any], wait: timedelta | None) -> Batch:
        if round_.errors and not round_.heard:
            raise round_.errors[0]
        made = [thing.mention(self.id, self._opening.voice, now) for thing in round_.things.values()]
        turned_away = int(cursor.get("turned_away", 0)) + 1 if round_.halted else 0
        if round_.halted:
            wait = max(wait or timedelta(0), round_.pause(turned_away, now))
        lower = [] if self._used == "api" else [f"read by {self.rung}"]
        return Batch(
            mentions=tuple(one for one in made if not isinstance(one, Skipped)),
            skipped=(*round_.skipped, *(one for one in made if isinstance(one, Skipped))),
            cursor={
                **{key: cursor[key] for key in ("threads", "turn") if key in cursor},
                **following,
                "marks": {place: mark.to_json() for place, mark in round_.marks.items()},
                "turned_away": turned_away,
            },
            heard="partial" if round_.missed else "ok",
            reason="; ".join((*lower, *round_.missed)),
            wait=wait,
            rung=_NAMES[self._used or "api"],
        )


def _marks(cursor: Cursor, wanted: Iterable[str]) -> dict[str, Mark]:
    """The marks of places that are still listened to, on whichever rung."""
    stored = _mapping(cursor, "marks")
    found = ((place, mark_from_json(stored.get(place))) for place in wanted)
    return {place: mark for place, mark in found if mark is not None}


def _mapping(cursor: Cursor, key: str) -> Mapping[str, Any]:
    found = cursor.get(key)
    return found if isinstance(found, Mapping) else {}
