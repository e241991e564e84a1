"""An alert in words: what happened and what to do in the first lines, the receipt below. The same for a terminal and for mail."""

import textwrap
from dataclasses import asdict
from typing import Any, Final

from reports.alert import Receipt
from reports.reader import gettext, gettext_noop, ngettext
from reports.terms import term
from reports.typography import clean, counted, decimal, exact, excerpt, marks, moment, number, percent, web_address

WIDTH: Final = 100
_ADVICE: Final = {
    "sentiment": gettext_noop("Read the stories below; answer the customers in them, and tell the people who can end the cause."),
    "volume": gettext_noop("Read the stories below and decide who answers, before others tell the story for you."),
    "promise": gettext_noop("Stop advertising this promise until it is kept again, and tell the people who can keep it."),
    "silence": gettext_noop("Check whether the brand's places are still alive, and whether their addresses have changed."),
    "blind": gettext_noop("Run promisewatch doctor; until the sources are heard again, other alerts of this brand are paused."),
}
_SUBJECTS: Final = {
    "reminded": gettext_noop("%(brand)s: Still: %(title)s"),
    "escalated": gettext_noop("%(brand)s: Nobody has answered: %(title)s"),
    "recovered": gettext_noop("%(brand)s: Over: %(title)s"),
}


def alert_subject(receipt: Receipt, step: str = "opened") -> str:
    """One line: the subject of a mail, the heading of a message."""
    if step not in _SUBJECTS:
        return clean(f"{receipt.brand_name}: {receipt.title}")
    return clean(gettext(_SUBJECTS[step], brand=receipt.brand_name, title=receipt.title))


def advice(receipt: Receipt) -> str:
    """What to do now."""
    return gettext(_ADVICE["blind" if receipt.subject == "blind" else receipt.watch])


def facts(receipt: Receipt) -> list[tuple[str, str]]:
    """The receipt as names and values, in words."""
    found = [
        (gettext("What"), _what(receipt)),
        (gettext("Since"), f"{moment(receipt.since, receipt.timezone)} ({receipt.timezone})"),
        (gettext("What is complained of"), _listed(receipt.about)),
        (gettext("Promises said to be broken"), _listed(receipt.broken)),
        (gettext("Tone"), _tone(receipt)),
        (gettext("Where"), _listed(receipt.places)),
        (gettext("Not heard"), "; ".join(clean(one) for one in receipt.blind)),
        (gettext("Known of these days"), clean(receipt.note)),
        (gettext("How sure"), _sure(receipt)),
        (gettext("Without the largest story"), _without(receipt)),
        (gettext("Test"), receipt.test),
        (gettext("Baseline"), receipt.baseline),
        (gettext("Sample"), _sample(receipt)),
    ]
    return [(name, value) for name, value in found if value]


def answers(number: int) -> str:
    """How somebody answers the alert of this number; "" where it has none yet."""
    if not number:
        return ""
    return gettext(
        'You look after it? promisewatch alerts ack %(number)s. Not now? promisewatch alerts snooze %(number)s --for "4 hours".',
        number=number,
    )


def alert_text(receipt: Receipt, step: str = "opened", number: int = 0) -> str:
    """The alert as plain text; `number` is what it is answered by."""
    lines = [alert_subject(receipt, step), ""]
    if step == "recovered":
        over = gettext("Nothing out of the usual since %(moment)s.", moment=moment(receipt.until, receipt.timezone))
        return "\n".join([*lines, over, ""])
    lines += [*_wrapped(gettext("What to do: %(advice)s", advice=advice(receipt))), ""]
    for name, value in facts(receipt):
        lines += _wrapped(f"{name}: {value}")
    if receipt.stories:
        lines += ["", gettext("The stories that drove it:")]
    for place, story in enumerate(receipt.stories, 1):
        lines += _wrapped(f"{place}. {marks(said(story.quote))}", "   ")
        lines.append(f"   {origin(story.mentions, story.quote.source)}")
        if address := web_address(story.quote.url):
            lines.append(f"   {address}")
    if number:
        lines += ["", answers(number)]  # unbroken, so that a command can be copied
    return "\n".join([*lines, ""])


def alert_html(receipt: Receipt, step: str = "opened", number: int = 0) -> str:
    """The alert as a self-contained page that mail programs show as well."""
    from reports.render_html import environment  # noqa: PLC0415 - templates are loaded only to be used

    return (
        environment()
        .get_template("alert.html")
        .render(
            receipt=receipt,
            subject=alert_subject(receipt, step),
            advice=advice(receipt),
            facts=facts(receipt),
            answers=answers(number),
            recovered=step == "recovered",
            said=said,
            origin=origin,
        )
    )


def alert_json(receipt: Receipt) -> dict[str, Any]:
    """The alert as a document for programs."""
    document = asdict(receipt)
    document["stories"] = [
        {
            "mention": one.quote.mention,
            "voices": one.mentions,
            "quote": said(one.quote),
            "url": one.quote.url,
            "source": one.quote.source,
            "published": one.quote.published.isoformat(),
        }
        for one in receipt.stories
    ]
    document["advice"] = advice(receipt)
    for name in ("since", "until"):
        document[name] = document[name].isoformat()
    return document


def said(quote: Any) -> str:
    """The passage with some of what stands around it."""
    around = excerpt(quote, 220)
    return f"{around.before}{around.passage}{around.after}".strip()


def origin(voices: int, source: str) -> str:
    """Whose words these are."""
    return clean(f"{source}, {counted(voices, 'voice', 'voices')}" if voices > 1 else source)


def _what(receipt: Receipt) -> str:
    if receipt.subject == "blind":
        return gettext("too few of the brand's sources can be heard: nothing can be said about it")
    facts = {"observed": number(receipt.observed), "total": number(receipt.total), "expected": number(receipt.expected)}
    if receipt.watch == "sentiment":
        return gettext(
            "%(observed)s of %(total)s customers' mentions were negative (%(share)s), "
            "where %(expected)s were to be expected (%(usual)s)",
            share=percent(receipt.observed / max(receipt.total, 1)),
            usual=percent(receipt.expected / max(receipt.total, 1)),
            **facts,
        )
    if receipt.watch == "promise":
        return gettext(
            "“%(promise)s” kept for %(observed)s of %(total)s customers who speak of it; advertised so that %(expected)s would be",
            promise=clean(receipt.promise),
            **facts,
        )
    much = ngettext(
        "%(n)s mention where %(expected)s were to be expected",
        "%(n)s mentions where %(expected)s were to be expected",
        round(receipt.observed),
        expected=facts["expected"],
    )
    ratio = receipt.observed / receipt.expected if receipt.expected > 0 else 0.0
    many = gettext("%(much)s (%(ratio)s times as many)", much=much, ratio=decimal(ratio))
    return many if receipt.watch == "volume" else much


def _tone(receipt: Receipt) -> str:
    if receipt.watch != "volume" or not receipt.read:
        return ""
    return gettext("%(negative)s of %(read)s are negative", negative=number(receipt.negative), read=number(receipt.read))


def _sure(receipt: Receipt) -> str:
    if receipt.watch == "promise" and receipt.interval is not None:
        low, high = map(number, receipt.interval)
        return gettext("kept for %(low)s to %(high)s of 100 customers (95 %%)", low=low, high=high)
    if receipt.subject == "blind":
        return ""
    return gettext(
        "as much comes by chance %(often)s; alerts open at %(wanted)s a month",
        often=_often(receipt.rate),
        wanted=exact(receipt.wanted) if receipt.wanted >= 0.1 else decimal(receipt.wanted, 2),
    )


def _often(rate: float) -> str:
    """How often something comes that comes so many times a month."""
    if rate < 0.01:
        return gettext("less than once in eight years")
    if rate < 1 / 18:
        years = max(2, round(1 / 12 / rate))
        return ngettext("about once in %(n)s year", "about once in %(n)s years", years)
    if rate < 0.75:
        months = max(2, round(1 / rate))
        return ngettext("about once in %(n)s month", "about once in %(n)s months", months)
    return gettext("about once a month") if rate < 1.5 else gettext("about %(n)s times a month", n=number(rate))


def _listed(counts: tuple[tuple[str, int], ...]) -> str:
    """The three that are named most, with how many voices name them."""
    return ", ".join(f"{clean(term(name))} ({number(count)})" for name, count in counts[:3])


def _sample(receipt: Receipt) -> str:
    if receipt.subject == "blind":
        return ""
    return ngettext(
        "%(n)s voice, worth %(worth)s independent ones",
        "%(n)s voices, worth %(worth)s independent ones",
        round(receipt.total),
        worth=number(receipt.n_eff),
    )


def _without(receipt: Receipt) -> str:
    if receipt.without_largest is None:
        return gettext("this alert would be here, too: no story has more than one voice") if receipt.stories else ""
    if receipt.without_largest:
        return gettext("this alert would be here, too")
    return gettext("this alert would not be here: one story carries it")


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
