"""RSS, RDF, Atom and JSON feeds."""

from dataclasses import dataclass
from typing import Annotated

from sources.kinds import Kind, Opening
from sources.options import public_address, web_address, yes_or_no
from sources.source import Source


@dataclass(frozen=True)
class FeedOptions:
    """What a configuration says of a feed. `full_text` fetches the whole article behind each entry."""

    url: Annotated[str, web_address]
    full_text: Annotated[bool, yes_or_no] = False


def address(options: FeedOptions) -> str:
    """The feed's address without what may be secret in it."""
    return public_address(options.url)


def open_source(opening: Opening) -> Source:
    """Return the feed, at the address that it has moved to."""
    from sources.feed_source import FeedSource  # noqa: PLC0415 - parsers are slow to load, and most commands collect nothing

    options: FeedOptions = opening.options
    url = opening.moved_to or options.url
    return FeedSource(opening.id, url, opening.gateway, opening.voice, full_text=options.full_text, apart=opening.apart)


KIND = Kind("feed", FeedOptions, address, open_source)
