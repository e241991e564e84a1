"""What is deleted is gone from reports and stories; what other brands and sources have stays."""

import csv
import json
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.app import App
from monitor.cli import run
from monitor.storage.forgetting import Chosen
from monitor.store import Kept, Store
from tests.monitor.store_builders import (
    ACME,
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

CONFIG = '[[brand]]\nid = "acme"\nname = "Acme Air"\nquery = "acme"\n'


@pytest.fixture(autouse=True)
def place(here: Path) -> Path:
    (here / "promisewatch.toml").write_text(CONFIG, encoding="utf-8")
    return here


def table(path: Path, *rows: tuple[str, str, str]) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "text", "date"), *rows])


def imported(*arguments: str, capsys: pytest.CaptureFixture[str]) -> dict[str, int]:
    capsys.readouterr()
    assert run(["import", *arguments, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


class TestStore:
    def test_a_source_is_deleted_as_if_it_had_never_been_heard(self) -> None:
        with Store(":memory:") as store, Store(":memory:") as other:
            for one in (store, other):
                one.brands.sync([ACME, BETA])
                keep(one, mention("1"), mention("2", PRESS_TEXT))
                read(one, reading(GOOD, said("bags", "kept")))
            for bad in ("3", "4"):
                store.mentions.import_rows([(mention(bad, PRESS_TEXT, source="wrong"), matched()(mention(bad)))], NOON)
            evidence(store)
            assert store.mentions.count(Chosen("wrong")) == 2
            assert store.mentions.delete(Chosen("wrong")) == 2
            assert content(store) == content(other)
            assert [one.id for one in store.sources.states()] == ["feed"]
            assert evidence(store).coverage == evidence(other).coverage
            assert store.file.integrity_check() == []

    def test_what_other_brands_match_stays_for_them(self) -> None:
        with Store(":memory:") as store:
            store.brands.sync([ACME, BETA])
            keep(store, mention("1"), match=matched("acme", "beta"))
            keep(store, mention("2"))
            assert store.mentions.delete(Chosen("feed", "acme")) == 2
            assert [(one.external_id, one.brands) for one in store.mentions.each()] == [("1", ("beta",))]

    def test_a_story_that_only_the_deleted_held_together_falls_apart(self) -> None:
        with Store(":memory:") as store:
            store.brands.sync([ACME])
            words = [f"word{number * number}" for number in range(144)]
            left, bridge, right = (" ".join(words[start : start + 100]) for start in (0, 22, 44))
            keep(store, mention("1", left), mention("2", right))
            store.mentions.import_rows([(mention("3", bridge, source="table"), matched()(mention("3")))], NOON)
            assert evidence(store).coverage.stories == 1
            store.mentions.delete(Chosen("table"))
            assert evidence(store).coverage.stories == 2

    def test_a_deleted_source_is_heard_from_the_beginning(self) -> None:
        with Store(":memory:") as store:
            store.brands.sync([ACME])
            keep(store, mention("1"))
            store.mentions.delete(Chosen("feed"))
            assert store.sources.cursor("feed") == {}
            assert keep(store, mention("1")) == Kept(new=1)

    def test_a_purge_takes_what_was_published_before(self) -> None:
        with Store(":memory:") as store:
            store.brands.sync([ACME])
            keep(store, mention("1"), mention("2", published=NOON - timedelta(days=9)))
            assert store.mentions.delete(Chosen(before="2026-05-30T00:00:00Z")) == 1
            assert [one.external_id for one in store.mentions.each()] == ["1"]


class TestCommands:
    def test_delete_says_how_many_and_asks(self, capsys: pytest.CaptureFixture[str], place: Path) -> None:
        table(place / "posts.csv", ("1", "acme was good", "2026-03-01"), ("2", "acme was late", "2026-03-02"))
        imported("posts.csv", capsys=capsys)
        assert run(["delete", "--source", "posts", "--dry-run"]) == 0
        assert "would delete: 2 mentions" in capsys.readouterr().err
        assert run(["delete", "--source", "posts"]) == 1
        assert run(["delete", "--source", "nowhere", "--yes"]) == 1
        assert "posts" in capsys.readouterr().err
        assert run(["delete", "--source", "posts", "--yes"]) == 0
        assert imported("posts.csv", capsys=capsys)["new"] == 2

    def test_delete_and_purge_tell_a_program_how_many(self, capsys: pytest.CaptureFixture[str], place: Path) -> None:
        table(place / "posts.csv", ("1", "acme was good", "2026-03-01"), ("2", "acme was late", "2026-03-02"))
        imported("posts.csv", capsys=capsys)

        def told(*words: str) -> object:
            capsys.readouterr()
            assert run([*words, "--format", "json"]) == 0
            return json.loads(capsys.readouterr().out)

        assert told("purge", "--older-than", "1 day", "--dry-run") == {"chosen": 2, "deleted": 0, "dry_run": True}
        assert told("delete", "--source", "posts", "--yes") == {"chosen": 2, "deleted": 2, "dry_run": False}
        assert told("purge", "--older-than", "1 day", "--yes") == {"chosen": 0, "deleted": 0, "dry_run": False}

    def test_purge_needs_a_number_of_days(self, capsys: pytest.CaptureFixture[str], place: Path) -> None:
        table(place / "posts.csv", ("1", "acme was good", "2020-03-01"))
        imported("posts.csv", capsys=capsys)
        assert run(["purge", "--older-than", "ages", "--yes"]) == 2
        assert run(["purge", "--older-than", "999999 days", "--yes"]) == 2
        assert run(["purge", "--older-than", "400 days", "--yes"]) == 0
        assert "deleted 1 mention" in capsys.readouterr().err


class TestImport:
    def test_update_puts_a_wrong_import_right(self, capsys: pytest.CaptureFixture[str], place: Path) -> None:
        table(place / "posts.csv", ("1", "acme was good", "02/03/2026"))
        imported("posts.csv", "--date-format", "%m/%d/%Y", capsys=capsys)
        again = imported("posts.csv", "--date-format", "%d/%m/%Y", capsys=capsys)
        assert (again["unchanged"], again["differing"]) == (1, 1)
        assert imported("posts.csv", "--date-format", "%d/%m/%Y", "--update", capsys=capsys)["edited"] == 1
        assert imported("posts.csv", "--date-format", "%d/%m/%Y", "--update", capsys=capsys)["unchanged"] == 1
        with App(place / "promisewatch.toml").open_store() as store:
            assert [f"{one.published:%Y-%m-%d}" for one in store.mentions.each()] == ["2026-03-02"]

    def test_a_column_that_names_several_rows_is_no_id(self, capsys: pytest.CaptureFixture[str], place: Path) -> None:
        rows = (("7", "acme was good", "2026-03-01"), ("7", "acme was late", "2026-03-02"), ("8", "acme!", "2026-03-02"))
        table(place / "posts.csv", *rows)
        assert run(["import", "posts.csv"]) == 1
        said = capsys.readouterr().err
        assert "'7' names rows that differ" in said
        assert "--map id=" in said
        assert imported("posts.csv", "--map", "id=", capsys=capsys)["new"] == 3

    def test_the_same_row_twice_is_no_reason_to_refuse(self, capsys: pytest.CaptureFixture[str], place: Path) -> None:
        table(place / "posts.csv", *[("7", "acme was good", "2026-03-01")] * 2)
        assert imported("posts.csv", capsys=capsys)["new"] == 1

    def test_another_file_of_the_same_name_is_told(self, capsys: pytest.CaptureFixture[str], place: Path) -> None:
        for folder in ("a", "b"):
            table(place / folder / "posts.csv", ("1", f"acme was good in {folder}", "2026-03-01"))
        run(["import", "a/posts.csv"])
        run(["import", "a/posts.csv"])
        assert "--source" not in capsys.readouterr().err
        run(["import", "b/posts.csv"])
        assert "--source NAME keeps two files apart" in capsys.readouterr().err
