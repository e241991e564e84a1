"""Who complains most: the authors and the threads that a number rests on, each with what was written."""

from collections.abc import Mapping, Sequence

from starlette.responses import Response

from monitor.config import BrandConfig
from monitor.store import Store
from monitor.web.tables import table
from monitor.web.visit import Page, Visit
from monitor.web.windows import Asked, Rows, over_window

COLUMNS = ("kind", "name", "n")


@over_window
def show(visit: Visit, brand: BrandConfig, at: Asked) -> Response:
    """The ten of each that complain most, of one promise or of anything."""
    promise = visit.asked("promise")
    filters = {"promise": promise, "stance": "broken"} if promise else {"label": "negative"}
    return visit.page(
        "busiest.html",
        at=at,
        promise=next((one.text for one in brand.promise if one.id == promise), promise),
        found=_busiest(visit, brand, at),
        rows=Rows(visit, at.window),
        filters=filters,
        chosen={**at.chosen, "promise": promise or None},
    )


@over_window
def export(visit: Visit, brand: BrandConfig, at: Asked) -> Response:
    """The same as a table."""
    found = _busiest(visit, brand, at)
    rows = ({"kind": kind, "name": name, "n": n} for kind, counted in found.items() for name, n in counted)
    return table(visit, visit.path("kind"), "busiest", COLUMNS, rows)


def _busiest(visit: Visit, brand: BrandConfig, at: Asked) -> Mapping[str, Sequence[tuple[str, int]]]:
    app, promise = visit.app, visit.asked("promise")

    def make() -> Mapping[str, Sequence[tuple[str, int]]]:
        with Store(app.store_path) as store:
            return store.segments.busiest(brand.id, promise, at.window)

    return visit.shelf.get(("busiest", brand.id, promise, at.window), make, visit.now)


PAGES = (Page("/busiest", show), Page("/busiest.{kind}", export))
