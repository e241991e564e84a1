"""Which sentences of a brand's own voice are claims that customers may hold it to, and how strong each is by its wording.

Patterns, not a model: what is proposed can be explained by the words that stand there. Mere praise ("a joy to own") is none.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from models.quantities import quantities
from reports.claim_records import Claim, Sentence
from reports.evidence import Strength

SHORTEST, LONGEST = 4, 60
"""Words of a claim."""
ALIKE = 0.7
"""Share of their words (Jaccard) from which on two sentences are one claim."""


_HEDGE: Final = re.compile(
    r"""\b(?:up\ to|as\ (?:little|few|low|much|many)\ as|designed\ to|(?:aims?|try|tries|strives?|hopes?)\ (?:to|for)
    |helps?\ (?:you|your|to)|(?:can|could|may|might)\ (?:be|help|save|have|get|reach|last)
    |typically|usually|normally|generally|in\ most\ cases|where\ possible|subject\ to|often|almost|nearly|approximately
    |on\ average|most\ (?:orders|customers|people|of\ our|deliveries|calls|questions|items|products))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_GUARANTEE: Final = re.compile(
    r"""\b(?:guarantee[ds]?|we\ promise|(?:is|that's|it's)\ a\ promise|money[- ]back|risk[- ]free|no\ questions\ asked
    |or\ (?:we|your\ money|it(?:'s|\ is)|you\ (?:don't|do\ not))\ (?:pay|refund|replace|back|free|on\ us)
    |(?:lifetime|\d+[- ](?:year|month))s?\ (?:warranty|guarantee))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_COMPARATIVE: Final = re.compile(
    r"""\b(?:\w+er\b.{0,60}\bthan|(?:more|less|fewer|better)\b.{0,60}\bthan
    |(?:best|fastest|quickest|cheapest|lowest|easiest|friendliest|widest|largest|safest|strongest|softest|freshest|finest|greenest)
    |the\ most\ \w+|number\ one|no\.?\ ?1|(?:market[- ])?leading|unlike\ (?:any|other)|unbeatable|unmatched|unrivall?ed
    |second\ to\ none|nobody\ (?:is|does|has|delivers))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ABSOLUTE: Final = re.compile(
    r"""(?:\b(?:always|never|every\ \w+|each\ and\ every|all\ (?:our|your|of\ our)|100\ ?(?:%|percent|per\ cent)
    |zero|without\ (?:exception|fail|delay)|in\ (?:seconds|minutes|no\ time)
    |no\ (?:hidden|extra|additional)\ \w+|no\ (?:fees?|charges?|tools|waiting|queues?|delays?|contract|commitment|minimum)
    |24/7|around\ the\ clock|day\ (?:and|or)\ night|instantly|immediately|same[- ]day|next[- ]day
    |(?:we|that|which|it)\ only\ \w+|only\ (?:ever\ )?(?:from|the)\ \w+
    |free\ (?:delivery|shipping|returns?|of\ charge|exchanges?|wi-?fi)|for\ free
    |(?:carbon|climate)[- ]neutral|net[- ]zero|fully\ \w+|biodegradable|recyclable|eco[- ]friendly|certified)\b|100\ ?%)""",
    re.IGNORECASE | re.VERBOSE,
)
_SOON: Final = re.compile(r"\b(?:within|inside|under|less\ than|in(?:\s+(?:just|only|under))?)\s+$", re.IGNORECASE)
_QUICK_HOURS: Final = 60 * 24.0
"""A span of more than two months is a story, not a promise."""
_NEWS: Final = re.compile(
    r"""\?|\b(?:said|says|told|according\ to|announced?|reported|opens?|opened|opening|launch(?:es|ed)?
    |starts|joins|joined|visit\ us|celebrat\w+|thanks?|thank\ you|was|were|has\ been|have\ been)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ADDRESSED: Final = re.compile(r"\b(?:we|our|us|you|your|yours)\b", re.IGNORECASE)
_WORD: Final = re.compile(r"\w+(?:['’]\w+)?")


def strength(sentence: str) -> Strength | None:
    """How strong a claim a sentence makes; None where it makes none: news, questions, what somebody said, mere praise.

    A hedge weakens whatever else is said; a guarantee outweighs the rest.
    """
    if not SHORTEST <= len(_WORD.findall(sentence)) <= LONGEST:
        return None
    guaranteed = _GUARANTEE.search(sentence) is not None
    if _NEWS.search(sentence) and not guaranteed:
        return None
    compared = _COMPARATIVE.search(sentence) is not None
    absolute = _ABSOLUTE.search(sentence) is not None or _is_quick(sentence)
    if _HEDGE.search(sentence):
        spoken = guaranteed or compared or absolute or _ADDRESSED.search(sentence) or quantities(sentence)
        return "hedged" if spoken else None
    return "guarantee" if guaranteed else "comparative" if compared else "absolute" if absolute else None


def find_claims(sentences: Iterable[Sentence]) -> list[Claim]:
    """The claims among the sentences, near-identical ones as one, the most often made first."""
    groups: list[tuple[frozenset[str], list[Sentence]]] = []
    known: dict[str, int] = {}
    for sentence in sorted(sentences, key=lambda one: (one.day, one.mention, one.words)):
        key = _key(sentence.words)
        if key not in known:
            if strength(sentence.words) is None:
                continue
            words = frozenset(key.split())
            at = next((at for at, (others, _) in enumerate(groups) if _jaccard(words, others) >= ALIKE), len(groups))
            if at == len(groups):
                groups.append((words, []))
            known[key] = at
        groups[known[key]][1].append(sentence)
    found = [claim for _, group in groups if (claim := _claim(group)) is not None]
    return sorted(found, key=lambda one: (-one.sightings, one.first, one.key))


def _claim(group: Sequence[Sentence]) -> Claim | None:
    counts: dict[str, int] = {}
    for sentence in group:
        counts[sentence.words] = counts.get(sentence.words, 0) + 1
    words = max(counts, key=lambda one: (counts[one], one))
    strong, last = strength(words), max(group, key=lambda one: (one.day, one.mention))
    if strong is None:
        return None
    return Claim(_key(group[0].words), words, strong, group[0].day, last.day, len(group), last.mention, last.source, last.url)


def _key(words: str) -> str:
    return " ".join(_WORD.findall(words.casefold()))


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))


def _is_quick(sentence: str) -> bool:
    """Whether something is promised within a time: "in two days", "within the hour" is none without a number."""
    return any(
        one.dimension == "time" and one.value <= _QUICK_HOURS and _SOON.search(sentence, 0, one.start) is not None
        for one in quantities(sentence)
    )
