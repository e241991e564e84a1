"""Every number of a report that stands alone opens into the quotes behind it, and says where all of them are."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from reports.answering import change_sentence
from reports.dockets import Elsewhere
from reports.html_dockets import CAUSES, Leads, behind_promise, told_causes
from reports.render import render_gap
from tests.reports import samples, samples_telling

REPORT = samples_telling.told_report()
LATE, WEEK = samples_telling.LATE, timedelta(weeks=1)
PAGE = render_gap(REPORT, "html")
INSIDE = set(re.findall(r' id="([^"]+)"', PAGE))


def docket(anchor: str) -> str:
    return PAGE.split(f'<article id="{anchor}"', 1)[1].split("</article>", 1)[0]


@pytest.mark.parametrize(
    ("filters", "anchor"),
    [
        ({"promise": "bags"}, "#evidence-4"),
        ({"promise": "bags", "stance": "broken"}, "#evidence-4"),
        ({"promise": "on-time", "since": LATE, "until": LATE + WEEK}, "#evidence-1-0-9"),
        ({"promise": "on-time", "since": samples.SINCE, "until": LATE}, "#evidence-1-0"),
        ({"promise": "on-time", "segment": "region:north"}, "#evidence-1-1-1"),
        ({"promise": "carbon", "since": samples.SINCE, "until": samples.SINCE + WEEK}, "#evidence-5-0"),
        ({"segment": f"region:{samples.HOSTILE}"}, "#evidence-mood-1-2"),
        ({"since": LATE, "until": LATE + WEEK}, "#evidence-mood-0-9"),
        ({"promise": "on-time", "segment": "region:south"}, "#evidence-1"),
        ({"promise": "bags", "voice": "brand"}, "#adverts-4"),
        ({"label": "negative"}, "#evidence-mood"),
        ({"source": "reviews"}, "#evidence-mood"),
        ({"pillar": "people"}, "#people"),
        ({"cause": 3}, "#evidence-cause-3"),
        ({"promise": "no promise any more"}, ""),
        ({"brand": "unheard of"}, ""),
        ({"pillar": "content"}, ""),
    ],
)
def test_a_number_leads_to_the_docket_of_its_family(filters: dict[str, object], anchor: str) -> None:
    assert Leads(REPORT)(**filters) == anchor


def test_the_numbers_of_a_promise_stand_beside_their_links() -> None:
    card = PAGE.split('<article class="card" id="promise-1"', 1)[1].split("</article>", 1)[0]
    for figure in ("74", "−16", "307", "229 voices", "78 voices"):
        assert f'<a href="#evidence-1">{figure}</a>' in card


def test_a_docket_has_the_quotes_of_both_sides_and_the_words_in_which_the_promise_is_made() -> None:
    of = docket("evidence-1")
    assert "Doors closed at 9:02, wheels up at 9:05." in of
    assert "Delayed again, two hours this morning" in of
    assert samples_telling.PLACED in of
    assert "of 229 voices" in of


def part(anchor: str) -> str:
    return PAGE.split(f'<section class="part" id="{anchor}"', 1)[1].split("</section>", 1)[0]


def test_a_part_has_its_number_its_own_quotes_and_how_many_are_left_out() -> None:
    of = part("evidence-1-0-9")
    point = REPORT.promises[0].trend[8]
    assert f"<b>{point.delivery:.0f}</b>" in of
    assert "On time there and back." in of
    assert "Doors closed at 9:02" not in of
    assert f"3 of {point.n} voices" in of
    assert f"promisewatch gap --brand acme --docket on-time --since {LATE} --until {LATE + WEEK}" in of
    assert "--promise on-time --segment region:north" in part("evidence-1-1-1")


def test_a_part_without_quotes_says_so_and_where_they_are() -> None:
    of = part("evidence-1-1-2")
    assert "84 voices, whose quotes are not kept in this file" in of
    assert "promisewatch mentions search" in of


def test_a_week_in_which_nobody_spoke_is_no_part() -> None:
    silent = REPORT.promises[4].trend[0]
    assert silent.n == 0
    assert 'id="evidence-5-0-1"' not in PAGE


def test_the_numbers_of_weeks_and_segments_lead_to_their_parts() -> None:
    card = PAGE.split('<article class="card" id="promise-1"', 1)[1].split("</article>", 1)[0]
    assert 'href="#evidence-1-0"' in card
    segments = PAGE.split('id="segments-1"', 1)[1].split("</section>", 1)[0]
    assert {"#evidence-mood-1-1", "#evidence-1-1-1", "#evidence-1-1-2"} <= set(re.findall(r'href="([^"]+)"', segments))
    assert set(re.findall(r'href="#([^"]+)"', PAGE)) <= INSIDE


def test_the_lowest_and_the_highest_week_and_segment_lead_to_their_parts() -> None:
    reliance = PAGE.split('id="reliance"', 1)[1].split("</section>", 1)[0]
    leads = re.findall(r'<td>([^<]*): <a href="([^"]+)">', reliance)
    assert leads[:2] == [("26 Oct", "#evidence-1-0-10"), ("7 Sep", "#evidence-1-0-3")]
    assert ("north", "#evidence-1") in leads  # of a dimension that the report does not tell


def test_a_docket_says_what_to_type_for_all_of_it() -> None:
    since, until = samples.WINDOW.since, samples.WINDOW.until
    assert f"promisewatch gap --brand acme --docket on-time --since {since} --until {until}" in docket("evidence-1")
    assert "promisewatch mentions search --brand acme --voice customer --cause 3" in docket("evidence-cause-3")
    assert "promisewatch cases list --status all --brand acme" in docket("evidence-cases")


def test_it_leads_to_the_dashboard_where_that_has_an_address() -> None:
    page = render_gap(samples_telling.told_report("https://watch.example/"), "html")
    links = [urlsplit(link.replace("&amp;", "&")) for link in re.findall(r'href="(https://watch\.example[^"]*)"', page)]
    paths = {link.path for link in links}
    assert {"/promises/bags", "/mentions", "/causes/3", "/causes", "/cases", "/pillars", "/promises/claims"} <= paths
    bags = [parse_qs(link.query) for link in links if link.path == "/promises/bags"]
    assert {"brand": ["acme"], "since": ["2026-08-24"], "until": ["2026-11-16"]} in bags
    assert {"brand": ["acme"], "since": ["2026-08-24"], "until": ["2026-08-31"]} in bags
    assert "promisewatch gap --brand" not in page


def test_an_id_with_signs_of_the_shell_is_quoted() -> None:
    whole = Elsewhere("", "acme; rm", samples.WINDOW).mentions(source="r/travel news")
    assert whole.command.startswith("promisewatch mentions search --brand 'acme; rm' --source 'r/travel news'")


def test_the_causes_behind_a_broken_promise_stand_on_its_card_the_largest_first() -> None:
    assert [(cause.id, n) for cause, n in behind_promise(REPORT, "on-time")] == [(1, 29), (2, 28), (3, 27), (4, 26)]
    card = PAGE.split('<article class="card" id="promise-1"', 1)[1].split("</article>", 1)[0]
    assert '<a href="#evidence-cause-1">' in card


def test_told_are_the_largest_causes_what_was_put_right_and_what_to_improve() -> None:
    assert [one.id for one in told_causes(REPORT)] == [*range(1, CAUSES + 1), 10, 12]


def test_a_report_without_dockets_leads_nowhere() -> None:
    page = render_gap(samples.gap_report(), "html")
    assert Leads(samples.gap_report())(promise="bags") == ""
    assert 'href="#evidence' not in page


def test_markdown_says_the_same_with_its_commands() -> None:
    written = render_gap(REPORT, "md")
    assert "## What customers complain of" in written
    assert "- “Cause 1 " in written
    assert "`promisewatch gap --brand acme --docket on-time" in written
    assert "Every seat reclines, always" in written
    assert "In the earlier part of this time half were answered within 4.1 hours" in written.replace("\N{NO-BREAK SPACE}", " ")


def test_json_has_causes_pillars_claims_and_stories() -> None:
    shown = json.loads(render_gap(REPORT, "json"))
    assert [one["id"] for one in shown["causes"]] == [*range(1, 13)]
    assert shown["causes"][0]["share_interval"] is not None
    assert shown["scorecard"]["total"]["own"] == 9
    assert shown["claims"][0]["n"] == 8
    assert shown["stories"][0]["places"] == 15
    assert [one["n"] for one in shown["answered"]] == [30, 40]


def test_who_asked_is_told_with_what_became_of_it() -> None:
    of = docket("evidence-cases")
    assert "still waits" in of
    assert "answered 9 November 2026, 13:00" in of
    assert "closed without an answer" in of


def test_the_change_of_the_answers_is_left_out_where_either_part_is_too_small() -> None:
    assert REPORT.answered is not None
    early, late = REPORT.answered
    few = replace(early, n=5, median=None, interval=None)
    assert change_sentence((early, late))
    assert change_sentence((few, late)) == ""
