"""What is slow is made before somebody asks: reports lie on the shelf, and new mentions are in the index."""

from contextlib import closing
from threading import Event

from monitor.app import App
from monitor.doors import dashboard
from monitor.web.shelf import Shelf
from monitor.web.warming import warm
from tests.monitor.web.conftest import NOW
from tests.monitor.web.test_overview import fill


def test_the_reports_of_every_brand_lie_on_the_shelf(app: App) -> None:
    fill(app)
    with closing(Shelf()) as shelf:
        warm(app, shelf, Event())
        report = shelf.get(("gap", "acme"), lambda: None, NOW)
        assert report is not None
        assert [gap.verdict for gap in report.promises] == ["broken"]


def test_it_stops_when_it_is_asked_to(app: App) -> None:
    fill(app)
    stopped = Event()
    stopped.set()
    with closing(Shelf()) as shelf:
        warm(app, shelf, stopped)
        assert shelf.get(("gap", "acme"), lambda: None, NOW) is None


def test_a_dashboard_that_is_served_fills_the_index_by_itself(app: App) -> None:
    fill(app)
    with app.open_store() as store:
        assert store.searching.unindexed()
    indexed = Event()
    with dashboard(app, "127.0.0.1", 0, warm=True), app.open_store() as store:
        while store.searching.unindexed() and not indexed.wait(0.05):
            pass
        assert not store.searching.unindexed()
