"""The digest as plain text: for a terminal and for the text part of a mail."""

import textwrap
from collections.abc import Iterable
from typing import Final

from reports.documents import Digest, Mover, PromiseGap
from reports.evidence import Quote
from reports.phrases import (
    audit_line,
    day_figures,
    edition_title,
    holes,
    in_numbers,
    quiet_line,
    quiet_title,
    waited,
    with_before,
    with_interval,
)
from reports.reader import gettext, ngettext
from reports.terms import term
from reports.typography import (
    clean,
    counted,
    exact,
    excerpt,
    local_day,
    marks,
    p_value,
    sample,
    score,
    short_day,
    shortened,
    web_address,
)
from reports.waiting import Waiting

_WIDTH: Final = 76


def digest_text(digest: Digest) -> str:
    """The digest in lines of at most 76 characters (an address may be longer); a quiet one is two lines, unwrapped."""
    if digest.quiet:
        return f"{clean(quiet_title(digest))}\n{clean(quiet_line(digest))}\n"
    day = clean(f"{digest.brand_name}, {edition_title(digest)}")
    blocks = [day + "\n" + "=" * min(len(day), _WIDTH)]
    if digest.things:
        blocks.append(_lines(f"{place}. {thing}" for place, thing in enumerate(digest.things, 1)))
    blocks.append(_block(in_numbers(digest), (_figure(*figure) for figure in day_figures(digest))))
    blocks += [_wrapped(clean(sentence), "", "") for sentence in digest.reliance]
    waiting = ngettext(
        "Waiting for an answer: %(n)s customer", "Waiting for an answer: %(n)s customers", digest.extras.waiting_in_all
    )
    blocks.append(_block(waiting, (_waiting(one, digest) for one in digest.extras.waiting)))
    blocks.append(_block(gettext("Promises with another verdict"), (change.sentence for change in digest.changed)))
    blocks.append(_block(gettext("What moved"), map(_mover, digest.movers)))
    blocks.append(_block(gettext("Causes of complaints, new and growing"), (cause.sentence for cause in digest.extras.causes)))
    blocks.append(_block(with_before(digest), map(_verdict, digest.verdicts)))
    blocks.append(_block(gettext("Complaints"), (_quote(quote, digest.timezone) for quote in digest.complaints)))
    blocks.append(_block(gettext("Praise worth sharing"), (_quote(quote, digest.timezone) for quote in digest.praise)))
    blocks.append(_block(gettext("Not heard"), (f"{source}: {what}" for source, what in holes(digest.coverage, digest.timezone))))
    blocks.append(_wrapped(f"{gettext('Model %(version)s.', version=digest.model.version)} {audit_line(digest.model)}", "", ""))
    return "\n\n".join(filter(None, blocks)) + "\n"


def _figure(name: str, now: str, usual: str) -> str:
    return gettext("%(name)s: %(now)s; usually %(usual)s", name=name, now=now, usual=usual) if usual else f"{name}: {now}"


def _mover(mover: Mover) -> str:
    chance = f"; {p_value(mover.p)}" if mover.p is not None else ""
    return gettext(
        "“%(promise)s” %(now)s, before %(before)s: %(change)s (%(sample)s)",
        promise=mover.promise.text,
        now=score(mover.now),
        before=score(mover.before),
        change=with_interval(mover.delta, mover.interval, sign=True),
        sample=f"{sample(mover.n)}{chance}",
    )


def _verdict(gap: PromiseGap) -> str:
    facts = {
        "promise": gap.promise.text,
        "verdict": term(gap.verdict),
        "promised": exact(gap.expectation),
        "sample": sample(gap.n),
    }
    if gap.delivery is None:
        return gettext("“%(promise)s” %(verdict)s: promised %(promised)s, %(sample)s", **facts)
    delivered = with_interval(gap.delivery, gap.interval)
    return gettext(
        "“%(promise)s” %(verdict)s: promised %(promised)s, delivered %(delivered)s, %(sample)s", delivered=delivered, **facts
    )


def _waiting(one: Waiting, digest: Digest) -> str:
    told = gettext(
        "“%(quote)s” %(waits)s (%(source)s, case %(case)s)",
        quote=shortened(clean(one.quote)),
        waits=waited(one, digest.generated),
        source=one.source,
        case=one.case,
    )
    return f"{told} {web_address(one.url)}"


def _quote(quote: Quote, timezone: str) -> str:
    copies = f", {counted(quote.copies, 'copy', 'copies')}" if quote.copies > 1 else ""
    day = short_day(local_day(quote.published, timezone))
    return f"{marks(str(excerpt(quote)))} ({quote.source}, {day}{copies}) {web_address(quote.url)}"


def _block(name: str, items: Iterable[str]) -> str:
    body = _lines(f"- {item}" for item in items)
    return f"{name}\n{body}" if body else ""


def _lines(items: Iterable[str]) -> str:
    return "\n".join(_wrapped(item, "", "   " if item[0].isdigit() else "  ") for item in items)


def _wrapped(text: str, first: str, rest: str) -> str:
    return textwrap.fill(
        clean(text), _WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
