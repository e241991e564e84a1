"""Queries that change: what is stored is matched anew, and what was left out can be taken back."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import Config, parse
from monitor.matching import Matcher
from monitor.pipeline import prepare, read
from monitor.rematching import BrandChange, rematch
from monitor.store import Kept, Store
from sources.mention import Mention
from sources.source import Batch
from tests.monitor.fake_reader import FakeReader
from tests.monitor.store_builders import content, rollups

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def configured(acme: str = "acme", beta: str = "beta", *, more: str = "", before: str = "") -> Config:
    return parse(
        f"""{before}
[[brand]]
id = "acme"
name = "Acme"
query = '{acme}'
{more}
[[brand]]
id = "beta"
name = "Beta"
query = '{beta}'
[[brand.promise]]
id = "time"
text = "We are on time."
"""
    )


def post(number: int, text: str, **rest: str) -> Mention:
    return Mention("forum", str(number), text, NOON, **({"author": f"author {number}"} | rest))  # type: ignore[arg-type]


@pytest.fixture
def store() -> Iterator[Store]:
    with Store(":memory:") as found:
        yield found


def keep(store: Store, config: Config, *posts: Mention, now: datetime = NOON) -> Kept:
    prepare(store, config)
    return store.mentions.keep("forum", Batch(posts), Matcher(config.brand, config.match).for_source(), now)


def applied(store: Store, config: Config, *brands: str, dry_run: bool = False, now: datetime = NOON) -> dict[str, BrandChange]:
    prepare(store, config)
    return dict(rematch(store, config, brands or [one.id for one in config.brand], now, dry_run=dry_run))


def speaking(store: Store, brand: str) -> list[str]:
    return [one.external_id for one in store.mentions.each(brand)]


def test_a_narrower_query_takes_mentions_away_and_deletes_none(store: Store) -> None:
    keep(store, configured(), post(1, "acme air"), post(2, "acme hardware"), post(3, "acme hardware by beta"))
    read(store, configured(), FakeReader())
    change = applied(store, configured("acme NOT hardware"))["acme"]
    assert (change.removed.count, change.added.count, change.mentions.count) == (2, 0, 1)
    assert (speaking(store, "acme"), speaking(store, "beta")) == (["1"], ["3"])
    assert len(list(store.mentions.each())) == 3


def test_a_wider_query_adds_what_is_stored_for_another_brand(store: Store) -> None:
    keep(store, configured(), post(1, "acme"), post(2, "beta air"))
    change = applied(store, configured("acme OR air"))["acme"]
    assert change.added.count == 1
    assert speaking(store, "acme") == ["1", "2"]
    assert store.readings.count_unread() == 3


def test_a_wider_query_finds_what_spoke_of_no_brand_while_it_is_within_reach(store: Store) -> None:
    assert keep(store, configured(), post(1, "airline delays")).unmatched == 1
    wider = configured("acme OR airline")
    assert applied(store, wider, now=NOON + timedelta(days=8))["acme"].added.count == 0
    assert applied(store, wider, now=NOON + timedelta(days=6))["acme"].added.count == 1
    assert speaking(store, "acme") == ["1"]
    assert applied(store, wider)["acme"].added.count == 0


def test_what_spoke_of_no_brand_is_let_go_in_time(store: Store) -> None:
    short = configured(before='[match]\nkeep_unmatched = "1 day"')
    keep(store, short, post(1, "airline"))
    keep(store, short, post(2, "airline"), now=NOON + timedelta(days=2))
    assert [[one.external_id for one in page] for page in store.matching.unmatched(NOON)] == [["2"]]


def test_nothing_is_put_by_where_nothing_is_wanted(store: Store) -> None:
    keep(store, configured(before='[match]\nkeep_unmatched = "0 days"'), post(1, "airline"))
    assert list(store.matching.unmatched(NOON)) == []


def test_a_text_that_was_put_by_never_replaces_a_newer_one(store: Store) -> None:
    keep(store, configured(), post(1, "airline"))
    keep(store, configured(), post(1, "airline acme"))
    applied(store, configured("airline"))
    assert [one.text for one in store.mentions.each()] == ["airline acme"]


def test_a_dry_run_counts_the_same_and_changes_nothing(store: Store) -> None:
    keep(store, configured(), post(1, "acme"), post(2, "acme hardware"), post(3, "airline"), post(4, "beta airline"))
    wanted = configured("(acme OR airline) NOT hardware")
    before = content(store)
    tried = applied(store, wanted, dry_run=True)
    assert content(store) == before
    assert applied(store, wanted) == tried


def test_only_the_brands_that_are_asked_for_change(store: Store) -> None:
    keep(store, configured(), post(1, "acme beta"))
    assert set(applied(store, configured("nothing", "nothing"), "acme")) == {"acme"}
    assert (speaking(store, "acme"), speaking(store, "beta")) == ([], ["1"])


def test_what_somebody_assigned_stays(store: Store) -> None:
    config = configured()
    prepare(store, config)
    matcher = Matcher(config.brand, config.match)
    store.mentions.import_rows([(post(1, "no name of any brand"), matcher.assigned(post(1, ""), "acme"))], NOON)
    change = applied(store, configured("nothing", "name"))
    assert (change["acme"].removed.count, change["beta"].added.count) == (0, 0)
    assert speaking(store, "acme") == ["1"]


def test_spans_follow_the_query(store: Store) -> None:
    keep(store, configured(), post(1, "acme air"))
    change = applied(store, configured("air"))["acme"]
    assert (change.added.count, change.removed.count) == (0, 0)
    assert [one.matches["acme"][0] for page in store.matching.matched() for one in page] == [((5, 8),)]


def test_an_own_account_that_is_named_later_speaks_in_its_brands_voice(store: Store) -> None:
    keep(store, configured(), post(1, "acme and beta"))
    applied(store, configured(more='own_accounts = ["forum:author 1"]'))
    assert [one.voice for one in store.mentions.each("acme")] == ["brand"]
    assert [one.voice for one in store.mentions.each("beta")] == ["customer"]


def test_the_voice_of_one_brand_is_not_that_of_another(store: Store) -> None:
    keep(store, configured(more='own_accounts = ["forum:author 1"]'), post(1, "acme and beta"))
    assert {brand: said for page in store.matching.matched() for one in page for brand, (_, said) in one.matches.items()} == {
        "acme": "brand",
        "beta": "customer",
    }


class TestExclusions:
    def test_they_are_counted_by_day_and_reason_and_once(self, store: Store) -> None:
        config = configured("acme NOT hardware", more='deny = ["giveaway"]')
        posts = [post(1, "acme hardware"), post(2, "acme giveaway"), post(3, "acme giveaway beta"), post(4, "acme")]
        keep(store, config, *posts)
        keep(store, config, *posts)
        assert [tuple(one) for one in store.matching.exclusions("acme")] == [
            (date(2026, 6, 1), "deny giveaway", 2),
            (date(2026, 6, 1), 'NOT "hardware"', 1),
        ]
        assert store.matching.exclusions("beta") == []

    def test_they_are_taken_back(self, store: Store) -> None:
        denying = configured(more='deny = ["giveaway"]')
        keep(store, denying, post(1, "acme giveaway"), post(2, "beta acme giveaway"))
        assert speaking(store, "acme") == []
        assert applied(store, configured())["acme"].added.count == 2
        assert speaking(store, "acme") == ["2", "1"]
        assert store.matching.exclusions("acme") == []
        applied(store, denying)
        assert speaking(store, "acme") == []
        assert [one.mentions for one in store.matching.exclusions("acme")] == [2]

    def test_one_whose_text_is_mended_is_excluded_no_more(self, store: Store) -> None:
        config = configured("acme NOT hardware")
        keep(store, config, post(1, "acme hardware"))
        keep(store, config, post(1, "acme"))
        assert store.matching.exclusions("acme") == []

    def test_an_import_counts_them(self, store: Store) -> None:
        config = configured("acme NOT hardware")
        prepare(store, config)
        one = post(1, "acme hardware")
        store.mentions.import_rows([(one, Matcher(config.brand, config.match).for_source()(one))], NOON)
        assert [found.mentions for found in store.matching.exclusions("acme")] == [1]
        assert list(store.matching.unmatched(NOON)) == []


QUERIES = st.sampled_from(["acme", "acme OR air", "acme NOT air", "air NEAR/1 late", "=Acme", "*", "NOT late", "author:jo acme"])
TEXTS = st.lists(st.sampled_from(["acme", "Acme", "air", "late", "beta"]), min_size=1, max_size=3).map(" ".join)


@given(st.lists(TEXTS, min_size=1, max_size=5), QUERIES, QUERIES, QUERIES, QUERIES)
def test_a_query_that_changes_gives_what_it_would_have_given_from_the_start(
    texts: list[str], first: str, second: str, third: str, fourth: str
) -> None:
    posts = [post(number, text, author=("jo", "")[number % 2]) for number, text in enumerate(texts)]
    former, latter = configured(first, third), configured(second, fourth)
    with Store(":memory:") as changed, Store(":memory:") as fresh:
        keep(changed, former, *posts)
        read(changed, former, FakeReader())
        applied(changed, latter)
        keep(fresh, latter, *posts)
        for one in (changed, fresh):
            read(one, latter, FakeReader())
            one.evidence.refresh()
        matched = [{row[1:] for row in content(one)[1]} for one in (changed, fresh)]
        assert matched[0] == matched[1]
        assert rollups(changed) == rollups(fresh)
        assert all(changed.matching.exclusions(brand) == fresh.matching.exclusions(brand) for brand in ("acme", "beta"))
