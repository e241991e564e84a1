"""Who complains most: authors and threads with how often, each leading to what was written."""

from monitor.app import App
from monitor.pipeline import prepare
from tests.monitor.store_builders import BAD, keep, mention, read, reading, said
from tests.monitor.web.client import Client

LATE = "It left late again, number {}."


def test_authors_and_threads_stand_with_how_often_and_lead_to_their_words(app: App, client: Client) -> None:
    with app.open_store() as store:
        prepare(store, app.config)
        by_jo = (mention(str(number), LATE.format(number), author="jo", parent="thread 7") for number in range(3))
        keep(store, *by_jo, mention("9", LATE.format(9), author="<b>al</b>"))
        read(store, reading(BAD, said("on-time", "broken")))
    page = client.get("/busiest?promise=on-time&since=2026-05-01&until=2026-07-01")
    assert "Those who say that “We depart on time.” was broken" in page.words
    assert "jo 3" in page.words
    assert "thread 7 3" in page.words
    assert "<b>al" not in page.text
    asked = "voice=customer&amp;since=2026-05-01&amp;until=2026-07-01&amp;promise=on-time&amp;stance=broken&amp;author=jo"
    assert f'href="/mentions?{asked}"' in page.text
    assert client.get(f"/mentions?{asked}".replace("amp;", "")).text.count('class="words"') == 3
    first, *_ = client.table("/busiest.csv")
    assert (first["kind"], first["name"], first["n"]) == ("author", "jo", "3")


def test_nobody_known_by_name_is_said(app: App, client: Client) -> None:
    with app.open_store() as store:
        prepare(store, app.config)
        keep(store, mention("1", author=""))
    assert "None is known by name." in client.get("/busiest").words
