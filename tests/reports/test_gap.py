import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.buckets import bucket_starts
from reports.delivery import EXPECTATIONS
from reports.documents import PromiseGap
from reports.evidence import AdvertisedPromise, PlacementRow, StanceRow, Window
from reports.gap import build_gap
from tests.reports.builders import FRIENDLY, ON_TIME, REFUND, SINCE, evidence, moods, quote, weekly

BROKE_IN_WEEK_NINE = [(18, 1)] * 8 + [(7, 12)] * 4


def only(stances: list[StanceRow], promise: AdvertisedPromise = ON_TIME) -> PromiseGap:
    (gap,) = build_gap(evidence(promises=[promise], stances=stances)).promises
    return gap


class TestFigures:
    def test_delivery_is_the_shrunk_share_with_the_raw_rate_beside_it(self) -> None:
        gap = only([StanceRow(SINCE, ON_TIME.id, "kept", 61), StanceRow(SINCE, ON_TIME.id, "broken", 39)])
        assert gap.raw == 61
        assert gap.delivery == pytest.approx(100 * (61 + 1) / (100 + 2))
        assert gap.gap == pytest.approx(100 * 62 / 102 - 90)
        assert gap.interval == pytest.approx((51.2, 69.9), abs=0.3)
        assert gap.gap_interval == pytest.approx((51.2 - 90, 69.9 - 90), abs=0.3)
        assert (gap.n, gap.n_eff, gap.kept, gap.broken) == (100, 100, 61, 39)

    @pytest.mark.parametrize(("strength", "figure"), EXPECTATIONS.items())
    def test_expectation_follows_the_strength_of_the_words(self, strength: str, figure: float) -> None:
        assert only([], replace(ON_TIME, strength=strength)).expectation == figure

    def test_the_brands_own_expectation_comes_first(self) -> None:
        assert only([], replace(ON_TIME, expectation=42)).expectation == 42

    def test_copies_of_one_story_widen_the_interval_around_the_same_delivery(self) -> None:
        alone = [StanceRow(SINCE, ON_TIME.id, "kept", 2)] * 30 + [StanceRow(SINCE, ON_TIME.id, "broken", 2)] * 10
        shared = [replace(row, story=index + 1) for index, row in enumerate(alone)]
        first, second = only(alone), only(shared)
        assert second.n_eff == 40
        assert second.delivery == pytest.approx(first.delivery)
        assert first.interval is not None
        assert second.interval is not None
        assert second.interval[0] < first.interval[0] < first.interval[1] < second.interval[1]

    def test_rows_outside_the_window_and_of_unknown_promises_do_not_count(self) -> None:
        outside = [StanceRow(SINCE - timedelta(1), ON_TIME.id, "kept", 9), StanceRow(SINCE + timedelta(84), ON_TIME.id, "kept", 9)]
        assert only([*outside, StanceRow(SINCE, "unknown", "kept", 9)]).n == 0


class TestInsufficientEvidence:
    def test_under_twelve_voices_there_is_no_number_but_the_counts(self) -> None:
        gap = only([StanceRow(SINCE, ON_TIME.id, "kept", 8), StanceRow(SINCE, ON_TIME.id, "broken", 3)])
        assert gap.verdict == "insufficient evidence"
        assert (gap.delivery, gap.raw, gap.gap, gap.interval, gap.gap_interval, gap.change) == (None,) * 6
        assert (gap.n, gap.kept, gap.broken) == (11, 8, 3)
        assert all(point.delivery is None for point in gap.trend)
        assert "Only 11 customers spoke of it; at least 12 are needed." in gap.sentence

    def test_twelve_voices_are_enough(self) -> None:
        assert only([StanceRow(SINCE, ON_TIME.id, "kept", 12)]).delivery is not None

    def test_a_text_copied_many_times_is_one_voice(self) -> None:
        gap = only([StanceRow(SINCE, ON_TIME.id, "broken", 500, story=3), StanceRow(SINCE, ON_TIME.id, "kept", 5)])
        assert gap.delivery is None
        assert gap.n == 505
        assert "505 customers spoke of it, but many share one text" in gap.sentence
        assert "1 independent voice;" in gap.sentence

    def test_silence_is_said_as_such(self) -> None:
        assert "No customer spoke of it" in only([]).sentence


class TestVerdict:
    def test_it_is_kept_when_the_whole_interval_reaches_the_expectation(self) -> None:
        gap = only(weekly(FRIENDLY, [(9, 1)] * 12), FRIENDLY)
        assert gap.verdict == "kept"
        assert gap.sentence.startswith("“A crew that smiles” is kept: customers report it kept in 89 of 100 cases")

    def test_it_is_broken_when_the_whole_interval_lies_below(self) -> None:
        assert only(weekly(ON_TIME, [(6, 4)] * 12)).verdict == "broken"

    def test_it_is_unclear_when_the_interval_straddles_without_a_trend(self) -> None:
        assert only(weekly(ON_TIME, [(9, 1)] * 4)).verdict == "unclear"

    def test_it_is_at_risk_when_it_straddles_and_falls(self) -> None:
        gap = only(weekly(ON_TIME, [(10, 0)] * 6 + [(9, 1), (9, 1), (8, 2), (8, 2), (8, 2), (7, 3)]))
        assert (gap.verdict, gap.direction) == ("at risk", "down")
        assert "delivery is falling" in gap.sentence

    @given(st.sampled_from([ON_TIME, FRIENDLY]), st.integers(0, 60), st.integers(0, 60), st.integers(1, 40))
    @settings(max_examples=40, deadline=None)
    def test_more_kept_voices_never_make_it_worse(self, promise: AdvertisedPromise, kept: int, broken: int, more: int) -> None:
        rank = {"broken": 0, "unclear": 1, "at risk": 1, "kept": 2}

        def measured(kept: int) -> PromiseGap:
            return only([StanceRow(SINCE, promise.id, "kept", kept), StanceRow(SINCE, promise.id, "broken", broken)], promise)

        before, after = measured(kept), measured(kept + more)
        if before.delivery is not None and after.delivery is not None:
            assert after.delivery >= before.delivery
            assert rank[after.verdict] >= rank[before.verdict]

    def test_promises_to_act_on_come_first(self) -> None:
        promises = [
            replace(FRIENDLY, id="kept"),
            replace(ON_TIME, id="few"),
            replace(ON_TIME, id="unclear"),
            replace(ON_TIME, id="broken"),
            replace(ON_TIME, id="worst"),
        ]
        weeks = ([(10, 0)] * 12, [(1, 0)] * 3, [(9, 1)] * 4, [(7, 3)] * 12, [(1, 9)] * 12)
        rows = [row for promise, counts in zip(promises, weeks, strict=True) for row in weekly(promise, counts)]
        report = build_gap(evidence(promises=promises, stances=rows))
        assert [gap.promise.id for gap in report.promises] == ["worst", "broken", "unclear", "kept", "few"]


class TestTrend:
    def test_every_bucket_of_the_window_appears_with_its_placements(self) -> None:
        rows = weekly(ON_TIME, [(9, 1), (0, 0), (4, 0), (9, 1)])
        placements = (PlacementRow(SINCE + timedelta(8), ON_TIME.id, 3), PlacementRow(SINCE, "other", 5))
        report = build_gap(replace(evidence(stances=rows), placements=placements))
        points = report.promises[0].trend
        assert [point.start for point in points] == [SINCE + timedelta(weeks=week) for week in range(12)]
        assert [point.n for point in points[:5]] == [10, 0, 4, 10, 0]
        assert [point.delivery is None for point in points[:5]] == [False, True, True, False, True]
        assert [point.placements for point in points[:3]] == [0, 3, 0]
        assert [point.n for point in report.sentiment.trend] == [0] * 12

    def test_a_handful_of_voices_does_not_jump_to_the_end_of_the_scale(self) -> None:
        point = only(weekly(ON_TIME, [(8, 2)] * 5 + [(0, 5)])).trend[5]
        assert point.delivery is not None
        assert point.interval is not None
        assert 10 < point.delivery < 30
        assert point.interval[0] < point.delivery < point.interval[1]

    def test_weeks_begin_on_monday_and_months_on_the_first_but_never_before_the_window(self) -> None:
        window = Window(date(2026, 11, 25), date(2027, 1, 3))
        assert bucket_starts(window, "week")[:3] == (date(2026, 11, 25), date(2026, 11, 30), date(2026, 12, 7))
        assert bucket_starts(window, "month") == (date(2026, 11, 25), date(2026, 12, 1), date(2027, 1, 1))
        assert len(bucket_starts(window, "day")) == 39


class TestChange:
    def test_it_finds_the_week_in_which_a_promise_broke(self) -> None:
        gap = only(weekly(ON_TIME, BROKE_IN_WEEK_NINE))
        assert gap.change is not None
        assert gap.change.start == date(2026, 8, 24)
        assert gap.change.before == pytest.approx(94, abs=1)
        assert gap.change.after == pytest.approx(38, abs=2)
        assert gap.change.interval[0] < gap.change.delta < gap.change.interval[1] < 0
        assert gap.change.p < 0.05
        assert "It broke in the week of 24 August: 94 before, 38 since." in gap.sentence

    def test_it_says_that_a_broken_promise_was_put_right(self) -> None:
        gap = only(weekly(ON_TIME, [(8, 12)] * 6 + [(20, 0)] * 6))
        assert (gap.verdict, gap.direction) == ("broken", "up")
        assert "But it was put right in the week of 10 August" in gap.sentence

    def test_a_steady_promise_has_none(self) -> None:
        assert only(weekly(ON_TIME, [(9, 1)] * 12)).change is None

    def test_a_drift_is_a_direction_and_no_change(self) -> None:
        gap = only(weekly(ON_TIME, [(58 - 2 * week, 2 + 2 * week) for week in range(12)]))
        assert (gap.change, gap.direction) == (None, "down")
        assert "Delivery has been falling over this time." in gap.sentence

    def test_what_one_promise_shows_does_not_depend_on_the_order_of_the_others(self) -> None:
        rows = weekly(ON_TIME, BROKE_IN_WEEK_NINE) + weekly(REFUND, [(9, 1)] * 12)
        one = build_gap(evidence(promises=[ON_TIME, REFUND, FRIENDLY], stances=rows)).promises
        other = build_gap(evidence(promises=[FRIENDLY, REFUND, ON_TIME], stances=rows)).promises
        assert one == other


class TestQuotes:
    def test_both_sides_are_heard_the_most_confident_first_and_four_at_most(self) -> None:
        kept = [quote(index, stance="kept", confidence=0.5 + index / 100) for index in range(2)]
        broken = [quote(10 + index, confidence=0.5 + index / 100) for index in range(9)]
        report = build_gap(evidence(quotes=[*broken, *kept, quote(99, promise="other")]))
        assert [shown.mention for shown in report.promises[0].quotes] == [1, 0, 18, 17, 16, 15]

    def test_an_author_and_a_text_are_quoted_once(self) -> None:
        first = quote(1, confidence=0.99)
        quotes = [first, quote(2, author=first.author), quote(3, text=first.text.upper()), quote(4, author=""), quote(5, author="")]
        assert [shown.mention for shown in build_gap(evidence(quotes=quotes)).promises[0].quotes] == [1, 4, 5]

    def test_among_equals_the_newest_comes_first(self) -> None:
        quotes = [quote(1), quote(2, published=datetime(2026, 9, 3, tzinfo=UTC))]
        assert [shown.mention for shown in build_gap(evidence(quotes=quotes)).promises[0].quotes] == [2, 1]


class TestNetSentiment:
    def test_it_stands_with_its_raw_figure_interval_and_shares(self) -> None:
        net = build_gap(evidence(sentiment=moods(SINCE, 20, 30, 50))).sentiment
        assert net.raw == 30
        assert net.net == pytest.approx(30, abs=8)
        assert net.interval is not None
        assert net.net is not None
        assert net.interval[0] < net.net < net.interval[1]
        assert net.shares is not None
        assert sum(net.shares) == pytest.approx(1)
        assert 100 * (net.shares[2] - net.shares[0]) == pytest.approx(net.net)
        assert net.negative_interval is not None
        assert net.negative_interval[0] < net.shares[0] < net.negative_interval[1]

    def test_the_share_of_negatives_has_a_narrow_interval_at_the_edges_too(self) -> None:
        for negative, positive in ((0, 400), (400, 0)):
            net = build_gap(evidence(sentiment=moods(SINCE, negative, 0, positive))).sentiment
            assert net.negative_interval is not None
            assert net.negative_interval[1] - net.negative_interval[0] < 0.1

    def test_under_twelve_voices_there_is_none(self) -> None:
        net = build_gap(evidence(sentiment=moods(SINCE, 4, 4, 3))).sentiment
        assert (net.net, net.raw, net.interval, net.shares, net.negative_interval) == (None,) * 5
        assert net.n == 11

    def test_the_interval_narrows_with_more_voices_and_widens_with_copies(self) -> None:
        def width(times: int, story: int = 0) -> float:
            rows = [row for day in range(20) for row in moods(SINCE + timedelta(day), 2 * times, 2 * times, 3 * times)]
            shared = [replace(row, story=story and index + 1) for index, row in enumerate(rows)]
            interval = build_gap(evidence(sentiment=shared)).sentiment.interval
            assert interval is not None
            return interval[1] - interval[0]

        assert width(4) == pytest.approx(width(1) / 2, rel=0.25)
        assert width(4, story=1) > 2 * width(4)

    def test_a_week_that_turned_shows_in_the_trend(self) -> None:
        rows = [
            row for week in range(12) for row in moods(SINCE + timedelta(weeks=week), *((40, 5, 5) if week == 6 else (5, 5, 40)))
        ]
        trend = build_gap(evidence(sentiment=rows)).sentiment.trend
        nets = [point.net for point in trend if point.net is not None]
        assert len(nets) == 12
        assert nets.index(min(nets)) == 6
        assert min(nets) < -50
        assert all(point.interval and point.interval[0] <= (point.net or 0) <= point.interval[1] for point in trend)


class TestWords:
    def test_the_headlines_name_the_worst_gap_the_clearest_change_and_net_sentiment(self) -> None:
        rows = weekly(ON_TIME, BROKE_IN_WEEK_NINE) + weekly(FRIENDLY, [(9, 1)] * 12)
        lines = build_gap(evidence(promises=[ON_TIME, FRIENDLY], stances=rows, sentiment=moods(SINCE, 20, 30, 50))).headlines
        assert len(lines) == 3
        assert lines[0].startswith("“We depart on time, every time” is broken: customers report it kept in 75 of 100 cases (")
        assert lines[1] == "“We depart on time, every time” broke in the week of 24 August: 94 before, 38 since."
        assert lines[2].startswith("Net sentiment is +")
        assert "n = 100" in lines[2]

    def test_a_broken_promise_that_got_better_is_said_to_have_beside_the_one_that_broke(self) -> None:
        rows = weekly(ON_TIME, [(19, 1)] * 8 + [(6, 14)] * 4) + weekly(FRIENDLY, [(1, 19)] * 9 + [(19, 1)] * 3)
        lines = build_gap(evidence(promises=[ON_TIME, FRIENDLY], stances=rows)).headlines
        assert "is broken" in lines[0]
        assert "But it " in lines[0]
        assert lines[1].startswith("“We depart on time, every time” broke in the week of 24 August")

    def test_without_evidence_they_say_so(self) -> None:
        assert build_gap(evidence(promises=[ON_TIME, FRIENDLY])).headlines == (
            "None of the 2 promises has enough evidence yet: 12 independent voices are needed.",
            "Net sentiment: insufficient evidence. No customer was heard; at least 12 are needed.",
        )

    def test_without_promises_they_say_so(self) -> None:
        assert "No promise is entered yet" in build_gap(evidence(promises=[])).headlines[0]

    def test_where_all_is_kept_they_name_the_tightest(self) -> None:
        rows = weekly(FRIENDLY, [(9, 1)] * 12) + weekly(ON_TIME, [(20, 0)] * 12)
        line = build_gap(evidence(promises=[FRIENDLY, ON_TIME, REFUND], stances=rows)).headlines[0]
        assert line.startswith("All 2 promises with enough evidence are kept; 1 more has too little evidence. The tightest is “We")

    def test_a_notable_correction_is_said(self) -> None:
        unsure = [replace(row, probabilities=(0.45, 0.1, 0.45), label="positive") for row in moods(SINCE, 0, 0, 100)]
        line = build_gap(evidence(sentiment=unsure + moods(SINCE, 50, 10, 10))).headlines[-1]
        assert "As the classifier counts it is +" in line

    def test_a_long_promise_is_shortened_at_a_word(self) -> None:
        sentence = only([], replace(ON_TIME, text="We will always " * 20)).sentence
        assert "always …”" in sentence
        assert len(sentence) < 220


class TestWhole:
    def test_an_empty_window_is_a_report_all_the_same(self) -> None:
        report = build_gap(evidence())
        assert report.promises[0].verdict == "insufficient evidence"
        assert report.sentiment.net is None

    @given(
        st.lists(st.tuples(st.integers(0, 83), st.booleans(), st.integers(0, 30), st.integers(0, 3)), max_size=30),
        st.lists(st.tuples(st.integers(0, 83), *[st.integers(0, 9)] * 3, st.integers(0, 3)), max_size=15),
        st.sampled_from(["week", "month"]),
        st.randoms(use_true_random=False),
    )
    @settings(max_examples=12, deadline=None)
    def test_any_evidence_in_any_order_gives_the_same_finite_numbers(
        self, said: list[tuple], felt: list[tuple], every: str, shuffle: random.Random
    ) -> None:
        sides = {True: "kept", False: "broken"}
        stances = [StanceRow(SINCE + timedelta(day), ON_TIME.id, sides[kept], n, story) for day, kept, n, story in said]
        sentiment = [row for day, *counts, story in felt for row in moods(SINCE + timedelta(day), *counts, story=story)]
        whole = replace(evidence(stances=stances, sentiment=sentiment), every=every)
        report = build_gap(whole)
        shuffle.shuffle(stances)
        shuffle.shuffle(sentiment)
        again = build_gap(replace(whole, stances=tuple(stances), sentiment=tuple(sentiment)))
        assert again.headlines == report.headlines
        assert again.promises == report.promises
        (gap,) = report.promises
        assert (gap.delivery is None) == (gap.n_eff < 12)
        for value, interval, low, high in [
            (gap.delivery, gap.interval, 0, 100),
            (report.sentiment.net, report.sentiment.interval, -100, 100),
            *((point.delivery, point.interval, 0, 100) for point in gap.trend),
            *((point.net, point.interval, -100, 100) for point in report.sentiment.trend),
        ]:
            assert (value is None) == (interval is None)
            if value is not None and interval is not None:
                assert all(isfinite(number) for number in (value, *interval))
                assert low <= interval[0] <= value <= interval[1] <= high
