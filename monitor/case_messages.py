"""What is sent about cases: a warning that time runs out, and the hand-off to a ticket system. Values in, messages out."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final, Literal

from monitor.storage.case_rows import Case, CaseFile
from monitor.storage.outbox import Message
from reports.reader import gettext, gettext_noop, language, ngettext
from reports.terms import term
from reports.typography import clean, moment, number, web_address

# What a case says of why it is one (monitor/cases.py), stored in English as everything that programs read.
_REASONS: Final = frozenset({
    gettext_noop("waits for something"),
    gettext_noop("was not answered"),
    gettext_noop("asks for help"),
    gettext_noop("demands something"),
    gettext_noop("turns to the brand with a question"),
    gettext_noop("asks others whether they have it, too"),
    gettext_noop("speaks of danger"),
    gettext_noop("speaks of other people's data"),
    gettext_noop("speaks of the law"),
    gettext_noop("speaks of abuse"),
    gettext_noop("calls it a fraud"),
    gettext_noop("wants others to know"),
    gettext_noop("speaks of money"),
    gettext_noop("is about to leave"),
    gettext_noop("is negative"),
    gettext_noop("is positive"),
    gettext_noop("says that a promise was broken"),
    gettext_noop("gives the worst rating"),
})  # fmt: skip
_SAID = re.compile(r"^[^(:]+(?=[(:])")
_NAMED = 5
_SHORT, _LONG = 200, 4000
_BODY = "font: 16px/1.5 system-ui, sans-serif; max-width: 40em; margin: auto; padding: 1em; overflow-wrap: anywhere"
_QUOTE = "margin: .4em 0; padding: 0 0 0 .8em; border-left: 3px solid #888; white-space: pre-line"


@dataclass(frozen=True, slots=True)
class _Part:
    """A paragraph: a line about it, somebody's words, where they stand, and a line below."""

    lead: str
    words: str = ""
    url: str = ""
    below: str = ""

    @property
    def text(self) -> str:
        quoted = "\n".join(f"> {line}" for line in self.words.splitlines())
        return "\n".join(filter(None, (self.lead, quoted, self.url, self.below)))

    @property
    def html(self) -> str:
        quoted = f'<blockquote style="{_QUOTE}">{escape(self.words)}</blockquote>' if self.words else ""
        link = f'<a href="{escape(self.url)}" style="color: #2f7fd1">{escape(gettext("where it was said"))}</a>' if self.url else ""
        below = "<br>".join(filter(None, (link, escape(self.below))))
        return f'<p style="margin: 1.4em 0 0"><b>{escape(self.lead)}</b></p>{quoted}<p style="margin: 0">{below}</p>'


def warning(brand: str, name: str, timezone: str, cases: Sequence[Case], kind: Literal["soon", "late"]) -> Message:
    """Return the warning that the time of these cases is nearly over, or is over; the longest overdue first."""
    which = ",".join(f"{one.id} {one.due.isoformat()}" for one in cases)
    key = f"cases:{brand}:{kind}:{hashlib.sha256(which.encode()).hexdigest()[:16]}"
    if kind == "late":
        subject = ngettext(
            "%(brand)s: %(n)s customer waits longer than promised",
            "%(brand)s: %(n)s customers wait longer than promised",
            len(cases),
            brand=name,
        )
    else:
        subject = ngettext(
            "%(brand)s: %(n)s customer waits, and time runs out",
            "%(brand)s: %(n)s customers wait, and time runs out",
            len(cases),
            brand=name,
        )
    parts = [
        _Part(
            gettext("Case %(id)s, %(who)s; %(owner)s has it", id=one.id, who=_who(one), owner=one.owner or gettext("nobody")),
            _cut(one.text, _SHORT),
            web_address(one.url),
            _due(one, timezone, late=kind == "late"),
        )
        for one in cases[:_NAMED]
    ]
    more = len(cases) - _NAMED
    if more > 0:
        told = ngettext("And %(n)s more.", "And %(n)s more.", more)
        parts.append(_Part(told, below=f"promisewatch cases list --brand {brand}"))
    data = {"brand": brand, "kind": kind, "cases": [case_values(one) for one in cases[:_NAMED]], "more": max(0, more)}
    return _message(key, brand, subject, parts, data, [one.mention for one in cases[:_NAMED]])


def hand_off(file: CaseFile, name: str, timezone: str, times: int) -> Message:
    """Return the case as a ticket system takes it: what was said, by whom, where, why it is a case, until when to answer.

    `times` is how often it was opened: a case that was reopened may be handed off once more.
    """
    case, key = file.case, f"case:{file.case.id}:{times}"
    # The outbox keeps subjects: no name of a customer may stand in one.
    subject = gettext("%(brand)s: a customer is waiting for an answer (case %(id)s)", brand=name, id=case.id)
    parts = [
        _Part(
            f"{clean(one.author) or gettext('somebody')} ({term(one.role)}), {moment(one.at, timezone)}",
            one.text[:_LONG].strip(),
            web_address(one.url),
        )
        for one in file.turns
    ]
    notes = [(one, f"{one.who}: {one.detail}") for one in file.events if one.what == "noted"]
    parts += [_Part(gettext("Notes"), below="; ".join(said for _, said in notes))] if notes else []
    parts.append(_Part(gettext("Why it is a case"), below="; ".join(map(_reason, case.reasons))))
    until = gettext("To be answered until %(moment)s", moment=moment(case.due, timezone))
    parts.append(_Part(until, below=gettext("Severity %(points)s of 100.", points=number(case.severity))))
    data = {
        **case_values(case),
        "idempotency_key": key,
        "thread": [
            {"at": one.at, "role": one.role, "author": one.author, "text": one.text, "url": one.url, "label": one.label}
            for one in file.turns
        ],
        "notes": [{"at": one.at, "who": one.who, "text": one.detail} for one, _ in notes],
    }
    return _message(key, case.brand, subject, parts, data, [one.mention for one in file.turns])


def _message(
    key: str, brand: str, subject: str, parts: Sequence[_Part], data: Mapping[str, Any], mentions: Sequence[int]
) -> Message:
    text = f"{subject}.\n\n" + "\n\n".join(one.text for one in parts) + "\n"
    page = (
        f'<!doctype html><html lang="{language()}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta name="color-scheme" content="light dark"><title>{escape(subject)}</title></head><body style="{_BODY}">'
        f'<h1 style="font-size: 1.25em; line-height: 1.3">{escape(subject)}</h1>{"".join(one.html for one in parts)}</body></html>'
    )
    return Message(key, "case", brand, subject, text, page, data, tuple(mentions))


def case_values(case: Case) -> dict[str, Any]:
    """Return a case as JSON has it; times are ISO 8601 in UTC."""
    times = {
        name: f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else None
        for name in ("opened", "asked", "waiting", "due", "answered", "ended")
        for at in [getattr(case, name)]
    }
    plain = ("id", "brand", "status", "owner", "severity", "reach", "copies", "asks", "reasons")
    rest = ("mention", "author", "text", "url", "source")
    return {**{name: getattr(case, name) for name in plain}, **times, **{name: getattr(case, name) for name in rest}}


def _who(case: Case) -> str:
    return clean(case.author) or gettext("somebody")


def _due(case: Case, timezone: str, *, late: bool) -> str:
    at, all_of_it = moment(case.due, timezone), f"promisewatch cases show {case.id}"
    if late:
        return gettext("Was due %(moment)s. All of it: %(command)s", moment=at, command=all_of_it)
    return gettext("Due %(moment)s. All of it: %(command)s", moment=at, command=all_of_it)


def _reason(said: str) -> str:
    """A reason with its family in the reader's language; phrases are a customer's own words."""
    family = _SAID.search(said)
    known = family[0].strip() if family else ""
    return said.replace(known, gettext(known), 1) if known in _REASONS else said


def _cut(text: str, length: int) -> str:
    line = clean(text)
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"
