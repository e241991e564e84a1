"""What the store keeps, hands out and refuses."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor import migrations
from monitor.storage.connection import StoreError
from monitor.store import Brand, Kept, Listening, Match, Store
from reports.evidence import AdvertisedPromise, Window
from sources.mention import Mention
from sources.source import Batch, DeniedError, GoneError, RateLimitedError, Skipped, TemporaryError
from tests.monitor.store_builders import (
    ACME,
    BAD,
    BETA,
    GOOD,
    NOON,
    PRESS_TEXT,
    content,
    evidence,
    keep,
    matched,
    mention,
    read,
    reading,
    said,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "promisewatch.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as opened:
        opened.brands.sync([ACME, BETA])
        yield opened


class TestKeeping:
    def test_a_mention_is_new_once_and_unchanged_after(self, store: Store) -> None:
        assert keep(store, mention("1"), mention("2")) == Kept(new=2)
        before = content(store)
        assert keep(store, mention("1"), mention("2")) == Kept(unchanged=2)
        assert content(store) == before

    def test_it_keeps_everything_that_the_mention_says(self, store: Store) -> None:
        given = mention(
            "1",
            "Text",
            title="Title",
            url="https://x.org/1",
            language="en",
            rating=0.8,
            parent="Q?",
            attributes={"region": "north"},
        )
        keep(store, given, now=NOON + timedelta(hours=1))
        (stored,) = store.mentions.each()
        assert (stored.source, stored.external_id, stored.text, stored.title) == ("feed", "1", "Text", "Title")
        assert (stored.url, stored.author, stored.voice, stored.language) == ("https://x.org/1", "author 1", "customer", "en")
        assert (stored.published, stored.collected) == (NOON, NOON + timedelta(hours=1))
        assert (stored.brands, stored.rating, stored.attributes) == (("acme",), 0.8, {"region": "north"})

    def test_a_copy_of_a_known_text_is_counted_as_a_copy_and_shares_its_story(self, store: Store) -> None:
        assert keep(store, mention("1", PRESS_TEXT), mention("2", PRESS_TEXT + " https://t.co/x")) == Kept(new=1, copies=1)
        assert keep(store, mention("3", PRESS_TEXT)) == Kept(copies=1)
        assert len({stored.story for stored in store.mentions.each()}) == 1

    def test_an_edit_keeps_the_earlier_text_and_is_read_again(self, store: Store) -> None:
        keep(store, mention("1", "It was good."))
        read(store, reading())
        assert keep(store, mention("1", "It was good until it was not.")) == Kept(edited=1)
        assert [task.text for task in store.readings.unread("m1", 9)] == ["It was good until it was not."]
        assert evidence(store).sentiment == ()
        assert ("feed", "1", "", "It was good.") in content(store)[4]

    def test_an_earlier_text_that_comes_again_is_no_edit(self, store: Store) -> None:
        """Caches bring old pages, and a repeated import brings old rows: neither undoes the edit."""
        keep(store, mention("1", "first"), mention("1", "second"))
        before = content(store)
        assert keep(store, mention("1", "first"), mention("1", "second")) == Kept(unchanged=2)
        assert content(store) == before

    def test_an_edit_into_and_out_of_a_story_regroups_it(self, store: Store) -> None:
        keep(store, mention("1", PRESS_TEXT), mention("2", PRESS_TEXT), mention("3"))
        keep(store, mention("2", "I have nothing to say about this any more."))
        read(store, reading())
        assert {row.story for row in evidence(store).sentiment} == {0}
        assert evidence(store).coverage.stories == 3

    def test_a_mention_of_no_brand_is_counted_and_not_stored(self, store: Store) -> None:
        assert keep(store, mention("1"), match=lambda _: ()) == Kept(unmatched=1)
        assert list(store.mentions.each()) == []

    def test_an_edit_that_speaks_of_no_brand_any_more_leaves_the_reports(self, store: Store) -> None:
        keep(store, mention("1", "Acme lost my bag."))
        keep(store, mention("1", "Somebody lost my bag."), match=lambda _: ())
        assert evidence(store).coverage.mentions == 0
        assert [stored.text for stored in store.mentions.each()] == ["Somebody lost my bag."]

    def test_a_known_mention_is_matched_to_a_brand_that_comes_later(self, store: Store) -> None:
        keep(store, mention("1"))
        keep(store, mention("1"), match=matched("acme", "beta"))
        assert [stored.brands for stored in store.mentions.each()] == [("acme", "beta")]
        assert {task.target for task in store.readings.unread("m1", 9)} == {"Acme Air", "Beta Bank"}

    def test_half_a_surrogate_pair_does_not_stop_the_batch(self, store: Store) -> None:
        assert keep(store, mention("1", "broken \ud83d emoji"), mention("2")) == Kept(new=2)
        assert next(stored.text for stored in store.mentions.each()) == "broken ? emoji"

    def test_a_batch_is_kept_whole_or_not_at_all(self, store: Store) -> None:
        bad = Batch((mention("1"), mention("2")), cursor={"etag": "new"})
        with pytest.raises(sqlite3.IntegrityError):
            store.mentions.keep(
                "feed", bad, lambda one: [Match("acme" if one.external_id == "1" else "nobody", date(2026, 6, 1))], NOON
            )
        assert list(store.mentions.each()) == []
        assert store.sources.cursor("feed") == {}

    def test_another_time_zone_moves_the_brands_days(self, store: Store) -> None:
        keep(store, mention("1", published=datetime(2026, 6, 1, 22, tzinfo=UTC)))
        read(store, reading())
        evidence(store)
        store.brands.sync([replace(ACME, timezone="Europe/Riga")])
        assert [row.day for row in evidence(store).sentiment] == [date(2026, 6, 2)]
        assert store.brands.newest_day("acme") == date(2026, 6, 2)


class TestImport:
    @staticmethod
    def rows(count: int, fail_at: int = -1) -> Iterator[tuple[Mention, list[Match]]]:
        for number in range(count):
            if number == fail_at:
                raise KeyboardInterrupt
            yield (
                mention(str(number), source="table", published=NOON - timedelta(minutes=number)),
                [Match("acme", date(2026, 6, 1))],
            )

    def test_an_interrupted_import_is_taken_up_without_duplicates(self, store: Store) -> None:
        with pytest.raises(KeyboardInterrupt):
            store.mentions.import_rows(self.rows(120, fail_at=110), NOON, at_once=100)
        assert store.mentions.import_rows(self.rows(120), NOON, at_once=100) == Kept(new=20, unchanged=100)
        assert evidence(store).coverage.mentions == 120

    def test_it_says_how_far_it_is(self, store: Store) -> None:
        seen: list[int] = []
        store.mentions.import_rows(self.rows(201), NOON, seen.append, at_once=100)
        assert seen == [100, 200, 201]


class TestExport:
    def test_mentions_are_chosen_by_brand_and_by_day(self, store: Store) -> None:
        keep(store, mention("1"), mention("2", published=NOON + timedelta(days=1)))
        keep(store, mention("3"), match=matched("beta"))
        assert [one.external_id for one in store.mentions.each()] == ["1", "2", "3"]
        assert [one.external_id for one in store.mentions.each("acme")] == ["1", "2"]
        assert [one.external_id for one in store.mentions.each("acme", Window(date(2026, 6, 2), date(2026, 6, 3)))] == ["2"]

    def test_more_mentions_than_a_page_all_come_once(self, store: Store) -> None:
        store.mentions.import_rows(TestImport.rows(2500), NOON)
        assert sorted(int(one.external_id) for one in store.mentions.each()) == list(range(2500))


class TestSources:
    def test_a_collection_leaves_its_cursor_and_its_counts(self, store: Store) -> None:
        store.sources.sync([Listening("feed", "feed", "https://x.org/rss", ("acme",))])
        batch = Batch(
            (mention("1"),), {"etag": "a"}, (Skipped("no text", "<item/>"),), wait=timedelta(hours=1), moved_to="https://y.org"
        )
        store.mentions.keep("feed", batch, matched(), NOON)
        (state,) = store.sources.states()
        assert (store.sources.cursor("feed"), state.cursor) == ({"etag": "a"}, {"etag": "a"})
        assert state.last == Kept(new=1, skipped=1)
        assert (state.state, state.collected, state.not_before) == ("active", NOON, NOON + timedelta(hours=1))
        assert (state.address, state.moved_to, state.brands) == ("https://x.org/rss", "https://y.org", ("acme",))

    def test_a_new_address_forgets_where_the_former_one_had_moved_to(self, store: Store) -> None:
        source = Listening("feed", "feed", "https://x.org/rss")
        store.sources.sync([source])
        store.mentions.keep("feed", Batch(moved_to="https://y.org", cursor={"etag": "a"}), matched(), NOON)
        store.sources.sync([source])
        assert store.sources.states()[0].moved_to == "https://y.org"
        store.sources.sync([replace(source, address="https://z.org")])
        assert store.sources.states()[0].moved_to == ""
        assert store.sources.cursor("feed") == {"etag": "a"}

    def test_failures_are_counted_until_it_is_heard_again(self, store: Store) -> None:
        assert store.sources.failed("feed", TemporaryError("time-out"), NOON) == "active"
        assert store.sources.failed("feed", RateLimitedError("429", until=NOON + timedelta(hours=2)), NOON) == "limited"
        (state,) = store.sources.states()
        assert (state.failures, state.error, state.not_before) == (2, "429", NOON + timedelta(hours=2))
        keep(store, mention("1"))
        (state,) = store.sources.states()
        assert (state.failures, state.error, state.state, state.not_before) == (0, "", "active", None)

    def test_a_refusal_and_an_end_are_states_of_their_own(self, store: Store) -> None:
        assert store.sources.failed("a", DeniedError("403", remedy="ask them"), NOON) == "denied"
        assert store.sources.failed("b", GoneError("410"), NOON) == "gone"
        assert [(one.state, one.remedy) for one in store.sources.states()] == [("denied", "ask them"), ("gone", "")]

    def test_a_paused_source_stays_paused_until_it_is_taken_up(self, store: Store) -> None:
        store.sources.sync([Listening("feed", "feed", "https://x.org")])
        assert store.sources.pause("feed", NOON)
        store.sources.failed("feed", TemporaryError("x"), NOON)
        keep(store, mention("1"))
        assert store.sources.states()[0].state == "paused"
        store.sources.pause("feed", NOON, paused=False)
        assert store.sources.states()[0].state == "active"
        assert not store.sources.pause("nobody", NOON)


class TestHoles:
    def test_hours_that_were_blind_alike_are_one_hole(self, store: Store) -> None:
        for hours in (0, 1, 2, 3):
            store.sources.failed("feed", TemporaryError("time-out"), NOON + timedelta(hours=hours))
        keep(store, now=NOON + timedelta(hours=4))
        store.sources.failed("feed", TemporaryError("reset"), NOON + timedelta(hours=5))
        first, second, _ = evidence(store).coverage.holes
        assert (first.since, first.until, first.heard, first.reason) == (NOON, NOON + timedelta(hours=4), "blind", "time-out")
        assert (second.since, second.until) == (NOON + timedelta(hours=5), NOON + timedelta(hours=6))

    def test_success_in_the_same_hour_mends_a_blind_hour_but_not_a_partial_one(self, store: Store) -> None:
        store.sources.failed("feed", TemporaryError("time-out"), NOON)
        keep(store, now=NOON + timedelta(minutes=10))
        assert evidence(store).coverage.holes == ()
        store.mentions.keep("feed", Batch(heard="partial", reason="more than 100 new"), matched(), NOON + timedelta(hours=1))
        keep(store, now=NOON + timedelta(hours=1, minutes=10))
        assert [(one.heard, one.reason) for one in evidence(store).coverage.holes] == [("partial", "more than 100 new")]

    def test_only_holes_of_the_brands_sources_in_the_brands_days_are_told(self, store: Store) -> None:
        store.brands.sync([replace(ACME, timezone="Europe/Riga")])
        store.sources.sync(
            [Listening("theirs", "feed", "https://b.org", ("beta",)), Listening("feed", "feed", "https://a.org", ("acme",))]
        )
        inside = datetime(2026, 6, 1, tzinfo=ZoneInfo("Europe/Riga"))
        store.sources.failed("theirs", TemporaryError("x"), NOON)
        store.sources.failed("feed", TemporaryError("x"), inside)
        store.sources.failed("feed", TemporaryError("x"), inside - timedelta(hours=1))
        found = [(one.source, one.since) for one in evidence(store).coverage.holes if one.reason == "x"]
        assert found == [("feed", inside)]


class TestReading:
    def test_it_hands_out_the_newest_first_with_what_a_reader_needs(self, store: Store) -> None:
        keep(store, mention("1", title="Bad"), mention("2", published=NOON + timedelta(days=1), voice="press"))
        first, second = store.readings.unread("m1", 9)
        assert (first.text, first.target, first.voice, first.brand) == (mention("2").text, "Acme Air", "press", "acme")
        assert second.text == f"Bad\n{mention('1').text}"
        assert store.readings.unread("m1", 1) == [first]

    def test_what_is_read_is_not_handed_out_again(self, store: Store) -> None:
        keep(store, mention("1"), mention("2"))
        read(store, reading(), limit=1)
        assert len(store.readings.unread("m1", 9)) == 1

    def test_another_model_reads_everything_and_the_former_one_nothing_twice(self, store: Store) -> None:
        keep(store, mention("1"), mention("2"))
        read(store, reading())
        assert len(store.readings.unread("m2", 9)) == 2
        read(store, reading(BAD, model="m2"))
        assert store.readings.unread("m1", 9) == []
        keep(store, mention("3"))
        assert len(store.readings.unread("m1", 9)) == 1
        assert len(store.readings.unread("m2", 9)) == 1

    def test_a_reading_of_a_text_that_was_edited_meanwhile_is_not_saved(self, store: Store) -> None:
        keep(store, mention("1", "before"))
        tasks = store.readings.unread("m1", 9)
        keep(store, mention("1", "after"))
        assert store.readings.save([(task, reading()) for task in tasks]) == 0
        assert [task.text for task in store.readings.unread("m1", 9)] == ["after"]

    def test_saving_a_reading_twice_changes_nothing(self, store: Store) -> None:
        keep(store, mention("1"))
        tasks = store.readings.unread("m1", 9)
        store.readings.save([(task, reading()) for task in tasks])
        before = content(store)
        store.readings.save([(task, reading()) for task in tasks])
        assert content(store) == before


class TestPromises:
    def test_they_are_those_of_the_configuration_in_its_order(self, store: Store) -> None:
        changed = AdvertisedPromise("bags", "Bags in ten minutes.", "product and service", "guarantee", 99.0, date(2026, 1, 1))
        store.brands.sync([replace(ACME, promises=(changed, ACME.promises[0]))])
        assert store.brands.promises("acme") == (changed, ACME.promises[0])

    def test_one_that_is_no_longer_made_comes_back_with_its_history(self, store: Store) -> None:
        store.brands.sync([replace(ACME, promises=ACME.promises[:1])])
        assert store.brands.promises("acme") == ACME.promises[:1]
        store.brands.sync([ACME])
        assert store.brands.promises("acme") == ACME.promises

    def test_an_unknown_brand_is_refused_with_the_known_ones(self, store: Store) -> None:
        with pytest.raises(StoreError, match="no brand 'acne'") as caught:
            evidence(store, "acne")
        assert caught.value.remedy == "use one of: acme, beta"

    def test_the_newest_day_of_a_brand_that_nobody_spoke_of_is_none(self, store: Store) -> None:
        assert store.brands.newest_day("acme") is None


class TestTrouble:
    def test_a_second_writer_waits_and_then_says_what_to_do(self, store: Store, path: Path) -> None:
        with Store(path, busy_seconds=0.05) as second, store.door.writing(), pytest.raises(StoreError, match="locked") as caught:
            second.brands.sync([replace(ACME, name="Acme Airways")])
        assert "another promisewatch is writing" in caught.value.remedy
        assert isinstance(caught.value.__cause__, sqlite3.OperationalError)

    def test_a_number_past_all_that_is_stored_names_nothing(self, store: Store) -> None:
        with pytest.raises(StoreError, match="so high a number"):
            store.causes.find(2**63)

    def test_a_reader_never_waits_for_a_writer(self, store: Store, path: Path) -> None:
        with Store(path, busy_seconds=0.05) as second, store.door.writing():
            assert second.brands.promises("acme") == ACME.promises

    def test_two_that_open_a_new_store_at_once_make_it_once(self, tmp_path: Path) -> None:
        def brands(_: int) -> int:
            with Store(tmp_path / "new.db") as opened:
                return len(opened.sources.states())

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(brands, range(4))) == [0] * 4

    def test_a_full_disk_loses_nothing_that_was_there(self, store: Store) -> None:
        keep(store, mention("1"))
        (pages,) = store.door.connection.execute("PRAGMA page_count").fetchone()
        store.door.connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match="full") as caught:
            store.mentions.import_rows(TestImport.rows(5000), NOON)
        assert "free some space" in caught.value.remedy
        assert [one.external_id for one in store.mentions.each()] == ["1"]

    def test_a_store_that_may_not_be_written_says_so(self, store: Store) -> None:
        store.door.connection.execute("PRAGMA query_only = ON")
        with pytest.raises(StoreError, match="readonly") as caught:
            keep(store, mention("1"))
        assert "read-only" in caught.value.remedy

    def test_a_missing_folder_says_so(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="unable to open") as caught:
            Store(tmp_path / "nowhere" / "a.db")
        assert "folder exists" in caught.value.remedy

    def test_a_file_that_is_no_database_is_left_alone(self, path: Path) -> None:
        path.write_text("dear diary, " * 100)
        with pytest.raises(StoreError, match="not a database"):
            Store(path)
        assert path.read_text().startswith("dear diary")

    def test_another_programs_database_is_left_alone(self, path: Path) -> None:
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE bookmarks (url)")
        other.close()
        with pytest.raises(StoreError, match="another program's database"):
            Store(path)

    def test_a_store_of_a_newer_version_is_left_alone(self, store: Store, path: Path) -> None:
        store.door.connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, 'from_the_future', '')", (migrations.SET,)
        )
        with pytest.raises(StoreError, match="newer promisewatch") as caught:
            Store(path)
        assert "upgrade" in caught.value.remedy

    def test_a_step_that_fails_leaves_the_shape_as_it_was(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        Store(path).close()

        def breaks_halfway(db: sqlite3.Connection) -> None:
            db.execute("CREATE TABLE half (x)")
            raise ValueError("no")

        with monkeypatch.context() as patch:
            patch.setattr(migrations, "STEPS", (*migrations.STEPS, breaks_halfway))
            with pytest.raises(ValueError, match="no"):
                Store(path)
        with Store(path) as store:
            assert store.door.connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'half'").fetchall() == []


class TestCare:
    def test_a_sound_store_has_nothing_to_say(self, store: Store) -> None:
        keep(store, mention("1"))
        assert store.file.integrity_check() == []

    def test_a_row_without_its_parent_is_told(self, store: Store) -> None:
        keep(store, mention("1"))
        store.door.connection.execute("PRAGMA foreign_keys = OFF")
        store.door.connection.execute("DELETE FROM mentions")
        assert store.file.integrity_check() == ["a row of matches refers to a missing row of mentions"]

    def test_a_backup_made_while_it_is_open_holds_everything(self, store: Store, tmp_path: Path) -> None:
        keep(store, mention("1", PRESS_TEXT), mention("2", PRESS_TEXT))
        read(store, reading())
        copy = tmp_path / "copy.db"
        copy.write_text("an earlier copy")
        store.file.backup(copy)
        with Store(copy) as opened:
            assert content(opened) == content(store)
        assert not list(tmp_path.glob("*.part"))

    def test_a_backup_that_cannot_be_written_says_so(self, store: Store, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="unable to open"):
            store.file.backup(tmp_path / "nowhere" / "copy.db")

    def test_deleting_a_mention_deletes_all_that_hangs_on_it(self, store: Store) -> None:
        keep(store, mention("1"))
        read(store, reading(GOOD, said("bags", "kept")))
        store.door.connection.execute("DELETE FROM mentions")
        assert store.file.integrity_check() == []
        assert content(store) == [[], [], [], [], [], [], [(0,)]]


def test_opening_a_store_that_is_up_to_date_imports_nothing_slow(path: Path) -> None:
    """Commands that need no model start in under half a second; sqlite-utils alone takes as long."""
    import subprocess
    import sys

    Store(path).close()
    script = (
        "import sys\nfrom monitor.store import Store\n"
        f"Store({str(path)!r}).close()\n"
        "print(sorted({'sqlite_utils', 'numpy', 'torch', 'pandas', 'pydantic', 'courlan', 'urllib3'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert done.stdout.strip() == "[]"


def test_a_brand_without_promises_can_be_reported(store: Store) -> None:
    store.brands.sync([Brand("plain", "Plain", "UTC")])
    assert evidence(store, "plain").promises == ()
