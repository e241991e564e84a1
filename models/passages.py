"""Cut a text into opinion-sized passages: sentences, split further where a contrast turns the opinion.

Offsets always point into the original text. What is not the author's own opinion is left out: quoted lines and mail signatures.
"""

import re

Span = tuple[int, int]

MAX_WORDS = 48
MIN_WORDS = 3
MAX_PASSAGES = 60

_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof sr jr st vs etc e.g i.e eg ie approx no nr inc ltd co corp dept u.s u.k a.m p.m jan feb mar apr jun jul aug "
    "sep sept oct nov dec mon tue wed thu fri sat sun".split()
)
_END = re.compile(r"""[.!?…]+["'”’)\]]*(?=\s)|\n+""")
_CONTRAST = re.compile(
    r"(?:,|;|\s[–—-])?\s+(?=(?:but|however|although|though|yet|whereas|except that|on the other hand|that said)\b)|;\s+|\s[–—]\s+",
    re.IGNORECASE,
)
_PAUSE = re.compile(r"[,;:)]\s+|\s+(?=(?:and|so|because|then|which|while)\b)", re.IGNORECASE)
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_SIGNATURE = re.compile(r"^(?:-- ?|sent from my .{1,40}|get outlook for .{1,20})$", re.MULTILINE | re.IGNORECASE)
_WORD = re.compile(r"\w+(?:['’]\w+)?")


def split(text: str) -> list[Span]:
    """Return the passages of `text` as (start, end) offsets, in order, without overlap; [] where there is no word."""
    spans: list[Span] = []
    for start, end in _own_words(text):
        for sentence in _merge_short(text, _sentences(text, start, end)):
            for piece in _contrasts(text, sentence):
                spans.extend(_bounded(text, piece))
    return [span for span in spans if _WORD.search(text, *span)][:MAX_PASSAGES]


def _own_words(text: str) -> list[Span]:
    """Return the stretches that the author wrote: no quoted lines, nothing from a signature on."""
    signature = _SIGNATURE.search(text)
    stop = signature.start() if signature else len(text)
    stretches, at = [], 0
    for quoted in _QUOTED_LINE.finditer(text, 0, stop):
        stretches.append((at, quoted.start()))
        at = quoted.end()
    stretches.append((at, stop))
    return [span for span in stretches if span[0] < span[1]]


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
    word = text[max(start, dot - 8) : dot].rsplit(None, 1)
    last = word[-1].casefold() if word else ""
    return last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha() and last != "i")


def _merge_short(text: str, spans: list[Span]) -> list[Span]:
    """Join a sentence of one or two words ("Thanks.") to the one before it, or the first to the one after."""
    merged: list[Span] = []
    for span in spans:
        if merged and (_words(text, span) < MIN_WORDS or _words(text, merged[-1]) < MIN_WORDS):
            merged[-1] = (merged[-1][0], span[1])
        else:
            merged.append(span)
    return merged


def _contrasts(text: str, span: Span) -> list[Span]:
    return _cut(text, span, _CONTRAST, at_least=2)


def _bounded(text: str, span: Span) -> list[Span]:
    """Cut a passage that is too long to hold one opinion at its pauses, else after so many words."""
    if _words(text, span) <= MAX_WORDS:
        return [span]
    pieces: list[Span] = []
    for piece in _cut(text, span, _PAUSE, at_least=MAX_WORDS // 2):
        words = list(_WORD.finditer(text, *piece))
        starts = [piece[0], *(words[i].start() for i in range(MAX_WORDS, len(words), MAX_WORDS))]
        pieces += [_trim(text, a, b) for a, b in zip(starts, [*starts[1:], piece[1]], strict=True)]
    return pieces


def _cut(text: str, span: Span, where: re.Pattern[str], at_least: int) -> list[Span]:
    """Cut `span` at the matches of `where` that leave `at_least` words on both sides."""
    pieces, at = [], span[0]
    for match in where.finditer(text, *span):
        if _words(text, (at, match.start())) >= at_least and _words(text, (match.end(), span[1])) >= at_least:
            pieces.append(_trim(text, at, match.start()))
            at = match.end()
    pieces.append(_trim(text, at, span[1]))
    return [piece for piece in pieces if piece[0] < piece[1]]


def _words(text: str, span: Span) -> int:
    return sum(1 for _ in _WORD.finditer(text, *span))


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
