"""Where the frame around every page leads."""

import pytest
from starlette.requests import Request

from monitor.app import App
from monitor.doors import dashboard
from monitor.web import looks
from monitor.web.shelf import Look, Shelf
from monitor.web.visit import Visit
from tests.monitor.web.client import Client
from tests.monitor.web.conftest import CONFIG

TWO = CONFIG + '[[brand]]\nid = "beta"\nname = "Beta Bank"\n'


def test_another_brand_is_chosen_where_it_has_a_page_too(app: App, client: Client) -> None:
    app.config_path.write_text(TWO, encoding="utf-8")
    with dashboard(App(app.config_path, app.clock), "127.0.0.1", 0) as address:
        two = Client(address, pool=client.pool)
        assert '<form class="switch" method="get" action="/promises">' in two.get("/promises/on-time").text
        assert two.get("/promises?brand=beta").status == 200
        assert '<form class="switch" method="get" action="/alerts/backtest">' in two.get("/alerts/backtest").text
        assert two.get("/alerts/backtest?brand=beta").status == 200
        two.get("/audit")
        failed = two.post("/audit/draw", size="many")
        assert failed.status == 400
        assert '<form class="switch" method="get" action="/audit">' in failed.text
        assert two.get("/audit?brand=beta").status == 200


@pytest.mark.parametrize(
    ("method", "path", "query", "again"),
    [
        ("GET", "/promises/on-time", "", "/promises/on-time"),
        ("GET", "/promises", "every=day", "/promises?every=day"),
        ("POST", "/audit/draw", "", "/audit"),
        ("POST", "/causes/17", "brand=acme", "/causes"),
    ],
)
def test_figures_of_before_lead_to_those_of_now_by_an_address_that_can_be_asked_for(
    method: str, path: str, query: str, again: str, app: App
) -> None:
    request = Request({"type": "http", "method": method, "path": path, "headers": [], "query_string": query.encode()})
    with app.open_store() as store:
        look = Look(Shelf())
        look.outdated = True
        visit = Visit(request, app, store, look, app.clock(), "", "reader", "", {}, looks.render)
        assert f'<a href="{again}">Show them</a>' in bytes(visit.wrong("That cannot be").body).decode()
