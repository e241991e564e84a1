"""What is one mention, which of its versions stands, and which mentions are one story, however they came in."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.store import Kept, Store
from sources.mention import Mention
from sources.source import Batch
from tests.monitor.store_builders import (
    BAD,
    GOOD,
    JUNE,
    NOON,
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
from tests.monitor.test_near_copies import press_copy, prose

HOUR = timedelta(hours=1)
ARTICLE = prose(random.Random(3), 60)
URL = "https://news.example/story"


def texts(store: Store) -> list[str]:
    return [one.text for one in store.mentions.each()]


def former(store: Store) -> set[str]:
    return {row[3] for row in content(store)[4]}


def partition(store: Store) -> set[frozenset[tuple[str, str]]]:
    stories: dict[int, set[tuple[str, str]]] = {}
    for one in store.mentions.each():
        stories.setdefault(one.story, set()).add((one.source, one.external_id))
    return {frozenset(members) for members in stories.values()}


class TestIdentity:
    def test_a_changed_id_with_the_same_address_and_words_is_the_same_mention(self, store: Store) -> None:
        keep(store, mention("1", ARTICLE, url=URL, author="ann"))
        assert keep(store, mention("new", ARTICLE, url=f"{URL}/?utm_source=rss", author="ann")) == Kept(unchanged=1)
        assert keep(store, mention("new", f"{ARTICLE} More soon.", url=URL, author="ann")) == Kept(edited=1)
        assert [(one.external_id, one.text, one.url) for one in store.mentions.each()] == [("1", f"{ARTICLE} More soon.", URL)]

    def test_so_are_two_ids_of_one_batch(self, store: Store) -> None:
        twice = (mention("1", ARTICLE, url=URL, author=""), mention("2", ARTICLE, url=f"{URL}?fbclid=1", author=""))
        assert keep(store, *twice) == Kept(new=1, unchanged=1)
        assert keep(store, *twice) == Kept(unchanged=2)

    def test_stock_phrases_at_one_address_are_many_peoples(self, store: Store) -> None:
        nameless = [mention(number, "Great!", url=URL, author="") for number in "123"]
        assert keep(store, *nameless) == Kept(new=3)
        named = [mention(f"b{day}", "Great!", url=URL, author="bob", published=NOON + timedelta(days=day)) for day in (1, 2)]
        assert keep(store, *named) == Kept(new=1, copies=1)

    def test_rows_of_a_table_are_what_their_ids_say(self, store: Store) -> None:
        rows = [(one, matched()(one)) for one in (mention(number, ARTICLE, url=URL, author="ann") for number in "12")]
        assert store.mentions.import_rows(rows, NOON) == Kept(new=1, copies=1)

    def test_the_address_as_published_is_what_people_open(self, store: Store) -> None:
        keep(store, mention("1", url="http://m.news.example/story?utm_source=rss"))
        assert next(store.mentions.each()).url == "http://m.news.example/story?utm_source=rss"


class TestVersions:
    def test_a_text_that_returns_stands_again(self, store: Store) -> None:
        for text in ("A", "B", "A"):
            keep(store, mention("1", text))
        assert (texts(store), former(store)) == (["A"], {"B"})

    def test_where_the_place_dates_its_changes_an_old_page_out_of_a_cache_does_not(self, store: Store) -> None:
        for text, hours in (("A", 0), ("B", 2), ("A", 0), ("B", 2), ("A", 2)):
            keep(store, mention("1", text, updated=NOON + hours * HOUR))
        assert (texts(store), former(store)) == (["B"], {"A"})
        keep(store, mention("1", "A", updated=NOON + 3 * HOUR))
        assert (texts(store), former(store)) == (["A"], {"B"})

    def test_an_import_brings_an_earlier_text_back_only_to_replace(self, store: Store) -> None:
        for text in ("A", "B"):
            store.mentions.import_rows([(mention("1", text), matched()(mention("1")))], NOON)
        again = [(mention("1", "A"), matched()(mention("1")))]
        assert store.mentions.import_rows(again, NOON) == Kept(unchanged=1)
        assert store.mentions.import_rows(again, NOON, update=True) == Kept(edited=1)
        assert texts(store) == ["A"]

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_dated_versions_give_the_same_in_any_order_and_split(self, data: st.DataObject) -> None:
        versions = [
            mention(number, f"{ARTICLE} version {hours}", url=f"{URL}/{number}", updated=NOON + hours * HOUR)
            for number in "12"
            for hours in range(data.draw(st.integers(1, 3)))
        ]
        with fresh() as straight, fresh() as mixed:
            for one in versions:
                keep(straight, one)
            arrivals = data.draw(st.permutations(versions + data.draw(st.lists(st.sampled_from(versions), max_size=4))))
            for batch in split(data, arrivals):
                keep(mixed, *batch)
            assert content_by_stories(mixed) == content_by_stories(straight)


class TestCorrections:
    def test_a_repeated_import_leaves_facts_alone_and_says_how_many_differ(self, store: Store) -> None:
        store.mentions.import_rows(self.row(), NOON)
        assert store.mentions.import_rows(self.row(author="bob"), NOON) == Kept(unchanged=1, differing=1)
        assert next(store.mentions.each()).author == "author 1"

    def test_an_update_puts_every_fact_right_and_the_counts_follow(self, store: Store) -> None:
        store.mentions.import_rows(self.row(), NOON)
        read(store, reading(GOOD, said("bags", "kept")))
        evidence(store)
        tomorrow = NOON + timedelta(days=1)
        right: dict[str, Any] = {
            "author": "bob",
            "url": URL,
            "rating": 0.2,
            "attributes": {"region": "north"},
            "published": tomorrow,
        }
        assert store.mentions.import_rows(self.row(**right), NOON, update=True) == Kept(edited=1)
        (one,) = store.mentions.each()
        assert {name: getattr(one, name) for name in right} == right
        assert [row.day for row in evidence(store).stances] == [tomorrow.date()]
        assert store.readings.unread("m1", 9) == []
        store.mentions.import_rows(self.row(**right, voice="press"), NOON, update=True)
        assert evidence(store).coverage.voices == {"press": 1}
        assert len(store.readings.unread("m1", 9)) == 1

    def test_an_update_moves_rows_to_the_brand_that_it_names(self, store: Store) -> None:
        store.mentions.import_rows(self.row(), NOON)
        read(store, reading())
        ((one, _),) = self.row()
        assert store.mentions.import_rows([(one, matched("beta")(one))], NOON, update=True) == Kept(edited=1)
        assert evidence(store).coverage.mentions == 0
        assert next(store.mentions.each()).brands == ("beta",)

    def test_a_source_corrects_itself(self, store: Store) -> None:
        keep(store, mention("1"))
        assert keep(store, mention("1", author="Ann B.", rating=0.4)) == Kept(edited=1)
        assert keep(store, mention("1", author="Ann B.", rating=0.4)) == Kept(unchanged=1)
        assert next(store.mentions.each()).author == "Ann B."

    def test_what_has_no_date_keeps_that_of_its_first_sight(self, store: Store) -> None:
        keep(store, mention("1", raw_published=""))
        later = NOON + timedelta(days=2)
        assert keep(store, mention("1", raw_published="", published=later)) == Kept(unchanged=1)
        keep(store, mention("1", "Another text.", raw_published="", published=later))
        assert [one.published for one in store.mentions.each()] == [NOON]
        assert store.brands.newest_day("acme") == NOON.date()

    @staticmethod
    def row(**changed: Any) -> list[Any]:
        one = replace(mention("1", source="table"), **changed)
        return [(one, matched()(one))]


class TestWhatCannotBeStored:
    @settings(max_examples=50, deadline=None)
    @given(st.lists(st.text(st.characters() | st.sampled_from("\0\ud83d")), min_size=8, max_size=8))
    def test_nul_bytes_and_half_surrogates_never_reach_the_database(self, parts: list[str]) -> None:
        names = ("external_id", "text", "title", "url", "author", "raw_published", "parent", "language")
        with fresh() as store:
            one = replace(mention("1"), **dict(zip(names, parts, strict=True)), attributes={parts[0]: parts[1]})
            keep(store, one)
            (stored,) = store.mentions.each()
            held = (stored.external_id, stored.text, stored.title, *stored.attributes.values())
            assert "\0" not in "".join(held).encode().decode()
            assert len(stored.text) == len(parts[1])
            assert keep(store, one).new == 0


class TestStories:
    def test_one_press_text_in_ninety_outlets_is_one_story_with_ninety_copies(self, store: Store) -> None:
        chooser = random.Random(5)
        text = prose(chooser, 200)
        outlets = [mention(str(n), press_copy(chooser, text), title=prose(chooser, 8), author=f"author {n}") for n in range(90)]
        kept = keep(store, *outlets[:45]) + keep(store, *outlets[45:])
        assert (kept.new + kept.copies, len(partition(store))) == (90, 1)
        assert evidence(store).coverage.stories == 1

    def test_an_article_under_two_addresses_is_one_story_whatever_each_place_quotes(self, store: Store) -> None:
        one = mention("1", "The new route to London opens in spring, says the airline.", voice="press", url=URL, source="a")
        other = mention("2", "Riga gets a connection that people had long asked for.", voice="press", url=f"{URL}/amp", source="b")
        assert keep(store, one, other) == Kept(new=1, copies=1)
        assert keep(store, replace(one, external_id="3", text="Quite another page of theirs.", url=f"{URL}-2")) == Kept(new=1)

    def test_customers_who_share_an_address_are_not_one_story(self, store: Store) -> None:
        assert keep(store, mention("1", url=URL), mention("2", url=URL)) == Kept(new=2)

    def test_a_bridge_makes_one_story_of_two_and_its_edit_parts_them(self, store: Store) -> None:
        words = prose(random.Random(2), 144).split()
        left, bridge, right = (" ".join(words[start : start + 100]) for start in (0, 22, 44))
        keep(store, mention("1", left), mention("2", right))
        assert len(partition(store)) == 2
        keep(store, mention("3", bridge))
        assert len(partition(store)) == 1
        assert evidence(store).coverage.stories == 1
        keep(store, mention("3", "I take it all back, every word."))
        assert len(partition(store)) == 3
        assert store.file.integrity_check() == []

    @settings(max_examples=40, deadline=None)
    @given(st.data())
    def test_arrival_batches_and_edits_make_no_difference(self, data: st.DataObject) -> None:
        whole = data.draw(st.lists(mentions(), max_size=10, unique_by=lambda one: (one.source, one.external_id)))
        before = [replace(one, text=data.draw(texts_of_stories())) for one in whole if data.draw(st.booleans())]
        with fresh() as straight, fresh() as mixed:
            put(straight, whole)
            for batch in split(data, data.draw(st.permutations(before))):
                put(mixed, batch)
            for batch in split(data, data.draw(st.permutations(whole))):
                put(mixed, batch)
            assert partition(mixed) == partition(straight)
            for store in (straight, mixed):
                read(store, reading(GOOD))
                store.evidence.refresh()
                assert store.file.integrity_check() == []
            assert counted(mixed) == counted(straight)


def test_it_tells_on_how_few_authors_the_negatives_rest(store: Store) -> None:
    keep(
        store, *(mention(str(n), author="ann") for n in range(3)), mention("4", author="bob"), mention("5", author=""), mention("6")
    )
    keep(store, mention("7", author="ann", voice="press"), mention("8", mention("0").text, author="ann"))
    read(store, lambda task: reading(GOOD if "number 6" in task.text else BAD))
    found = store.evidence.concentration("acme", JUNE)
    assert (found.units, list(found.authors)) == (5, [("ann", 3), ("bob", 1), ("", 1)])
    assert (found.share(1), found.share(3)) == (0.6, 1.0)
    assert store.evidence.concentration("beta", JUNE).share(1) is None


def split(data: st.DataObject, whole: Sequence[Mention]) -> list[Sequence[Mention]]:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(whole)), max_size=4)) | {0, len(whole)})
    return [whole[start:stop] for start, stop in pairwise(cuts)]


def put(store: Store, batch: Sequence[Mention]) -> None:
    store.mentions.keep("feed", Batch(tuple(batch)), matched(), NOON)


def content_by_stories(store: Store) -> Any:
    rows = content(store)
    return [[row[:7] for row in rows[0]], partition(store), rows[4]]


def counted(store: Store) -> Any:
    """What was counted, without the names of stories, which are row numbers."""
    found = evidence(store)
    sentiment = sorted((row.day, row.label, row.n, row.story != 0) for row in found.sentiment)
    return sentiment, found.coverage.stories, len(rollups(store)[0])


@st.composite
def texts_of_stories(draw: st.DrawFn) -> str:
    """A stretch of one long text, so that some overlap, some are bridges and some stand alone; or a phrase."""
    words = prose(random.Random(9), 120).split()
    start = draw(st.integers(0, 8)) * 10
    return draw(st.sampled_from((" ".join(words[start : start + draw(st.integers(2, 8)) * 10]), "Thanks!")))


@st.composite
def mentions(draw: st.DrawFn) -> Mention:
    """Each has an address that it shares only with one of the other source: what shares one within a source may be one mention."""
    external_id = draw(st.sampled_from("123456"))
    return Mention(
        source=draw(st.sampled_from(("feed", "table"))),
        external_id=external_id,
        text=draw(texts_of_stories()),
        published=datetime(2026, 6, draw(st.integers(1, 3)), 12, tzinfo=UTC),
        raw_published="Mon",
        author=draw(st.sampled_from(("", "ann", "bob"))),
        voice=draw(st.sampled_from(("customer", "press"))),
        url=draw(st.sampled_from(("", f"{URL}/{external_id}", f"{URL}/{external_id}/amp?utm_source=x"))),
    )
