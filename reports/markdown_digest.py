"""What a digest tells beyond numbers, movers and quotes, as sections of Markdown."""

from reports.documents import Digest
from reports.markdown import escape
from reports.phrases import waited
from reports.reader import gettext, ngettext
from reports.typography import clean, shortened, web_address
from reports.waiting import Waiting


def digest_sections(digest: Digest) -> list[str]:
    """Who waits for an answer, which verdicts changed, which causes are new or growing: a section each, where there is any."""
    extras = digest.extras
    found = [
        (
            ngettext("Waiting for an answer: %(n)s customer", "Waiting for an answer: %(n)s customers", extras.waiting_in_all),
            [_waiting(one, digest) for one in extras.waiting],
        ),
        (gettext("Promises with another verdict"), [escape(change.sentence) for change in digest.changed]),
        (gettext("Causes of complaints, new and growing"), [escape(cause.sentence) for cause in extras.causes]),
    ]
    return [f"## {name}\n\n" + "\n".join(f"- {line}" for line in lines) for name, lines in found if lines]


def _waiting(one: Waiting, digest: Digest) -> str:
    address = web_address(one.url)
    source = f"[{escape(one.source)}]({address.replace('(', '%28').replace(')', '%29')})" if address else escape(one.source)
    return gettext(
        "“%(quote)s” **%(waits)s** (%(source)s, case %(case)s)",
        quote=escape(shortened(clean(one.quote))),
        waits=waited(one, digest.generated),
        source=source,
        case=one.case,
    )
