"""An alert in words: what happened and what to do in the first lines, the receipt below. The same for a terminal and for mail."""

import textwrap
from dataclasses import asdict
from typing import Any, Final

from reports.alert import Receipt
from reports.typography import clean, counted, excerpt, moment, number, percent, web_address

WIDTH: Final = 100
_ADVICE: Final = {
    "sentiment": "Read the stories below; answer the customers in them, and tell the people who can end the cause.",
    "volume": "Read the stories below and decide who answers, before others tell the story for you.",
    "promise": "Stop advertising this promise until it is kept again, and tell the people who can keep it.",
    "silence": "Check whether the brand's places are still alive, and whether their addresses have changed.",
    "blind": "Run promisewatch doctor; until the sources are heard again, other alerts of this brand are paused.",
}


def alert_subject(receipt: Receipt, step: str = "opened") -> str:
    """One line: the subject of a mail, the heading of a message."""
    lead = {"reminded": "Still: ", "escalated": "Nobody has answered: ", "recovered": "Over: "}.get(step, "")
    return clean(f"{receipt.brand_name}: {lead}{receipt.title}")


def advice(receipt: Receipt) -> str:
    """What to do now."""
    return _ADVICE["blind" if receipt.subject == "blind" else receipt.watch]


def facts(receipt: Receipt) -> list[tuple[str, str]]:
    """The receipt as names and values, in words."""
    found = [
        ("What", _what(receipt)),
        ("Since", f"{moment(receipt.since, receipt.timezone)} ({receipt.timezone})"),
        ("What is complained of", _listed(receipt.about)),
        ("Promises said to be broken", _listed(receipt.broken)),
        ("Tone", f"{receipt.negative} of {receipt.read} are negative" if receipt.watch == "volume" and receipt.read else ""),
        ("Where", _listed(receipt.places)),
        ("Not heard", "; ".join(clean(one) for one in receipt.blind)),
        ("Known of these days", clean(receipt.note)),
        ("How sure", _sure(receipt)),
        ("Without the largest story", _without(receipt)),
        ("Test", receipt.test),
        ("Baseline", receipt.baseline),
        ("Sample", _sample(receipt)),
    ]
    return [(name, value) for name, value in found if value]


def answers(number: int) -> str:
    """How somebody answers the alert of this number; "" where it has none yet."""
    if not number:
        return ""
    return f'You look after it? promisewatch alerts ack {number}. Not now? promisewatch alerts snooze {number} --for "4 hours".'


def alert_text(receipt: Receipt, step: str = "opened", number: int = 0) -> str:
    """The alert as plain text; `number` is what it is answered by."""
    lines = [alert_subject(receipt, step), ""]
    if step == "recovered":
        return "\n".join([*lines, f"Nothing out of the usual since {moment(receipt.until, receipt.timezone)}.", ""])
    lines += [*_wrapped(f"What to do: {advice(receipt)}"), ""]
    for name, value in facts(receipt):
        lines += _wrapped(f"{name}: {value}")
    if receipt.stories:
        lines += ["", "The stories that drove it:"]
    for place, story in enumerate(receipt.stories, 1):
        lines += _wrapped(f"{place}. “{said(story.quote)}”", "   ")
        lines.append(f"   {origin(story.mentions, story.quote.source)}")
        if address := web_address(story.quote.url):
            lines.append(f"   {address}")
    if number:
        lines += ["", *_wrapped(answers(number))]
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
    return clean(f"{source}, {counted(voices, 'voice')}" if voices > 1 else source)


def _what(receipt: Receipt) -> str:
    if receipt.subject == "blind":
        return "too few of the brand's sources can be heard: nothing can be said about it"
    if receipt.watch == "sentiment":
        return (
            f"{number(receipt.observed)} of {number(receipt.total)} customers' mentions were negative "
            f"({percent(receipt.observed / max(receipt.total, 1))}), where {number(receipt.expected)} were to be expected "
            f"({percent(receipt.expected / max(receipt.total, 1))})"
        )
    if receipt.watch == "promise":
        kept = f"kept for {number(receipt.observed)} of {number(receipt.total)} customers who speak of it"
        return f"“{clean(receipt.promise)}” {kept}; advertised so that {number(receipt.expected)} would be"
    much = f"{counted(round(receipt.observed), 'mention')} where {number(receipt.expected)} were to be expected"
    ratio = receipt.observed / receipt.expected if receipt.expected > 0 else 0.0
    return f"{much} ({ratio:.1f} times as many)" if receipt.watch == "volume" else much


def _sure(receipt: Receipt) -> str:
    if receipt.watch == "promise" and receipt.interval is not None:
        return f"kept for {receipt.interval[0]:.0f} to {receipt.interval[1]:.0f} of 100 customers (95 %)"
    if receipt.subject == "blind":
        return ""
    return f"as much comes by chance {_often(receipt.rate)}; alerts open at {receipt.wanted:g} a month"


def _often(rate: float) -> str:
    """How often something comes that comes so many times a month."""
    if rate < 0.01:
        return "less than once in eight years"
    if rate < 1 / 18:
        return f"about once in {counted(max(2, round(1 / 12 / rate)), 'year')}"
    if rate < 0.75:
        return f"about once in {counted(max(2, round(1 / rate)), 'month')}"
    return "about once a month" if rate < 1.5 else f"about {rate:.0f} times a month"


def _listed(counts: tuple[tuple[str, int], ...]) -> str:
    """The three that are named most, with how many voices name them."""
    return ", ".join(f"{clean(name)} ({number(count)})" for name, count in counts[:3])


def _sample(receipt: Receipt) -> str:
    if receipt.subject == "blind":
        return ""
    return f"{counted(round(receipt.total), 'voice')}, worth {number(receipt.n_eff)} independent ones"


def _without(receipt: Receipt) -> str:
    if receipt.without_largest is None:
        return "this alert would be here, too: no story has more than one voice" if receipt.stories and not receipt.promise else ""
    return "this alert would be here, too" if receipt.without_largest else "this alert would not be here: one story carries it"


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
