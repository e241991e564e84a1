"""From bytes to text: what a document declares of itself is believed as far as its bytes bear it out."""

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNMARKED = ((b"<\0", "utf-16-le"), (b"{\0", "utf-16-le"), (b"\0<", "utf-16-be"), (b"\0{", "utf-16-be"))
_XML_SAYS = re.compile(rb"\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
_HTML_SAYS = re.compile(rb"<meta\b[^>]{0,400}?\bcharset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_HEADER_SAYS = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
# What browsers read these labels as (WHATWG Encoding Standard): the Windows form is the wider one.
_WIDER = {"ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949"}
_SINGLE_BYTE = ("cp125", "iso8859", "koi8", "mac-")
_NO_TEXT = {"utf-7", "unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined"}
_MARKUP = re.compile(rb"<[^>]*>")
_SAMPLE = 50_000


def decode(body: bytes, content_type: str = "") -> str:
    """`body` as text, whatever it is encoded in: its mark, its own declaration, its header, else what its bytes look like.

    Nothing is refused: bytes that fit nowhere become U+FFFD.
    """
    for mark, encoding in (*_BYTE_ORDER_MARKS, *_UNMARKED):
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    for encoding in _declared(body, content_type):
        with suppress(ValueError):
            return body.decode("utf-8" if encoding.startswith(_SINGLE_BYTE) and _is_wide_utf_8(body) else encoding)
    return _guessed(body)


def _declared(body: bytes, content_type: str) -> Iterator[str]:
    start = body[:2_000]
    in_header = _HEADER_SAYS.search(content_type)
    for said in (_XML_SAYS.match(start), _HTML_SAYS.search(start)):
        if said:
            yield from _known(said[1].decode("ascii"))
    if in_header:
        yield from _known(in_header[1])
    yield "utf-8"


def _known(label: str) -> Iterator[str]:
    with suppress(LookupError, ValueError):
        name = codecs.lookup(label).name
        # A document that could be searched for its declaration is not in UTF-16 or UTF-32, whatever it says.
        if name not in _NO_TEXT and not name.startswith(("utf-16", "utf-32")):
            yield _WIDER.get(name, name)


def _is_wide_utf_8(body: bytes) -> bool:
    """Whether `body` is UTF-8 with more than ASCII in it, which text in another encoding is only by an unlikely accident."""
    try:
        return not body.isascii() and bool(body.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _guessed(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    wide = sum(not letter.isascii() for letter in text[:_SAMPLE])
    if text[:_SAMPLE].count("\ufffd") * 10 <= wide:
        return text
    from charset_normalizer import from_bytes  # noqa: PLC0415 - slow to load, and few documents lie about their encoding

    found = from_bytes(_MARKUP.sub(b" ", body)[:_SAMPLE]).best()
    return body.decode(found.encoding if found else "cp1252", "replace")
