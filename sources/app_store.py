"""Customer reviews of Apple's App Store, from its public feed: the latest 500 of each country."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from sources.json_http import get_json, inner, moment_in, text_in
from sources.kinds import Kind, Opening
from sources.mention import Mention, Voice
from sources.options import each, shaped, text, web_address
from sources.parts import collect_parts
from sources.plain_text import one_line
from sources.source import Batch, Cursor, MalformedError, Skipped, Source, TemporaryError

if TYPE_CHECKING:
    from sources.http import Gateway

_MOST_PAGES = 10
_STARS = 5


@dataclass(frozen=True)
class AppStoreOptions:
    """What a configuration says of an app: the number in its address, the countries whose stores are read, and whose it is.

    Reviews seldom name what they are about: with `brand` they need not.
    """

    app: Annotated[str, shaped(r"[0-9]{5,12}", 'give the number in the app\'s address, such as "284882215"')]
    countries: Annotated[
        tuple[str, ...], each(shaped(r"[a-z]{2}", "give two small letters"), 'give countries, such as ["us", "gb"]')
    ] = ("us",)
    brand: Annotated[str, text] = ""
    url: Annotated[str, web_address] = "https://itunes.apple.com"


class AppStoreSource:
    """The reviews of one app, newest first and back to the newest that is known; an edited one comes to the top again."""

    def __init__(self, id: str, options: AppStoreOptions, gateway: "Gateway", voice: Voice = "customer") -> None:  # noqa: A002 -- the contract's word
        self._id = id
        self._options = options
        self._gateway = gateway
        self._voice = voice

    @property
    def id(self) -> str:
        """Stable identity of the app's reviews."""
        return self._id

    def collect(self, cursor: Cursor, now: datetime) -> Batch:
        """Bring the reviews that are new or edited in each country.

        Raises:
            SourceError: no country's store could be heard.
        """
        return collect_parts({one: partial(self._collect_country, one) for one in self._options.countries}, cursor, now)

    def _collect_country(self, country: str, cursor: Cursor, now: datetime) -> Batch:
        known = moment_in(cursor, "newest")
        mentions: dict[str, Mention] = {}
        skipped: list[Skipped] = []
        newest, reached = known, known is None
        for page in range(1, _MOST_PAGES + 1):
            reviews = list(self._reviews(country, page, now))
            if not reviews:
                if page == 1 and known is not None:
                    # Apple's feed comes empty for hours at times: silence is not what this means.
                    raise TemporaryError("the feed came empty, though it held reviews before")
                reached = True
                break
            for review in reviews:
                mention = self._mention(review, country, now)
                if mention.body:
                    mentions.setdefault(mention.external_id, mention)
                else:
                    skipped.append(Skipped("the review has neither title nor text", mention.external_id))
                updated = moment_in(review, "updated", "label")
                newest = max((one for one in (newest, updated) if one), default=None)
                reached = reached or (known is not None and updated is not None and updated <= known)
            if reached and known is not None:
                break
        return Batch(
            mentions=tuple(mentions.values()),
            skipped=tuple(skipped),
            cursor={"newest": min(newest, now).isoformat()} if newest else {},
            heard="ok" if reached else "partial",
            reason="" if reached else f"more reviews since the last look than the {len(mentions)} that Apple shows",
        )

    def _reviews(self, country: str, page: int, now: datetime) -> Iterator[Any]:
        path = f"{country}/rss/customerreviews/page={page}/id={self._options.app}/sortby=mostrecent/json"
        feed = inner(get_json(self._gateway, f"{self._options.url.rstrip('/')}/{path}", now).value, "feed")
        if not isinstance(feed, dict):
            raise MalformedError("the App Store answered without a feed", remedy="check `app` and `countries`")
        entries = feed.get("entry", [])
        # A single review is no list, and an entry without stars is the app itself.
        for entry in entries if isinstance(entries, list) else [entries]:
            if text_in(entry, "id", "label") and text_in(entry, "im:rating", "label"):
                yield entry

    def _mention(self, review: Any, country: str, now: datetime) -> Mention:
        version, reviewer = text_in(review, "im:version", "label"), text_in(review, "author", "uri", "label")
        return Mention(
            source=self._id,
            external_id=text_in(review, "id", "label"),
            title=one_line(text_in(review, "title", "label")),
            text=text_in(review, "content", "label"),
            url=quote(reviewer, safe=":/?&=%") if reviewer.startswith(("http://", "https://")) else "",
            author=one_line(text_in(review, "author", "name", "label")),
            published=min(moment_in(review, "updated", "label") or now, now),
            raw_published=text_in(review, "updated", "label"),
            voice=self._voice,
            rating=_rating(text_in(review, "im:rating", "label")),
            attributes={"country": country, **({"version": version} if version else {})},
            updated=moment_in(review, "updated", "label"),
            about=self._options.brand,
        )


def _rating(stars: str) -> float | None:
    return int(stars) / _STARS if re.fullmatch(rf"[1-{_STARS}]", stars) else None


def address(options: AppStoreOptions) -> str:
    """The app and the countries."""
    return f"apps.apple.com: {options.app} ({', '.join(options.countries)})"


def open_source(opening: Opening) -> Source:
    """Return the app's reviews."""
    return AppStoreSource(opening.id, opening.options, opening.gateway, opening.voice)


KIND = Kind("app_store", AppStoreOptions, address, open_source)
