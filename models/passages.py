"""Cut a text into opinion-sized passages: sentences, split further where a contrast turns the opinion.

Offsets always point into the original text. What is not the author's own opinion is left out (models/own_words.py).
"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from itertools import islice

from models.own_words import Span, own_words

MAX_WORDS = 48
MIN_WORDS = 3
MAX_PASSAGES = 60

_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof sr jr st vs etc e.g i.e eg ie approx no nr inc ltd co corp dept u.s u.k a.m p.m jan feb mar apr jun jul aug "
    "sep sept oct nov dec mon tue wed thu fri sat sun".split()
)
_END = re.compile(r"""(?<![.!?…])[.!?…]++["'”’)\]*_~]*+(?=\s|</?[a-z])|\n+|<br\s?/?>|</(?:p|div|li|h\d)>""", re.IGNORECASE)
_CONTRAST = re.compile(
    r"(?:,|;|\s[–—-])?\s+(?=(?:but|however|although|though|whereas|except that|on the other hand|that said)\b)"
    r"|(?:,|;|\s[–—-])\s+(?=yet\b)|;\s+|\s[–—]\s+",
    re.IGNORECASE,
)
# "Nothing but praise" and "not only late but rude" turn no opinion.
_NO_CONTRAST = re.compile(
    r"\b(?:nothing|everything|anything|all|none|no one|nobody|every\w* one|cannot|can't help)\Z", re.IGNORECASE
)
_NOT_ONLY = re.compile(r"\bnot (?:only|just|merely|simply)\b", re.IGNORECASE)
_CONCEDING = re.compile(
    r"\W*(?:although|though|even though|while|whilst|whereas|despite|in spite of)\b[^,;]{8,200}(?P<turn>,\s+)", re.IGNORECASE
)
_PAUSE = re.compile(r"[,;:)]\s+|\s+(?=(?:and|so|because|then|which|while)\b)", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:['’]\w+)?")


def split(text: str) -> list[Span]:
    """Return the passages of `text` as (start, end) offsets, in order, without overlap; [] where there is no word."""
    spans: list[Span] = []
    for start, end in own_words(text):
        for sentence in _merge_short(text, _sentences(text, start, end)):
            for piece in _contrasts(text, sentence):
                spans.extend(_bounded(text, piece))
    return [span for span in spans if _WORD.search(text, *span)][:MAX_PASSAGES]


def _sentences(text: str, start: int, end: int) -> list[Span]:
    found, at = [], start
    for match in _END.finditer(text, start, end):
        if match[0].startswith(".") and _is_abbreviation(text, at, match.start()):
            continue
        found.append(_trim(text, at, match.end()))
        at = match.end()
    found.append(_trim(text, at, end))
    return [span for span in found if span[0] < span[1]]


def _is_abbreviation(text: str, start: int, dot: int) -> bool:
    if text[start:dot].strip().isdigit() and dot - start < 5:
        return True  # "2." numbers what follows
    word = text[max(start, dot - 8) : dot].rsplit(None, 1)
    last = word[-1].casefold() if word else ""
    return last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha() and last != "i")


def _merge_short(text: str, spans: list[Span]) -> list[Span]:
    """Join a sentence of one or two words ("Thanks.") to the one before it, or the first to the one after."""
    merged: list[Span] = []
    for span in spans:
        if merged and (_is_short(text, span) or _is_short(text, merged[-1])):
            merged[-1] = (merged[-1][0], span[1])
        else:
            merged.append(span)
    return merged


def _contrasts(text: str, span: Span) -> list[Span]:
    """Cut a sentence where its opinion turns: before "but", and after what it concedes ("Although they were kind, …")."""
    conceded = _CONCEDING.match(text, *span)
    turns = [
        match.span()
        for match in _CONTRAST.finditer(text, *span)
        if not _NO_CONTRAST.search(text, max(span[0], match.start() - 20), match.start())
        and not _NOT_ONLY.search(text, max(span[0], match.start() - 80), match.start())
    ]
    return _cut(text, span, [*([conceded.span("turn")] if conceded else []), *turns], at_least=2)


def _bounded(text: str, span: Span) -> list[Span]:
    """Cut a passage that is too long to hold one opinion at its pauses, else after so many words."""
    if _words(text, span) <= MAX_WORDS:
        return [span]
    pieces: list[Span] = []
    for piece in _cut(text, span, [match.span() for match in _PAUSE.finditer(text, *span)], at_least=MAX_WORDS // 2):
        words = list(_WORD.finditer(text, *piece))
        starts = [piece[0], *(words[i].start() for i in range(MAX_WORDS, len(words), MAX_WORDS))]
        pieces += [_trim(text, a, b) for a, b in zip(starts, [*starts[1:], piece[1]], strict=True)]
    return pieces


def _cut(text: str, span: Span, where: Iterable[Span], at_least: int) -> list[Span]:
    """Cut `span` at those stretches of `where` that leave `at_least` words on both sides."""
    words = [match.start() for match in _WORD.finditer(text, *span)]
    pieces, at = [], span[0]
    for start, end in sorted(where):
        before = bisect_left(words, start) - bisect_left(words, at)
        if start >= at and before >= at_least and len(words) - bisect_left(words, end) >= at_least:
            pieces.append(_trim(text, at, start))
            at = end
    pieces.append(_trim(text, at, span[1]))
    return [piece for piece in pieces if piece[0] < piece[1]]


def _words(text: str, span: Span) -> int:
    return sum(1 for _ in _WORD.finditer(text, *span))


def _is_short(text: str, span: Span) -> bool:
    return sum(1 for _ in islice(_WORD.finditer(text, *span), MIN_WORDS)) < MIN_WORDS


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
