"""Cases in the store: what opens one, who joins it, what answers it, and that nothing stays of what is deleted."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models.reading import Sentiment
from monitor import case_words
from monitor.case_watch import by_urgency, hand_over, open_due_cases, preview, waiting, warn_of_breaches
from monitor.config import Config, parse
from monitor.pipeline import prepare
from monitor.storage.cases import Case
from monitor.storage.forgetting import Chosen
from monitor.store import Match, Store
from reports.reader import gettext, read_in
from sources.mention import Mention
from sources.source import Batch
from tests.monitor.store_builders import BAD, GOOD, NOON, mention, read, reading, said

CONFIG = """
[[brand]]
id = "acme"
name = "Acme Air"
query = "acme"
timezone = "Europe/Riga"
[[brand.promise]]
id = "bags"
text = "Your bags arrive with you."
[[brand]]
id = "beta"
name = "Beta Bank"
[cases]
to = ["mailto://desk@acme.example"]
"""
HOUR = timedelta(hours=1)
ASKS, THANKS = "Where is my bag, Acme?", "Acme found my bag, all good."
PLAIN = Sentiment(0.1, 0.8, 0.1)


@pytest.fixture
def config() -> Config:
    return parse(CONFIG)


@pytest.fixture
def store(tmp_path: Path, config: Config) -> Iterator[Store]:
    with Store(tmp_path / "store.db") as opened:
        prepare(opened, config)
        yield opened


class Desk:
    """Keeps and reads mentions, and lets cases follow."""

    def __init__(self, store: Store, config: Config) -> None:
        self.store, self.config = store, config

    def hear(self, *mentions: Mention, brands: tuple[str, ...] = ("acme",), now: datetime = NOON, voice: Any = None) -> str:
        def match(one: Mention) -> list[Match]:
            return [Match(brand, one.published.date(), ((0, 4),), voice) for brand in brands]

        self.store.mentions.keep("feed", Batch(mentions), match, now)
        read(self.store, lambda task: reading(GOOD if "good" in task.text else BAD if "bad" in task.text else PLAIN))
        return open_due_cases(self.store, self.config, now)

    def cases(self) -> list[tuple[int, str]]:
        return [(one.id, one.status) for one in self.all()]

    def all(self) -> list[Case]:
        return self.store.cases.select(("new", "answered", "recovered", "closed"))


@pytest.fixture
def desk(store: Store, config: Config) -> Desk:
    return Desk(store, config)


def at(hours: float, external_id: str, text: str = ASKS, author: str = "ann", **rest: Any) -> Mention:
    return mention(external_id, text, author=author, published=NOON + hours * HOUR, **rest)


def brands(hours: float, external_id: str, text: str = "Sorry about that, Acme will look.", parent: str = "") -> Mention:
    attributes = {"parent": parent} if parent else {}
    return at(hours, external_id, text, "acme_help", voice="brand", attributes=attributes)


class TestOpening:
    def test_a_customer_who_asks_is_a_case_and_others_are_none(self, desk: Desk):
        assert desk.hear(at(0, "1"), at(0, "2", "Acme flies to Riga.", "bob")) == "cases: 1 opened"
        assert desk.cases() == [(1, "new")]

    def test_looking_again_opens_nothing_twice(self, desk: Desk):
        desk.hear(at(0, "1"))
        assert desk.hear() == ""
        assert desk.cases() == [(1, "new")]

    def test_copies_press_and_the_brands_own_voice_are_none(self, desk: Desk):
        long = "Where is my bag, Acme? It was on the belt in Riga when I left."
        desk.hear(at(0, "1", long), at(1, "2", long, "bob"), at(0, "3", voice="press"), brands(0, "4", ASKS))
        assert [one.mention for one in desk.all()] == [1]

    def test_what_was_said_too_long_ago_is_none(self, desk: Desk):
        desk.hear(at(-24 * 15, "1"))
        assert desk.cases() == []

    def test_each_brand_has_its_own_case_of_a_mention(self, desk: Desk):
        desk.hear(at(0, "1"), brands=("acme", "beta"))
        assert sorted(one.brand for one in desk.all()) == ["acme", "beta"]

    def test_a_correction_counts(self, desk: Desk, store: Store):
        desk.hear(at(0, "1", "My Acme bag was late and the refund was refused"))
        assert desk.cases() == []
        store.corrections.correct("acme", [1], "negative", NOON)
        assert desk.hear() == "cases: 1 opened"

    def test_a_rule_counts_for_what_is_heard_later(self, desk: Desk, store: Store):
        store.corrections.add_rule("acme", '"late again"', "negative", [], NOON)
        desk.hear(at(0, "1", "Acme was late again and the refund was refused"), at(0, "2", "Acme refused the refund", "bob"))
        assert [one.mention for one in desk.all()] == [1]

    def test_a_case_that_a_correction_makes_none_is_withdrawn_unless_somebody_has_it(self, desk: Desk, store: Store):
        desk.hear(
            at(0, "1", "A dangerous landing with Acme in Riga, bad"), at(0, "2", "Dangerous steps at the gate of Acme, bad", "bob")
        )
        assert desk.cases() == [(1, "new"), (2, "new")]
        store.cases.act(2, "taken", "eva", "eva", lambda *_: (NOON, NOON), NOON)
        store.corrections.correct("acme", [1, 2], "positive", NOON)
        desk.hear()
        assert desk.cases() == [(1, "closed"), (2, "new")]

    def test_numbers_of_readings_that_are_given_again_are_not_missed(self, desk: Desk, store: Store):
        desk.hear(at(0, "1", "Acme flies."))
        store.mentions.delete(Chosen(source="feed"))
        assert desk.hear(at(0, "2")) == "cases: 1 opened"

    def test_another_model_that_reads_all_again_opens_nothing_twice(self, desk: Desk, store: Store):
        desk.hear(at(0, "1"))
        read(store, reading(BAD, said("bags", "broken"), model="m2"))
        store.readings.save([(task, reading(BAD, model="m2")) for task in store.readings.unread("m2", 9)])
        desk.hear()
        assert len(desk.cases()) == 1

    def test_nothing_is_opened_where_nobody_wants_it(self, store: Store):
        desk = Desk(store, parse(f"{CONFIG}automatic = false\n"))
        assert desk.hear(at(0, "1")) == ""
        assert desk.cases() == []

    def test_a_preview_names_each_customer_once_and_changes_nothing(self, desk: Desk, store: Store, config: Config):
        off = Desk(store, parse(f"{CONFIG}automatic = false\n"))
        off.hear(at(0, "1"), at(1, "2"), at(0, "3", author="bob"), at(0, "4", "Acme flies.", "cid"))
        found = preview(store, config, "acme", NOON - 24 * HOUR)
        assert [one.author for one, _ in found] == ["ann", "bob"]
        assert found[0][1].reasons == ("waits for something: “where is my” (+50)",)
        assert desk.cases() == []


class TestGoingOn:
    def test_further_words_of_a_customer_join_the_case(self, desk: Desk):
        desk.hear(at(0, "1"), at(2, "2", "Acme lost it, that is dangerous and bad"))
        (case,) = desk.all()
        assert case.severity > 50
        assert case.asked == NOON

    def test_people_without_a_name_have_a_case_each(self, desk: Desk):
        desk.hear(at(0, "1", author=""), at(1, "2", "Where is my seat, Acme?", author=""))
        assert len(desk.cases()) == 2

    def test_the_same_name_elsewhere_is_somebody_else(self, desk: Desk, store: Store):
        desk.hear(at(0, "1"))
        store.mentions.keep("other", Batch((at(1, "1", source="other"),)), lambda one: [Match("acme", one.published.date())], NOON)
        desk.hear()
        assert len(desk.cases()) == 2

    def test_an_earlier_word_that_asks_nothing_stays_outside(self, desk: Desk):
        desk.hear(at(5, "2"))
        desk.hear(at(0, "1", "Acme is good"))
        assert desk.all()[0].asked == NOON + 5 * HOUR
        desk.hear(at(1, "3", "When will my bag come, Acme?"))
        assert desk.all()[0].asked == NOON + HOUR

    @pytest.mark.parametrize("order", ["1 2 3", "3 2 1", "2 3 1", "2|1|3", "1|3|2", "123"])
    def test_complaint_answer_and_thanks_make_it_recovered_whenever_each_becomes_known(self, order: str, desk: Desk):
        thread = {
            "1": at(0, "c1", "Where is my bag, Acme? This is bad."),
            "2": brands(3, "b1", parent="c1"),
            "3": at(26, "c2", THANKS),
        }
        for part in order.split("|") if "|" in order else order.split():
            desk.hear(*(thread[one] for one in part))
        (case,) = desk.all()
        if order.endswith(("1", "2")) and order != "1|3|2":
            # What was said before the question was known belonged to nobody's case.
            assert (case.status, case.answered) == ("answered", NOON + 3 * HOUR)
        else:
            assert (case.status, case.answered, case.ended) == ("recovered", NOON + 3 * HOUR, NOON + 26 * HOUR)

    def test_a_customer_who_stays_unhappy_waits_again_with_a_time_of_its_own(self, desk: Desk):
        desk.hear(at(0, "c1"), brands(1, "b1", parent="c1"))
        assert desk.cases() == [(1, "answered")]
        before = desk.all()[0].due
        desk.hear(at(48, "c2", "Acme sent a form, this is bad"))
        (case,) = desk.all()
        assert (case.status, case.waiting) == ("new", NOON + 48 * HOUR)
        assert case.due == before + 48 * HOUR

    def test_an_answer_to_somebody_else_answers_nothing(self, desk: Desk):
        desk.hear(at(0, "c1"), at(0, "c9", "Acme flies.", "bob"), brands(1, "b1", parent="c9"))
        assert desk.cases() == [(1, "new")]

    def test_an_answer_may_name_the_customer_instead(self, desk: Desk):
        desk.hear(brands(1, "b1", "@Ann sorry, Acme will look into it"))
        desk.hear(at(0, "c1"), at(0, "c2", "Where is my seat, Acme?", "bob"))
        assert desk.cases() == [(1, "answered"), (2, "new")]

    def test_an_answer_to_any_mention_of_the_case_counts(self, desk: Desk):
        desk.hear(at(0, "c1"), at(1, "c2", "Acme, I am at the desk now"), brands(2, "b1", parent="c2"))
        assert desk.all()[0].answered == NOON + 2 * HOUR

    def test_what_is_answered_and_heard_of_no_more_is_closed_after_some_weeks(self, desk: Desk):
        desk.hear(at(0, "c1"), brands(1, "b1", parent="c1"))
        assert desk.hear(now=NOON + timedelta(days=27)) == ""
        assert desk.hear(now=NOON + timedelta(days=30)) == "cases: 1 closed, for nothing was heard since"
        assert desk.cases() == [(1, "closed")]

    def test_a_new_complaint_after_that_is_a_new_case(self, desk: Desk):
        desk.hear(at(0, "c1"), at(1, "c2", THANKS))
        desk.hear(at(50, "c3", "Where is my seat, Acme?"))
        assert desk.cases() == [(1, "recovered"), (2, "new")]


class TestDeletion:
    def dump(self, path: Path) -> str:
        with sqlite3.connect(path) as connection:
            text = "\n".join(connection.iterdump())
        connection.close()
        return text

    def test_a_case_goes_with_the_last_mention_of_its_customer(self, desk: Desk, store: Store, tmp_path: Path):
        desk.hear(at(0, "c1", "Where is my secret bag, Acme?"), at(1, "c2", "Acme, the bag is red"), brands(2, "b1", parent="c1"))
        store.cases.act(1, "noted", "eva", "her secret is a red bag", lambda *_: (NOON, NOON), NOON)
        store.rechecks.settle("feed", ["c1"], {"c1": "removed"}, HOUR, NOON)
        assert len(desk.cases()) == 1
        store.rechecks.settle("feed", ["c2"], {"c2": "removed"}, HOUR, NOON)
        assert desk.cases() == []
        assert "secret" not in self.dump(tmp_path / "store.db")
        assert store.file.integrity_check() == []

    def test_an_author_who_is_forgotten_is_forgotten_here(self, desk: Desk, store: Store):
        desk.hear(at(0, "c1", author="t_raveller"))
        store.rechecks.settle("feed", ["c1"], {"c1": "anonymous"}, HOUR, NOON)
        assert [one.author for one in desk.all()] == [""]

    def test_the_case_of_a_brand_goes_when_the_brand_is_deleted_from_a_source(self, desk: Desk, store: Store):
        desk.hear(at(0, "1"), brands=("acme", "beta"))
        store.mentions.delete(Chosen(source="feed", brand="acme"))
        assert [one.brand for one in desk.all()] == ["beta"]

    def test_the_number_of_a_case_is_not_given_again(self, desk: Desk, store: Store):
        desk.hear(at(0, "1"))
        store.mentions.delete(Chosen(source="feed"))
        desk.hear(at(0, "2"))
        assert [number for number, _ in desk.cases()] == [2]


class TestQueue:
    def test_the_longest_waiting_and_the_gravest_come_first_and_new_ones_before_answered(self, desk: Desk):
        desk.hear(
            at(0, "1", author="ann"),
            at(-5, "2", "Where is my seat, Acme?", "bob"),
            at(0, "3", "Acme: food poisoning, bad, how do I complain", "cid"),
            brands(2, "b1", parent="2"),
            at(1, "4", "When will my seat come, Acme?", "dan"),
        )
        order = [one.author for _, one in by_urgency(desk.all(), NOON + 2 * HOUR)]
        assert order == ["cid", "ann", "dan", "bob"]

    def test_a_digest_hears_of_the_five_most_urgent_who_wait(self, desk: Desk, store: Store):
        desk.hear(*(at(number, f"c{number}", f"Where is my seat {number}, Acme?", f"author{number}") for number in range(7)))
        found = waiting(store, "acme", NOON + 30 * HOUR)
        assert [one.author for one in found] == [f"author{number}" for number in range(5)]
        assert found[0].why == "waits for something: “where is my” (+50)"
        assert found[0].overdue
        assert waiting(store, "beta", NOON) == ()


class TestWarning:
    """NOON is Monday 1 June, three in the afternoon in Riga; work ends at five, two o'clock in UTC."""

    def messages(self, store: Store) -> list[str]:
        return [one.message.subject for one in reversed(store.outbox.messages())]

    def test_it_comes_once_before_the_time_is_over_and_once_after(self, desk: Desk, store: Store, config: Config):
        desk.hear(at(0, "1"))
        assert warn_of_breaches(store, config, NOON + 0.9 * HOUR) == ""
        for hours in (1, 1.5, 2, 3):
            warn_of_breaches(store, config, NOON + hours * HOUR)
        assert self.messages(store) == [
            "Acme Air: 1 customer waits, and time runs out",
            "Acme Air: 1 customer waits longer than promised",
        ]

    def test_many_at_once_are_one_message_with_the_longest_overdue_named(self, desk: Desk, store: Store, config: Config):
        desk.hear(*(at(0, f"c{number}", f"Where is my seat {number}, Acme?", f"author{number}") for number in range(7)))
        assert warn_of_breaches(store, config, NOON + 3 * HOUR) == "warned of 7 cases that wait"
        (message,) = store.outbox.messages()
        assert message.message.subject == "Acme Air: 7 customers wait longer than promised"
        assert "And 2 more." in message.message.text
        assert len(message.message.mentions) == 5

    def test_a_brand_that_reads_german_is_warned_and_handed_a_case_in_german(self, desk: Desk, store: Store):
        german = parse(CONFIG.replace('name = "Acme Air"', 'name = "Acme Air"\nlocale = "de-DE"', 1))
        desk.hear(at(0, "1"))
        warn_of_breaches(store, german, NOON + 3 * HOUR)
        hand_over(store, german, 1, ["tickets"], "eva", NOON + 3 * HOUR)
        warned, handed = (one.message for one in sorted(store.outbox.messages(), key=lambda one: one.message.key, reverse=True))
        assert warned.subject == "Acme Air: 1 Kunde wartet länger als versprochen"
        assert "War fällig 1. Juni 2026, 17:00. Alles dazu: promisewatch cases show 1" in warned.text
        assert handed.subject == "Acme Air: Ein Kunde wartet auf Antwort (Fall 1)"
        assert "wartet auf etwas: “where is my” (+50)" in handed.text
        assert '<html lang="de-DE">' in handed.html

    def test_a_reason_that_a_message_tells_has_its_words(self):
        families = [one.said for one in (*case_words.ASKS, case_words.ADDRESSED, case_words.ASKS_OTHERS, *case_words.HARM)]
        with read_in("de-DE"):
            assert [family for family in families if gettext(family) == family] == []

    def test_who_was_answered_is_not_warned_of(self, desk: Desk, store: Store, config: Config):
        desk.hear(at(0, "1"), brands(1, "b1", parent="1"))
        assert warn_of_breaches(store, config, NOON + 30 * HOUR) == ""

    def test_who_waits_again_is_warned_of_again(self, desk: Desk, store: Store, config: Config):
        desk.hear(at(0, "1"))
        warn_of_breaches(store, config, NOON + 3 * HOUR)
        desk.hear(brands(4, "b1", parent="1"), at(24, "2", "Acme, that was no help, bad"))
        warn_of_breaches(store, config, NOON + 30 * HOUR)
        assert len(self.messages(store)) == 2

    def test_without_anybody_to_tell_nothing_is_sent(self, desk: Desk, store: Store):
        desk.hear(at(0, "1"))
        assert warn_of_breaches(store, parse(CONFIG.partition("[cases]")[0]), NOON + 30 * HOUR) == ""
        assert self.messages(store) == []
