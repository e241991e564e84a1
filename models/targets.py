"""Where a text speaks of what its sentiment is asked about: by name or alias, by a handle or hashtag that spells it, by pronoun."""

import re
from collections.abc import Sequence
from functools import lru_cache

from models.text import normalise

_TAG = re.compile(r"[@#]\w+")
# "It" is mostly the weather, or what was bought.
_PRONOUN = re.compile(r"\b(?:they|them|their|theirs|themselves)\b", re.IGNORECASE)


def speaking_of(stretches: Sequence[str], names: Sequence[str]) -> list[tuple[str, str]]:
    """Return (name, words) of those `stretches` of a text, in order, that speak of one of `names`; earlier names go first.

    A stretch that names none is taken along where it follows such a one and goes on with a pronoun: "They lost my bag."
    """
    found = []
    name = None
    for stretch in stretches:
        named = next(((one, said) for one in names if (said := naming(stretch, one))), None)
        if named is not None:
            name = normalise(named[0])
            found.append((name, named[1]))
        elif name is not None and _PRONOUN.search(stretch):
            found.append((name, normalise(stretch)))
        else:
            name = None
    return found


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
