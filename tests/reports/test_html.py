"""Every page is HTML as the standard has it, whatever customers wrote: no error of its parser, nothing where it may not stand."""

import unicodedata
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from xml.etree.ElementTree import Element

import pytest
from tinyhtml5.parser import HTMLParser

from reports.causes import build_causes
from reports.docket import Docket
from reports.render import render_digest, render_gap
from reports.render_causes import render_causes
from reports.render_docket import render_docket
from reports.render_scorecard import render_scorecard
from reports.scorecard import build_scorecard
from tests.reports import samples, samples_telling, test_render_causes, test_scorecard

COVERED = test_render_causes.SINCE + timedelta(weeks=6)
XHTML = "{http://www.w3.org/1999/xhtml}"
FLOWING = frozenset(
    f"{XHTML}{name}" for name in ("div", "p", "ul", "ol", "table", "dl", "section", "figure", "h2", "h3", "blockquote")
)


def docket() -> Docket:
    report = samples.gap_report()
    quotes = samples.quotes("on-time")
    return Docket("acme", "Acme Air", "Europe/Riga", report.window, report.generated, "m1", report.promises[0], tuple(quotes))


PAGES = {
    "gap": render_gap(samples.gap_report(), "html"),
    "gap with its dockets": render_gap(samples_telling.told_report(), "html"),
    "gap of nothing": render_gap(samples.empty_report(), "html"),
    "digest": render_digest(samples.digest(), "html"),
    "digest as mail": render_digest(samples.digest(), "mail"),
    "quiet digest": render_digest(samples.quiet_digest(), "html"),
    "quiet digest as mail": render_digest(samples.quiet_digest(), "mail"),
    "causes": render_causes(build_causes(test_render_causes.evidence(samples.HOSTILE, covered=COVERED)), "html"),
    "causes of nothing": render_causes(build_causes(replace(test_render_causes.evidence(), causes=(), rows=(), quotes={})), "html"),
    "scorecard": render_scorecard(build_scorecard(test_scorecard.full()), "html"),
    "scorecard of nothing": render_scorecard(build_scorecard(test_scorecard.evidence()), "html"),
    "docket": render_docket(docket(), "html"),
}
EACH_PAGE = pytest.mark.parametrize("page", PAGES.values(), ids=PAGES.keys())


def parsed(page: str) -> tuple[Element, list[object]]:
    parser = HTMLParser()
    return parser.parse(page), parser.errors


@EACH_PAGE
def test_its_parser_finds_no_error(page: str) -> None:
    assert parsed(page)[1] == []


def test_a_page_with_an_error_is_found_out() -> None:
    assert parsed("<!DOCTYPE html><title>x</title><p><div></p>")[1]


@EACH_PAGE
def test_it_says_its_encoding_where_browsers_look_for_it(page: str) -> None:
    assert '<meta charset="utf-8">' in page[:1024]


@EACH_PAGE
def test_it_has_no_sign_that_html_forbids(page: str) -> None:
    assert {sign for sign in page if unicodedata.category(sign) == "Cc"} <= {"\n"}


@EACH_PAGE
def test_a_caption_is_the_first_or_the_last_of_its_figure_and_lists_hold_items(page: str) -> None:
    root, _ = parsed(page)
    for figure in root.iter(f"{XHTML}figure"):
        captions = [place for place, child in enumerate(figure) if child.tag == f"{XHTML}figcaption"]
        assert captions in ([], [0], [len(figure) - 1])
    for name in ("ul", "ol"):
        assert {child.tag for one in root.iter(f"{XHTML}{name}") for child in one} <= {f"{XHTML}li"}
    for inline in ("p", "span", "h1", "h2", "h3", "h4", "summary", "caption", "small"):
        assert not [
            child for one in root.iter(f"{XHTML}{inline}") for child in one.iter() if child is not one and child.tag in FLOWING
        ]


@EACH_PAGE
def test_headings_go_down_one_step_at_a_time(page: str) -> None:
    root, _ = parsed(page)
    levels = [
        int(one.tag[-1]) for one in root.iter() if isinstance(one.tag, str) and one.tag in {f"{XHTML}h{n}" for n in range(1, 7)}
    ]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
