"""A watched folder: each file once by its content, when it has come to rest, and nothing lost when it crashes in between."""

import gzip
import json
import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.folder import KIND, FolderOptions, column_map
from sources.folder_source import FolderSource
from sources.http import Gateway
from sources.kinds import Opening
from sources.source import Batch, LocalError, Source
from tests.servers import Answer, Loopback, Play
from tests.sources.contract import MentionContract

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
TABLE = "id,comment,posted,customer\n1,Late again,2026-08-31,ann\n2,On time,2026-08-31,bob\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    return tmp_path / "in"


def put(folder: Path, name: str, text: str | bytes = TABLE, ago: timedelta = timedelta(hours=1)) -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    at = (NOW - ago).timestamp()
    os.utime(path, (at, at))
    return path


def source(folder: Path, rows_at_once: int = 1000, **options: Any) -> FolderSource:
    return FolderSource("desk", FolderOptions(str(folder), **options), rows_at_once=rows_at_once)


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def texts(batch: Batch) -> list[str]:
    return [mention.text for mention in batch.mentions]


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


class TestContract(MentionContract):
    @pytest.fixture(autouse=True)
    def _remember(self, folder: Path) -> None:
        self._folder = folder

    def source(self, server: Loopback, gateway: Gateway) -> Source:
        return KIND.open(Opening("desk", FolderOptions(str(self._folder)), "customer", gateway, {}))

    def play(self, server: Loopback, answer: Play) -> None:
        assert isinstance(answer, Answer)
        put(self._folder, "a.csv", answer.body)

    def items(self) -> Answer:
        return Answer(body=TABLE.encode())


def test_a_table_becomes_mentions_by_the_options_of_an_import(folder: Path) -> None:
    put(folder, "a.csv", "nr;said;when;who;stars;region\n7;Late;31/08/2026 10:00;ann;4;west\n8;Late;01/09/2026 10:00;ann;1;east\n")
    options = {
        "map": (("id", "nr"), ("text", "said"), ("published", "when"), ("author", "who"), ("rating", "stars")),
        "keep": ("region",),
        "date_format": "%d/%m/%Y %H:%M",
        "timezone": "Europe/Riga",
        "best_rating": 5.0,
    }
    mention = source(folder, **options).collect({}, NOW).mentions[0]
    assert (mention.source, mention.external_id, mention.text, mention.author) == ("desk", "7", "Late", "ann")
    assert (mention.published, mention.rating) == (datetime(2026, 8, 31, 7, tzinfo=UTC), 0.8)
    assert mention.attributes == {"region": "west"}


def test_the_best_rating_is_not_guessed_from_a_file_in_which_nobody_was_pleased(folder: Path) -> None:
    put(folder, "a.jsonl", '{"id": 1, "text": "Bad", "rating": 1, "date": "2026-08-31"}\n')
    assert source(folder, best_rating=5.0).collect({}, NOW).mentions[0].rating == 0.2


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("a.jsonl", b'{"id": "1", "text": "Late again"}\n'),
        ("a.ndjson", b'{"id": "1", "text": "Late again"}\n'),
        ("a.tsv", b"id\ttext\n1\tLate again\n"),
        ("A.CSV", b"id,text\n1,Late again\n"),
        ("a.csv.gz", gzip.compress(b"id,text\n1,Late again\n")),
    ],
)
def test_every_notation_of_an_import_is_read(name: str, body: bytes, folder: Path) -> None:
    put(folder, name, body)
    assert texts(source(folder).collect({}, NOW)) == ["Late again"]


def test_rows_without_a_date_are_dated_by_their_file(folder: Path) -> None:
    put(folder, "a.csv", "id,text\n1,Late again\n", ago=timedelta(hours=5))
    assert source(folder).collect({}, NOW).mentions[0].published == NOW - timedelta(hours=5)


class TestBrands:
    def test_a_folder_may_be_about_one_brand(self, folder: Path) -> None:
        put(folder, "a.csv")
        assert {one.about for one in source(folder, brand="acme").collect({}, NOW).mentions} == {"acme"}

    def test_a_column_may_name_the_brand_of_each_row(self, folder: Path) -> None:
        put(folder, "a.csv", "id,text,airline\n1,Late,acme\n2,Late,Other Air\n3,Late,\n")
        assert [one.about for one in source(folder, brand_column="airline").collect({}, NOW).mentions] == ["acme", "Other Air", ""]


class TestHalfWritten:
    def test_a_file_that_was_just_written_to_is_left(self, folder: Path) -> None:
        put(folder, "a.csv", ago=timedelta(seconds=2))
        assert source(folder).collect({}, NOW).mentions == ()

    def test_it_is_taken_when_it_was_left_alone_for_a_minute(self, folder: Path) -> None:
        put(folder, "a.csv", ago=timedelta(seconds=2))
        assert len(source(folder).collect({}, after(1)).mentions) == 2

    def test_a_file_dated_ahead_by_another_clock_is_taken_when_two_looks_find_it_the_same(self, folder: Path) -> None:
        put(folder, "a.csv", ago=-timedelta(days=300))
        first = source(folder).collect({}, NOW)
        assert first.mentions == ()
        second = source(folder).collect(first.cursor, NOW + timedelta(seconds=10))
        assert {one.published for one in second.mentions} == {datetime(2026, 8, 31, tzinfo=UTC)}

    def test_a_file_that_grows_between_looks_is_left(self, folder: Path) -> None:
        put(folder, "a.csv", TABLE[:30], ago=-timedelta(days=1))
        cursor = source(folder).collect({}, NOW).cursor
        put(folder, "a.csv", TABLE, ago=-timedelta(days=1))
        assert source(folder).collect(cursor, after(1)).mentions == ()


class TestOnce:
    def test_a_file_stays_until_its_rows_are_known_to_be_kept(self, folder: Path) -> None:
        put(folder, "a.csv")
        crashed = source(folder).collect({}, NOW)
        assert names(folder) == {"a.csv"}
        again = source(folder).collect({}, after(1))
        assert texts(again) == texts(crashed)

    def test_then_it_moves_to_done_and_is_not_read_again(self, folder: Path) -> None:
        put(folder, "a.csv")
        first = source(folder).collect({}, NOW)
        second = source(folder).collect(first.cursor, after(1))
        assert (second.mentions, names(folder)) == ((), {"done/a.csv"})

    def test_the_same_content_under_another_name_is_put_away_unread(self, folder: Path) -> None:
        put(folder, "a.csv")
        cursor = source(folder).collect({}, NOW).cursor
        put(folder, "b.csv")
        batch = source(folder).collect(cursor, after(1))
        assert (batch.mentions, batch.skipped[0].reason) == ((), "the same content was taken before")
        source(folder).collect(batch.cursor, after(2))
        assert names(folder) == {"done/a.csv", "done/b.csv"}

    def test_another_content_under_the_same_name_is_read_and_both_are_kept(self, folder: Path) -> None:
        put(folder, "a.csv")
        cursor = source(folder).collect({}, NOW).cursor
        put(folder, "a.csv", "id,text\n9,New\n", ago=timedelta(minutes=30))
        batch = source(folder).collect(cursor, after(1))
        assert texts(batch) == ["New"]
        (folder / "done").mkdir()
        put(folder, "done/a.csv")
        source(folder).collect(batch.cursor, after(2))
        assert len(names(folder)) == 2
        assert {one.split("-")[-1] for one in names(folder)} == {"done/a.csv", "a.csv"}

    def test_a_large_file_is_taken_piece_by_piece(self, folder: Path) -> None:
        put(folder, "a.csv", "id,text\n" + "".join(f"{row},text {row}\n" for row in range(25)))
        put(folder, "b.csv", "id,text\n99,last\n")
        cursor: Any = {}
        found = []
        for look in range(4):
            batch = source(folder, rows_at_once=10).collect(cursor, after(look))
            found.append(len(batch.mentions))
            cursor = json.loads(json.dumps(batch.cursor))
        assert found == [10, 10, 6, 0]
        assert names(folder) == {"done/a.csv", "done/b.csv"}

    @settings(max_examples=40)
    @given(st.lists(st.sampled_from(["look", "crash", "write"]), max_size=8), st.integers(2, 7))
    def test_whatever_happens_in_between_every_row_is_kept(self, steps: list[str], rows_at_once: int) -> None:
        with tempfile.TemporaryDirectory() as made:
            folder, cursor, kept, written = Path(made), {}, set(), 0
            for at, step in enumerate([*steps, *["look"] * 24]):
                if step == "write":
                    written += 1
                    rows = "".join(f"{written}-{row},text {row}\n" for row in range(5))
                    put(
                        folder,
                        f"{written % 3}.csv" if not (folder / f"{written % 3}.csv").exists() else f"n{written}.csv",
                        "id,text\n" + rows,
                    )
                    continue
                batch = source(folder, rows_at_once).collect(cursor, after(at))
                if step == "look":
                    cursor = json.loads(json.dumps(batch.cursor))
                    kept |= {one.external_id for one in batch.mentions}
            assert kept == {f"{file}-{row}" for file in range(1, written + 1) for row in range(5)}
            assert all(name.startswith("done/") for name in names(folder))


class TestWhatIsBad:
    def test_bad_rows_are_written_to_rejects_and_the_others_taken(self, folder: Path) -> None:
        put(folder, "a.csv", "id,text,date\n1,Late,2026-08-31\n2,,2026-08-31\n3,Fine,someday\n")
        batch = source(folder).collect({}, NOW)
        assert texts(batch) == ["Late"]
        assert [one.item for one in batch.skipped] == ["a.csv, row 3", "a.csv, row 4"]
        lines = (folder / "rejects" / "a.csv.rejects.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line)["row"] for line in lines] == [3, 4]

    def test_rejects_of_a_file_read_in_pieces_are_all_there_once(self, folder: Path) -> None:
        put(folder, "a.csv", "id,text\n" + "".join(f"{row},\n" for row in range(9)))
        cursor: Any = {}
        for look in range(4):
            cursor = source(folder, rows_at_once=4).collect(cursor, after(look)).cursor
        lines = (folder / "rejects" / "a.csv.rejects.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line)["row"] for line in lines] == list(range(2, 11))

    @pytest.mark.parametrize("body", [b"", b"PK\x03\x04", b"\x1f\x8bbroken", b"no,such,column\n1,2,3\n"])
    def test_what_is_no_table_goes_to_rejects_and_stops_nothing(self, body: bytes, folder: Path) -> None:
        put(folder, "a.csv", body)
        put(folder, "b.csv")
        batch = source(folder).collect({}, NOW)
        assert (len(batch.mentions), batch.skipped[0].item) == (2, "a.csv")
        source(folder).collect(batch.cursor, after(1))
        assert names(folder) == {"rejects/a.csv", "done/b.csv"}

    @pytest.mark.parametrize("name", [".hidden.csv", "a.txt", "a.csv.part", "a.csv.rejects.jsonl.tmp", "README"])
    def test_other_files_are_left_where_they_are(self, name: str, folder: Path) -> None:
        put(folder, name)
        assert source(folder).collect({}, NOW).mentions == ()
        assert names(folder) == {name}

    def test_a_link_out_of_the_folder_is_not_followed(self, folder: Path, tmp_path: Path) -> None:
        put(tmp_path, "secret.csv")
        (folder / "a.csv").symlink_to(tmp_path / "secret.csv")
        os.mkfifo(folder / "b.csv")
        assert source(folder).collect({}, NOW).mentions == ()

    def test_a_missing_folder_says_what_to_do(self, folder: Path) -> None:
        with pytest.raises(LocalError, match="there is no folder") as raised:
            source(folder / "now here").collect({}, NOW)
        assert f"mkdir -p '{folder / 'now here'}'" in raised.value.remedy

    def test_a_folder_that_cannot_be_written_to_takes_a_file_once_and_says_that_it_stays(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(folder, "a.csv")
        cursor = source(folder).collect({}, NOW).cursor
        (folder / "done").write_text("in the way", encoding="utf-8")
        batch = source(folder).collect(cursor, after(1))
        assert (batch.mentions, "cannot be moved to done/" in batch.skipped[0].reason) == ((), True)
        (folder / "done").unlink()
        assert source(folder).collect(batch.cursor, after(2)).mentions == ()
        assert names(folder) == {"done/a.csv"}

    def test_rows_are_not_lost_where_their_rejects_cannot_be_written(self, folder: Path) -> None:
        put(folder, "a.csv", "id,text\n1,Late\n2,\n")
        (folder / "rejects").write_text("in the way", encoding="utf-8")
        with pytest.raises(LocalError, match="rejected rows cannot be written"):
            source(folder).collect({}, NOW)


@pytest.mark.parametrize("value", ["text=comment", {"words": "x"}, {"text": 7}, None])
def test_a_wrong_mapping_says_how_to_write_it(value: object) -> None:
    with pytest.raises(ValueError, match=r"text = \"comment\""):
        column_map(value)


def test_a_mapping_is_a_table() -> None:
    assert column_map({"text": "comment", "id": "nr"}) == (("text", "comment"), ("id", "nr"))
