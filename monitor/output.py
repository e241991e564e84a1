"""Ways in which commands write: one JSON document, an aligned table, a file that appears whole or not at all."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click

from monitor.app import harmless, tell
from monitor.errors import MonitorError

JSON_OR_TEXT = click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", help="[text]")


def show_json(document: Any) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def show_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under their heads, columns aligned; numbers to the right."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max([len(name), *(len(row[at]) for row in cells)]) for at, name in enumerate(head)]
    numeric = [bool(rows) and all(isinstance(row[at], int | float) for row in rows) for at in range(len(head))]
    for row in [list(head), *cells]:
        line = "  ".join(
            cell.rjust(width) if right else cell.ljust(width) for cell, width, right in zip(row, widths, numeric, strict=True)
        )
        click.echo(harmless(line.rstrip()))


def write_document(text: str, path: Path | None) -> None:
    """Write a document to `path`, whole or not at all, or to standard output.

    Raises:
        MonitorError: the place cannot be written.
    """
    if path is None or str(path) == "-":
        click.echo(text, nl=not text.endswith("\n"))
        return
    target = path.resolve()
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not target.is_file():
            target.write_text(text, encoding="utf-8")  # a pipe or a device is written to, never replaced
        else:
            part.write_text(text, encoding="utf-8")
            part.replace(target)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise MonitorError(f"{path} cannot be written: {error.strerror or error}", remedy="choose another place with -o") from error
    tell(f"wrote {path}")


def write_report(render: Callable[[str], str], format: str, path: Path | None) -> None:  # noqa: A002 - the word of the command line
    """Write what `render` makes of a format; a PDF is the page, printed.

    Raises:
        MonitorError: the place cannot be written, or nothing here prints.
    """
    if format != "pdf":
        write_document(render(format), path)
        return
    if path is None or str(path) == "-":
        raise MonitorError("a PDF is nothing for a terminal", remedy="name a file for it: -o report.pdf")
    from monitor.pdf import print_page  # noqa: PLC0415

    print_page(render("html"), path)
    tell(f"wrote {path}")


class Progress:
    """Counts on one line of a terminal; silent where standard error is none."""

    def __init__(self, what: str, total: int | None = None) -> None:
        self._what, self._total, self._done = what, total, 0
        self._shown = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def advance(self, count: int) -> None:
        """Show that `count` more are done."""
        self.at(self._done + count)

    def at(self, done: int) -> None:
        """Show that `done` in all are done."""
        self._done = done
        if self._shown:
            of = f" of {self._total:,}" if self._total else ""
            sys.stderr.write(f"\r\x1b[K{self._what} {done:,}{of}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Progress]:
    """Show progress while the block runs."""
    shown = Progress(what, total)
    try:
        yield shown
    finally:
        shown.clear()
