"""Net sentiment: which correction is taken, what it is called, and that a series never mixes two."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from models.known_errors import KnownErrors
from reports.digest import build_digest
from reports.documents import GapReport
from reports.evidence import AuditRow, Label, ModelFacts, PutRight, SentimentRow, Window
from reports.gap import build_gap
from reports.net import estimate_net
from reports.phrases import correction
from reports.render import render_digest, render_gap
from reports.sentiment_table import sentiment_table
from tests.reports.builders import SINCE, TWELVE_WEEKS, evidence, moods

NAMES: tuple[Label, ...] = ("negative", "neutral", "positive")
READ = {"negative": (0.8, 0.15, 0.05), "neutral": (0.2, 0.6, 0.2), "positive": (0.05, 0.15, 0.8)}


def voices(per_week: tuple[int, int, int], weeks: int = 12, story: int = 0) -> list[SentimentRow]:
    return [
        SentimentRow(SINCE + timedelta(weeks=week), name, READ[name], n, story)
        for week in range(weeks)
        for name, n in zip(NAMES, per_week, strict=True)
    ]


def audit(said: Label, read: Label, n: int, day: date = SINCE, story: int = 0) -> list[AuditRow]:
    return [AuditRow(day + timedelta(weeks=one % 12), said, read, READ[read], story) for one in range(n)]


def report(
    audits: Sequence[AuditRow] = (),
    *,
    draws: Sequence[Window] = (TWELVE_WEEKS,),
    priors: tuple[float, float, float] | None = (1 / 3, 1 / 3, 1 / 3),
    per_week: tuple[int, int, int] = (30, 20, 50),
    errors: KnownErrors | None = None,
) -> GapReport:
    found = evidence(sentiment=voices(per_week), audits=audits, draws=draws if audits else (), priors=priors)
    return build_gap(replace(found, model=replace(found.model, errors=errors)))


# A person finds that a third of what the model calls positive is negative.
SARCASM = [
    *audit("negative", "negative", 30),
    *audit("neutral", "neutral", 20),
    *audit("positive", "positive", 34),
    *audit("negative", "positive", 16),
]


class TestCorrections:
    def test_net_sentiment_by_audits_is_the_same_whatever_was_corrected_by_itself(self) -> None:
        audits = [row for row in SARCASM for _ in range(2)]
        wrong = [PutRight(row.day, row.label, row.read, row.probabilities) for row in audits if row.label != row.read]
        plain = evidence(sentiment=voices((30, 20, 50)), audits=audits, draws=(TWELVE_WEEKS,))
        put_right = [SentimentRow(one.day, one.label, (1.0, 0.0, 0.0), 1) for one in wrong]
        left = Counter(one.day for one in wrong)
        others = [replace(row, n=row.n - left.pop(row.day, 0) if row.label == "positive" else row.n) for row in plain.sentiment]
        corrected = replace(plain, sentiment=(*others, *put_right), put_right=tuple(wrong))
        first, second = build_gap(plain).sentiment, build_gap(corrected).sentiment
        assert (first.method, second.method) == ("ppi", "ppi")
        assert second.net == pytest.approx(first.net, abs=0.05)
        assert second.interval == pytest.approx(first.interval, abs=0.3)
        assert [point.net for point in second.trend] == pytest.approx([point.net for point in first.trend], abs=6)
        assert second.raw is not None
        assert second.raw < 20 == pytest.approx(first.raw)


class TestChoice:
    def test_without_audits_the_shares_are_re_estimated(self) -> None:
        found = report().sentiment
        assert (found.method, found.audited) == ("em", 0)

    def test_an_audit_is_preferred_and_moves_the_figure_to_what_people_say(self) -> None:
        found = report(SARCASM).sentiment
        assert (found.method, found.audited) == ("ppi", 100)
        assert found.net == pytest.approx(100 * (34 - 46) / 100, abs=3)
        assert found.raw == pytest.approx(20)
        assert found.shares is not None
        assert found.net == pytest.approx(100 * (found.shares[2] - found.shares[0]))
        assert found.interval is not None
        assert found.interval[0] < found.net < found.interval[1]
        assert found.negative_interval is not None
        assert found.negative_interval[0] < found.shares[0] < found.negative_interval[1]

    def test_few_audits_correct_nothing(self) -> None:
        assert report(SARCASM[:29]).sentiment.method == "em"

    def test_audits_who_share_a_story_are_few(self) -> None:
        copied = [AuditRow(row.day, row.label, row.read, row.probabilities, 7) for row in SARCASM[:80]]
        assert report([*copied, *SARCASM[80:]]).sentiment.method == "em"

    def test_a_model_that_is_not_calibrated_is_shown_as_it_counts(self) -> None:
        found = report(priors=None)
        assert found.sentiment.method == "raw"
        assert found.sentiment.net == pytest.approx(found.sentiment.raw)
        assert found.sentiment.net == pytest.approx(20)
        assert found.sentiment.interval is not None
        half = 196 * (0.8 - 0.04) ** 0.5 / 1200**0.5
        assert found.sentiment.interval == pytest.approx((20 - half, 20 + half), abs=1)

    def test_how_far_it_was_off_on_other_brands_is_a_doubt_beside_the_interval_of_chance(self) -> None:
        plain, doubted = report().sentiment, report(errors=KnownErrors(10.0, ())).sentiment
        assert plain.doubt is None
        assert doubted.doubt is not None
        assert doubted.interval is not None
        assert replace(doubted, doubt=None) == plain
        half = [(one[1] - one[0]) / 2 for one in (doubted.interval, doubted.doubt)]
        assert half[1] == pytest.approx(math.hypot(half[0], 19.6), rel=0.12)

    def test_who_audits_has_no_such_doubt(self) -> None:
        assert report(SARCASM, errors=KnownErrors(10.0, ())).sentiment.doubt is None

    def test_days_that_err_alike_differ_as_they_did(self) -> None:
        table, known = sentiment_table(voices((30, 20, 50))), ModelFacts("m", (1 / 3, 1 / 3, 1 / 3), errors=KnownErrors(30.0, ()))
        draws = [estimate_net(table, model, np.random.default_rng(1)).draws for model in (replace(known, errors=None), known)]
        assert draws[0].tolist() == draws[1].tolist()

    def test_an_audit_corrects_a_model_that_is_not_calibrated(self) -> None:
        found = report(SARCASM, priors=None).sentiment
        assert found.method == "ppi"
        assert found.net == pytest.approx(-12, abs=3)


class TestSampling:
    def test_draws_of_unequal_rates_count_by_their_units(self) -> None:
        """The first half was drawn ten times as often; there the model is right, in the second half it takes all for positive."""
        half = SINCE + timedelta(weeks=6)
        first, second = Window(SINCE, half), Window(half, TWELVE_WEEKS.until)
        right = [AuditRow(SINCE, name, name, READ[name]) for name, n in zip(NAMES, (60, 40, 100), strict=True) for _ in range(n)]
        wrong = [AuditRow(half, "negative", name, READ[name]) for name, n in zip(NAMES, (6, 4, 10), strict=True) for _ in range(n)]
        found = report([*right, *wrong], draws=(first, second)).sentiment
        assert found.net == pytest.approx((20 - 100) / 2, abs=5)

    def test_days_that_no_draw_covers_are_taken_to_be_read_as_well_as_the_others(self) -> None:
        third = Window(SINCE, SINCE + timedelta(weeks=4))
        audits = [AuditRow(SINCE, row.label, row.read, row.probabilities) for row in SARCASM]
        partly, wholly = report(audits, draws=(third,)).sentiment, report(SARCASM).sentiment
        assert partly.method == "ppi"
        assert partly.net == pytest.approx(wholly.net, abs=3)
        assert partly.interval is not None
        assert wholly.interval is not None
        assert partly.interval[1] - partly.interval[0] > wholly.interval[1] - wholly.interval[0]


class TestSeries:
    def test_every_point_is_moved_as_the_whole_is(self) -> None:
        plain, audited = report().sentiment, report(SARCASM).sentiment
        assert plain.net is not None
        assert audited.net is not None
        moved = audited.net - plain.net
        for before, after in zip(plain.trend, audited.trend, strict=True):
            assert before.net is not None
            assert after.net == pytest.approx(before.net + moved, abs=1)
        points = [point.net for point in audited.trend if point.net is not None]
        assert np.mean(points) == pytest.approx(audited.net, abs=2)

    def test_no_point_leaves_the_scale(self) -> None:
        all_wrong = audit("negative", "positive", 100)
        found = report(all_wrong, per_week=(1, 1, 98)).sentiment
        for figures in (found, *found.trend):
            assert figures.net is not None
            assert figures.interval is not None
            assert -100 <= figures.interval[0] <= figures.net <= figures.interval[1] <= 100

    def test_a_day_and_the_weeks_before_it_are_corrected_alike(self) -> None:
        day = SINCE + timedelta(weeks=11)
        window = Window(day - timedelta(days=28), day + timedelta(days=1))
        rows = [row for row in voices((30, 20, 50)) if row.day in window]
        audits = [AuditRow(day - timedelta(days=7), row.label, row.read, row.probabilities) for row in SARCASM]
        found = build_digest(evidence(window=window, sentiment=rows, audits=audits, draws=(window,)), day)
        assert found.sentiment.method == found.usual.method == "ppi"
        assert found.net_change is not None
        assert found.net_change[0] < 0 < found.net_change[1]


class TestWords:
    def test_each_correction_has_a_name_of_its_own(self) -> None:
        assert correction(report(SARCASM).sentiment) == "Corrected by 100 audited mentions (PPI++); as the model counts it +20."
        assert correction(report().sentiment) == "Corrected by re-estimated class shares (EM); as the model counts it +20."
        assert "not corrected: this model is not calibrated" in correction(report(priors=None).sentiment)

    @pytest.mark.parametrize("form", ["html", "md"])
    def test_every_report_says_it(self, form: str) -> None:
        for found in (report(SARCASM), report(), report(priors=None)):
            assert correction(found.sentiment) in render_gap(found, form).replace("&#43;", "+")  # type: ignore[arg-type]

    def test_a_digest_shows_the_figure_before_correction(self) -> None:
        window = Window(SINCE, SINCE + timedelta(days=29))
        rows = moods(SINCE + timedelta(days=28), 40, 10, 10) + moods(SINCE, 40, 10, 10)
        found = build_digest(evidence(window=window, sentiment=rows), SINCE + timedelta(days=28))
        assert "Before correction (EM): −50; usually −50" in render_digest(found, "text")
