"""Search: whatever the index is asked, what is found is what the query matches, no less and no more."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.commands.mentions import _row, as_row
from monitor.storage.forgetting import Chosen
from monitor.storage.search_filters import Filters
from monitor.storage.search_words import index_query
from monitor.storage.searching import Effort, SearchPage
from monitor.store import Store
from sources.query import Query, QueryError, compile_query, document
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


def page_by_page(store: Store, query: Query | None, filters: Filters, effort: Effort) -> Iterator[SearchPage]:
    """Every page of a search, each as far as `effort` goes."""
    after, is_first = "", True
    while after or is_first:
        page = store.searching.search(query, filters, 100, after, effort=effort)
        yield page
        after, is_first = page.after, False


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.db") as opened:
        opened.brands.sync([ACME])
        yield opened


def numbers(store: Store, query: str = "", filters: Filters = EVERYTHING, limit: int = 100) -> list[str]:
    page = store.searching.search(compile_query(query) if query else None, filters, limit)
    return [one.external_id for one in page.found]


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8), asked=QUERIES, indexed=st.booleans())
def test_a_search_finds_exactly_what_the_query_matches(texts: list[tuple[str, str]], asked: str, *, indexed: bool) -> None:
    query = compile_query(asked)
    with Store(":memory:") as store:
        store.brands.sync([ACME])
        mentions = [mention(str(at), text or "-", title=title, author="jo") for at, (title, text) in enumerate(texts)]
        keep(store, *mentions[:4])
        if indexed:
            store.searching.index_due()
        keep(store, *mentions[4:])
        wanted = {one.external_id for one in mentions if query.match(document(replace(one, language=None))) is not None}
        stored = {one.external_id for one in store.mentions.each()}
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


@pytest.mark.parametrize("query", [None, compile_query("late")])
def test_a_rare_filter_stops_after_so_many_rows_and_says_where_to_go_on(query: Query | None, store: Store) -> None:
    keep(store, *(mention(str(number), f"late again, bag {number}") for number in range(9)))
    read(store, lambda task: reading(BAD) if "bag 0" in task.text else reading(GOOD))
    pages = list(page_by_page(store, query, Filters(brand="acme", label="negative"), Effort(rows=20, signs=10_000)))
    assert [one.external_id for page in pages for one in page.found] == ["0"]
    assert max(page.examined for page in pages) <= 4
    assert len(pages) > 2


def test_a_query_that_few_candidates_match_stops_after_so_much_text(store: Store) -> None:
    keep(store, *(mention(str(number), f"late {'again ' * 30} bag {number}") for number in range(9)))
    pages = list(page_by_page(store, compile_query('late NOT "bag 1"'), EVERYTHING, Effort(rows=10_000, signs=400)))
    assert [one.external_id for page in pages for one in page.found] == list("87654320")
    assert max(len(page.found) for page in pages) <= 3


def test_the_same_is_found_in_steps_of_any_size(store: Store) -> None:
    keep(store, *(mention(str(number), "late, bag", published=NOON - timedelta(days=number % 3)) for number in range(20)))
    read(store, lambda task: reading(BAD, said("bags", "broken")) if task.mention % 3 else reading(GOOD))
    for filters in (Filters(brand="acme", label="negative"), Filters(brand="acme", promise="bags"), Filters(brand="acme")):
        for query in (None, compile_query("late")):
            whole = [one.id for one in store.searching.search(query, filters, 100).found]
            steps = page_by_page(store, query, filters, Effort(rows=60, signs=10_000))
            assert [one.id for page in steps for one in page.found] == whole


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
    store.mentions.delete(Chosen(source="feed"))
    assert numbers(store, "words") == []
    keep(store, mention("3", "the first words"))
    assert numbers(store, "first") == ["3"]
    assert store.file.integrity_check() == []


def test_an_author_is_found_whatever_else_was_written(store: Store) -> None:
    keep(
        store, mention("1", "Late.", author="jo"), mention("2", "Bag lost.", author="al"), mention("3", "Late again.", author="jo")
    )
    page = store.searching.search(None, Filters(brand="acme", author="jo"), 9)
    assert ([one.external_id for one in page.found], page.examined) == (["3", "1"], 2)
    assert numbers(store, "again", Filters(brand="acme", author="jo")) == ["3"]
    assert numbers(store, filters=Filters(author="nobody")) == []


def test_a_story_is_all_its_copies(store: Store) -> None:
    words = "Acme lost my bag on the way to Leeds and nobody at the desk could say where it went."
    keep(store, mention("1", words), mention("2", "Quite another bag."), mention("3", words))
    (one,) = store.searching.search(None, Filters(brand="acme", story="1"), 1).found
    assert (one.copies, numbers(store, filters=Filters(brand="acme", story="1"))) == (2, ["3", "1"])
    assert numbers(store, filters=Filters(brand="acme", story="99")) == []
    assert numbers(store, "Leeds", Filters(brand="acme", story="2")) == []


def test_an_imported_column_and_a_thread_narrow_a_search(store: Store) -> None:
    keep(store, mention("1", "North.", attributes={"region": " North "}), mention("2", "South.", parent="thread 7"))
    assert numbers(store, filters=Filters(brand="acme", segment="region:North")) == ["1"]
    assert numbers(store, filters=Filters(brand="acme", segment="region:South")) == []
    assert numbers(store, filters=Filters(brand="acme", thread="thread 7")) == ["2"]


def test_who_says_that_it_was_promised_is_found_among_those_who_say_that_it_was_broken(store: Store) -> None:
    keep(store, mention("1", "You promised that bags arrive."), mention("2", "My bag did not arrive."))
    read(store, reading(BAD, said("bags", "broken")))
    assert numbers(store, filters=Filters(brand="acme", promise="bags", stance="outright")) == ["1"]
    assert numbers(store, filters=Filters(brand="acme", stance="broken")) == ["2", "1"]


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
    store.corrections.correct("acme", [one.id], "positive", NOON)
    (found,) = store.searching.search(None, Filters(brand="acme", label="positive"), 9).found
    assert (found.label, found.said) == ("positive", True)


def test_what_the_brand_says_itself_is_shown_as_its_own_voice_and_not_as_a_mood(store: Store) -> None:
    keep(store, mention("advert", voice="brand"), mention("praise"))
    read(store, reading(GOOD))
    shown = {
        one.external_id: (_row(one)[3], as_row(one)["label"])
        for one in store.searching.search(None, Filters(brand="acme"), 9).found
    }
    assert shown == {"advert": ("own voice", None), "praise": ("positive", "positive")}


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
