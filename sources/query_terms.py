"""The terms of a query: words, phrases, handles, tags, prefixes and what stands in a field, each as one pattern."""

import re
from dataclasses import dataclass

from sources.query_text import BODY, FIELDS, UNSPACED, Document, Span, account, fold, subreddit

# A mail address is no handle, and a combining accent belongs to the letter before it.
_EDGE_BEFORE = {"@": r"(?<![\w@])", "#": r"(?<![\w#&])"}
_EDGE_AFTER = r"(?![\w\u0300-\u036f])"
_LANGUAGE = re.compile(r"[a-z]{2,3}([-_]\w+)?", re.IGNORECASE)


class QueryError(ValueError):
    """A query that cannot be read. `position` is the offset of the trouble; the text of the error points at it."""

    def __init__(self, message: str, position: int, query: str = "") -> None:
        line = re.sub(r"\s", " ", query)
        start = max(0, position - 60)
        excerpt = f"\n  {line[start : position + 40]}\n  {' ' * (position - start)}^" if query.strip() else ""
        super().__init__(message + excerpt)
        self.message = message
        self.position = position


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand together in the body or in a field; the last one may go on where `prefix`, capitals count where `cased`.

    `rarest` is the longest of the words, folded, which a plain search looks for first.
    """

    words: tuple[str, ...]
    field: str
    cased: bool
    prefix: bool
    rarest: str
    pattern: re.Pattern[str]

    @property
    def depth(self) -> int:
        """See `Node`."""
        return 1

    @property
    def needs(self) -> frozenset[str] | None:
        """See `Node`. Nothing is known of a language before somebody asks for it."""
        return None if self.field == "lang" else frozenset((self.rarest,))

    def match(self, document: Document) -> tuple[Span, ...] | None:
        """See `Node`."""
        # A plain search is many times faster than the pattern, and most texts stop here.
        if self.rarest not in document.part(self.field).text:
            return None
        spans = document.part(self.field, cased=self.cased).spans(self.pattern)
        return (tuple((*span, self.field) for span in spans) if self.field else tuple(spans)) or None

    def __str__(self) -> str:
        before = (f"{self.field}:" if self.field else "") + ("=" if self.cased else "")
        return f"{before}{self.words[0]}*" if self.prefix else f'{before}"{" ".join(self.words)}"'


def term(words: list[str], position: int, field: str = BODY, *, cased: bool = False, prefix: bool = False) -> Term:
    """Return the term of these words in this order; `position` is where it stands in the query.

    Raises:
        QueryError: it cannot stand in this field.
    """
    values = _values(field, words, position)
    tail = (r"\w*" if field in {BODY, "title"} else ".*") if prefix else ""
    body = r"\s+".join(re.escape(fold(value, cased=cased).text) for value in values) + tail
    if field in {BODY, "title"}:
        first, last = values[0][0], fold(values[-1], cased=cased).text[-1]
        pattern = _edge_before(fold(first, cased=cased).text[0]) + body + ("" if prefix else _edge_after(last))
    elif field == "url":
        pattern = body
    else:
        before = r"(?:\A|(?<=\.))" if field == "site" else r"\A"
        after = r"(?:[-_].*)?\Z" if field == "lang" else r"\Z"
        pattern = f"(?s:{before}{body}{after})"
    rarest = max((fold(value).text for value in values), key=len)
    return Term(tuple(words), field, cased, prefix, rarest, re.compile(pattern))


def _values(field: str, words: list[str], position: int) -> list[str]:
    """Return the words as they stand in the field."""
    value = " ".join(words)
    if field == "lang" and not _LANGUAGE.fullmatch(value):
        raise QueryError(f'lang: takes the code of a language, such as lang:en, not "{value}"', position)
    if field == "site" and re.search(r"[/\s]", value):
        raise QueryError(f'site: takes a host, such as site:example.org; write url:"{value}" for a part of an address', position)
    if field == "site":
        return [value.lstrip(".") or value]
    if field in {"url", "subreddit"} and len(words) > 1:
        raise QueryError(f"{field}: takes one word; there is no white space in it", position)
    if field in {"author", "subreddit"}:
        value = account(value) if field == "author" else subreddit(value)
        if not value:
            raise QueryError(f"{field}: needs a name, such as {field}:acme", position)
        return value.split()
    return words


def _edge_before(sign: str) -> str:
    return "" if re.match(f"[{UNSPACED}]", sign) else _EDGE_BEFORE.get(sign, r"(?<!\w)" if _is_word(sign) else "")


def _edge_after(sign: str) -> str:
    return "" if re.match(f"[{UNSPACED}]", sign) or not _is_word(sign) else _EDGE_AFTER


def _is_word(sign: str) -> bool:
    return bool(re.match(r"[\w\u0300-\u036f]", sign))


def check_field(name: str, position: int) -> str:
    """Return the name of a field.

    Raises:
        QueryError: there is no such field.
    """
    if name.lower() in FIELDS:
        return name.lower()
    from difflib import get_close_matches  # noqa: PLC0415 - only a wrong query pays for it

    near = "url" if name.lower().startswith("http") else next(iter(get_close_matches(name.lower(), FIELDS, 1)), "")
    meant = f"; did you mean {near}:?" if near else f"; there are {', '.join(f'{one}:' for one in FIELDS)}."
    raise QueryError(f"there is no field {name}:{meant} To find the text itself, put it in quotation marks", position)
