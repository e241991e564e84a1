"""The quotes that a report carries with it: the newest of every side and mood, and what was copied most."""

from datetime import timedelta

from monitor.store import Store
from reports.evidence import Window
from tests.monitor.store_builders import BAD, GOOD, JUNE, NOON, PRESS_TEXT, keep, mention, read, reading, said


def test_the_newest_of_each_side_come_first_and_no_more_than_asked_for(store: Store) -> None:
    keep(store, *(mention(str(day), published=NOON + timedelta(days=day)) for day in range(5)))
    read(store, reading(BAD, said("bags", "broken")))
    keep(store, mention("kept", published=NOON))
    read(store, reading(GOOD, said("bags", "kept")))

    found = store.quotes.newest("acme", JUNE, 2)

    broken = [one.published for one in found if one.stance == "broken"]
    assert broken == [NOON + timedelta(days=4), NOON + timedelta(days=3)]
    assert [one.promise for one in found if one.stance == "kept"] == ["bags"]
    assert [one.published for one in found if one.label == "negative" and not one.promise] == broken


def test_other_days_other_brands_and_the_brands_own_words_have_no_quote(store: Store) -> None:
    keep(store, mention("late"), mention("advert", voice="brand"))
    read(store, reading(BAD, said("bags", "broken")))
    assert [one.promise for one in store.quotes.newest("acme", JUNE, 9) if one.stance] == ["bags"]
    assert store.quotes.newest("beta", JUNE, 9) == ()
    assert store.quotes.newest("acme", Window(JUNE.until, JUNE.until + timedelta(days=1)), 9) == ()


def test_each_week_and_each_segment_has_its_own_newest_quotes_of_both_sides(store: Store) -> None:
    keep(store, *(mention(str(day), published=NOON + timedelta(days=day), source="forum") for day in range(10)))
    keep(store, mention("elsewhere", published=NOON, source="table", attributes={"region": " North "}))
    read(store, reading(BAD, said("bags", "broken")))
    keep(store, mention("kept", published=NOON, source="forum"))
    read(store, reading(GOOD, said("bags", "kept")))

    starts = [NOON.date(), NOON.date() + timedelta(days=7)]
    parts = store.quotes.of_parts("acme", JUNE, starts, ("source", "region"), 2)

    def told(dimension: str, value: str) -> list[tuple[str | None, str, int]]:
        return [(one.stance, one.source, (one.published - NOON).days) for one in parts["bags", dimension, value]]

    assert told("", starts[1].isoformat()) == [("broken", "forum", 9), ("broken", "forum", 8)]
    assert sorted(told("", starts[0].isoformat())) == [("broken", "forum", 5), ("broken", "forum", 6), ("kept", "forum", 0)]
    assert told("source", "table") == told("region", "North") == [("broken", "table", 0)]
    assert {one.label for one in parts["", "source", "table"]} == {"negative"}
    assert ("bags", "region", "") not in parts


def test_a_day_before_the_first_part_of_time_belongs_to_none(store: Store) -> None:
    keep(store, mention("early", published=NOON))
    read(store, reading(BAD, said("bags", "broken")))
    parts = store.quotes.of_parts("acme", JUNE, [NOON.date() + timedelta(days=1)], ("source",), 2)
    assert {dimension for _, dimension, _ in parts} == {"source"}


def test_what_stands_in_many_places_is_told_once_with_how_many_and_adverts_are_no_story(store: Store) -> None:
    outlets = [mention(f"press {at}", PRESS_TEXT, author=f"outlet {at}", voice="press") for at in range(4)]
    adverts = [mention(f"advert {at}", PRESS_TEXT + " Only with us, today.", author="acme", voice="brand") for at in range(5)]
    keep(store, *outlets, mention("alone"), *adverts)
    (story,) = store.quotes.copied("acme", JUNE, 3)
    assert (story.n, story.voices, story.voice) == (4, 4, "press")
    assert story.words.startswith(PRESS_TEXT[:20])


def test_a_text_in_two_places_is_no_news(store: Store) -> None:
    keep(store, *(mention(f"press {at}", PRESS_TEXT, author=f"outlet {at}", voice="press") for at in range(2)))
    assert store.quotes.copied("acme", JUNE, 3) == ()
