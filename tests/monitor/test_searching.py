"""Search: whatever the index is asked, what is found is what the query matches, no less and no more."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.storage import searching
from monitor.storage.forgetting import Chosen
from monitor.storage.search_words import index_query
from monitor.storage.searching import Filters
from monitor.store import Store
from sources.query import QueryError, compile_query, document
from tests.monitor.store_builders import ACME, BAD, GOOD, NOON, keep, mention, read, reading, said

WORDS = st.sampled_from(
    ["acme", "air", "late", "bag", "Straße", "strasse", "naïve", "it's", "C++", "@acme", "#bag", "東京", "a", "1.5", "x_y"]
)
TEXTS = st.lists(WORDS, max_size=7).map(" ".join)
TERMS = st.one_of(
    WORDS.filter(lambda word: word.isalnum()),
    st.lists(WORDS, min_size=1, max_size=3).map(lambda words: '"' + " ".join(words) + '"'),
    st.sampled_from(["lat*", "title:acme", "=Acme", "@acme", "#bag", "author:jo", "acme NEAR/2 late"]),
)
QUERIES = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) AND ({two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) OR ({two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) AND NOT ({two[1]})"),
    ),
    max_leaves=4,
)


EVERYTHING = Filters()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.db") as opened:
        opened.sync_brands([ACME])
        yield opened


def numbers(store: Store, query: str = "", filters: Filters = EVERYTHING, limit: int = 100) -> list[str]:
    page = store.searching.search(compile_query(query) if query else None, filters, limit)
    return [one.external_id for one in page.found]


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8), asked=QUERIES, indexed=st.booleans())
def test_a_search_finds_exactly_what_the_query_matches(texts: list[tuple[str, str]], asked: str, *, indexed: bool) -> None:
    query = compile_query(asked)
    with Store(":memory:") as store:
        store.sync_brands([ACME])
        mentions = [mention(str(at), text or "-", title=title, author="jo") for at, (title, text) in enumerate(texts)]
        keep(store, *mentions[:4])
        if indexed:
            store.searching.index_due()
        keep(store, *mentions[4:])
        wanted = {one.external_id for one in mentions if query.match(document(replace(one, language=None))) is not None}
        stored = {one.external_id for one in store.mentions()}
        assert set(numbers(store, asked)) == wanted & stored


@pytest.mark.parametrize("asked", ["x\0y", '"x\0 y"', "\0", '"a \0"'])
def test_a_sign_that_ends_texts_elsewhere_ends_no_search(asked: str, store: Store) -> None:
    keep(store, mention("1", "x y"))
    store.searching.index_due()
    with suppress(QueryError):
        numbers(store, asked)


def test_the_latest_to_come_in_stand_first_and_pages_go_on_where_they_ended(store: Store) -> None:
    keep(store, *(mention(str(number), f"late again, bag {number}") for number in range(7)))
    query = compile_query("late")
    first = store.searching.search(query, EVERYTHING, 3)
    second = store.searching.search(query, EVERYTHING, 3, first.after)
    third = store.searching.search(query, EVERYTHING, 3, second.after)
    assert [one.external_id for page in (first, second, third) for one in page.found] == list("6543210")
    assert third.after == ""


def test_without_a_query_a_brands_mentions_come_by_their_day(store: Store) -> None:
    keep(store, mention("new", published=NOON), mention("old", published=NOON - timedelta(days=3)))
    assert numbers(store, filters=Filters(brand="acme")) == ["new", "old"]
    page = store.searching.search(None, Filters(brand="acme"), 1)
    assert [one.external_id for one in store.searching.search(None, Filters(brand="acme"), 1, page.after).found] == ["old"]


def test_a_rare_filter_stops_after_so_many_rows_and_says_where_to_go_on(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "LOOKED_AT", 2)
    keep(store, *(mention(str(number), f"late again, bag {number}") for number in range(5)))
    read(store, lambda task: reading(BAD) if "bag 0" in task.text else reading(GOOD))
    for query in (None, compile_query("late")):
        places, found = [""], []
        while places[-1] or len(places) == 1:
            page = store.searching.search(query, Filters(brand="acme", label="negative"), 9, places[-1])
            assert page.examined <= 2
            found += [one.external_id for one in page.found]
            places.append(page.after)
        assert (found, len(places)) == (["0"], 4)


def test_a_cause_is_looked_up_whatever_else_a_brand_has(store: Store) -> None:
    keep(store, *(mention(str(number), f"late again, bag {number}") for number in range(4)))
    read(store, reading(BAD))
    with store.door.writing() as connection:
        connection.execute("INSERT INTO causes (id, brand, formed) VALUES (7, 'acme', '2026-06-01')")
        connection.execute("INSERT INTO causes (id, brand, formed, merged_into) VALUES (8, 'acme', '2026-06-01', 7)")
        connection.execute(
            """INSERT INTO complaints (brand, day, mention, start, stop, said, cause, pillar, promise, negative)
            SELECT 'acme', '2026-06-01', id, 0, 4, 1, iif(external_id = '1', 7, 8), '', '', 0.9 FROM mentions
            WHERE external_id IN ('1', '3')"""
        )
    page = store.searching.search(None, Filters(brand="acme", cause="7"), 9)
    assert ([one.external_id for one in page.found], page.examined) == (["3", "1"], 2)
    assert numbers(store, "late", Filters(brand="acme", cause="7")) == ["3", "1"]


def test_what_was_edited_or_deleted_is_found_as_it_is_now(store: Store) -> None:
    keep(store, mention("1", "the first words"), mention("2", "other words"))
    assert numbers(store, "first") == ["1"]
    keep(store, mention("1", "quite another thing", updated=NOON + timedelta(days=1)))
    assert numbers(store, "first") == []
    assert numbers(store, "quite") == ["1"]
    store.delete(Chosen(source="feed"))
    assert numbers(store, "words") == []
    keep(store, mention("3", "the first words"))
    assert numbers(store, "first") == ["3"]
    assert store.integrity_check() == []


def test_filters_narrow_by_how_mentions_were_read(store: Store) -> None:
    keep(store, mention("good"), mention("bad", "My bag is lost again, thank you."), mention("unread", "And where is mine now?"))
    read(store, lambda task: reading(BAD, said("bags", "broken")) if "lost" in task.text else reading(GOOD))
    acme = Filters(brand="acme")
    assert numbers(store, filters=replace(acme, label="negative")) == ["bad"]
    assert numbers(store, filters=replace(acme, promise="bags")) == ["bad"]
    assert numbers(store, filters=replace(acme, promise="bags", stance="kept")) == []
    assert numbers(store, "bag", replace(acme, label="positive")) == ["good"]
    assert numbers(store, filters=replace(acme, since=date(2026, 6, 2))) == []
    assert numbers(store, filters=Filters(source="elsewhere")) == []
    assert numbers(store, filters=Filters(voice="press")) == []


def test_a_correction_counts_in_the_filter_and_is_said(store: Store) -> None:
    keep(store, mention("1"))
    read(store, reading(BAD))
    (one,) = store.searching.search(None, Filters(brand="acme"), 9).found
    store.correct("acme", [one.id], "positive", NOON)
    (found,) = store.searching.search(None, Filters(brand="acme", label="positive"), 9).found
    assert (found.label, found.said) == ("positive", True)


def test_where_the_query_and_the_brand_matched_is_told(store: Store) -> None:
    keep(store, mention("1", "My bag came late."))
    (found,) = store.searching.search(compile_query("late"), Filters(brand="acme"), 9).found
    assert [found.body[start:end] for start, end in found.spans] == ["late"]
    assert found.matched == ((0, 4),)
    assert store.searching.mention(found.id, "acme") == replace(found, spans=())
    assert store.searching.mention(99) is None


def test_the_index_is_asked_for_less_never_for_more() -> None:
    assert index_query(compile_query("lang:en").root) is None
    assert index_query(compile_query("lang:en AND late").root) == '("late")'
    assert index_query(compile_query("NOT late").root) is None
    assert index_query(compile_query("late OR author:jo").root) is None
