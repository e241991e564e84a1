import csv
import gzip
import io
import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.mention import Mention
from sources.source import DeniedError, MalformedError
from sources.table import AHEAD, Rejected, Row, Table, read_table
from sources.table_ids import shared_id

Read = Callable[..., Table]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def opened(content: str | bytes, mapping: dict[str, str] | None = None, **options: Any) -> Table:
        path = tmp_path / "table"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_table(path, mapping or {}, "import", **options)

    return opened


def mentions(table: Table) -> list[Mention]:
    return [row.mention for row in table if isinstance(row, Row)]


def rejects(table: Table) -> list[Rejected]:
    return [row for row in table if isinstance(row, Rejected)]


def as_csv(rows: list[list[str]], delimiter: str = ",") -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue()


class TestMapping:
    def test_it_takes_the_columns_that_it_was_told(self, read: Read):
        table = read(
            "wer,wann,was,wo,nr,kopf,sterne,sprache\nAnn,2026-08-31,Too late.,https://x.example/1,7,Hm,4,en-GB\n",
            {
                "author": "wer",
                "published": "wann",
                "text": "was",
                "url": "wo",
                "id": "nr",
                "title": "kopf",
                "rating": "sterne",
                "language": "sprache",
            },
            voice="press",
        )
        assert list(table) == [
            Row(
                2,
                Mention(
                    source="import",
                    external_id="7",
                    text="Too late.",
                    published=datetime(2026, 8, 31, tzinfo=UTC),
                    title="Hm",
                    url="https://x.example/1",
                    author="Ann",
                    voice="press",
                    raw_published="2026-08-31",
                    language="en",
                    rating=0.8,
                ),
            )
        ]
        assert not table.guessed

    def test_it_guesses_from_the_names_and_says_what(self, read: Read):
        header = "tweet_id,airline_sentiment,airline,name,text,tweet_created,tweet_location"
        table = read(header + "\n5,negative,Delta,ann,Late again,2015-02-24 11:35:52 -0800,\n", brand_column="airline")
        assert table.guessed
        assert table.mapping == {"id": "tweet_id", "author": "name", "text": "text", "published": "tweet_created"}
        (row,) = table
        assert isinstance(row, Row)
        assert (row.brand, row.mention.published) == ("Delta", datetime(2015, 2, 24, 19, 35, 52, tzinfo=UTC))

    def test_a_brand_column_is_not_taken_for_anything_else(self, read: Read):
        with closing(read("name,text,date\nAcme,Hello,2026-01-01\n", brand_column="name")) as table:
            assert "author" not in table.mapping

    def test_nameless_rows_that_are_alike_are_many_people_each_time_the_same(self, read: Read):
        content = "text,date\nGood,2026-01-01\nGood,2026-01-01\nGood,2026-01-01\n"
        first, again = ([one.external_id for one in mentions(read(content))] for _ in range(2))
        assert len(set(first)) == 3
        assert first == again

    def test_a_row_that_an_author_repeats_is_one_mention(self, read: Read):
        found = mentions(read("text,date,author\nGood,2026-01-01,ann\nGood,2026-01-01,ann\n"))
        assert len({one.external_id for one in found}) == 1

    def test_other_columns_are_kept_only_when_named(self, read: Read):
        content = "text,date,region,product\nHi,2026-01-01,North,Card\n"
        assert mentions(read(content))[0].attributes == {}
        assert mentions(read(content, keep=["region"]))[0].attributes == {"region": "North"}

    @pytest.mark.parametrize(
        ("mapping", "options", "said"),
        [
            ({"text": "nope"}, {}, "no column 'nope'"),
            ({"text": "a", "colour": "b"}, {}, "no 'colour'"),
            ({"text": "a"}, {"brand_column": "brand"}, "no column 'brand'"),
            ({"text": "a"}, {"keep": ["region"]}, "no column 'region'"),
            ({"author": "a"}, {}, "text of a mention"),
            ({}, {}, "text of a mention"),
        ],
    )
    def test_a_column_that_is_not_there_is_an_error_that_names_those_that_are(
        self, mapping: dict[str, str], options: dict[str, Any], said: str, read: Read
    ):
        with pytest.raises(MalformedError, match=said) as raised:
            read("a,b\n1,2\n", mapping, **options)
        assert "columns are a, b" in raised.value.remedy or "map one of" in raised.value.remedy


class TestNotations:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_it_finds_the_delimiter(self, delimiter: str, read: Read):
        content = as_csv([["text", "date"], ["One, two; three | four", "2026-01-01"], ["Five", "2026-01-02"]], delimiter)
        assert [mention.text for mention in mentions(read(content))] == ["One, two; three | four", "Five"]

    def test_one_column_needs_no_delimiter(self, read: Read, now: datetime):
        assert [m.text for m in mentions(read("text\nHello, world\n", fallback_published=now))] == []
        assert [m.text for m in mentions(read('text\n"Hello, world"\nBye\n', fallback_published=now))] == ["Hello, world", "Bye"]

    def test_it_reads_jsonl(self, read: Read):
        lines = [
            {"text": "One 😀", "created_at": 1424806552, "id": 1, "user": "ann", "stars": 5},
            {"created_at": "2026-01-02", "text": "Two", "id": "b", "stars": None},
        ]
        one, two = mentions(read("\n".join(map(json.dumps, lines))))
        assert (one.text, one.external_id, one.published, one.rating) == (
            "One 😀",
            "1",
            datetime(2015, 2, 24, 19, 35, 52, tzinfo=UTC),
            1.0,
        )
        assert (two.text, two.author, two.rating) == ("Two", "", None)

    @pytest.mark.parametrize("content", ["text,date\nHello,2026-01-01\n", '{"text":"Hello","date":"2026-01-01"}\n'])
    def test_it_reads_gzip_by_its_content_not_its_name(self, content: str, read: Read):
        assert [m.text for m in mentions(read(gzip.compress(content.encode())))] == ["Hello"]

    @pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
    def test_it_reads_any_line_end_and_texts_of_several_lines(self, newline: str, read: Read):
        content = newline.join(["text,date", '"One', 'two",2026-01-01', "", "Three,2026-01-02", ""])
        assert [m.text.splitlines() for m in mentions(read(content))] == [["One", "two"], ["Three"]]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_it_reads_unicode(self, encoding: str, read: Read):
        table = read("text,date\nCafé 😀,2026-01-01\n".encode(encoding))
        assert mentions(table)[0].text == "Café 😀"
        assert table.notices == []

    def test_bytes_that_are_no_utf_8_are_read_as_cp1252_and_said_once(self, read: Read):
        rows = b"text,date\nCaf\xe9 \x80 5,2026-01-01\nCaf\xc3\xa9,2026-01-02\n\x93Yes\x94,2026-01-03\n"
        table = read(rows)
        assert [m.text for m in mentions(table)] == ["Café € 5", "Café", "“Yes”"]
        assert len(table.notices) == 1
        assert "1252" in table.notices[0]

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "is empty"),
            (b"\n \n", "is empty"),
            (b"[{}]", "JSON list"),
            (b"PK\x03\x04...", "spreadsheet"),
            (b"<!DOCTYPE html>\n<table>\n", "a page or a feed"),
            (b"From ann@a.example Mon Sep  1 10:00:00 2026\nTo: b\n", "mailbox"),
            (b"Return-Path: <ann@a.example>\nTo: b\n", "mailbox"),
            (b"\x89PNG\r\n\x1a\n\0\0", "no text"),
            (b"\x7fELF\x02,\x01,\n", "no text"),
            (b"\x1f\x8bno gzip", "gzip"),
            (gzip.compress(b"text,date\n" * 100)[:30], "gzip"),
        ],
    )
    def test_what_is_no_table_is_named_with_a_remedy(self, content: bytes, said: str, read: Read):
        with pytest.raises(MalformedError, match=said) as raised:
            read(content)
        assert raised.value.remedy

    def test_a_file_that_cannot_be_opened_is_an_error_with_a_remedy(self, tmp_path: Path):
        for path in (tmp_path / "nowhere.csv", tmp_path):
            with pytest.raises(DeniedError) as raised:
                read_table(path, {}, "import")
            assert raised.value.remedy


class TestRejects:
    def test_every_bad_row_is_handed_back_with_its_number_its_reason_and_itself(self, read: Read):
        table = read("text,date\nGood,2026-01-01\n,2026-01-02\nThree,parts,here\nAlone\nBad,never\n\nGood too,2026-01-03\n")
        rows = list(table)
        assert [row.number for row in rows] == [2, 3, 4, 5, 6, 8]
        assert [type(row) for row in rows] == [Row, Rejected, Rejected, Rejected, Rejected, Row]
        empty, long, short, undated = (row for row in rows if isinstance(row, Rejected))
        assert (empty.reason, empty.raw) == ("the text is empty", {"text": "", "date": "2026-01-02"})
        assert (long.reason, long.raw) == ("the row has 3 fields where the header has 2", ["Three", "parts", "here"])
        assert short.reason == "the row has 1 fields where the header has 2"
        assert undated.reason == "'never' is no date that can be read"

    def test_a_reject_is_one_line_of_json(self, read: Read):
        (reject,) = rejects(read("text,date\n,“2026”\n"))
        assert json.loads(reject.as_json()) == {
            "row": 2,
            "reason": "the text is empty",
            "remedy": "",
            "raw": {"text": "", "date": "“2026”"},
        }
        assert "\n" not in reject.as_json()

    def test_broken_json_stops_nothing(self, read: Read):
        lines = ['{"text":"One","date":"2026-01-01"}', '{"text": "Tw', "[1]", "7", '{"text":"","date":"2026-01-01"}', ""]
        content = "\n".join([*lines, '{"text":"Two","date":"2026-01-02"}'])
        rows = list(read(content))
        assert [row.number for row in rows] == [1, 2, 3, 4, 5, 7]
        assert [row.reason for row in rows if isinstance(row, Rejected)] == [
            "the line is broken JSON",
            "the line is JSON, but no object",
            "the line is JSON, but no object",
            "the text is empty",
        ]

    @pytest.mark.parametrize(
        "line",
        [
            '{"text":"a\\u0000b","date":"2026-01-01"}',
            '{"text":"a","date":' + "9" * 5000 + "}",
            "[" * 100_000,
            '{"text":' + "[" * 100_000 + "}",
        ],
        ids=["NUL", "huge number", "deep list", "deep value"],
    )
    def test_hostile_json_is_rejected(self, line: str, read: Read):
        table = read('{"text":"One","date":"2026-01-01"}\n' + line + '\n{"text":"Two","date":"2026-01-02"}\n')
        assert [type(row) for row in table] == [Row, Rejected, Row]

    def test_half_an_emoji_becomes_a_sign_that_can_be_stored(self, read: Read):
        assert mentions(read('{"text":"Ha \\ud83d","date":"2026-01-01"}'))[0].text == "Ha \ufffd"

    def test_nul_bytes_are_rejected(self, read: Read):
        table = read(b"text,date\nGood,2026-01-01\nB\x00d,2026-01-02\nGood,2026-01-03\n")
        assert [type(row) for row in table] == [Row, Rejected, Row]

    def test_trailing_delimiters_are_no_harm(self, read: Read):
        assert len(mentions(read("text,date\nOne,2026-01-01,,\n"))) == 1

    @pytest.mark.parametrize(
        "line", ['"never closed,2026-01-01', '2026-01-01,"never closed'], ids=["in the first column", "in the last column"]
    )
    def test_a_quotation_mark_that_is_never_closed_costs_only_its_own_line(self, line: str, read: Read):
        first, second = ("text", "date") if line.startswith('"') else ("date", "text")
        rows = [{"text": f"Text {number}", "date": "2026-01-02"} for number in range(20)]
        good = [f"{row[first]},{row[second]}" for row in rows]
        table = read("\n".join([f"{first},{second}", good[0], line, *good[1:]]))
        result = list(table)
        assert [row.mention.text for row in result if isinstance(row, Row)] == [row["text"] for row in rows]
        (reject,) = (row for row in result if isinstance(row, Rejected))
        assert (reject.number, reject.raw) == (3, line)
        assert "quotation mark" in reject.reason

    def test_a_field_of_endless_length_is_rejected(self, read: Read):
        table = read("text,date\nGood,2026-01-01\n" + "x" * (17 * 2**20) + ",2026-01-02\nGood,2026-01-03\n")
        assert [type(row) for row in table] == [Row, Rejected, Row]

    def test_an_archive_that_breaks_off_keeps_what_came_before(self, read: Read):
        whole = "text,date\n" + "".join(f"Text {number} {number**5},2026-01-01\n" for number in range(20_000))
        packed = gzip.compress(whole.encode())
        rows = list(read(packed[: len(packed) // 2]))
        assert len(rows) > 1000
        assert all(isinstance(row, Row) for row in rows[:-1])
        last = rows[-1]
        assert isinstance(last, Rejected)
        assert "breaks off" in last.reason


class TestDates:
    def test_one_clear_row_settles_all(self, read: Read):
        table = read("text,date\nOne,03/04/2021\nTwo,04/03/2021\nThree,25/04/2021\n")
        assert [m.published.day for m in mentions(table)] == [3, 4, 25]

    def test_rows_that_nothing_settles_are_rejected_with_the_remedy(self, read: Read):
        table = read("text,date\nOne,03/04/2021\nTwo,2021-04-03\nThree,05/05/2021\n")
        rows = list(table)
        assert [type(row) for row in rows] == [Rejected, Row, Row]
        assert isinstance(rows[0], Rejected)
        assert "--date-format" in rows[0].remedy

    def test_a_date_format_settles_them(self, read: Read):
        assert mentions(read("text,date\nOne,03/04/2021\n", date_format="%d/%m/%Y"))[0].published.month == 4

    def test_rows_after_the_first_ten_thousand_follow_the_order(self, read: Read):
        rows = [f"T{number},03/04/2021" for number in range(10_500)]
        rows[9_000] = "T,25/04/2021"
        assert {m.published.month for m in mentions(read("\n".join(["text,date", *rows])))} == {4}

    def test_a_date_that_has_not_come_is_rejected_with_the_remedy(self, read: Read, now: datetime):
        written = f"text,date\nPast,{now.isoformat()}\nYet to come,{(now + AHEAD).isoformat()}\n"
        table = read(written, latest=now + timedelta(hours=1))
        past, yet_to_come = list(table)
        assert isinstance(past, Row)
        assert isinstance(yet_to_come, Rejected)
        assert (yet_to_come.reason, yet_to_come.raw["text"]) == ("the date lies in the future", "Yet to come")
        assert "--date-format" in yet_to_come.remedy

    def test_without_a_date_column_rows_take_the_given_moment(self, read: Read, now: datetime):
        (mention,) = mentions(read("text,mood\nOne,good\n", fallback_published=now))
        assert (mention.published, mention.raw_published) == (now, "")

    def test_without_a_date_column_and_a_moment_rows_are_rejected_with_the_remedy(self, read: Read):
        (reject,) = rejects(read("text,mood\nOne,good\n"))
        assert "--map published=COLUMN" in reject.remedy

    def test_an_empty_date_does_not_take_the_given_moment(self, read: Read, now: datetime):
        assert len(rejects(read("text,date\nOne,\n", fallback_published=now))) == 1


class TestIdentity:
    def test_a_row_without_an_id_has_one_that_lasts(self, read: Read, now: datetime):
        content = "text,user\nOne,ann\nOne,ben\nTwo,ann\n"
        first = [m.external_id for m in mentions(read(content, fallback_published=now))]
        again = [m.external_id for m in mentions(read(content, fallback_published=now.replace(year=2027)))]
        assert first == again
        assert len(set(first)) == 3

    def test_an_id_that_a_spreadsheet_rounded_is_not_trusted(self, read: Read):
        table = read("id,text,date\n5.70306E+17,One,2026-01-01\n5.70306E+17,Two,2026-01-01\n")
        assert len({m.external_id for m in mentions(table)}) == 2


class TestRatings:
    @pytest.mark.parametrize(
        ("cells", "expected"),
        [
            (["1", "5", "3"], [0.2, 1.0, 0.6]),
            (["0.5", "1"], [0.5, 1.0]),
            (["2", "9"], [0.2, 0.9]),
            (["40", "85"], [0.4, 0.85]),
            (["4/5", "8 out of 10", "70%"], [0.8, 0.8, 0.7]),
            (["4,5", "5"], [0.9, 1.0]),
            (["5", "", "none", "-3", "nan"], [1.0, None, None, None, None]),
        ],
    )
    def test_they_are_shares_of_the_best(self, cells: list[str], expected: list[float | None], read: Read):
        rows = as_csv([["text", "date", "stars"], *(["Hi", "2026-01-01", cell] for cell in cells)])
        assert [m.rating for m in mentions(read(rows))] == pytest.approx(expected)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")).map(str.strip).filter(bool)
ROWS = st.lists(
    st.tuples(TEXTS, TEXTS, st.datetimes(datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2040-01-01"))),
    min_size=1,
    max_size=8,
)


# Every example writes its own file over the last one's.
one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


class TestRoundTrip:
    @one_folder
    @given(rows=ROWS)
    def test_jsonl_comes_back_as_it_was_written(self, rows: list[tuple[str, str, datetime]], read: Read):
        content = "\n".join(json.dumps({"text": text, "author": author, "date": str(moment)}) for text, author, moment in rows)
        assert [(m.text, m.author, m.published.replace(tzinfo=None)) for m in mentions(read(content))] == rows

    @one_folder
    @given(rows=ROWS)
    def test_csv_comes_back_as_it_was_written(self, rows: list[tuple[str, str, datetime]], read: Read):
        content = as_csv([["text", "author", "date"], *([text, author, str(moment)] for text, author, moment in rows)])
        assert [(m.text, m.author, m.published.replace(tzinfo=None)) for m in mentions(read(content))] == rows

    @one_folder
    @given(content=st.binary(max_size=200) | st.text(alphabet='ab,;"\n\r{}:0\0é').map(lambda text: ("text,date\n" + text).encode()))
    def test_any_bytes_are_rows_rejects_or_a_named_error(self, content: bytes, read: Read):
        try:
            rows = list(read(content, {"text": "text"}))
        except MalformedError as error:
            assert error.remedy  # noqa: PT017 -- any of the two ends is right
        else:
            assert all(isinstance(row, Row | Rejected) for row in rows)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(st.sampled_from(["", "1", "2", "3"]), st.sampled_from("ab")), max_size=8))
def test_an_id_is_shared_where_a_later_row_of_it_differs_from_the_one_before(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    path = tmp_path / "table.csv"
    path.write_text(as_csv([["id", "text"], *map(list, rows)]), encoding="utf-8")
    last: dict[str, str] = {}
    shared = [name for name, text in rows if name and (last.get(name, text), last.update({name: text}))[0] != text]
    assert shared_id(path, "id") == (shared[0] if shared else None)
