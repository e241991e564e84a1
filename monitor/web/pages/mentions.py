"""Mentions: search them, see why one matched and how it was read, put it right. Every view is an address that can be shared."""

import csv
import io
import json
from datetime import date
from typing import Any

from starlette.responses import Response

from models.reading import PILLARS
from monitor.commands.export import cell
from monitor.commands.mentions import ROW, as_row
from monitor.storage.searching import Filters, Found, SearchPage
from monitor.web.visit import Page, Visit
from reports.evidence import Label
from sources.mention import VOICES
from sources.query import QueryError, compile_query

LABELS: tuple[Label, ...] = ("negative", "neutral", "positive")
A_PAGE = 50
MOST_EXPORTED = 10_000
FILTERS = ("source", "voice", "language", "label", "promise", "stance", "pillar", "cause", "since", "until")


def show(visit: Visit) -> Response:
    """A page of mentions."""
    try:
        page = _search(visit, A_PAGE)
    except QueryError as error:
        return _list(visit, SearchPage((), "", 0), str(error))
    except ValueError as error:
        return visit.wrong("That search cannot be", str(error))
    return _list(visit, page, "")


def export(visit: Visit) -> Response:
    """The same mentions as a table or as JSON; at most ten thousand, the newest."""
    kind = visit.path("kind")
    try:
        found = _search(visit, MOST_EXPORTED).found
    except ValueError as error:
        return visit.wrong("That search cannot be", str(error))
    rows = [as_row(one) for one in found]
    if kind == "json":
        return Response(json.dumps(rows, ensure_ascii=False, indent=1), media_type="application/json")
    if kind != "csv":
        return visit.nothing("such format", "There are csv and json.")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(ROW)
    writer.writerows([cell(value) for value in row.values()] for row in rows)
    return Response(out.getvalue(), media_type="text/csv", headers={"Content-Disposition": 'attachment; filename="mentions.csv"'})


def show_one(visit: Visit) -> Response:
    """One mention: its words, why it matched, how each passage was read."""
    one = _one(visit)
    if one is None or visit.brand is None:
        return visit.nothing("mention", "It may have been deleted where it was published.")
    passages = visit.store.searching.passages(one.id, visit.brand.id)
    spans = [(span[0], span[1], "hit") for span in one.matched if len(span) == 2]
    promises = {promise.id: promise.text for promise in visit.brand.promise}
    return visit.page("mention.html", one=one, passages=passages, spans=spans, promises=promises, labels=LABELS)


def correct(visit: Visit) -> Response:
    """Put the sentiment of one mention right."""
    one, label = _one(visit), next((label for label in LABELS if label == visit.given("label")), None)
    if one is None or visit.brand is None:
        return visit.nothing("mention")
    if label is None:
        return visit.wrong("No label was chosen", "Choose negative, neutral or positive.")
    number = visit.store.correct(visit.brand.id, [one.id], label, visit.now)
    visit.store.people.note(visit.person, f"corrected to {label} (correction {number})", f"mention {one.id}", visit.now)
    visit.shelf.forget()
    return visit.go(f"/mentions/{one.id}", f"Corrected to {label}; undo it with: promisewatch correct undo {number}")


def _one(visit: Visit) -> Found | None:
    brand = visit.brand
    return visit.store.searching.mention(int(visit.path("number")), brand.id if brand else "")


def _search(visit: Visit, limit: int) -> SearchPage:
    asked = visit.asked("q").strip()
    query = compile_query(asked) if asked else None
    values: dict[str, Any] = {name: visit.asked(name) for name in FILTERS}
    for name in ("since", "until"):
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    filters = Filters(visit.brand.id if visit.brand else "", **values)
    return visit.store.searching.search(query, filters, limit, visit.asked("after"))


def _list(visit: Visit, page: SearchPage, wrong: str) -> Response:
    chosen = {name: visit.asked(name) for name in ("q", *FILTERS)}
    narrowed = {name: value for name, value in chosen.items() if value}
    sources = [state.id for state in visit.store.sources_state()]
    brand = visit.brand
    choices = {
        "label": (*LABELS, "none"),
        "voice": VOICES,
        "source": sources,
        "promise": [one.id for one in brand.promise] if brand else [],
        "stance": ("kept", "broken"),
        "pillar": PILLARS,
    }
    return visit.page(
        "mentions.html", 400 if wrong else 200, page=page, wrong=wrong, chosen=chosen, narrowed=narrowed, choices=choices
    )


PAGES = (
    Page("/mentions", show),
    Page("/mentions.{kind}", export),
    Page("/mentions/{number:int}", show_one, correct),
)
