"""The one entry to the looks of a report: a finished document and a format in, text out."""

from typing import Final, Literal, get_args

from reports.documents import Digest, GapReport
from reports.render_csv import gap_csv
from reports.render_html import digest_html, gap_html
from reports.render_json import digest_json, gap_json
from reports.render_markdown import digest_markdown, gap_markdown
from reports.render_text import digest_text

GapFormat = Literal["html", "md", "json", "csv"]
DigestFormat = Literal["html", "md", "json", "text"]
GAP_FORMATS: Final[tuple[GapFormat, ...]] = get_args(GapFormat)
DIGEST_FORMATS: Final[tuple[DigestFormat, ...]] = get_args(DigestFormat)


def render_gap(report: GapReport, format: GapFormat) -> str:  # noqa: A002 - the word of the command line
    """The gap report as one document of that format."""
    writers = {"html": gap_html, "md": gap_markdown, "json": gap_json, "csv": gap_csv}
    return _encodable(writers[format](report))


def render_digest(digest: Digest, format: DigestFormat) -> str:  # noqa: A002 - the word of the command line
    """The digest as one document of that format."""
    writers = {"html": digest_html, "md": digest_markdown, "json": digest_json, "text": digest_text}
    return _encodable(writers[format](digest))


def _encodable(text: str) -> str:
    """Half a surrogate pair in a customer's text would otherwise stop the whole report from being written."""
    return text.encode("utf-8", "replace").decode("utf-8")
