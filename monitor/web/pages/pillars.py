"""Pillars: ten places where experience is made, rated by customers and by the company; and the page on which people rate them."""

from typing import Final

from starlette.responses import Response

from models.reading import PILLARS
from monitor.config import BrandConfig
from monitor.scorecards import scorecard_of
from monitor.store import Store
from monitor.web.tables import KINDS, saved
from monitor.web.visit import Page, Visit
from monitor.web.windows import Asked, Rows, document_over_window, within
from reports.pillars import HIGHEST, LOWEST, QUESTIONS
from reports.reader import gettext
from reports.render_scorecard import METHOD, render_scorecard
from reports.scorecard import latest_ratings
from reports.scorecard_records import Scorecard, SelfRating
from reports.typography import counted, local_day

RATINGS: Final = tuple(range(int(LOWEST), int(HIGHEST) + 1))
LONGEST_NAME: Final = 60


def show(visit: Visit) -> Response:
    """The scorecard, and the ten questions."""
    brand = visit.brand
    if brand is None:
        return visit.page("first_steps.html", step="brand")
    return within(_scores, visit, brand)


def _scores(visit: Visit, brand: BrandConfig, at: Asked) -> Response:
    own = _own(visit, brand)
    return visit.page(
        "pillars.html",
        card=_scorecard(visit, brand, at),
        at=at,
        rows=Rows(visit, at.window),
        kinds=tuple(KINDS),
        method=gettext(METHOD),
        questions=QUESTIONS,
        ratings=RATINGS,
        own=own.ratings if own else {},
        rated=own,
        who=own.by if own and _is_shared(visit) else "",
        shared=_is_shared(visit),
    )


@document_over_window
def export(visit: Visit, brand: BrandConfig, at: Asked) -> Response:
    """The scorecard as a document."""
    kind = visit.path("kind")
    return saved(render_scorecard(_scorecard(visit, brand, at), kind), f"{brand.id}-pillars", kind)


def rate(visit: Visit) -> Response:
    """Keep how somebody rates the pillars; what they left out is not rated."""
    brand = visit.brand
    if brand is None:
        return visit.nothing("brand")
    try:
        ratings = _given(visit)
    except ValueError as error:
        return visit.wrong("That cannot be a rating", str(error))
    if not ratings:
        return visit.wrong("Nothing was rated", "Answer at least one of the ten questions.")
    who = (visit.given("by")[:LONGEST_NAME] if _is_shared(visit) else "") or visit.person
    visit.store.scorecards.rate(brand.id, SelfRating(who, local_day(visit.now, brand.timezone), ratings))
    said = f"{who} rated {counted(len(ratings), 'pillar')}"
    visit.store.people.note(visit.person, said, f"brand {brand.id}", visit.now)
    visit.shelf.forget()
    return visit.go("/pillars", f"Saved: {said}")


def _is_shared(visit: Visit) -> bool:
    """Whether nobody has an account: then whoever rates says who they are."""
    return visit.person == "local"


def _given(visit: Visit) -> dict[str, float]:
    """The answers of the form.

    Raises:
        ValueError: one of them is none.
    """
    answers = {pillar: visit.given(pillar) for pillar in PILLARS}
    known = {str(value): float(value) for value in RATINGS}
    for pillar, answer in answers.items():
        if answer and answer not in known:
            raise ValueError(f"{pillar}: give a whole number from {LOWEST:g} to {HIGHEST:g}")
    return {pillar: known[answer] for pillar, answer in answers.items() if answer}


def _own(visit: Visit, brand: BrandConfig) -> SelfRating | None:
    """What this person said last; where nobody has an account, what was entered last."""
    entered = visit.store.scorecards.ratings(brand.id)
    if _is_shared(visit):
        return max(entered, key=lambda one: one.on, default=None)
    return next((one for one in latest_ratings(entered) if one.by.casefold() == visit.person.casefold()), None)


def _scorecard(visit: Visit, brand: BrandConfig, at: Asked) -> Scorecard:
    app, now = visit.app, visit.now

    def make() -> Scorecard:
        with Store(app.store_path) as store:
            return scorecard_of(store, brand, at.window, now)

    return visit.shelf.get(("scorecard", brand.id, at.window), make, now)


PAGES = (Page("/pillars", show, rate), Page("/pillars.{kind}", export))
