"""The made-up world as feeds and pages: RSS 2.0, Atom and RSS 1.0 (RDF), byte for byte the same for the same items."""

import html
from collections.abc import Callable, Sequence
from datetime import datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from monitor.demo.world import Feed, Format, Item

CONTENT_TYPES: dict[Format, str] = {"rss": "application/rss+xml", "atom": "application/atom+xml", "rdf": "application/rdf+xml"}

_ATOM = "{http://www.w3.org/2005/Atom}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_RSS = "{http://purl.org/rss/1.0/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
for _prefix, _name in (("atom", _ATOM), ("rdf", _RDF), ("rss", _RSS), ("dc", _DC), ("content", _CONTENT)):
    register_namespace(_prefix, _name.strip("{}"))


def render_feed(feed: Feed, items: Sequence[Item], base: str) -> bytes:
    """Return `items`, newest first, as a feed document; `base` is the server's address without a slash at the end."""
    root = _RENDERERS[feed.format](feed, items, base)
    document: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def render_page(item: Item) -> bytes:
    """Return the page that an item's link leads to."""
    title = html.escape(item.title or item.author)
    byline = html.escape(f"{item.author}, {item.published:%d %B %Y, %H:%M} UTC")
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>\n'
        f"<body><h1>{title}</h1>{_markup(item)}<p><small>{byline}. Made up for the demo.</small></p></body></html>\n"
    ).encode()


def identity(item: Item) -> str:
    """Return the item's id as the feeds give it, the same on every server (RFC 4151)."""
    return f"tag:larkspur.example,{item.published.year}:{item.id}"


def _markup(item: Item) -> str:
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in item.text.split("\n"))


def _rss(feed: Feed, items: Sequence[Item], base: str) -> Element:
    root = Element("rss", version="2.0")
    channel = SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", f"{base}/feed/{feed.name}")
    _add(channel, "description", feed.title)
    for item in items:
        entry = SubElement(channel, "item")
        if item.title:
            _add(entry, "title", item.title)
        _add(entry, "link", base + item.url)
        _add(entry, "guid", identity(item), isPermaLink="false")
        _add(entry, f"{_DC}creator", item.author)
        _add(entry, "pubDate", format_datetime(item.published))
        _add(entry, "description", _markup(item))
    return root


def _atom(feed: Feed, items: Sequence[Item], base: str) -> Element:
    root = Element(f"{_ATOM}feed")
    _add(root, f"{_ATOM}id", f"tag:larkspur.example,2026:{feed.name}")
    _add(root, f"{_ATOM}title", feed.title)
    _add(root, f"{_ATOM}updated", _stamp(items[0].published) if items else "1970-01-01T00:00:00Z")
    _add(root, f"{_ATOM}link", "", rel="self", href=f"{base}/feed/{feed.name}")
    for item in items:
        entry = SubElement(root, f"{_ATOM}entry")
        _add(entry, f"{_ATOM}id", identity(item))
        _add(entry, f"{_ATOM}title", item.title)
        _add(entry, f"{_ATOM}link", "", rel="alternate", href=base + item.url)
        _add(SubElement(entry, f"{_ATOM}author"), f"{_ATOM}name", item.author)
        _add(entry, f"{_ATOM}published", _stamp(item.published))
        _add(entry, f"{_ATOM}updated", _stamp(item.published))
        _add(entry, f"{_ATOM}content", _markup(item), type="html")
    return root


def _rdf(feed: Feed, items: Sequence[Item], base: str) -> Element:
    root = Element(f"{_RDF}RDF")
    channel = SubElement(root, f"{_RSS}channel", {f"{_RDF}about": f"{base}/feed/{feed.name}"})
    _add(channel, f"{_RSS}title", feed.title)
    _add(channel, f"{_RSS}link", f"{base}/feed/{feed.name}")
    _add(channel, f"{_RSS}description", feed.title)
    listed = SubElement(SubElement(channel, f"{_RSS}items"), f"{_RDF}Seq")
    for item in items:
        SubElement(listed, f"{_RDF}li", {f"{_RDF}resource": identity(item)})
        entry = SubElement(root, f"{_RSS}item", {f"{_RDF}about": identity(item)})
        _add(entry, f"{_RSS}title", item.title)
        _add(entry, f"{_RSS}link", base + item.url)
        _add(entry, f"{_DC}creator", item.author)
        _add(entry, f"{_DC}date", _stamp(item.published))
        _add(entry, f"{_CONTENT}encoded", _markup(item))
    return root


_RENDERERS: dict[Format, Callable[[Feed, Sequence[Item], str], Element]] = {"rss": _rss, "atom": _atom, "rdf": _rdf}


def _add(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = text or None


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
