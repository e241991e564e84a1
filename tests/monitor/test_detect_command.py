"""`promisewatch detect`: any CSV in, the same rows out with score and alert."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.alert_worlds import marked_world
from monitor.cli import run
from monitor.detection.series import Series
from monitor.detection.table import read_table

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)


def table(tmp_path: Path, *lines: str, name: str = "series.csv") -> str:
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def hours(count: int) -> list[str]:
    """A steady volume with a surge in the last six hours."""
    return [f"{(BEGIN + timedelta(hours=at)).isoformat()},{(90 if at >= count - 6 else 20) + at % 5}" for at in range(count)]


def rows(printed: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(printed)))


def test_it_gives_the_same_rows_with_score_and_alert(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["detect", table(tmp_path, "timestamp,value", *hours(600))]) == 0
    found = rows(capsys.readouterr().out)
    assert [list(row.values())[:2] for row in found] == [line.split(",") for line in hours(600)]
    assert [row["alert"] for row in found[:590]] == ["0"] * 590
    assert "1" in [row["alert"] for row in found[-6:]]
    assert all(0 <= float(row["score"]) <= 1 for row in found)


def test_the_order_and_the_columns_of_the_table_stay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [f'{line},"a, b"' for line in hours(300)]
    path = table(tmp_path, "timestamp,value,note", *reversed(lines))
    assert run(["detect", path]) == 0
    backwards = rows(capsys.readouterr().out)
    assert [row["timestamp"] for row in backwards] == [line.split(",")[0] for line in reversed(lines)]
    assert {row["note"] for row in backwards} == {"a, b"}
    run(["detect", table(tmp_path, "timestamp,value,note", *lines)])
    assert list(reversed(rows(capsys.readouterr().out))) == backwards


def test_it_reads_negatives_of_totals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [f"{(BEGIN + timedelta(days=at)).date()},{32 if at >= 96 else 11 + at % 3},40" for at in range(100)]
    assert run(["detect", table(tmp_path, "timestamp,negative,total", *lines), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert 1 in [row["alert"] for row in found[96:]]
    assert not any(row["alert"] for row in found[:96])


def test_a_bad_row_is_told_by_its_line_and_keeps_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = hours(60)
    lines[10], lines[20], lines[30] = "yesterday,3", f"{lines[20].split(',')[0]},-4", f"{lines[30].split(',')[0]},"
    assert run(["detect", table(tmp_path, "timestamp,value", *lines)]) == 1
    printed = capsys.readouterr()
    assert "line 12: 'yesterday' is no time" in printed.err
    assert "line 22: '-4' is no count" in printed.err
    assert "line 32" not in printed.err
    found = rows(printed.out)
    assert len(found) == 60
    assert [at for at, row in enumerate(found) if float(row["score"]) == 0] == [10, 20, 30]
    assert {row["alert"] for row in found} == {"0"}


@pytest.mark.parametrize(
    "written", ["2026-01-05T00:00:00Z", "2026-01-05 00:00", "2026-01-05", "1767571200", "1767571200000", "5 January 2026"]
)
def test_times_are_written_in_many_ways(written: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["detect", table(tmp_path, "timestamp,value", f"{written},3"), "--format", "jsonl"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "timestamp": written,
        "value": "3",
        "score": pytest.approx(0, abs=0.01),
        "alert": 0,
    }


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "the table is empty"),
        ("a,b,c\n1,2,3\n", "the first line is 'a, b, c'"),
        ("2026-01-05,3\n2026-01-06,4\n", "the first line is '2026-01-05, 3'"),
        ("timestamp,value\n", "there is no row in it"),
        ("timestamp,value\nx,y\n", "line 2: 'x' is no time"),
        ("timestamp,value\n2026-01-05,\n2026-01-06,NaN\n", "none of them has a count"),
        ("timestamp,value\n2026-01-05,-1\n", "line 2: '-1' is no count"),
        ('timestamp,value\n2026-01-05,"3\n', "line 2"),
        ("x,y\n1,3\n2,4\n", "line 2: '1' is no time"),
        ("date,time,value\n2026-01-05,14:00,3\n", "“date” and “time” may both be the time"),
        ("timestamp,count,volume\n2026-01-05,3,4\n", "“count” and “volume” may both be the count"),
        ("timestamp,value,value\n2026-01-05,3,4\n", "“value” and “value” may both be the count"),
    ],
)
def test_what_is_no_series_is_refused_with_what_to_give(
    text: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "no.csv").write_text(text, encoding="utf-8")
    assert run(["detect", str(tmp_path / "no.csv")]) == 1
    told = capsys.readouterr()
    assert why in told.err
    assert "timestamp,negative,total" in told.err
    assert told.out == ""


def test_the_direction_of_sentiment_is_no_choice(tmp_path: Path) -> None:
    assert run(["detect", table(tmp_path, "timestamp,negative,total", "2026-01-05,1,2"), "--direction", "down"]) == 2


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("x,y", "“x” is taken for the time, “y” for the count"),
        ("Day,Total,Negative", "“Day” is taken for the time, “Negative” for the negative ones, “Total” for all"),
        ("note,timestamp,count,value", "“timestamp” is taken for the time, “value” for the count"),
    ],
)
def test_it_says_which_columns_it_took(head: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cells = {"note": "5", "Negative": "2"}
    line = ",".join(cells.get(name, "2026-01-05" if name in ("x", "Day", "timestamp") else "3") for name in head.split(","))
    assert run(["detect", table(tmp_path, head, line)]) == 0
    assert said in capsys.readouterr().err


def read(*lines: str) -> Series:
    return read_table(io.StringIO("\n".join(lines) + "\n")).series


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-31T14:00:00Z",
        "2026-03-31 14:00:00",
        "2026-03-31T16:00:00+02:00",
        "20260331140000",
        "1774965600",
        "1774965600.0",
        "1774965600000",
        "1774965600000000000",
    ],
)
def test_one_moment_is_written_in_many_ways(written: str) -> None:
    assert read("timestamp,value", f"{written},3").at.tolist() == [1_774_965_600]


@pytest.mark.parametrize(
    "head", ["timestamp,value", "Date,Count", "time;mentions", "\ufeffTimestamp\tValue", '"ds","y"', "hour,value"]
)
def test_columns_are_known_by_their_usual_names(head: str) -> None:
    delimiter = next(sign for sign in ",;\t" if sign in head)
    assert read(head, f"2026-03-31{delimiter}7").observed.tolist() == [7]


def test_the_rhythm_is_that_of_the_place_when_its_clock_is_put_forward() -> None:
    winter, summer = (read("timestamp,value", f"{written},1") for written in ("2026-03-20T09:00+01:00", "2026-04-03T09:00+02:00"))
    assert [one.clock[0] // 3600 % 24 for one in (winter, summer)] == [9, 9]
    assert [one.at[0] // 3600 % 24 for one in (winter, summer)] == [8, 7]


def test_the_hour_that_comes_twice_in_autumn_is_no_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = hours(300)
    lines.insert(101, lines[100])
    assert run(["detect", table(tmp_path, "timestamp,value", *lines)]) == 0
    found = rows(capsys.readouterr().out)
    assert len(found) == 301
    assert {row["alert"] for row in found[:290]} == {"0"}


def test_a_short_table_is_told_that_it_is_only_learnt_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["detect", table(tmp_path, "timestamp,value", *hours(60))]) == 0
    assert "the first 3 days and 8 rows are only learnt from" in capsys.readouterr().err


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.3, 0.99), st.booleans())
def test_a_table_that_ends_earlier_says_the_same_of_its_rows(seed: int, part: float, shuffled: bool) -> None:
    rng = np.random.default_rng(seed)
    world = marked_world(rng, days=7, spacing=900)
    lines = [f"{datetime.fromtimestamp(at, UTC).isoformat()},{count:g}" for at, count in zip(world.at, world.observed, strict=True)]
    cut = int(len(lines) * part)

    def judge(chosen: list[str]) -> dict[str, tuple[str, str]]:
        with TemporaryDirectory() as folder:
            asked, answered = table(Path(folder), "timestamp,value", *chosen), Path(folder) / "judged.csv"
            assert run(["detect", asked, "-o", str(answered)]) == 0
            return {row["timestamp"]: (row["score"], row["alert"]) for row in rows(answered.read_text(encoding="utf-8"))}

    whole = lines if not shuffled else [lines[at] for at in rng.permutation(len(lines))]
    judged, early = judge(whole), judge(lines[:cut])
    assert all(judged[when] == verdict for when, verdict in early.items())
    assert len(judged) == len(lines)
