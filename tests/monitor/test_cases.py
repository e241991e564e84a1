"""Which mention is a case, how urgent it is, who answers whom, and where a case stands after all that happened in it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.business_hours import BusinessHours, parse_week
from monitor.cases import (
    Heard,
    Service,
    Step,
    answered_by,
    answers,
    course,
    judge,
    reach,
    reach_points,
    rules,
    urgency,
)

RULES = rules(50, ["acmeair", "acme_help"])
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def opens(text: str, label: str | None = "neutral", **rest: object) -> bool:
    return judge(Heard(text, label, 0.9 if label == "negative" else 0.1, **rest), RULES).opens  # type: ignore[arg-type]


class TestAsking:
    @pytest.mark.parametrize(
        "text",
        [
            "Where is my order?",
            "where’s my refund",
            "I'm still waiting for the parcel that was due on Monday",
            "Nobody answers the phone at Acme",
            "Acme never replied to my mail",
            "Can someone at Acme help?",
            "How do I cancel my Acme card",
            "When will you deliver my sofa?",
            "I want my money back",
            "What am I supposed to do now",
            "@acmeair is the lounge open on Sunday?",
            "Hello u/acme_help is the lounge open on Sunday?",
        ],
    )
    def test_whoever_asks_for_an_answer_is_a_case_whatever_the_mood(self, text: str):
        assert opens(text)
        assert judge(Heard(text), RULES).asks

    @pytest.mark.parametrize(
        "text",
        [
            "Lovely flight with Acme.",
            "Nobody answers for the weather.\nAcme did fine.",
            "The FAQ explains 'how do I pay' well",
            "They answered “where is my bag” at once",
            "What do I do with all these miles",
            "Re: @acmeair is the lounge open?\nYes it is.",
            "@acmeair landed on time",
            "No answer needed, thanks",
        ],
    )
    def test_who_asks_for_nothing_is_none(self, text: str):
        assert not opens(text, "positive" if "Nobody" in text else "neutral")

    def test_a_happy_customer_who_quotes_a_question_is_none(self):
        assert not opens("I asked where is my bag and had it in five minutes, brilliant", "positive")

    def test_asking_others_weighs_with_a_bad_mood_only(self):
        assert not opens("Anyone else having trouble with the Acme app?")
        assert opens("Anyone else having trouble with the Acme app?", "negative")

    def test_a_question_to_others_asks_the_brand_for_no_answer(self):
        assert not judge(Heard("Anyone else having trouble with the Acme app?", "negative", 0.9), RULES).asks


class TestHarm:
    @pytest.mark.parametrize(
        "text",
        [
            "The Acme kettle caught fire last night",
            "My daughter had an allergic reaction to the meal",
            "They leaked my address to strangers",
            "My solicitor will be in touch. I will contact a solicitor",
            "The steward was racist",
        ],
    )
    def test_what_can_become_a_crisis_is_a_case_where_the_customer_is_unhappy(self, text: str):
        assert opens(text, "negative")
        assert not opens(text, "positive")

    def test_money_alone_is_a_case_where_a_promise_was_broken_too(self):
        assert not opens("The refund took weeks", "negative")
        assert opens("The refund took weeks", "negative", broken=0.8)

    def test_a_plain_complaint_is_none_and_the_worst_rating_makes_it_one(self):
        assert not opens("Bad seats and cold coffee", "negative", broken=0.9)
        assert opens("Bad seats and cold coffee", "negative", broken=0.9, rating=0.0)

    def test_a_complaint_that_many_see_or_repeat_is_one(self):
        assert opens("Bad seats and cold coffee", "negative", broken=0.9, reach=20_000)
        assert opens("Bad seats and cold coffee", "negative", broken=0.9, copies=6)

    def test_it_says_why_with_the_points_of_each_reason(self):
        found = judge(Heard("Where is my refund? Nobody answers.", "negative", 0.9, 0.8, reach=5000), RULES)
        assert found.reasons == (
            "waits for something: “where is my” (+50)",
            "is negative (+27)",
            "speaks of money: “refund” (+20)",
            "says that a promise was broken (+12)",
            "reaches 5,000 people (+13)",
        )
        assert found.severity == 100

    def test_words_of_the_house_are_added(self):
        own = rules(50, [], asks=["reiseausfall melden"], harm=["strike"])
        assert judge(Heard("Wie kann ich Reiseausfall melden"), own).asks
        assert judge(Heard("Another STRIKE at Acme", "negative", 0.9), own).opens
        assert not judge(Heard("A striker at Acme", "negative", 0.9), own).opens

    def test_a_higher_bar_lets_fewer_through(self):
        assert not judge(Heard("Where is my order?"), rules(60, [])).opens

    @given(st.text(max_size=400), st.sampled_from(["negative", "neutral", "positive", None]), st.floats(0, 1))
    def test_no_text_upsets_it(self, text: str, label: str | None, negative: float):
        found = judge(Heard(text, label, negative), RULES)  # type: ignore[arg-type]
        assert 0 <= found.severity <= 100


class TestReach:
    def test_it_is_the_largest_number_that_the_place_names(self):
        assert reach({"followers": "1,204", "likes": "88", "score": "x", "region": "99999"}) == 1204
        assert reach({}) == 0

    def test_nobody_counts_no_points_and_a_crowd_not_more_than_its_share(self):
        assert reach_points(0, 1) == 0
        assert reach_points(10**9, 10**6) == 35
        assert reach_points(1000, 1) < reach_points(100_000, 1)


class TestUrgency:
    due = NOON + 4 * HOUR

    def at(self, hours: float, status: str = "new", severity: int = 50) -> int:
        return urgency(status, severity, 0, NOON, self.due, NOON + hours * HOUR)  # type: ignore[arg-type]

    def test_it_grows_while_somebody_waits_up_to_an_end(self):
        assert self.at(0) < self.at(2) < self.at(4) < self.at(9) < self.at(28) == self.at(800)

    def test_who_is_answered_does_not_wait(self):
        assert self.at(6, "answered") == self.at(600, "answered") < self.at(0)

    def test_of_two_whose_time_was_over_at_once_none_is_ahead(self):
        assert urgency("new", 50, 0, NOON - HOUR, self.due, self.due + 5 * HOUR) == self.at(9)

    def test_a_clock_that_runs_behind_makes_nobody_less_than_new(self):
        assert self.at(-3) == self.at(0)


class TestWhoAnswersWhom:
    def test_the_mention_above_is_answered(self):
        assert answers({"parent": "t1_abc"}, "", "Sorry to hear that.") == ("t1_abc",)
        assert answers({"in_response_to_tweet_id": "17"}, "", "Sorry.") == ("17",)

    def test_where_that_is_not_known_it_is_what_began_the_thread(self):
        url = "https://www.reddit.com/r/travel/comments/1abc/a_post/k2/"
        assert answers({}, url, "Sorry.") == ("t3_1abc",)
        assert answers({"parent": "t1_x"}, url, "Sorry.") == ("t1_x",)

    def test_people_whom_it_names_are_answered(self):
        assert answers({}, "", "@Ann@far.example sorry, and u/bob-2, write to help@acme.example") == ("@ann@far.example", "@bob-2")

    def test_a_mention_is_answered_by_its_identity_or_its_author(self):
        assert answered_by("t1_x", "Ann@far.example") == ("t1_x", "@ann@far.example", "@ann")
        assert answered_by("t1_x", "@Ann") == ("t1_x", "@ann")

    def test_names_of_two_words_are_no_accounts(self):
        assert answered_by("17", "Ann B.") == ("17",)
        assert answered_by("17", "") == ("17",)


def said(hours: float, label: str | None = "negative") -> Step:
    return Step(NOON + hours * HOUR, "customer", label)  # type: ignore[arg-type]


def did(hours: float, kind: str = "answered") -> Step:
    return Step(NOON + hours * HOUR, kind)  # type: ignore[arg-type]


class TestCourse:
    def status(self, *steps: Step) -> str:
        found = course(steps)
        assert found is not None
        return found.status

    def test_it_is_new_until_it_is_answered(self):
        assert self.status(said(0)) == "new"
        assert self.status(said(0), said(1), said(2, None)) == "new"
        assert self.status(said(0), did(1)) == "answered"

    def test_a_customer_who_turns_happy_has_recovered(self):
        found = course([said(0), did(1), said(2, "positive")])
        assert found is not None
        assert (found.status, found.answered, found.ended) == ("recovered", NOON + HOUR, NOON + 2 * HOUR)

    def test_one_who_stays_unhappy_waits_again_from_then_on(self):
        found = course([said(0), did(1), said(5)])
        assert found is not None
        assert (found.status, found.waiting, found.answered) == ("new", NOON + 5 * HOUR, NOON + HOUR)

    def test_a_neutral_word_changes_nothing(self):
        assert self.status(said(0), did(1), said(2, "neutral")) == "answered"

    def test_what_came_before_the_question_answers_nothing(self):
        assert self.status(did(-1), said(0)) == "new"

    def test_the_first_answer_is_the_one_that_counts_however_often_it_is_answered(self):
        found = course([said(0), did(1), said(2), did(3)])
        assert found is not None
        assert (found.status, found.answered) == ("answered", NOON + HOUR)

    def test_somebody_may_close_and_reopen_it(self):
        assert self.status(said(0), did(1, "closed")) == "closed"
        assert self.status(said(0), did(1, "closed"), did(2)) == "closed"
        found = course([said(0), did(1, "closed"), did(2, "reopened")])
        assert found is not None
        assert (found.status, found.waiting, found.ended) == ("new", NOON + 2 * HOUR, None)

    def test_a_closed_case_does_not_recover(self):
        assert self.status(said(0), did(1, "closed"), said(2, "positive")) == "closed"

    def test_nobody_asked_nothing_stands(self):
        assert course([did(0)]) is None

    steps = st.lists(
        st.one_of(
            st.builds(said, st.integers(0, 99), st.sampled_from(["negative", "neutral", "positive", None])),
            st.builds(did, st.integers(0, 99), st.sampled_from(["answered", "closed", "reopened"])),
        ),
        unique_by=lambda step: step.at,
    )

    @given(steps, st.randoms())
    def test_the_order_in_which_things_become_known_makes_no_difference(self, steps: list[Step], chance: object):
        shuffled = steps.copy()
        chance.shuffle(shuffled)  # type: ignore[attr-defined]
        assert course(shuffled) == course(steps)


def test_the_warning_comes_before_the_end_and_never_before_the_question():
    hours = BusinessHours(parse_week("Mon-Fri 09:00-17:00"), ZoneInfo("UTC"))
    level = Service(hours, None, HOUR)
    assert level.due(NOON) == NOON + 5 * HOUR
    assert level.warning(NOON) == NOON + 4 * HOUR
    late = NOON + 4.5 * HOUR
    assert level.warning(late) == late
