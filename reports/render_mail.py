"""The digest as mail: a subject, a page with its styles on every element and its charts as pictures, and the same in plain text."""

from base64 import b64encode
from dataclasses import dataclass

from markupsafe import Markup, escape

from reports.digest_pictures import WIDTH
from reports.documents import Digest
from reports.phrases import edition_title
from reports.reader import gettext
from reports.render_html import environment
from reports.render_text import digest_text
from reports.typography import clean

LONGEST_SUBJECT = 110
SHARPNESS = 2
"""Pixels of a picture for each of its own: phones and good screens have at least two."""


@dataclass(frozen=True, slots=True)
class MailPage:
    """What a mail needs. Pictures stand within `html` as data; whoever sends it gives them a part of their own."""

    subject: str
    html: str
    text: str


def digest_page(digest: Digest) -> MailPage:
    """The digest as mail."""
    return MailPage(_subject(digest), digest_mail(digest), digest_text(digest))


def digest_mail(digest: Digest) -> str:
    """The page of the mail alone."""
    import css_inline  # noqa: PLC0415 - only mail needs it

    page = environment().get_template("digest.html").render(digest=digest, mail=True, picture=_picture)
    inlined = css_inline.inline(page, keep_at_rules=True, load_remote_stylesheets=False)
    # The rules that stay are put first, and who reads a page looks for its encoding in the first kilobyte alone.
    return inlined.replace("<head>", '<head><meta charset="utf-8">', 1)


def _subject(digest: Digest) -> str:
    """The brand, what is told of, and the first thing that matters, cut at a word; never a cause's name.

    A subject outlives the mention that it was taken from, and causes are named in customers' words.
    """
    if digest.quiet:
        return clean(gettext("%(brand)s, %(day)s: quiet", brand=digest.brand_name, day=edition_title(digest)))
    causes = {cause.sentence for cause in digest.extras.causes}
    first = next((thing for thing in digest.things if thing not in causes), None)
    subject = clean(f"{digest.brand_name}: {first}" if first else f"{digest.brand_name}, {edition_title(digest)}")
    return subject if len(subject) <= LONGEST_SUBJECT else subject[:LONGEST_SUBJECT].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def _picture(svg: str, words: str) -> Markup:
    """Draw a picture as PNG. It has no words in it, so no font is looked for."""
    import resvg_py  # noqa: PLC0415 - only mail needs it

    png = b64encode(resvg_py.svg_to_bytes(svg_string=svg, zoom=SHARPNESS, skip_system_fonts=True)).decode()
    return Markup(  # noqa: S704 - what is put in is a number, base64, and escaped words
        f'<img class="picture" width="{WIDTH}" alt="{escape(words)}" src="data:image/png;base64,{png}">'
    )
