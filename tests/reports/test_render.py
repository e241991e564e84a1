"""What holds of every rendered report: nothing of a customer's text gets out of its place, nothing missing reads as 0.

`PROMISEWATCH_UPDATE_GOLDEN=1 pytest tests/reports/test_render.py` rewrites the golden files; read the difference before keeping it.
"""

import csv
import io
import json
import os
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import typography
from reports.evidence import Window
from reports.render import DIGEST_FORMATS, GAP_FORMATS, render_digest, render_gap
from tests.reports import samples, samples_telling

UNHURRIED = settings(max_examples=100, deadline=None)
GOLDEN = Path(__file__).parent / "golden"
GOLDEN_NAMES = ("gap.json", "gap.md", "gap.csv", "digest.json", "digest.md", "digest.txt", "quiet.md", "quiet.txt")
LOADING = {"script", "link", "img", "iframe", "object", "embed", "form", "base", "image", "use"}
VOID = {"meta", "br", "link", "img", "hr", "input", "circle", "path", "line", "rect", "polyline", "polygon"}
PAGES = {
    "gap": render_gap(samples.gap_report(), "html"),
    "gap with its dockets": render_gap(samples_telling.told_report("https://watch.example"), "html"),
    "gap of nothing": render_gap(samples.empty_report(), "html"),
    "digest": render_digest(samples.digest(), "html"),
    "quiet digest": render_digest(samples.quiet_digest(), "html"),
}
EACH_PAGE = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())


class Page(HTMLParser):
    """Collects elements and text, and fails on a tag that is not closed where it should be."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.text += " "
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> repeats an attribute"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


def words(text: str) -> str:
    return " ".join(text.replace("\N{WORD JOINER}", "").split())


def test_no_line_of_a_page_ends_within_a_range_or_a_sample_size_and_addresses_stay() -> None:
    shown = re.sub(r"<[^>]*>", "|", PAGES["gap"])
    assert not re.findall(r"\d–\d|\bn = \d", shown)
    assert "69–\N{WORD JOINER}79" in shown
    quote = samples.quote(1, "Late.", "Late.", "broken", url="https://example.org/5–6")
    gap = replace(samples.promises()[0], quotes=(quote,))
    assert 'href="https://example.org/5–6' in render_gap(replace(samples.gap_report(), promises=(gap,)), "html")


@pytest.mark.parametrize("name", GOLDEN_NAMES)
def test_it_writes_what_the_golden_file_says(name: str) -> None:
    document, ending = name.split(".")
    if document == "gap":
        written = render_gap(samples.small_report(), ending)  # type: ignore[arg-type]
    else:
        digest = samples.small_digest() if document == "digest" else samples.quiet_digest()
        written = render_digest(digest, "text" if ending == "txt" else ending)  # type: ignore[arg-type]
    if os.environ.get("PROMISEWATCH_UPDATE_GOLDEN"):
        (GOLDEN / name).write_text(written, encoding="utf-8")

    assert written == (GOLDEN / name).read_text(encoding="utf-8")


@EACH_PAGE
def test_a_page_is_well_formed_and_has_language_title_and_one_heading_of_the_first_level(page: str) -> None:
    read = Page(page)

    assert page.startswith("<!DOCTYPE html>")
    assert read.all("html") == [{"lang": "en"}]
    assert len(read.all("h1")) == 1
    assert len([tag for tag, _ in read.elements if tag == "main"]) == 1
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {label for _, attributes in read.elements if (label := attributes.get("aria-labelledby"))} <= set(ids)


@EACH_PAGE
def test_a_page_runs_nothing_and_loads_nothing(page: str) -> None:
    read = Page(page)

    assert not {tag for tag, _ in read.elements} & LOADING
    assert not [name for _, attributes in read.elements for name in attributes if name.startswith("on") or name in {"src", "style"}]
    assert "url(" not in page
    assert "@import" not in page
    assert any("default-src 'none'" in attributes.get("content", "") for attributes in read.all("meta"))


@EACH_PAGE
def test_a_page_links_only_to_itself_and_to_the_web(page: str) -> None:
    read = Page(page)
    inside = {f"#{attributes['id']}" for _, attributes in read.elements if "id" in attributes}

    for attributes in read.all("a"):
        assert attributes["href"] in inside or urlsplit(attributes["href"]).scheme in {"http", "https"}


def test_hostile_text_is_shown_as_text() -> None:
    read = Page(PAGES["gap"])

    shown = typography.clean(samples.HOSTILE)
    assert "<script>" in shown
    assert shown in read.text
    assert not any("javascript:" in attributes["href"] for attributes in read.all("a"))


def test_the_passage_is_marked_within_a_long_mention_cut_around_it() -> None:
    part = typography.excerpt(samples.quotes("on-time")[2])

    assert part.passage == "Then we sat at the gate for four hours with no word from anybody."
    assert part.before.startswith("… ")
    assert part.after.endswith(" …")
    assert len(str(part)) <= typography.EXCERPT_LENGTH + 4
    assert f"<mark>{part.passage}</mark>" in PAGES["gap"]


def test_a_page_of_a_promise_shows_words_sentence_verdict_numbers_and_change() -> None:
    text = words(Page(PAGES["gap"]).text)

    assert "We depart on time, every time." in text
    assert "Promised 90 Delivered 74 69–79 Gap −16 −21 to −11 Raw rate 75 Trend" in text
    assert "Delivery is not corrected: too few of its readings are audited" in text
    assert "Trend falling Voices 307 229 kept, 78 broken" in text
    assert "19 Oct: 92 before, 37 since" in text
    assert "Change from 19 October 2026: −55 (−65 to −45; p < 0.001, adjusted over all promises)." in text
    assert "Read right: 83 of 100 audited, 74–89 %." in text


@pytest.mark.parametrize("kind", ["html", "md"])
def test_missing_evidence_is_said_and_never_a_number(kind: str) -> None:
    only = replace(samples.gap_report(), promises=samples.promises()[4:], headlines=())

    written = render_gap(only, kind)  # type: ignore[arg-type]

    text = words(Page(written).text if kind == "html" else written)
    assert "insufficient evidence" in text
    assert "Only 7 customers spoke of it" in text
    assert not re.search(r"[Dd]elivered 0|\b0 \(|Gap 0", text)


@pytest.mark.parametrize("kind", GAP_FORMATS)
def test_a_report_of_nothing_can_be_written(kind: str) -> None:
    assert render_gap(samples.empty_report(), kind)  # type: ignore[arg-type]


def test_the_json_of_the_gap_report_has_the_agreed_keys_and_null_for_missing_numbers() -> None:
    report = json.loads(render_gap(samples.gap_report(), "json"))

    assert report.keys() >= {"brand", "window", "every", "promises", "sentiment", "model", "coverage", "headlines", "timezone"}
    assert report["window"] == {"since": "2026-08-24", "until": "2026-11-16"}
    assert report["generated"] == "2026-11-16T06:05:00Z"
    first, *_, last = report["promises"]
    assert first["gap_interval"] == [-20.9, -11.1]
    assert first["evidence"][0].keys() >= {"mention", "quote", "url", "stance", "confidence", "published", "source", "author"}
    assert {last[key] for key in ("delivery", "raw", "gap", "interval", "gap_interval", "change")} == {None}
    assert (last["n"], last["kept"], last["broken"], last["verdict"]) == (7, 5, 2, "insufficient evidence")


def test_a_cell_of_the_csv_is_never_a_formula() -> None:
    gap = samples.promises()[0]
    starts = ("=1+1", "+1", "-1", "@sum", "\t=2", 'safe, "quoted"\nand more')
    hostile = tuple(replace(gap, promise=replace(gap.promise, text=start)) for start in starts)

    rows = list(csv.DictReader(io.StringIO(render_gap(replace(samples.gap_report(), promises=hostile), "csv"), newline="")))

    assert [row["text"] for row in rows] == ["'=1+1", "'+1", "'-1", "'@sum", "'=2", 'safe, "quoted" and more']
    assert rows[0]["gap"] == "-15.8"


def test_customer_text_cannot_leave_its_place_in_markdown() -> None:
    written = render_gap(samples.gap_report(), "md")

    bare = re.sub(r"\\.", "", written)
    assert "<" not in bare
    assert not re.search(r"\]\((?!https?://)", bare)
    tables = [line for line in bare.splitlines() if line.startswith("|")]
    assert {line.count("|") - 1 for line in tables} == {2, 3, 4, 5, 6, 7}


@UNHURRIED
@given(st.text())
def test_markdown_escapes_to_one_line_that_begins_no_list_link_tag_or_cell(text: str) -> None:
    from reports.markdown import escape

    bare = re.sub(r"\\.", "", escape(text))
    assert not set(bare) & set("<>[]|`*_~\n\r")
    assert not re.match(r"[-+=]|\d+[.)]", escape(text))


@pytest.mark.parametrize("kind", DIGEST_FORMATS)
def test_a_digest_says_what_matters_first_and_what_could_not_be_heard(kind: str) -> None:
    written = render_digest(samples.digest(), kind)  # type: ignore[arg-type]

    assert "long waits on the phone" in written
    assert "HTTP 403" in written


@pytest.mark.parametrize("kind", ["md", "text"])
def test_a_quiet_digest_is_two_lines(kind: str) -> None:
    written = render_digest(samples.quiet_digest(), kind)  # type: ignore[arg-type]

    assert len([line for line in written.splitlines() if line]) == 2


def test_a_quiet_digest_says_when_it_may_only_have_been_deaf() -> None:
    deaf = replace(samples.quiet_digest(), coverage=samples.coverage())

    assert "Not everything was heard: reddit: r/travel" in render_digest(deaf, "text")


def test_the_text_digest_carries_no_terminal_control_characters() -> None:
    written = render_digest(samples.digest(), "text")

    assert "\x1b" not in written
    assert "\u202e" not in written


@pytest.mark.parametrize("kind", GAP_FORMATS)
def test_half_a_surrogate_pair_does_not_stop_a_report_from_being_written(kind: str) -> None:
    gap = samples.promises()[0]
    broken = replace(gap, sentence="half \ud83d", quotes=(replace(gap.quotes[0], passage="half \ud83d", text="half \ud83d"),))

    assert render_gap(replace(samples.gap_report(), promises=(broken,)), kind).encode("utf-8")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://example.org/a?b=c", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https://", False),
        ('https://example.org/" onclick=x', False),
        ("https://[broken", False),
        ("", False),
    ],
)
def test_only_plain_web_addresses_are_linked(url: str, linked: bool) -> None:
    assert bool(typography.web_address(url)) is linked


@UNHURRIED
@given(st.text(), st.text(min_size=1), st.text())
def test_an_excerpt_is_one_short_line_that_keeps_the_start_of_the_passage(before: str, passage: str, after: str) -> None:
    quote = replace(samples.quotes("on-time")[0], text=before + passage + after, passage=passage)

    part = typography.excerpt(quote, length=60)

    assert len(str(part)) <= 66
    assert typography.clean(passage)[:40].rsplit(" ", 1)[0] in str(part)


@pytest.mark.parametrize(
    ("bounds", "sign", "printed"),
    [((54.4, 67.6), False, "54–68"), ((-36.2, -21.9), True, "−36 to −22"), ((-3.0, 4.0), False, "−3 to 4"), (None, False, "")],
)
def test_an_interval_reads_without_signs_running_into_dashes(bounds: tuple[float, float] | None, sign: bool, printed: str) -> None:
    assert typography.interval(bounds, sign=sign) == printed


def test_a_window_is_named_by_its_last_day_not_by_the_day_after() -> None:
    assert typography.span(Window(date(2026, 8, 24), date(2026, 11, 16))) == "24 August – 15 November 2026"
    assert typography.span(Window(date(2026, 12, 1), date(2027, 1, 2))) == "1 December 2026 – 1 January 2027"
    assert typography.span(Window(date(2026, 12, 1), date(2026, 12, 2))) == "1 December 2026"


def test_times_are_shown_on_the_clock_of_the_brand() -> None:
    assert typography.moment(datetime(2026, 11, 16, 22, 30, tzinfo=UTC), "Europe/Riga") == "17 November 2026, 00:30"
