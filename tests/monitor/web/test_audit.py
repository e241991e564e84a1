"""Auditing in the dashboard: one card, one question at a time, taken back, and what it says of the model."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.app import App
from monitor.pipeline import prepare
from monitor.web.marking import layered
from tests.monitor.store_builders import GOOD, keep, mention, read, reading, said
from tests.monitor.web.client import Answer, Client

HOSTILE = 'Late! <script>alert("1")</script> & <img src=x onerror=alert(1)>'


@pytest.fixture
def drawn(app: App, client: Client) -> Client:
    """Two drawn mentions, each with a promise found in it."""
    with app.open_store() as store:
        prepare(store, app.config)
        keep(store, mention("1"), mention("2", HOSTILE))
        read(store, reading(GOOD, said("on-time", "kept")))
    client.get("/audit")
    assert client.post("/audit/draw", size="5").status == 303
    return client


def field(page: Answer, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, name
    return found[1]


def answer(client: Client, label: str = "", promise: str = "", stance: str = "") -> Answer:
    """Answer the question that is shown, and look at the next one."""
    page = client.get("/audit")
    sent = client.post("/audit", mention=field(page, "mention"), label=label, promise=promise, stance=stance)
    assert sent.status == 303
    return client.get(sent.headers["Location"])


def test_an_empty_store_says_how_to_begin_and_nothing_can_be_drawn_from_it(client: Client) -> None:
    assert "Draw some mentions at random" in client.get("/audit").words
    refused = client.post("/audit/draw", size="5")
    assert refused.status == 400
    assert "nothing to draw" in refused.words


@pytest.mark.parametrize(
    ("size", "since"), [("0", ""), ("10001", ""), ("many", ""), ("5", "soon"), ("5", "0001-01-01"), ("5", "2099-01-01")]
)
def test_a_draw_that_cannot_be_is_refused(size: str, since: str, drawn: Client) -> None:
    assert drawn.post("/audit/draw", size=size, since=since).status == 400


def test_a_card_asks_for_the_sentiment_then_for_each_promise_and_shows_no_reading(drawn: Client) -> None:
    card = drawn.get("/audit")
    assert "0 of 2 drawn mentions done" in card.words
    assert "How does it speak of Acme Air?" in card.words
    assert "l-positive" not in card.text
    asked = answer(drawn, label="positive")
    assert "Does the shaded passage (“My bag”)" in asked.words or "Does the shaded passage (“Late! ”)" in asked.words
    assert "“We depart on time.” was kept or broken?" in asked.words
    assert '<mark class="' in asked.text
    assert "1 of 2 drawn mentions done" in answer(drawn, promise="on-time", stance="kept").words


def test_the_result_compares_people_with_the_model_and_leads_to_the_mentions(drawn: Client) -> None:
    for label, stance in (("positive", "kept"), ("negative", "none")):
        answer(drawn, label=label)
        end = answer(drawn, promise="on-time", stance=stance)
    assert "read 1 of 2 audited mentions of Acme Air as a person did" in end.words
    assert "All 2 drawn mentions are done" in end.words
    assert drawn.get("/audit/compared?said=negative&read=positive").text.count("/mentions/") == 1
    assert drawn.get("/audit/compared?said=none&read=kept&promise=on-time").text.count("/mentions/") == 1
    assert drawn.get("/audit/compared?said=great&read=kept").status == 404
    (row,) = drawn.table("/audit/compared.csv?said=negative&read=positive")
    assert (row["said"], row["read"]) == ("negative", "positive")
    rows = [tuple(row.values()) for row in drawn.table("/audit.csv")]
    assert ("", "negative", "positive", "1") in rows
    assert ("on-time", "none", "kept", "1") in rows


def test_an_answer_can_be_taken_back_and_its_card_comes_again(drawn: Client) -> None:
    first = field(drawn.get("/audit"), "mention")
    asked = answer(drawn, label="positive")
    sent = drawn.post("/audit", undo=field(asked, "undo"))
    again = drawn.get(sent.headers["Location"])
    assert field(again, "mention") == first
    assert "How does it speak" in again.words
    drawn.get("/settings")
    assert "took an audit back" in drawn.get("/settings").words


def test_what_is_skipped_comes_again_at_the_end(drawn: Client) -> None:
    (skip,) = re.findall(r'href="(/audit\?after=[^"]+)" data-key="s"', drawn.get("/audit").text)
    second = drawn.get(skip)
    assert field(second, "mention") != field(drawn.get("/audit"), "mention")
    (last,) = re.findall(r'href="(/audit\?after=[^"]+)" data-key="s"', second.text)
    assert "Look at what was skipped" in drawn.get(last).words


@pytest.mark.parametrize(
    ("mention", "label", "stance"), [("99", "positive", ""), ("x", "positive", ""), ("1", "", ""), ("1", "", "kept")]
)
def test_an_answer_that_cannot_be_is_refused(mention: str, label: str, stance: str, drawn: Client) -> None:
    drawn.get("/audit")
    assert drawn.post("/audit", mention=mention, label=label, stance=stance, promise="on-time").status == 400


@pytest.mark.parametrize("after", ["x", "1", "1.x", "-1.2"])
def test_a_place_that_cannot_be_is_told(after: str, drawn: Client) -> None:
    assert drawn.get(f"/audit?after={after}").status == 400


def test_hostile_words_stay_words(drawn: Client) -> None:
    pages = [drawn.get("/audit?after=1.0"), drawn.get("/audit?after=1.-1"), drawn.get("/audit")]
    answer(drawn, label="negative")
    answer(drawn, promise="on-time", stance="kept")
    answer(drawn, label="negative")
    pages += [drawn.get("/audit"), drawn.get("/audit/compared?said=negative&read=positive")]
    shown = "".join(page.text for page in pages)
    assert "&lt;script&gt;alert" in shown
    assert "<script>alert" not in shown
    assert "<img" not in shown


@given(
    st.text('a<&" ', max_size=12), st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14), st.sampled_from(["hit", "about"])))
)
def test_layers_lie_over_each_other_and_change_no_word(text: str, layers: list[tuple[int, int, str]]) -> None:
    drawn = str(layered(text, layers))
    assert unescape(re.sub(r'</?mark(?: class="[a-z ]+")?>', "", drawn)) == text


def test_where_layers_meet_both_are_marked_and_seams_are_barred() -> None:
    drawn = layered("one <two> three", [(0, 9, "hit"), (4, 15, "about")], [10])
    bar = '<span class="seam" aria-hidden="true">¦</span>'
    assert drawn == (
        '<mark class="hit">one </mark><mark class="hit about">&lt;two&gt;</mark>'
        f'<mark class="about"> </mark>{bar}<mark class="about">three</mark>'
    )
