"""What a digest tells beyond numbers, movers and quotes, as sections of Markdown."""

from reports.documents import Digest
from reports.markdown import escape
from reports.phrases import waited
from reports.typography import clean, counted, shortened, web_address
from reports.waiting import Waiting


def digest_sections(digest: Digest) -> list[str]:
    """Who waits for an answer, which verdicts changed, which causes are new or growing: a section each, where there is any."""
    extras = digest.extras
    found = [
        (
            f"Waiting for an answer: {counted(extras.waiting_in_all, 'customer')}",
            [_waiting(one, digest) for one in extras.waiting],
        ),
        ("Promises with another verdict", [escape(change.sentence) for change in digest.changed]),
        ("Causes of complaints, new and growing", [escape(cause.sentence) for cause in extras.causes]),
    ]
    return [f"## {name}\n\n" + "\n".join(f"- {line}" for line in lines) for name, lines in found if lines]


def _waiting(one: Waiting, digest: Digest) -> str:
    address = web_address(one.url)
    source = f"[{escape(one.source)}]({address.replace('(', '%28').replace(')', '%29')})" if address else escape(one.source)
    return f"“{escape(shortened(clean(one.quote)))}” **{waited(one, digest.generated)}** ({source}, case {one.case})"
