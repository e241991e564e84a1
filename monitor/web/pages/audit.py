"""Auditing: one drawn mention at a time, one question at a time; what is kept after every answer is the whole state."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, NamedTuple, get_args

import click
from starlette.responses import Response

from monitor.commands.reports import choose_window
from monitor.config import BrandConfig
from monitor.storage.audit_cards import MOST_ROWS, START, Audited, Card, Place
from monitor.storage.auditing import AuditItem, SaidStance
from monitor.storage.connection import StoreError
from monitor.web.marking import layered
from monitor.web.tables import table
from monitor.web.visit import Page, Visit
from reports.evidence import Label, Window
from reports.statistics import Interval, wilson
from reports.typography import capitalised, counted
from sources.dates import FIRST_YEAR, LAST_YEAR

LABELS: tuple[Label, ...] = get_args(Label)
STANCES: tuple[SaidStance, ...] = get_args(SaidStance)
LARGEST = 10_000


class Share(NamedTuple):
    """How many of some audited mentions the model read as the person did."""

    total: int
    right: int

    @property
    def interval(self) -> Interval:
        """The share's 95 % interval (Wilson)."""
        return wilson(self.right, self.total)


def show(visit: Visit) -> Response:
    """The next card; once nothing is left, how often the model read right."""
    brand = visit.brand
    if brand is None:
        return visit.page("first_steps.html", step="brand")
    if visit.asked("result") or not visit.may("editor"):
        return _result(visit, brand, None)
    try:
        after = _place(visit.asked("after"))
    except ValueError as error:
        return visit.wrong("There is no such place", str(error))
    cards = visit.store.audit_cards
    card = cards.next(brand.id, after)
    if card is None:
        return _result(visit, brand, cards.next(brand.id) if after != START else None)
    return _card(visit, brand, card)


def answer(visit: Visit) -> Response:
    """Keep one answer, or take the last one back; then on to the next question."""
    brand, cards = visit.brand, visit.store.audit_cards
    if brand is None:
        return visit.nothing("brand")
    back = visit.given("undo")
    mention = back or visit.given("mention")
    card = cards.card(brand.id, int(mention)) if mention.isascii() and mention.isdigit() and len(mention) < 19 else None
    if card is None:
        return visit.wrong("That mention was not drawn", "It may have been deleted where it was published; go on with the audit.")
    after, label, stance = visit.given("after"), visit.given("label"), visit.given("stance")
    if back:
        cards.forget(brand.id, card.item.mention, visit.person, visit.now)
        return visit.go("/audit", "Taken back", after=_before(card))
    if label in LABELS:
        cards.label(brand.id, card.item.mention, label, visit.person, visit.now)
    elif stance not in STANCES or visit.given("promise") not in card.item.found:
        return visit.wrong("No answer was chosen", "Go back and choose one.")
    elif not cards.stance(brand.id, card.item.mention, visit.given("promise"), stance, visit.person, visit.now):
        return visit.wrong("The sentiment comes first", "Somebody took it back meanwhile; go on with the audit.")
    return visit.go("/audit", after=after or None, last=card.item.mention)


def draw(visit: Visit) -> Response:
    """Draw a new sample."""
    brand, size = visit.brand, visit.given("size", "100")
    if brand is None:
        return visit.nothing("brand")
    if not (size.isascii() and size.isdigit() and 1 <= int(size[:9]) <= LARGEST):
        return visit.wrong("That size cannot be", f"Give a number from 1 to {LARGEST:,}.")
    try:
        window = _window(visit, brand)
        drawn = visit.store.audit_cards.draw(brand.id, window, int(size), visit.person, visit.now)
    except ValueError as error:
        return visit.wrong("That window cannot be", str(error))
    except StoreError as error:
        return visit.wrong(capitalised(str(error)), "Choose another window, or read first what was collected: promisewatch read")
    return visit.go("/audit", f"Drew {len(drawn.mentions):,} of {counted(drawn.units, 'voice')}")


def compared(visit: Visit) -> Response:
    """The mentions behind one number of the comparison."""

    def shown(rows: Sequence[Audited], brand: BrandConfig, chosen: Mapping[str, str]) -> Response:
        promise = chosen["promise"]
        words = {one.id: one.text for one in brand.promise}.get(promise, promise)
        return visit.page("audit_rows.html", rows=rows, chosen=chosen, promise=words, most=MOST_ROWS)

    return _compared(visit, shown)


def _compared(visit: Visit, shown: Callable[[Sequence[Audited], BrandConfig, Mapping[str, str]], Response]) -> Response:
    brand, chosen = visit.brand, {name: visit.asked(name) for name in ("said", "read", "promise")}
    if brand is None or not {chosen["said"], chosen["read"]} <= set(STANCES if chosen["promise"] else LABELS):
        return visit.nothing("comparison", "Choose a number on the audit's result.")
    return shown(visit.store.audit_cards.compared(brand.id, chosen["said"], chosen["read"], chosen["promise"]), brand, chosen)


def export(visit: Visit) -> Response:
    """How often a person and the model said what, of sentiment and of each promise, as a table."""
    brand = visit.brand
    if brand is None:
        return visit.nothing("brand")
    found = visit.store.audit_cards.summary(brand.id)
    rows = (
        {"promise": promise, "person": said, "model": read, "mentions": n}
        for promise, pairs in [("", found.labels), *found.stances.items()]
        for (said, read), n in sorted(pairs.items())
    )
    return table(visit, visit.path("kind"), f"{brand.id}-audit", ("promise", "person", "model", "mentions"), rows)


def export_compared(visit: Visit) -> Response:
    """The mentions behind one number of the comparison, as a table."""
    return _compared(
        visit, lambda rows, *_: table(visit, visit.path("kind"), "audited", ("mention", "text", "said", "read"), map(asdict, rows))
    )


def _card(visit: Visit, brand: BrandConfig, card: Card) -> Response:
    item = card.item
    waiting = [promise for promise in item.found if promise not in item.stances] if item.label else []
    promise = waiting[0] if waiting else ""
    return visit.page(
        "audit.html",
        brand=brand,
        item=item,
        promise=promise,
        words={one.id: one.text for one in brand.promise}.get(promise, promise),
        passage=item.text[slice(*item.found[promise])] if promise else "",
        text=_marked(item, promise),
        labels=LABELS,
        after=visit.asked("after"),
        skip=_written(card.place),
        last=visit.asked("last") if visit.asked("last").isdigit() else str(item.mention) if item.label else "",
        progress=visit.store.audit_cards.progress(brand.id),
    )


def _marked(item: AuditItem, promise: str) -> Any:
    """The text with what names the brand, and with the passage that is asked about; a bar where one passage ends."""
    layers = [(start, stop, "hit") for start, stop in item.spans]
    if promise:
        layers.append((*item.found[promise], "about"))
    return layered(item.text, layers, [start for start, _ in item.passages[1:]])


def _result(visit: Visit, brand: BrandConfig, skipped: Card | None) -> Response:
    found = visit.store.audit_cards.summary(brand.id)
    texts = {one.id: one.text for one in brand.promise}
    return visit.page(
        "audit_result.html",
        brand=brand,
        found=found,
        skipped=skipped,
        progress=visit.store.audit_cards.progress(brand.id),
        whole=_share(found.labels),
        labels=LABELS,
        stances=STANCES,
        promises=[(promise, texts.get(promise, promise), _share(pairs), pairs) for promise, pairs in found.stances.items()],
        largest=LARGEST,
    )


def _window(visit: Visit, brand: BrandConfig) -> Window:
    since, until = (date.fromisoformat(visit.given(name)) if visit.given(name) else None for name in ("since", "until"))
    for day in (since, until):
        if day is not None and not FIRST_YEAR < day.year < LAST_YEAR:
            raise ValueError(f"{day} is no day on which anybody was heard")
    try:
        return choose_window(visit.store, brand, since, until, visit.now)
    except click.UsageError as error:
        raise ValueError(error.message) from error


def _share(pairs: Mapping[tuple[str, str], int]) -> Share:
    return Share(sum(pairs.values()), sum(n for (said, read), n in pairs.items() if said == read))


def _place(asked: str) -> Place:
    if not asked:
        return START
    number, _, place = asked.partition(".")
    if not (number.isascii() and number.isdigit() and place.isascii() and place.isdigit() and len(asked) < 30):
        raise ValueError("Start the audit again from its page.")
    return min(int(number), 2**62), min(int(place), 2**62)


def _written(place: Place) -> str:
    return f"{place[0]}.{place[1]}"


def _before(card: Card) -> str:
    """The place before a card."""
    number, place = card.place
    return _written((number, place - 1) if place else (number - 1, LARGEST))


PAGES = (
    Page("/audit", show, answer),
    Page("/audit/draw", None, draw),
    Page("/audit.{kind}", export),
    Page("/audit/compared", compared),
    Page("/audit/compared.{kind}", export_compared),
)
