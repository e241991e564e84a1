"""Text with parts of it marked, safe to put into a page."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from markupsafe import Markup, escape

from reports.typography import clean


def marked(text: str, spans: Iterable[tuple[int, int, str]]) -> Markup:
    """Return `text` with its (start, end, class) spans marked; what overlaps an earlier one is cut to what is left of it."""
    pieces, at = [], 0
    for start, end, style in sorted(spans):
        begin = max(start, at)
        if begin >= end:
            continue
        pieces += [escape(text[at:begin]), Markup('<mark class="{}">{}</mark>').format(style, text[begin:end])]
        at = end
    return Markup("").join([*pieces, escape(text[at:])])


def linked(text: str, names: Sequence[tuple[str, str]]) -> Markup:
    """Return `text` in which each of the (words, address) leads to its address, the longest words first."""
    for words, address in sorted(names, key=lambda one: -len(one[0])):
        before, found, after = text.partition(words) if words else (text, "", "")
        if found:
            return Markup('{}<a href="{}">{}</a>{}').format(linked(before, names), address, found, linked(after, names))
    return escape(text)


def excerpt(text: str, spans: Iterable[tuple[int, int]], length: int = 320) -> Markup:
    """Return what fits into `length` around the first span, on one line, with the spans in it marked."""
    found = sorted(spans)
    begin = max(0, found[0][0] - length // 3) if found else 0
    if begin:
        begin = text.find(" ", begin) + 1 or begin
    end = min(len(text), begin + length)
    if end < len(text):
        end = max(text.rfind(" ", begin, end), begin + 1)
    part = text[begin:end]
    inside = [(max(start, begin) - begin, min(stop, end) - begin, "hit") for start, stop in found if start < end and stop > begin]
    lines = marked("".join(sign if clean(sign) or sign.isspace() else " " for sign in part), inside)
    return Markup("{}{}{}").format("… " if begin else "", lines, " …" if end < len(text) else "")


def layered(text: str, layers: Iterable[tuple[int, int, str]], seams: Iterable[int] = ()) -> Markup:
    """Return `text` with (start, end, class) layers marked, which may lie over each other; a bar stands at each seam."""
    spans, bars = list(layers), set(seams)
    cuts = sorted({0, len(text), *(min(place, len(text)) for start, end, _ in spans for place in (start, end)), *bars})
    pieces = []
    for start, end in pairwise(cuts):
        if start in bars:
            pieces.append(Markup('<span class="seam" aria-hidden="true">¦</span>'))
        styles = [style for first, last, style in spans if first <= start and end <= last]
        part = escape(text[start:end])
        pieces.append(Markup('<mark class="{}">{}</mark>').format(" ".join(dict.fromkeys(styles)), part) if styles else part)
    return Markup("").join(pieces)
