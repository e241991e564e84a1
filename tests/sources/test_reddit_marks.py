import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sources.reddit_marks import ANCHORS, Mark, look, mark_from_json
from sources.reddit_things import Thing, author_name, from_api, is_withdrawn, permalink

START = datetime(2026, 9, 1, tzinfo=UTC)
LISTED, FULL = 30, 20


def thing(number: int) -> Thing:
    return Thing(f"t3_{number}", START + timedelta(seconds=number))


@given(st.lists(st.tuples(st.integers(0, 60), st.sets(st.integers(0, 200), max_size=60)), min_size=2, max_size=8))
def test_what_was_never_listed_between_two_looks_is_always_noticed(rounds: list[tuple[int, set[int]]]):
    alive: list[int] = []
    seen: set[str] = set()
    mark, number, complete = None, 0, True
    for place, (arrivals, deleted) in enumerate(rounds):
        alive = [one for at, one in enumerate(alive) if at not in deleted] + list(range(number, number + arrivals))
        number += arrivals
        found = look([thing(one) for one in reversed(alive)][:LISTED], mark, FULL)
        seen |= {one.id for one in found.things} | ({f"t3_{one}" for one in alive} if place == 0 else set())
        mark, complete = found.mark, complete and found.complete
        assert not complete or {f"t3_{one}" for one in alive} <= seen
        assert mark is not None
        assert len(mark.known) <= ANCHORS


def test_a_mark_survives_json():
    mark = look([thing(2), thing(1)], None, FULL).mark
    assert mark == Mark(("t3_2", "t3_1"), START + timedelta(seconds=2))
    assert mark_from_json(json.loads(json.dumps(mark.to_json()))) == mark


@pytest.mark.parametrize(
    "broken", [None, 3, {}, {"known": 3, "newest": 1}, {"known": [], "newest": "soon"}, {"known": [], "newest": 1e30}]
)
def test_a_mark_that_is_none_is_forgotten(broken: object):
    assert mark_from_json(broken) is None


@pytest.mark.parametrize(
    "notice",
    [
        *(
            "[removed]",
            "[deleted]",
            " [ Removed by Reddit ] ",
            "[deleted by user]",
            "[removed by moderator]",
            "[ Removed by Reddit on account of",
        ),
    ],
)
def test_a_notice_is_told_from_a_text(notice: str):
    assert is_withdrawn(notice) is notice.strip().endswith("]")


@pytest.mark.parametrize(
    "text", ["", "My bag was [removed] from the belt", "removed", "[deletedscenes] were good", "[removed]\n\nEdit: it is back"]
)
def test_a_text_that_speaks_of_removal_is_a_text(text: str):
    assert not is_withdrawn(text)


@pytest.mark.parametrize(("written", "name"), [("/u/Ann", "Ann"), ("u/Ann", "Ann"), ("Ann", "Ann"), ("[deleted]", ""), (None, "")])
def test_names_of_accounts(written: object, name: str):
    assert author_name(written) == name


def test_what_is_no_path_makes_no_address():
    assert [permalink(one) for one in (None, "", "r/travel", "http://[", 3)] == [""] * 5


@given(
    st.dictionaries(
        st.sampled_from(
            "id name created_utc author title selftext selftext_html body_html permalink subreddit parent_id edited".split()
        ),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.lists(st.text()) | st.just("t3_a"),
    )
)
@example({"id": "0", "created_utc": 6.77680361916768e16})
def test_whatever_the_api_says_is_a_thing_or_an_error_that_is_expected(values: dict[str, Any]):
    try:
        found = from_api(values)
    except (KeyError, TypeError, ValueError, OverflowError):
        return
    f"{found.title}{found.text}{found.author}{found.url}{found.subreddit}".encode()
    assert found.created.tzinfo is UTC
