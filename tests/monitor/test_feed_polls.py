"""However a feed is looked at, the same items make the same store."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.store import Store
from sources.feed_source import FeedSource
from sources.http import Gateway, Response
from tests.monitor.store_builders import ACME, NOON, content, matched
from tests.sources.feed_server import Item, atom, rss

STAMP = "%Y-%m-%dT%H:%M:%SZ"
Poll = Sequence[Item]


class _Shows(Gateway):
    """Shows one snapshot at each look."""

    def __init__(self, snapshots: Sequence[bytes]) -> None:
        super().__init__("ops@example.org")
        self._snapshots = iter(snapshots)

    def get(self, url: str, headers: Any, now: datetime) -> Response:
        return Response(200, url, {"Content-Type": "application/xml"}, next(self._snapshots))


def kept(snapshots: Sequence[bytes]) -> list[list[tuple[Any, ...]]]:
    """What a store holds after one look at each snapshot."""
    with Store(":memory:") as store:
        store.brands.sync([ACME])
        source = FeedSource("feed", "https://feed.example/", _Shows(snapshots))
        for number in range(len(snapshots)):
            now = NOON + timedelta(days=1, minutes=number)
            store.mentions.keep("feed", source.collect(store.sources.cursor("feed"), now), matched(), now)
        return content(store)


def version(item: int, edit: int) -> Item:
    at = NOON + timedelta(hours=item)
    return Item(
        f"urn:{item}",
        f"Bag {item}",
        f"My bag number {item} came with me on the belt, says edit {edit}.",
        f"https://feed.example/{item}",
        f"{at:{STAMP}}",
        f"{at + timedelta(minutes=edit):{STAMP}}",
    )


@st.composite
def polls(draw: st.DrawFn, shown: Sequence[Item]) -> list[Poll]:
    """`shown` in any order, some again, split anywhere; an item stands once in a snapshot, as in any sane feed."""
    again = draw(st.lists(st.sampled_from(shown), max_size=4))
    made: list[list[Item]] = [[]]
    for item in draw(st.permutations([*shown, *again])):
        if draw(st.booleans()) or item.link in {one.link for one in made[-1]}:
            made.append([])
        made[-1].append(item)
    return made


edits = st.lists(st.integers(1, 3), min_size=1, max_size=4).map(
    lambda counts: [version(item, edit) for item, count in enumerate(counts) for edit in range(count)]
)


@settings(max_examples=30, deadline=None)
@given(edits.flatmap(lambda shown: st.tuples(st.just(shown), polls(shown))))
def test_any_split_in_any_order_with_repeats_and_edits_gives_the_same_store(case: tuple[list[Item], list[Poll]]) -> None:
    shown, split = case
    assert kept([atom(one) for one in split]) == kept([atom([one]) for one in shown])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.permutations(range(4)).flatmap(lambda order: st.integers(0, 4).map(lambda n: order[:n])), max_size=5), st.data())
def test_an_item_whose_id_changes_stays_one_mention(looks: list[list[int]], data: st.DataObject) -> None:
    snapshots = []
    for look in [*looks, list(range(4))]:
        names = [data.draw(st.integers(0, 3), label="id") for _ in look]
        snapshots.append(rss([Item(f"{item}-{name}", *_words(item)) for item, name in zip(look, names, strict=True)]))
    mentions = kept(snapshots)[0]
    assert sorted(row[2:4] for row in mentions) == sorted(_words(item)[:2] for item in range(4))


def _words(item: int) -> tuple[str, str, str]:
    one = version(item, 0)
    return one.title, one.text, one.link


def test_an_edit_under_the_same_id_keeps_the_earlier_text() -> None:
    first, second = version(1, 0), version(1, 1)
    rows = kept([rss([first]), rss([second])])
    assert [row[3] for row in rows[0]] == [second.text]
    assert [row[3] for row in rows[4]] == [first.text]
