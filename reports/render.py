"""The one entry to the looks of a report: a finished document and a format in, text out."""

from importlib import import_module
from typing import Final, Literal, get_args

from reports.documents import Digest, GapReport

GapFormat = Literal["html", "md", "json", "csv"]
DigestFormat = Literal["html", "mail", "md", "json", "text"]
_NAMES: Final = {"md": "markdown"}
GAP_FORMATS: Final[tuple[GapFormat, ...]] = get_args(GapFormat)
DIGEST_FORMATS: Final[tuple[DigestFormat, ...]] = get_args(DigestFormat)


def render_gap(report: GapReport, format: GapFormat) -> str:  # noqa: A002 - the word of the command line
    """The gap report as one document of that format."""
    return _written("gap", format, report)


def render_digest(digest: Digest, format: DigestFormat) -> str:  # noqa: A002 - the word of the command line
    """The digest as one document of that format."""
    return _written("digest", format, digest)


def _written(kind: str, ending: str, document: GapReport | Digest) -> str:
    """Each format has a room of its own, which is only opened when it is asked for: templates are slow to load."""
    name = _NAMES.get(ending, ending)
    text: str = getattr(import_module(f"reports.render_{name}"), f"{kind}_{name}")(document)
    return _encodable(text)


def _encodable(text: str) -> str:
    """Half a surrogate pair in a customer's text would otherwise stop the whole report from being written."""
    return text.encode("utf-8", "replace").decode("utf-8")
