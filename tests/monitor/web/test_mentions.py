"""Mentions in the dashboard: found, explained, put right; hostile words stay words."""

import json

import pytest

from models.reading import RELEVANT
from monitor.app import App
from monitor.doors import dashboard
from monitor.pipeline import prepare
from tests.monitor.store_builders import BAD, GOOD, keep, mention, read, reading, said
from tests.monitor.web.client import Client

HOSTILE = '<script>alert("1")</script> & "refund" \u202e =cmd'


@pytest.fixture
def filled(app: App, client: Client) -> Client:
    with app.open_store() as store:
        prepare(store, app.config)
        keep(store, mention("1"), mention("2", HOSTILE, author="<b>jo</b>", title="<i>late</i>", url="javascript:alert(1)"))
        read(store, lambda task: reading(BAD, said("on-time", "broken")) if "refund" in task.text else reading(GOOD))
    return client


def test_the_newest_mentions_are_listed_with_how_they_read(filled: Client) -> None:
    words = filled.get("/mentions").words
    assert "My bag number 1 came with me" in words
    assert "negative" in words


def test_a_query_and_filters_stand_in_the_address(filled: Client) -> None:
    assert "My bag" not in filled.get("/mentions?q=refund").words
    assert "My bag" not in filled.get("/mentions?label=negative").words
    assert "My bag" in filled.get("/mentions?q=bag&label=positive").words
    nothing = filled.get("/mentions?q=nobody")
    assert "Nothing found" in nothing.words


@pytest.mark.parametrize(
    "address",
    [
        "/mentions?q=%28broken",
        "/mentions?since=yesterday",
        "/mentions?after=x",
        "/mentions?label=foo",
        "/mentions?stance=foo",
        "/mentions?pillar=foo",
        "/mentions?voice=foo",
        "/mentions?cause=foo",
        "/mentions?story=foo",
        "/mentions?since=2026-06-02&until=2026-06-01",
    ],
)
def test_a_search_that_cannot_be_is_told(address: str, filled: Client) -> None:
    assert filled.get(address).status == 400


def test_a_promise_or_source_that_there_is_not_is_told_beside_what_is_left_of_it(filled: Client) -> None:
    assert "There is no promise 'cheap' now." in filled.get("/mentions?promise=cheap").words
    assert "There is no source 'nix' now." in filled.get("/mentions?source=nix").words
    assert "There is no" not in filled.get("/mentions?promise=on-time&source=feed").words


def test_an_author_and_the_copies_of_a_text_are_a_click_away(app: App, client: Client) -> None:
    words = "My bag did not come with me to Leeds, and nobody at the desk could say where it is."
    with app.open_store() as store:
        prepare(store, app.config)
        keep(store, mention("1", words, author="jo"), mention("2", words, author="al"), mention("3", "Quite another thing."))
    page = client.get("/mentions")
    assert 'href="/mentions?author=al"' in page.text
    assert 'href="/mentions?story=2">2 copies</a>' in page.text
    copies = client.get("/mentions?story=2")
    assert "Only the copies of one text" in copies.words
    assert copies.text.count('class="words"') == 2
    author = client.get("/mentions?author=jo")
    assert author.text.count('class="words"') == 1
    assert '<input type="hidden" name="author" value="jo">' in author.text


def test_an_imported_column_leads_to_everybody_who_has_the_same(app: App, client: Client) -> None:
    app.config_path.write_text(app.config_path.read_text().replace('id = "acme"', 'id = "acme"\nsegments = ["region"]'))
    listed = App(app.config_path, app.clock)
    with listed.open_store() as store:
        prepare(store, listed.config)
        keep(store, mention("1", attributes={"region": "North"}), mention("2", "Another."))
    with dashboard(listed, "127.0.0.1", 0) as address:
        other = Client(address, pool=client.pool)
        assert 'region <a href="/mentions?segment=region%3ANorth">North</a>' in other.get("/mentions/1").text
        page = other.get("/mentions?segment=region%3ANorth")
        assert "Only region North." in page.words
        assert page.text.count('class="words"') == 1


def test_the_brands_own_words_have_no_mood(app: App, client: Client) -> None:
    with app.open_store() as store:
        prepare(store, app.config)
        keep(store, mention("1", "We depart on time. Wonderful!", voice="brand"))
        read(store, reading(GOOD, said("on-time", "kept")))
    for path in ("/mentions", "/mentions/1"):
        page = client.get(path)
        assert "own voice" in page.words
        assert "l-positive" not in page.text
    assert "Put it right" not in page.words
    assert "“We depart on time.”: advertised" in page.words


def test_a_customers_mention_becomes_a_case_by_hand_once(filled: Client) -> None:
    filled.get("/mentions/2")
    sent = filled.post("/mentions/2", do="case")
    assert sent.status == 303
    assert sent.headers["Location"].startswith("/cases/1?")
    assert "Local says so" in filled.get("/cases/1").words
    assert "opened a case on mention 2" in filled.get("/settings").words
    page = filled.get("/mentions/2")
    assert 'href="/cases/1"' in page.text
    assert "Open a case" not in page.words
    assert filled.post("/mentions/2", do="case").status == 400


def test_hostile_words_stay_words(filled: Client) -> None:
    filled.assert_harmless("/mentions", "/mentions/2", "/mentions?q=%3Cscript%3E&source=%3Cb%3E")


def test_a_mention_shows_every_promise_that_is_counted_of_it(app: App, client: Client) -> None:
    with app.open_store() as store:
        prepare(store, app.config)
        keep(store, mention("1"))
        read(store, reading(BAD, said("on-time", "broken", relevance=RELEVANT)))
    assert "“We depart on time.”: broken" in client.get("/mentions/1").words


def test_a_mention_shows_its_passages_and_what_they_speak_of(filled: Client) -> None:
    words = filled.get("/mentions/2").words
    assert "“We depart on time.”: broken" in words
    assert "very sure" in words
    assert filled.get("/mentions/99").status == 404


def test_a_mention_is_put_right_and_the_trail_knows_who_did(filled: Client) -> None:
    filled.get("/mentions/2")
    sent = filled.post("/mentions/2", label="positive")
    assert sent.status == 303
    assert "positive, as a person said" in filled.get("/mentions/2").words
    assert "corrected to positive" in filled.get("/settings").words
    assert filled.post("/mentions/2", label="wonderful").status == 400
    assert filled.post("/mentions/99", label="positive").status == 404


def test_a_correction_is_taken_back_and_what_was_read_counts_again(app: App, filled: Client) -> None:
    before = filled.get("/mentions/2").words
    assert "Take it back" not in before
    filled.post("/mentions/2", label="positive")
    assert "Take it back" in filled.get("/mentions/2").words
    assert filled.post("/mentions/2", do="undo", correction="1").status == 303
    assert filled.get("/mentions/2").words == before
    settings = filled.get("/settings")
    assert "took back correction 1 (positive)" in settings.words
    assert '<a href="/mentions/2">mention 2</a>' in settings.text
    gone = filled.post("/mentions/2", do="undo", correction="1")
    assert (gone.status, "It is not so any more" in gone.words) == (400, True)


def test_whoever_takes_a_correction_back_is_told_of_the_other_mentions(app: App, filled: Client) -> None:
    with app.open_store() as store:
        both = store.corrections.correct("acme", [1, 2], "neutral", app.clock(), "bag OR refund")
        rule = store.corrections.add_rule("acme", '"script"', "positive", [2], app.clock())
        store.evidence.refresh()
    assert "It was put right for 2 mentions at once" in filled.get("/mentions/2").words
    assert filled.post("/mentions/2", do="undo", correction=str(rule)).status == 400
    assert filled.post("/mentions/2", do="undo", correction=str(both)).status == 303
    assert "neutral" not in filled.get("/mentions/1").words.partition("How it was read")[2].partition("negative")[0]
    page = filled.get("/mentions/2").words
    assert "positive, as a rule says" in page
    assert f"promisewatch correct rule remove {rule}" in page
    assert "Take it back" not in page


def test_what_is_seen_can_be_taken_along(filled: Client) -> None:
    rows = filled.table("/mentions.csv?label=negative")
    assert [row["label"] for row in rows] == ["negative"]
    (one,) = json.loads(filled.get("/mentions.json?label=negative").text)
    assert "<script>" in one["text"]
    assert filled.get("/mentions.exe").status == 404


def test_how_a_mention_was_read_can_be_taken_along(filled: Client) -> None:
    assert "/mentions/2/passages.csv" in filled.get("/mentions/2").text
    (row,) = [row for row in filled.table("/mentions/2/passages.csv") if row["promise"]]
    assert row["stance"] == "broken"
    assert row["text"] in json.loads(filled.get("/mentions.json?stance=broken").text)[0]["text"]
    assert json.loads(filled.get("/mentions/2/passages.json").text)[0]["start"] == 0
    assert filled.get("/mentions/99/passages.csv").status == 404
