"""What is sent about cases: a warning that time runs out, and the hand-off to a ticket system. Values in, messages out."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

from monitor.storage.case_rows import Case, CaseFile
from monitor.storage.outbox import Message
from reports.typography import clean, counted, moment, web_address

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
        link = f'<a href="{escape(self.url)}" style="color: #2f7fd1">where it was said</a>' if self.url else ""
        below = "<br>".join(filter(None, (link, escape(self.below))))
        return f'<p style="margin: 1.4em 0 0"><b>{escape(self.lead)}</b></p>{quoted}<p style="margin: 0">{below}</p>'


def warning(brand: str, name: str, timezone: str, cases: Sequence[Case], kind: Literal["soon", "late"]) -> Message:
    """Return the warning that the time of these cases is nearly over, or is over; the longest overdue first."""
    which = ",".join(f"{one.id} {one.due.isoformat()}" for one in cases)
    key = f"cases:{brand}:{kind}:{hashlib.sha256(which.encode()).hexdigest()[:16]}"
    customers = counted(len(cases), "customer")
    waits = "waits" if len(cases) == 1 else "wait"
    late = f"{name}: {customers} {waits} longer than promised"
    subject = late if kind == "late" else f"{name}: {customers} {waits}, and time runs out"
    parts = [
        _Part(
            f"Case {one.id}, {_who(one)}; {one.owner or 'nobody'} has it",
            _cut(one.text, _SHORT),
            web_address(one.url),
            f"{'Was due' if kind == 'late' else 'Due'} {moment(one.due, timezone)}. All of it: promisewatch cases show {one.id}",
        )
        for one in cases[:_NAMED]
    ]
    more = len(cases) - _NAMED
    if more > 0:
        parts.append(_Part(f"And {more:,} more.", below=f"promisewatch cases list --brand {brand}"))
    data = {"brand": brand, "kind": kind, "cases": [case_values(one) for one in cases[:_NAMED]], "more": max(0, more)}
    return _message(key, brand, subject, parts, data, [one.mention for one in cases[:_NAMED]])


def hand_off(file: CaseFile, name: str, timezone: str, times: int) -> Message:
    """Return the case as a ticket system takes it: what was said, by whom, where, why it is a case, until when to answer.

    `times` is how often it was opened: a case that was reopened may be handed off once more.
    """
    case, key = file.case, f"case:{file.case.id}:{times}"
    # The outbox keeps subjects: no name of a customer may stand in one.
    subject = f"{name}: a customer is waiting for an answer (case {case.id})"
    parts = [
        _Part(
            f"{clean(one.author) or 'somebody'} ({one.role}), {moment(one.at, timezone)}",
            one.text[:_LONG].strip(),
            web_address(one.url),
        )
        for one in file.turns
    ]
    notes = [(one, f"{one.who}: {one.detail}") for one in file.events if one.what == "noted"]
    parts += [_Part("Notes", below="; ".join(said for _, said in notes))] if notes else []
    parts.append(_Part("Why it is a case", below="; ".join(case.reasons)))
    parts.append(_Part(f"To be answered until {moment(case.due, timezone)}", below=f"Severity {case.severity} of 100."))
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
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
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
    return clean(case.author) or "somebody"


def _cut(text: str, length: int) -> str:
    line = clean(text)
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"
