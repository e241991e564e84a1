"""What the store tells of topics, segments, authors and quantities, and the docket of a promise."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from models.reading import Passage, PromiseMatch, Reading
from monitor.store import Store, ToRead
from reports.breakdown import Breakdown, LeaderRow
from reports.evidence import Window
from tests.monitor.store_builders import ACME, BAD, BETA, GOOD, JUNE, NOON, PRESS_TEXT, keep, matched, mention, read, reading, said

EARLY, LATE = Window(date(2026, 6, 1), date(2026, 6, 3)), Window(date(2026, 6, 3), date(2026, 7, 1))


def breakdown(store: Store, *dimensions: str) -> Breakdown:
    return store.segments.load("acme", JUNE, EARLY, LATE, dimensions)


def moods(store: Store, dimension: str) -> Counter[tuple[str, str]]:
    found = Counter[tuple[str, str]]()
    for row in breakdown(store, dimension).moods:
        found[row.value, row.label] += row.n
    return found


def sides(store: Store, dimension: str) -> Counter[tuple[str, str, str]]:
    found = Counter[tuple[str, str, str]]()
    for row in breakdown(store, dimension).sides:
        found[row.value, row.promise, row.stance] += row.n
    return found


def number(task: ToRead) -> str:
    return task.text.split()[3]


def measuring(quantity: str, stance: str | None = "broken", relevance: float = 0.9) -> PromiseMatch:
    return PromiseMatch("on-time", relevance, stance, 0.9, quantity)  # type: ignore[arg-type]


class TestTopics:
    def test_the_topic_of_a_voice_is_the_promise_that_it_speaks_of_most_clearly(self, store: Store) -> None:
        keep(store, *(mention(str(at)) for at in range(3)))
        both = (said("bags", "kept", relevance=0.7), said("on-time", None, relevance=0.9))
        spoken: dict[str, tuple[PromiseMatch, ...]] = {"0": both, "1": (said("bags", "broken", relevance=0.3),), "2": ()}
        read(store, lambda task: reading(GOOD, *spoken[number(task)]))
        found = breakdown(store).topics_before
        assert {(row.source, row.topic): row.n for row in found} == {("feed", "on-time"): 1, ("feed", ""): 2}

    def test_each_window_has_its_own_and_brand_and_press_have_none(self, store: Store) -> None:
        later = NOON + timedelta(days=4)
        keep(store, mention("1"), mention("2", published=later), mention("3", voice="press"), mention("4", voice="brand"))
        read(store, reading(BAD))
        found = breakdown(store)
        assert [(row.label, row.n) for row in found.topics_before] == [("negative", 1)]
        assert [(row.label, row.n) for row in found.topics_after] == [("negative", 1)]
        assert found.topics_before[0].probabilities == pytest.approx((0.8, 0.1, 0.1))

    def test_authors_who_share_a_story_are_told_to(self, store: Store) -> None:
        keep(store, mention("1", PRESS_TEXT, author="ann"), mention("2", PRESS_TEXT, author="bob"))
        read(store, reading())
        (row,) = breakdown(store).topics_before
        assert row.n == 2
        assert row.story != 0


class TestSegments:
    def test_voices_are_told_by_source_and_language(self, store: Store) -> None:
        keep(store, mention("1"), mention("2"))
        read(store, lambda task: replace(reading(GOOD, said("bags", "kept")), language="de" if number(task) == "2" else "en"))
        assert moods(store, "language") == {("en", "positive"): 1, ("de", "positive"): 1}
        assert moods(store, "source") == {("feed", "positive"): 2}
        assert sides(store, "language") == {("en", "bags", "kept"): 1, ("de", "bags", "kept"): 1}
        assert sides(store, "source") == {("feed", "bags", "kept"): 2}

    def test_a_promise_that_is_made_no_longer_has_no_sides(self, store: Store) -> None:
        keep(store, mention("1"))
        read(store, reading(BAD, said("bags", "broken"), said("on-time", "kept")))
        store.brands.sync([replace(ACME, promises=ACME.promises[:1]), BETA])
        assert sides(store, "source") == {("feed", "on-time", "kept"): 1}
        assert sides(store, "language") == {("en", "on-time", "kept"): 1}

    def test_a_column_is_counted_from_when_it_is_configured_also_for_what_was_there(self, store: Store) -> None:
        keep(store, mention("1", attributes={"region": " north "}), mention("2", attributes={"store": "7"}), mention("3"))
        read(store, reading(BAD, said("bags", "broken")))
        assert moods(store, "region") == {}
        store.segments.sync({"acme": ("region", 'it\'s "odd"')})
        assert moods(store, "region") == {("north", "negative"): 1, ("", "negative"): 2}
        assert sides(store, "region") == {("north", "bags", "broken"): 1, ("", "bags", "broken"): 2}
        store.segments.sync({"acme": ()})
        assert moods(store, "region") == {}

    def test_configuring_the_same_columns_again_changes_nothing(self, store: Store) -> None:
        keep(store, mention("1"))
        read(store, reading())
        store.segments.sync({"acme": ("region",), "beta": ()})
        store.evidence.refresh()
        before = store.door.connection.total_changes
        store.segments.sync({"acme": ("region",), "beta": ()})
        assert store.door.connection.total_changes == before
        assert store.evidence.refresh() == 0

    def test_a_brand_has_its_own_columns(self, store: Store) -> None:
        keep(store, mention("1", attributes={"region": "north"}), match=matched("acme", "beta"))
        read(store, reading())
        store.segments.sync({"acme": ("region",), "beta": ()})
        assert moods(store, "region") == {("north", "positive"): 1}
        assert store.segments.load("beta", JUNE, EARLY, LATE, ("region",)).moods == ()


def voices(store: Store, *authors: str, parents: Sequence[str] = ()) -> None:
    threads = parents or [""] * len(authors)
    keep(
        store,
        *(mention(str(at), author=who, parent=parents) for at, (who, parents) in enumerate(zip(authors, threads, strict=True))),
    )
    read(store, reading(BAD, said("bags", "broken")))


class TestLeaders:
    def test_the_busiest_authors_are_counted_over_all_days(self, store: Store) -> None:
        voices(store, "ann", "bob", "ann", "", "")
        keep(store, mention("9", author="ann", published=NOON + timedelta(days=9)))
        read(store, reading(BAD))
        assert breakdown(store).leaders == (
            LeaderRow("", "author", 3), LeaderRow("", "author", 1), LeaderRow("bags", "author", 2), LeaderRow("bags", "author", 1),
        )  # fmt: skip

    def test_those_who_answer_the_same_post_are_a_thread(self, store: Store) -> None:
        voices(store, "ann", "bob", "cat", parents=["What do you think?", "What do you think?", ""])
        threads = [row for row in breakdown(store).leaders if row.kind == "thread"]
        assert threads == [LeaderRow("", "thread", 2), LeaderRow("bags", "thread", 2)]

    def test_an_author_who_is_deleted_is_counted_no_more(self, store: Store) -> None:
        voices(store, "ann")
        assert breakdown(store).leaders
        store.rechecks.settle("feed", ["0"], {"0": "removed"}, timedelta(days=1), NOON)
        assert store.door.connection.execute("SELECT count(*) FROM leader_rollup").fetchone() == (0,)
        assert breakdown(store).leaders == ()


class TestQuantities:
    def test_a_voice_measures_once_by_its_most_certain_passage_that_takes_a_side(self, store: Store) -> None:
        keep(store, mention("1"))
        passages = tuple(
            Passage(at, at + 5, BAD, promises=(match,))
            for at, match in enumerate([measuring("a week", None), measuring("two days", relevance=0.6), measuring("nine days")])
        )
        read(store, Reading("en", BAD, "", passages, "m1"))
        (row,) = breakdown(store).quantities
        assert (row.promise, row.quantity, row.stance, row.n) == ("on-time", "nine days", "broken", 1)

    def test_what_takes_no_side_measures_too_and_what_hardly_speaks_of_it_does_not(self, store: Store) -> None:
        keep(store, mention("1"), mention("2"))
        read(store, lambda task: reading(BAD, measuring("6 days", None, 0.9 if number(task) == "1" else 0.3)))
        assert [(row.quantity, row.stance, row.n) for row in breakdown(store).quantities] == [("6 days", None, 1)]


class TestDocket:
    def test_it_holds_every_voice_that_takes_a_side_the_newest_first(self, store: Store) -> None:
        keep(store, *(mention(str(at), published=NOON + timedelta(hours=at)) for at in range(15)), mention("p", voice="press"))
        read(
            store, lambda task: reading(GOOD, PromiseMatch("bags", 0.9, "broken" if "7" in task.text else "kept", 0.8, "two hours"))
        )
        found = store.segments.docket("acme", "bags", JUNE)
        assert len(found) == 15
        assert [one.published for one in found] == sorted((one.published for one in found), reverse=True)
        assert [one.text for one in found if one.stance == "broken"] == ["My bag number 7 came with me on the belt."]
        assert (found[0].passage, found[0].quantity, found[0].source) == ("My bag", "two hours", "feed")
        assert found[0].confidence == pytest.approx(0.72)
        assert store.segments.docket("acme", "on-time", JUNE) == ()
        assert store.segments.docket("acme", "bags", EARLY) == found
        assert store.segments.docket("acme", "bags", LATE) == ()

    def test_a_docket_may_be_of_the_newest_of_each_side_only(self, store: Store) -> None:
        keep(store, *(mention(str(at), published=NOON + timedelta(days=at)) for at in range(20)), match=matched("acme"))
        read(store, lambda task: reading(GOOD, said("bags", "broken" if number(task) in {"3", "4", "5"} else "kept")))
        everything = store.segments.docket("acme", "bags", JUNE)
        newest = store.segments.docket("acme", "bags", JUNE, most=2)
        for side in ("kept", "broken"):
            assert [one for one in newest if one.stance == side] == [one for one in everything if one.stance == side][:2]
        assert len(newest) == 4
