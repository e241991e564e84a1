from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Literal

import pytest

from reports.breakdown import LeaderRow
from reports.digest import build_digest
from reports.digest_records import CauseLine, DigestExtras, Edition, evidence_window, period
from reports.documents import Digest
from reports.evidence import Coverage, Hole, Quote, SentimentRow, StanceRow, Window
from reports.render import render_digest
from reports.waiting import Waiting
from tests.reports.builders import FRIENDLY, ON_TIME, SINCE, evidence, moods, quote

DAY = SINCE + timedelta(days=40)


def usual_moods(until: int = 40) -> list[SentimentRow]:
    return [row for day in range(until) for row in moods(SINCE + timedelta(day), 4 + day % 2, 3, 8 - day % 3)]


def usual_stances() -> list[StanceRow]:
    return [StanceRow(SINCE + timedelta(day), ON_TIME.id, "broken" if day % 10 == 0 else "kept", 4) for day in range(40)]


def digest(*, felt: list[SentimentRow] | None = None, said: list[StanceRow] | None = None, **more: object) -> Digest:
    today = moods(DAY, 4, 3, 8) if felt is None else felt
    return build_digest(
        evidence(sentiment=usual_moods() + today, stances=usual_stances() + (said or []), **more),  # type: ignore[arg-type]
        DAY,
    )


class TestQuietDay:
    def test_it_is_quiet_when_nothing_differs_and_nobody_complained(self) -> None:
        page = digest(said=[StanceRow(DAY, ON_TIME.id, "kept", 5)])
        assert page.quiet
        assert page.things == (
            "A quiet day: nothing differed from the four weeks before by more than chance, and nobody complained about a promise.",
            "15 customers spoke of Acme Air; on a usual day it is 15.",
        )

    def test_one_complaint_about_a_promise_ends_the_quiet(self) -> None:
        page = digest(said=[StanceRow(DAY, ON_TIME.id, "broken", 1)])
        assert not page.quiet
        assert page.things == ("One customer said that “We depart on time, every time” was not kept.",)

    def test_a_deaf_day_is_not_quiet(self) -> None:
        begin = datetime(2026, 8, 8, 3, tzinfo=UTC)
        hole = Hole("reviews", begin, begin + timedelta(hours=5), "blind", "timed out")
        old = replace(hole, since=begin - timedelta(days=9), until=begin - timedelta(days=8))
        page = digest(coverage=Coverage(1, 1, 0, holes=(old, hole)))
        assert not page.quiet
        assert page.coverage.holes == (hole,)
        assert page.things == ("reviews could not be heard for 5 hours (timed out), so this day may be incomplete.",)

    def test_a_time_of_which_nothing_is_stored_is_not_quiet(self) -> None:
        page = build_digest(evidence(), DAY)
        assert not page.quiet
        assert page.things == (
            "Nothing is stored of Acme Air for four weeks and this day, so whether it was quiet cannot be told.",
        )

    def test_unread_texts_are_no_silence(self) -> None:
        page = digest(felt=[], coverage=Coverage(500, 500, 0, unread=40))
        assert not page.quiet
        assert page.things[0].startswith("40 of the mentions wait to be read")
        assert not [thing for thing in page.things if "spoke of" in thing]

    def test_a_hole_belongs_to_the_brands_own_day(self) -> None:
        late = datetime(2026, 8, 8, 21, 30, tzinfo=UTC)
        assert digest(coverage=Coverage(1, 1, 0, holes=(Hole("reviews", late, late, "blind", "down"),))).quiet


class TestNumbersOfTheDay:
    def test_it_sets_the_day_against_the_four_weeks_before(self) -> None:
        page = digest(felt=moods(DAY, 30, 3, 2))
        assert page.baseline == Window(DAY - timedelta(28), DAY)
        assert (page.sentiment.n, page.usual.n) == (35, 28 * 3 + sum(4 + d % 2 + 8 - d % 3 for d in range(12, 40)))
        assert page.net_change is not None
        assert page.net_change[1] < 0
        assert any(thing.startswith("The mood was worse than usual: net sentiment −") for thing in page.things)

    def test_a_change_is_not_claimed_on_a_handful_of_voices(self) -> None:
        page = digest(felt=moods(DAY, 11, 0, 0))
        assert page.sentiment.net is None
        assert page.net_change is None

    def test_volume_counts_customers_and_speaks_when_unusual(self) -> None:
        page = digest(felt=moods(DAY, 20, 16, 40))
        assert (page.mentions, page.usual_mentions) == (76, pytest.approx(14.5, abs=0.3))
        assert any(thing.startswith("76 customers spoke of Acme Air") for thing in page.things)

    def test_days_before_the_first_voice_do_not_make_the_usual_day_smaller(self) -> None:
        rows = [row for row in usual_moods() if row.day >= DAY - timedelta(5)]
        page = build_digest(evidence(sentiment=rows + moods(DAY, 4, 3, 8)), DAY)
        assert page.usual_mentions == pytest.approx(sum(row.n for row in rows) / 5)

    def test_a_first_day_ever_has_no_usual(self) -> None:
        page = build_digest(evidence(sentiment=moods(DAY, 4, 3, 8)), DAY)
        assert (page.mentions, page.usual_mentions, page.net_change) == (15, 0, None)

    def test_other_days_are_ignored(self) -> None:
        after = moods(DAY + timedelta(1), 50, 0, 0)
        long_ago = [StanceRow(DAY - timedelta(30), ON_TIME.id, "broken", 90)]
        assert digest(felt=moods(DAY, 4, 3, 8) + after, said=long_ago) == digest()

    def test_a_day_outside_the_evidence_is_refused(self) -> None:
        with pytest.raises(ValueError, match="not 2026-12-24"):
            build_digest(evidence(), DAY.replace(month=12, day=24))


class TestMovers:
    def test_a_promise_that_fell_is_named_first(self) -> None:
        page = digest(said=[StanceRow(DAY, ON_TIME.id, "broken", 10), StanceRow(DAY, ON_TIME.id, "kept", 2)])
        (mover,) = page.movers
        assert mover.p is not None
        assert mover.p < 0.05
        assert mover.interval is not None
        assert mover.delta == pytest.approx((mover.now or 0) - (mover.before or 0))
        assert mover.interval[0] < (mover.delta or 0) < mover.interval[1] < 0
        assert (mover.n, mover.n_before) == (12, 112)
        assert page.things[0] == mover.sentence
        assert mover.sentence.startswith(
            "“We depart on time, every time”: kept in 27 of 100 cases on this day (n = 12), against 92"
        )

    def test_a_movement_within_chance_says_so(self) -> None:
        (mover,) = digest(said=[StanceRow(DAY, ON_TIME.id, "kept", 5)]).movers
        assert mover.sentence.endswith("a difference that may be chance.")

    def test_there_is_none_on_a_handful_of_voices_or_without_a_baseline(self) -> None:
        assert digest(said=[StanceRow(DAY, ON_TIME.id, "broken", 4)]).movers == ()
        assert digest(promises=[FRIENDLY], said=[StanceRow(DAY, FRIENDLY.id, "broken", 40)]).movers == ()

    def test_p_values_are_adjusted_over_all_promises(self) -> None:
        promises = [replace(ON_TIME, id=f"p{index}") for index in range(6)]
        before = [StanceRow(DAY - timedelta(1), promise.id, "kept", 20) for promise in promises]
        before += [StanceRow(DAY - timedelta(1), promise.id, "broken", 5) for promise in promises]
        steady = [StanceRow(DAY, promise.id, "kept", 8) for promise in promises[1:]]
        steady += [StanceRow(DAY, promise.id, "broken", 2) for promise in promises[1:]]
        fell = [StanceRow(DAY, "p0", "kept", 4), StanceRow(DAY, "p0", "broken", 6)]
        alone = build_digest(evidence(promises=promises[:1], stances=before + fell), DAY).movers
        among = build_digest(evidence(promises=promises, stances=before + fell + steady), DAY).movers
        assert among[0].promise.id == "p0"
        assert (among[0].p or 0) > (alone[0].p or 1)
        assert len(among) == 3


class TestVerdicts:
    def test_they_stand_on_the_day_and_the_four_weeks_before(self) -> None:
        (gap,) = digest(said=[StanceRow(DAY, ON_TIME.id, "kept", 5)]).verdicts
        assert gap.n == 28 * 4 + 5
        assert len(gap.trend) == 29


class TestVoices:
    @staticmethod
    def at(hour: int, mention: int, **changes: object) -> Quote:
        return quote(mention, published=datetime(2026, 8, 7, tzinfo=UTC) + timedelta(hours=hour), **changes)

    def test_praise_and_complaints_are_those_of_the_brands_own_day(self) -> None:
        quotes = [
            self.at(20, 1),
            self.at(21, 2),
            self.at(44, 3, stance=None, promise="", label="negative", confidence=0.8),
            self.at(45, 4),
            self.at(30, 5, stance="kept", label="negative"),
            self.at(30, 6, stance=None, promise="", label="positive"),
            self.at(30, 7, stance=None, promise="", label="neutral"),
        ]
        page = digest(quotes=quotes)
        assert [quote.mention for quote in page.complaints] == [2, 3]
        assert [quote.mention for quote in page.praise] == [5, 6]

    def test_five_of_a_kind_are_enough(self) -> None:
        assert len(digest(quotes=[self.at(30, mention) for mention in range(9)]).complaints) == 5


class TestEditions:
    @pytest.mark.parametrize(
        ("edition", "since", "needed"),
        [
            ("daily", date(2026, 8, 31), date(2026, 8, 2)),
            ("weekly", date(2026, 8, 25), date(2026, 7, 21)),
            ("monthly", date(2026, 8, 1), date(2026, 4, 8)),
        ],
    )
    def test_they_tell_of_a_day_a_week_or_a_month_and_need_what_the_one_before_needed(
        self, edition: Edition, since: date, needed: date
    ) -> None:
        last = date(2026, 8, 31)
        assert period(edition, last) == Window(since, last + timedelta(days=1))
        assert evidence_window(edition, last) == Window(needed, last + timedelta(days=1))

    def test_a_week_is_held_against_the_weeks_before_and_speaks_of_weeks(self) -> None:
        worse = [row for day in range(34, 41) for row in moods(SINCE + timedelta(day), 12, 3, 3)]
        page = build_digest(
            evidence(sentiment=usual_moods(34) + worse, stances=usual_stances()), SINCE + timedelta(days=40), edition="weekly"
        )
        assert page.period == Window(SINCE + timedelta(days=34), SINCE + timedelta(days=41))
        assert page.baseline == Window(SINCE + timedelta(days=6), SINCE + timedelta(days=34))
        assert (page.mentions, page.usual_mentions) == (7 * 18, pytest.approx(7 * 14.5, abs=2))
        assert any(thing.startswith("The mood was worse than usual: net sentiment −") for thing in page.things)
        assert len(page.trend) == 35

    def test_a_quiet_week_says_that_it_was_a_week(self) -> None:
        page = build_digest(evidence(sentiment=usual_moods(41)), SINCE + timedelta(days=40), edition="weekly")
        assert page.quiet
        assert page.things[0].startswith("A quiet week: nothing differed from the four weeks before")
        assert "in a usual week" in page.things[1]

    def test_a_month_is_drawn_by_weeks(self) -> None:
        page = build_digest(evidence(sentiment=usual_moods(60)), date(2026, 8, 31), edition="monthly")
        assert page.trend[0].start < page.period.since
        assert {(later.start - first.start).days for first, later in pairwise(page.trend[1:])} == {7}


class TestChangedVerdicts:
    def test_a_promise_that_has_another_verdict_than_yesterday_is_told(self) -> None:
        before = [StanceRow(SINCE + timedelta(day), ON_TIME.id, "broken" if day % 10 == 0 else "kept", 4) for day in range(40)]
        after = [*before, StanceRow(DAY, ON_TIME.id, "broken", 60)]
        (change,) = build_digest(evidence(stances=after), DAY).changed
        assert (change.promise, change.before, change.now) == (ON_TIME, "unclear", "broken")
        assert change.sentence == "“We depart on time, every time” was unclear, and is broken now."

    def test_a_promise_that_moved_is_told_once_among_what_matters(self) -> None:
        page = digest(said=[StanceRow(DAY, ON_TIME.id, "broken", 60)])
        assert page.changed
        assert [thing for thing in page.things if "is broken now" in thing] == []

    def test_nothing_is_claimed_where_the_evidence_begins_too_late(self) -> None:
        window = Window(DAY - timedelta(days=28), DAY + timedelta(days=1))
        assert build_digest(evidence(window=window, stances=[StanceRow(DAY, ON_TIME.id, "broken", 60)]), DAY).changed == ()

    def test_none_is_told_while_nothing_changes(self) -> None:
        assert digest(said=[StanceRow(DAY, ON_TIME.id, "kept", 5)]).changed == ()


class TestExtras:
    NOW = datetime(2026, 8, 9, 5, tzinfo=UTC)

    def told(self, extras: DigestExtras) -> Digest:
        return build_digest(evidence(sentiment=usual_moods(41), stances=usual_stances()), DAY, extras=extras)

    def waiting(self) -> Waiting:
        return Waiting(
            1, "ann", "Where is my bag?", "", "reviews", self.NOW - timedelta(hours=9), self.NOW, True, "", "asks for help"
        )

    @pytest.mark.parametrize(
        ("count", "late", "said"),
        [
            (1, 0, "One customer waits for an answer."),
            (1, 1, "One customer waits for an answer, too long."),
            (4, 0, "4 customers wait for an answer."),
            (4, 1, "4 customers wait for an answer, 1 of them too long."),
            (4, 4, "4 customers wait for an answer, all of them too long."),
        ],
    )
    def test_who_waits_for_an_answer_ends_the_quiet(self, count: int, late: int, said: str) -> None:
        page = self.told(DigestExtras(waiting=(self.waiting(),), waiting_in_all=count, late=late))
        assert not page.quiet
        assert page.things == (said,)

    def test_a_cause_ends_the_quiet_on_the_day_when_it_is_news(self) -> None:
        cause = CauseLine(3, "refunds", "new", 14, "“refunds”: new, 14 voices.")
        assert self.told(DigestExtras(causes=(cause,))).things == ("“refunds”: new, 14 voices.",)
        assert self.told(DigestExtras(causes=(replace(cause, fresh=False),))).quiet

    def test_a_day_without_either_is_quiet(self) -> None:
        assert self.told(DigestExtras()).quiet


class TestFewPeople:
    def leaders(self, *n: int, promise: str = "", kind: Literal["author", "thread"] = "author") -> DigestExtras:
        return DigestExtras(leaders=tuple(LeaderRow(promise, kind, one) for one in n))

    def told(self, extras: DigestExtras, *, broken: int = 0) -> tuple[str, ...]:
        said = usual_stances() + ([StanceRow(DAY, ON_TIME.id, "broken", broken)] if broken else [])
        rows = evidence(sentiment=usual_moods() + moods(DAY, 24, 3, 8), stances=said)
        return build_digest(rows, DAY, extras=extras).reliance

    def test_it_says_when_few_people_wrote_most_of_what_is_negative_on_the_day(self) -> None:
        assert self.told(self.leaders(5, 4, 3)) == (
            "12 of the 24 negative mentions come from three customers: read this number with care.",
        )
        assert self.told(self.leaders(7)) == ("7 of the 24 negative mentions come from one customer: read this number with care.",)

    def test_it_says_nothing_when_many_people_did(self) -> None:
        assert self.told(self.leaders(2, 2, 2)) == ()
        assert self.told(DigestExtras()) == ()

    def test_it_says_so_of_the_complaints_about_a_promise_too(self) -> None:
        (sentence,) = self.told(self.leaders(4, promise=ON_TIME.id), broken=5)
        assert sentence.startswith("4 of the 5 complaints that “We depart on time, every time” was broken come from one customer")

    def test_a_quiet_digest_stays_two_lines(self) -> None:
        rows = evidence(sentiment=usual_moods() + moods(DAY, 4, 3, 8), stances=usual_stances())
        page = build_digest(rows, DAY, extras=self.leaders(4))
        assert page.quiet
        assert len(render_digest(page, "text").splitlines()) == 2
