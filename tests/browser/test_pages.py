"""Every page, on a phone and at a desk, in light and in dark: nothing runs over, all can be reached, hostile words do nothing."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from monitor.web.application import pages
from tests.browser.axe import ALL, CONTRAST, UnavailableError, axe, violations
from tests.browser.conftest import DESKTOP, PHONE, Opened, Walk
from tests.browser.planted import ALL_MENTIONS

BUILD = Path(__file__).resolve().parents[2] / "build"
PATHS = (
    "/",
    "/promises",
    "/promises/on-time",
    "/promises/fees",
    "/promises/claims",
    "/busiest?promise=on-time",
    "/pillars",
    "/causes",
    "/causes/1",
    "/mentions",
    "/mentions?q=suitcase&label=positive",
    "/mentions/1",
    f"/mentions/{ALL_MENTIONS}",
    "/cases",
    "/cases/1",
    "/alerts",
    "/alerts/1",
    "/alerts/backtest?watch=volume",
    "/audit",
    "/audit?result=1",
    "/audit/compared?said=negative&read=negative",
    "/sources",
    "/settings",
    "/sign-in",
)
OVERFLOW = """() => {
    for (const one of document.querySelectorAll("details")) one.open = true;
    const width = document.scrollingElement.scrollWidth;
    const beyond = (one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest("nav");
    const first = () => [...document.querySelectorAll("body *")].find(beyond)?.outerHTML.slice(0, 80);
    return width <= innerWidth ? "" : `${width} wide: ${first()}`;
}"""

SHIFT = """() => new Promise((done) => {
    let sum = 0;
    const add = (list) => list.getEntries().forEach((one) => sum += one.value);
    new PerformanceObserver(add).observe({type: "layout-shift", buffered: true});
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum), 0)));
})"""


def answered(walk: Walk) -> None:
    """Label one card, so that the audit has a result to show."""
    walk.go("/audit")
    walk.click("button", "Negative")


def test_every_page_there_is_stands_in_this_list() -> None:
    shown = [page.path for page in pages() if page.show and ".{kind}" not in page.path and not page.path.startswith("/api/")]
    for path in shown:
        pattern = re.sub(r"\\{.*?\\}", "[^/]+", re.escape(path)) + r"(\?.*)?"
        assert any(re.fullmatch(pattern, known) for known in PATHS), path


def test_the_name_of_the_page_is_in_view_on_a_phone(open_browser: Opened) -> None:
    walk = open_browser(PHONE)
    walk.go("/settings")
    expect(walk.page.get_by_role("link", name="Settings")).to_be_in_viewport()


def test_on_paper_there_are_charts_and_nothing_to_press(open_browser: Opened) -> None:
    walk = open_browser(DESKTOP)
    walk.page.emulate_media(media="print")
    for path in ("/promises/on-time", "/cases/1", "/mentions/1", "/pillars"):
        walk.go(path)
        assert walk.page.locator("button, input, select, nav[aria-label=Pages]").filter(visible=True).count() == 0, path
    walk.go("/promises/on-time")
    assert walk.page.locator("rect.bar").filter(visible=True).count()


@pytest.mark.parametrize(
    ("size", "dark", "rules"), [(PHONE, False, ALL), (DESKTOP, True, CONTRAST)], ids=["phone-light", "desktop-dark-contrast"]
)
def test_every_page_is_accessible_runs_over_no_edge_and_nothing_moves_while_it_loads(
    size: tuple[int, int], dark: bool, rules: tuple[str, ...], open_browser: Opened
) -> None:
    try:
        script, missing = axe(BUILD), ""
    except UnavailableError as error:
        script, missing = "", str(error)
    walk = open_browser(size, dark=dark)
    answered(walk)
    wrong = {}
    for path in PATHS:
        walk.go(path)
        shift = walk.page.evaluate(SHIFT)
        wide = walk.page.evaluate(OVERFLOW)
        wrong[path] = [*([f"moved by {shift}"] if shift else []), *([wide] if wide else [])]
        wrong[path] += violations(walk.page, script, rules) if script else []
    assert {path: what for path, what in wrong.items() if what} == {}
    if missing:
        pytest.skip(f"all but accessibility was looked at: {missing}")
