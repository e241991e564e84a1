"""What reports load: one voice a story, one vote a promise, one model version, however and in whatever order it came in."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.known_errors import KnownErrors, PromiseErrors
from models.reading import Passage, Reading, Sentiment
from monitor.store import Audit, Store, ToRead
from reports.evidence import PlacementRow, SentimentRow, StanceRow, Window
from sources.mention import Mention
from sources.source import Batch
from tests.monitor.store_builders import (
    BAD,
    GOOD,
    JUNE,
    NOON,
    PRESS_TEXT,
    content,
    evidence,
    fresh,
    keep,
    matched,
    mention,
    read,
    reading,
    rollups,
    said,
)

DAY = date(2026, 6, 1)


def counts(store: Store) -> Counter[tuple[date, str, bool]]:
    """Sentiment units by day, label and whether other voices share their story."""
    found: Counter[tuple[date, str, bool]] = Counter()
    for row in evidence(store).sentiment:
        found[row.day, row.label, row.story != 0] += row.n
    return found


class TestUnits:
    def test_an_author_who_repeats_a_text_counts_once_on_the_first_day(self, store: Store) -> None:
        later = mention("2", PRESS_TEXT, author="ann", published=NOON + timedelta(days=3))
        keep(store, later, mention("1", PRESS_TEXT, author="ann"))
        read(store, reading())
        assert counts(store) == {(DAY, "positive", False): 1}

    def test_an_earlier_mention_that_comes_in_late_takes_over(self, store: Store) -> None:
        keep(store, mention("2", PRESS_TEXT, author="ann", published=NOON + timedelta(days=3)))
        read(store, reading())
        assert counts(store) == {(date(2026, 6, 4), "positive", False): 1}
        keep(store, mention("1", PRESS_TEXT, author="ann"))
        read(store, reading())
        assert counts(store) == {(DAY, "positive", False): 1}

    def test_authors_of_one_story_each_count_and_are_told_to_share_it(self, store: Store) -> None:
        keep(store, mention("1", PRESS_TEXT, author="ann"))
        read(store, reading())
        assert counts(store) == {(DAY, "positive", False): 1}
        keep(store, mention("2", PRESS_TEXT, author="bob", published=NOON + timedelta(days=3)))
        read(store, reading())
        assert counts(store) == {(DAY, "positive", True): 1, (date(2026, 6, 4), "positive", True): 1}

    def test_a_press_copy_takes_no_customers_place(self, store: Store) -> None:
        keep(store, mention("1", PRESS_TEXT, author="ann", voice="press"))
        keep(store, mention("2", PRESS_TEXT, author="ann", published=NOON + timedelta(hours=1)))
        read(store, reading())
        assert counts(store) == {(DAY, "positive", True): 1}

    def test_mentions_without_an_author_are_each_a_voice(self, store: Store) -> None:
        keep(store, *(mention(str(number), PRESS_TEXT, author="") for number in range(3)))
        read(store, reading())
        assert counts(store) == {(DAY, "positive", True): 3}

    def test_a_stock_phrase_is_not_shared(self, store: Store) -> None:
        keep(store, mention("1", "Thanks!"), mention("2", "Thanks!"))
        read(store, reading())
        assert counts(store) == {(DAY, "positive", False): 2}

    def test_brands_count_their_own_voices(self, store: Store) -> None:
        keep(store, mention("1", PRESS_TEXT, author="ann"), match=matched("acme"))
        keep(store, mention("2", PRESS_TEXT, author="bob"), match=matched("acme", "beta"))
        read(store, reading())
        assert counts(store) == {(DAY, "positive", True): 2}
        assert [(row.n, row.story) for row in evidence(store, "beta").sentiment] == [(1, 0)]


class TestSentiment:
    def test_near_identical_probabilities_are_one_row_with_their_mean(self, store: Store) -> None:
        keep(store, mention("1"), mention("2"), mention("3"))
        moods = {"1": Sentiment(0.10, 0.20, 0.70), "2": Sentiment(0.11, 0.20, 0.69), "3": BAD}
        read(store, lambda task: reading(moods[task.text.split()[3]]))
        good, bad = sorted(evidence(store).sentiment, key=lambda row: row.label, reverse=True)
        assert (good.n, good.label, good.probabilities) == (2, "positive", pytest.approx((0.105, 0.2, 0.695)))
        assert bad == SentimentRow(DAY, "negative", (0.8, 0.1, 0.1), 1)

    def test_only_customers_count(self, store: Store) -> None:
        keep(store, mention("1"), mention("2", voice="press"), mention("3", voice="brand"))
        read(store, reading(GOOD, said("bags", "kept")))
        found = evidence(store)
        assert sum(row.n for row in found.sentiment) == 1
        assert found.stances == (StanceRow(DAY, "bags", "kept", 1),)
        assert found.coverage.voices == {"customer": 1, "press": 1, "brand": 1}

    def test_days_outside_the_window_do_not_count(self, store: Store) -> None:
        keep(store, *(mention(str(number), published=NOON + timedelta(days=number)) for number in range(5)))
        read(store, reading(GOOD, said("bags", "kept")))
        window = Window(date(2026, 6, 2), date(2026, 6, 4))
        found = evidence(store, window=window)
        assert {row.day for row in (*found.sentiment, *found.stances)} == {date(2026, 6, 2), date(2026, 6, 3)}
        assert found.coverage.mentions == 2

    def test_versions_of_a_model_never_mix(self, store: Store) -> None:
        keep(store, mention("1"), mention("2"))
        read(store, reading(GOOD, model="m1"))
        assert evidence(store).model.version == "m1"
        read(store, reading(BAD, model="m2"), limit=1)
        newest, former = evidence(store, model="m2"), evidence(store, model="m1")
        assert (newest.model.version, [row.label for row in newest.sentiment], newest.coverage.unread) == ("m2", ["negative"], 1)
        assert (former.model.version, {row.label for row in former.sentiment}, former.coverage.unread) == ("m1", {"positive"}, 0)

    def test_without_any_reading_everything_is_unread(self, store: Store) -> None:
        keep(store, mention("1"))
        found = evidence(store)
        assert (found.model.version, found.sentiment, found.coverage.unread) == ("", (), 1)


class TestVotes:
    def vote(self, store: Store, *passages: Passage, voice: str = "customer") -> tuple[StanceRow, ...]:
        keep(store, mention("1", voice=voice))
        read(store, Reading("en", GOOD, "", passages, "m1"))
        return evidence(store).stances

    def test_the_most_confident_passage_decides(self, store: Store) -> None:
        unsure = Passage(0, 5, GOOD, promises=(said("bags", "kept", 0.6), said("on-time", "kept", 0.7)))
        certain = Passage(5, 9, BAD, promises=(said("bags", "broken", 0.8),))
        assert self.vote(store, unsure, certain) == (StanceRow(DAY, "bags", "broken", 1), StanceRow(DAY, "on-time", "kept", 1))

    def test_a_passage_that_takes_no_side_or_is_hardly_relevant_does_not_vote(self, store: Store) -> None:
        passage = Passage(0, 5, GOOD, promises=(said("bags", None), said("on-time", "kept", relevance=0.3)))
        assert self.vote(store, passage) == ()

    def test_only_first_hand_experience_votes_where_the_model_tells_it(self, store: Store) -> None:
        news = Passage(0, 5, GOOD, experience="news", promises=(said("bags", "kept", 0.99),))
        lived = Passage(5, 9, BAD, experience="first-hand", promises=(said("bags", "broken", 0.6),))
        assert self.vote(store, news, lived) == (StanceRow(DAY, "bags", "broken", 1),)

    def test_a_promise_that_is_no_longer_made_is_left_out(self, store: Store) -> None:
        assert self.vote(store, Passage(0, 5, GOOD, promises=(said("old", "kept"),))) == ()

    def test_the_brands_own_voice_is_a_placement(self, store: Store) -> None:
        keep(store, mention("1", voice="brand"), mention("2", voice="brand"), mention("3"))
        read(store, reading(GOOD, said("bags", None), said("on-time", None, relevance=0.3)))
        assert evidence(store).placements == (PlacementRow(DAY, "bags", 2),)

    def test_an_edited_advert_places_what_it_says_now(self, store: Store) -> None:
        keep(store, mention("1", "Your bags arrive with you.", voice="brand"))
        read(store, reading(GOOD, said("bags", None)))
        keep(store, mention("1", "We depart on time.", voice="brand"))
        assert evidence(store).placements == ()
        read(store, reading(GOOD, said("on-time", None)))
        assert evidence(store).placements == (PlacementRow(DAY, "on-time", 1),)

    def test_a_second_reading_by_the_same_version_replaces_the_first(self, store: Store) -> None:
        keep(store, mention("1"), mention("2", voice="brand"))
        tasks = store.readings.unread("m1", 9)
        store.readings.save([(task, reading(GOOD, said("bags", "kept"))) for task in tasks])
        store.readings.save([(task, reading(BAD, said("on-time", "broken"))) for task in tasks])
        found = evidence(store)
        assert [row.label for row in found.sentiment] == ["negative"]
        assert found.stances == (StanceRow(DAY, "on-time", "broken", 1),)
        assert found.placements == (PlacementRow(DAY, "on-time", 1),)


class TestQuotes:
    def test_they_carry_the_passage_within_its_text_and_where_it_comes_from(self, store: Store) -> None:
        keep(store, mention("1", PRESS_TEXT, url="https://x.org/1"), mention("2", PRESS_TEXT, author="bob"))
        read(store, reading(BAD, said("bags", "broken", 0.8, relevance=1.0)))
        quote = next(one for one in evidence(store).quotes if one.url)
        assert (quote.text, quote.passage, quote.source, quote.author) == (PRESS_TEXT, PRESS_TEXT[:6], "feed", "author 1")
        assert (quote.promise, quote.stance, quote.label, quote.confidence) == ("bags", "broken", "negative", 0.8)
        assert (quote.published, quote.copies) == (NOON, 2)

    def test_they_are_the_twelve_most_confident_of_each_stance_over_the_window(self, store: Store) -> None:
        keep(store, *(mention(str(number), published=NOON + timedelta(hours=number)) for number in range(60)))
        ranks = {}

        def how(task: ToRead) -> Reading:
            number = int(task.text.split()[3])
            ranks[number] = number * 37 % 60 / 100
            return reading(GOOD, said("bags", "kept" if number % 2 else "broken", ranks[number], relevance=1.0))

        read(store, how)
        for stance, odd in (("kept", 1), ("broken", 0)):
            shown = [one.confidence for one in evidence(store).quotes if one.promise == "bags" and one.stance == stance]
            assert shown == sorted((rank for number, rank in ranks.items() if number % 2 == odd), reverse=True)[:12]

    def test_a_sure_stance_on_a_doubtful_subject_is_no_sure_evidence(self, store: Store) -> None:
        keep(store, mention("1"))
        read(store, reading(BAD, said("bags", "broken", 0.8, relevance=0.5)))
        assert [one.confidence for one in evidence(store).quotes if one.promise == "bags"] == [0.4]

    def test_the_last_days_praise_and_complaints_come_along(self, store: Store) -> None:
        keep(store, *(mention(str(number), published=NOON + timedelta(days=number % 2)) for number in range(60)))
        moods = (GOOD, BAD, Sentiment(0.2, 0.6, 0.2))
        read(store, lambda task: reading(moods[int(task.text.split()[3]) % 3]))
        quotes = evidence(store, window=Window(DAY, date(2026, 6, 3))).quotes
        assert Counter(one.label for one in quotes) == {"positive": 10, "negative": 10}
        assert {one.published.date() for one in quotes} == {date(2026, 6, 2)}

    def test_moods_of_a_longer_time_are_quoted_from_all_of_its_days(self, store: Store) -> None:
        keep(store, *(mention(str(number), published=NOON + timedelta(days=number)) for number in range(4)))
        read(store, reading(BAD))
        quotes = evidence(store, window=Window(DAY, date(2026, 6, 5)), moods_since=date(2026, 6, 2)).quotes
        assert sorted(one.published.date().day for one in quotes) == [2, 3, 4]

    def test_a_repeat_is_never_quoted(self, store: Store) -> None:
        keep(store, *(mention(str(number), PRESS_TEXT, author="ann") for number in range(3)))
        read(store, reading(GOOD, said("bags", "kept")))
        assert len(evidence(store).quotes) == 1


class TestCoverage:
    def test_stories_and_copies_are_both_told(self, store: Store) -> None:
        shared = [mention(str(number), PRESS_TEXT) for number in range(4)]
        keep(store, *shared, mention("5", "Thanks!", author="ann"), mention("6", "Thanks!", author="ann"), mention("7"))
        found = evidence(store).coverage
        assert (found.mentions, found.stories, found.copies, found.sources) == (7, 3, 4, {"feed": 7})

    def test_what_could_not_be_scored_is_told_by_reason(self, store: Store) -> None:
        keep(store, mention("1"), mention("2"), mention("3"), mention("4"))
        read(store, reading(None, reason="not English"), limit=2)
        read(store, reading(), limit=1)
        found = evidence(store).coverage
        assert (found.unread, found.unscored) == (1, {"not English": 2})


class TestModelFacts:
    def test_audited_mentions_of_a_random_sample_say_how_often_it_read_right(self, store: Store) -> None:
        keep(store, *(mention(str(number)) for number in range(4)))
        read(store, reading(GOOD))
        drawn = store.audits.draw("acme", JUNE, 2, None, NOON).mentions
        (other, _) = (one.id for one in store.mentions.each() if one.id not in drawn)
        store.audits.save([Audit(one, "acme", "negative") for one in (*drawn, other)], NOON)
        store.audits.save([Audit(drawn[0], "acme", "positive")], NOON)
        assert store.audits.counts("acme", "m1") == (2, 1)
        facts = evidence(store).model
        assert (facts.audited, facts.right) == (2, 1)

    def test_it_remembers_what_each_version_was_calibrated_for(self, store: Store) -> None:
        keep(store, mention("1"))
        store.readings.note_model("m1", (0.5, 0.3, 0.2))
        read(store, reading())
        assert evidence(store).model.priors == (0.5, 0.3, 0.2)

    def test_it_remembers_how_each_version_is_known_to_err(self, store: Store) -> None:
        known = KnownErrors(8.5, (PromiseErrors("gym", (5, 0, 1, 4, 2, 0)),))
        keep(store, mention("1"))
        store.readings.note_model("m1", None, known)
        read(store, reading())
        assert evidence(store).model.errors == known
        store.readings.note_model("m1", None)
        assert evidence(store).model.errors is None


def test_loading_again_counts_nothing_again(store: Store) -> None:
    keep(store, mention("1"), mention("2", published=NOON + timedelta(days=1)))
    read(store, reading())
    assert store.evidence.refresh() == 2
    assert store.evidence.refresh() == 0
    keep(store, mention("1"), mention("2", published=NOON + timedelta(days=1)))
    assert store.evidence.refresh() == 0


def test_a_count_that_is_stopped_leaves_the_rest_for_the_next(store: Store) -> None:
    keep(store, mention("1"), mention("2", published=NOON + timedelta(days=1)))
    read(store, reading())
    looks = iter([False, True, True])
    store.evidence.refresh(stopped=lambda: next(looks))
    assert store.evidence.refresh() == 1


# Properties: what is stored and counted does not depend on how it came in.

TEXTS = (PRESS_TEXT, PRESS_TEXT.upper(), "Thanks!", "The crew found my bag within the hour, twice in a row.", "…")


@st.composite
def mentions(draw: st.DrawFn) -> Mention:
    """A mention from a world so small that identities, stories, authors and days meet often."""
    return Mention(
        source=draw(st.sampled_from(("feed", "table"))),
        external_id=draw(st.sampled_from("1234")),
        text=draw(st.sampled_from(TEXTS)),
        published=datetime(2026, 6, draw(st.integers(1, 3)), 12, tzinfo=UTC),
        author=draw(st.sampled_from(("", "ann", "bob"))),
        voice=draw(st.sampled_from(("customer", "customer", "press", "brand"))),
    )


def brands_of(one: Mention) -> tuple[str, ...]:
    return (("acme",), ("acme", "beta"), ("beta",))[len(one.text) % 3]


def opinion(task: ToRead, model: str = "m1") -> Reading:
    """A reading that depends on text and brand alone."""
    first, second, third, *_ = blake2b(f"{task.brand}{task.text}{model}".encode()).digest()
    if first % 5 == 0:
        return reading(None, reason="not English", model=model)
    mood = (GOOD, BAD, Sentiment(0.3, 0.4, 0.3))[first % 3]
    promise = ("bags", "on-time", "fees")[second % 3]
    passages = (
        Passage(0, 3, mood, promises=(said(promise, "kept", third / 255),)),
        Passage(3, 5, BAD, promises=(said(promise, "broken", second / 255), said("bags", None))),
    )
    return Reading("en", mood, "", passages, model)


def put(store: Store, batch: Sequence[Mention]) -> None:
    store.mentions.keep("feed", Batch(tuple(batch)), lambda one: matched(*brands_of(one))(one), NOON)


def drain(store: Store, limit: int = 1000, model: str = "m1") -> None:
    while tasks := store.readings.unread(model, limit):
        store.readings.save([(task, opinion(task, model)) for task in tasks])


def batches(draw: st.DrawFn, whole: Sequence[Mention]) -> list[Sequence[Mention]]:
    cuts = sorted(draw(st.sets(st.integers(0, len(whole)), max_size=4)) | {0, len(whole)})
    return [whole[start:stop] for start, stop in pairwise(cuts)]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_order_the_split_and_repetition_of_what_came_in_change_nothing(data: st.DataObject) -> None:
    whole = data.draw(st.lists(mentions(), max_size=8, unique_by=lambda one: (one.source, one.external_id)))
    again = data.draw(st.permutations(whole + data.draw(st.lists(st.sampled_from(whole), max_size=4) if whole else st.just([]))))
    with fresh() as at_once, fresh() as piecemeal:
        put(at_once, whole)
        drain(at_once)
        for batch in data.draw(st.composite(batches)(again)):
            put(piecemeal, batch)
            if data.draw(st.booleans()):
                drain(piecemeal, limit=data.draw(st.integers(1, 3)))
            if data.draw(st.booleans()):
                piecemeal.evidence.refresh()
        drain(piecemeal)
        at_once.evidence.refresh()
        piecemeal.evidence.refresh()
        assert content(piecemeal) == content(at_once)
        assert rollups(piecemeal) == rollups(at_once)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_edits_and_new_models_leave_rollups_as_if_counted_from_nothing(data: st.DataObject) -> None:
    whole = data.draw(st.lists(mentions(), max_size=12))
    with fresh() as store:
        for batch in data.draw(st.composite(batches)(whole)):
            put(store, batch)
            model = data.draw(st.sampled_from(("m1", "m2")))
            tasks = store.readings.unread(model, data.draw(st.integers(1, 4)))
            store.readings.save([(task, opinion(task, model)) for task in tasks])
            if data.draw(st.booleans()):
                store.evidence.refresh()
        store.evidence.refresh()
        counted, kept = rollups(store), content(store)
        store.evidence.refresh(everything=True)
        assert rollups(store) == counted
        put(store, whole)
        assert content(store) == kept
        assert store.file.integrity_check() == []


@settings(max_examples=25, deadline=None)
@given(st.lists(mentions(), max_size=8, unique_by=lambda one: (one.source, one.external_id)))
def test_the_counted_rows_add_up_to_what_is_stored(whole: list[Mention]) -> None:
    """Recounted here in plain Python from the definition: a voice a story, its first mention, customers only."""
    with fresh() as store:
        put(store, whole)
        drain(store)
        keys = {(one.source, one.external_id): one.story for one in store.mentions.each()}
        voices = {}
        for one in sorted(whole, key=lambda one: (one.published, one.external_id, one.source)):
            identity = (one.source, one.external_id)
            if "acme" in brands_of(one):
                voices.setdefault((keys[identity], one.voice, one.author or identity), one)
        scored = [
            (one.published.date(), said.sentiment.label)
            for one in voices.values()
            if one.voice == "customer" and (said := opinion(ToRead(0, "acme", one.body, "", "customer"))).sentiment
        ]
        found: Counter[tuple[date, str]] = Counter()
        for row in evidence(store, window=JUNE).sentiment:
            found[row.day, row.label] += row.n
        assert found == Counter(scored)
