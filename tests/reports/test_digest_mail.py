"""The digest as mail: what every client can show, its pictures, light and dark, and nothing that breaks out of its place."""

import re
import struct
from base64 import b64decode
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import digest_pictures
from reports.digest_records import CauseLine, DigestExtras
from reports.documents import Digest, NetPoint, VerdictChange
from reports.render import render_digest
from reports.render_mail import LONGEST_SUBJECT, digest_page
from reports.waiting import Waiting
from tests.reports import samples

CLIPPED_AT = 102_000
"""Bytes of a page that Gmail shows whole."""


def trend(digest: Digest, nets: list[float | None]) -> tuple[NetPoint, ...]:
    first = digest.baseline.since
    return tuple(
        NetPoint(first + timedelta(days=at), net, (max(-100, net - 9), min(100, net + 9)), 40)
        if net is not None
        else NetPoint(first + timedelta(days=at), None, None, 3)
        for at, net in enumerate(nets)
    )


def full() -> Digest:
    digest = samples.digest()
    now = digest.generated
    waiting = Waiting(12, "ann", samples.HOSTILE, "https://x.example/1", "reviews", now - timedelta(hours=50), now, True, "", "")
    return replace(
        digest,
        trend=trend(digest, [7.0] * 10 + [None] + [9.0] * 17 + [-14.0]),
        changed=(VerdictChange(samples.PROMISES["bags"], "kept", "at risk", "“Your bag” was kept, and is at risk now."),),
        extras=DigestExtras((CauseLine(3, samples.HOSTILE, "new", 34, f"{samples.HOSTILE}: 34 voices."),), (waiting,), 5, 1),
    )


MAIL = digest_page(full())


def pictures(html: str) -> list[bytes]:
    return [b64decode(found) for found in re.findall(r'src="data:image/png;base64,([^"]+)"', html)]


class TestPage:
    def test_its_styles_stand_on_the_elements_and_what_depends_on_the_screen_beats_them(self) -> None:
        assert re.search(r'<h1 style="[^"]*font', MAIL.html)
        rules = re.findall(r"[\w-]+: [^;{}]+;", "".join(re.findall(r"<style>(.*?)</style>", MAIL.html, re.DOTALL)))
        assert rules
        assert all(rule.endswith("!important;") for rule in rules)
        assert "prefers-color-scheme: dark" in MAIL.html

    def test_it_loads_nothing_and_runs_nothing(self) -> None:
        assert not re.search(r"<(script|link|iframe|object|embed|form|svg)\b", MAIL.html)
        assert not re.findall(r'(?:src|background)="(?!data:image/png)', MAIL.html)
        assert "url(" not in MAIL.html

    def test_every_picture_is_a_png_at_twice_its_size_with_words_for_whom_it_is_not_shown(self) -> None:
        found = pictures(MAIL.html)
        assert len(found) == 1 + sum(gap.delivery is not None for gap in full().verdicts)
        for picture in found:
            width, height = struct.unpack(">II", picture[16:24])
            assert picture[:4] == b"\x89PNG"
            assert (width, height / 2) in {(1120, digest_pictures.TREND_HEIGHT), (1120, digest_pictures.BAR_HEIGHT)}
        assert all(re.findall(r'<img[^>]*alt="([^"]*)"', MAIL.html))
        assert 'alt="Promised 90, delivered 74 (69–79)."' in MAIL.html

    def test_no_client_clips_it(self) -> None:
        assert len(re.sub(r'"data:[^"]+"', '""', MAIL.html).encode()) < CLIPPED_AT

    def test_hostile_text_is_shown_as_text(self) -> None:
        assert not re.search(r"<(script|img src=x)", MAIL.html)
        assert MAIL.html.count("&lt;script&gt;") >= 3

    def test_it_is_as_wide_as_a_table_for_clients_that_know_no_other_width(self) -> None:
        assert '<!--[if mso]><table role="presentation" width="600"' in MAIL.html
        assert MAIL.html.count("[if mso]") == 2

    def test_a_quiet_one_is_two_lines_without_a_picture(self) -> None:
        page = digest_page(samples.quiet_digest())
        assert pictures(page.html) == []
        assert page.text.count("\n") == 2
        assert page.subject == "Acme Air, Sunday, 15 November 2026: quiet"


class TestSubject:
    def test_it_is_the_first_thing_that_matters(self) -> None:
        page = digest_page(replace(samples.digest(), things=("Refunds take longer.", "And more.")))
        assert page.subject == "Acme Air: Refunds take longer."

    @given(st.text(min_size=1, max_size=400))
    def test_it_is_one_short_line(self, thing: str) -> None:
        page = digest_page(replace(samples.quiet_digest(), quiet=False, things=(thing,), verdicts=()))
        assert len(page.subject) <= LONGEST_SUBJECT + 2
        assert len(page.subject.splitlines()) == 1


class TestPictures:
    @given(st.lists(st.one_of(st.none(), st.floats(-100, 100)), max_size=40))
    def test_whatever_was_measured_can_be_drawn_within_the_frame_and_without_a_word(self, nets: list[float | None]) -> None:
        digest = replace(samples.digest(), trend=trend(samples.digest(), nets))
        drawn = ET.fromstring(digest_pictures.trend_picture(digest))
        assert not [one for one in drawn.iter() if one.tag.endswith("text")]
        heights = [float(y) for one in drawn.iter() if (y := one.get("cy"))]
        assert all(0 <= y <= digest_pictures.TREND_HEIGHT for y in heights)
        assert len(heights) == sum(net is not None for net in nets)

    def test_what_is_told_of_is_larger_than_what_came_before(self) -> None:
        drawn = ET.fromstring(digest_pictures.trend_picture(full()))
        radii = [one.get("r") for one in drawn.iter() if one.get("cx")]
        assert radii == ["3"] * 27 + ["6"]

    def test_a_promise_without_evidence_has_a_stroke_and_no_mark(self) -> None:
        gap = next(gap for gap in samples.promises() if gap.delivery is None)
        drawn = ET.fromstring(digest_pictures.promise_picture(gap))
        assert [one.tag.rpartition("}")[2] for one in drawn] == ["line", "line"]
        assert digest_pictures.promise_words(gap) == "Promised 87.5, insufficient evidence."

    @pytest.mark.parametrize(("net", "limit"), [(3.0, 25), (20.0, 50), (50.0, 75), (-95.0, 100)])
    def test_the_scale_is_as_small_as_the_intervals_allow(self, net: float, limit: int) -> None:
        assert digest_pictures.reach(trend(samples.digest(), [net])) == limit


@pytest.mark.parametrize("kind", ["html", "mail", "md", "text", "json"])
def test_every_format_tells_who_waits_what_changed_and_which_causes_are_new(kind: str) -> None:
    page = " ".join(re.sub("<[^>]+>", "", render_digest(full(), kind)).split())  # type: ignore[arg-type]
    assert "34 voices" in page
    assert "at risk" in page
    assert ("waits for 2 days, too long" if kind != "json" else '"overdue": true') in page
