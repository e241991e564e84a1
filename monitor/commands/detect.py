"""`promisewatch detect`."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from monitor.app import tell
from monitor.detect import LEARNING_ROWS, LEARNING_SECONDS, Judged, Series, detect
from monitor.detection.series import Direction
from monitor.detection.table import Table, read_table
from monitor.errors import MonitorError
from monitor.output import write_document
from reports.typography import counted

_REJECTS_TOLD = 5


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--false-alarms-per-month", "wanted", type=click.FloatRange(0, 10_000, min_open=True), default=1.0, show_default=True)
@click.option(
    "--direction",
    type=click.Choice(["up", "down", "both"]),
    help="Which changes of volume [both]; of sentiment, only a drop is one.",
)
@click.option("--format", "format_", type=click.Choice(["csv", "json", "jsonl"]), default="csv", help="[csv]")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write [standard output]")
def detect_command(file: Path, wanted: float, direction: Direction | None, format_: str, output: Path | None) -> int:
    """Judge every row of a series: FILE with timestamp,value (volume) or timestamp,negative,total (sentiment).

    Writes the same rows with `score` (0–1; 0.5 is where an alert opens) and `alert` (0 or 1), each from its row and earlier ones.
    Exit status 1 says that some rows could not be read; they score 0.
    """
    try:
        with click.open_file(str(file), encoding="utf-8") as opened:
            table = read_table(opened)
    except UnicodeDecodeError as error:
        raise MonitorError(f"{file} is not UTF-8: {error.reason}", remedy="save the table as UTF-8") from error
    if table.series.kind == "sentiment" and direction not in (None, "up"):
        raise click.UsageError("--direction is for volume; of sentiment, only a drop is a warning")
    tell(_taken(table))
    judged = detect(table.series, wanted, "up" if table.series.kind == "sentiment" else direction or "both")
    write_document("\n".join(_written(table, judged, format_)), output)
    if _is_short(table.series):
        tell(f"the first {LEARNING_SECONDS // 86_400} days and {LEARNING_ROWS} rows are only learnt from, and there are no others")
    for reject in table.rejects[:_REJECTS_TOLD]:
        tell(f"line {reject.line}: {reject.reason}; not judged, so its score is 0")
    if len(table.rejects) > _REJECTS_TOLD:
        tell(f"… and {counted(len(table.rejects) - _REJECTS_TOLD, 'more line')}")
    return 1 if table.rejects else 0


def _taken(table: Table) -> str:
    """Which column was taken for what."""
    time, *counts = (f"“{table.head[place].strip()}”" for place in table.columns)
    if table.series.kind == "sentiment":
        return f"{time} is taken for the time, {counts[0]} for the negative ones, {counts[1]} for all"
    return f"{time} is taken for the time, {counts[0]} for the count"


def _is_short(series: Series) -> bool:
    return len(series) <= LEARNING_ROWS or int(series.at[-1] - series.at[0]) < LEARNING_SECONDS


def _written(table: Table, judged: Judged, format_: str) -> Iterator[str]:
    """Yield lines. Nothing stands out in a row that has no count or cannot be read."""
    verdicts = [("0.000000", "0")] * len(table.rows)
    for row, score, alert in zip(table.order, judged.score.tolist(), judged.alert.tolist(), strict=True):
        verdicts[row] = (f"{score:.6f}", "1" if alert else "0")
    if format_ == "csv":
        yield _line([*table.head, "score", "alert"])
        yield from (_line([*cells, *verdict]) for cells, verdict in zip(table.rows, verdicts, strict=True))
        return
    documents = (
        dict(zip(table.head, cells, strict=False)) | {"score": float(score), "alert": int(alert)}
        for cells, (score, alert) in zip(table.rows, verdicts, strict=True)
    )
    if format_ == "jsonl":
        yield from (json.dumps(one, ensure_ascii=False) for one in documents)
    else:
        yield json.dumps(list(documents), ensure_ascii=False, indent=2)


def _line(cells: list[str]) -> str:
    return ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' if any(sign in cell for sign in ',"\n\r') else cell for cell in cells)
