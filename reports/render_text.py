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
    quiet_line,
    quiet_title,
    unit,
    waited,
    with_before,
    with_interval,
)
from reports.typography import clean, counted, exact, excerpt, local_day, p_value, sample, score, short_day, shortened, web_address
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
    blocks.append(_block(f"The {unit(digest)} in numbers", (_figure(*figure) for figure in day_figures(digest))))
    waiting = f"Waiting for an answer: {counted(digest.extras.waiting_in_all, 'customer')}"
    blocks.append(_block(waiting, (_waiting(one, digest) for one in digest.extras.waiting)))
    blocks.append(_block("Promises with another verdict", (change.sentence for change in digest.changed)))
    blocks.append(_block("What moved", map(_mover, digest.movers)))
    blocks.append(_block("Causes of complaints, new and growing", (cause.sentence for cause in digest.extras.causes)))
    blocks.append(_block(f"Promises, {with_before(digest)}", map(_verdict, digest.verdicts)))
    blocks.append(_block("Complaints", (_quote(quote, digest.timezone) for quote in digest.complaints)))
    blocks.append(_block("Praise worth sharing", (_quote(quote, digest.timezone) for quote in digest.praise)))
    blocks.append(_block("Not heard", (f"{source}: {what}" for source, what in holes(digest.coverage, digest.timezone))))
    blocks.append(_wrapped(f"Model {digest.model.version}. {audit_line(digest.model)}", "", ""))
    return "\n\n".join(filter(None, blocks)) + "\n"


def _figure(name: str, now: str, usual: str) -> str:
    return f"{name}: {now}" + (f"; usually {usual}" if usual else "")


def _mover(mover: Mover) -> str:
    chance = f"; {p_value(mover.p)}" if mover.p is not None else ""
    change = with_interval(mover.delta, mover.interval, sign=True)
    return f"“{mover.promise.text}” {score(mover.now)}, before {score(mover.before)}: {change} ({sample(mover.n)}{chance})"


def _verdict(gap: PromiseGap) -> str:
    lived = f", delivered {with_interval(gap.delivery, gap.interval)}" if gap.delivery is not None else ""
    return f"“{gap.promise.text}” {gap.verdict}: promised {exact(gap.expectation)}{lived}, {sample(gap.n)}"


def _waiting(one: Waiting, digest: Digest) -> str:
    return f"“{shortened(clean(one.quote))}” {waited(one, digest.generated)} ({one.source}, case {one.case}) {web_address(one.url)}"


def _quote(quote: Quote, timezone: str) -> str:
    copies = f", {counted(quote.copies, 'copy', 'copies')}" if quote.copies > 1 else ""
    day = short_day(local_day(quote.published, timezone))
    return f"“{excerpt(quote)}” ({quote.source}, {day}{copies}) {web_address(quote.url)}"


def _block(name: str, items: Iterable[str]) -> str:
    body = _lines(f"- {item}" for item in items)
    return f"{name}\n{body}" if body else ""


def _lines(items: Iterable[str]) -> str:
    return "\n".join(_wrapped(item, "", "   " if item[0].isdigit() else "  ") for item in items)


def _wrapped(text: str, first: str, rest: str) -> str:
    return textwrap.fill(
        clean(text), _WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
