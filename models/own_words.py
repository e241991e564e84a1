"""What of a text is its author's own: no quoted lines, no quotations of others, nothing from a signature on. And without markup."""

import re
from collections.abc import Iterator

Span = tuple[int, int]

_LINES = re.compile(r"^[ \t]*>.*$|^[ \t]*On .{5,150} wrote:[ \t]*$", re.MULTILINE)
_BLOCK = re.compile(
    r"(?P<quote>\[quote[^\]\n]{0,100}\])|(?P<html><blockquote[^>\n]{0,200}>)|^(?P<code>```)", re.MULTILINE | re.IGNORECASE
)
_CLOSING = {
    "quote": re.compile(r"\[/quote\]", re.IGNORECASE),
    "html": re.compile(r"</blockquote>", re.IGNORECASE),
    "code": re.compile(r"^```", re.MULTILINE),
}
_SIGNATURE = re.compile(
    r"^(?:-- ?|sent from my .{1,40}|get outlook for .{1,20}|-{2,} ?original message ?-{2,}.{0,20})$", re.MULTILINE | re.IGNORECASE
)
_CLOSING_FORMULA = re.compile(
    r"^(?:(?:best|kind|kindest|warm) regards|regards|best wishes|yours (?:sincerely|faithfully|truly)|sincerely)[,.!]?[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_LONGEST_ADDRESS, _ADDRESS_LINES = 400, 5

_LINK = re.compile(r"!?\[([^\[\]\n]{1,300})\]\([^()\s]{1,1000}\)")
_TAG = re.compile(
    r"</?[a-z][a-z0-9]{0,11}(?:\s[^<>]{0,500})?/?>|\[/?(?:b|i|u|s|url|img|size|color|spoiler)(?:=[^\[\]\n]{0,200})?\]",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(r"\*\*|~~|`{1,3}|(?<!\w)__|__(?!\w)")
_LINE_START = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|[-*+•][ \t]+|\d{1,2}[.)][ \t]+)", re.MULTILINE)


def own_words(text: str) -> list[Span]:
    """Return the stretches of `text` that its author wrote, as (start, end) offsets in order; all of it where none."""
    stop = _signed(text)
    stretches, at = [], 0
    for start, end in sorted(_others(text)):
        if start >= stop:
            break
        if start > at:
            stretches.append((at, start))
        at = max(at, end)
    if at < stop:
        stretches.append((at, stop))
    return [span for span in stretches if text[slice(*span)].strip()] or [(0, len(text))]


def unmarked(text: str) -> str:
    """Return `text` without the marks of HTML, Markdown and forums; links keep their words."""
    text = _LINE_START.sub("", text)
    if "[" in text:
        text = _LINK.sub(r"\1", text)
    if "[" in text or "<" in text:
        text = _TAG.sub(" ", text)
    return _EMPHASIS.sub("", text)


def _signed(text: str) -> int:
    """Return where the signature begins; the length of `text` where there is none."""
    found = _SIGNATURE.search(text)
    stop = found.start() if found else len(text)
    for match in _CLOSING_FORMULA.finditer(text, max(0, stop - _LONGEST_ADDRESS), stop):
        below = text[match.end() : stop].strip().splitlines()
        if len(below) <= _ADDRESS_LINES and not any(line.rstrip().endswith((".", "!", "?")) for line in below):
            return match.start()
    return stop


def _others(text: str) -> Iterator[Span]:
    """Yield what somebody else wrote. A quotation that is never closed is none."""
    for line in _LINES.finditer(text):
        yield line.span()
    unclosed: set[str] = set()
    at = 0
    for opening in _BLOCK.finditer(text):
        kind = str(opening.lastgroup)
        if opening.start() < at or kind in unclosed:
            continue
        closing = _CLOSING[kind].search(text, opening.end())
        if closing is None:
            unclosed.add(kind)
            continue
        at = closing.end()
        yield opening.start(), at
