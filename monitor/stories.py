"""Which mentions are copies of one text (a story), decided from what they say alone."""

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

from monitor.near_copies import MIN_WORDS as NEAR_WORDS
from sources.address import names_a_page, permalink
from sources.mention import Mention

MIN_WORDS = 5
MIN_CHARACTERS = 30
LONG_WORDS = 20
NOBODY = frozenset(
    {
        *(
            "anonymous",
            "anonymous user",
            "anon",
            "a google user",
            "amazon customer",
            "kindle customer",
            "guest",
            "customer",
            "user",
        ),
        *("[deleted]", "deleted", "[removed]", "unknown", "n/a", "none", "null", "-"),
    }
)

_NOISE = re.compile(r"\brt(?=\s*@)|https?://\S+|www\.\S+|@\w+")
_WORD = re.compile(r"\w+")


class Telling(NamedTuple):
    """What tells the story of a mention: keys that all copies share, and its words ("" where no near copies are looked for)."""

    keys: Sequence[int]
    words: str


def telling(mention: Mention) -> Telling:
    """Return what tells the story of `mention`.

    A press article is also told by its address, whatever a place quotes of it. Elsewhere many people share the address of what they
    speak of.
    """
    normalised = normalise(told(mention))
    keys = [_key(normalised, told(mention), mention.author, f"{mention.source}\0{mention.external_id}")]
    if mention.voice == "press" and mention.url and names_a_page(mention.url):
        keys.append(address_key(mention.url))
    return Telling(keys, normalised if normalised.count(" ") >= NEAR_WORDS - 1 else "")


def normalise(text: str) -> str:
    """Return `text` without what differs between copies: case, links, handles, the sign of a repost, punctuation, spaces."""
    text = text.casefold()
    if "@" in text or "http" in text or "www." in text:
        text = _NOISE.sub(" ", text)
    return " ".join(_WORD.findall(text))


def is_nobody(author: str) -> bool:
    """Tell whether a name stands for many people, so that it must not make one voice of them."""
    return author.strip().casefold() in NOBODY


def told(mention: Mention) -> str:
    """Return what of a mention its copies repeat: a text that is long enough keeps its words and changes its headline."""
    return mention.text if mention.text.count(" ") >= LONG_WORDS - 1 else mention.body


def is_stock_phrase(normalised: str) -> bool:
    """Tell whether people write this independently of each other: it is under `MIN_WORDS` words or `MIN_CHARACTERS` characters."""
    return len(normalised) < MIN_CHARACTERS or normalised.count(" ") < MIN_WORDS - 1


def story_key(text: str, author: str, identity: str) -> int:
    """Return the signed 64-bit key that the copies of one text share.

    A stock phrase is only a copy of the same author's; where `author` is empty, `identity` (unique to the mention) stands for it.
    """
    return _key(normalise(text), text, author, identity)


def _key(normalised: str, text: str, author: str, identity: str) -> int:
    if is_stock_phrase(normalised):
        normalised = f"{author or identity}\0{bool(author)}\0{text.casefold().strip()}"
    return _hash(normalised)


def address_key(url: str) -> int:
    """Return the signed 64-bit key of a page, whichever of its addresses this is."""
    return _hash(f"address\0{permalink(url)}")


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)
