"""Claims: what the brand says in its own voice and has not entered as a promise; accept one, or put it aside."""

from typing import get_args

from starlette.responses import Response

from models.reading import PILLARS
from monitor.accepting import Wording, accept_claim, proposed
from monitor.app import App
from monitor.commands.reports import choose_window
from monitor.config import BrandConfig
from monitor.errors import MonitorError
from monitor.web.tables import table
from monitor.web.visit import Page, Visit
from reports.claims import find_claims
from reports.evidence import Strength
from reports.typography import capitalised, counted, shortened

STRENGTHS: tuple[Strength, ...] = get_args(Strength)
SHOWN = 80
COLUMNS = ("number", "words", "strength", "sightings", "first", "last", "source", "url", "mention")


def show(visit: Visit) -> Response:
    """The claims that nobody has decided on, the most often seen first."""
    brand = visit.brand
    if brand is None:
        return visit.page("first_steps.html", step="brand")
    return visit.page(
        "claims.html",
        proposals=visit.store.placements.proposals(brand.id),
        strengths=STRENGTHS,
        pillars=PILLARS,
        zone=brand.timezone,
    )


def export(visit: Visit) -> Response:
    """The same as a table."""
    brand = visit.brand
    proposals = visit.store.placements.proposals(brand.id) if brand else ()
    rows = ({"number": one.number, **{name: getattr(one.claim, name) for name in COLUMNS[1:]}} for one in proposals)
    return table(visit, visit.path("kind"), "claims", COLUMNS, rows)


def act(visit: Visit) -> Response:
    """Look for claims, enter one as a promise, or put it aside."""
    brand = visit.brand
    if brand is None:
        return visit.nothing("brand")
    acts = {"find": _find, "accept": _accept, "dismiss": _dismiss}
    if visit.given("do") not in acts:
        return visit.wrong("Nothing was chosen", "Look for claims, accept one, or put it aside.")
    try:
        said = acts[visit.given("do")](visit, brand)
    except MonitorError as error:
        return visit.wrong(capitalised(str(error)), error.remedy)
    return visit.go("/promises/claims", said)


def _find(visit: Visit, brand: BrandConfig) -> str:
    window = choose_window(visit.store, brand, None, None, visit.now)
    sentences = visit.store.placements.sentences(brand.id, window)
    visit.store.placements.propose(brand.id, find_claims(sentences))
    found = len(visit.store.placements.proposals(brand.id))
    return f"{counted(found, 'claim')} among {counted(len(sentences), 'sentence')} beside the promises."


def _accept(visit: Visit, brand: BrandConfig) -> str:
    # The file may have changed since the dashboard began.
    fresh = App(visit.app.config_path, visit.app.clock)
    strength, pillar = visit.given("strength"), visit.given("pillar")
    how = Wording(
        text=" ".join(visit.given("text").split()),
        strength=strength if strength in STRENGTHS else "",
        pillar=pillar if pillar in PILLARS else "",
    )
    accept_claim(fresh, visit.store, fresh.brand(brand.id), _number(visit), how)
    visit.store.people.note(visit.person, f"accepted a promise: {how.text}", f"brand {brand.id}", visit.now)
    return "It stands in the configuration file. It counts once the program reads that anew: restart it, or send the daemon SIGHUP."


def _dismiss(visit: Visit, brand: BrandConfig) -> str:
    words = proposed(visit.store, brand, _number(visit)).claim.words
    visit.store.placements.settle(brand.id, _number(visit), "dismissed")
    visit.store.people.note(visit.person, f"put a claim aside: {words}", f"brand {brand.id}", visit.now)
    return f"“{shortened(words, SHOWN)}” is not proposed again."


def _number(visit: Visit) -> int:
    given = visit.given("claim")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0


PAGES = (Page("/promises/claims", show, act, acts="admin"), Page("/promises/claims.{kind}", export))
