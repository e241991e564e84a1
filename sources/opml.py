"""Lists of feeds (OPML 2.0, http://opml.org/spec2.opml), as feed readers write and take them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from sources.plain_text import one_line, printable

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list, and the folder that it lies in."""

    url: str
    title: str = ""
    folder: str = ""


class OpmlError(ValueError):
    """A file that is no list of feeds."""


def read_opml(data: bytes) -> tuple[Outline, ...]:
    """Read the feeds of a list, each address once, in the list's order. Entities and external documents are refused.

    Raises:
        OpmlError: it is no XML, no OPML, or holds what could expand.
    """
    from defusedxml import DefusedXmlException  # noqa: PLC0415 - only this command pays for it
    from defusedxml.ElementTree import ParseError, fromstring  # noqa: PLC0415 - likewise

    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise OpmlError("it defines entities or names other documents, which no list of feeds needs") from error
    except (ParseError, ValueError, LookupError) as error:
        raise OpmlError(f"it is no readable XML: {error}") from error
    if root.tag.lower() != "opml":
        raise OpmlError(f"it is <{root.tag[:60]}>, not <opml>")
    found: dict[str, Outline] = {}
    for outline in _outlines(root):
        found.setdefault(outline.url, outline)
    return tuple(found.values())


def write_opml(outlines: Iterable[Outline], title: str, now: datetime) -> bytes:
    """Write a list that other feed readers take; feeds of one folder stand together."""
    root = ET.Element("opml", version="2.0")
    head, body = ET.SubElement(root, "head"), ET.SubElement(root, "body")
    ET.SubElement(head, "title").text = printable(title)
    ET.SubElement(head, "dateCreated").text = format_datetime(now)
    folders: dict[str, Element] = {"": body}
    for one in outlines:
        if one.folder not in folders:
            folders[one.folder] = ET.SubElement(body, "outline", text=printable(one.folder))
        name = printable(one.title or one.url)
        ET.SubElement(folders[one.folder], "outline", type="rss", text=name, title=name, xmlUrl=printable(one.url))
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _outlines(root: "Element") -> Iterator[Outline]:
    # A stack of its own: lists come in which folders nest deeper than calls may.
    waiting = [(child, "") for child in reversed(root)]
    while waiting:
        element, folder = waiting.pop()
        given = {name.lower(): one_line(value) for name, value in element.attrib.items()}
        url = given.get("xmlurl", "")
        name = given.get("title") or given.get("text", "")
        if url.startswith("feed:"):
            url = url.removeprefix("feed:") if "://" in url.removeprefix("feed:") else "http:" + url.removeprefix("feed:")
        if url.lower().startswith(("http://", "https://")):
            yield Outline(url, name, folder)
        inside = folder if url or element.tag.lower() != "outline" else name or folder
        waiting += [(child, inside) for child in reversed(element)]
