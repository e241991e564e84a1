"""Claims in the dashboard: found in the brand's own voice, entered as promises, put aside; hostile words stay words."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from models.reading import Passage, Reading
from monitor.app import App
from monitor.config import load
from monitor.doors import dashboard
from monitor.pipeline import prepare
from tests.monitor.store_builders import GOOD, keep, mention, read
from tests.monitor.web.client import Client
from tests.monitor.web.conftest import NOW, ShownBy

BAGS = "Your bags arrive with you, or we pay."
HOSTILE = "We never <script>alert(1)</script> lose a bag, guaranteed."


@pytest.fixture
def filled(app: App) -> Iterator[Client]:
    """The brand says two things of itself."""
    with app.open_store() as store:
        prepare(store, app.config)
        said = [mention(str(at), text, voice="brand", published=NOW) for at, text in enumerate((BAGS, BAGS, HOSTILE))]
        keep(store, *said, now=NOW)
        read(store, lambda task: Reading("en", GOOD, "", (Passage(0, len(task.text), GOOD),), "m1"))
    with dashboard(replace(app), "127.0.0.1", 0) as address:
        client = Client(address)
        client.get("/promises/claims")
        client.post("/promises/claims", do="find")
        yield client
        client.pool.clear()


def claim(client: Client, words: str) -> str:
    """The number of the claim with these words."""
    page = client.get("/promises/claims").text
    return page.partition(words)[2].partition('name="claim" value="')[2].partition('"')[0]


def test_nothing_is_claimed_before_somebody_looks(client: Client) -> None:
    assert "None waits for a decision" in client.get("/promises/claims").words


def test_an_accepted_claim_stands_in_the_file_in_the_words_that_were_chosen(filled: Client, app: App) -> None:
    assert f"“{BAGS}”" in filled.get("/promises/claims").words
    number = claim(filled, "Your bags arrive")
    sent = filled.post(
        "/promises/claims", do="accept", claim=number, text="Your bags  arrive.", strength="absolute", pillar="friction"
    )
    assert sent.status == 303
    (_, new) = load(app.config_path).brand[0].promise
    assert (new.text, new.strength, new.pillar) == ("Your bags arrive.", "absolute", "friction")
    page = filled.get(sent.headers["Location"])
    assert "It stands in the configuration file" in page.words
    assert "or we pay" not in page.words
    assert "accepted a promise: Your bags arrive." in filled.get("/settings").words


def test_claims_can_be_taken_along(filled: Client) -> None:
    rows = filled.table("/promises/claims.csv")
    assert BAGS in [row["words"] for row in rows]
    assert list(rows[0])[:4] == ["number", "words", "strength", "sightings"]


def test_a_claim_that_is_put_aside_is_not_proposed_again(filled: Client) -> None:
    filled.post("/promises/claims", do="dismiss", claim=claim(filled, "Your bags arrive"))
    filled.post("/promises/claims", do="find")
    assert "or we pay" not in filled.get("/promises/claims").words


@pytest.mark.parametrize("fields", [{"do": "accept", "claim": "99"}, {"do": "dismiss", "claim": "x"}, {"do": "burn"}, {}])
def test_what_cannot_be_is_refused(fields: dict[str, str], filled: Client, app: App) -> None:
    assert filled.post("/promises/claims", **fields).status == 400
    assert len(load(app.config_path).brand[0].promise) == 1


def test_only_an_administrator_writes_into_the_file(filled: Client, shown_by: ShownBy) -> None:
    show = shown_by("ed", "editor")
    assert "An administrator decides" in filled.get("/promises/claims", **show).words
    assert filled.post("/promises/claims", csrf="", headers=show, do="find").status == 403


def test_hostile_words_stay_words(filled: Client) -> None:
    page = filled.get("/promises/claims")
    assert "lose a bag" in page.words
    assert "<script>alert" not in page.text
