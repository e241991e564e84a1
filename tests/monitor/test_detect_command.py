"""`promisewatch detect`: any CSV in, the same rows out with score and alert."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.cli import run

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


@pytest.mark.parametrize("text", ["", "a,b,c\n1,2,3\n", "timestamp,value\n", "timestamp,value\nx,y\n"])
def test_what_is_no_series_is_refused_with_what_to_give(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "no.csv").write_text(text, encoding="utf-8")
    assert run(["detect", str(tmp_path / "no.csv")]) == 1
    assert "timestamp,negative,total" in capsys.readouterr().err


def test_the_direction_of_sentiment_is_no_choice(tmp_path: Path) -> None:
    assert run(["detect", table(tmp_path, "timestamp,negative,total", "2026-01-05,1,2"), "--direction", "down"]) == 2
