"""Cases as rows, documents and words, for the command line and the dashboard."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from monitor.case_messages import case_values
from monitor.commands.export import cell
from monitor.storage.cases import Case, CaseFile, Opening, Spoken
from reports.typography import clean

_EXCERPT = 60
COLUMNS = (
    "id", "brand", "status", "owner", "urgency", "severity", "reach", "copies", "asks", "asked", "waiting", "due", "answered",
    "ended", "source", "author", "url", "text",
)  # fmt: skip


def table_row(urgent: int, case: Case) -> list[Any]:
    """Return a case as a row of a table with `COLUMNS`."""
    values = {**case_values(case), "urgency": urgent, "text": clean(case.text)}
    return [cell(values[name]) for name in COLUMNS]


def due(case: Case, now: datetime) -> str:
    """Return how a case stands with its time, in a few words."""
    if case.status != "new":
        return f"{case.status} {(case.ended or case.answered or case.waiting):%Y-%m-%d}"
    left = case.due - now
    if left < timedelta(0):
        return f"{_span(-left)} late"
    return f"in {_span(left)}"


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} days"


def excerpt(text: str, length: int = _EXCERPT) -> str:
    """Return the beginning of a text on one line."""
    line = clean(text)
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"


def document(file: CaseFile) -> dict[str, Any]:
    """Return a case with its thread and its history, as JSON shows it."""
    when: Callable[[datetime], str] = lambda at: f"{at:%Y-%m-%dT%H:%M:%SZ}"  # noqa: E731 - a form, used twice below
    turns = [
        {"at": when(one.at), "role": one.role, "mention": one.mention, "author": one.author, "text": one.text, "url": one.url,
         "source": one.source, "label": one.label}
        for one in file.turns
    ]  # fmt: skip
    history = [{"at": when(one.at), "who": one.who, "what": one.what, "detail": one.detail} for one in file.events]
    return {**case_values(file.case), "thread": turns, "history": history}


def previewed(one: Spoken, said: Opening) -> dict[str, Any]:
    """Return a mention that would be a case, and why, as JSON shows it."""
    return {
        "mention": one.mention,
        "severity": said.severity,
        "asks": said.asks,
        "reach": said.reach,
        "reasons": list(said.reasons),
        "case": one.case,
        "published": f"{one.published:%Y-%m-%dT%H:%M:%SZ}",
        "author": one.author,
        "url": one.url,
        "text": one.text,
    }
