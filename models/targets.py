"""Where a text names what its sentiment is asked about: by its name, or by a handle or hashtag that spells it."""

import re
from functools import lru_cache

from models.text import normalise

_TAG = re.compile(r"[@#]\w+")


def naming(text: str, target: str) -> str | None:
    """Return `text`, normalised, with the handles of `target` written as its name; None where it does not name the target."""
    name = normalise(target)
    spelled = _squashed(name)
    if not spelled:
        return None
    said = normalise(_TAG.sub(lambda tag: name if _squashed(tag[0]).startswith(spelled) else tag[0], text))
    return said if _name(name).search(said) else None


def _squashed(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


@lru_cache(maxsize=1024)
def _name(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
