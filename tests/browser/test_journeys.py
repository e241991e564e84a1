"""What people do with the dashboard, in a real browser: on a phone, and at a desk without script, where all must work, too."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, Opened, Walk
from tests.browser.planted import ASKS, PASSWORD

How = tuple[tuple[int, int], bool]


@pytest.fixture(params=[(PHONE, True), (DESKTOP, False)], ids=["phone", "desktop-without-script"])
def how(request: pytest.FixtureRequest) -> How:
    found: How = request.param
    return found


@pytest.fixture
def walk(open_browser: Opened, how: How) -> Walk:
    return open_browser(how[0], scripts=how[1])


def test_signing_in_leads_to_where_one_wanted_to_go_and_signing_out_ends_it(open_browser: Opened, how: How) -> None:
    walk = open_browser(how[0], scripts=how[1], signed_in=False)
    walk.go("/mentions?q=suitcase")
    walk.page.get_by_label("Name").fill("ann")
    walk.page.get_by_label("Password").fill(PASSWORD)
    walk.page.keyboard.press("Enter")
    walk.headed("Mentions")
    assert walk.path == "/mentions?q=suitcase"
    walk.click("button", "Sign out")
    walk.go("/mentions")
    walk.headed("Sign in")


def test_somebody_new_finds_what_broke_and_when_three_quotes_and_the_cause_and_marks_it_covered(walk: Walk) -> None:
    walk.go("/")
    walk.sees("broke in the week of 25 May")
    broken = walk.page.get_by_role("row").filter(has_text="broken")
    broken.get_by_role("link", name="We depart on time.").click()
    walk.sees("It broke in the week of 25 May")
    for at in range(3):
        walk.page.get_by_role("region", name="Broken").locator("blockquote a").nth(at).click()
        walk.sees("“We depart on time.”: broken")
        walk.click("link", "We depart on time.")
    walk.click("link", "What customers said from then on")
    asked = parse_qs(urlsplit(walk.path).query)
    assert (asked["promise"], asked["stance"], asked["since"]) == (["on-time"], ["broken"], ["2026-05-25"])
    walk.sees("left late again")
    walk.page.go_back()
    walk.page.get_by_role("region", name="What they complain of").get_by_role("rowheader").get_by_role("link").first.click()
    walk.page.get_by_label("What was done about it").fill("A second crew stands by")
    walk.click("button", "Mark as covered")
    walk.sees("Put right on 20 June 2026: A second crew stands by.")
    walk.click("button", "It is open after all")
    walk.sees("Reopened")


def test_a_search_is_an_address_that_somebody_else_can_open(open_browser: Opened, walk: Walk) -> None:
    walk.go("/mentions")
    walk.page.get_by_label("Words").fill("suitcase NOT lost")
    walk.page.get_by_label("Stance").select_option("kept")
    walk.click("button", "Search")
    found = walk.page.locator("ol.mentions .words")
    expect(found.first).to_contain_text("suitcase came first")
    colleague = open_browser(DESKTOP)
    colleague.go(walk.path)
    expect(colleague.page.locator("ol.mentions .words")).to_have_text(found.all_inner_texts(), use_inner_text=True)
    expect(colleague.page.get_by_label("Stance")).to_have_value("kept")


def test_a_mention_is_put_right_the_trail_knows_who_did_and_leads_to_where_it_is_taken_back(walk: Walk) -> None:
    walk.go("/mentions?q=suitcase")
    walk.page.locator("ol.mentions .words a").first.click()
    walk.click("button", "neutral")
    walk.sees("Corrected to neutral")
    walk.sees("neutral, as a person said")
    walk.click("link", "Settings")
    done = walk.page.get_by_role("row").filter(has_text="corrected to neutral")
    expect(done).to_contain_text("ann")
    done.get_by_role("link").click()
    walk.click("button", "Take it back")
    walk.sees("Taken back.")
    expect(walk.page.locator("main")).not_to_contain_text("as a person said")


def test_an_audit_card_is_answered_by_pressing_its_buttons(walk: Walk) -> None:
    walk.go("/audit")
    walk.sees("0 of 5 drawn mentions done")
    walk.click("button", "Negative")
    walk.click("button", "Broken")
    walk.sees("1 of 5 drawn mentions done")
    walk.click("button", "Take the last answer back")
    walk.sees("0 of 5 drawn mentions done")


def test_an_audit_card_is_answered_by_keys_alone(open_browser: Opened) -> None:
    walk = open_browser(DESKTOP)
    walk.go("/audit")
    walk.sees("0 of 5 drawn mentions done")
    for key in ("n", "2"):
        with walk.page.expect_navigation():
            walk.page.keyboard.press(key)
    walk.sees("1 of 5 drawn mentions done")
    with walk.page.expect_navigation():
        walk.page.keyboard.press("u")
    walk.sees("Taken back")
    walk.page.get_by_label("Answer by keys").uncheck()
    walk.page.keyboard.press("1")
    expect(walk.page.get_by_role("button", name="Negative")).to_be_visible()


def test_a_case_is_taken_and_answered(walk: Walk) -> None:
    walk.go("/cases")
    walk.click("link", ASKS)
    walk.click("button", "Take it")
    walk.sees("ann has it")
    walk.page.get_by_label("Where the answer stands").fill("https://example.org/answer")
    walk.click("button", "Answered")
    expect(walk.page.get_by_role("link", name="https://example.org/answer")).to_be_visible()
    walk.click("link", "Cases")
    walk.page.get_by_label("Status").select_option("answered")
    walk.click("button", "Show")
    expect(walk.page.get_by_role("row").filter(has_text=ASKS)).to_contain_text("ann")


def test_an_alert_is_acknowledged(walk: Walk) -> None:
    walk.go("/")
    walk.page.get_by_role("link", name="Four times as many").click()
    walk.sees("The receipt")
    walk.click("button", "I look after it")
    walk.sees("Acknowledged")
    walk.sees("Looked after since")


def test_the_whole_way_from_what_broke_to_what_was_done_needs_no_mouse(open_browser: Opened) -> None:
    walk = open_browser(DESKTOP)
    walk.go("/")
    press_on(walk, "To the content")
    press_on(walk, "We depart on time")
    walk.sees("Change from 25 May 2026")
    expect(walk.page.get_by_role("list", name="The clearest").first.get_by_role("listitem")).to_have_count(3)
    cause = walk.page.get_by_role("region", name="What they complain of").get_by_role("rowheader").first.inner_text()
    press_on(walk, cause)
    reach(walk, "what")
    walk.page.keyboard.type("A second crew stands by")
    walk.page.keyboard.press("Enter")
    walk.sees("Put right on 20 June 2026: A second crew stands by.")


def reach(walk: Walk, name: str) -> None:
    """Go on with the tabulator until what is called `name` has the focus, and can be seen to have it."""
    seen = []
    for _ in range(150):
        walk.page.keyboard.press("Tab")
        seen.append(walk.page.evaluate("document.activeElement.name || document.activeElement.innerText || ''").strip())
        if seen[-1] == name:
            assert walk.page.evaluate("document.activeElement.matches(':focus-visible')")
            return
    raise AssertionError(f"{name!r} is out of reach: {seen}")


def press_on(walk: Walk, name: str) -> None:
    """Reach a link and follow it."""
    reach(walk, name)
    with walk.page.expect_navigation():
        walk.page.keyboard.press("Enter")


def test_a_pillar_is_rated(walk: Walk) -> None:
    walk.go("/pillars")
    walk.page.get_by_role("group", name="Customer service").get_by_label("4", exact=True).check()
    walk.click("button", "Save")
    walk.sees("Saved: ann rated 1 pillar")
    walk.sees("rated by ann")


def test_a_source_is_paused_and_taken_up_again(walk: Walk) -> None:
    walk.go("/sources")
    walk.click("button", "Pause forum")
    walk.sees("forum is paused")
    walk.click("button", "Take forum up again")
    walk.sees("forum is taken up again")
