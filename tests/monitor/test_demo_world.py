"""The demo's world: what is planted is there, exactly, and the same seed gives the same world."""

from collections import Counter
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor import config
from monitor.demo.configuration import configuration
from monitor.demo.phrases import load_texts
from monitor.demo.planted import ASSESSMENTS, RIVAL, RIVAL_QUERY
from monitor.demo.world import COPIES_OF_A_COMPLAINT, Item, World, generate
from monitor.stories import normalise, story_key
from sources.mention import Mention
from sources.query import compile_query

END = date(2026, 11, 16)
SEEDS = (1, 7, 2026)
MAIN = ("assembly", "delivery", "answer", "returns")


@pytest.fixture(scope="module", params=SEEDS)
def world(request: pytest.FixtureRequest) -> World:
    return generate(request.param, END)


def body(item: Item) -> str:
    return Mention(item.feed, item.id, item.text, item.published, item.title).body


def heard(world: World, promise: str, *, rival: bool = False) -> dict[int, tuple[int, int]]:
    """Voices that say kept and broken of the brand, or of its competitor, week by week."""
    counts = Counter(
        (world.week_of(item), item.stances[promise])
        for item in world.items
        if promise in item.stances and not item.copy_of and item.rival == rival
    )
    return {week: (counts[week, "kept"], counts[week, "broken"]) for week in range(1, world.weeks + 1)}


def share(counts: dict[int, tuple[int, int]], first: int, last: int) -> float:
    chosen = [counts[week] for week in range(first, last + 1)]
    return sum(kept for kept, _ in chosen) / sum(kept + broken for kept, broken in chosen)


def test_it_makes_the_same_world_from_the_same_seed() -> None:
    assert generate(3, END) == generate(3, END)


def test_it_makes_another_world_from_another_seed() -> None:
    assert {item.text for item in generate(3, END).items} != {item.text for item in generate(4, END).items}


def test_it_fills_the_twelve_iso_weeks_before_a_monday(world: World) -> None:
    assert world.since.weekday() == 0
    assert world.since == END - timedelta(days=84)
    assert {item.published.date() for item in world.items} == {world.since + timedelta(days=day) for day in range(84)}
    assert {item.published.tzinfo for item in world.items} == {UTC}


def test_it_ends_the_day_before_any_other_weekday() -> None:
    world = generate(1, END + timedelta(days=3))
    assert max(item.published.date() for item in world.items) == END + timedelta(days=2)
    assert world.week_of(world.items[0]) == 1
    assert world.week_of(world.items[-1]) == 12


def test_it_refuses_a_span_without_room_for_the_planted_changes() -> None:
    with pytest.raises(ValueError, match="needs 12 weeks"):
        generate(1, END, weeks=11)


def test_it_stays_small_enough_to_be_read_on_a_laptop(world: World) -> None:
    assert 2000 <= len(world.items) <= 2500
    assert {feed.name for feed in world.feeds} == {item.feed for item in world.items}


@pytest.mark.parametrize("promise", MAIN)
def test_it_lets_enough_customers_speak_every_week(world: World, promise: str) -> None:
    assert all(16 <= kept + broken <= 22 for kept, broken in heard(world, promise).values())


def test_it_plants_the_rate_of_every_week_to_the_nearest_voice(world: World) -> None:
    for promise in world.planted:
        owed = 0.0
        for week, (kept, broken) in heard(world, promise.id).items():
            owed += promise.rate(week, world.weeks) * (kept + broken) - kept
            assert abs(owed) <= 0.5, (promise.id, week)


def test_it_keeps_the_assembly_promise_all_the_time(world: World) -> None:
    assert all(broken <= 2 for _, broken in heard(world, "assembly").values())
    assert share(heard(world, "assembly"), 1, 12) == pytest.approx(0.96, abs=0.005)


def test_it_erodes_the_delivery_promise(world: World) -> None:
    counts = heard(world, "delivery")
    assert share(counts, 1, 2) > 0.9
    assert share(counts, 11, 12) < 0.66
    assert share(counts, 1, 4) > share(counts, 5, 8) > share(counts, 9, 12)
    assert share(counts, 1, 12) == pytest.approx(0.80, abs=0.01)


def test_it_breaks_the_answer_promise_in_week_nine(world: World) -> None:
    counts = heard(world, "answer")
    assert share(counts, 1, 8) == pytest.approx(0.97, abs=0.01)
    assert share(counts, 9, 12) == pytest.approx(0.08, abs=0.01)
    assert min(share(counts, week, week) for week in range(1, 9)) > max(share(counts, week, week) for week in range(9, 13))


def test_it_fixes_the_returns_promise_in_week_seven(world: World) -> None:
    counts = heard(world, "returns")
    assert share(counts, 1, 6) == pytest.approx(0.12, abs=0.01)
    assert share(counts, 7, 12) == pytest.approx(0.95, abs=0.01)


def test_it_lets_seven_customers_speak_of_the_forest_promise(world: World) -> None:
    counts = heard(world, "forest").values()
    assert (sum(kept for kept, _ in counts), sum(broken for _, broken in counts)) == (5, 2)


def test_it_advertises_the_promise_that_breaks_three_times_as_often_from_week_eight(world: World) -> None:
    counts = Counter((promise, world.week_of(item)) for item in world.items for promise in item.advertises)
    for promise in world.planted:
        usual = 12 if promise.fate == "unheard" else 3
        expected = [9 if promise.id == "answer" and week >= 8 else usual for week in range(1, 13)]
        assert [counts[promise.id, week] for week in range(1, 13)] == expected


def test_it_makes_a_claim_that_is_no_promise_of_the_configuration(world: World) -> None:
    claims = [item for item in world.items if "machine washable, always" in item.text]
    assert [world.week_of(item) for item in claims] == list(range(5, 13))
    assert {item.feed for item in claims} == {"adverts"}
    assert {item.advertises for item in claims} == {()}


def test_it_advertises_in_the_words_of_the_promise_and_in_the_brands_own_voice(world: World) -> None:
    voices = {feed.name: feed.voice for feed in world.feeds}
    texts = {promise.id: promise.text for promise in world.planted}
    adverts = [item for item in world.items if item.advertises]
    assert all(texts[promise] in item.text for item in adverts for promise in item.advertises)
    assert {voices[item.feed] for item in adverts} == {"brand"}
    assert {voices[item.feed] for item in world.items if item.stances or item.sentiment} == {"customer"}


def test_it_gives_every_item_an_identity_of_its_own(world: World) -> None:
    assert len({item.id for item in world.items}) == len(world.items)


def test_it_copies_a_text_only_where_copies_are_planted(world: World) -> None:
    stories = Counter(story_key(item.text, item.author, item.id) for item in world.items)
    assert sorted(count for count in stories.values() if count > 1) == [1 + COPIES_OF_A_COMPLAINT, 15]


def test_it_repeats_one_agency_text_under_fifteen_titles_in_week_nine(world: World) -> None:
    story = [item for item in world.items if item.text == load_texts("press")["copied_text"]]
    assert len({item.title for item in story}) == len({item.author for item in story}) == len(story) == 15
    assert {item.feed for item in story} == {"press"}
    assert {world.week_of(item) for item in story} == {9}
    assert [item.copy_of for item in story] == ["", *[story[0].id] * 14]


def test_it_lets_one_customer_repeat_a_complaint(world: World) -> None:
    copies = [item for item in world.items if item.copy_of and item.feed != "press"]
    first = next(item for item in world.items if item.id == copies[0].copy_of)
    assert len(copies) == COPIES_OF_A_COMPLAINT
    assert {(item.author, item.text, item.copy_of) for item in copies} == {(first.author, first.text, first.id)}
    assert all(first.published < item.published for item in copies)
    assert first.stances["answer"] == "broken"


def test_it_names_the_brand_so_that_the_query_takes_it_and_leaves_the_homonyms(world: World) -> None:
    query = compile_query(world.query)
    outside = [item for item in world.items if item.feed not in {"newsroom", "adverts"}]
    assert [item for item in outside if (query.match(body(item)) is not None) != item.about_brand] == []
    assert sum(not item.about_brand and not item.rival for item in outside) == 180


def test_it_lets_customers_of_a_competitor_live_through_two_of_the_promises_otherwise(world: World) -> None:
    told = [item for item in world.items if item.rival]
    assert not [item for item in told if item.about_brand or "arkspur" in item.title + item.text]
    query = compile_query(RIVAL_QUERY)
    assert all(query.match(body(item)) for item in told)
    assert not [item for item in world.items if not item.rival and query.match(body(item))]
    assert share(heard(world, "delivery", rival=True), 1, 12) == 1
    assert share(heard(world, "assembly", rival=True), 1, 12) == pytest.approx(0.5, abs=0.01)


def test_it_leaves_no_slot_open_and_no_list_of_texts_too_short(world: World) -> None:
    assert not [item for item in world.items if "{" in item.title + item.text or "}" in item.title + item.text]
    for promise in MAIN:
        texts = load_texts(promise)
        kept = {normalise(text) for text in texts["kept"] + texts["kept_facts"]}
        broken = {normalise(text) for text in texts["broken"] + texts["broken_facts"] + texts["sarcasm"]}
        assert len(kept) >= 45
        assert len(broken) >= 45
        assert not kept & broken


def test_it_plants_no_text_that_an_example_phrase_repeats(world: World) -> None:
    examples = [normalise(phrase) for promise in world.planted for phrase in (*promise.kept, *promise.broken)]
    customers = [normalise(item.text) for item in world.items if item.stances]
    assert not [(phrase, text) for phrase in examples for text in customers if phrase in text]


def test_it_writes_a_configuration_that_the_program_understands(world: World) -> None:
    text = configuration(world, lambda feed: f"http://127.0.0.1:8000/feed/{feed}", 'C:\\demo "out"/demo.db')
    parsed = config.parse(text)
    assert parsed.store.path == 'C:\\demo "out"/demo.db'
    assert parsed.network.allow_private_addresses
    assert [(source.source_id, source.voice) for source in parsed.source] == [(feed.name, feed.voice) for feed in world.feeds]
    brand, rival = parsed.brand
    assert (brand.competitors, rival.id, [one.id for one in parsed.own_brands]) == ((RIVAL,), RIVAL, [world.brand])
    assert {one.by: dict(one.ratings) for one in brand.assessment} == ASSESSMENTS
    assert {one.id: one.stage for one in brand.promise} == {one.id: one.stage for one in world.planted}
    assert parsed.causes.cost_per_dissatisfied_customer
    assert parsed.alert
    assert (brand.id, brand.query, brand.timezone) == (world.brand, world.query, world.timezone)
    assert [(one.id, one.text, one.strength, one.pillar, one.kept, one.broken, one.since) for one in brand.promise] == [
        (one.id, one.text, one.strength, one.pillar, one.kept, one.broken, world.since) for one in world.planted
    ]


def test_it_keeps_the_day_of_the_brand_and_of_utc_the_same(world: World) -> None:
    zone = ZoneInfo(world.timezone)
    assert all(item.published.astimezone(zone).date() == item.published.date() for item in world.items)
