"""The advertised side: where and in which words promises were made, how long pages stand, and what customers say of them."""

from dataclasses import replace
from datetime import date, timedelta

from models.reading import Passage, Reading
from monitor.placements import sightings
from monitor.storage.forgetting import Chosen
from monitor.store import Listening, Store
from reports.claim_records import Claim
from reports.evidence import PlacementRow, VoiceRow, Window
from sources.mention import Mention
from sources.source import Batch
from tests.monitor.store_builders import ACME, BAD, BETA, GOOD, JUNE, NOON, evidence, keep, matched, mention, read, reading, said

DAY = date(2026, 6, 1)
SLOGAN = "We depart on time, every time, from every gate."


def claim(store: Store) -> Claim:
    keep(store, mention("1", SLOGAN, voice="brand", url="https://acme.example/1"))
    return Claim("key", SLOGAN, "absolute", DAY, DAY, 3, 1, "feed", "https://acme.example/1")


class TestWordings:
    def test_a_placement_keeps_the_words_that_speak_of_the_promise_most_clearly(self, store: Store) -> None:
        keep(store, mention("1", "Summer is here. " + SLOGAN, voice="brand", url="https://acme.example/1"))
        spans = (
            Passage(0, 15, GOOD, promises=(said("on-time", "kept", relevance=0.6),)),
            Passage(16, 63, GOOD, promises=(said("on-time", "kept"),)),
        )
        read(store, Reading("en", GOOD, "", spans, "m1"))
        (found,) = evidence(store).wordings
        assert (found.promise, found.words, found.n) == ("on-time", SLOGAN, 1)
        assert (found.first, found.last, found.source, found.url) == (DAY, DAY, "feed", "https://acme.example/1")

    def test_the_same_words_are_counted_together_and_placed_where_they_stood_last(self, store: Store) -> None:
        days = [NOON, NOON + timedelta(days=9), NOON + timedelta(days=4)]
        for number, day in enumerate(days):
            keep(store, mention(str(number), SLOGAN, voice="brand", published=day, url=f"https://acme.example/{number}"))
        read(store, lambda task: Reading("en", GOOD, "", (Passage(0, len(SLOGAN), GOOD, promises=(said("bags", "kept"),)),), "m1"))
        (found,) = evidence(store).wordings
        assert (found.first, found.last, found.n, found.url) == (DAY, date(2026, 6, 10), 3, "https://acme.example/1")


def test_a_doubtful_sentence_of_the_brand_is_no_placement(store: Store) -> None:
    keep(store, mention("1", "The new bag, now in navy.", voice="brand"))
    read(store, reading(GOOD, said("bags", "kept", relevance=0.6)))
    assert evidence(store).placements == ()
    assert len(store.placements.sentences("acme", JUNE)) == 1


def test_how_much_a_promise_matters_to_the_brand_is_kept(store: Store) -> None:
    weighed = [replace(one, weight=place / 2) for place, one in enumerate(ACME.promises)]
    store.brands.sync([replace(ACME, promises=tuple(weighed)), BETA])
    assert [one.weight for one in store.brands.promises("acme")] == [0.0, 0.5]


class TestPages:
    def captures(self, store: Store, *days: int, heard: int) -> None:
        store.sources.sync([Listening("pages", "page", "https://acme.example/", ("acme",))])
        for number, day in enumerate(days):
            at = NOON + timedelta(days=day)
            text = f"Version {number} of our page tells of good things."
            one = Mention("pages", f"page {number}", text, at, url="https://acme.example/", voice="brand")
            store.mentions.keep("pages", Batch((one,)), matched(), at)
        store.mentions.keep("pages", Batch(()), matched(), NOON + timedelta(days=heard))

    def test_a_page_is_seen_once_in_every_week_in_which_it_stands(self, store: Store) -> None:
        self.captures(store, 2, heard=16)
        read(store, reading(GOOD, said("bags", "kept")))
        days = [row.day for row in evidence(store).placements]
        assert days == [date(2026, 6, 3), date(2026, 6, 8), date(2026, 6, 15)]

    def test_a_version_stands_until_the_next_one(self, store: Store) -> None:
        self.captures(store, 0, 10, heard=20)
        read(store, lambda task: reading(GOOD, said("bags" if "0" in task.text else "on-time", "kept")))
        placed = {(row.promise, row.day) for row in evidence(store).placements}
        assert placed == {
            ("bags", date(2026, 6, 1)),
            ("bags", date(2026, 6, 8)),
            ("on-time", date(2026, 6, 11)),
            ("on-time", date(2026, 6, 15)),
        }

    def test_a_page_that_was_captured_before_the_window_is_seen_in_it(self, store: Store) -> None:
        self.captures(store, 0, heard=40)
        read(store, reading(GOOD, said("bags", "kept")))
        window = Window(date(2026, 6, 17), date(2026, 6, 24))
        assert evidence(store, window=window).placements == (
            PlacementRow(date(2026, 6, 17), "bags", 1),
            PlacementRow(date(2026, 6, 22), "bags", 1),
        )


def test_a_page_that_stands_for_less_than_a_week_is_seen_once() -> None:
    assert list(sightings(date(2026, 6, 2), date(2026, 6, 4), JUNE)) == [date(2026, 6, 2)]
    assert list(sightings(date(2026, 7, 2), date(2026, 8, 4), JUNE)) == []


class TestVoices:
    def test_a_voice_says_which_promises_were_kept_which_broken_and_which_it_only_speaks_of(self, store: Store) -> None:
        keep(store, mention("1"), mention("2"), mention("3"))
        answers = {
            "1": reading(GOOD, said("bags", "kept"), said("on-time", "broken")),
            "2": reading(BAD, said("bags", None)),
            "3": reading(BAD),
        }
        read(store, lambda task: answers[task.text.split()[3]])
        assert set(evidence(store).voices) == {
            VoiceRow("positive", (("bags", "kept"), ("on-time", "broken")), 1),
            VoiceRow("negative", (("bags", "none"),), 1),
            VoiceRow("negative", (), 1),
        }

    def test_a_complaint_that_says_it_was_promised_is_told_apart(self, store: Store) -> None:
        keep(store, mention("1", "You said the bags come along. Mine did not."), mention("2", "My bags did not come along, sadly."))
        read(store, reading(BAD, said("bags", "broken")))
        assert {row.said for row in evidence(store).voices} == {(("bags", "outright"),), (("bags", "broken"),)}

    def test_only_customers_are_voices_and_only_promises_that_stand_are_told(self, store: Store) -> None:
        keep(store, mention("1", voice="brand"), mention("2", voice="press"), mention("3"))
        read(store, reading(GOOD, said("bags", "kept"), said("gone", "kept")))
        assert evidence(store).voices == (VoiceRow("positive", (("bags", "kept"),), 1),)


class TestClaims:
    def test_sentences_that_make_no_known_promise_are_handed_out_with_their_place(self, store: Store) -> None:
        text = "Our crew is the friendliest there is. " + SLOGAN
        keep(store, mention("1", text, voice="brand", url="https://acme.example/1"), mention("2", "We never wait."))
        spans = (Passage(0, 37, GOOD), Passage(38, len(text), GOOD, promises=(said("on-time", "kept"),)))
        read(store, lambda task: Reading("en", GOOD, "", spans if task.text == text else (Passage(0, 14, GOOD),), "m1"))
        (found,) = store.placements.sentences("acme", JUNE)
        assert (found.words, found.day, found.url) == ("Our crew is the friendliest there is.", DAY, "https://acme.example/1")

    def test_a_claim_keeps_its_number_when_it_is_proposed_again(self, store: Store) -> None:
        found = claim(store)
        store.placements.propose("acme", [found])
        store.placements.propose("acme", [found])
        (one,) = store.placements.proposals("acme")
        assert (one.number, one.claim) == (1, found)

    def test_what_was_decided_is_not_proposed_again(self, store: Store) -> None:
        found = claim(store)
        store.placements.propose("acme", [found])
        store.placements.settle("acme", 1, "dismissed")
        store.placements.propose("acme", [found])
        assert store.placements.proposals("acme") == []
        known = store.placements.proposal("acme", 1)
        assert known is not None
        assert known.state == "dismissed"
        assert store.placements.proposal("acme", 7) is None

    def test_what_the_brand_no_longer_says_is_no_longer_proposed(self, store: Store) -> None:
        store.placements.propose("acme", [claim(store)])
        store.placements.propose("acme", [])
        assert store.placements.proposals("acme") == []

    def test_deleting_the_mention_takes_the_claim_along(self, store: Store) -> None:
        store.placements.propose("acme", [claim(store)])
        store.mentions.delete(Chosen(source="feed"))
        assert store.placements.proposals("acme") == []
        assert store.file.integrity_check() == []
