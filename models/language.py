"""Which language a text is written in, safe for short texts.

A tweet of four words names no language with certainty. What matters is not to score a text in a language that the model never
learnt, and not to lose short English ones: a text counts as foreign only when English is clearly improbable.
"""

import re
from collections.abc import Sequence
from functools import cache

from lingua import IsoCode639_1, Language, LanguageDetector, LanguageDetectorBuilder

# Measured on tweets in eight languages and the corpus: 1 English text in 200 is taken for foreign, 4 % of the foreign are read.
_ENGLISH_POSSIBLE, _ENGLISH_POSSIBLE_WITH_A_WORD = 0.2, 0.05
_SHORT, _SHORT_ENGLISH_POSSIBLE, _SHORT_FOREIGN_SURE = 8, 0.05, 0.5
_PLAIN_SHARE = 0.12
_PUNCTUATION = ".,!?;:\"'()…"
_NOT_WORDS = re.compile(r"@\w+|\bhttp\b|[\d_]")
_LETTERS = re.compile(r"[^\W\d_]")

# Words that English shares with few of its neighbours; one of them settles a text of a few words.
_ENGLISH_WORDS = frozenset(
    "the and you your it's its is was were are am been have has had they them this that these those what why when where who how "
    "with without from but not don't didn't can't won't wasn't never ever just only my mine we our us she her his him of to for "
    "out off still again back got get getting give thanks thank thx ty please pls sorry hello hey love loved hate great good bad "
    "worst best awful amazing nice late early days day week weeks hours hour minutes time morning flight order delivery service "
    "customer broken works working work lost arrived came call called email help shit wow yes no lol omg wtf".split()
) - {"no", "time", "service", "am", "was", "her", "us", "of"}

_FUNCTION_WORDS = frozenset(
    "the and you your it's is this that these those what when where which who how with from but not don't didn't can't won't been "
    "have had they them their there my we our his because would could should about after before just only never still nobody "
    "nothing every another which i'm i've i'd i'll we've we're we'd they're they've you're you've she's he's there's that's "
    "here's what's isn't wasn't didn't doesn't couldn't wouldn't aren't weren't haven't hasn't hadn't".split()
)

_CANDIDATES = (
    "AR BG CS DA DE EL EN ES ET FA FI FR HE HI HR HU ID IT JA KO LT LV MS NB NL PL PT RO RU SK SL SR SV TA TH TR UK UR VI ZH"
).split()


def detect(texts: Sequence[str]) -> list[str | None]:
    """Return the ISO 639-1 code of every (normalised) text; None where it has no letters."""
    bare = [_NOT_WORDS.sub(" ", text) for text in texts]
    found: list[str | None] = ["en" if _is_plainly_english(text) else None for text in bare]
    asked = [index for index, text in enumerate(bare) if found[index] is None and _LETTERS.search(text)]
    scores = _detector().compute_language_confidence_values_in_parallel([bare[index] for index in asked])
    for index, ranked in zip(asked, scores, strict=True):
        top = ranked[0].language
        english = next(one.value for one in ranked if one.language == Language.ENGLISH)
        taken = _may_be_english(bare[index], english, ranked[0].value)
        found[index] = "en" if taken else top.iso_code_639_1.name.lower()
    return found


def _is_plainly_english(text: str) -> bool:
    """Tell whether a text has so many English function words that nothing needs to be weighed: most English texts do."""
    words = _words(text)
    plain = [word for word in words if word in _FUNCTION_WORDS]
    return len(set(plain)) >= 2 and len(plain) >= _PLAIN_SHARE * len(words)


def _may_be_english(text: str, english: float, best: float) -> bool:
    words = _words(text)
    plain = any(word in _FUNCTION_WORDS or word in _ENGLISH_WORDS for word in words)
    needed = _ENGLISH_POSSIBLE_WITH_A_WORD if plain else _ENGLISH_POSSIBLE
    if english >= needed:
        return True
    if len(words) >= _SHORT:
        return False
    if any(word in _ENGLISH_WORDS for word in words):
        return True
    return english >= _SHORT_ENGLISH_POSSIBLE or best < _SHORT_FOREIGN_SURE


def _words(text: str) -> list[str]:
    return [word.strip(_PUNCTUATION) for word in text.casefold().replace("’", "'").split()]


@cache
def _detector() -> LanguageDetector:
    # The trigram-only mode starts at once and stays small; the full one takes seconds and 600 MB.
    codes = [getattr(IsoCode639_1, code) for code in _CANDIDATES]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).with_low_accuracy_mode().build()
