"""HTML to plain text as a reader sees it: blocks on lines of their own, entities decoded, no scripts."""

import re
from html import unescape
from html.parser import HTMLParser

_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 hr header li main "
    "nav ol p pre section table tr ul".split()
)
_CELLS = frozenset({"td", "th"})
_DROPPED = frozenset({"script", "style", "template", "noscript", "head"})
_AROUND = frozenset({"title", "nav", "footer", "dialog", "select", "svg"})
_MARKED = re.compile(r"<!\[(?:CDATA\[|if[^\]>]*\]>|endif\]>)|\]\]>", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f\ufffe\uffff\ud800-\udfff]")


class _Reader(HTMLParser):
    def __init__(self, drop: frozenset[str] = _DROPPED) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[list[str]] = [[]]
        self._drop = drop
        self._dropped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- the base class's signature
        if tag in self._drop:
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
        if tag in _BLOCKS:
            self.lines.append([])
        elif tag in _CELLS:
            self.lines[-1].append(" ")


class _PageReader(_Reader):
    """Remembers the title, and where the main part begins and ends."""

    def __init__(self) -> None:
        super().__init__(_DROPPED | _AROUND)
        self.title = ""
        self.main = slice(0, None)
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_title = tag == "title" and not self.title and "svg" not in self._dropped
        super().handle_starttag(tag, attrs)
        if tag == "main" and not self.main.start and not self._dropped:
            self.main = slice(len(self.lines) - 1, None)

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        self._in_title = False
        if tag == "main" and self.main.start and self.main.stop is None:
            self.main = slice(self.main.start, len(self.lines))

    def handle_data(self, data: str) -> None:
        super().handle_data(data)
        if self._in_title:
            self.title += data


def plain_text(html: str) -> str:
    """The text of an HTML fragment, one line a block, without empty lines."""
    html = printable(html)
    if "<" not in html:
        return one_line(unescape(html))
    reader = _Reader()
    _read(reader, html)
    return _joined(reader.lines)


def page_text(html: str) -> tuple[str, str]:
    """The title and the text of a whole page: of its `<main>` where it has one, without menus and footers."""
    reader = _PageReader()
    _read(reader, printable(html))
    return one_line(reader.title), _joined(reader.lines[reader.main]) or _joined(reader.lines)


def _read(reader: _Reader, html: str) -> None:
    # The parser gives up on a marked section that is none ("<![ b"), which anybody can write: it becomes text.
    reader.feed(closed(_MARKED.sub("", html).replace("<![", "&lt;![")))
    reader.close()


def closed(html: str) -> str:
    """`html` with what follows the last ">" as text: the parser looks for the end of every open tag anew, which takes n² steps."""
    start, end, rest = html.rpartition(">")
    return start + end + rest.replace("<", "&lt;")


def _joined(lines: list[list[str]]) -> str:
    return "\n".join(line for line in (one_line("".join(parts)) for parts in lines) if line)


def printable(text: str) -> str:
    """`text` without control characters and lone surrogates, which neither people nor stores can read; line breaks stay."""
    return _UNPRINTABLE.sub("", text)


def one_line(text: str) -> str:
    """`text` with every run of white space as one space."""
    return _SPACE.sub(" ", text).strip()
