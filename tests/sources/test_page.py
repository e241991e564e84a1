from datetime import datetime, timedelta

import pytest

from sources.http import Gateway
from sources.kinds import Opening
from sources.page import KIND, PageOptions
from sources.page_source import PageSource
from sources.plain_text import page_text
from sources.source import Batch, MalformedError, Source, TemporaryError
from tests.servers import Answer, Loopback, Play
from tests.sources.contract import SourceContract
from tests.sources.feed_server import cut_off

HTML = {"Content-Type": "text/html; charset=utf-8"}


def page(text: str, **headers: str) -> Answer:
    body = f"<!doctype html><html><head><title>Acme</title></head><body><nav>Home</nav><main><p>{text}</p></main></body></html>"
    return Answer(200, body.encode(), HTML | headers)


class TestContract(SourceContract):
    def source(self, server: Loopback, gateway: Gateway) -> Source:
        return PageSource("acme-pages", [server.url("/"), server.url("/offers")], gateway)

    def play(self, server: Loopback, answer: Play) -> None:
        server.play("/", answer)

    def items(self) -> Answer:
        return page("We depart on time.")

    @pytest.fixture(autouse=True)
    def second_page(self, request: pytest.FixtureRequest, server: Loopback) -> None:
        if not request.node.name.startswith("test_it_says"):
            server.play("/offers", page("Your bags arrive with you."))


@pytest.fixture
def looks(server: Loopback, gateway: Gateway, now: datetime):
    """The batches of one look after the other at one page."""

    def looked(*answers: Play) -> list[Batch]:
        source = PageSource("p", [server.play("/", *answers)], gateway)
        batches, cursor = [], {}
        for number in range(len(answers)):
            batches.append(source.collect(cursor, now + timedelta(days=number)))
            cursor = batches[-1].cursor
        return batches

    return looked


def test_a_capture_is_the_page_in_the_brands_own_voice(looks, server: Loopback, now: datetime) -> None:
    (capture,) = looks(page("We depart on time."))[0].mentions
    assert (capture.voice, capture.title, capture.text) == ("brand", "Acme", "We depart on time.")
    assert (capture.url, capture.published) == (server.url("/"), now)


def test_a_capture_is_made_only_when_the_text_changed(looks) -> None:
    same, other = page("On time."), page("Mostly on time.")
    markup = Answer(200, same.body.replace(b"<p>", b"<p class='new'>"), HTML)
    assert [[one.text for one in batch.mentions] for batch in looks(same, markup, other, other)] == [
        ["On time."],
        [],
        ["Mostly on time."],
        [],
    ]


def test_a_wording_that_comes_back_is_a_capture_of_its_own(looks) -> None:
    captures = [one for batch in looks(page("A."), page("B."), page("A.")) for one in batch.mentions]
    assert [one.text for one in captures] == ["A.", "B.", "A."]
    assert len({one.external_id for one in captures}) == 3


def test_it_asks_only_for_what_changed(looks, server: Loopback) -> None:
    first, second = looks(page("A.", ETag='"1"'), Answer(304, headers=HTML))
    assert server.asked[1].headers["If-None-Match"] == '"1"'
    assert (second.mentions, second.cursor, len(server.asked)) == ((), first.cursor, 2)


def test_a_page_that_fails_stops_no_other_and_is_named(server: Loopback, gateway: Gateway, now: datetime) -> None:
    urls = [server.play("/gone", Answer(404)), server.play("/", page("A."))]
    batch = PageSource("p", urls, gateway).collect({}, now)
    assert [one.text for one in batch.mentions] == ["A."]
    assert (batch.heard, "/gone (404)" in batch.reason) == ("partial", True)


def test_a_place_that_asks_to_wait_is_not_asked_for_its_other_pages(server: Loopback, gateway: Gateway, now: datetime) -> None:
    urls = [
        server.play("/a", page("A.")),
        server.play("/b", Answer(429, headers={"Retry-After": "60"})),
        server.play("/c", page("C.")),
    ]
    batch = PageSource("p", urls, gateway).collect({}, now)
    assert [one.path for one in server.asked] == ["/a", "/b"]
    assert (batch.heard, batch.wait) == ("partial", timedelta(seconds=60))


@pytest.mark.parametrize("answer", [Answer(200, b"%PDF-1.7", {"Content-Type": "application/pdf"}), page("")])
def test_a_page_without_text_is_no_capture(answer: Answer, looks) -> None:
    with pytest.raises(MalformedError) as raised:
        looks(answer)
    assert "text stands in its HTML" in raised.value.remedy


@pytest.mark.parametrize(
    ("html", "title", "text"),
    [
        ("<title>A &amp; b</title><body>c", "A & b", "c"),
        ("<head><title>A &amp; b</title></head><body>c", "A & b", "c"),
        ("<header><h1>On time</h1></header><p>always</p><footer>Imprint</footer>", "", "On time\nalways"),
        ("<header>Shop</header><main><h1>On time</h1>always</main><p>Cookies?</p>", "", "On time\nalways"),
        ("<main></main><p>filled elsewhere</p>", "", "filled elsewhere"),
        ("<main>one</main><main>two</main>", "", "one"),
        ("<svg><title>icon</title></svg><main>one", "", "one"),
        ("", "", ""),
    ],
)
def test_a_page_is_its_main_part_without_menus(html: str, title: str, text: str) -> None:
    assert page_text(html) == (title, text)


def ending(at: int | None = None) -> Play:
    """A page that says nothing of its length, up to a place in its text."""
    body = page("We depart on time, every time.").body
    return cut_off(body, at or len(body), kind="text/html")


def test_a_page_that_was_cut_off_is_no_capture(server: Loopback, gateway: Gateway, now: datetime) -> None:
    source = PageSource("p", [server.play("/", ending(110), ending(115))], gateway)
    with pytest.raises(TemporaryError, match="cut off"):
        source.collect({}, now)


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ([ending()], 1),
        ([ending(110), ending()], 2),
        ([cut_off(b"<!doctype html><main>We depart on time, every time.", 999, kind="text/html")], 2),
    ],
)
def test_a_page_of_unknown_length_is_whole_when_it_has_an_end_or_comes_twice(
    answers: list[Play], asked: int, server: Loopback, gateway: Gateway, now: datetime
) -> None:
    (capture,) = PageSource("p", [server.play("/", *answers)], gateway).collect({}, now).mentions
    assert capture.text == "We depart on time, every time."
    assert len(server.asked) == asked


def test_it_is_configured_by_its_addresses(gateway: Gateway) -> None:
    options = PageOptions(("https://user:key@acme.example/?token=1", "https://acme.example/offers"))
    assert KIND.address(options).startswith("https://acme.example/#")
    assert KIND.address(options).endswith(" +1")
    assert KIND.open(Opening("p", options, "customer", gateway, {})).id == "p"


def minified(at: str, ends: str = "</p></main><footer><p>Imprint</footer>") -> Play:
    """A page without the end tags that HTML allows to be left out, whose words are others at each look."""
    body = f"<!doctype html><title>Acme</title><main><p>We depart on time.<p>It is {at}.{ends}".encode()
    return cut_off(body, len(body), kind="text/html")


def test_a_page_whose_words_change_at_each_look_is_whole_when_it_ends_alike_twice(
    server: Loopback, gateway: Gateway, now: datetime
) -> None:
    source = PageSource("p", [server.play("/", minified("noon"), minified("a quarter past"))], gateway)
    (capture,) = source.collect({}, now).mentions
    assert capture.text == "We depart on time.\nIt is a quarter past."


@pytest.mark.parametrize("half", ["", "</p></main>", "</p></main><footer><p>Impr"])
def test_a_page_whose_words_change_is_no_capture_where_one_of_two_was_cut_off(
    half: str, server: Loopback, gateway: Gateway, now: datetime
) -> None:
    source = PageSource("p", [server.play("/", minified("noon"), minified("later", half))], gateway)
    with pytest.raises(TemporaryError, match="cut off"):
        source.collect({}, now)


def test_two_halves_of_a_page_that_comes_row_by_row_are_no_capture(server: Loopback, gateway: Gateway, now: datetime) -> None:
    def rows(count: int) -> Play:
        body = "<!doctype html><main><table>" + "".join(f"<tr><td>Promise {n}</td></tr>\n" for n in range(count))
        return cut_off(body.encode(), len(body), kind="text/html")

    source = PageSource("p", [server.play("/", rows(12), rows(15))], gateway)
    with pytest.raises(TemporaryError, match="cut off"):
        source.collect({}, now)


def test_two_halves_that_end_within_a_text_are_no_capture(server: Loopback, gateway: Gateway, now: datetime) -> None:
    source = PageSource("p", [server.play("/", minified("no", ""), minified("a quarter pa", ""))], gateway)
    with pytest.raises(TemporaryError, match="cut off"):
        source.collect({}, now)
