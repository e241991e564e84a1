"""Mentions: search them, see why one matched and how it was read, put it right. Every view is an address that can be shared."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from starlette.responses import Response

from models.reading import PILLARS, RELEVANT
from monitor.case_watch import open_case
from monitor.commands.mentions import ROW, as_row
from monitor.config import BrandConfig
from monitor.errors import MonitorError
from monitor.storage.search_filters import Filters
from monitor.storage.searching import QUICK, THOROUGH, Effort, Found, SearchPage
from monitor.web.tables import table
from monitor.web.visit import Page, Visit
from reports.evidence import Label
from reports.typography import capitalised, clean
from sources.mention import VOICES
from sources.query import QueryError, compile_query

LABELS: tuple[Label, ...] = ("negative", "neutral", "positive")
A_PAGE = 50
MOST_EXPORTED = 10_000
INDEXED_MEANWHILE = 200
"""New mentions that a search indexes before it answers; the daemon, and the dashboard behind the scenes, do the rest."""
_LONG = 19
CHOSEN: Final = ("source", "voice", "label", "promise", "stance", "pillar", "since", "until")
LINKED: Final = ("language", "cause", "author", "story", "thread", "segment")
"""Filters that nobody types: numbers elsewhere lead here with them."""
FILTERS: Final = (*CHOSEN, *LINKED)
NUMBERS: Final = ("cause", "story")
STANCES: Final = ("kept", "broken", "outright")

CHOICES: Final[Mapping[str, Sequence[str]]] = {
    "label": (*LABELS, "none"),
    "voice": VOICES,
    "stance": STANCES,
    "pillar": PILLARS,
}
"""What a filter may be, where that does not depend on the brand."""

PASSAGE: Final = (
    *("start", "end", "text", "label", "pillar", "experience"),
    *("promise", "stance", "relevance", "confidence", "quantity"),
)


def show(visit: Visit) -> Response:
    """A page of mentions."""
    try:
        page = _search(visit, A_PAGE, QUICK)
    except QueryError as error:
        return _list(visit, SearchPage((), "", 0), str(error))
    except ValueError as error:
        return visit.wrong("That search cannot be", str(error))
    return _list(visit, page, "")


def export(visit: Visit) -> Response:
    """The same mentions as a table or as JSON; at most ten thousand, the newest."""
    try:
        found = _search(visit, MOST_EXPORTED, THOROUGH).found
    except ValueError as error:
        return visit.wrong("That search cannot be", str(error))
    return table(visit, visit.path("kind"), "mentions", ROW, map(as_row, found))


def show_one(visit: Visit) -> Response:
    """One mention: its words, why it matched, how each passage was read."""
    one = _one(visit)
    if one is None or visit.brand is None:
        return visit.nothing("mention", "It may have been deleted where it was published.")
    passages = visit.store.searching.passages(one.id, visit.brand.id)
    spans = [(span[0], span[1], "hit") for span in one.matched if len(span) == 2]
    promises = {promise.id: promise.text for promise in visit.brand.promise}
    said = visit.store.cases.said(visit.brand.id, one.id)
    return visit.page(
        "mention.html",
        one=one,
        passages=passages,
        relevant=RELEVANT,
        spans=spans,
        promises=promises,
        labels=LABELS,
        correction=visit.store.corrections.of(visit.brand.id, one.id) if one.said else None,
        case=said.case if said else None,
        columns=[(name, one.attributes[name]) for name in visit.brand.segments if one.attributes.get(name)],
        can_be_case=said is not None and said.voice == "customer" and said.case is None,
    )


def export_passages(visit: Visit) -> Response:
    """How a mention was read, as a table: a row a passage, and a promise that it speaks of."""
    one = _one(visit)
    if one is None or visit.brand is None:
        return visit.nothing("mention", "It may have been deleted where it was published.")
    rows: list[Mapping[str, Any]] = []
    for passage in visit.store.searching.passages(one.id, visit.brand.id):
        words = one.body[passage.start : passage.end]
        read = (passage.start, passage.end, words, passage.label, passage.pillar, passage.experience)
        said: list[tuple[Any, ...]] = [promise for promise in passage.promises if promise[2] >= RELEVANT]
        rows += [dict(zip(PASSAGE, (*read, *promise), strict=False)) for promise in said or [()]]
    return table(visit, visit.path("kind"), f"mention-{one.id}", PASSAGE, rows)


def act(visit: Visit) -> Response:
    """Put the sentiment of one mention right, take that back, or open a case on it."""
    one, label = _one(visit), next((label for label in LABELS if label == visit.given("label")), None)
    if one is None or visit.brand is None:
        return visit.nothing("mention")
    if visit.given("do") == "case":
        return _open_case(visit, visit.brand, one)
    if visit.given("do") == "undo":
        return _take_back(visit, visit.brand, one)
    if label is None:
        return visit.wrong("No label was chosen", "Choose negative, neutral or positive.")
    number = visit.store.corrections.correct(visit.brand.id, [one.id], label, visit.now)
    visit.store.people.note(visit.person, f"corrected to {label} (correction {number})", f"mention {one.id}", visit.now)
    visit.shelf.forget()
    return visit.go(f"/mentions/{one.id}", f"Corrected to {label}.")


def _take_back(visit: Visit, brand: BrandConfig, one: Found) -> Response:
    counts = visit.store.corrections.of(brand.id, one.id)
    if counts is None or counts.kind == "rule" or str(counts.id) != visit.given("correction"):
        return visit.wrong("It is not so any more", "Somebody put it right or took it back meanwhile; look at the mention again.")
    visit.store.corrections.undo(counts.id)
    visit.store.people.note(visit.person, f"took back correction {counts.id} ({counts.label})", f"mention {one.id}", visit.now)
    visit.shelf.forget()
    return visit.go(f"/mentions/{one.id}", "Taken back.")


def _open_case(visit: Visit, brand: BrandConfig, one: Found) -> Response:
    try:
        number = open_case(visit.store, visit.app.config, brand, one.id, visit.person, visit.now)
    except MonitorError as error:
        return visit.wrong(capitalised(str(error)), "Look at its case, or have it read first.")
    visit.store.people.note(visit.person, f"opened a case on mention {one.id}", f"case {number}", visit.now)
    visit.shelf.forget("queue", "answered", "desk")
    return visit.go(f"/cases/{number}", "The case is open.")


def _one(visit: Visit) -> Found | None:
    brand = visit.brand
    return visit.store.searching.mention(int(visit.path("number")), brand.id if brand else "")


def _search(visit: Visit, limit: int, effort: Effort) -> SearchPage:
    asked = visit.asked("q").strip()
    query = compile_query(asked) if asked else None
    values: dict[str, Any] = {name: visit.asked(name) for name in FILTERS}
    for name, choices in CHOICES.items():
        if values[name] and values[name] not in choices:
            raise ValueError(f"There is no {name} {clean(values[name])!r}; choose {', '.join(choices)}.")
    for name in NUMBERS:
        if values[name] and not (values[name].isascii() and values[name].isdigit() and len(values[name]) < _LONG):
            raise ValueError(f"A {name} is a number.")
    for name in ("since", "until"):
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    if values["since"] and values["until"] and values["until"] <= values["since"]:
        raise ValueError(f"{values['since']} must lie before {values['until']}, the day after the last one.")
    filters = Filters(visit.brand.id if visit.brand else "", **values)
    return visit.store.searching.search(query, filters, limit, visit.asked("after"), INDEXED_MEANWHILE, effort)


def _unknown(chosen: Mapping[str, str], known: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What is asked for that there is not, or no longer: its mentions may still be there."""
    for name in ("source", "promise"):
        if chosen[name] and chosen[name] not in known[name]:
            yield f"There is no {name} {clean(chosen[name])!r} now."


def _list(visit: Visit, page: SearchPage, wrong: str) -> Response:
    chosen = {name: visit.asked(name) for name in ("q", *FILTERS)}
    narrowed = {name: value for name, value in chosen.items() if value}
    sources = [state.id for state in visit.store.sources.states()]
    brand = visit.brand
    choices = {
        "label": CHOICES["label"],
        "voice": VOICES,
        "source": sources,
        "promise": [one.id for one in brand.promise] if brand else [],
        "stance": CHOICES["stance"],
        "pillar": PILLARS,
    }
    return visit.page(
        "mentions.html",
        400 if wrong else 200,
        page=page,
        wrong=wrong,
        unknown=tuple(_unknown(chosen, choices)),
        chosen=chosen,
        linked=[(name, chosen[name]) for name in LINKED if chosen[name]],
        narrowed=narrowed,
        choices=choices,
    )


PAGES = (
    Page("/mentions", show),
    Page("/mentions.{kind}", export),
    Page("/mentions/{number:int}/passages.{kind}", export_passages),
    Page("/mentions/{number:int}", show_one, act),
)
