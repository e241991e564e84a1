"""HTML to plain text as a reader sees it: blocks on lines of their own, entities decoded, no scripts."""

import re
from html.parser import HTMLParser

_BLOCK = re.compile(
    r"address|article|aside|blockquote|br|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6r]|header|li|main|nav|ol|p|pre|"
    r"section|table|tr|ul"
)
_CELLS = frozenset({"td", "th"})
_DROPPED = frozenset({"script", "style", "template", "noscript", "head"})
_MARKED = re.compile(r"<!\[(?:CDATA\[|if[^\]>]*\]>|endif\]>)|\]\]>", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[list[str]] = [[]]
        self._dropped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- the base class's signature
        if tag in _DROPPED:
            self._dropped.append(tag)
        self._separate(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- the base class's signature
        self._separate(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._dropped:
            del self._dropped[self._dropped.index(tag) :]
        self._separate(tag)

    def handle_data(self, data: str) -> None:
        if not self._dropped:
            self.lines[-1].append(data)

    def _separate(self, tag: str) -> None:
        if _BLOCK.fullmatch(tag):
            self.lines.append([])
        elif tag in _CELLS:
            self.lines[-1].append(" ")


def plain_text(html: str) -> str:
    """The text of an HTML fragment, one line a block, without empty lines."""
    reader = _Reader()
    # The parser gives up on a marked section that is none ("<![ b"), which anybody can write: it becomes text.
    reader.feed(_MARKED.sub("", html).replace("<![", "&lt;!["))
    reader.close()
    return "\n".join(line for line in (one_line("".join(parts)) for parts in reader.lines) if line)


def one_line(text: str) -> str:
    """`text` with every run of white space as one space."""
    return _SPACE.sub(" ", text).strip()
