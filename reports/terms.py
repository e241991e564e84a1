"""The words of a report's own vocabulary: verdicts, stages, pillars. Values carry them in English; `term` says how they read."""

import re
from typing import Final

from reports.reader import gettext, gettext_noop

INSUFFICIENT: Final = gettext_noop("insufficient evidence")
TERMS: Final = frozenset({
    # verdicts and stances
    gettext_noop("kept"),
    gettext_noop("broken"),
    gettext_noop("at risk"),
    gettext_noop("unclear"),
    INSUFFICIENT,
    gettext_noop("good"),
    gettext_noop("bad"),
    gettext_noop("positive"),
    gettext_noop("negative"),
    # priority, and what to do with a claim
    gettext_noop("fix first"),
    gettext_noop("keep up"),
    gettext_noop("low priority"),
    gettext_noop("possible overkill"),
    gettext_noop("soften"),
    gettext_noop("withdraw"),
    # strengths of a claim
    gettext_noop("guarantee"),
    gettext_noop("absolute"),
    gettext_noop("comparative"),
    gettext_noop("hedged"),
    # causes
    gettext_noop("new"),
    gettext_noop("growing"),
    gettext_noop("steady"),
    gettext_noop("shrinking"),
    gettext_noop("gone"),
    gettext_noop("gone quiet"),
    gettext_noop("open"),
    gettext_noop("open again"),
    gettext_noop("covered, not proven yet"),
    gettext_noop("covered, confirmed"),
    # pillars
    gettext_noop("advertising"),
    gettext_noop("content"),
    gettext_noop("digital experience"),
    gettext_noop("in-person experience"),
    gettext_noop("communication"),
    gettext_noop("people"),
    gettext_noop("product and service"),
    gettext_noop("customer service"),
    gettext_noop("friction"),
    gettext_noop("reputation"),
    # stages of the customer's journey
    gettext_noop("discover"),
    gettext_noop("buy"),
    gettext_noop("receive"),
    gettext_noop("use"),
    gettext_noop("get help"),
    gettext_noop("renew or leave"),
    # ways to read Reddit
    gettext_noop("the API"),
    gettext_noop("a personal feed"),
    gettext_noop("public feeds"),
    # what net sentiment moved by, and of what
    gettext_noop("source mix"),
    gettext_noop("topic mix"),
    gettext_noop("tone"),
    gettext_noop("all others"),
    gettext_noop("no promise"),
    gettext_noop("topic"),
    gettext_noop("source"),
    gettext_noop("language"),
    # who speaks, and how long a bucket is
    gettext_noop("customer"),
    gettext_noop("press"),
    gettext_noop("brand"),
    gettext_noop("day"),
    gettext_noop("week"),
    gettext_noop("month"),
    # why something was not read
    gettext_noop("no words"),
    gettext_noop("empty"),
    gettext_noop("no language that the model reads"),
    gettext_noop("too short to read"),
})  # fmt: skip
_UNLEARNT: Final = re.compile(r"language (\S+) not trained for")


def term(word: str) -> str:
    """A word of the vocabulary in the reader's language; any other word as it is."""
    return gettext(word) if word in TERMS else word


def reason(found: str) -> str:
    """Why a text was not read."""
    unlearnt = _UNLEARNT.fullmatch(found)
    return gettext("language %(code)s not trained for", code=unlearnt[1]) if unlearnt else term(found)
