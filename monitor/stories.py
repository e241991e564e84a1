"""Which mentions are copies of one text (a story), decided from the text alone."""

import re
from hashlib import blake2b

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


def story_key(text: str, author: str, identity: str) -> int:
    """Return the signed 64-bit key that the copies of one text share.

    A text under `MIN_WORDS` words or `MIN_CHARACTERS` characters is a stock phrase that people write independently, so it is only
    a copy of the same author's; where `author` is empty, `identity` (unique to the mention) stands for it.
    """
    normalised = normalise(text)
    if len(normalised) < MIN_CHARACTERS or normalised.count(" ") < MIN_WORDS - 1:
        normalised = f"{author or identity}\0{bool(author)}\0{text.casefold().strip()}"
    return int.from_bytes(blake2b(normalised.encode(), digest_size=8).digest(), signed=True)
